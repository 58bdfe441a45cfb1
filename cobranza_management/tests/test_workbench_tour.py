"""The workbench in a browser: by keyboard alone, in two languages, and on a phone."""

from odoo.tests import HttpCase, tagged

from . import common
from .live_common import LiveCommon

URL = '/odoo/collection-workbench'


class WorkbenchTour(LiveCommon, common.CobranzaCommon, HttpCase):
    """Three debtors of a collector, in the order Big, Middle, Small; nobody's laws or hours in the way."""

    # the first page of a session builds the assets, and its requests wait for each other
    test_cursor_lock_timeout = 120

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.collector.lang = 'en_US'
        # the clock is real, and it may be night
        cls.env['cobranza.contact.rule'].search([]).active = False
        owed = {'Big': (5000, 80), 'Middle': (500, 40), 'Small': (10, 2)}
        cls.cases = {}
        for name, (amount, days) in owed.items():
            cls._invoice(cls._debtor(name, phone='+57 300 111 2233'), amount, days_overdue=days)
        cls.env['cobranza.case']._create_missing(cls.company)
        for case in cls.env['cobranza.case'].search([('company_id', '=', cls.company.id)]):
            cls.cases[case.partner_id.name] = case
            case.user_id = cls.collector
        cls.env.flush_all()

    def _outcomes(self, name):
        """Return the effects recorded for a debtor."""
        self.env.invalidate_all()
        contacts = self.env['cobranza.interaction'].search([('case_id', '=', self.cases[name].id)])
        return contacts.outcome_id.mapped('effect')

    def _leases(self):
        return self.env['cobranza.work.lease'].search([('user_id', '=', self.collector.id)])


@tagged('post_install', '-at_install')
class TestWorkbenchTour(WorkbenchTour):
    def _work_by_keyboard(self):
        self._invoice(self._debtor('Far', phone='+57 300 111 2244'), 50, days_overdue=20)
        self.env['cobranza.case']._create_missing(self.company)
        far = self.env['cobranza.case'].search([('partner_id.name', '=', 'Far')])
        # in the queue, though whoever goes on is not sent there
        far.user_id = self.collector
        far._hold('Away', self._day(7))
        self.env.flush_all()
        self.start_tour(URL, 'cobranza_workbench_keys', login=self.collector.login)
        self.assertEqual(self._outcomes('Big'), ['promise'])
        self.assertRecordValues(
            self.cases['Big'].promise_ids, [{'amount': 5000, 'date': self._day(1)}]
        )
        self.assertEqual(self._outcomes('Middle'), ['no_answer'])
        self.assertEqual(self._outcomes('Small'), ['no_answer'])
        self.assertIn(self.cases['Small'].reminder_ids.state, ('sending', 'sent'))
        self.assertFalse(self._leases(), 'whoever leaves gives everything back')

    def test_a_day_by_keyboard_alone(self):
        self._work_by_keyboard()

    def test_a_day_by_keyboard_in_spanish(self):
        self.env['res.lang']._activate_lang('es_419')
        self.collector.lang = 'es_419'
        self._work_by_keyboard()

    def test_who_needs_instalments_is_offered_a_plan_at_once(self):
        self.start_tour(URL, 'cobranza_workbench_instalments', login=self.collector.login)
        self.assertEqual(self._outcomes('Big'), ['instalments'])
        self.assertTrue(self.cases['Big'].activity_ids, 'who left it has the task')

    def test_a_dispute_a_letter_and_a_plan_by_keyboard(self):
        for name, case in self.cases.items():
            case.partner_id.write({'street': f'{name} street', 'city': 'Bogotá'})
        self._invoice(self.cases['Big'].partner_id, 7000, days_overdue=9, currency=self.clp)
        self.env.flush_all()
        self.start_tour(URL, 'cobranza_workbench_dispute_plan_letter', login=self.collector.login)
        self.assertEqual(len(self.cases['Big'].dispute_ids), 1)
        self.assertRecordValues(
            self.cases['Middle'].reminder_ids, [{'channel': 'letter', 'state': 'ready'}]
        )
        self.assertEqual(self.cases['Middle'].plan_ids.state, 'draft')
        self.assertEqual(self._outcomes('Middle'), [])

    def test_a_wrong_outcome_is_corrected_by_keyboard(self):
        self.start_tour(URL, 'cobranza_workbench_correct', login=self.collector.login)
        self.assertEqual(self.cases['Big'].promise_ids.state, 'cancelled')
        self.assertCountEqual(self._outcomes('Big'), ['promise', 'no_answer'])

    def test_dispute_hold_payment_and_callback_by_keyboard(self):
        """Whoever collects and invoices does it all without leaving the workbench."""
        self.collector.group_ids += self.env.ref('account.group_account_invoice')
        self.env.flush_all()
        self.start_tour(URL, 'cobranza_workbench_dialogs', login=self.collector.login)
        big = self.cases['Big']
        self.assertEqual(big.dispute_ids.line_id.move_id.payment_state, 'paid')
        self.assertEqual(big.hold_until, self._day(3))
        self.assertTrue(self.cases['Middle'].callback_at)

    def test_what_needs_no_server(self):
        self.start_tour(URL, 'cobranza_workbench_logic', login=self.collector.login)


@tagged('post_install', '-at_install')
class TestWorkbenchPhone(WorkbenchTour):
    browser_size = '390x844'
    touch_enabled = True

    def test_one_pane_at_a_time(self):
        self.start_tour(URL, 'cobranza_workbench_phone', login=self.collector.login)
        self.assertEqual(self._outcomes('Middle'), ['promise'])
