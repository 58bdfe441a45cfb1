"""The webhook stores what is signed, each thing once, and refuses everything else."""

import base64
import json

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools.signature import sign
from .common import BUSINESS_ID, PHONE_ID, SECRET, WhatsappCommon

URL = '/cobranza/whatsapp/webhook'


@tagged('post_install', '-at_install')
class TestWebhook(WhatsappCommon, HttpCase):
    def _body(self, *statuses, phone_id=PHONE_ID, business=BUSINESS_ID):
        value = {'metadata': {'phone_number_id': phone_id}, 'statuses': list(statuses)}
        changes = [{'field': 'messages', 'value': value}]
        entry = [{'id': business, 'changes': changes}]
        return json.dumps({'object': 'whatsapp_business_account', 'entry': entry}).encode()

    def _post(self, body, secret=SECRET, header=None):
        headers = {'Content-Type': 'application/json'}
        if header is None and secret:
            header = sign(body, secret)
        if header:
            headers['X-Hub-Signature-256'] = header
        answer = self.url_open(URL, data=body, headers=headers)
        self.env.invalidate_all()
        return answer.status_code

    def _stored(self):
        return self.env['cobranza.whatsapp.event'].search_count([])

    def test_the_challenge_of_who_knows_the_token_is_answered(self):
        token = self.account.verify_token
        asked = {'hub.mode': 'subscribe', 'hub.challenge': '4711', 'hub.verify_token': token}
        answer = self.url_open(f'{URL}?' + '&'.join(f'{k}={v}' for k, v in asked.items()))
        self.assertEqual((answer.status_code, answer.text), (200, '4711'))
        for wrong in ({'hub.verify_token': 'no'}, {'hub.verify_token': ''}, {'hub.mode': 'x'}):
            query = '&'.join(f'{k}={v}' for k, v in {**asked, **wrong}.items())
            self.assertEqual(self.url_open(f'{URL}?{query}').status_code, 403, wrong)

    def test_what_is_signed_is_stored_once(self):
        body = self._body({'id': 'wamid.1', 'status': 'sent'})
        self.assertEqual(self._post(body), 200)
        self.assertEqual(self._post(body), 200)
        self.assertEqual(self._stored(), 1)
        again = self._body(
            {'id': 'wamid.1', 'status': 'sent', 'timestamp': '1'},
            {'id': 'wamid.1', 'status': 'read'},
        )
        self._post(again)
        self.assertEqual(self._stored(), 2, 'the same status told in another way is the same')

    @mute_logger('odoo.http')
    def test_what_is_not_signed_changes_nothing(self):
        body = self._body({'id': 'wamid.1', 'status': 'sent'})
        for header in (
            False,
            'sha256=',
            'sha256=' + '0' * 64,
            sign(body, 'other'),
            'ñ'.encode().decode('latin-1'),
        ):
            self.assertEqual(self._post(body, header=header), 403, header)
        self.assertEqual(self._stored(), 0)

    @mute_logger('odoo.http')
    def test_what_is_malformed_changes_nothing_even_if_signed(self):
        bodies = {
            'no JSON': b'{',
            'no UTF-8': b'\xff\xfe',
            'a list': b'[]',
            'another object': b'{"object": "page"}',
            'too deep': b'[' * 100000 + b']' * 100000,
            'deep inside': b'{"object": "whatsapp_business_account", "entry": ' + b'[' * 30 + b']' * 30 + b'}',
        }  # fmt: skip
        for what, body in bodies.items():
            self.assertEqual(self._post(body), 400, what)
        self.assertEqual(self._post(b' ' * (1024 * 1024 + 1)), 413)
        self.assertEqual(self._stored(), 0)

    def test_odd_shapes_are_left_out_and_the_rest_is_kept(self):
        odd = {
            'object': 'whatsapp_business_account',
            'entry': [
                None, 'x', {'id': 5, 'changes': 'x'},
                {'id': BUSINESS_ID, 'changes': [
                    {'field': 'messages', 'value': {
                        'metadata': {'phone_number_id': PHONE_ID},
                        'statuses': [7, {'id': 'wamid.nul\x00\ud800', 'status': 'sent'}],
                    }},
                    {'field': 'unheard_of', 'value': {'a': 1}},
                ]},
            ],
        }  # fmt: skip
        self.assertEqual(self._post(json.dumps(odd).encode()), 200)
        self.assertEqual(self._stored(), 2)
        self._handle()
        states = dict(
            self.env['cobranza.whatsapp.event'].search([]).mapped(lambda e: (e.kind, e.state))
        )
        self.assertEqual(states['unheard_of'], 'ignored')

    def test_an_app_tells_nothing_about_the_number_of_another(self):
        company = self._company('Boreal', 'CO', self.usd)
        self.env['cobranza.whatsapp.account'].create(
            {
                'name': 'Other', 'company_id': company.id, 'phone_id': '1002',
                'business_id': '2002', 'app_secret': 'other-secret',
            }
        )  # fmt: skip
        foreign = self._body({'id': 'wamid.9', 'status': 'read'})
        self.assertEqual(self._post(foreign, secret='other-secret'), 200)
        self.assertEqual(self._stored(), 0)
        own = self._body({'id': 'wamid.9', 'status': 'read'}, phone_id='1002', business='2002')
        self._post(own, secret='other-secret')
        self.assertEqual(self._stored(), 1)

    def test_a_statement_is_given_to_who_has_its_link_and_nobody_else(self):
        self._invoice()
        self._run()
        case = self._case()
        path = case._whatsapp_statement()['link'].removeprefix(self.company.get_base_url())
        invoice_path = path.replace('statement', 'document')
        given = 200 if 'cobranza.statement' in self.env else 404
        with mute_logger('odoo.http'):
            self.assertEqual(self.url_open(path).status_code, given)
            self.assertEqual(self.url_open(path[:-3] + 'abc').status_code, 404)
            self.assertEqual(
                self.url_open(invoice_path).status_code, 404, 'signed for another thing'
            )

    def test_a_pdf_is_given_to_who_has_its_link_and_nobody_else(self):
        invoice = self._invoice()
        invoice.invoice_pdf_report_file = base64.b64encode(b'%PDF-1.4')
        invoice.invalidate_recordset(['invoice_pdf_report_id'])
        internal = {'name': 'internal.pdf', 'raw': b'%PDF-0', 'mimetype': 'application/pdf'}
        invoice.message_main_attachment_id = self.env['ir.attachment'].create(internal)
        path = invoice._whatsapp_document()['link'].removeprefix(self.company.get_base_url())
        answer = self.url_open(path)
        self.assertEqual((answer.status_code, answer.content), (200, b'%PDF-1.4'))
        with mute_logger('odoo.http'):
            self.assertEqual(self.url_open(path[:-3] + 'abc').status_code, 404)
            self._travel(days=3)
            self.assertEqual(self.url_open(path).status_code, 404)
