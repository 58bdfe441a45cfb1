"""Whatever happens to the ledger, stored totals equal what a plain reading of it gives."""

import random
from collections import defaultdict

from odoo.fields import Domain
from odoo.tests import tagged

from .common import CobranzaCommon

SEEDS, STEPS = range(6), 22


@tagged('post_install', '-at_install')
class TestTotalsProperty(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._rate(cls.company, cls.clp, 950, cls._day(-20))
        cls.reason = cls.env['cobranza.dispute.reason'].create({'name': 'Price'})
        cls.partners = cls.env['res.partner'].union(*(cls._debtor(f'Debtor {n}') for n in range(3)))
        for partner in cls.partners:
            cls.env['cobranza.case']._get_or_create(partner, cls.company)

    # === THE ORACLE: NO SQL, NO SHARED CODE === #

    def _expected(self, partner):
        """Return the totals of a debtor from its journal items, credits to the oldest claim first."""
        items = self.env['account.move.line'].search([('partner_id', '=', partner.id)])
        items = items.filtered(
            lambda line: (
                line.account_id.account_type == 'asset_receivable'
                and line.move_id.state == 'posted'
                and not line.reconciled
                and line.company_id == self.company
            )
        )
        claims = {line: self._claim(line) for line in items if line.amount_residual_currency > 0}
        net = self._allocate(claims, items)
        today = self._day()
        live = {line: amount for line, amount in net.items() if amount > 1e-9}
        overdue = {line: amount for line, amount in live.items() if line.date_maturity < today}
        debits = items.filtered(lambda line: line.amount_residual > 0)
        credits = items.filtered(lambda line: line.amount_residual < 0)
        claimed = self._value(live)
        return {
            'amount_open': sum(items.mapped('amount_residual')),
            'amount_claim': claimed,
            'amount_overdue': self._value(overdue),
            'amount_not_due': claimed - self._value(overdue),
            'amount_credit': -sum(credits.mapped('amount_residual')),
            'amount_excluded': sum(debits.mapped('amount_residual')) - self._value(claims),
            'oldest_due_date': min((line.date_maturity for line in live), default=False),
            'item_count': len(live),
            'state': 'open' if round(claimed, 2) > 0 else 'settled',
        }

    def _claim(self, line):
        if line.no_followup or line.move_id.payment_state == 'blocked':
            return 0.0
        disputes = self.env['cobranza.dispute'].search(
            [('line_id', '=', line.id), ('state', '=', 'open')]
        )
        return max(0.0, line.amount_residual_currency - sum(disputes.mapped('amount')))

    def _disputed(self, case):
        """Return what is in dispute: what was disputed of each posted item, never more than is left of it."""
        total = 0.0
        for line, disputes in case.dispute_ids.grouped('line_id').items():
            asked = sum(disputes.filtered(lambda d: d.state == 'open').mapped('amount'))
            left = line.amount_residual_currency if line.parent_state == 'posted' else 0
            if asked and left > 0:
                total += self._value({line: min(asked, left)})
        return total

    def _allocate(self, claims, items):
        credit = defaultdict(float)
        for line in items.filtered(lambda line: line.amount_residual_currency < 0):
            credit[line.currency_id] -= line.amount_residual_currency
        net = {}
        for line in sorted(claims, key=lambda line: (line.date_maturity, line.id)):
            used = min(credit[line.currency_id], claims[line])
            credit[line.currency_id] -= used
            net[line] = claims[line] - used
        return net

    def _value(self, amounts):
        return sum(
            amount * line.amount_residual / line.amount_residual_currency
            for line, amount in amounts.items()
        )

    def _assert_true_totals(self, story):
        self.env.flush_all()
        self.env.invalidate_all()
        for case in self.env['cobranza.case'].search([('partner_id', 'in', self.partners.ids)]):
            expected = self._expected(case.partner_id)
            self.assertAlmostEqual(case.amount_disputed, self._disputed(case), 2, story)
            fresh = dict(
                zip(
                    case._TOTALS,
                    case._read_totals(self.company).get(case.partner_id.id) or case._no_totals(),
                )
            )
            for name, value in expected.items():
                label = f'{name} of {case.partner_id.name} after: {" · ".join(story)}'
                if isinstance(value, float):
                    self.assertAlmostEqual(case[name], value, delta=0.011, msg=label)
                    self.assertAlmostEqual(fresh[name], value, delta=0.011, msg=label)
                else:
                    self.assertEqual(case[name], value, label)
                    self.assertEqual(fresh[name], value, label)

    # === WHAT CAN HAPPEN === #

    def _do_invoice(self, dice):
        shape = dice.choice(['one', 'one', 'instalments'])
        days = dice.randint(-30, 200)
        self._invoice(
            dice.choice(self.partners),
            dice.choice([10, 99.99, 1000]),
            days_overdue=days,
            currency=dice.choice([self.usd, self.usd, self.clp]),
            instalments=[(days, 40), (days - 25, 60)] if shape == 'instalments' else None,
        )

    def _do_refund(self, dice):
        self._refund(dice.choice(self.partners), dice.choice([10, 50]))

    def _do_pay(self, dice):
        self._pay(
            dice.choice(self.partners),
            dice.choice([5, 100.5, 20000]),
            currency=dice.choice([self.usd, self.clp]),
        )

    def _do_reconcile(self, dice):
        items = self._open_items(dice.choice(self.partners))
        debits = items.filtered(lambda line: line.amount_residual > 0)
        credits = items - debits
        if debits and credits:
            (dice.choice(debits) + dice.choice(credits)).reconcile()

    def _do_unreconcile(self, dice):
        partials = self.env['account.partial.reconcile'].search(
            [('debit_move_id.partner_id', 'in', self.partners.ids)]
        )
        if partials:
            dice.choice(partials).debit_move_id.remove_move_reconcile()

    def _do_draft(self, dice):
        moves = self._moves('posted')
        if moves:
            dice.choice(moves).button_draft()

    def _do_post_again(self, dice):
        moves = self._moves('draft')
        if moves:
            dice.choice(moves).action_post()

    def _do_cancel(self, dice):
        moves = self._moves('draft')
        if moves:
            dice.choice(moves).button_cancel()

    def _do_dispute(self, dice):
        lines = self._open_items(self.partners).filtered(lambda line: line.amount_residual > 0)
        if lines:
            line = dice.choice(lines)
            left = line._cobranza_disputable()
            if left:
                self.env['cobranza.dispute'].create(
                    {
                        'case_id': self._case(line.partner_id).id,
                        'line_id': line.id,
                        'reason_id': self.reason.id,
                        'amount': dice.choice([min(3, left), left]),
                    }
                )

    def _do_settle_dispute(self, dice):
        disputes = self.env['cobranza.dispute'].search([('state', '=', 'open')])
        if disputes:
            dice.choice(disputes)._resolve('reject', {})

    def _do_exclude(self, dice):
        lines = self._open_items(self.partners)
        if lines:
            line = dice.choice(lines)
            line.no_followup = not line.no_followup

    def _do_block(self, dice):
        moves = self._moves('posted').filtered(
            lambda move: move.payment_state in ('not_paid', 'blocked')
        )
        if moves:
            dice.choice(moves).action_toggle_block_payment()

    def _do_days_pass(self, dice):
        self._travel(days=dice.randint(1, 40))
        self.env['cobranza.case']._refresh_aged(self.company, None)

    def _do_merge(self, dice):
        if len(self.partners) > 1:
            gone, kept = dice.sample(list(self.partners), 2)
            self.partners -= gone
            self.env['base.partner.merge.automatic.wizard']._merge((gone + kept).ids, kept)

    def _open_items(self, partners):
        return self.env['account.move.line'].search(
            self.env['account.move.line']._open_item_domain()
            & Domain('partner_id', 'in', partners.ids)
        )

    def _moves(self, state):
        return self.env['account.move'].search(
            [
                ('partner_id', 'in', self.partners.ids),
                ('state', '=', state),
                ('move_type', 'in', ('out_invoice', 'out_refund')),
            ]
        )

    # === THE PROPERTY === #

    def _check_story(self, seed):
        """Do things at random and compare after each."""
        often = ['invoice', 'invoice', 'pay', 'reconcile', 'reconcile']
        seldom = [
            'refund',
            'unreconcile',
            'draft',
            'post_again',
            'cancel',
            'dispute',
            'settle_dispute',
            'exclude',
            'block',
            'days_pass',
            'merge',
        ]
        dice, story = random.Random(seed), []
        for _step in range(STEPS):
            deed = dice.choice(often + seldom)
            story.append(deed)
            getattr(self, f'_do_{deed}')(dice)
            self._assert_true_totals(story)


def _test_of(seed):
    return lambda self: self._check_story(seed)


for _seed in SEEDS:
    setattr(TestTotalsProperty, f'test_stored_totals_are_the_ledgers_{_seed}', _test_of(_seed))
