"""The customer hears of an instalment before it falls due: once, in their language, and only while it is owed."""

from odoo.tests import tagged

from .common_plan import PlanCommon


@tagged('post_install', '-at_install')
class TestPlanComing(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['cobranza.contact.rule'].search([]).active = False
        cls.plan = cls._signed()  # 100 a week, the first in ten days

    def _mails(self):
        """Return the mails about instalments, the oldest first."""
        return self.env['mail.mail'].search([('subject', 'ilike', '%100%')], order='id')

    def _let_days_pass(self, days):
        for _day in range(days):
            self._travel(days=1)
            self._run()
            self._dispatch()

    def test_each_instalment_is_announced_once_three_days_before(self):
        self._let_days_pass(6)
        self.assertFalse(self._mails())
        self._let_days_pass(1)
        self.assertEqual(len(self._mails()), 1)
        mail = self._mails()
        self.assertEqual(mail.recipient_ids, self.debtor)
        self.assertIn('instalment 1 of 5', mail.body_html)
        self.assertIn('/collections/invoice/', mail.body_html, 'it can be paid from there')
        self._dispatch()
        self._let_days_pass(2)
        self.assertEqual(len(self._mails()), 1)
        first = self.plan.promise_ids.sorted('date')[0]
        self.assertEqual(first.reminded_on, self._day(-2))
        contact = self.case.interaction_ids.filtered(lambda one: 'instalment 1' in one.summary)
        self.assertEqual((contact.channel, contact.direction), ('email', 'out'))

    def test_it_speaks_the_language_of_the_customer(self):
        self.env['res.lang']._activate_lang('es_419')
        template = self.env.ref('cobranza_management.template_plan_instalment')
        template.with_context(lang='es_419').subject = '{{company_name}}: cuota de {{amount}}'
        self.debtor.lang = 'es_419'
        self._let_days_pass(7)
        self.assertIn('cuota de', self._mails().subject)

    def test_what_is_paid_is_not_announced(self):
        self._pay(amount=100, invoice=self.first)
        self._let_days_pass(8)
        self.assertFalse(self._mails())

    def test_a_down_payment_is_none_of_the_instalments(self):
        self.plan._end('cancelled')
        self._signed(count=4, down_payment=100, down_date=self._day(4))
        self._let_days_pass(2)
        self.assertIn('down payment, plan', self._mails().body_html)
        self._let_days_pass(5)
        self.assertIn('instalment 1 of 4', self._mails()[-1].body_html)

    def test_a_debt_in_dispute_is_not_announced(self):
        reason = self.env['cobranza.dispute.reason'].create({'name': 'Price'})
        lines = self._items(self.first + self.second)
        dispute = self.case._open_disputes(lines, {'reason_id': reason.id})
        self._let_days_pass(8)
        self.assertFalse(self._mails())
        dispute[0]._resolve('reject', {'note': 'As agreed'})
        self._dispatch()
        self.assertEqual(len(self._mails()), 1)

    def test_a_payment_on_its_way_is_waited_for(self):
        self._bank_line(self.debtor, 100)
        self._let_days_pass(8)
        self.assertFalse(self._mails())

    def test_a_plan_that_ended_says_nothing(self):
        self.plan._end('cancelled')
        self._let_days_pass(8)
        self.assertFalse(self._mails())

    def test_no_days_no_message(self):
        self.company.cobranza_plan_remind_days = 0
        self._let_days_pass(8)
        self.assertFalse(self._mails())

    def test_the_gate_holds_it_until_it_may_go(self):
        self._travel(days=7)
        self.env['mail.blacklist']._add(self.debtor.email)
        self._dispatch()
        self.assertFalse(self._mails())
        self.env['mail.blacklist']._remove(self.debtor.email)
        self._dispatch()
        self.assertEqual(len(self._mails()), 1)

    def test_a_batch_takes_a_constant_number_of_statements(self):
        counts = []
        for batch in (2, 8):
            for number in range(batch):
                debtor = self._debtor(f'D{batch}{number}', email=f'd{batch}{number}@example.com')
                self._invoice(debtor, amount=100)
            self._run()
            for number in range(batch):
                debtor = self.env['res.partner'].search([('name', '=', f'D{batch}{number}')])
                case = self._case(debtor)
                case.user_id = self.collector
                self._signed(case, count=1, first_date=self._day(2))
            self._travel(days=1)
            self.env.flush_all()
            self.env.invalidate_all()
            before, mails = self.env.cr.sql_log_count, len(self._mails())
            self.env['cobranza.promise']._remind_customers(lambda: 1)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(self._mails()) - mails, batch)
        self.assertLess(counts[1] - counts[0], 30)
