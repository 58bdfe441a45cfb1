"""How far a collector's word goes, who approves beyond it, who is told, and what nobody may write."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .test_promises import PromiseCommon

MUTED = 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule'


class ApprovalCommon(PromiseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        # the shipped policy has a test of its own
        cls.env['cobranza.promise.policy'].search([]).active = False
        cls.policy = cls.env['cobranza.promise.policy'].create(
            {'name': 'All', 'max_days': 10, 'max_open': 2, 'min_share': 0.5}
        )
        cls.invoice = cls._invoice(amount=100)
        cls.case.user_id = cls.collector
        team = cls.env['cobranza.team'].create(
            {'name': 'Team', 'company_id': cls.company.id, 'supervisor_id': cls.supervisor.id}
        )
        cls.case.team_id = team
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _take(self, days=5, amount=100, user=None, **values):
        case = self.case.with_user(user or self.collector)
        return case._take_promise(
            {
                'amount': amount,
                'currency_id': self.usd.id,
                'date': self._day(days),
                'line_ids': self._items(self.invoice).ids,
                **values,
            }
        )

    def _break_promises(self, number):
        """Let so many promises of the debtor be broken already."""
        for _number in range(number):
            self._promise(self._invoice(amount=1), -9, amount=1, taken_on=self._day(-10))
        self._judge()

    def _tasks(self):
        """Return the open activities of the case as (whose, what)."""
        self.case.invalidate_recordset(['activity_ids'])
        return [(task.user_id, task.summary) for task in self.case.activity_ids]


@tagged('post_install', '-at_install')
class TestPromiseApproval(ApprovalCommon):
    # === POLICY === #

    def test_within_the_policy_a_promise_is_open(self):
        promise = self._take(days=10, amount=50)
        self.assertEqual((promise.state, promise.review_reason), ('open', False))
        self.assertIn('50.00', promise._describe_taken())

    def test_beyond_the_policy_it_waits_and_says_why(self):
        for values, word in (
            ({'days': 11}, 'days away'),
            ({'amount': 49}, '49% of what is overdue'),
        ):
            with self.subTest(word), self.env.cr.savepoint() as savepoint:
                promise = self._take(**values)
                self.assertEqual(promise.state, 'review')
                self.assertIn(word, promise.review_reason)
                self.assertIn(promise.review_reason, promise._describe_taken())
                savepoint.rollback()
                self.env.invalidate_all()

    def test_so_many_open_promises_and_no_more(self):
        promises = [self._take(amount=30) for _number in range(3)]
        self.policy.min_share = 0
        promises += [self._take(amount=1)]
        self.assertEqual(promises[-1].state, 'review')
        self.assertIn('promise number', promises[-1].review_reason)

    def test_shares_of_open_promises_add_up(self):
        first = self._take(amount=60)
        second = self._take(amount=30, days=8)
        self.assertEqual((first | second).mapped('state'), ['open', 'open'])

    def test_the_first_policy_that_fits_the_record_counts(self):
        strict = self.env['cobranza.promise.policy'].create(
            {'name': 'Unreliable', 'sequence': 1, 'broken_from': 2, 'max_days': 3}
        )
        self.assertEqual(self._take(days=5).state, 'open')
        self.case.promise_ids._cancel('withdrawn')
        self._break_promises(2)
        promise = self._take(days=5)
        self.assertIn(f'the limit is {strict.max_days}', promise.review_reason)

    def test_a_policy_can_look_at_the_kept_rate_and_the_segment(self):
        segment = self.env['cobranza.segment'].create({'name': 'Big'})
        self.policy.kept_below = 0.5
        self.assertEqual(self._take(days=20).state, 'open', 'no record, no blame')
        self.case.promise_ids._cancel('withdrawn')
        self._break_promises(1)
        self.assertEqual(self._take(days=20).state, 'review')
        self.case.promise_ids._cancel('withdrawn')
        self.policy.segment_ids = segment
        self.assertEqual(self._take(days=20).state, 'open')
        self.case.sudo().segment_id = segment
        self.case.promise_ids._cancel('withdrawn')
        self.assertEqual(self._take(days=20).state, 'review')

    def test_a_policy_of_another_company_stays_there(self):
        self.policy.company_id = self._company('Iberia', 'ES', self.usd)
        self.assertEqual(self._take(days=99).state, 'open')

    def test_a_shipped_policy_stops_what_is_far_away(self):
        self.policy.active = False
        self.env.ref('cobranza_management.promise_policy_everybody').active = True
        self.assertEqual(self._take(days=31).state, 'review')

    def test_a_supervisor_needs_nobody(self):
        self.assertEqual(self._take(days=99, user=self.supervisor).state, 'open')

    def test_a_customer_on_the_portal_is_held_to_the_policy(self):
        public = self.env.ref('base.public_user')
        case = self.case.with_user(public).sudo()
        promise = case._take_promise(
            {'amount': 100, 'currency_id': self.usd.id, 'date': self._day(60), 'source': 'portal'}
        )
        self.assertEqual(promise.state, 'review')

    def test_the_assistant_says_it_before_and_after(self):
        Wizard = self.env['cobranza.promise.wizard'].with_user(self.collector)
        with Form(Wizard.with_context(active_id=self.case.id)) as form:
            form.day = 'tomorrow'
            self.assertFalse(form.approval_notice)
            form.amount = 20
            self.assertIn('20%', form.approval_notice)
        action = form.record.action_confirm()
        self.assertEqual(action['params']['type'], 'warning')
        self.assertIn('supervisor', action['params']['message'])
        self.assertEqual(self.case.promise_ids.state, 'review')

    def test_the_assistant_asks_for_what_may_be_claimed(self):
        disputed, foreign = self._invoice(amount=50), self._invoice(amount=9000, currency=self.clp)
        reason = self.env['cobranza.dispute.reason'].create({'name': 'Price'})
        self.case._open_disputes(self._items(self.invoice), {'reason_id': reason.id, 'amount': 30})
        self.case._open_disputes(self._items(disputed), {'reason_id': reason.id})
        Wizard = self.env['cobranza.promise.wizard'].with_user(self.collector)
        wizard = Wizard.new({'case_id': self.case.id, 'currency_id': self.usd.id})
        self.assertEqual(wizard.line_ids._origin, self._items(self.invoice))
        self.assertEqual(wizard.amount, 70)
        wizard.line_ids += self._items(foreign)
        self.assertEqual(wizard.amount, 80, 'at the value of the item in the books')

    # === APPROVAL === #

    def test_while_it_waits_its_items_are_left_alone(self):
        self._strategy({5: {}})
        self._take(days=11)
        run = self._run()
        self.assertEqual({r.code: r.count for r in run.reason_ids}, {'promised': 1})
        self.assertEqual(self.case.item_ids.cobranza_mark, 'promised')

    def test_approved_it_is_open_and_the_task_is_gone(self):
        promise = self._take(days=11)
        [(user, summary)] = self._tasks()
        self.assertEqual(user, self.supervisor)
        self.assertIn('11 days away', summary)
        promise.with_user(self.supervisor).action_approve()
        self.assertEqual((promise.state, self._tasks()), ('open', []))

    def test_refused_it_is_cancelled_and_the_collector_is_told(self):
        promise = self._take(days=11)
        promise.with_user(self.supervisor).action_refuse()
        self.assertEqual((promise.state, promise.cancel_reason), ('cancelled', 'refused'))
        [(user, summary)] = self._tasks()
        self.assertEqual(user, self.collector)
        self.assertIn('not approved', summary)

    def test_only_supervisors_decide_and_only_once(self):
        promise = self._take(days=11)
        for name in ('action_approve', 'action_refuse'):
            with self.assertRaisesRegex(AccessError, 'supervisor'):
                getattr(promise.with_user(self.collector), name)()
        promise.with_user(self.supervisor).action_approve()
        with self.assertRaisesRegex(UserError, 'wait for approval'):
            promise.with_user(self.supervisor).action_approve()

    def test_paid_before_anybody_decided_it_is_kept(self):
        promise = self._take(days=11)
        self._pay(amount=100, invoice=self.invoice)
        self.assertEqual((promise.state, self._tasks()), ('kept', []))

    # === RENEGOTIATION === #

    def test_a_new_promise_for_the_same_debt_takes_the_place_of_the_old_one(self):
        old = self._take(days=3)
        new = self._take(days=6)
        self.assertRecordValues(
            old, [{'state': 'cancelled', 'cancel_reason': 'replaced', 'replaced_by_id': new.id}]
        )
        self.assertIn(old.display_name, new._describe_taken())
        self.assertEqual(old.renegotiated_count, 1)

    def test_one_that_waits_replaces_nothing_until_it_is_approved(self):
        old, new = self._take(days=3), self._take(days=11)
        self.assertEqual((old.state, new.state), ('open', 'review'))
        new.with_user(self.supervisor).action_approve()
        self.assertEqual((old.cancel_reason, old.replaced_by_id), ('replaced', new))

    def test_two_halves_stand_side_by_side(self):
        halves = self._take(days=3, amount=50) + self._take(days=6, amount=50)
        self.assertEqual(halves.mapped('state'), ['open', 'open'])

    # === WHAT NOBODY WRITES === #

    @mute_logger(*MUTED)
    def test_what_payments_decide_is_written_by_nobody(self):
        promise = self._take()
        for user in (self.collector, self.supervisor, self.manager):
            for values in ({'state': 'kept'}, {'paid_amount': 9}, {'cancel_reason': 'withdrawn'}):
                with self.subTest(user=user.login, **values), self.assertRaises(AccessError):
                    promise.with_user(user).write(values)
                with self.subTest(user=user.login, **values), self.assertRaises(AccessError):
                    self._take(user=user, **values)

    @mute_logger(*MUTED)
    def test_a_collector_does_not_rewrite_what_was_promised(self):
        promise = self._take()
        for values in ({'date': self._day(9)}, {'amount': 1}, {'grace_days': 99}, {'line_ids': []}):
            with self.subTest(**values), self.assertRaises(AccessError):
                promise.with_user(self.collector).write(values)
        with self.assertRaises(AccessError):
            self._take(grace_days=99)
        promise.with_user(self.supervisor).date = self._day(9)
        self.assertEqual(promise.deadline, self._day(11))

    def test_a_correction_is_judged_at_once_and_history_is_not_corrected(self):
        promise = self._take(amount=100)
        self._pay(amount=80, invoice=self.invoice)
        self.assertEqual(promise.state, 'open')
        promise.with_user(self.supervisor).amount = 80
        self.assertEqual(promise.state, 'kept')
        with self.assertRaisesRegex(UserError, 'on record'):
            promise.with_user(self.supervisor).date = self._day(30)

    def test_a_promise_whose_day_has_come_is_not_withdrawn(self):
        promise = self._take()
        self._travel(days=9)
        self._judge()
        with self.assertRaisesRegex(UserError, 'still open'):
            promise.with_user(self.collector).action_cancel()

    @mute_logger(*MUTED)
    def test_policies_are_for_managers(self):
        for user in (self.collector, self.supervisor):
            with self.assertRaises(AccessError):
                self.policy.with_user(user).max_days = 99
        self.policy.with_user(self.manager).max_days = 99


@tagged('post_install', '-at_install')
class TestPromiseAlerts(ApprovalCommon):
    def test_the_day_before_the_collector_is_told_once(self):
        self._take(days=2)
        self._run()
        self.assertFalse(self._tasks())
        self._travel(days=1)
        self._run()
        self._run()
        [(user, summary)] = self._tasks()
        self.assertEqual(user, self.collector)
        self.assertIn('remind the customer', summary)
        self._pay(amount=100, invoice=self.invoice)
        self.assertFalse(self._tasks(), 'settled, it went away')

    def test_a_broken_promise_is_told_once(self):
        promise = self._take(days=2)
        for _night in range(9):
            self._travel(days=1)
            self._run()
        [(user, summary)] = self._tasks()
        self.assertEqual(user, self.collector)
        self.assertIn('Broken promise', summary)
        self.case.activity_ids.action_done()
        self._run()
        self.assertFalse(self._tasks(), 'done by a person, it does not come back')
        self._pay(amount=100, invoice=self.invoice)
        self.assertEqual(promise.state, 'late')

    def test_a_payment_nobody_applied_is_a_task_and_breaks_nothing(self):
        promise = self._take(days=2)
        self._travel(days=1)
        payment = self._pay(amount=100)
        for _night in range(9):
            self._travel(days=1)
            self._run()
        self.assertEqual((promise.state, promise.awaits_payment), ('open', True))
        [(_user, summary)] = self._tasks()
        self.assertIn('Apply the payment', summary)
        self._apply(payment.move_id, self.invoice)
        self.assertEqual((promise.state, promise.awaits_payment), ('kept', False))
        self.assertFalse(self._tasks())

    def test_money_on_its_way_that_turns_out_to_be_somebody_elses_breaks_it_after_all(self):
        promise = self._take(days=2)
        self._travel(days=5)
        line = self._bank_line(self.debtor, 100)
        self._run()
        self.assertEqual((promise.state, promise.awaits_payment), ('open', True))
        line.partner_id = self._debtor('Luis')
        self._run()
        self.assertEqual((promise.state, promise.awaits_payment), ('broken', False))

    def test_it_speaks_the_language_of_who_reads_it(self):
        self.env['res.lang']._activate_lang('es_419')
        self.env.ref('base.lang_es_419').date_format = '%d.%m.%Y'
        self.collector.lang = 'es_419'
        self._take(days=1)
        self._run()
        [(_user, summary)] = self._tasks()
        self.assertIn('05.03.2026', summary)

    def test_alerts_are_raised_in_one_batch(self):
        def broken(number):
            for name in range(number):
                partner = self._debtor(f'Debtor {number} {name}')
                invoice = self._invoice(partner)
                case = self.env['cobranza.case']._get_or_create(partner, self.company)
                self._promise(invoice, -9, case=case)

        judge = self.env['cobranza.promise']._judge
        broken(2)
        self.env.flush_all()
        counts = []
        for number in (4, 12):
            broken(number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertGreaterEqual(len(judge(self.company)), number)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
