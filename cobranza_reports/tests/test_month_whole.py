"""Months of whole companies: read without their debtors, and the same to the cent."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ReportCommon

FIGURES = (
    '__count', 'sales:sum', 'opening:sum', 'closing:sum', 'closing_not_due:sum', 'overdue:sum', 'over_30:sum',
    'over_60:sum', 'over_90:sum', 'dso:avg', 'best_dso:avg', 'add:avg', 'cei:avg', 'delinquency:avg', 'par_30:avg',
    'par_60:avg', 'par_90:avg',
)  # fmt: skip


@tagged('post_install', '-at_install')
class TestMonthWhole(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.supervisor.company_ids |= cls.iberia

    def _months(self, user=None):
        Month = self.env['cobranza.report.month'].with_user(user or self.supervisor)
        return Month.with_context(allowed_company_ids=Month.env.user.company_ids.ids)

    def _read(self, Month, domain, groupby):
        """Return {group: figures}, figures rounded: Odoo's floats of the same sums may differ in the last bit."""
        rows = Month._read_group(domain, groupby, FIGURES)
        size = len(groupby)
        return {
            tuple(getattr(key, 'id', key) for key in row[:size]): [
                round(float(value), 6) if value is not False else value for value in row[size:]
            ]
            for row in rows
        }

    def test_they_are_what_their_debtors_add_up_to(self):
        list(self._live(seed=31, days=60))
        self._count_rows()
        Month = self._months()
        for groupby in (
            [],
            ['month:month'],
            ['month:quarter'],
            ['company_id'],
            ['company_id', 'month:month'],
        ):
            for domain in (
                [],
                [('company_id', '=', self.iberia.id)],
                [('month', '>=', self._day(-120))],
            ):
                with self.subTest(groupby=groupby, domain=domain):
                    self.assertTrue(Month._is_of_companies(domain, groupby, FIGURES))
                    quick = self._read(Month, domain, groupby)
                    with self.debtor_by_debtor():
                        self.assertEqual(quick, self._read(Month, domain, groupby))

    def debtor_by_debtor(self):
        """Return a context in which months are read by debtor whatever is asked."""
        return patch.object(self.registry['cobranza.report.month'], '_WHOLE', None)

    def test_what_speaks_of_debtors_is_read_by_debtor(self):
        Month = self._months()
        for domain, groupby in (
            ([('partner_id', '=', self.debtor.id)], []),
            ([('user_id.name', '=', 'x')], []),
            ([], ['segment_id']),
            ([], ['month:month', 'partner_id']),
            ([('overdue', '>', 1000)], ['month:month']),
        ):
            with self.subTest(domain=domain, groupby=groupby):
                self.assertFalse(Month._is_of_companies(domain, groupby, FIGURES))

    def test_a_debtor_of_many_is_found_by_what_it_owes(self):
        for partner, amount in zip(self.debtors, (100, 900)):
            self._invoice_today(partner, amount, self.company, self.usd, due_in=0)
        Month, asked = self._months(), [('month', '=', self._day().replace(day=1))]
        self.assertEqual(
            Month._read_group([*asked, ('closing', '>', 500)], [], ['closing:sum']), [(900,)]
        )
        self.assertEqual(Month._read_group(asked, [], ['closing:max']), [(900,)])
        self.assertEqual(Month._read_group(asked, [], ['closing:sum']), [(1000,)])

    def test_a_collector_adds_up_their_own_debtors(self):
        mine, theirs = self.debtors[:2]
        for partner, user in ((mine, self.collector), (theirs, self.other_collector)):
            self._invoice(partner, 100)
            self.env['cobranza.case']._create_missing(self.company)
            self._case(partner).user_id = user
        # the right to make invoices opens the books, not the debtors of colleagues
        self.collector.group_ids |= self.env.ref('account.group_account_invoice')
        self.env.flush_all()
        Month = self._months(self.collector)
        self.assertEqual(
            Month._read_group([('month', '=', self._day().replace(day=1))], [], ['closing:sum']),
            [(100,)],
        )
        self.assertFalse(Month.env['cobranza.report.month.whole'].search([]))

    def test_others_read_nothing(self):
        with self.assertRaises(AccessError):
            self._months(self.employee)._read_group([], [], ['closing:sum'])
        Whole = self.env['cobranza.report.month.whole'].with_user(self.employee)
        with self.assertRaises(AccessError):
            Whole.search([])
