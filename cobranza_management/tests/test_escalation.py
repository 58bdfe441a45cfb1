"""Whom a step calls in: once, whether its message arrives, cannot leave or does not exist."""

from odoo import Command
from odoo.tests import tagged

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestEscalation(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.team = cls.env['cobranza.team'].create(
            {
                'name': 'Team',
                'company_id': cls.company.id,
                'supervisor_id': cls.supervisor.id,
                'member_ids': [Command.create({'user_id': cls.collector.id})],
            }
        )

    def _reach(self, debtor=None, **step):
        """Let a debtor reach a step that escalates; return their case."""
        self._strategy({5: {'escalate_to': 'supervisor', **step}})
        self._invoice(debtor)
        self._run()
        self._dispatch()
        return self._case(debtor)

    def _escalations(self, case):
        """Return the tasks, done ones too, with which steps called somebody in."""
        Task = self.env['mail.activity'].with_context(active_test=False)
        return Task.search([('res_id', 'in', case.ids), ('summary', 'like', 'escalated by')])

    # === WHOEVER CANNOT BE REACHED === #

    def test_who_cannot_be_reached_goes_to_legal_like_the_others(self):
        lawyers = self.env['res.partner'].create({'name': 'Law'})
        self.env['cobranza.agency'].create(
            {'partner_id': lawyers.id, 'kind': 'legal', 'company_id': self.company.id}
        )
        refuses, nobody = self._debtor('Refuses'), self._debtor('Nobody', email=False)
        self.env['cobranza.consent'].create({'partner_id': refuses.id, 'state': 'out'})
        self._invoice(refuses)
        self._invoice(nobody)
        self._reach(escalate_to='legal')
        for debtor, state in ((self.debtor, 'sent'), (refuses, 'failed'), (nobody, 'failed')):
            with self.subTest(debtor.name):
                case = self._case(debtor)
                self.assertEqual(self._reminder(debtor).state, state)
                self.assertEqual(case.stage_id.kind, 'legal')
                self.assertEqual(self._escalations(case).user_id, self.supervisor)
                self.assertEqual(case.handoff_line_ids.state, 'proposed')

    def test_a_step_that_sends_nothing_escalates_at_once(self):
        case = self._reach(channels=())
        reminder = self._reminder()
        self.assertEqual((reminder.state, reminder.reason_code), ('cancelled', 'no_message'))
        self.assertEqual(case.stage_id.kind, 'escalated')
        self.assertEqual(case.activity_ids, self._escalations(case), 'and nothing went wrong')
        self.assertFalse(case.interaction_ids)

    def test_a_step_that_does_nothing_at_all_says_so(self):
        case = self._reach(channels=(), escalate_to=False)
        self.assertEqual(self._reminder().reason_code, 'no_channel')
        self.assertTrue(case.activity_ids)

    def test_what_is_paid_or_waits_is_not_escalated(self):
        self.debtor.email = False
        self._strategy({5: {'escalate_to': 'supervisor'}})
        invoice = self._invoice()
        self._run()
        self._bank_line(self.debtor, 30)
        self._dispatch()
        self.assertEqual(self._reminder().state, 'held')
        self._pay(invoice=invoice)
        self._travel(days=1)
        self._dispatch()
        self.assertEqual(self._reminder().state, 'cancelled')
        self.assertFalse(self._escalations(self._case()))

    def test_nothing_is_given_up_nor_escalated_during_a_hold(self):
        silent = self._strategy({5: {'channels': (), 'escalate_to': 'supervisor'}}, default=False)
        luis = self._debtor('Luis', email=False)
        self._strategy({5: {'escalate_to': 'supervisor'}})
        self.debtor.email = False
        self._invoice()
        self.env['cobranza.case']._get_or_create(luis, self.company).write(
            {'strategy_id': silent.id, 'strategy_manual': True}
        )
        self._invoice(luis)
        self._run()
        cases = self._case() + self._case(luis)
        cases._hold('Sick', self._day(2))
        self._dispatch()
        for debtor in (self.debtor, luis):
            reminder = self._reminder(debtor)
            self.assertEqual((reminder.state, reminder.reason_code), ('refused', 'hold'))
        self.assertFalse(cases.activity_ids)
        self._travel(days=3)
        self._dispatch()
        self.assertEqual(len(self._escalations(cases)), 2)

    # === THE SALESPERSON === #

    def _salesperson(self, groups):
        self.debtor.user_id = self._user('seller', groups)
        return self.debtor.user_id

    def test_a_salesperson_who_can_open_the_case_has_the_task(self):
        seller = self._salesperson('account.group_account_invoice')
        task = self._escalations(self._reach(escalate_to='salesperson'))
        self.assertEqual(task.user_id, seller)
        self.assertTrue(self._case().with_user(seller).has_access('read'))

    def test_one_who_cannot_is_named_to_the_supervisor(self):
        self._salesperson('base.group_user')
        task = self._escalations(self._reach(escalate_to='salesperson'))
        self.assertEqual(task.user_id, self.supervisor)
        self.assertIn('For Seller, the salesperson', task.note)

    def test_one_of_another_company_too(self):
        other = self._company('Iberia', 'ES', self.usd)
        self.debtor.user_id = self._user('abroad', 'account.group_account_invoice', other)
        task = self._escalations(self._reach(escalate_to='salesperson'))
        self.assertEqual(task.user_id, self.supervisor)

    def test_nobody_who_left_is_called_in(self):
        self._salesperson('account.group_account_invoice').active = False
        task = self._escalations(self._reach(escalate_to='salesperson'))
        self.assertEqual((task.user_id, task.note), (self.supervisor, False))

    def test_with_no_supervisor_either_the_collector_has_it(self):
        self.supervisor.active = False
        case = self._reach()
        self.assertEqual(self._escalations(case).user_id, self.collector)

    # === ONCE === #

    def test_a_message_tried_again_escalates_once(self):
        self.debtor.email = False
        case = self._reach()
        self._escalations(case).action_feedback()
        self.debtor.email = 'ana@example.com'
        self._reminder().with_user(self.supervisor).action_retry()
        self._dispatch()
        self.assertEqual(self._reminder().state, 'sent')
        self.assertEqual(len(self._escalations(case)), 1)

    def test_one_that_comes_back_has_escalated_already(self):
        case = self._reach()
        self._reminder()._mail_failed('mail_email_invalid', '550 no such user')
        self.assertEqual(self._reminder().state, 'failed')
        self.assertEqual(len(self._escalations(case)), 1)

    def test_a_step_that_repeats_escalates_again_once_its_task_is_done(self):
        self.env['cobranza.contact.rule'].search([]).min_days = 0
        case = self._reach(repeat_every=1)
        for done, count in ((False, 1), (True, 2)):
            self._escalations(case)[:done].action_feedback()
            self._travel(days=1)
            self._run()
            self._dispatch()
            with self.subTest(done=done):
                self.assertEqual(len(self._escalations(case)), count)
        self.assertEqual(set(self._reminders().mapped('state')), {'sent'})

    # === STATEMENTS === #

    def test_many_that_cannot_be_reached_cost_what_a_few_do(self):
        self._strategy({5: {'escalate_to': 'supervisor'}})
        counts = []
        for size in (2, 2, 10):
            for number in range(size):
                self._invoice(self._debtor(f'Debtor {len(counts)} {number}', email=False))
            self._run()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._dispatch()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1], counts)
