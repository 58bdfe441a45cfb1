"""What becomes of promises: the ledger decides, every night and at once when a payment is applied or comes undone."""

from odoo.exceptions import ValidationError
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
    'in dispute since before its day': ([(3, 'dispute', 100)], 'open', 0),
    'a part in dispute, the rest paid': ([(3, 'dispute', 40), (5, 'pay', 60)], 'open', 60),
    'a part in dispute, the rest not': ([(3, 'dispute', 40)], 'broken', 0),
    'in dispute when it was too late': ([(8, 'dispute', 100)], 'broken', 0),
    'dispute rejected, the grace goes on': ([(3, 'dispute', 100), (9, 'reject', 0)], 'open', 0),
    'dispute rejected, the grace is over': ([(3, 'dispute', 100), (7, 'reject', 0)], 'broken', 0),
    'dispute rejected, paid in its grace': (
        [(3, 'dispute', 100), (8, 'reject', 0), (10, 'pay', 100)], 'kept', 100),
    'paid while in dispute': ([(3, 'dispute', 100), (9, 'pay', 100)], 'kept', 100),
    'broken by the rest, then rejected': (
        [(3, 'dispute', 40), (9, 'reject', 0), (10, 'pay', 10)], 'partial', 10),
    'paid in part, then accepted': (
        [(3, 'dispute', 40), (5, 'pay', 20), (9, 'accept', 0)], 'partial', 20),
    'the rest of what is in dispute on its way': (
        [(3, 'dispute', 40), (5, 'receive', 60)], 'open', 0),
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

    def _do_dispute(self, amount, invoice):
        reason = self.env['cobranza.dispute.reason'].create({'name': 'Price'})
        self.dispute = self.case._open_disputes(
            self._items(invoice), {'amount': amount, 'reason_id': reason.id}
        )

    def _do_reject(self, _amount, _invoice):
        self.dispute._resolve('reject', {'note': 'As agreed'})

    def _do_accept(self, _amount, _invoice):
        self.dispute._resolve('accept', {}).action_post()

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

    # === SEVERAL PROMISES, CURRENCIES, COMPANIES === #

    def test_an_invoice_posted_again_is_promised_again(self):
        invoice = self._invoice(amount=100)
        promise = self._promise(invoice)
        invoice.button_draft()
        self._travel(days=8)
        self._judge()
        self.assertEqual(promise.state, 'cancelled')
        invoice.action_post()
        self.assertEqual(promise.state, 'broken')

    def test_a_payment_counts_for_one_promise_the_earlier_first(self):
        invoice = self._invoice(amount=100)
        later, sooner = self._promise(invoice, 9, 60), self._promise(invoice, 3, 40)
        self._travel(days=1)
        self._pay(amount=70, invoice=invoice)
        self.assertRecordValues(
            sooner + later,
            [{'state': 'kept', 'paid_amount': 40}, {'state': 'open', 'paid_amount': 30}],
        )
        self._travel(days=20)
        self._judge()
        self.assertEqual((sooner.state, later.state), ('kept', 'partial'))

    def test_nothing_left_to_pay_keeps_what_was_promised_twice(self):
        invoice = self._invoice(amount=100)
        promises = self._promise(invoice, 3, 60) + self._promise(invoice, 5, 60)
        self._pay(amount=100, invoice=invoice)
        self.assertEqual(promises.mapped('state'), ['kept', 'kept'])
        self.assertEqual(promises.mapped('paid_amount'), [60, 40])

    def test_money_from_before_the_promise_does_not_keep_it(self):
        invoice = self._invoice(amount=100)
        self._pay(amount=60, invoice=invoice)
        self._travel(days=1)
        promise = self._promise(invoice, 2, 40)
        self._travel(days=9)
        self._judge()
        self.assertEqual(promise.state, 'broken')

    def test_a_promise_in_the_currency_of_its_items_is_measured_in_it(self):
        invoice = self._invoice(amount=90000, currency=self.clp)
        promise = self._promise(invoice, 5, 90000)
        self._rate(self.company, self.clp, 1000, self._day(1))
        self._travel(days=1)
        self._pay(amount=90000, invoice=invoice, currency=self.clp)
        self.assertRecordValues(promise, [{'state': 'kept', 'paid_amount': 90000}])

    def test_what_a_case_is_promised_follows_the_day_it_was_taken(self):
        promise = self._promise(
            self._invoice(currency=self.clp, amount=9000), amount=9000, taken_on=self._day()
        )
        self._rate(self.company, self.clp, 1800, self._day(-5))
        promise.taken_on = self._day(-1)
        self.assertEqual((promise.amount_company, self.case.amount_promised), (5, 5))

    def test_a_promise_in_company_currency_takes_foreign_items(self):
        invoice = self._invoice(amount=90000, currency=self.clp)
        promise = self._promise(invoice, 5, 100, currency_id=self.usd.id)
        self._pay(amount=45000, invoice=invoice, currency=self.clp)
        self.assertAlmostEqual(promise.paid_amount, 50)
        self._pay(amount=50, invoice=invoice)
        self.assertEqual(promise.state, 'kept')

    def test_exchange_differences_keep_no_promise_and_break_none(self):
        invoice = self._invoice(amount=90000, currency=self.clp)
        promise = self._promise(invoice, 5, 100, currency_id=self.usd.id)
        self._rate(self.company, self.clp, 1000, self._day(1))
        self._travel(days=1)
        self._pay(amount=90000, invoice=invoice, currency=self.clp)
        self.assertEqual(
            promise.state, 'kept', 'the debtor paid all it owed, though the rate moved'
        )

    def test_a_promise_in_a_third_currency_is_refused(self):
        eur = self._currency('EUR')
        with self.assertRaisesRegex(ValidationError, 'EUR'):
            self._promise(self._invoice(), currency_id=eur.id)

    def test_each_company_judges_its_own(self):
        other = self._company('Iberia', 'ES', self.usd)
        case = self.env['cobranza.case']._get_or_create(self.debtor, other)
        here, there = self._invoice(), self._invoice(company=other)
        mine, theirs = self._promise(here), self._promise(there, case=case)
        self._pay(amount=100, invoice=there, company=other)
        self._travel(days=9)
        self.assertEqual(set(self._judge()), {mine})
        self.assertEqual((mine.state, theirs.state), ('broken', 'kept'))

    def test_a_dispute_of_the_last_evening_began_in_time(self):
        self.company.partner_id.tz = 'America/Lima'
        invoice = self._invoice()
        promise = self._promise(invoice)
        self._travel(days=7, hours=13)  # eleven at night in Lima, the next day in Greenwich
        self._do('dispute', 100, invoice)
        self._travel(days=2)
        self._judge()
        self.assertEqual(promise.state, 'open')

    def test_an_accountant_who_knows_no_promises_decides_about_them(self):
        invoice = self._invoice()
        promise = self._promise(invoice)
        accountant = self._user('books', 'account.group_account_invoice')
        payment = self._pay(amount=100)
        lines = self._items(payment.move_id + invoice).with_user(accountant)
        lines.reconcile()
        self.assertEqual(promise.state, 'kept')

    # === THE CASE === #

    def test_the_case_follows(self):
        invoice = self._invoice(amount=100)
        promise = self._promise(invoice, 5, 80)
        self.assertEqual((self.case.amount_promised, self.case.promise_date), (80, promise.date))
        self._pay(amount=30, invoice=invoice)
        self.assertEqual(self.case.amount_promised, 50, 'what the promise still lacks')
        self._travel(days=8)
        self._run()
        self.assertEqual((self.case.amount_promised, self.case.promise_date), (0, False))
        self.assertEqual((self.case.broken_promise_count, self.case.stage_id.kind), (1, 'broken'))
        self._pay(amount=70, invoice=invoice)
        self._run()
        self.assertEqual(self.case.broken_promise_count, 0)

    def test_a_promise_that_broke_does_not_mark_the_debt_that_came_later(self):
        old = self._invoice(amount=100)
        self._promise(old, 1)
        self._travel(days=4)
        self._run()
        self.assertEqual(self.case.stage_id.kind, 'broken')
        self._entry(100, 'asset_current', old)
        self.case.promise_ids.state = 'broken'
        self._travel(days=30)
        self._invoice(amount=50, days_overdue=2)
        self._run()
        self.assertEqual(self.case.stage_id.kind, 'early')

    def test_who_keeps_their_word_is_counted(self):
        for days, paid in ((1, 10), (1, 0), (1, 10), (2, 10)):
            invoice = self._invoice(amount=10)
            self._promise(invoice, days, 10)
            if paid:
                self._pay(amount=paid, invoice=invoice)
        self._promise(self._invoice(), 40)
        self._promise(self._invoice()).action_cancel()
        self._travel(days=9)
        self._judge()
        self.assertEqual((self.case.promise_kept_rate, self.case.promise_judged_count), (0.75, 4))
        [(rate, judged, kept, amount)] = self.env['cobranza.promise']._read_group(
            [('case_id', '=', self.case.id)],
            [],
            ['kept_rate:avg', 'judged_count:sum', 'kept_count:sum', 'kept_amount:sum'],
        )
        self.assertEqual((rate, judged, kept, amount), (0.75, 4, 3, 30))

    # === WHAT IT COSTS === #

    def _statements(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_judging_costs_the_same_for_many_as_for_few(self):
        """One statement reads the facts, one writes the verdicts; their cases, tasks and plans are asked for once."""

        def promise(number):
            for name in range(number):
                partner = self._debtor(f'Debtor {number} {name}')
                invoice = self._invoice(partner)
                case = self.env['cobranza.case']._get_or_create(partner, self.company)
                self._promise(invoice, case=case)
                self._pay(amount=100, invoice=invoice)
                self.env['cobranza.promise'].flush_model()
                self.env.cr.execute("UPDATE cobranza_promise SET state = 'open', paid_amount = 0")

        def judge():
            return self._statements(lambda: self.env['cobranza.promise']._judge(self.company))

        promise(2)
        few = judge()
        promise(9)
        self.assertEqual(judge(), few)
        self.assertLessEqual(few, 9, 'three of them read the company')
        self.assertLessEqual(judge(), 4, 'nothing is live: the company, and the facts')

    def test_a_payment_of_an_item_nobody_promised_costs_one_statement(self):
        invoice, payment = self._invoice(), self._pay(amount=100)
        lines = self._items(invoice)
        self.assertLessEqual(
            self._statements(lambda: self.env['account.partial.reconcile']._cobranza_follow(lines)),
            2,
        )
        self.assertEqual(payment.state, 'in_process')
