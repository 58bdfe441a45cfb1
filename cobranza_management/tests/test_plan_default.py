"""A plan in default, and the ways back from it."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_plan import PlanCommon


@tagged('post_install', '-at_install')
class TestPlanDefault(PlanCommon):
    # === DEFAULT === #

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

    # === THE WAY BACK === #

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
        link = plan.access_token
        self.assertTrue(link)
        self._pay_back_then(21, 300)
        self.assertEqual(plan.state, 'active')
        states = plan.promise_ids.sorted('date').mapped('state')
        self.assertEqual(states, ['kept'] * 3 + ['open'] * 2)
        self.assertEqual(plan.access_token, link, 'the customer has it in an e-mail')
        task = self._tasks(plan)
        self.assertEqual(task.user_id, self.collector)
        self.assertIn('in force again', task.summary, 'it is all that is asked')
        for _night in range(2):
            self._travel(days=1)
            self._run()
            self.assertEqual(plan.state, 'active')

    def test_a_plan_that_cannot_come_back_stops_no_payment(self):
        plan = self._in_default()
        with (
            patch.object(type(plan), '_judge_again', side_effect=ValueError),
            mute_logger('odoo.addons.cobranza_management.models.cobranza_plan_reinstate'),
        ):
            self._pay_back_then(21, 300)
        self.assertEqual(plan.state, 'defaulted')
        self.assertTrue([t for t in self._tasks(plan) if 'was not in default' in t.summary])

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

    def test_a_promise_that_was_broken_since_does_not_stand_in_the_way(self):
        plan = self._in_default()
        promise = self.case._take_promise(
            {'amount': 500, 'currency_id': self.usd.id, 'date': self._day(1)}
        )
        self._travel(days=10)
        self._run()
        self._pay_back_then(31, 300)
        self.assertEqual((plan.state, promise.state), ('active', 'broken'))

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
