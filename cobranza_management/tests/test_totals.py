"""What a debtor owes: net of credits, per currency, in every situation of the ledger."""

from odoo import Command
from odoo.tests import tagged

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestTotals(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.env['cobranza.case']._get_or_create(cls.debtor, cls.company)

    def _check(self, **expected):
        self.case.invalidate_recordset()
        self.assertEqual({name: self.case[name] for name in expected}, expected)

    def test_a_debtor_without_debts_is_settled(self):
        self._check(state='settled', amount_open=0, amount_claim=0, item_count=0)

    def test_overdue_and_not_due_add_up_to_the_claim(self):
        self._invoice(amount=100, days_overdue=10)
        self._invoice(amount=40, days_overdue=0)
        self._invoice(amount=7, days_overdue=-10)
        self._check(
            state='open',
            amount_open=147,
            amount_claim=147,
            amount_overdue=100,
            amount_not_due=47,
            item_count=3,
            oldest_due_date=self._day(-10),
        )

    def test_drafts_owe_nothing(self):
        self._invoice(post=False)
        self._check(amount_open=0, state='settled')

    def test_a_partial_payment_claims_the_residual(self):
        invoice = self._invoice(amount=100)
        self._pay(amount=30, invoice=invoice)
        self._check(amount_open=70, amount_claim=70, amount_credit=0)

    def test_an_unapplied_payment_pays_the_oldest_claim_first(self):
        self._invoice(amount=100, days_overdue=50)
        self._invoice(amount=100, days_overdue=5)
        self._pay(amount=120)
        self._check(
            amount_open=80,
            amount_claim=80,
            amount_credit=120,
            item_count=1,
            oldest_due_date=self._day(-5),
        )

    def test_an_unapplied_credit_note_counts_too(self):
        self._invoice(amount=100)
        self._refund(amount=25)
        self._check(amount_claim=75, amount_credit=25)

    def test_a_net_credit_owes_nothing(self):
        self._invoice(amount=100)
        self._refund(amount=130)
        self._check(
            state='settled',
            amount_open=-30,
            amount_claim=0,
            amount_overdue=0,
            item_count=0,
            oldest_due_date=False,
        )

    def test_a_credit_exactly_as_large_claims_no_zero(self):
        self._invoice(amount=100)
        self._pay(amount=100)
        self._check(state='settled', amount_claim=0, item_count=0)

    def test_paying_settles_and_unreconciling_opens_again(self):
        invoice = self._invoice(amount=100)
        self._pay(amount=100, invoice=invoice)
        self._check(state='settled', amount_open=0)
        self._items(invoice).remove_move_reconcile()
        self._check(state='settled', amount_open=0, amount_credit=100)

    def test_a_bounced_payment_is_owed_again(self):
        invoice = self._invoice(amount=100)
        payment = self._pay(amount=100, invoice=invoice)
        payment.action_draft()
        payment.action_cancel()
        self._check(state='open', amount_claim=100)

    def test_reset_to_draft_and_cancel(self):
        invoice = self._invoice(amount=100)
        invoice.button_draft()
        self._check(state='settled')
        invoice.action_post()
        self._check(state='open', amount_claim=100)
        invoice.button_draft()
        invoice.button_cancel()
        self._check(state='settled', amount_open=0)

    def test_a_new_due_date_moves_what_is_overdue(self):
        invoice = self._invoice(amount=100, days_overdue=5)
        self._items(invoice).date_maturity = self._day(5)
        self._check(amount_overdue=0, amount_not_due=100)

    def test_blocked_and_not_followed_up_are_open_but_not_claimed(self):
        invoice = self._invoice(amount=100)
        self._invoice(amount=40)
        self._items(invoice).no_followup = True
        self._check(amount_open=140, amount_claim=40, amount_excluded=100)
        self._items(invoice).no_followup = False
        self._check(amount_claim=140, amount_excluded=0)

    def test_a_blocked_invoice_is_not_claimed(self):
        invoice = self._invoice(amount=100)
        invoice.action_toggle_block_payment()
        self._check(amount_open=100, amount_claim=0, state='settled')
        invoice.action_toggle_block_payment()
        self._check(amount_open=100, amount_claim=100, state='open')

    def test_credits_go_to_claims_not_to_what_is_in_dispute(self):
        disputed = self._invoice(amount=100, days_overdue=50)
        self._invoice(amount=60, days_overdue=10)
        self._dispute(disputed)
        self._pay(amount=20)
        self._check(amount_claim=40, amount_excluded=100, amount_disputed=100, amount_open=140)

    def _dispute(self, invoices, amount=0.0):
        reason = self.env['cobranza.dispute.reason'].create({'name': 'Price'})
        return self.case._open_disputes(
            self._items(invoices), {'reason_id': reason.id, 'amount': amount}
        )

    def test_several_items_are_disputed_whole(self):
        self._dispute(self._invoice(amount=100) + self._invoice(amount=40), amount=30)
        self._check(amount_disputed=140, amount_claim=0, state='settled')

    def test_part_of_an_item_in_dispute(self):
        dispute = self._dispute(self._invoice(amount=100), amount=30)
        self._check(amount_claim=70, amount_disputed=30, amount_excluded=30)
        dispute._resolve('reject', {})
        self._check(amount_claim=100, amount_disputed=0)

    def test_currencies_are_netted_apart(self):
        self._invoice(amount=100)
        self._pay(amount=90000, currency=self.clp)
        self._check(amount_open=0, amount_claim=100, amount_credit=100, state='open')
        self._invoice(amount=180000, currency=self.clp)
        self._check(amount_claim=200, amount_open=200)

    def test_a_foreign_claim_counts_at_its_own_rate(self):
        self._invoice(amount=90000, currency=self.clp)
        self._rate(self.company, self.clp, 1000, self._day(-1))
        self._check(amount_claim=100)
        self._pay(amount=45000, currency=self.clp)
        self.assertEqual(self.case.amount_claim, 50)

    def test_a_journal_entry_on_the_receivable_account_is_an_item(self):
        receivable = self._items(self._invoice(amount=1)).account_id
        entry = self.env['account.move'].create(
            {
                'journal_id': self._journal('general').id,
                'line_ids': [
                    Command.create(
                        {'account_id': receivable.id, 'partner_id': self.debtor.id, 'debit': 55}
                    ),
                    Command.create(
                        {'account_id': self._journal('sale').default_account_id.id, 'credit': 55}
                    ),
                ],
            }
        )
        entry.action_post()
        self.assertTrue(self._items(entry).no_followup, "Odoo's default for opening balances")
        self._check(amount_open=56, amount_claim=1, amount_excluded=55)
        self.assertEqual(self.company._cobranza_opening_items(), self._items(entry))
        self._items(entry).no_followup = False
        self._check(amount_claim=56)

    def test_every_contact_of_a_company_is_one_debtor(self):
        firm = self._debtor('Firm', is_company=True)
        branch = self._debtor('Branch', parent_id=firm.id)
        self._invoice(branch, amount=10)
        self._invoice(firm, amount=5)
        self._run()
        self.assertEqual(self._case(firm).amount_claim, 15)
        self.assertFalse(self._case(branch))

    def test_time_passes(self):
        self._strategy({1: {}})
        self._invoice(amount=100, days_overdue=-2)
        self._run()
        self._check(amount_overdue=0)
        self._travel(days=2)
        self._run()
        self._check(amount_overdue=0, amount_not_due=100)
        self._travel(days=1)
        self._run()
        self._check(amount_overdue=100, amount_not_due=0)

    def test_ageing_catches_up_after_days_without_a_run(self):
        self._invoice(amount=100, days_overdue=-2)
        self._run()
        self._travel(days=9)
        self._run()
        self._check(amount_overdue=100)

    def test_paying_habit_comes_from_what_was_paid(self):
        self._pay(amount=100, invoice=self._invoice(amount=100, days_overdue=20))
        self._pay(amount=100, invoice=self._invoice(amount=100, days_overdue=0))
        self._refund(amount=300, invoice=self._invoice(amount=300, days_overdue=60))
        self._run()
        self._check(paid_late_days=10, paid_late_share=0.5, paid_count=2)
