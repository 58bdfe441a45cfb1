"""The workbench's methods: what they return, to whom, and who has which debtor."""

import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CobranzaCommon

MUTED = 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule', 'odoo.sql_db'


class WorkbenchCommon(CobranzaCommon):
    """Three debtors of different weight, two collectors, no strategy in the way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.rule = cls.env['cobranza.contact.rule'].search([('company_id', '=', cls.company.id)])
        cls.rule.min_days = 0
        cls.phone = '+57 300 111 2233'
        cls.small, cls.big, cls.middle = (
            cls._debtor(name, phone=cls.phone, city='Bogotá') for name in ('Small', 'Big', 'Middle')
        )
        cls._invoice(cls.small, 10, days_overdue=2)
        cls._invoice(cls.big, 5000, days_overdue=80)
        cls._invoice(cls.middle, 500, days_overdue=40)
        cls.env['cobranza.case']._create_missing(cls.company)
        cls.cases = cls.env['cobranza.case'].search([('company_id', '=', cls.company.id)])
        by_partner = {case.partner_id: case for case in cls.cases}
        cls.small_case, cls.big_case, cls.middle_case = (
            by_partner[partner] for partner in (cls.small, cls.big, cls.middle)
        )
        cls.cases.user_id = cls.collector
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _bench(self, user=None):
        return self.env['cobranza.workbench'].with_user(user or self.collector)

    def _outcome(self, name):
        return self.env.ref(f'cobranza_management.outcome_{name}')

    def _say(self, name, case=None, user=None, **values):
        """Record an outcome through the RPC method and return its answer."""
        case = case or self.big_case
        answer = self._bench(user).record_outcome(case.id, self._outcome(name).id, values)
        json.dumps(answer)
        self.env.invalidate_all()
        return answer


@tagged('post_install', '-at_install')
class TestWorkbench(WorkbenchCommon):
    def test_the_payload_says_everything_about_a_debtor(self):
        payload = self._bench().open_case(self.big_case.id)
        json.dumps(payload)
        self.assertEqual(payload['name'], 'Big')
        self.assertEqual(payload['amount_raw'], 5000)
        self.assertEqual(payload['days'], 80)
        self.assertEqual([item['amount_raw'] for item in payload['items']], [5000])
        self.assertEqual(payload['items'][0]['level'], 4)
        self.assertEqual(payload['item_total'], 1)
        self.assertEqual(payload['contacts'][0]['phone'], self.phone)
        self.assertEqual(payload['currencies'][0]['code'], 'USD')
        phone = next(row for row in payload['channels'] if row['code'] == 'phone')
        self.assertTrue(phone['allowed'])

    def test_the_queue_returns_what_the_screen_needs(self):
        answer = self._bench().get_queue()
        json.dumps(answer)
        self.assertEqual([row['name'] for row in answer['cases']], ['Big', 'Middle', 'Small'])
        self.assertEqual((answer['total'], answer['waiting'], answer['done_today']), (3, 0, 0))
        self.assertEqual(answer['goal'], 3)
        self.assertTrue(answer['outcomes'] and answer['templates'])

    def test_promise_defaults_offer_days(self):
        answer = self._bench().get_promise_defaults(self.big_case.id)
        json.dumps(answer)
        self.assertEqual((answer['amount'], answer['currency']), (5000, 'USD'))
        self.assertIn(str(self._day(1)), [day['date'] for day in answer['dates']])

    def test_compose_and_send(self):
        bench = self._bench()
        draft = bench.compose(self.big_case.id, 'email')
        json.dumps(draft)
        self.assertTrue(draft['allowed'], draft['why'])
        self.assertIn('5,000', draft['body'])
        answer = bench.send_message(
            self.big_case.id, 'email', draft['template_id'], draft['subject'], draft['body']
        )
        json.dumps(answer)
        self.assertEqual(self._reminder(self.big).state, 'sent')
