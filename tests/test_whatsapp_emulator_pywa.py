"""The WhatsApp emulator beside pywa, a client that others wrote for the real Cloud API.

What pywa sends must be accepted, and pywa must understand the answers and the webhooks.
"""

import pytest
import pywa
import whatsapp_lab
import whatsapp_pywa
from pywa.types import Button, Section, SectionList, SectionRow
from pywa.types import templates as parts
from whatsapp_lab import ANA, ANA_ID, BODY
from whatsapp_pywa import understood

cloud, api, client = whatsapp_lab.cloud, whatsapp_lab.api, whatsapp_pywa.client


def test_what_pywa_sends_is_accepted(cloud, client):
    template = parts.Template(
        name='aviso',
        language=parts.TemplateLanguage.SPANISH_MEX,
        category=parts.TemplateCategory.UTILITY,
        parameter_format=parts.ParamFormat.POSITIONAL,
        components=[
            parts.HeaderText('Factura {{1}}', 'F-1'),
            body := parts.BodyText(BODY, 'Ana', 'S/ 1', 'hoy'),
            parts.FooterText(text='Cobranzas'),
            parts.Buttons(
                buttons=[
                    parts.URLButton(
                        text='Pagar', url='https://pay.example.com/{{1}}', example='https://x.y/z'
                    ),
                    parts.QuickReplyButton(text='Ya pagué'),
                ]
            ),
        ],
    )
    created = client.create_template(template)
    cloud.approve('aviso', 'es_MX')
    assert understood(client, cloud).template_id == created.id
    params = [
        template.components[0].params('F-7'),
        body.params('Rosa', 'S/ 20.00', '3 de mayo'),
        parts.URLButton.params(url_variable='tok', index=0),
        parts.QuickReplyButton.params(callback_data='pago:7', index=1),
    ]
    sent = client.send_template(
        to='525512345678',
        name='aviso',
        language=parts.TemplateLanguage.SPANISH_MEX,
        params=params,
        tracker='uuid-7',
    )
    message = cloud.messages[0]
    assert (sent.id, sent.to) == (message.wamid, '5215512345678')
    assert message.text.startswith('Estimada Rosa, su factura por S/ 20.00')
    assert message.view['header'] == 'Factura F-7'
    assert [button.get('url') or button['payload'] for button in message.view['buttons']] == [
        'https://pay.example.com/tok',
        'pago:7',
    ]
    listed = client.get_templates()
    assert [one.name for one in listed] == ['cobranza', 'aviso']
    assert listed[1].quality_score.score == parts.QualityScoreType.UNKNOWN


def test_pywa_sends_menus_and_files_and_understands_refusals(cloud, client):
    cloud.open_window(ANA)
    client.send_message(ANA_ID, '¿Pagó?', buttons=[Button('Sí', 'si'), Button('No', 'no')])
    sections = [Section('Fechas', [SectionRow('Mañana', 'd1', 'Antes de las 6')])]
    client.send_message(ANA_ID, '¿Cuándo?', buttons=SectionList('Elegir', sections))
    client.send_document(
        ANA_ID, document=b'%PDF', filename='F-1.pdf', mime_type='application/pdf', caption='Factura'
    )
    menu, dates, document = cloud.messages
    assert [button['id'] for button in menu.view['buttons']] == ['si', 'no']
    assert dates.view['list']['sections'][0]['rows'][0]['title'] == 'Mañana'
    assert document.view['media']['filename'] == 'F-1.pdf'
    with pytest.raises(pywa.errors.TemplateNotExists) as refusal:
        client.send_template(ANA_ID, 'ninguna', parts.TemplateLanguage.SPANISH, params=[])
    assert refusal.value.details == 'template name (ninguna) does not exist in es'
    cloud.token = 'changed'
    with pytest.raises(pywa.errors.ExpiredAccessToken):
        client.send_message(ANA_ID, 'Hola')


def test_pywa_understands_the_statuses(cloud, api, client):
    cloud.auto_status, cloud.conversation = ('sent', 'delivered', 'read'), True
    wamid = api.template(biz_opaque_callback_data='uuid').json()['messages'][0]['id']
    found = understood(client, cloud, 3)
    assert [one.status.value for one in found] == ['sent', 'delivered', 'read']
    assert {(one.id, one.tracker, one.from_user.wa_id) for one in found} == {
        (wamid, 'uuid', ANA_ID)
    }
    assert found[0].pricing.type.value == 'regular'
    assert found[0].pricing.category.value == found[0].conversation.category.value == 'utility'
    assert found[0].conversation.expiration
    cloud.status(wamid, 'failed', code=131026)
    failed = understood(client, cloud)
    assert isinstance(failed.error, pywa.errors.MessageUndeliverable)
    assert failed.from_user.bsuid is None


def test_pywa_understands_what_people_do(cloud, api, client):
    wamid = api.template().json()['messages'][0]['id']
    cloud.inbound(ANA, text='Hola ñ', name='Ana', context=wamid)
    text = understood(client, cloud)
    assert (text.text, text.from_user.name, text.from_user.wa_id) == ('Hola ñ', 'Ana', ANA_ID)
    assert (text.reply_to_message.id, text.id) == (wamid, cloud.received[0].wamid)
    assert text.from_user.bsuid == cloud.state.users[ANA_ID].user_id
    cloud.inbound(ANA, button='Ya pagué', context=wamid)
    assert understood(client, cloud).data == 'Ya pagué'
    cloud.inbound(ANA, choice=('si', 'Sí'), context=wamid)
    pressed = understood(client, cloud)
    assert (pressed.data, pressed.title) == ('si', 'Sí')
    cloud.inbound(ANA, choice=('d1', 'Mañana', 'Antes de las 6'), context=wamid)
    chosen = understood(client, cloud)
    assert (chosen.data, chosen.title, chosen.description) == ('d1', 'Mañana', 'Antes de las 6')
    cloud.inbound(ANA, media=('application/pdf', b'%PDF', 'pago.pdf'), caption='Mi pago')
    document = understood(client, cloud)
    assert (document.document.filename, document.caption) == ('pago.pdf', 'Mi pago')
    assert document.document.get_bytes() == b'%PDF'
    cloud.inbound(ANA, text='Soy yo', hide_phone=True)
    assert understood(client, cloud).from_user.wa_id is None


@pytest.mark.parametrize('kind', ['location', 'contacts', 'reaction', 'unsupported'])
def test_pywa_understands_other_messages(cloud, client, kind):
    cloud.inbound(ANA, type=kind, context='wamid.x')
    message = understood(client, cloud)
    assert message.type.value == kind
    assert (message.error is not None) == (kind == 'unsupported')


def test_pywa_understands_what_happens_to_people_and_templates(cloud, client):
    cloud.opt_out(ANA)
    stopped = understood(client, cloud)
    assert (stopped.value.value, stopped.from_user.wa_id) == ('stop', ANA_ID)
    cloud.change_number(ANA, '+51 900 000 001')
    moved = understood(client, cloud)
    assert (moved.old_wa_id, moved.new_wa_id) == (ANA_ID, '51900000001')
    cloud.disable('cobranza', 'es_PE')
    disabled = understood(client, cloud)
    assert (disabled.new_status.value, disabled.template_name) == ('DISABLED', 'cobranza')
    assert disabled.disable_info.disable_date
    cloud.set_quality('cobranza', 'es_PE', 'RED')
    assert understood(client, cloud).new_quality_score.value == 'RED'
    cloud.recategorize('cobranza', 'es_PE')
    assert understood(client, cloud).new_category.value == 'MARKETING'
