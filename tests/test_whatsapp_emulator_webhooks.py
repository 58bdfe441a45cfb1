"""The WhatsApp emulator's webhooks, its people, its page and its program."""

import hashlib
import hmac
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
import whatsapp_lab
from whatsapp_lab import ANA, ANA_ID, new_template, refused, rows, statuses, value_of, web

from dev.whatsapp_emulator import Emulator

cloud, api, receiver = whatsapp_lab.cloud, whatsapp_lab.api, whatsapp_lab.receiver
ROOT = Path(__file__).resolve().parent.parent


def test_webhooks_are_signed_over_their_raw_body(cloud, api, receiver):
    cloud.auto_status = ('sent', 'delivered', 'read')
    cloud.user(ANA, name='Ana Ñañez')
    api.template(biz_opaque_callback_data='uuid-1')
    assert cloud.wait_idle(5)
    assert receiver.statuses == ['sent', 'delivered', 'read']
    for body, proof in receiver.got:
        expected = hmac.new(cloud.app_secret.encode(), body, hashlib.sha256).hexdigest()
        assert proof == f'sha256={expected}'
    assert 'Ñ'.encode() not in receiver.got[0][0], 'letters are escaped as the API does'
    status = receiver.values[0]['statuses'][0]
    assert status['recipient_id'] == ANA_ID
    assert status['biz_opaque_callback_data'] == 'uuid-1'
    assert status['pricing'] == {
        'billable': True,
        'pricing_model': 'PMP',
        'type': 'regular',
        'category': 'utility',
    }
    assert receiver.values[0]['contacts'][0]['profile'] == {'name': 'Ana Ñañez'}


def test_a_webhook_is_sent_again_until_it_is_answered_with_200(cloud, receiver):
    receiver.answers = [500, 404]
    cloud.inbound(ANA, text='Hola')
    cloud.wait_idle(5)
    assert cloud.webhooks[0].answers == [500, 404, 200]
    assert len({body for body, _proof in receiver.got}) == 1
    receiver.answers = [500] * 9
    cloud.inbound(ANA, text='Hola')
    cloud.wait_idle(5)
    assert cloud.webhooks[1].answers == [500, 500, 500], 'and then it gives up'


def test_webhooks_may_come_twice_late_and_in_disorder(cloud, api, receiver):
    cloud.auto_status = ('sent', 'delivered', 'read')
    cloud.shuffle = True
    for _n in range(5):
        api.template()
    cloud.wait_idle(5)
    batches = [receiver.statuses[n : n + 3] for n in range(0, 15, 3)]
    assert all(sorted(one) == ['delivered', 'read', 'sent'] for one in batches)
    assert ['sent', 'delivered', 'read'] not in batches
    cloud.shuffle, cloud.duplicate, cloud.auto_status = False, True, ()
    receiver.got.clear()
    cloud.inbound(ANA, text='Hola')
    cloud.wait_idle(5)
    assert len(receiver.got) == 2
    cloud.webhook_delay = 0.3
    start = time.monotonic()
    cloud.inbound(ANA, text='Hola')
    with pytest.raises(TimeoutError):
        cloud.wait_idle(0.05)
    cloud.wait_idle(5)
    assert time.monotonic() - start >= 0.3


def test_a_webhook_is_registered_by_a_challenge(cloud, receiver):
    assert cloud.verify_webhook()
    receiver.verify_token = 'another'
    assert not cloud.verify_webhook()


def test_without_a_receiver_webhooks_are_kept(cloud):
    cloud.inbound(ANA, text='Hola', name='Ana')
    cloud.wait_idle(0)
    hook = cloud.webhooks[0]
    assert hook.headers['X-Hub-Signature-256'].startswith('sha256=')
    value = value_of(hook)
    assert value['metadata'] == {
        'display_phone_number': '5117000000',
        'phone_number_id': cloud.phone_id,
    }
    assert value['contacts'][0]['profile'] == {'name': 'Ana'}
    assert value['messages'][0]['text'] == {'body': 'Hola'}


def test_people_press_choose_attach_and_hide(cloud, api):
    wamid = api.template().json()['messages'][0]['id']
    cloud.inbound(ANA, button='Ya pagué', context=wamid)
    message = value_of(cloud.webhooks[-1])['messages'][0]
    assert message['button'] == {'payload': 'Ya pagué', 'text': 'Ya pagué'}
    assert message['context'] == {'from': '5117000000', 'id': wamid}
    listed = api.send(kind='interactive', content=rows('Uno', 'Dos')).json()['messages'][0]['id']
    cloud.inbound(ANA, choice=('1', 'Dos'), context=listed)
    message = value_of(cloud.webhooks[-1])['messages'][0]
    assert message['interactive'] == {
        'type': 'list_reply',
        'list_reply': {'id': '1', 'title': 'Dos'},
    }
    cloud.inbound(ANA, choice=('si', 'Sí'))
    kind = value_of(cloud.webhooks[-1])['messages'][0]['interactive']['type']
    assert kind == 'button_reply'
    cloud.inbound(ANA, media=('image/jpeg', b'jpeg'), caption='Mi pago')
    image = value_of(cloud.webhooks[-1])['messages'][0]['image']
    assert image['caption'] == 'Mi pago'
    url = api.call('GET', image['id']).json()['url']
    assert api.http.get(url, timeout=10).content == b'jpeg'
    cloud.inbound(ANA, text='Soy yo', hide_phone=True, user_id='PE.77')
    value = value_of(cloud.webhooks[-1])
    assert 'wa_id' not in value['contacts'][0]
    assert 'from' not in value['messages'][0]
    assert value['contacts'][0]['user_id'] == value['messages'][0]['from_user_id'] == 'PE.77'
    answer = api.send(to=None, recipient='PE.77').json()
    assert answer['contacts'] == [{'input': 'PE.77', 'user_id': 'PE.77'}]
    cloud.status(cloud.messages[-1].wamid, 'delivered')
    assert 'recipient_id' not in statuses(cloud)[-1]
    with pytest.raises(TypeError):
        cloud.inbound(ANA, text='1', button='2')


def test_webhooks_of_before_there_were_user_ids(cloud, api):
    cloud.user_ids = False
    cloud.inbound(ANA, text='Hola')
    api.send()
    cloud.status(cloud.messages[0].wamid, 'sent')
    told = json.dumps([hook.payload for hook in cloud.webhooks])
    assert 'user_id' not in told
    assert 'contacts' not in value_of(cloud.webhooks[-1])


def test_a_status_can_be_told_of_any_message(cloud):
    cloud.status('wamid.unknown', 'delivered', recipient=ANA)
    assert statuses(cloud)[0]['recipient_id'] == ANA_ID
    cloud.status('wamid.unknown', 'failed', code=131053, details='No file')
    assert statuses(cloud)[1]['errors'][0]['error_data'] == {'details': 'No file'}


def test_the_business_marks_messages_as_read(cloud, api):
    wamid = cloud.inbound(ANA, text='Hola')
    read = {'messaging_product': 'whatsapp', 'status': 'read', 'message_id': wamid}
    path = f'{cloud.phone_id}/messages'
    assert api.call('POST', path, json=read).json() == {'success': True}
    assert cloud.received[0].status == 'read'
    refused(api.call('POST', path, json=read | {'message_id': 'wamid.other'}), 131009)


def control(cloud, name, /, **arguments):
    return web.post(f'{cloud.url}/emulator/{name}', json=arguments, timeout=10)


def test_the_page_shows_both_sides_of_a_chat(cloud, api):
    cloud.auto_status = ('sent', 'delivered')
    page = web.get(cloud.url, timeout=10)
    assert page.headers['Content-Type'].startswith('text/html')
    assert 'innerHTML' not in page.text
    wamid = api.template().json()['messages'][0]['id']
    media = ['application/pdf', 'JVBERg==', 'voucher.pdf']
    assert control(cloud, 'inbound', phone=ANA, media=media, name='Ana', context=wamid).ok
    people = web.get(f'{cloud.url}/emulator/people', timeout=10).json()['people']
    assert [(one['name'], one['last'], one['unread']) for one in people] == [
        ('Ana', '▤ voucher.pdf', 1)
    ]
    chat = web.get(f'{cloud.url}/emulator/chat', params={'phone': ANA}, timeout=10).json()
    sent, received = chat['messages']
    assert (sent['status'], sent['inbound'], received['inbound']) == ('delivered', False, True)
    assert received['context'] == wamid
    assert chat['window'] > chat['now']
    address = f'{cloud.url}/emulator/media/{received["media"]["id"]}'
    shown = web.get(address, timeout=10)
    assert shown.content == b'%PDF'
    assert shown.headers['Content-Disposition'] == 'attachment; filename="voucher.pdf"'
    assert control(cloud, 'seen', phone=ANA).json() == {'result': 1}
    assert cloud.messages[0].status == 'read'


def test_another_process_can_control_it(cloud, api):
    assert control(cloud, 'fail_next', code=131056).ok
    refused(api.template(), 131056)
    assert control(cloud, 'set', auto_status=['sent'], absent=[ANA]).ok
    assert cloud.absent == {ANA}
    assert api.template().ok
    told = control(cloud, 'messages').json()['result'][0]
    assert told['statuses'][0][::2] == ['failed', 131026]
    assert control(cloud, 'stop').status_code == 400
    assert control(cloud, 'fail_next', wrong=1).status_code == 400
    form = web.post(f'{cloud.url}/emulator/clear', data={'a': 1}, timeout=10)
    assert form.status_code == 415, 'a page of another site cannot call it'


def test_a_stopped_emulator_answers_nobody(cloud, api):
    assert api.template().ok
    cloud.stop()
    with pytest.raises(requests.ConnectionError):
        api.template()
    cloud.start()


def test_the_program_remembers_in_its_folder(tmp_path):
    command = [sys.executable, '-m', 'dev.whatsapp_emulator', '--folder', tmp_path / 'state']
    command += ['--token', 'secret', '--phone-id', '55', '--phone', f'{ANA}:Ana', '--auto-approve']

    process = subprocess.Popen(list(map(str, command)), cwd=ROOT, stdout=subprocess.PIPE, text=True)
    port = int(process.stdout.readline().rpartition(':')[2])
    url = f'http://127.0.0.1:{port}'
    media = ['image/png', 'iVBORw==', 'foto.png']
    assert web.post(f'{url}/emulator/inbound', json={'phone': ANA, 'media': media}, timeout=10).ok
    headers = {'Authorization': 'Bearer secret'}
    created = web.post(
        f'{url}/v23.0/200000000000002/message_templates',
        json=new_template(),
        headers=headers,
        timeout=10,
    )
    assert created.ok
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    process.stdout.close()
    with Emulator(folder=tmp_path / 'state', phone_id='55') as cloud:
        assert cloud.received[0].view['media']['filename'] == 'foto.png'
        assert next(iter(cloud.state.media.values())).content == b'\x89PNG'
        assert cloud.template('nueva', 'es_PE').status == 'APPROVED'
        assert cloud.window_open(ANA)
        assert cloud.state.users[ANA_ID].name == 'Ana'
