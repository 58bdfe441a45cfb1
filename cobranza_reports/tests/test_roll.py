"""Roll and cure: documents followed from one month end to the next."""

from datetime import date

from odoo.tests import tagged

from ..tools import metrics
from .common import ReportCommon


@tagged('post_install', '-at_install')
class TestRoll(ReportCommon):
    def test_the_matrix_is_that_of_the_metrics(self):
        days = list(self._live(seed=41, days=60))
        end = date(days[-1].year, days[-1].month, 1)
        groups = self.env['cobranza.report.roll']._read_group(
            [('as_of', '=', self._end_before(end)), ('company_id', '=', self.company.id)],
            ['bucket_before_id', 'bucket_after_id'],
            ['amount_before:sum'],
        )
        pairs = self._pairs(self._end_before(end))
        self.assertGreater(len(pairs), 4)
        found = metrics.roll_matrix((a.id, b.id, float(amount)) for a, b, amount in groups)
        expected = metrics.roll_matrix(pairs)
        self.assertEqual(found.keys(), expected.keys())
        for key, share in expected.items():
            self.assertAlmostEqual(found[key], share, 6)

    def _end_before(self, first):
        return date.fromordinal(first.toordinal() - 1)

    def _pairs(self, day):
        """Return (bucket before, bucket after, amount before) of each claim, in plain Python."""
        before = self._end_before(day.replace(day=1))
        left = {line: amount for line, (amount, _foreign) in self._open_on(day).items()}
        return [
            (
                self._bucket(line, before),
                self._bucket(line, day) if left.get(line, 0) > 0 else False,
                amount,
            )
            for line, (amount, _foreign) in self._open_on(before).items()
            if amount > 0 and line.company_id == self.company
        ]

    def _bucket(self, line, day):
        age = (day - self._due(line)).days
        buckets = self.env['cobranza.aging.bucket'].search(
            [('company_id', '=', line.company_id.id)]
        )
        return buckets.filtered(lambda one: one.first_day <= age <= one.last_day).id

    def test_rates_are_of_what_was_open(self):
        self.clock.move_to('2026-03-20 15:00:00')
        whole = self._invoice_today(self.debtors[0], 100, self.company, self.usd, due_in=0)
        part = self._invoice_today(self.debtors[0], 300, self.company, self.usd, due_in=0)
        self._travel(days=20)
        self._pay(amount=100, invoice=whole)
        self._pay(amount=60, invoice=part)
        self._travel(days=25)
        (figure,) = self.env['cobranza.report.roll']._read_group(
            [('as_of', '=', '2026-04-30'), ('partner_id', '=', self.debtors[0].id)],
            [],
            ['amount_before:sum', 'cure_rate:avg', 'roll_rate:avg'],
        )
        self.assertEqual(figure, (400, 40, 60))
