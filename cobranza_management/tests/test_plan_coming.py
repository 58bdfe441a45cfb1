"""The customer hears of an instalment before it falls due: once, in their language, and only while it is owed."""

from psycopg2.errors import UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

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

    def _messages(self):
        return self.env['cobranza.reminder'].search([('promise_id', '!=', False)], order='id')

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
        message = self._messages()
        self.assertEqual((message.promise_id, message.state), (first, 'sent'))
        contact = self.case.interaction_ids.filtered(lambda one: one.reminder_id == message)
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
        self._run()
        self._dispatch()
        self.assertEqual(len(self._mails()), 1)

    def test_a_payment_on_its_way_is_waited_for(self):
        self._bank_line(self.debtor, 100)
        self._let_days_pass(8)
        self.assertFalse(self._mails())
        self.assertEqual(self._messages().state, 'held')

    def test_what_is_paid_before_the_dispatch_is_not_announced(self):
        self._travel(days=7)
        self._run()
        self.assertEqual(self._messages().state, 'queued')
        self.assertIn('may leave', self._messages().preview_note)
        self.assertIn('instalment 1 of 5', self._messages().preview_body)
        self._pay(amount=100, invoice=self.first)
        self._dispatch()
        self.assertFalse(self._mails())
        self.assertEqual(
            (self._messages().state, self._messages().reason_code), ('cancelled', 'not_awaited')
        )

    def test_a_mail_that_fails_is_tried_again_and_taken_back_in_the_log(self):
        self._let_days_pass(7)
        message = self._messages()
        message._mail_failed('mail_smtp', 'no server')
        self.assertEqual((message.state, message.reason_code), ('held', 'mail_server'))
        corrected = self.case.interaction_ids.filtered('corrects_id')
        self.assertEqual(corrected.corrects_id.reminder_id, message)
        self._travel(hours=2)
        self._dispatch()
        self.assertEqual(message.state, 'sent')

    def test_two_instalments_in_one_week_come_on_two_days(self):
        self.company.cobranza_plan_remind_days = 10
        self._travel(days=1)
        self._run()
        self.env['cobranza.promise']._announce_coming(self.company)
        self._dispatch()
        self.assertEqual(len(self._mails()), 1)
        self._let_days_pass(8)
        self.assertEqual(len(self._mails()), 2)
        days = self._messages().mapped('date')
        self.assertEqual(len(set(days)), len(days))

    def test_an_instalment_is_not_spoken_of_twice_by_two_nights_at_once(self):
        self._travel(days=7)
        self._run()
        message = self._messages()
        values = {
            **message.copy_data()[0], 'date': self._day(1), 'next_attempt_at': message.next_attempt_at
        }  # fmt: skip
        with (
            mute_logger('odoo.sql_db'),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.env['cobranza.reminder'].create(values)

    def test_a_plan_signed_in_the_evening_loses_no_day(self):
        self.company.partner_id.tz = 'America/Lima'
        self._travel(hours=13)  # eleven at night in Lima, the next day in Greenwich
        debtor = self._debtor('Evening')
        self._invoice(debtor, amount=100)
        self._run()
        case = self._case(debtor)
        case.user_id = self.collector
        plan = self._signed(case, count=1, first_date=self._day(1))
        self._travel(hours=9)
        self._run()
        self.assertEqual(self._messages().promise_id.plan_id, plan)

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
        hold = self.env['cobranza.hold'].create(
            {'case_id': self.case.id, 'reason': 'Moving house', 'until': self._day(1)}
        )
        self._run()
        self._dispatch()
        self.assertFalse(self._mails())
        self.assertEqual(self._messages().reason_code, 'hold')
        hold.action_release()
        self._let_days_pass(2)
        self.assertEqual(len(self._mails()), 1)

    def test_who_asked_not_to_be_written_to_is_a_task(self):
        self._travel(days=7)
        self.env['mail.blacklist']._add(self.debtor.email)
        self._run()
        self._dispatch()
        self.assertFalse(self._mails())
        self.assertEqual(
            (self._messages().state, self._messages().reason_code), ('failed', 'opt_out')
        )

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
            self.env['cobranza.promise']._announce_coming(self.company)
            self._dispatch()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(self._mails()) - mails, batch)
        self.assertLess(counts[1] - counts[0], 30)
