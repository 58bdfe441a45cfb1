"""The WhatsApp Cloud API that the demo and the tests talk to: what it takes and what it refuses."""

import hashlib
import time

import pytest
import requests
import whatsapp_lab
from whatsapp_lab import ANA, ANA_ID, BODY, new_template, refused, rows, statuses, value_of, web

cloud, api = whatsapp_lab.cloud, whatsapp_lab.api


def test_an_accepted_message_is_answered_like_the_api_does(cloud, api):
    answer = api.template().json()
    wamid = cloud.messages[0].wamid
    assert answer == {
        'messaging_product': 'whatsapp',
        'contacts': [{'input': ANA, 'wa_id': ANA_ID}],
        'messages': [{'id': wamid, 'message_status': 'accepted'}],
    }
    assert wamid.startswith('wamid.')
    expected = (
        'Estimada Ana, su factura por S/ 120.00 venció el 3 de mayo y sigue pendiente de pago.'
    )
    assert cloud.messages[0].text == expected
    assert cloud.messages[0].view['buttons'][0]['url'] == 'https://pay.example.com/abc'
    assert cloud.messages[0].payload['template']['name'] == 'cobranza'


@pytest.mark.parametrize('phone', ['52 55 1234 5678', '+525512345678', '5215512345678'])
def test_mexican_phones_keep_their_old_digit(api, phone):
    contact = api.send(phone).json()['contacts'][0]
    assert contact == {'input': phone, 'wa_id': '5215512345678'}


@pytest.mark.parametrize('header', ['', 'Bearer other', 'Basic token'])
def test_a_bad_token_is_refused(cloud, api, header):
    api.http.headers['Authorization'] = header
    refused(api.send(), 190, 401)
    assert not cloud.messages


def test_what_does_not_exist_is_refused(cloud, api):
    error = refused(api.call('POST', '999/messages', json={}), 100)
    assert error['error_subcode'] == 33
    assert refused(api.call('GET', '999'), 100)['error_subcode'] == 33
    refused(api.call('GET', f'{cloud.phone_id}/unknown'), 2500, 404)
    refused(api.call('POST', f'{cloud.phone_id}/messages', data='{'), 100)


@pytest.mark.parametrize(
    ('message', 'code'),
    [
        ({'messaging_product': None}, 100),
        ({'to': None}, 100),
        ({'type': None}, 100),
        ({'type': 'fax'}, 131051),
        ({'to': '12'}, 131009),
        ({'to': 'Ana'}, 131009),
        ({'to': '+51 (1) 700-0000'}, 131021),
        ({'text': {}}, 100),
        ({'text': {'body': 'x' * 4097}}, 100),
        ({'biz_opaque_callback_data': 'x' * 513}, 100),
    ],
)
def test_a_wrong_message_is_refused(cloud, api, message, code):
    message = {'text': {'body': 'Hola'}, 'type': 'text', 'to': ANA} | message
    response = api.send(message.pop('to'), 'text', message.pop('text'), **message)
    refused(response, code)
    assert not cloud.messages


@pytest.mark.parametrize(
    ('value', 'code', 'details'),
    [
        ('', 131008, 'missing text value'),
        ('  ', 131008, 'missing text value'),
        ('a\nb', 132018, 'new-line/tab characters'),
        ('a\tb', 132018, 'new-line/tab characters'),
        ('a     b', 132018, 'more than 4 consecutive spaces'),
        ('x' * 1000, 132005, 'longer than 1024'),
    ],
)
def test_a_wrong_parameter_is_refused(api, value, code, details):
    refused(api.template('Ana', value, 'hoy'), code, details=details)


def test_parameters_are_counted_and_matched_with_the_template(cloud, api):
    details = 'body: number of localizable_params (2) does not match the expected number'
    refused(api.template('Ana', 'S/ 1'), 132000, details=details)
    refused(api.template(components=[]), 132000)
    body = {'type': 'BODY', 'parameters': [{'type': 'text', 'text': '1'}] * 3}
    refused(api.template(components=[body]), 131008, details='requires a parameter')
    wrong = {'type': 'button', 'sub_type': 'quick_reply', 'index': 0}
    refused(api.template(components=[body, wrong]), 132018, details='must be of type Url')
    refused(api.template(components=[body, wrong | {'index': 7}]), 132018)
    cloud.add_template('nombres', 'es', 'Hola {{quien}} de {{empresa}}', parameter_format='NAMED')
    names = [{'type': 'text', 'text': '1', 'parameter_name': one} for one in ('empresa', 'quien')]
    part = {'type': 'body', 'parameters': names}
    assert api.template(name='nombres', language='es', components=[part]).ok
    names[0].pop('parameter_name')
    refused(api.template(name='nombres', language='es', components=[part]), 100)


def test_a_template_with_a_file_wants_that_file(cloud, api):
    cloud.add_template('factura', 'es', 'Su factura', header={'format': 'DOCUMENT'})
    used = {'name': 'factura', 'language': 'es'}
    refused(api.template(components=[], **used), 132012, details='expected DOCUMENT')

    def with_document(document):
        parameter = {'type': 'document', 'document': document}
        header = {'type': 'header', 'parameters': [parameter]}
        return api.template(components=[header], **used)

    assert with_document({'link': 'https://example.com/F-1.pdf', 'filename': 'F-1.pdf'}).ok
    assert with_document({'id': api.upload().json()['id']}).ok
    refused(with_document({'id': '123'}), 100)
    refused(with_document({'link': 'F-1.pdf'}), 100)
    refused(with_document({}), 100)


@pytest.mark.parametrize(
    ('status', 'code', 'http'),
    [
        ('PENDING', 132001, 404),
        ('REJECTED', 132001, 404),
        ('PAUSED', 132015, 400),
        ('DISABLED', 132016, 400),
    ],
)
def test_only_approved_templates_are_sent(cloud, api, status, code, http):
    cloud.template('cobranza', 'es_PE').status = status
    refused(api.template(), code, http)
    refused(api.template(language='es_MX'), 132001, 404, 'does not exist in es_MX')


def buttons(*titles, **reply):
    replies = [
        {'type': 'reply', 'reply': {'id': str(n), 'title': title} | reply}
        for n, title in enumerate(titles)
    ]
    return {'type': 'button', 'body': {'text': '?'}, 'action': {'buttons': replies}}


@pytest.mark.parametrize(
    'content',
    [
        buttons(),
        buttons('1', '2', '3', '4'),
        buttons('x' * 21),
        buttons('1', '2', id='same'),
        buttons('same', 'same'),
        rows(),
        rows(*'12345678901'),
        rows('x' * 25),
        rows('1', '2', id='same'),
        rows('1', description='x' * 73),
    ],
)
def test_menus_that_whatsapp_cannot_show_are_refused(api, content):
    refused(api.send(kind='interactive', content=content), 131009)


def test_menus_within_the_limits_are_accepted(api):
    assert api.send(kind='interactive', content=buttons('x' * 20, '2', '3')).ok
    assert api.send(kind='interactive', content=rows(*'1234567890', description='x' * 72)).ok
    refused(api.send(kind='interactive', content={'type': 'button'}), 131008)


@pytest.mark.parametrize('at_once', [False, True], ids=['later', 'at once'])
def test_free_text_needs_that_the_person_wrote_in_the_last_day(cloud, api, at_once):
    cloud.sync_errors = {131047} if at_once else set()
    clock = [1_800_000_000.0]
    cloud.now = lambda: clock[0]
    response = api.send(biz_opaque_callback_data='uuid')
    if at_once:
        refused(response, 131047)
    else:
        assert response.ok
        failed = statuses(cloud)[-1]
        assert (failed['status'], failed['errors'][0]['code']) == ('failed', 131047)
        assert failed['biz_opaque_callback_data'] == 'uuid'
        assert failed['errors'][0]['error_data']['details']
    cloud.inbound(ANA, text='Hola')
    before = len(statuses(cloud))
    clock[0] += 24 * 3600 - 1
    assert api.send().ok
    assert len(statuses(cloud)) == before
    clock[0] += 1
    assert not cloud.window_open(ANA)
    assert api.template().ok


def test_people_without_whatsapp_and_those_who_stopped_marketing(cloud, api):
    cloud.absent.add(ANA)
    assert api.template().ok
    failed = statuses(cloud)[-1]
    assert failed['errors'][0]['code'] == 131026
    assert 'user_id' not in value_of(cloud.webhooks[-1])['contacts'][0]
    cloud.absent.clear()
    cloud.opt_out(ANA)
    told = value_of(cloud.webhooks[-1])['user_preferences'][0]
    assert (told['wa_id'], told['value']) == (ANA_ID, 'stop')
    count = len(statuses(cloud))
    assert api.template().ok
    assert len(statuses(cloud)) == count, 'a utility message still arrives'
    cloud.recategorize('cobranza', 'es_PE')
    assert api.template().ok
    assert statuses(cloud)[-1]['errors'][0]['code'] == 131050
    cloud.opt_in(ANA)
    count = len(statuses(cloud))
    assert api.template().ok
    assert len(statuses(cloud)) == count


def test_too_fast_is_refused(cloud, api):
    clock = [1_800_000_000.0]
    cloud.now = lambda: clock[0]
    cloud.rate = 2
    assert [api.template().status_code for _n in range(3)] == [200, 200, 400]
    clock[0] += 1
    cloud.rate, cloud.pair_burst = 0, 2
    assert [api.template().ok for _n in range(2)] == [True, True]
    refused(api.template(), 131056)
    assert api.template(to='+51 900 000 001').ok
    clock[0] += 6
    assert api.template().ok
    refused(api.template(), 131056)


def test_files_are_uploaded_described_fetched_and_deleted(cloud, api):
    content = b'%PDF-1.4\r\n\r\n--\x00\xff\r\n'
    identifier = api.upload(content).json()['id']
    about = api.call('GET', identifier).json()
    assert about['sha256'] == hashlib.sha256(content).hexdigest()
    assert (about['mime_type'], about['file_size']) == ('application/pdf', len(content))
    assert api.http.get(about['url'], timeout=10).content == content
    refused(web.get(about['url'], timeout=10), 190, 401)
    cloud.open_window(ANA)
    document = {'id': identifier, 'filename': 'F-1.pdf', 'caption': 'Su factura'}
    assert api.send(kind='document', content=document).ok
    assert api.call('DELETE', identifier).json() == {'success': True}
    refused(api.send(kind='document', content=document), 100)
    refused(api.upload(mime='application/zip'), 100)
    refused(api.upload(b'x' * (5 * 1024 * 1024 + 1), 'image/png'), 131053)


def test_the_list_of_templates_comes_in_pages(cloud, api):
    for n in range(4):
        cloud.add_template(f'otra_{n}', 'es', 'Hola', status='PENDING' if n else 'APPROVED')
    path = f'{cloud.business_id}/message_templates'
    names, page = [], api.call('GET', path, params={'limit': 2}).json()
    while page:
        names += [one['name'] for one in page['data']]
        following = page['paging'].get('next')
        page = following and api.http.get(following, timeout=10).json()
    assert names == ['cobranza', 'otra_0', 'otra_1', 'otra_2', 'otra_3']
    after = api.call('GET', path, params={'limit': 2}).json()['paging']['cursors']['after']
    page = api.call('GET', path, params={'limit': 9, 'after': after}).json()
    assert [one['name'] for one in page['data']] == names[2:]
    first = api.call('GET', path, params={'status': 'APPROVED'}).json()['data'][0]
    assert first['quality_score']['score'] == 'UNKNOWN'
    assert first['parameter_format'] == 'POSITIONAL'
    assert [part['type'] for part in first['components']] == ['HEADER', 'BODY', 'BUTTONS']
    assert api.call('GET', first['id']).json() == first


@pytest.mark.parametrize(
    ('changes', 'subcode'),
    [
        ({'name': 'Nueva'}, 2388089),
        ({'name': 'cobranza'}, 2388024),
        ({'text': '{{1}}, su factura venció y sigue pendiente de pago.'}, 2388299),
        ({'text': 'Su factura venció y sigue pendiente de pago, {{1}}.'}, 2388299),
        ({'text': 'Hola {{1}}, debe {{2}} por {{3}} ya.'}, 2388293),
        ({'text': 'x' * 1025}, 2388040),
        ({'components': [{'type': 'BODY', 'text': BODY}]}, 2388043),
    ],
)
def test_a_template_that_breaks_the_rules_is_refused(cloud, api, changes, subcode):
    path = f'{cloud.business_id}/message_templates'
    error = refused(api.call('POST', path, json=new_template(**changes)), 100)
    assert error['error_subcode'] == subcode
    assert error['error_user_title']
    assert error['error_user_msg']


def test_a_new_template_waits_for_its_review(cloud, api):
    created = api.call('POST', f'{cloud.business_id}/message_templates', json=new_template())
    template = cloud.template('nueva', 'es_PE')
    assert created.json() == {'id': template.id, 'status': 'PENDING', 'category': 'UTILITY'}
    cloud.approve('nueva', 'es_PE')
    told = value_of(cloud.webhooks[-1])
    assert told['event'] == 'APPROVED'
    assert (told['message_template_name'], told['reason']) == ('nueva', 'NONE')
    cloud.pause('nueva', 'es_PE')
    assert value_of(cloud.webhooks[-1])['other_info']['title'] == 'FIRST_PAUSE'
    assert template.status == 'PAUSED'
    cloud.reinstate('nueva', 'es_PE')
    assert template.status == 'APPROVED'
    cloud.set_quality('nueva', 'es_PE', 'RED')
    assert value_of(cloud.webhooks[-1])['new_quality_score'] == 'RED'
    assert api.call('DELETE', f'{cloud.business_id}/message_templates?name=nueva').ok
    with pytest.raises(LookupError):
        cloud.template('nueva', 'es_PE')


def test_a_review_may_take_a_while_and_leaves_alone_what_was_decided_meanwhile(cloud, api):
    cloud.auto_approve, cloud.review_seconds = True, 0.2
    for name in ('nueva', 'otra'):
        payload = new_template(name=name)
        api.call('POST', f'{cloud.business_id}/message_templates', json=payload)
        assert cloud.template(name, 'es_PE').status == 'PENDING'
    cloud.reject('otra', 'es_PE')
    time.sleep(0.5)
    assert [cloud.template(name, 'es_PE').status for name in ('nueva', 'otra')] == [
        'APPROVED',
        'REJECTED',
    ]


def test_the_number_tells_its_name_and_quality(cloud, api):
    fields = 'verified_name,display_phone_number,quality_rating'
    number = api.call('GET', cloud.phone_id, params={'fields': fields}).json()
    assert number == {
        'verified_name': 'Cobranzas',
        'display_phone_number': '+51 1 700 0000',
        'quality_rating': 'GREEN',
        'id': cloud.phone_id,
    }


def test_faults_come_when_they_are_ordered(cloud, api):
    cloud.fail_next(131000)
    cloud.fail_next(131016, times=2, status=503)
    refused(api.template(), 131000, 500)
    assert [api.template().status_code for _n in range(3)] == [503, 503, 200]
    cloud.delay_next(0.3)
    start = time.monotonic()
    assert api.template().ok
    assert time.monotonic() - start >= 0.3
    cloud.drop_next()
    with pytest.raises(requests.ConnectionError):
        api.template()
    assert len(cloud.messages) == 3, 'what was dropped had been accepted'
    cloud.fail_next(4, on='message_templates')
    assert api.template().ok
    refused(api.call('GET', f'{cloud.business_id}/message_templates'), 4)
