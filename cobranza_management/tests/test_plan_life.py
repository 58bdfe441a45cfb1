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

    # === CANCELLED === #

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
