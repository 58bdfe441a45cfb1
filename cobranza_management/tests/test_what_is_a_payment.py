"""What is a payment: asked in one place, and answered alike to promises and to the paying habit."""

from odoo.tests import tagged
from odoo.tools import SQL

from .test_promises import PromiseCommon

#: What settles 100 of an invoice, and what of it was paid.
DEEDS = {
    'pay': 100,
    'net': 100,
    'pay_less_a_fee': 100,
    'refund': 0,
    'refund_a_deposit': 0,
    'write_off': 0,
    'approve_a_loss': 0,
}


@tagged('post_install', '-at_install')
class TestWhatIsAPayment(PromiseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        expense = cls.env['account.account'].search(
            [('account_type', '=', 'expense'), ('company_ids', '=', cls.company.id)]
        )
        cls.company.write(
            {
                'cobranza_writeoff_account_id': expense.id,
                'cobranza_writeoff_journal_id': cls._journal('general').id,
            }
        )
        manager = 'cobranza_management.group_manager,account.group_account_invoice'
        cls.boss = cls._user('boss', manager)

    def _do_pay_less_a_fee(self, amount, invoice):
        """Receive money of which the bank has kept a part: an entry of the bank that books an expense too."""
        bank = self._journal('bank')
        fee = self.company.cobranza_writeoff_account_id
        move = self.env['account.move'].create(
            {
                'journal_id': bank.id,
                'date': self._day(),
                'line_ids': [
                    (0, 0, {'account_id': self._items(invoice).account_id.id, 'credit': amount,
                            'partner_id': invoice.partner_id.id}),
                    (0, 0, {'account_id': fee.id, 'debit': 5}),
                    (0, 0, {'account_id': bank.default_account_id.id, 'debit': amount - 5}),
                ],
            }
        )  # fmt: skip
        move.action_post()
        self._apply(move, invoice)

    def _do_refund_a_deposit(self, amount, invoice):
        """Credit what was no income: nothing of the credit note is booked to profit and loss."""
        refund = self._refund(amount=amount, post=False)
        refund.invoice_line_ids.account_id = self.company.transfer_account_id
        refund.action_post()
        self._apply(refund, invoice)

    def _do_approve_a_loss(self, amount, invoice):
        writeoff = self.case._propose_writeoff(
            {self._items(invoice): amount}, {'reason': 'insolvent', 'note': 'Wound up'}
        )
        writeoff.with_user(self.boss).action_approve()

    def _payments(self, invoice):
        """Return the credits applied to an invoice that are payments."""
        self.env.flush_all()
        credits = self._items(invoice).matched_credit_ids.credit_move_id
        rows = self.env.execute_query(
            SQL(
                'SELECT id FROM account_move_line credit WHERE id = ANY(%s) AND %s',
                credits.ids,
                self.env['cobranza.promise']._sql_is_payment('credit'),
            )
        )
        return credits.browse(row[0] for row in rows)

    def _measure_habit(self):
        self.env.flush_all()
        self.env['cobranza.case']._refresh_behaviour(self.company, None)
        self.env.invalidate_all()

    def test_what_settles_an_invoice_is_a_payment_or_not_whoever_asks(self):
        for deed, paid in DEEDS.items():
            with self.subTest(deed), self.env.cr.savepoint() as savepoint:
                invoice = self._invoice(amount=100, days_overdue=20)
                promise = self._promise(invoice)
                self._do(deed, 100, invoice)
                self._judge()
                self._measure_habit()
                self.assertTrue(self._items(invoice).reconciled)
                self.assertEqual(-sum(self._payments(invoice).mapped('balance')), paid)
                self.assertEqual(promise.paid_amount, paid)
                self.assertEqual(promise.state, 'kept' if paid else 'cancelled')
                self.assertEqual(self.case.paid_count, 1 if paid else 0)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_promises_and_the_habit_agree_on_a_book_with_everything_in_it(self):
        promises = self.env['cobranza.promise']
        for deed in DEEDS:
            invoice = self._invoice(amount=100, days_overdue=20)
            promises += self._promise(invoice)
            self._do(deed, 100, invoice)
        self._judge()
        self._measure_habit()
        paid = promises.filtered('paid_amount')
        self.assertEqual(sum(paid.mapped('paid_amount')), sum(DEEDS.values()))
        self.assertEqual(
            (self.case.paid_count, self.case.paid_late_days, self.case.paid_late_share),
            (len(paid), 20, 1),
        )

    def test_a_difference_of_exchange_is_no_payment(self):
        invoice = self._invoice(amount=90000, currency=self.clp)
        promise = self._promise(invoice, amount=90000)
        self._travel(days=1)
        self._rate(self.company, self.clp, 1000, self._day())
        payment = self._pay(amount=90000, invoice=invoice, currency=self.clp)
        self._judge()
        self._measure_habit()
        credits = self._items(invoice).matched_credit_ids.credit_move_id
        self.assertEqual(-sum(credits.mapped('balance')), 100, 'the exchange brought 10 of it')
        self.assertEqual(self._payments(invoice), self._items(payment.move_id))
        self.assertEqual((promise.state, promise.paid_amount), ('kept', 90000))
        self.assertEqual(self.case.paid_count, 1)

    def test_a_credit_note_that_nobody_applied_keeps_no_promise_waiting(self):
        for deed, waits in (('_pay', True), ('_refund', False)):
            with self.subTest(deed), self.env.cr.savepoint() as savepoint:
                promise = self._promise(self._invoice(amount=100))
                getattr(self, deed)(amount=100)
                self._travel(days=8)
                self._judge()
                self.assertEqual(promise.awaits_payment, waits)
                savepoint.rollback()
                self.env.invalidate_all()
                self.clock.move_to('2026-03-04 15:00:00')
