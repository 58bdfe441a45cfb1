"""Whatever happens to the ledger, promises stand as a plain reading of it says."""

import random

from odoo.tests import tagged

from .common import CobranzaCommon

SEEDS, STEPS = range(5), 22


@tagged('post_install', '-at_install')
class TestPromisesProperty(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.env['cobranza.case']._get_or_create(cls.debtor, cls.company)

    # === THE ORACLE: NO SQL, NO SHARED CODE === #

    def _expected(self):
        """Return {promise: (state, paid)}: each payment goes to the earliest promise that lacks something."""
        promises = self.case.promise_ids.filtered(
            lambda p: p.state != 'cancelled' or p.cancel_reason == 'settled'
        ).sorted(lambda p: (p.date, p.id))
        lines = promises.line_ids.filtered(lambda line: line.parent_state == 'posted')
        partials = lines.matched_credit_ids.sorted(lambda partial: (partial.max_date, partial.id))
        taken = {promise: [] for promise in promises}
        for partial in partials.filtered(lambda p: not self._is_note(p.credit_move_id)):
            left = partial.debit_amount_currency
            for promise in promises:
                lacks = promise.amount - sum(amount for _day, amount in taken[promise])
                part = min(left, lacks)
                if (
                    partial.debit_move_id in promise.line_ids
                    and partial.max_date >= promise.taken_on
                    and part > 0.005
                ):
                    taken[promise].append((partial.max_date, part))
                    left -= part
        unapplied = [
            [line.date, -line.amount_residual_currency]
            for line in self.env['account.move.line'].search(
                [('partner_id', '=', self.debtor.id), ('account_type', '=', 'asset_receivable'),
                 ('parent_state', '=', 'posted'), ('amount_residual', '<', 0)], order='date, id'
            )
            if not self._is_note(line)
        ]  # fmt: skip
        return {
            promise: self._judge_by_hand(promise, taken[promise], partials, unapplied)
            for promise in promises
        }

    def _is_note(self, line):
        return line.move_id.move_type == 'out_refund'

    def _judge_by_hand(self, promise, taken, partials, unapplied):
        mine = partials.filtered(lambda partial: partial.debit_move_id in promise.line_ids)
        money = mine.filtered(
            lambda p: not self._is_note(p.credit_move_id) and p.max_date >= promise.taken_on
        )
        lines = promise.line_ids.filtered(lambda line: line.parent_state == 'posted')
        owed = sum(lines.mapped('amount_currency')) - sum(
            (mine - money).mapped('debit_amount_currency')
        )
        paid = sum(amount for _day, amount in taken)
        last_day = promise.deadline
        if owed < 0.005 and not paid:
            return 'cancelled', 0
        days = {day for day, _amount in taken} | set(money.mapped('max_date'))
        full = [
            day
            for day in sorted(days)
            if sum(a for d, a in taken if d <= day) > promise.amount - 0.005
            or sum(money.filtered(lambda p, day=day: p.max_date <= day).mapped('debit_amount_currency')) > owed - 0.005
        ]  # fmt: skip
        if full:
            return 'kept' if full[0] <= last_day else 'late', paid
        if self._day() <= last_day:
            return 'open', paid
        found = 0
        for row in unapplied:
            part = min(row[1], promise.amount - paid - found)
            if promise.taken_on <= row[0] <= last_day and part > 0.005:
                row[1] -= part
                found += part
        if found and paid + found > min(promise.amount, owed) - 0.005:
            return 'open', paid
        return 'partial' if paid or found else 'broken', paid

    # === WHAT MAY HAPPEN === #

    def _do_invoice(self, dice):
        self._invoice(amount=dice.choice([50, 120]))

    def _do_promise(self, dice):
        lines = self._claims()
        if lines:
            lines = self.env['account.move.line'].union(
                *dice.sample(list(lines), dice.randint(1, min(3, len(lines))))
            )
            self.env['cobranza.promise'].create(
                {
                    'amount': dice.choice([20, 60, sum(lines.mapped('amount_residual'))]),
                    'case_id': self.case.id,
                    'currency_id': self.usd.id,
                    'date': self._day(dice.randint(0, 8)),
                    'grace_days': dice.choice([0, 2]),
                    'line_ids': lines.ids,
                    'taken_on': self._day(),
                }
            )

    def _do_pay(self, dice):
        self._pay(amount=dice.choice([10, 45.5, 120]))

    def _do_refund(self, dice):
        self._refund(amount=dice.choice([10, 50]))

    def _do_apply(self, dice):
        credits = self.env['account.move.line'].search(
            [('partner_id', '=', self.debtor.id), ('amount_residual', '<', 0),
             ('account_type', '=', 'asset_receivable'), ('parent_state', '=', 'posted')]
        )  # fmt: skip
        if credits and self._claims():
            (dice.choice(credits) + dice.choice(self._claims())).reconcile()

    def _do_undo(self, dice):
        partials = self.env['account.partial.reconcile'].search(
            [('debit_move_id.partner_id', '=', self.debtor.id)]
        )
        if partials:
            dice.choice(partials).unlink()

    def _do_draft(self, dice):
        moves = self._claims().move_id
        if moves:
            dice.choice(moves).button_draft()

    def _do_days_pass(self, dice):
        self._travel(days=dice.randint(1, 4))

    def _claims(self):
        return self.env['account.move.line'].search(
            [('partner_id', '=', self.debtor.id), ('amount_residual', '>', 0),
             ('account_type', '=', 'asset_receivable'), ('parent_state', '=', 'posted')]
        )  # fmt: skip

    # === THE PROPERTY === #

    def _check_story(self, seed):
        """Do things at random and compare after each."""
        deeds = ['invoice', 'promise', 'promise', 'pay', 'apply', 'apply', 'apply', 'refund', 'undo',
                 'days_pass', 'days_pass', 'draft']  # fmt: skip
        dice, story = random.Random(seed), []
        self._do_invoice(dice)
        self._do_promise(dice)
        for _step in range(STEPS):
            story.append(dice.choice(deeds))
            getattr(self, f'_do_{story[-1]}')(dice)
            self.env['cobranza.promise']._judge_cases(self.case)
            self.env.flush_all()
            self.env.invalidate_all()
            for promise, (state, paid) in self._expected().items():
                self.assertEqual(promise.state, state, story)
                self.assertAlmostEqual(promise.paid_amount, paid, 2, story)


def _test_of(seed):
    return lambda self: self._check_story(seed)


for _seed in SEEDS:
    setattr(
        TestPromisesProperty, f'test_promises_stand_as_the_ledger_says_{_seed}', _test_of(_seed)
    )
