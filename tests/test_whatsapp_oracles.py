"""Our WhatsApp client beside pywa: the same requests, and the same understanding of webhooks."""

import pytest
import pywa
import whatsapp_oracle
import whatsapp_pywa
from pywa.types import Button, Section, SectionList, SectionRow
from pywa.types import templates as parts
from whatsapp_lab import ANA, ANA_ID
from whatsapp_oracle import (
    BODIES,
    DEEDS,
    DOCUMENT,
    MESSAGES,
    OPTIONS,
    STATUSES,
    TRACKER,
    VALUES,
    alike,
    as_we_read,
    events_of,
    message,
)
from whatsapp_pywa import understood

from odoo.addons.cobranza_whatsapp.tools.cloud_api import ApiError
from odoo.addons.cobranza_whatsapp.tools.signature import is_signed, sign

cloud, asked, ours = whatsapp_oracle.cloud, whatsapp_oracle.asked, whatsapp_oracle.ours
client = whatsapp_pywa.client

NAME, DEBT, SUFFIX = VALUES


def template(client, form, body, values):
    """Send a template through pywa."""
    return client.send_template(
        ANA_ID,
        form,
        parts.TemplateLanguage('es_PE'),
        params=[
            parts.HeaderDocument(example=DOCUMENT['link']).params(
                document=DOCUMENT['link'], filename=DOCUMENT['filename']
            ),
            body.params(*values) if isinstance(values, tuple) else body.params(**values),
            parts.URLButton.params(url_variable=SUFFIX, index=1),
        ],
        tracker=TRACKER,
    )


def positional(client):
    body = parts.BodyText(BODIES['positional'], 'x', 'y')
    return template(client, 'positional', body, (NAME, DEBT))


def named(client):
    body = parts.BodyText(BODIES['named'], nombre='x', saldo='y')
    return template(client, 'named', body, {'nombre': NAME, 'saldo': DEBT})


def text(client, to=ANA_ID):
    return client.send_message(to, 'Hola ñ', tracker=TRACKER)


def buttons(client):
    shown = [Button(title, choice) for choice, title in OPTIONS[:3]]
    return client.send_message(ANA_ID, '¿Qué desea?', buttons=shown, tracker=TRACKER)


def choices(client):
    section = Section('', [SectionRow(title, choice) for choice, title in OPTIONS])
    menu = SectionList('Elegir', [section])
    return client.send_message(ANA_ID, '¿Qué desea?', buttons=menu, tracker=TRACKER)


def document(client):
    return client.send_document(
        ANA_ID, DOCUMENT['link'], filename=DOCUMENT['filename'], tracker=TRACKER
    )


THEIRS = {
    'positional template': positional,
    'named template': named,
    'text': text,
    'buttons': buttons,
    'list': choices,
    'document': document,
}


@pytest.mark.parametrize('name', MESSAGES)
def test_our_request_is_the_one_of_pywa(cloud, client, ours, asked, name):
    THEIRS[name](client)
    ours.send(message(name))
    theirs, mine = map(alike, asked)
    assert mine == theirs


def test_who_hides_their_phone_is_written_to_as_pywa_does(cloud, client, ours, asked):
    user = cloud.state.users[ANA_ID].user_id
    text(client, to=user)
    ours.send(message('text', recipient=user))
    theirs, mine = map(alike, asked)
    assert mine == theirs
    assert mine['recipient'] == user


def test_the_answer_to_a_request_is_read_like_pywa_does(cloud, client, ours):
    phone = '525512345678'
    cloud.open_window(phone)
    theirs = text(client, to=phone)
    mine = ours.send(message('text', to=phone))
    assert [one.wamid for one in cloud.messages] == [theirs.id, mine[0]]
    assert mine[1] == theirs.to == '5215512345678'


@pytest.mark.parametrize('code', [1, 190, 130429, 131026, 131047, 131056, 132001, 132015])
def test_a_refusal_is_read_like_pywa_does(cloud, client, ours, code):
    cloud.fail_next(code, times=2)
    with pytest.raises(pywa.errors.WhatsAppError) as refusal:
        text(client)
    with pytest.raises(ApiError) as mine:
        ours.send(message('text'))
    theirs, mine = refusal.value, mine.value
    assert (mine.code, mine.http_status) == (theirs.code, theirs.status_code)
    assert mine.message == ': '.join(filter(None, (theirs.message, theirs.details)))


def test_files_go_and_come_like_those_of_pywa(cloud, client, ours):
    content, mime = b'%PDF-1.4\r\n\x00\xff', 'application/pdf'
    theirs = client.upload_media(content, mime_type=mime, filename='F 1.pdf').id
    mine = ours.upload('F 1.pdf', content, mime)
    kept = [cloud.state.media[one] for one in (theirs, mine)]
    assert [(one.mime, one.filename, one.content) for one in kept] == [
        (mime, 'F 1.pdf', content)
    ] * 2
    cloud.inbound(ANA, media=(mime, content, 'pago.pdf'))
    received = understood(client, cloud).document
    assert ours.download(received.id) == (received.get_bytes(), mime)


def as_pywa_reads(update):
    """Return what pywa takes from a message, named as our code names it."""
    chosen = isinstance(update, pywa.types.CallbackButton | pywa.types.CallbackSelection)
    kind = 'choice' if chosen else update.type.value
    media = None if chosen else update.media
    answered = update.reply_to_message
    return {
        'id': update.id,
        'phone': update.from_user.wa_id,
        'user': update.from_user.bsuid,
        'name': update.from_user.name,
        'kind': kind,
        'text': update.title if chosen else words_of(update),
        'choice': update.data if chosen else '',
        'media_id': media.id if media else '',
        'mime_type': media.mime_type if media else '',
        'answers': answered.id if answered else '',
        'new_number': '',
        'new_user': '',
        'is_for_reading': kind != 'reaction',
    }


def words_of(update):
    """Return the words of a message: what is written in it or under it, else its file's name."""
    if update.location:
        return f'{update.location.name} {update.location.address}'
    return update.text or update.caption or getattr(update.media, 'filename', None) or ''


@pytest.mark.parametrize('deed', DEEDS)
def test_what_people_do_is_read_like_pywa_reads_it(cloud, client, ours, deed):
    answered, _receiver = ours.send(message('positional template'))
    cloud.inbound(ANA, name='Ana Ñ', context=answered, **DEEDS[deed])
    update = understood(client, cloud)
    (event,) = events_of(cloud, cloud.webhooks[-1])
    assert as_we_read(event) == as_pywa_reads(update)
    assert (event.business, event.number) == (update.waba_id, update.metadata.phone_number_id)


def test_a_new_number_is_read_like_pywa_reads_it(cloud, client):
    cloud.change_number(ANA, '+51 900 000 001')
    update = understood(client, cloud)
    (event,) = events_of(cloud, cloud.webhooks[-1])
    mine = as_we_read(event)
    assert (mine['id'], mine['phone']) == (update.id, update.old_wa_id)
    assert mine['new_number'] == update.new_wa_id
    assert not mine['is_for_reading']


@pytest.mark.parametrize(
    ('kind', 'change', 'theirs'),
    [
        ('edit', {'message': {'type': 'text', 'text': {'body': 'ya'}}}, pywa.types.EditedMessage),
        ('revoke', {}, pywa.types.DeletedMessage),
    ],
)
def test_a_message_that_is_changed_is_no_new_message(cloud, client, kind, change, theirs):
    original = cloud.inbound(ANA, text='Ya pague')
    cloud.inbound(ANA, type=kind, content={'original_message_id': original, **change})
    update = understood(client, cloud)
    assert isinstance(update, theirs)
    (event,) = events_of(cloud, cloud.webhooks[-1])
    mine = as_we_read(event)
    assert (mine['id'], mine['user']) == (update.id, update.from_user.bsuid)
    assert not mine['is_for_reading']


@pytest.mark.parametrize('state', STATUSES)
@pytest.mark.parametrize('hidden', [False, True], ids=['phone', 'no-phone'])
def test_a_status_is_read_like_pywa_reads_it(cloud, client, ours, state, hidden):
    user = cloud.state.users[ANA_ID]
    user.hide_phone = hidden
    more = {'recipient': user.user_id} if hidden else {}
    wamid, _receiver = ours.send(message('positional template', **more))
    code = 131049 if state == 'failed' else None
    cloud.status(wamid, state, code=code, details='not now')
    update = understood(client, cloud)
    (event,) = events_of(cloud, cloud.webhooks[-1])
    status = event.payload
    assert (event.kind, event.number) == ('status', update.metadata.phone_number_id)
    assert event.key == f'status:{update.id}:{update.status.value}'
    assert (status['id'], status['status']) == (wamid, state)
    assert status['biz_opaque_callback_data'] == update.tracker == TRACKER
    assert status.get('recipient_id') == update.from_user.wa_id
    assert status['recipient_user_id'] == update.from_user.bsuid
    assert price(status) == (
        update.pricing and (update.pricing.category.value, update.pricing.billable)
    )
    assert failure(status) == (
        update.error and (update.error.code, update.error.message, update.error.details)
    )


def price(status):
    told = status.get('pricing')
    return told and (told['category'], told['billable'])


def failure(status):
    told = status.get('errors')
    return told and (told[0]['code'], told[0]['message'], told[0]['error_data']['details'])


def test_who_has_no_whatsapp_is_read_like_pywa_reads_it(cloud, client, ours):
    cloud.absent = {ANA}
    wamid, _receiver = ours.send(message('positional template'))
    update = understood(client, cloud)
    (event,) = events_of(cloud, cloud.webhooks[-1])
    assert (event.payload['id'], failure(event.payload)[0]) == (wamid, update.error.code)
    assert event.payload.get('recipient_user_id') is update.from_user.bsuid is None


def test_who_stops_messages_is_read_like_pywa_reads_it(cloud, client):
    for change in (cloud.opt_out, cloud.opt_in):
        change(ANA)
        update = understood(client, cloud)
        (event,) = events_of(cloud, cloud.webhooks[-1])
        (wish,) = event.payload['user_preferences']
        assert event.kind == update._webhook_field == 'user_preferences'
        assert (wish['wa_id'], wish['user_id']) == (update.from_user.wa_id, update.from_user.bsuid)
        assert (wish['value'], wish['detail']) == (update.value.value, update.detail)


@pytest.mark.parametrize(
    ('happening', 'key', 'theirs'),
    [
        ('reject', 'event', 'new_status'),
        ('pause', 'event', 'new_status'),
        ('reinstate', 'event', 'new_status'),
        ('disable', 'event', 'new_status'),
        ('set_quality', 'new_quality_score', 'new_quality_score'),
        ('recategorize', 'new_category', 'new_category'),
    ],
)
def test_what_becomes_of_a_template_is_read_like_pywa_reads_it(
    cloud, client, happening, key, theirs
):
    getattr(cloud, happening)('positional', 'es_PE')
    update = understood(client, cloud)
    (event,) = events_of(cloud, cloud.webhooks[-1])
    payload = event.payload
    assert (event.kind, event.business) == (update._webhook_field, update.id)
    assert payload[key] == getattr(update, theirs).value
    assert payload['message_template_name'] == update.template_name
    assert payload['message_template_language'] == update.template_language.value


@pytest.mark.parametrize('body', [b'{}', b'', 'ñ 👋'.encode(), b'{"a":"\\u00f1"}\n', b'\xff\x00'])
@pytest.mark.parametrize('secret', ['app-secret', 'clavé ñ'])
def test_pywa_accepts_our_signature(body, secret):
    def accepted(header):
        return pywa.utils.webhook_updates_validator(secret, body, header)

    assert accepted(sign(body, secret))
    assert not accepted(sign(body + b' ', secret))
    assert not accepted(sign(body, secret + ' '))


def test_we_accept_and_refuse_signatures_as_pywa_does(cloud):
    cloud.inbound(ANA, text='Hola ñ')
    hook = cloud.webhooks[-1]
    secret, header = cloud.app_secret, hook.signature
    for body, proof, key in (
        (hook.body, header, secret),
        (hook.body + b'\n', header, secret),
        (hook.body, header[:-1], secret),
        (hook.body, header.replace('sha256=', 'sha1='), secret),
        (hook.body, header, 'another'),
        (hook.body, '', secret),
    ):
        theirs = pywa.utils.webhook_updates_validator(key, body, proof)
        assert is_signed(body, proof, key) == theirs
        assert theirs == ((body, proof, key) == (hook.body, header, secret))
