"""Months that are over are kept, believed as long as the ledger did not change, and the same as it to the cent."""

from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.tests import tagged

from ..hooks import post_init_hook
from .common import ReportCommon

FUNCTIONS = "SELECT COUNT(*) FROM pg_proc WHERE proname LIKE 'cobranza\\_note\\_%'"


@tagged('post_install', '-at_install')
class TestMonthsKept(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = cls.company | cls.iberia
        cls.companies.cobranza_active = True
        cls.kept = cls.env['cobranza.report.month.kept']

    def _keep(self):
        self.kept._keep(self.companies)

    def _is_believed(self):
        first, last = self.kept._span()
        self.env['cobranza.report.month']._flush_sources()
        return self.kept._holds(self.companies.ids, first, last)

    def _read(self, months=36, today=None):
        rows = self.env['cobranza.report.month']._read_months(self.companies.ids, months, today)
        return [
            {name: round(value, 6) if isinstance(value, float) else value for name, value in row.items()}
            for row in rows
        ]  # fmt: skip

    def _nothing_kept(self):
        return patch.object(type(self.kept), '_holds', lambda *args: False)

    def _ledger(self, months=36, today=None):
        """Return what the ledger says, whatever was kept."""
        with self._nothing_kept():
            return self._read(months, today)

    def _pay_then(self, invoice):
        """Enter a payment that came in a month that is over."""
        with freeze_time(self._day(-45)):
            self._pay(invoice=invoice, amount=30)

    # === THE SAME === #

    def test_they_are_what_the_ledger_says(self):
        for place, evening in enumerate(self._live(seed=47, days=75)):
            if place % 15 == 14:
                self._count_rows()
                self._keep()
                self.assertTrue(self._is_believed())
                for months in (1, 2, 36):
                    with self.subTest(evening=evening, months=months):
                        self.assertEqual(self._read(months), self._ledger(months))

    def test_the_pivot_reads_them_too(self):
        list(self._live(seed=48, days=40))
        self._keep()
        Month = self.env['cobranza.report.month'].with_context(
            allowed_company_ids=self.companies.ids
        )
        asked = ([], ['company_id', 'month:month'], ['sales:sum', 'closing:sum', 'cei:avg'])
        kept = Month._read_group(*asked)
        with self._nothing_kept():
            self.assertEqual(kept, Month._read_group(*asked))
        self.env.cr.execute('UPDATE cobranza_report_month_kept SET closing = closing + 1000')
        self.assertNotEqual(kept, Month._read_group(*asked), 'they are not read')

    # === AND NO LONGER === #

    def test_an_entry_of_today_leaves_them_true(self):
        self._keep()
        self._invoice_today(
            self.debtor, 100, company=self.company, currency=self.company.currency_id, due_in=30
        )
        self.assertTrue(self._is_believed())
        self.assertEqual(self._read(), self._ledger())

    def test_whatever_touches_a_month_that_is_over_is_noticed(self):
        invoice = self._invoice(amount=100, days_overdue=60)
        item = self._items(invoice)
        changes = {
            'an invoice of then': lambda: self._invoice(amount=10, days_overdue=70),
            'an invoice taken back': invoice.button_draft,
            'and posted again': invoice.action_post,
            'another due date': lambda: item.write({'date_maturity': self._day(-20)}),
            'a payment of then': lambda: self._pay_then(invoice),
            'the payment undone': lambda: item.matched_credit_ids.unlink(),
            'another kind of account': lambda: self.env.cr.execute(
                "UPDATE account_account SET account_type = 'asset_current' WHERE id = %s",
                [item.account_id.id],
            ),
        }
        for name, change in changes.items():
            with self.subTest(name):
                self._keep()
                self.assertTrue(self._is_believed())
                change()
                self.assertFalse(self._is_believed())
                self.assertEqual(self._read(), self._ledger())

    def test_a_cache_older_than_the_ledger_is_not_read_by(self):
        """Another process may have retyped the account: this one has its number in memory still."""
        invoice = self._invoice(amount=100, days_overdue=70)
        self.assertTrue(self.env['account.move.line']._receivable_account_ids())
        self.env.cr.execute(
            "UPDATE account_account SET account_type = 'asset_current' WHERE id = %s",
            [self._items(invoice).account_id.id],
        )
        self._keep()
        self.env.cr.execute(
            'SELECT SUM(closing) FROM cobranza_report_month_kept WHERE company_id = %s',
            [self.company.id],
        )
        self.assertEqual(self.env.cr.fetchone(), (0,))

    def test_many_changes_of_a_day_are_noted_once(self):
        for _turn in range(3):
            self._invoice(amount=10, days_overdue=70)
        self.env.cr.execute('SELECT COUNT(*), COUNT(DISTINCT date) FROM cobranza_ledger_change')
        notes, days = self.env.cr.fetchone()
        self.assertEqual(notes, days)
        self.assertTrue(notes)

    def test_a_table_that_is_emptied_is_noticed(self):
        self._keep()
        self.env.cr.execute('TRUNCATE account_partial_reconcile CASCADE')
        self.assertFalse(self._is_believed())

    def test_what_nobody_watched_is_not_believed(self):
        """A trigger that was missing is made again, and what is kept is read again."""
        self._keep()
        self.env['cobranza.ledger.change'].init()
        self.assertTrue(self._is_believed(), 'all of them are there')
        self.env.cr.execute('DROP TRIGGER cobranza_reconciled ON account_partial_reconcile')
        self.env['cobranza.ledger.change'].init()
        self.assertFalse(self._is_believed())

    def test_notes_that_came_with_a_restored_copy_are_forgotten(self):
        self.env.cr.execute(
            "INSERT INTO cobranza_ledger_change (date, xid) VALUES ('2020-01-01', '900000000000')"
        )
        self.assertFalse(self._is_believed())
        self._keep()
        self.assertTrue(self._is_believed())

    def test_those_of_another_database_are_not_believed(self):
        self._keep()
        self.env.cr.execute("UPDATE cobranza_report_month_kept SET origin = 'elsewhere'")
        self.assertFalse(self._is_believed())

    def test_a_day_of_the_past_is_read_from_them(self):
        list(self._live(seed=49, days=70))
        self._keep()
        day = self._day(0) - relativedelta(days=40)
        self.assertEqual(self._read(3, day), self._ledger(3, day))

    # === KEEPING === #

    def test_installing_leaves_it_to_a_transaction_that_sees_the_triggers(self):
        post_init_hook(self.env)
        self.assertFalse(self.kept.search([]))
        job = self.env.ref('cobranza_reports.ir_cron_keep_months')
        self.assertTrue(self.env['ir.cron.trigger'].search([('cron_id', '=', job.id)]))

    def test_they_are_kept_again_only_when_something_changed(self):
        self.kept._cron_keep()
        with self.assertQueryCount(2):
            self.kept._cron_keep()
        self._invoice(amount=10, days_overdue=70)
        self.kept._cron_keep()
        self.assertTrue(self._is_believed())

    def test_nothing_stays_behind_when_the_add_on_goes(self):
        self.env.cr.execute(FUNCTIONS)
        self.assertEqual(self.env.cr.fetchone(), (3,))
        self.env['cobranza.ledger.change']._stop_noting()
        self.env.cr.execute(FUNCTIONS)
        self.assertEqual(self.env.cr.fetchone(), (0,))
        self._invoice(amount=10, days_overdue=70)
