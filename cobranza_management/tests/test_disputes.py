"""Disputes: what they hold back, who settles them, what the daily cycle does with them."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .dispute_common import DisputeCommon


@tagged('post_install', '-at_install')
class TestDisputes(DisputeCommon):
    # === WHAT IS HELD BACK === #

    def test_the_whole_item_by_default_and_then_the_rest(self):
        invoice = self._invoice(amount=100)
        self._dispute(invoice, 30)
        self.assertEqual(self._dispute(invoice).amount, 70)
        self.assertEqual(self.case.amount_disputed, 100)
        self.assertEqual(self.case.amount_claim, 0)

    def test_never_more_than_what_is_left(self):
        invoice = self._invoice(amount=100)
        with (
            self.assertRaisesRegex(ValidationError, r'Only \$.100\.00'),
            self.env.cr.savepoint(),
        ):
            self._dispute(invoice, 100.01)
        self._dispute(invoice, 60)
        with self.assertRaisesRegex(ValidationError, r'Only \$.40\.00'):
            self._dispute(invoice, 50)

    def test_two_at_once_do_not_slip_above_the_item_together(self):
        line = self._items(self._invoice(amount=100))
        values = {
            'amount': 60,
            'case_id': self.case.id,
            'line_id': line.id,
            'reason_id': self.reason.id,
        }
        with self.assertRaises(ValidationError):
            self.env['cobranza.dispute'].create([values, values])

    def test_a_payment_leaves_no_more_in_dispute_than_is_owed(self):
        invoice = self._invoice(amount=100)
        first, second = self._dispute(invoice, 50), self._dispute(invoice, 30)
        self._pay(amount=45, invoice=invoice)
        self.assertEqual((first.amount_held, second.amount_held), (50, 5))
        self.assertEqual((self.case.amount_disputed, self.case.amount_claim), (55, 0))
        self.assertEqual((first.amount, second.amount), (50, 30), 'what was disputed is kept')

    def test_undoing_the_payment_puts_it_back(self):
        invoice = self._invoice(amount=100)
        dispute = self._dispute(invoice, 50)
        payment = self._pay(amount=80, invoice=invoice)
        self.assertEqual(dispute.amount_held, 20)
        self._items(payment.move_id).remove_move_reconcile()
        self.assertEqual((dispute.amount_held, self.case.amount_disputed), (50, 50))

    def test_a_part_in_another_currency_counts_at_the_documents_rate(self):
        dispute = self._dispute(self._invoice(amount=90000, currency=self.clp), 45000)
        self.assertEqual(dispute.currency_id, self.clp)
        self.assertAlmostEqual(dispute.amount_company, 50)
        self.assertAlmostEqual(self.case.amount_disputed, 50)
        self.assertAlmostEqual(self.case.amount_claim, 50)

    def test_a_closed_dispute_holds_nothing(self):
        invoice = self._invoice(amount=100)
        dispute = self._dispute(invoice, 30)
        dispute._resolve('reject', {})
        self.assertEqual((dispute.amount_held, self.case.amount_disputed), (0, 0))
        self.assertEqual(self.case.amount_claim, 100)
        self._dispute(invoice, 100)

    # === REASONS === #

    def test_a_reason_names_owner_deadline_and_instructions(self):
        self.reason.write(
            {'answer_days': 3, 'instructions': 'Ask for the order', 'user_id': self.supervisor.id}
        )
        dispute = self._dispute(self._invoice())
        self.assertEqual((dispute.user_id, dispute.deadline), (self.supervisor, self._day(3)))
        self.assertEqual(dispute.instructions, 'Ask for the order')

    def test_without_an_owner_the_teams_supervisor_and_then_the_collector(self):
        self.assertEqual(self._dispute(self._invoice()).user_id, self.collector)
        self.reason.team_id = self.env['cobranza.team'].create(
            {'name': 'Claims', 'company_id': self.company.id, 'supervisor_id': self.supervisor.id}
        )
        self.assertEqual(self._dispute(self._invoice()).user_id, self.supervisor)

    def test_the_owner_of_a_reason_is_each_companys_own(self):
        other = self._company('Iberia', 'ES', self.usd)
        self.reason.with_company(other).user_id = self.supervisor
        self.assertEqual(self._dispute(self._invoice()).user_id, self.collector)

    # === SETTLING: WITHOUT MONEY === #

    def test_rejecting_keeps_who_when_and_why(self):
        dispute = self._dispute(self._invoice())
        self._travel(days=4)
        dispute.with_user(self.collector)._resolve('reject', {'note': 'The price was agreed'})
        self.assertRecordValues(
            dispute,
            [
                {
                    'days_to_resolve': 4,
                    'resolution_note': 'The price was agreed',
                    'resolved_by_id': self.collector.id,
                    'resolved_date': self._day(),
                    'state': 'rejected',
                }
            ],
        )

    def test_it_is_settled_once(self):
        dispute = self._dispute(self._invoice())
        dispute._resolve('withdraw', {})
        self.assertEqual(dispute.withdrawal, 'customer')
        with self.assertRaisesRegex(UserError, 'settled already'):
            dispute._resolve('reject', {})

    def test_what_was_rejected_can_be_opened_again(self):
        dispute = self._dispute(self._invoice(amount=100), 40)
        dispute._resolve('reject', {})
        dispute.action_reopen()
        self.assertEqual((dispute.state, dispute.amount_held), ('open', 40))
        self.assertFalse(dispute.resolved_date)

    def test_an_item_that_is_paid_cannot_be_opened_again(self):
        invoice = self._invoice(amount=100)
        dispute = self._dispute(invoice)
        dispute._resolve('reject', {})
        self._pay(invoice=invoice, amount=100)
        with self.assertRaisesRegex(UserError, 'Nothing is left'):
            dispute.action_reopen()

    # === THE DAILY CYCLE === #

    def test_a_dispute_of_a_paid_item_is_withdrawn_as_settled(self):
        invoice = self._invoice(amount=100)
        dispute = self._dispute(invoice, 30)
        self._pay(amount=100, invoice=invoice)
        self.assertEqual(dispute.amount_held, 0)
        self._run()
        self.assertEqual((dispute.state, dispute.withdrawal), ('withdrawn', 'settled'))

    def test_an_accepted_one_whose_item_is_settled_ends_accepted(self):
        opening = self._opening(100)
        dispute = self._dispute(opening)
        dispute._resolve('accept', {})
        entry = self._opening(100, credit=True)
        self._items(opening + entry).reconcile()
        self._run()
        self.assertEqual(dispute.state, 'accepted')

    def test_its_owner_is_told_once_that_it_is_late(self):
        dispute = self._dispute(self._invoice(), deadline=self._day(2), user_id=self.supervisor.id)
        for _day in range(5):
            self._run()
            self._travel(days=1)
        self.assertTrue(dispute.is_late)
        self.assertEqual(self.case.activity_ids.user_id, self.supervisor)
        self.assertEqual(len(self.case.activity_ids), 1)
        dispute.deadline = self._day(1)
        self._travel(days=2)
        self._run()
        self.assertEqual(len(self.case.activity_ids), 2, 'a new deadline is a new promise')
        dispute._resolve('reject', {})
        self.assertEqual(len(self.case.activity_ids), 1, 'the alert goes with the dispute')

    def test_statements_do_not_grow_with_disputes(self):
        counts = []
        for many in (2, 12):
            for _number in range(many):
                paid, late = self._invoice(), self._invoice()
                self._dispute(paid)
                self._dispute(late, deadline=self._day(-1))
                self._pay(amount=100, invoice=paid)
            run = self._run()
            counts.append(run.phase_ids.filtered(lambda p: p.name == 'disputes').statement_count)
        self.assertLessEqual(counts[1], counts[0] + 4)

    def test_another_companys_disputes_are_left_alone(self):
        other = self._company('Iberia', 'ES', self.usd)
        invoice = self._invoice()
        dispute = self._dispute(invoice)
        self._pay(amount=100, invoice=invoice)
        self._run(other)
        self.assertEqual(dispute.state, 'open')
