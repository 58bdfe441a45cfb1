"""What becomes of promises: the ledger decides, every night and at once when a payment is applied or comes undone."""

from odoo.tests import tagged

from .common import CobranzaCommon

#: name: (what happens as (day, deed, amount) in days from the promise, state in the end, paid in the end). The promise
#: is for 100 of an invoice of 100, to be paid on day 5 with 2 days of grace; the end is day 10.
SCENARIOS = {
    'early': ([(1, 'pay', 100)], 'kept', 100),
    'exact': ([(5, 'pay', 100)], 'kept', 100),
    'in parts, the last on its day': ([(1, 'pay', 30), (5, 'pay', 70)], 'kept', 100),
    'late in grace': ([(7, 'pay', 100)], 'kept', 100),
    'late': ([(8, 'pay', 100)], 'late', 100),
    'a part in time, the rest late': ([(5, 'pay', 60), (9, 'pay', 40)], 'late', 100),
    'partial': ([(5, 'pay', 60)], 'partial', 60),
    'nothing': ([], 'broken', 0),
    'unreconciled': ([(5, 'pay', 100), (6, 'undo', 0)], 'open', 0),
    'unreconciled and applied again': ([(5, 'pay', 100), (6, 'undo', 0), (9, 'apply', 0)], 'kept', 100),
    'bounced': ([(5, 'pay', 100), (9, 'bounce', 0)], 'broken', 0),
    'bounced and paid again, late': ([(5, 'pay', 100), (6, 'bounce', 0), (9, 'pay', 100)], 'late', 100),
    'payment in time, not applied': ([(5, 'receive', 100)], 'open', 0),
    'payment in time, applied after': ([(5, 'receive', 100), (9, 'apply', 0)], 'kept', 100),
    'payment after its day, not applied': ([(9, 'receive', 100)], 'broken', 0),
    'a part in time, not applied': ([(5, 'receive', 60)], 'partial', 0),
    'credit note for all of it': ([(3, 'refund', 100)], 'cancelled', 0),
    'credit note for a part, the rest paid': ([(3, 'refund', 40), (5, 'pay', 60)], 'kept', 60),
    'paid but for a part, credited late': ([(5, 'pay', 60), (9, 'refund', 40)], 'kept', 60),
    'credit note for a part, the rest not': ([(3, 'refund', 40)], 'broken', 0),
    'credit note undone': ([(3, 'refund', 100), (9, 'undo', 0)], 'broken', 0),
    'written off': ([(9, 'write_off', 100)], 'cancelled', 0),
    'netted by hand': ([(5, 'net', 100)], 'kept', 100),
    'money on a bank line nobody matched': ([(7, 'bank_line', 100)], 'open', 0),
    'invoice withdrawn': ([(3, 'draft', 0)], 'cancelled', 0),
}  # fmt: skip


class PromiseCommon(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.env['cobranza.case']._get_or_create(cls.debtor, cls.company)

    def _promise(self, invoice, days=5, amount=100, case=None, **values):
        lines = self._items(invoice)
        return self.env['cobranza.promise'].create(
            {
                'amount': amount,
                'case_id': (case or self.case).id,
                'currency_id': lines.currency_id.id,
                'date': self._day(days),
                'line_ids': lines.ids,
                'taken_on': self._day(),
                **values,
            }
        )

    def _judge(self):
        """Judge as the night does and return the changes."""
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env['cobranza.promise']._judge(self.company)

    # === DEEDS === #

    def _do(self, deed, amount, invoice):
        getattr(self, f'_do_{deed}')(amount, invoice)
        self.env.flush_all()

    def _do_pay(self, amount, invoice):
        self.payment = self._pay(amount=amount, invoice=invoice)

    def _do_receive(self, amount, invoice):
        self.payment = self._pay(amount=amount)

    def _do_apply(self, amount, invoice):
        self._apply(self.payment.move_id, invoice)

    def _do_undo(self, amount, invoice):
        self._items(invoice).remove_move_reconcile()

    def _do_bounce(self, amount, invoice):
        self.payment.action_draft()
        self.payment.action_cancel()

    def _do_refund(self, amount, invoice):
        self._refund(amount=amount, invoice=invoice)

    def _do_bank_line(self, amount, invoice):
        self._bank_line(self.debtor, amount)

    def _do_draft(self, amount, invoice):
        invoice.button_draft()

    def _do_write_off(self, amount, invoice):
        self._entry(amount, 'expense', invoice)

    def _do_net(self, amount, invoice):
        self._entry(amount, 'asset_current', invoice)

    def _entry(self, amount, kind, invoice):
        """Apply an entry by hand: the debtor's account against another."""
        account = self.env['account.account'].search(
            [('account_type', '=', kind), ('company_ids', '=', self.company.id)]
        )
        move = self.env['account.move'].create(
            {
                'company_id': self.company.id,
                'date': self._day(),
                'journal_id': self._journal('general').id,
                'line_ids': [
                    (0, 0, {'account_id': self._items(invoice).account_id.id, 'credit': amount,
                            'partner_id': self.debtor.id}),
                    (0, 0, {'account_id': account.id, 'debit': amount}),
                ],
            }
        )  # fmt: skip
        move.action_post()
        self._apply(move, invoice)


@tagged('post_install', '-at_install')
class TestPromises(PromiseCommon):
    def _play(self, deeds, invoice, end=10):
        """Let days pass and things happen, the nights judging in between."""
        day = 0
        for when, deed, amount in [*deeds, (end, None, 0)]:
            for _night in range(when - day):
                self._travel(days=1)
                self._judge()
            day = when
            if deed:
                self._do(deed, amount, invoice)

    def test_scenarios(self):
        for name, (deeds, state, paid) in SCENARIOS.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                invoice = self._invoice(amount=100)
                promise = self._promise(invoice)
                self._play(deeds, invoice)
                self.env.invalidate_all()
                self.assertEqual((promise.state, promise.paid_amount), (state, paid))
                self.assertFalse(self._judge(), 'a second night finds nothing new')
                savepoint.rollback()
                self.env.invalidate_all()
                self.clock.move_to('2026-03-04 15:00:00')
