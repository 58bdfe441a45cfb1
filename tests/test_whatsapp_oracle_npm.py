"""Our WhatsApp client beside one in JavaScript, @kapso/whatsapp-cloud-api: signatures, webhooks, requests."""

import json

import npm_oracle
import pytest
import whatsapp_oracle
from whatsapp_lab import ANA, ANA_ID
from whatsapp_oracle import (
    DEEDS,
    DOCUMENT,
    OPTIONS,
    STATUSES,
    TRACKER,
    VALUES,
    alike,
    as_we_read,
    message,
    template_message,
)

from odoo.addons.cobranza_whatsapp.tools import envelope
from odoo.addons.cobranza_whatsapp.tools.cloud_api import ApiError
from odoo.addons.cobranza_whatsapp.tools.signature import sign

cloud, asked, ours = whatsapp_oracle.cloud, whatsapp_oracle.asked, whatsapp_oracle.ours
oracle = npm_oracle.oracle

TO_ANA = {'to': ANA_ID, 'bizOpaqueCallbackData': TRACKER}
SHOWN = [{'id': choice, 'title': title} for choice, title in OPTIONS]
MENU = {'bodyText': '¿Qué desea?', 'buttonText': 'Elegir', 'sections': [{'rows': SHOWN}]}
# the client knows no file's name in the header of a template
LINK = {'link': DOCUMENT['link']}
#: {message: (the client's method, its argument)}.
THEIRS = {
    'text': ('sendText', {'body': 'Hola ñ'}),
    'buttons': ('sendInteractiveButtons', {'bodyText': '¿Qué desea?', 'buttons': SHOWN[:3]}),
    'list': ('sendInteractiveList', MENU),
    'document': ('sendDocument', {'document': DOCUMENT}),
}


def same_requests(asked):
    """Check that the emulator was asked twice for the same."""
    theirs, mine = map(alike, asked)
    assert mine == theirs


@pytest.mark.parametrize('name', THEIRS)
def test_our_request_is_the_one_of_the_other_client(cloud, oracle, ours, asked, name):
    method, content = THEIRS[name]
    assert 'answer' in oracle.send(cloud, method, {**TO_ANA, **content})
    ours.send(message(name))
    same_requests(asked)


@pytest.mark.parametrize('names', [(None, None), ('nombre', 'saldo')], ids=['positional', 'named'])
def test_our_template_is_the_one_of_the_other_client(cloud, oracle, ours, asked, names):
    form = 'named' if all(names) else 'positional'
    texts = [
        {'type': 'text', 'text': text, **({'parameterName': name} if name else {})}
        for name, text in zip(names, VALUES)
    ]
    suffix = [{'type': 'text', 'text': VALUES[2]}]
    template = {
        'name': form,
        'language': 'es_PE',
        'header': {'type': 'document', 'document': LINK},
        'body': texts,
        'buttons': [{'type': 'button', 'subType': 'url', 'index': 1, 'parameters': suffix}],
    }
    assert 'answer' in oracle.send(cloud, 'sendTemplate', TO_ANA, template=template)
    ours.send({'to': ANA_ID, 'biz_opaque_callback_data': TRACKER, **template_message(form, LINK)})
    same_requests(asked)


def test_who_hides_their_phone_is_written_to_as_the_other_client_does(cloud, oracle, ours, asked):
    user = cloud.state.users[ANA_ID].user_id
    text = {'recipient': user, 'body': 'Hola ñ', 'bizOpaqueCallbackData': TRACKER}
    assert 'answer' in oracle.send(cloud, 'sendText', text)
    ours.send(message('text', recipient=user))
    same_requests(asked)


@pytest.mark.parametrize('code', [190, 131047, 131056, 132001])
def test_a_refusal_is_read_like_the_other_client_does(cloud, oracle, ours, code):
    cloud.fail_next(code, times=2)
    theirs = oracle.send(cloud, 'sendText', {**TO_ANA, 'body': 'Hola'})
    with pytest.raises(ApiError) as mine:
        ours.send(message('text'))
    assert mine.value.code == theirs['code'] == code


def together(hooks):
    """Return one webhook that tells everything that several told."""
    entries = [entry for hook in hooks for entry in hook.payload['entry']]
    return {'object': 'whatsapp_business_account', 'entry': entries}


def as_they_read(told, contact):
    """Return what the other client takes from a message, named as our code names it."""
    kind = told['type']
    content = told.get(kind) or {}
    media = content if 'sha256' in content else {}
    choice, title = chosen(kind, content)
    return {
        'id': told['id'],
        'phone': told.get('from'),
        'user': told['fromUserId'],
        'name': contact['profile']['name'],
        'kind': 'choice' if choice else kind,
        'text': title or words_of(kind, content),
        'choice': choice,
        'media_id': media.get('id', ''),
        'mime_type': media.get('mimeType', ''),
        'answers': told.get('context', {}).get('id', ''),
        'new_number': content.get('waId', '') if kind == 'system' else '',
        'new_user': content.get('userId', '') if kind == 'system' else '',
        'is_for_reading': kind not in ('reaction', 'system'),
    }


def chosen(kind, content):
    """Return identifier and title of what was pressed."""
    if kind == 'button':
        return content['payload'], content['text']
    pressed = (
        content.get('buttonReply') or content.get('listReply') if kind == 'interactive' else {}
    )
    return pressed.get('id', ''), pressed.get('title', '')


def words_of(kind, content):
    """Return the words of a message: what is written in it or under it, else its file's name."""
    if kind == 'location':
        return f'{content["name"]} {content["address"]}'
    if kind in ('text', 'image', 'document', 'audio', 'video', 'sticker'):
        return content.get('body') or content.get('caption') or content.get('filename') or ''
    return ''


def test_messages_of_one_webhook_are_those_the_other_client_finds(cloud, oracle, ours):
    answered, _receiver = ours.send(message('positional template'))
    for deed in DEEDS.values():
        cloud.inbound(ANA, name='Ana Ñ', context=answered, **deed)
    cloud.change_number('+51 900 000 002', '+51 900 000 001')
    everything = together(cloud.webhooks)
    theirs = oracle.normalize(everything)
    events = envelope.read(json.dumps(everything).encode())
    found = [as_they_read(*pair) for pair in zip(theirs['messages'], theirs['contacts'])]
    assert [as_we_read(event) for event in events] == found
    assert len(found) == len(DEEDS) + 1
    assert {event.number for event in events} == {theirs['phoneNumberId']}


def test_statuses_of_one_webhook_are_those_the_other_client_finds(cloud, oracle, ours):
    for hidden in (False, True):
        user = cloud.state.users[ANA_ID]
        user.hide_phone = hidden
        more = {'recipient': user.user_id} if hidden else {}
        wamid, _receiver = ours.send(message('positional template', **more))
        for state in STATUSES:
            cloud.status(wamid, state, code=131049 if state == 'failed' else None)
    everything = together(cloud.webhooks)
    theirs = oracle.normalize(everything)['statuses']
    events = envelope.read(json.dumps(everything).encode())
    assert [event.key for event in events] == [
        f'status:{status["id"]}:{status["status"]}' for status in theirs
    ]
    assert len(events) == 2 * len(STATUSES)
    names = {
        'timestamp': 'timestamp',
        'recipient_id': 'recipientId',
        'recipient_user_id': 'recipientUserId',
        'biz_opaque_callback_data': 'bizOpaqueCallbackData',
    }
    for event, status in zip(events, theirs):
        assert {name: event.payload.get(name) for name in names} == {
            name: status.get(their_name) for name, their_name in names.items()
        }
        assert event.payload.get('pricing', {}).get('category') == (
            status.get('pricing', {}).get('category')
        )
        assert [one['code'] for one in event.payload.get('errors', [])] == [
            one['code'] for one in status.get('errors', [])
        ]


@pytest.mark.parametrize('body', ['{}', '{"text":"ñ 👋"}', '{"text": "\\u00f1"}\n'])
@pytest.mark.parametrize('secret', ['app-secret', 'clavé ñ'])
def test_the_other_client_accepts_our_signature_of_this_body_only(oracle, body, secret):
    header = sign(body.encode(), secret)
    assert oracle.verify(body, header, secret) is True
    assert oracle.verify(body + ' ', header, secret) is False
    assert oracle.verify(body, header, secret + ' ') is False


def test_the_other_client_accepts_the_signatures_of_the_emulator(cloud, oracle):
    cloud.inbound(ANA, text='Hola ñ')
    hook = cloud.webhooks[-1]
    assert hook.signature == sign(hook.body, cloud.app_secret)
    assert oracle.verify(hook.body.decode(), hook.signature, cloud.app_secret) is True
    assert oracle.verify(hook.body.decode(), '', cloud.app_secret) is False
