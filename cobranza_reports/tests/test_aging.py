"""Aging as of any day: what was seen on that day, to the cent, and what the trial balance says."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ReportCommon


@tagged('post_install', '-at_install')
class TestAging(ReportCommon):
    def _report(self, day, domain=()):
        """Return {item: (open in company currency, in its own)} as the report has it."""
        rows = self.env['cobranza.report.aging'].search(
            [('as_of', '=', day), ('partner_id', 'in', [p.id for p in self.debtors]), *domain]
        )
        return {row.line_id: (row.amount, row.amount_currency) for row in rows}

    def test_a_day_of_the_past_is_what_was_seen_then(self):
        seen = {}
        for day in self._live(seed=11, days=75, undo=False):
            lines = self._lines().filtered(lambda line: not line.reconciled)
            seen[day] = {
                line: (line.amount_residual, line.amount_residual_currency) for line in lines
            }
        self.assertGreater(max(seen) - min(seen), timedelta(days=365))
        for day, items in seen.items():
            self.assertEqual(self._report(day), items, day)

    def test_any_history_equals_the_oracle(self):
        for seed in (1, 2, 3):
            days = list(self._live(seed=seed, days=40))
            for day in days[::5]:
                self.assertEqual(self._report(day), self._open_on(day), (seed, day))

    def test_no_day_means_today(self):
        self._invoice(self.debtors[0], 100)
        Report = self.env['cobranza.report.aging']
        rows = Report.search([('partner_id', '=', self.debtors[0].id)])
        self.assertEqual(rows.mapped('as_of'), [self._day()])

    def test_days_may_be_a_range_but_not_years_of_evenings(self):
        self._invoice(self.debtors[0], 100, days_overdue=0)
        self._travel(days=5)
        Report, mine = self.env['cobranza.report.aging'], ('partner_id', '=', self.debtors[0].id)
        rows = Report.search([mine, ('as_of', '>', self._day(-3)), ('as_of', '<', self._day())])
        self.assertEqual(rows.mapped('as_of'), [self._day(-1), self._day(-2)])
        with self.assertRaisesRegex(UserError, 'name the days'):
            Report.search([mine, ('as_of', '>', self._day(-400))])

    def test_days_that_are_alternatives_are_all_read(self):
        self._invoice(self.debtors[0], 100, days_overdue=0)
        self._travel(days=70)
        Report, mine = self.env['cobranza.report.aging'], ('partner_id', '=', self.debtors[0].id)
        month_ends = ['&', ('is_month_end', '=', True), ('as_of', '>', self._day(-75))]
        ends = Report.search([mine, *month_ends]).mapped('as_of')
        either = Report.search([mine, '|', ('as_of', '=', self._day(-7)), *month_ends])
        self.assertEqual(either.mapped('as_of'), sorted({*ends, self._day(-7)}, reverse=True))
        self.assertGreater(len(ends), 2)

    def test_a_row_is_read_again_for_its_own_day(self):
        invoice = self._invoice(self.debtors[0], 100)
        then = self._day()
        self._travel(days=20)
        self._pay(amount=60, invoice=invoice)
        row = self.env['cobranza.report.aging'].search(
            [('as_of', '=', then), ('partner_id', '=', self.debtors[0].id)]
        )
        self.env.invalidate_all()
        self.assertEqual((row.as_of, row.amount), (then, 100))
        self.env.invalidate_all()
        self.assertEqual(row.sudo().with_user(self.env.user).read(['amount'])[0]['amount'], 100)
        self.assertEqual(row.action_open_items()['domain'], [('id', 'in', row.line_id.ids)])

    def test_month_ends_are_days_too(self):
        self._invoice(self.debtors[0], 100, days_overdue=0)
        self._travel(days=70)
        groups = self.env['cobranza.report.aging']._read_group(
            [('is_month_end', '=', True), ('partner_id', '=', self.debtors[0].id)],
            ['as_of:day'],
            ['amount:sum'],
        )
        days = [fields.Date.to_date(day) for day, _amount in groups]
        self.assertEqual(days[-1], self._day(), 'today stands for the end of this month')
        self.assertTrue(all(amount == 100 for _day, amount in groups))
        self.assertGreaterEqual(len(days), 3)

    def test_the_rate_of_a_group_is_a_ratio_of_sums(self):
        self._invoice(self.debtors[0], 100, days_overdue=10)
        self._invoice(self.debtors[0], 50, days_overdue=40)
        self._invoice(self.debtors[0], 850, days_overdue=-10)
        rates = self.env['cobranza.report.aging']._read_group(
            [('partner_id', '=', self.debtors[0].id)],
            [],
            ['delinquency:avg', 'par_30:avg', 'par_60:avg'],
        )
        self.assertEqual(rates, [(15, 5, 0)])

    def test_items_tie_to_the_trial_balance_on_every_day(self):
        days = list(self._live(seed=5, days=40))
        for day in days[::4]:
            for tie in self.env['cobranza.report.tie'].get_ties(day):
                self.assertTrue(tie['ties'], (day, tie))

    def test_the_books_have_to_add_up_in_company_currency_too(self):
        self._invoice(self.debtors[0], 9000, currency=self.clp)
        self.env.flush_all()
        self.assertTrue(self._tie_of('CLP')['ties'])
        line = self._lines().filtered(lambda line: line.currency_id == self.clp)
        self.env.cr.execute(
            'UPDATE account_move_line SET amount_residual = amount_residual + 1 WHERE id = %s',
            [line.id],
        )
        self.env.invalidate_all()
        tie = self._tie_of('CLP')
        self.assertFalse(tie['ties'])
        self.assertIn('1.00', tie['difference'])

    def _tie_of(self, currency):
        ties = self.env['cobranza.report.tie'].get_ties()
        return next(tie for tie in ties if tie['currency'] == currency)

    def test_what_belongs_to_nobody_is_said(self):
        self._invoice(self.debtors[0], 100)
        receivable = self._lines()[:1].account_id
        income = self.env['account.account'].search(
            [('account_type', '=', 'income'), ('company_ids', '=', self.company.id)], limit=1
        )
        self.env['account.move'].create(
            {
                'journal_id': self._journal('general').id,
                'line_ids': [
                    (0, 0, {'account_id': receivable.id, 'debit': 7}),
                    (0, 0, {'account_id': income.id, 'credit': 7}),
                ],
            }
        ).action_post()
        ties = {
            tie['company']: tie
            for tie in self.env['cobranza.report.tie'].get_ties()
            if tie['currency'] == 'USD'
        }
        self.assertFalse(ties['Andina']['ties'])
        self.assertIn('7.00', ties['Andina']['without_debtor'])
        note = self.env['cobranza.as.of.wizard'].create({}).tie_note
        self.assertIn('7.00', note)
