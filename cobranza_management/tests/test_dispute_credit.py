"""Accepting a dispute: its credit note or entry, and what the books say of it."""

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .dispute_common import DisputeCommon

MUTED = 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule'


@tagged('post_install', '-at_install')
class TestDisputeCredit(DisputeCommon):
    # === SETTLING: WITH A CREDIT NOTE === #

    def test_the_whole_invoice_is_credited_by_odoos_assistant(self):
        invoice = self._invoice(amount=100)
        dispute = self._dispute(invoice)
        credit = dispute.with_user(self.biller)._resolve('accept', {'note': 'Agreed'})
        self.assertEqual((credit.move_type, credit.state), ('out_refund', 'draft'))
        self.assertEqual((credit.reversed_entry_id, credit.amount_total), (invoice, 100))
        self.assertIn('Price', credit.ref)
        self.assertEqual((dispute.state, dispute.waits_for), ('open', 'credit_note'))
        self.assertEqual(self.case.amount_claim, 0, 'not claimed while the draft waits')
        credit.action_post()
        self.assertEqual((dispute.state, dispute.amount_accepted), ('accepted', 100))
        self.assertEqual(dispute.resolved_by_id, self.biller)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(self.case.amount_open, 0)

    def test_a_part_is_credited_and_the_rest_is_claimed_at_once(self):
        invoice = self._invoice(amount=100)
        dispute = self._dispute(invoice, 60)
        credit = dispute.with_user(self.biller)._resolve('accept', {'amount': 25})
        self.assertEqual(credit.amount_total, 25)
        self.assertEqual(self.case.amount_claim, 75)
        credit.action_post()
        self.assertEqual((dispute.state, dispute.amount_accepted), ('partial', 25))
        self.assertEqual((invoice.amount_residual, self.case.amount_claim), (75, 75))

    def test_a_part_is_exact_with_taxes_and_many_lines(self):
        invoice = self._invoice(amount=33.33, post=False)
        invoice.invoice_line_ids.tax_ids = self._tax(amount=19)
        for price in (7.77, 12.49):
            invoice.invoice_line_ids[0].copy(
                {'move_id': invoice.id, 'price_unit': price, 'quantity': 3}
            )
        invoice.action_post()
        for amount in (0.03, 10, 17.53, 41.01):
            with self.subTest(amount=amount):
                dispute = self._dispute(invoice, amount)
                credit = dispute.with_user(self.biller)._resolve('accept', {})
                self.assertAlmostEqual(credit.amount_total, amount)
                self.assertAlmostEqual(credit.amount_tax, amount - amount / 1.19, delta=0.03)
                credit.action_post()
                self.assertEqual(dispute.state, 'accepted')

    def _tax(self, **tax):
        values = {'company_id': self.company.id, 'country_id': self.env.ref('base.co').id}
        group = self.env['account.tax.group'].create({'name': 'VAT', **values})
        return self.env['account.tax'].create(
            {'name': 'Tax', 'tax_group_id': group.id, **values, **tax}
        )

    def test_a_tax_of_so_much_a_unit_is_credited_in_proportion(self):
        invoice = self._invoice(amount=10, post=False)
        invoice.invoice_line_ids.write(
            {'quantity': 10, 'tax_ids': self._tax(amount=1, amount_type='fixed').ids}
        )
        invoice.action_post()
        for amount, tax in ((55, 5), (22, 2), (33, 3)):
            with self.subTest(amount=amount):
                dispute = self._dispute(invoice, amount)
                credit = dispute.with_user(self.biller)._resolve('accept', {})
                self.assertRecordValues(credit, [{'amount_total': amount, 'amount_tax': tax}])
                self.assertEqual(len(credit.invoice_line_ids), 1, 'no line for cents')
                credit.unlink()
                dispute._close('withdrawn')

    def test_a_share_of_one_unit_bears_its_share_of_the_tax(self):
        invoice = self._invoice(amount=90, post=False)
        taxes = self._tax(amount=9, amount_type='fixed', name='Fee') + self._tax(amount=10)
        invoice.invoice_line_ids.tax_ids = taxes
        invoice.action_post()  # 90 + 9 + 9
        credit = self._dispute(invoice, 36).with_user(self.biller)._resolve('accept', {})
        self.assertAlmostEqual(credit.amount_total, 36)
        self.assertAlmostEqual(credit.amount_tax, 6, delta=0.05)

    def test_a_part_in_pesos(self):
        invoice = self._invoice(amount=90001, currency=self.clp)
        credit = self._dispute(invoice, 45001).with_user(self.biller)._resolve('accept', {})
        self.assertEqual((credit.currency_id, credit.amount_total), (self.clp, 45001))
        credit.action_post()
        self.assertEqual(invoice.amount_residual, 45000)

    def test_the_disputed_instalment_is_credited_and_no_other(self):
        invoice = self._invoice(amount=100, instalments=[(40, 50), (10, 50)])
        credit = self._dispute(invoice, 30, number=1).with_user(self.biller)._resolve('accept', {})
        credit.action_post()
        self.assertEqual(self._items(invoice).mapped('amount_residual'), [50, 20])

    def test_a_draft_that_is_deleted_leaves_the_dispute_open(self):
        dispute = self._dispute(self._invoice())
        credit = dispute.with_user(self.biller)._resolve('accept', {})
        with self.assertRaisesRegex(UserError, 'being prepared'):
            dispute._resolve('reject', {})
        credit.unlink()
        self.assertEqual((dispute.state, dispute.waits_for), ('open', 'credit_note'))
        action = dispute.with_user(self.biller).action_make_credit_note()
        self.assertEqual(dispute.credit_move_id.id, action['res_id'])

    def test_a_credit_note_that_is_undone_opens_the_dispute_again(self):
        dispute = self._dispute(self._invoice())
        credit = dispute.with_user(self.biller)._resolve('accept', {})
        credit.action_post()
        credit.button_draft()
        self._run()
        self.assertEqual((dispute.state, dispute.resolved_date), ('open', False))
        credit.action_post()
        self.assertEqual(dispute.state, 'accepted')
        credit.button_draft()
        credit.unlink()
        self.assertEqual((dispute.waits_for, dispute.amount_held), ('credit_note', 100))

    def test_a_smaller_credit_note_accepts_a_part(self):
        dispute = self._dispute(self._invoice(amount=100))
        credit = dispute.with_user(self.biller)._resolve('accept', {})
        credit.invoice_line_ids.price_unit = 80
        credit.action_post()
        self.assertEqual((dispute.state, dispute.amount_accepted), ('partial', 80))

    def test_only_what_is_in_dispute_can_be_accepted(self):
        dispute = self._dispute(self._invoice(amount=100), 60)
        for amount in (60.01, -1):
            with self.subTest(amount=amount), self.assertRaisesRegex(UserError, r'up to \$.60'):
                dispute._resolve('accept', {'amount': amount})

    def test_an_owner_who_may_not_invoice_leaves_a_task(self):
        dispute = self._dispute(self._invoice())
        credit = dispute.with_user(self.collector)._resolve('accept', {'accountant': self.biller})
        self.assertFalse(credit)
        self.assertEqual((dispute.state, dispute.waits_for), ('open', 'credit_note'))
        self.assertEqual(self.case.activity_ids.user_id, self.biller)
        self.assertIn('100.00', self.case.activity_ids.summary)
        dispute.with_user(self.biller).action_make_credit_note()
        dispute.credit_move_id.with_user(self.biller).action_post()
        self.assertEqual(dispute.state, 'accepted')

    @mute_logger(*MUTED)
    def test_a_credit_note_takes_the_right_to_invoice(self):
        dispute = self._dispute(self._invoice())
        dispute.with_user(self.collector)._resolve('accept', {})
        with self.assertRaises(AccessError):
            dispute.with_user(self.collector).action_make_credit_note()

    def test_the_task_to_credit_is_never_proposed_to_who_would_not_see_it(self):
        invoice = self._invoice()
        invoice.invoice_user_id = self.biller
        Wizard = self.env['cobranza.dispute.resolve.wizard'].with_user(self.collector)
        dispute = self._dispute(invoice)
        self.assertEqual(Wizard.create({'dispute_id': dispute.id}).accountant_id, self.biller)
        self.biller.active = False
        self.assertFalse(Wizard.create({'dispute_id': dispute.id}).accountant_id & self.biller)
        invoice.invoice_user_id = False
        self.company.cobranza_plan_accountant_id = self._user(
            'ledger', 'account.group_account_invoice'
        )
        self.env.cr.execute(
            'UPDATE account_move SET create_uid = %s WHERE id = %s', [SUPERUSER_ID, invoice.id]
        )
        self.env.invalidate_all()
        proposed = Wizard.create({'dispute_id': dispute.id}).accountant_id
        self.assertEqual(proposed, self.company.cobranza_plan_accountant_id)

    def test_a_credit_note_made_on_the_invoice_settles_what_was_accepted(self):
        invoice = self._invoice(amount=100)
        dispute = self._dispute(invoice)
        dispute.with_user(self.collector)._resolve('accept', {'amount': 40})
        reversal = self.env['account.move.reversal'].create(
            {
                'company_id': self.company.id,
                'journal_id': invoice.journal_id.id,
                'move_ids': invoice.ids,
            }
        )
        reversal.refund_moves()
        reversal.new_move_ids.invoice_line_ids.price_unit = 40
        self.assertEqual(dispute.state, 'open')
        reversal.new_move_ids.action_post()
        self.assertEqual((dispute.state, dispute.amount_accepted), ('partial', 40))
        self.assertEqual(dispute.credit_move_id, reversal.new_move_ids)

    def _credit_by_hand(self, invoice, amount):
        """Post a credit note that somebody who invoices makes on the invoice itself."""
        reversal = (
            self.env['account.move.reversal']
            .with_user(self.biller)
            .create(
                {
                    'company_id': self.company.id,
                    'journal_id': invoice.journal_id.id,
                    'move_ids': invoice.ids,
                }
            )
        )
        reversal.refund_moves()
        reversal.new_move_ids.invoice_line_ids.price_unit = amount
        reversal.new_move_ids.action_post()
        return reversal.new_move_ids

    def test_crediting_just_what_is_disputed_decides_the_dispute(self):
        invoice = self._invoice(amount=100)
        dispute = self._dispute(invoice, 40)
        credit = self._credit_by_hand(invoice, 40)
        self.assertRecordValues(
            dispute,
            [
                {
                    'amount_accepted': 40,
                    'amount_held': 0,
                    'credit_move_id': credit.id,
                    'resolved_by_id': self.biller.id,
                    'state': 'accepted',
                }
            ],
        )
        self.assertEqual((invoice.amount_residual, self.case.amount_claim), (60, 60))
        credit.button_draft()
        self.assertEqual((dispute.state, dispute.decision), ('open', 'accepted'))

    def test_crediting_another_amount_leaves_the_dispute_to_its_owner(self):
        invoice = self._invoice(amount=100)
        dispute = self._dispute(invoice, 40)
        self._credit_by_hand(invoice, 15)
        self.assertEqual((dispute.state, dispute.waits_for), ('open', 'decision'))
        self.assertFalse(dispute.credit_move_id)
        self.assertEqual((self.case.amount_disputed, self.case.amount_claim), (40, 45))

    def test_a_credit_note_goes_to_the_accepted_dispute_before_an_undecided_one(self):
        invoice = self._invoice(amount=100)
        undecided, accepted = self._dispute(invoice, 40), self._dispute(invoice, 50)
        accepted.with_user(self.collector)._resolve('accept', {'amount': 40})
        self._credit_by_hand(invoice, 40)
        self.assertEqual((undecided.state, accepted.state), ('open', 'partial'))

    def test_a_credit_note_of_just_what_is_disputed_is_about_that_dispute(self):
        invoice = self._invoice(amount=100)
        accepted, undecided = self._dispute(invoice, 50), self._dispute(invoice, 40)
        accepted.with_user(self.collector)._resolve('accept', {})
        self._credit_by_hand(invoice, 40)
        self.assertEqual((undecided.state, accepted.state), ('accepted', 'open'))
        self._credit_by_hand(invoice, 50)
        self.assertEqual(accepted.state, 'accepted')

    def test_who_paid_all_the_same_is_still_owed_the_credit_note(self):
        invoice = self._invoice(amount=100)
        dispute = self._dispute(invoice, 30)
        dispute.with_user(self.collector)._resolve('accept', {})
        self._pay(amount=100, invoice=invoice)
        self._run()
        self.assertEqual((dispute.state, dispute.waits_for), ('open', 'credit_note'))

    def test_an_acceptance_may_be_taken_back_while_nothing_is_drafted(self):
        dispute = self._dispute(self._invoice(amount=100))
        dispute.with_user(self.collector)._resolve('accept', {'amount': 40})
        dispute._resolve('reject', {})
        self.assertEqual((dispute.state, dispute.amount_accepted), ('rejected', 0))
        self.assertEqual(self.case.amount_claim, 100)

    # === ITEMS THAT ARE NO INVOICE === #

    def test_an_opening_entry_is_taken_off_with_an_entry(self):
        opening = self._opening(100)
        dispute = self._dispute(opening, 40)
        dispute.with_user(self.biller)._resolve('accept', {'accountant': self.biller})
        self.assertEqual((dispute.state, dispute.waits_for), ('open', 'entry'))
        entry = self._opening(40, credit=True)
        dispute.with_user(self.biller)._resolve('accept', {'entry': entry})
        self.assertEqual((dispute.state, dispute.credit_move_id), ('accepted', entry))
        self.assertEqual(self._items(opening).amount_residual, 60)

    def test_a_payment_that_nobody_applied_may_be_the_entry(self):
        opening = self._opening(100)
        dispute = self._dispute(opening, 40)
        entry = self._pay(amount=40).move_id
        dispute.with_user(self.biller)._resolve('accept', {'entry': entry})
        self.assertEqual((dispute.state, dispute.credit_move_id), ('accepted', entry))
        self.assertEqual(self._items(opening).amount_residual, 60)

    def test_an_entry_that_credits_nothing_is_refused(self):
        dispute = self._dispute(self._opening(100))
        with self.assertRaisesRegex(UserError, 'credits this customer'):
            dispute._resolve('accept', {'entry': self._opening(5)})
