"""Offered, signed, paid or not: the life of a payment plan."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_plan import SIGNATURE, PlanCommon


@tagged('post_install', '-at_install')
class TestPlanLife(PlanCommon):
    # === PREPARING === #

    def test_the_assistant_shows_the_schedule_and_what_the_policy_says(self):
        Wizard = self.env['cobranza.plan.wizard'].with_user(self.collector)
        with Form(Wizard.with_context(active_id=self.case.id)) as form:
            self.assertEqual(form.amount_items, 500)
            form.count = 4
            self.assertIn('125.00', str(form.schedule_html))
            self.assertFalse(form.policy_note)
            form.count = 8
            self.assertIn('8 instalments', form.policy_note)
            form.count = 600
            form.first_date = self._day(30)
            self.assertFalse(form.problem)
            form.count = 0
            self.assertIn('at least one', form.problem)
            form.count = 2
        action = form.record.action_offer()
        plan = self.env['cobranza.plan'].browse(action['res_id'])
        self.assertEqual((plan.state, plan.amount_total, plan.count), ('offered', 500, 2))

    def test_the_assistant_begins_with_the_down_payment_that_the_policy_asks(self):
        self.policy.min_down_share = 10
        Wizard = self.env['cobranza.plan.wizard'].with_user(self.collector)
        with Form(Wizard.with_context(active_id=self.case.id)) as form:
            self.assertEqual(form.down_payment, 50)
            self.assertFalse(form.policy_note)
            form.down_payment = 20
            self.assertIn('10 %', form.policy_note)

    def test_whoever_offers_from_the_workbench_stays_there(self):
        Wizard = self.env['cobranza.plan.wizard'].with_user(self.collector)
        Wizard = Wizard.with_context(active_id=self.case.id, default_stays=True)
        action = Form(Wizard).save().action_offer()
        plan = self.case.plan_ids
        self.assertEqual((plan.state, action['tag']), ('offered', 'display_notification'))
        self.assertEqual(action['params']['message'], f'Payment plan {plan.name}: Offered')
        self.assertEqual(action['params']['next'], {'type': 'ir.actions.act_window_close'})

    def test_disputed_and_planned_items_stay_out(self):
        reason = self.env['cobranza.dispute.reason'].create({'name': 'Price'})
        third = self._invoice(amount=50)
        self.case._open_disputes(self._items(third), {'reason_id': reason.id})
        self.assertEqual(self._plan().amount_items, 500)
        self._signed()
        self.assertFalse(self.case._plannable_items())
        with self.assertRaises(UserError):
            self._plan(line_ids=self._set(self._items(self.first))).action_offer()

    def test_unapplied_money_lessens_the_debt(self):
        self._pay(amount=120)
        self.assertEqual(self._plan().amount_items, 380)

    def test_beyond_the_policy_it_waits_with_its_reasons(self):
        plan = self._plan(count=10)
        plan.with_user(self.collector).action_offer()
        self.assertEqual(plan.state, 'review')
        self.assertIn('at most 6', plan.review_reason)
        plan.with_user(self.supervisor).action_approve()
        self.assertEqual((plan.state, plan.approved_by_id), ('offered', self.supervisor))

    def test_the_policy_of_the_segment_comes_first(self):
        segment = self.env['cobranza.segment'].create({'name': 'Large'})
        self.policy.copy({'segment_id': segment.id, 'max_count': 20})
        self.case.sudo().segment_id = segment
        plan = self._plan(count=10)
        plan.with_user(self.collector).action_offer()
        self.assertEqual(plan.state, 'offered')

    # === ACCEPTING === #

    def test_acceptance_makes_the_instalments(self):
        older = self.case._take_promise(
            {'amount': 10, 'currency_id': self.usd.id, 'date': self._day(1)}
        )
        plan = self._signed()
        self.assertEqual(plan.state, 'active')
        self.assertEqual(older.state, 'cancelled', 'the plan replaces what was promised before')
        promises = plan.promise_ids.sorted('date')
        self.assertEqual(promises.mapped('amount'), [100] * 5)
        self.assertEqual(promises.mapped('date'), [self._day(10 + 7 * n) for n in range(5)])
        self.assertEqual(promises[0].line_ids, plan.line_ids)
        self.assertEqual(promises[0].user_id, self.collector)
        self.env.invalidate_all()
        self.assertIn('0/5', self.case.next_action)
        self.assertIn('100.00', self.case.next_action)

    def test_accepting_twice_makes_them_once(self):
        plan = self._signed()
        self.assertFalse(plan._accept({'signed_by': 'Somebody else', 'signature': SIGNATURE}))
        self.assertEqual(len(plan.promise_ids), 5)
        self.assertEqual(plan.signed_by, 'Ana')

    def test_an_offer_ends_with_its_day(self):
        plan = self._plan()
        plan.with_user(self.collector).action_offer()
        self.assertEqual(plan.offer_until, self._day(7))
        self._travel(days=8)
        with self.assertRaisesRegex(UserError, 'expired'):
            plan._accept({'signed_by': 'Ana', 'signature': SIGNATURE})
        self._run()
        self.assertEqual((plan.state, plan.access_token), ('cancelled', False))

    def test_a_debt_that_changed_is_not_signed(self):
        plan = self._plan()
        plan.with_user(self.collector).action_offer()
        self._pay(amount=300, invoice=self.first)
        with self.assertRaisesRegex(UserError, 'changed'):
            plan._accept({'signed_by': 'Ana', 'signature': SIGNATURE})
        self.assertFalse(plan.promise_ids)

    def test_paper_is_noted_by_the_collector(self):
        plan = self._plan()
        plan.with_user(self.collector).action_offer()
        Wizard = self.env['cobranza.plan.accept.wizard'].with_user(self.collector)
        wizard = Wizard.with_context(active_id=plan.id).create({'signed_paper': b'JVBERi0='})
        wizard.action_confirm()
        self.assertEqual((plan.state, plan.signed_by), ('active', 'Ana'))
        self.assertTrue(plan.signed_paper)
        self.assertEqual(plan.promise_ids[0].source, 'collector')

    def test_items_are_left_alone_while_the_plan_lives(self):
        self._signed()
        self._travel(days=16)  # the step of day 55 is due, and one instalment was missed
        self.assertEqual(self._run().reminder_count, 0)

    def test_what_was_signed_outlives_a_merge_of_the_debtor(self):
        plan = self._signed(count=3, conditions='<p>By hand</p>')
        before = plan.read(['schedule', 'conditions', 'amount_items', 'tolerance'])
        twin = self._debtor('Ana Ruiz')
        self._invoice(twin, amount=70)
        self._run()
        merger = self.env['base.partner.merge.automatic.wizard'].create({})
        merger._merge([self.debtor.id, twin.id], twin)
        self.env.invalidate_all()
        self.assertEqual((plan.partner_id, plan.state), (twin, 'active'))
        self.assertEqual(plan.line_ids, self._items(self.first + self.second))
        self.assertEqual(plan.read(['schedule', 'conditions', 'amount_items', 'tolerance']), before)

    # === PAYING === #

    def test_paid_in_full_it_is_completed(self):
        plan = self._signed()
        self._pay_all(plan)
        self.assertEqual(plan.state, 'completed')
        self.assertEqual(set(plan.promise_ids.mapped('state')), {'kept'})
        self.assertEqual(plan.progress, 100)

    def test_a_payment_taken_back_reopens_it(self):
        plan = self._signed()
        self._pay_all(plan)
        self._items(self.first + self.second).remove_move_reconcile()
        payment = self.env['account.payment'].search([('partner_id', '=', self.debtor.id)])
        payment.action_draft()
        self.assertEqual(plan.state, 'active')

    def test_a_promise_on_the_side_takes_no_instalment_away(self):
        plan = self._signed()
        self.case._take_promise(
            {
                'amount': 450,
                'currency_id': self.usd.id,
                'date': self._day(2),
                'line_ids': self._set(plan.line_ids),
            }
        )
        self.assertEqual(set(plan.promise_ids.mapped('state')), {'open'})

    def test_instalments_are_not_promises_too_many(self):
        self.env['cobranza.promise.policy'].search([]).active = False
        self.env['cobranza.promise.policy'].create(
            {'name': 'Two', 'company_id': self.company.id, 'max_open': 2, 'min_share': 0.5}
        )
        self._signed()

        def take():
            lines = self._items(self._invoice(amount=50, days_overdue=3))
            return self.case.with_user(self.collector)._take_promise(
                {
                    'amount': 50,
                    'currency_id': self.usd.id,
                    'date': self._day(3),
                    'line_ids': self._set(lines),
                }
            )

        self.assertEqual([take().state for _promise in range(3)], ['open', 'open', 'review'])

    def test_an_instalment_is_not_withdrawn_by_itself(self):
        plan = self._signed()
        with self.assertRaisesRegex(UserError, 'Cancel the plan'):
            plan.promise_ids[0].with_user(self.collector).action_cancel()
        self.assertEqual(plan.state, 'active')

    def test_one_missed_instalment_is_borne(self):
        plan = self._signed()
        self._travel(days=13)
        self._run()
        self.assertEqual(plan.promise_ids.sorted('date')[0].state, 'broken')
        self.assertEqual(plan.state, 'active')

    def test_beyond_tolerance_the_whole_debt_is_due_once(self):
        plan = self._signed()
        self._travel(days=20)
        self._run()
        self.assertEqual(plan.state, 'defaulted')
        states = plan.promise_ids.sorted('date').mapped('state')
        self.assertEqual(states, ['broken', 'broken', 'cancelled', 'cancelled', 'cancelled'])
        self.assertEqual(self._reminders()[-1].step_id.offset, 55, 'it is chased the same day')
        tasks = self._tasks(plan)
        self.assertEqual(tasks.user_id, self.collector)
        self.assertEqual(len(tasks), 1)
        self._travel(days=1)
        self._run()
        self.assertEqual(self._tasks(plan), tasks)

    def test_a_dispute_spares_its_amount_once_and_not_each_instalment(self):
        plan = self._signed()
        reason = self.env['cobranza.dispute.reason'].create({'name': 'Price'})
        self.case._open_disputes(self._items(self.first), {'amount': 100, 'reason_id': reason.id})
        self._travel(days=20)
        self._run()
        self.assertEqual(plan.state, 'defaulted', 'the first two were not what is in dispute')

    def test_defaulting_costs_the_same_for_many_as_for_few(self):
        def default(number):
            for name in range(number):
                debtor = self._debtor(f'Debtor {number} {name}')
                self._invoice(debtor, amount=100)
                self._run()
                self._signed(self._case(debtor), count=1, interest='flat', interest_rate=10)
            self._travel(days=20)
            before = self.env.cr.sql_log_count
            self.env['cobranza.promise']._judge(self.company)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        default(1)  # what is asked for the first time
        few = default(2)
        self.assertEqual(default(9), few)
        plans = self.env['cobranza.plan'].search([('partner_id.name', 'like', 'Debtor ')])
        self.assertEqual(plans.mapped('state'), ['defaulted'] * 12)

    def test_a_late_last_instalment_is_no_longer_borne(self):
        plan = self._signed(count=1)
        self._travel(days=20)
        self._run()
        self.assertEqual(plan.state, 'defaulted')

    def test_a_supervisor_reinstates(self):
        plan = self._signed()
        self._travel(days=20)
        self._run()
        plan.with_user(self.supervisor).action_reinstate()
        self.assertEqual(plan.state, 'active')
        self.assertEqual(len(plan.promise_ids.filtered(lambda p: p.state == 'open')), 3)
        self._travel(days=1)
        self._run()
        self.assertEqual(plan.state, 'active')

    def test_a_reinstated_plan_owes_what_fell_due_while_it_was_in_default(self):
        plan = self._signed()
        self._travel(days=20)
        self._run()
        self._travel(days=10)  # the day of the third has passed, too
        plan.with_user(self.supervisor).action_reinstate()
        promises = plan.promise_ids.sorted('date')
        self.assertEqual(promises.mapped('state'), ['broken'] * 3 + ['open'] * 2)
        self.assertEqual(plan.state, 'active')
        payment = self._pay(amount=400)
        (self._items(payment.move_id) + plan.line_ids).reconcile()
        self.assertNotEqual(plan.state, 'completed', '100 are owed yet')

    def test_a_reinstated_plan_takes_the_place_of_promises_made_since(self):
        plan = self._signed()
        self._travel(days=20)
        self._run()
        since = self.case._take_promise(
            {'amount': 500, 'currency_id': self.usd.id, 'date': self._day(5)}
        )
        self.assertEqual(since.state, 'open')
        plan.with_user(self.supervisor).action_reinstate()
        self.assertEqual((since.state, since.cancel_reason), ('cancelled', 'replaced'))

    def _pay_back_then(self, days, amount):
        """Book and apply today what the customer paid so many days ago."""
        payment = self._pay(amount=amount, days=-days)
        (self._items(payment.move_id) + self._open_items()).reconcile()
        self.env.invalidate_all()

    def _open_items(self):
        return self._items(self.first + self.second).filtered(lambda line: not line.reconciled)

    def _in_default(self, **values):
        plan = self._signed(**values)
        self._travel(days=30)
        self._run()
        self.assertEqual(plan.state, 'defaulted')
        return plan

    def test_money_that_came_in_time_undoes_the_default(self):
        plan = self._in_default()
        self._pay_back_then(21, 300)
        self.assertEqual(plan.state, 'active')
        states = plan.promise_ids.sorted('date').mapped('state')
        self.assertEqual(states, ['kept'] * 3 + ['open'] * 2)
        task = self._tasks(plan)
        self.assertEqual(task.user_id, self.collector)
        self.assertIn('in force again', task.summary, 'it is all that is asked')
        for _night in range(2):
            self._travel(days=1)
            self._run()
            self.assertEqual(plan.state, 'active')

    def test_a_payment_entered_again_undoes_the_default(self):
        plan = self._signed()
        self._travel(days=9)
        payment = self._pay(amount=300, invoice=self.first)
        self._travel(days=20)
        self._run()
        self.assertEqual(plan.state, 'active')
        payment.action_draft()
        payment.action_cancel()
        self.env.invalidate_all()
        self._run()
        self.assertEqual(plan.state, 'defaulted')
        self._pay_back_then(20, 300)
        self.assertEqual(plan.state, 'active')

    def test_what_is_paid_while_in_default_counts_when_it_is_undone(self):
        plan = self._in_default()
        self._travel(days=1)
        self._pay(amount=200, invoice=self.second)
        self.assertEqual(plan.state, 'defaulted')
        self._pay_back_then(22, 300)
        self.assertEqual(plan.state, 'completed')

    def test_money_that_came_late_leaves_the_default(self):
        plan = self._in_default()
        self._pay_back_then(5, 300)  # 25 days after the first was due with three to pay
        self.assertEqual(plan.state, 'defaulted')
        self._pay_back_then(0, 200)
        self.assertEqual(plan.state, 'defaulted')
        self._travel(days=1)
        self._run()
        self.assertEqual(plan.state, 'defaulted')

    def test_an_instalment_missed_meanwhile_is_not_overlooked(self):
        plan = self._signed(tolerance=0)
        self._travel(days=13)
        self._run()
        self.assertEqual(plan.state, 'defaulted')
        self._travel(days=17)  # the next two have passed, too
        self._run()
        self._pay_back_then(29, 100)
        self.assertEqual(plan.state, 'defaulted')

    def test_what_was_agreed_since_is_left_to_a_person(self):
        plan = self._in_default()
        promise = self.case._take_promise(
            {'amount': 500, 'currency_id': self.usd.id, 'date': self._day(5)}
        )
        self._pay_back_then(21, 300)
        self.assertEqual((plan.state, promise.state), ('defaulted', 'open'))
        self.assertIn('not in default', ' '.join(self._tasks(plan).mapped('summary')))

    def test_a_plan_is_not_reinstated_beside_one_made_since(self):
        plan = self._signed(count=6)
        self._travel(days=27)
        self._run()
        self.assertEqual(plan.state, 'defaulted')
        other = self._signed(count=3)
        with self.assertRaisesRegex(UserError, 'in another plan'):
            plan.with_user(self.supervisor).action_reinstate()
        self.assertEqual((plan.state, other.state), ('defaulted', 'active'))
        self.assertNotIn('open', plan.promise_ids.mapped('state'))

    def test_a_plan_is_not_reinstated_over_a_dispute(self):
        plan = self._signed()
        self._travel(days=20)
        self._run()
        reason = self.env['cobranza.dispute.reason'].create({'name': 'Price'})
        self.case._open_disputes(self._items(self.first), {'reason_id': reason.id})
        with self.assertRaisesRegex(UserError, 'in dispute'):
            plan.with_user(self.supervisor).action_reinstate()
        self.assertEqual(plan.state, 'defaulted')

    def test_a_plan_with_a_paid_item_is_reinstated(self):
        plan = self._signed()
        self._travel(days=20)
        self._run()
        self._pay(amount=300, invoice=self.first)
        plan.with_user(self.supervisor).action_reinstate()
        self.assertEqual(plan.state, 'active')

    def test_what_was_signed_is_cancelled_by_a_supervisor(self):
        plan = self._signed()
        with self.assertRaisesRegex(AccessError, 'Only a supervisor cancels'):
            plan.with_user(self.collector).action_cancel()
        self.assertEqual(plan.state, 'active')
        plan.with_user(self.supervisor).action_cancel()
        self.assertEqual(plan.state, 'cancelled')

    def test_an_offer_is_cancelled_by_the_collector(self):
        plan = self._plan()
        plan.with_user(self.collector).action_offer()
        plan.with_user(self.collector).action_cancel()
        self.assertEqual(plan.state, 'cancelled')

    def test_cancelled_by_a_person_the_debt_is_chased(self):
        plan = self._signed()
        plan.with_user(self.supervisor).action_cancel()
        self.assertEqual(plan.state, 'cancelled')
        self.assertEqual(set(plan.promise_ids.mapped('state')), {'cancelled'})
