"""Sales, receivables and ratios by month: the SQL equals `tools.metrics` on books in which anything happened."""

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import tagged

from ..tools import metrics
from .common import ReportCommon


@tagged('post_install', '-at_install')
class TestMonths(ReportCommon):
    def _oracle(self, company, month):
        """Return the figures of a month in plain Python."""
        end = min(month + relativedelta(day=31), self._day())
        before = month - relativedelta(days=1)
        lines = self._lines().filtered(lambda line: line.company_id == company)
        sold = lines.filtered(
            lambda line: line.display_type == 'payment_term' and month <= line.date <= end
        )
        items = {
            day: [
                ((day - self._due(line)).days, amount)
                for line, (amount, _foreign) in self._open_on(day).items()
                if line.company_id == company
            ]
            for day in (before, end)
        }
        return {
            'sales': sum(sold.mapped('balance')),
            'opening': sum(amount for _days, amount in items[before]),
            'closing': sum(amount for _days, amount in items[end]),
            'items': items[end],
            'days': (end - month).days + 1,
        }

    def _assert_month(self, row, expected):
        receivable = expected['closing']
        self.assertAlmostEqual(row['sales'], expected['sales'], 2)
        self.assertAlmostEqual(row['opening'], expected['opening'], 2)
        self.assertAlmostEqual(row['closing'], receivable, 2)
        self.assertEqual(row['days'], expected['days'])
        for name, beyond in (('overdue', 0), ('over_30', 30), ('over_60', 60), ('over_90', 90)):
            rate = metrics.delinquency(expected['items'], receivable, beyond) or 0
            self.assertAlmostEqual(
                row[name], rate * receivable / 100, 2, f'{name} of {row["month"]}'
            )
        self.assertAlmostEqual(row['closing_not_due'], receivable - row['overdue'], 2)

    def test_any_history_equals_the_oracle(self):
        Month = self.env['cobranza.report.month']
        for seed in (21, 22):
            list(self._live(seed=seed, days=45))
            rows = Month._read_months((self.company | self.iberia).ids)
            compared = 0
            for row in rows:
                company = self.env['res.company'].browse(row['company_id'])
                expected = self._oracle(company, row['month'])
                if expected['sales'] or expected['closing']:
                    self._assert_month(row, expected)
                    compared += 1
            self.assertGreater(compared, 8)

    def test_a_short_window_opens_with_what_went_before(self):
        list(self._live(seed=23, days=40))
        Month, companies = self.env['cobranza.report.month'], (self.company | self.iberia).ids
        whole = {(row['company_id'], row['month']): row for row in Month._read_months(companies)}
        for row in Month._read_months(companies, months=3):
            self.assertEqual(row, whole[row['company_id'], row['month']])

    def test_the_ratios_are_those_of_the_metrics(self):
        list(self._live(seed=24, days=40))
        Month = self.env['cobranza.report.month']
        names = ['dso', 'best_dso', 'add', 'cei', 'delinquency', 'par_30']
        groups = Month._read_group(
            [('company_id', '=', self.company.id)],
            ['month:month'],
            [f'{name}:avg' for name in names],
        )
        figures = {row['month']: row for row in Month._read_months(self.company.ids)}
        compared = 0
        for month, *values in groups:
            row = figures[fields.Date.to_date(month)]
            sales, days = row['sales'], row['days']
            expected = [
                metrics.dso(row['closing'], sales, days),
                metrics.best_possible_dso(row['closing_not_due'], sales, days),
                metrics.average_days_delinquent(
                    row['closing'], row['closing_not_due'], sales, days
                ),
                metrics.collection_effectiveness(
                    row['opening'], sales, row['closing'], row['closing_not_due']
                ),
                metrics.ratio(row['overdue'], row['closing'], 100),
                metrics.ratio(row['over_30'], row['closing'], 100),
            ]
            for name, value, right in zip(names, values, expected):
                self.assertAlmostEqual(value or 0, right or 0, 6, f'{name} of {month}')
                compared += right is not None
        self.assertGreater(compared, 20)

    def test_debtors_add_up_to_their_company(self):
        list(self._live(seed=25, days=40))
        Month = self.env['cobranza.report.month']
        sums = Month._read_group(
            [('company_id', '=', self.company.id)],
            ['month:month'],
            ['sales:sum', 'closing:sum', 'overdue:sum'],
        )
        figures = {row['month']: row for row in Month._read_months(self.company.ids)}
        for month, *values in sums:
            row = figures[fields.Date.to_date(month)]
            for value, name in zip(values, ('sales', 'closing', 'overdue')):
                self.assertAlmostEqual(float(value or 0), row[name], 2)

    def test_the_balance_of_several_months_is_their_average(self):
        self._invoice_today(self.debtors[0], 100, self.company, self.usd, due_in=0)
        self._travel(days=62)
        self._invoice_today(self.debtors[0], 60, self.company, self.usd, due_in=0)
        months = [('month', '>', '=1d -3m'), ('partner_id', '=', self.debtors[0].id)]
        (figure,) = self.env['cobranza.report.month']._read_group(
            months, [], ['closing:sum', 'sales:sum']
        )
        self.assertEqual(figure, ((100 + 100 + 160) / 3, 160))

    def test_a_row_keeps_its_id_and_opens_the_items_it_closes_with(self):
        Month, debtor = self.env['cobranza.report.month'], self.debtors[1]
        self._invoice_today(debtor, 100, self.company, self.usd, due_in=0)
        paid = self._invoice_today(debtor, 70, self.company, self.usd, due_in=0)
        self._invoice_today(debtor, 9000, self.company, self.clp, due_in=0)
        self._invoice_today(debtor, 30, self.iberia, self.iberia.currency_id, due_in=0)
        asked = [('partner_id', '=', debtor.id), ('company_id', '=', self.company.id),
                 ('currency_id', '=', self.usd.id), ('month', '=', self._day().replace(day=1))]  # fmt: skip
        row = Month.search(asked)
        self._travel(days=40)
        for other in self.debtors:
            self._invoice_today(other, 5, self.company, self.usd, due_in=0)
        self._pay(amount=70, invoice=paid, company=self.company, currency=self.usd)
        self.assertEqual(Month.search(asked), row)
        opened = self.env['account.move.line'].search(row.action_open_items()['domain'])
        self.assertEqual(sum(opened.mapped('balance')), row.closing)
        self.assertEqual(sorted(opened.mapped('balance')), [70, 100])
        (later,) = Month.search([*asked[:3], ('month', '=', self._day().replace(day=1))])
        opened = self.env['account.move.line'].search(later.action_open_items()['domain'])
        self.assertEqual(sorted(opened.mapped('balance')), [5, 100])

    def test_ids_tell_rows_apart(self):
        list(self._live(seed=27, days=20))
        rows = self.env['cobranza.report.month'].search([])
        keys = {(row.partner_id, row.company_id, row.currency_id, row.month) for row in rows}
        self.assertGreater(len(rows), 100)
        self.assertEqual(len(set(rows.ids)), len(keys))
        self.assertLess(max(rows.ids), 2**53)

    def test_it_is_one_query_whatever_the_months(self):
        list(self._live(seed=26, days=10))
        self.env['cobranza.report.month']._read_months(self.company.ids)
        self.env.flush_all()
        # the others say how to plan it, and ask whether what was kept is still true
        with self.assertQueryCount(3):
            self.env['cobranza.report.month']._read_months(self.company.ids)
