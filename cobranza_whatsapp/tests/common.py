"""What tests of WhatsApp share."""

import json

from odoo import fields

from odoo.addons.cobranza_management.tests.common import CobranzaCommon

from ..tools import envelope
from .cloud import Cloud

SECRET, PHONE_ID, BUSINESS_ID = 'app-secret', '1001', '2001'
MOBILE = '+573001234567'


class WhatsappCommon(CobranzaCommon):
    """A company whose number is connected to a Cloud API, and one template that carries its message."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls._registry_patched:  # a test in a browser has done so
            cls.registry_enter_test_mode_cls()
        cls.cloud = Cloud(cls.company.get_base_url())
        cls.addClassCleanup(cls.cloud.close)
        cls.account = cls.env['cobranza.whatsapp.account'].create(
            {
                'name': 'Collections',
                'company_id': cls.company.id,
                'phone_id': PHONE_ID,
                'business_id': BUSINESS_ID,
                'base_url': cls.cloud.url,
                'token': 'token',
                'app_secret': SECRET,
                'rate': 100,
            }
        )
        cls.account.action_connect()
        cls.approved = cls.account.template_ids
        cls._map(cls.approved)
        cls._strategy({5: {'channels': ('whatsapp', 'email')}})
        cls.debtor.phone = MOBILE

    def setUp(self):
        super().setUp()
        self.cloud.requests.clear()
        self.cloud.answers.clear()
        self.patch(
            self.env.registry['ir.cron'], '_commit_progress', lambda *args, **kwargs: float('inf')
        )

    @classmethod
    def _map(cls, approved):
        """Say what fills a template, and that it carries the message of the steps."""
        approved.template_id = cls.template
        sources = {'1': 'debtor_name', '2': 'amount', '3': 'oldest_due_date'}
        for variable in approved.variable_ids:
            variable.source = 'pay_link' if 'button' in variable.place else sources[variable.name]

    def _send(self):
        """Decide and send the messages of the day; return the debtor's."""
        self._run()
        self._dispatch()
        return self._reminder()

    def _message(self, **values):
        """Return the last WhatsApp message."""
        return self.env['cobranza.whatsapp.message'].search(
            [(name, '=', value) for name, value in values.items()], limit=1
        )

    # === WHAT WHATSAPP TELLS === #

    def _tell(self, field='messages', **value):
        """Hand over a webhook as the server stores it, and handle it."""
        body = {
            'object': 'whatsapp_business_account',
            'entry': [
                {
                    'id': BUSINESS_ID,
                    'changes': [
                        {
                            'field': field,
                            'value': {'metadata': {'phone_number_id': PHONE_ID}, **value},
                        }
                    ],
                }
            ],
        }
        events = envelope.read(json.dumps(body).encode())
        self.env['cobranza.whatsapp.event']._store(events, self.account._signing_numbers())
        self._handle()

    def _handle(self):
        self.env['cobranza.whatsapp.event']._cron_handle()
        self.env.invalidate_all()

    def _answers(self):
        """Send what waits, and return the texts that were sent."""
        before = len(self.cloud.sent)
        self.env['cobranza.whatsapp.message']._cron_fetch_files()
        self.env['cobranza.whatsapp.message']._cron_send()
        self.env.invalidate_all()
        return self.cloud.sent[before:]

    def _status(self, message, status, **values):
        """Tell a status of a message."""
        self._tell(
            statuses=[
                {
                    'id': message.external_id or 'wamid.lost',
                    'status': status,
                    'biz_opaque_callback_data': message.uuid,
                    **values,
                }
            ]
        )

    def _write(self, text='', phone=MOBILE, reference=None, contact=None, **message):
        """Write to the number as a customer does."""
        self.__class__.counter = getattr(self, 'counter', 0) + 1
        sender = phone.lstrip('+')
        told = {
            'id': reference or f'wamid.in.{self.counter}',
            'from': sender,
            'timestamp': str(int(fields.Datetime.now().timestamp())),
            'type': 'text',
            'text': {'body': text},
            **message,
        }
        self._tell(
            contacts=[contact or {'wa_id': sender, 'profile': {'name': 'Ana María'}}],
            messages=[told],
        )
