"""Plans and the books: interest, discount, currencies without decimals, taxes."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_plan import PlanCommon


@tagged('post_install', '-at_install')
class TestPlanLedger(PlanCommon):
    # === INTEREST === #

    def test_interest_is_invoiced_once_and_paid_with_the_instalments(self):
        plan = self._signed(interest='flat', interest_rate=10)
        invoice = plan.interest_move_id
        self.assertEqual((invoice.state, invoice.amount_total), ('posted', 50))
        self.assertEqual(invoice.invoice_date_due, plan.last_date)
        self.assertEqual(plan.amount_total, 550)
        self.assertEqual(plan.amount_items, 500, 'the items stay those that were signed')
        self.assertIn(self._items(invoice), plan.promise_ids[0].line_ids)
        self._pay_all(plan)
        self.assertEqual(plan.state, 'completed')
        self.assertEqual(self.case.amount_open, 0)
        self.assertEqual(
            self.env['account.move'].search_count([('cobranza_plan_id', '=', plan.id)]), 1
        )

    def test_interest_waits_for_the_accountant_when_the_company_says_so(self):
        self.company.cobranza_plan_post_interest = False
        self.company.cobranza_plan_accountant_id = self.accountant
        plan = self._signed(interest='annual', interest_rate=24)
        self.assertEqual(plan.interest_move_id.state, 'draft')
        self.assertEqual(self._tasks(plan).user_id, self.accountant)
        plan.interest_move_id.action_post()
        self.assertIn(self._items(plan.interest_move_id), plan.promise_ids[0].line_ids)

    def test_interest_posted_when_the_rest_is_paid_is_owed_like_it(self):
        self.company.cobranza_plan_post_interest = False
        plan = self._signed(interest='flat', interest_rate=10)
        payment = self._pay(amount=500)
        (self._items(payment.move_id) + plan.line_ids).reconcile()
        self.assertEqual(plan.state, 'completed')
        plan.interest_move_id.action_post()
        self.assertEqual(plan.state, 'active', 'the interest is not paid yet')
        self.assertEqual(self.case.amount_open, 50)
        self._pay(amount=50, invoice=plan.interest_move_id)
        self.assertEqual(plan.state, 'completed')
        self.assertEqual(self.case.amount_open, 0)

    def test_interest_posted_after_its_day_can_still_be_paid_in_time(self):
        self.company.cobranza_plan_post_interest = False
        plan = self._signed(interest='flat', interest_rate=30)  # more than one instalment
        payment = self._pay(amount=500)
        (self._items(payment.move_id) + plan.line_ids).reconcile()
        self._travel(days=60)
        plan.interest_move_id.action_post()
        self.assertEqual(plan.state, 'active', 'the house was late, not the customer')
        late = plan.promise_ids.filtered(lambda promise: promise.state == 'open')
        self.assertEqual(sum(late.mapped('amount')) - sum(late.mapped('paid_amount')), 150)
        self.assertEqual(set(late.mapped('date')), {self._day(10)})
        self._travel(days=9)
        self._pay(amount=150, invoice=plan.interest_move_id)
        self.assertEqual(plan.state, 'completed')

    def test_interest_posted_after_its_day_and_not_paid_is_a_default(self):
        self.company.cobranza_plan_post_interest = False
        plan = self._signed(interest='flat', interest_rate=10)
        payment = self._pay(amount=500)
        (self._items(payment.move_id) + plan.line_ids).reconcile()
        self._travel(days=60)
        plan.interest_move_id.action_post()
        self._travel(days=14)
        self._run()
        self.assertEqual(plan.state, 'defaulted')

    def test_taxes_are_inside_the_interest_agreed(self):
        tax = (
            self.env['account.tax']
            .with_company(self.company)
            .create(
                {
                    'name': 'VAT',
                    'amount': 19,
                    'company_id': self.company.id,
                    'country_id': self.company.country_id.id,
                    'tax_group_id': self.env['account.tax.group']
                    .create({'name': 'VAT', 'company_id': self.company.id})
                    .id,
                    'repartition_line_ids': [
                        (
                            0,
                            0,
                            {
                                'document_type': kind,
                                'repartition_type': part,
                                'account_id': account,
                            },
                        )
                        for kind in ('invoice', 'refund')
                        for part, account in (
                            ('base', False),
                            ('tax', self._journal('sale').default_account_id.id),
                        )
                    ],
                }
            )
        )
        self.company.cobranza_plan_interest_product_id = self.env['product.product'].create(
            {'name': 'Interest', 'taxes_id': [(6, 0, tax.ids)], 'type': 'service'}
        )
        for rate in (3.21, 7.77, 11.13):
            with self.subTest(rate=rate):
                plan = self._signed(interest='flat', interest_rate=rate)
                self.assertEqual(plan.interest_move_id.amount_total, plan.amount_interest)
                self.assertGreater(plan.interest_move_id.amount_tax, 0)
                plan.interest_move_id.button_draft()
                plan.interest_move_id.button_cancel()
                plan._end('cancelled')

    def test_default_asks_about_interest_that_will_not_come(self):
        self.company.cobranza_plan_accountant_id = self.accountant
        plan = self._signed(interest='flat', interest_rate=10)
        self._travel(days=20)
        self._run()
        self.assertEqual(plan.state, 'defaulted')
        self.assertIn(self.accountant, self._tasks(plan).user_id)

    def test_a_default_asks_one_thing_about_interest_that_is_a_draft(self):
        self.company.cobranza_plan_post_interest = False
        self.company.cobranza_plan_accountant_id = self.accountant
        plan = self._signed(interest='flat', interest_rate=10)
        self._travel(days=20)
        self._run()
        self.assertEqual((plan.state, plan.interest_move_id.state), ('defaulted', 'draft'))
        [task] = self._tasks(plan).filtered(lambda task: task.user_id == self.accountant)
        self.assertIn('delete the draft', task.summary)
        plan.with_user(self.supervisor).action_reinstate()
        [task] = self._tasks(plan).filtered(lambda task: task.user_id == self.accountant)
        self.assertIn('Post the interest', task.summary)

    def test_a_plan_that_is_cancelled_asks_about_its_interest(self):
        self.company.cobranza_plan_accountant_id = self.accountant
        plan = self._signed(interest='flat', interest_rate=10)
        plan.with_user(self.supervisor).action_cancel()
        [task] = self._tasks(plan)
        self.assertEqual(task.user_id, self.accountant)
        self.assertIn('credit the interest', task.summary)

    # === DISCOUNT === #

    def test_the_discount_closes_the_debt_when_all_is_paid(self):
        self.company.cobranza_plan_accountant_id = self.accountant
        plan = self._signed(discount_share=20)
        self.assertEqual((plan.amount_total, plan.amount_discount), (400, 100))
        self._pay_all(plan)
        self.assertEqual(plan.state, 'completed')
        self._run()
        credit = plan.discount_move_id
        self.assertEqual(
            (credit.state, credit.amount_total, credit.move_type), ('draft', 100, 'out_refund')
        )
        self.assertIn(self.accountant, self._tasks(plan).user_id)
        self._travel(days=60)
        self.assertEqual(self._run().reminder_count, 0, 'what was forgiven is not chased')
        self.assertEqual(plan.discount_move_id, credit, 'it is prepared once')
        credit.action_post()
        self.assertEqual(self.case.amount_open, 0)
        self.assertFalse(plan.discount_pending)
        self.assertEqual(plan.state, 'completed')

    def test_the_discount_pays_the_interest_that_is_left(self):
        plan = self._signed(count=3, discount_share=10, interest='flat', interest_rate=10)
        interest = plan.interest_move_id
        self._pay_all(plan)
        self._run()
        self.assertEqual((plan.state, plan.amount_total), ('completed', 495))
        self.assertEqual(interest.amount_residual, 45)
        self._travel(days=60)
        self.assertEqual(self._run().reminder_count, 0, 'what was forgiven is not chased')
        plan.discount_move_id.action_post()
        moves = self.first + self.second + interest + plan.discount_move_id
        self.assertEqual(moves.mapped('amount_residual'), [0] * 4)
        self.assertEqual(self.case.amount_open, 0)

    def _payments(self):
        return self.env['account.payment'].search([('partner_id', '=', self.debtor.id)])

    def _take_back(self, payment):
        self._items(payment.move_id).remove_move_reconcile()
        payment.action_draft()
        payment.action_cancel()
        self.env.invalidate_all()

    def test_nobody_is_asked_to_forgive_once_the_payment_is_taken_back(self):
        self.company.cobranza_plan_accountant_id = self.accountant
        plan = self._signed(discount_share=20)
        for _time in range(2):
            self._pay_all(plan)
            self._run()
            [task] = self._tasks(plan).filtered(lambda task: task.user_id == self.accountant)
            self.assertIn('Post the discount', task.summary)
            payment = self._payments().filtered(lambda one: one.state != 'canceled')
            self._take_back(payment)
            self.assertEqual(plan.state, 'active')
            self.assertNotIn(self.accountant, self._tasks(plan).user_id)

    def test_a_discount_that_was_posted_is_taken_back_when_the_plan_ends_early(self):
        self.company.cobranza_plan_accountant_id = self.accountant
        plan = self._signed(discount_share=20)
        self._pay_all(plan)
        self._run()
        plan.discount_move_id.action_post()
        self._tasks(plan).action_done()
        self._take_back(self._payments())
        self.assertEqual(plan.state, 'active')
        self._travel(days=60)
        self._run()
        self.assertEqual(plan.state, 'defaulted')
        [task] = self._tasks(plan).filtered(lambda task: task.user_id == self.accountant)
        self.assertIn('its discount is lost', task.summary)

    def test_no_more_is_forgiven_than_is_left(self):
        for returned, forgiven in ((30, 70), (100, 0)):
            with self.subTest(returned=returned):
                debtor = self._debtor(f'Returns {returned}')
                invoice = self._invoice(debtor, amount=500)
                self._run()
                case = self._case(debtor)
                case.user_id = self.collector
                plan = self._signed(case, discount_share=20)
                self._refund(debtor, returned, invoice)
                self._pay(debtor, amount=400, invoice=invoice)
                self.assertEqual(plan.state, 'completed')
                self._run()
                self.assertEqual(plan.discount_move_id.amount_total, forgiven)
                self.assertEqual(plan.discount_pending, bool(forgiven))

    def test_the_interest_of_a_plan_goes_into_no_other(self):
        self._signed(interest='flat', interest_rate=10)
        self.assertFalse(self.case._plannable_items())

    def test_a_discount_taken_back_to_draft_is_not_chased(self):
        self.company.cobranza_plan_accountant_id = self.accountant
        plan = self._signed(discount_share=20)
        self._pay_all(plan)
        self._run()
        plan.discount_move_id.action_post()
        self._tasks(plan).action_done()
        plan.discount_move_id.button_draft()
        self.assertEqual(plan.state, 'completed')
        self.assertTrue(plan.discount_pending)
        self.assertIn(self.accountant, self._tasks(plan).user_id)
        self._travel(days=60)
        self.assertEqual(self._run().reminder_count, 0, 'what was forgiven is not chased')
        plan.discount_move_id.action_post()
        self.assertEqual(self.case.amount_open, 0)

    def test_a_discount_that_is_cancelled_is_prepared_again(self):
        plan = self._signed(discount_share=20)
        self._pay_all(plan)
        self._run()
        cancelled = plan.discount_move_id
        cancelled.button_cancel()
        self._travel(days=1)
        self._run()
        self.assertEqual(plan.discount_move_id.state, 'draft')
        self.assertNotEqual(plan.discount_move_id, cancelled)

    def test_a_discount_that_cannot_be_credited_is_one_task(self):
        self.company.cobranza_plan_accountant_id = self.accountant
        plan = self._signed(discount_share=20)
        self._pay_all(plan)
        before = self._tasks(plan)
        fails = patch.object(type(plan), '_credit_discount', side_effect=ValueError('no journal'))
        with fails, mute_logger('odoo.addons.cobranza_management.models.cobranza_plan_ledger'):
            for _night in range(3):
                self._travel(days=1)
                self._run()
        self.assertEqual(len(self._tasks(plan) - before), 1)

    def test_no_discount_without_the_last_instalment(self):
        plan = self._signed(discount_share=20)
        payment = self._pay(amount=300, invoice=self.first)
        self.assertEqual(plan.state, 'active')
        self.assertFalse(plan.discount_move_id, payment.name)
        self._travel(days=60)
        self._run()
        self.assertEqual((plan.state, plan.discount_move_id.id), ('defaulted', False))

    # === CURRENCIES === #

    def test_pesos_have_no_cents(self):
        debtor = self._debtor('Chile')
        self._invoice(debtor, amount=1000, currency=self.clp)
        self._invoice(debtor, amount=70)
        self._run()
        case = self._case(debtor)
        case.user_id = self.collector
        plan = self._signed(case, currency_id=self.clp.id, count=3, down_payment=99)
        self.assertEqual(plan.line_ids.currency_id, self.clp)
        self.assertEqual(plan.promise_ids.sorted('date').mapped('amount'), [99, 300, 300, 301])
        self._pay_all(plan)
        self.assertEqual(plan.state, 'completed')
        self.assertEqual(case.amount_open, 70, 'the dollars are not part of it')

    def test_what_is_rounded_to_five_centimes_adds_up(self):
        francs = self.env['res.currency'].create({'name': 'XFR', 'symbol': 'x', 'rounding': 0.05})
        self._rate(self.company, francs, 1)
        debtor = self._debtor('Geneva')
        self._invoice(debtor, amount=100, currency=francs)
        self._run()
        case = self._case(debtor)
        case.user_id = self.collector
        plan = self._signed(case, currency_id=francs.id, count=3, interest='flat', interest_rate=1)
        amounts = plan.promise_ids.sorted('date').mapped('amount')
        self.assertEqual(amounts, [33.6, 33.6, 33.8])
        self.assertEqual(plan.interest_move_id.amount_total, 1)
        self._pay_all(plan)
        self.assertEqual((plan.state, case.amount_open), ('completed', 0))

    def test_each_company_invoices_in_its_own_books(self):
        other = self._company('Iberia', 'ES', self.usd)
        self._invoice(amount=400, company=other)
        self._run(other)
        case = self._case(company=other)
        plan = self._plan(case, user=self.env.user, interest='flat', interest_rate=10)
        self.assertEqual(plan.amount_items, 400)
        plan.action_offer()
        plan._accept({'signed_by': 'Ana'})
        self.assertEqual(plan.interest_move_id.company_id, other)
        self.assertEqual(plan.interest_move_id.journal_id.company_id, other)
