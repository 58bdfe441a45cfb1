"""Two figures in Odoo's digest: of the period, and only for who may see the whole company."""

from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ReportCommon


@tagged('post_install', '-at_install')
class TestDigest(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.digest = cls.env['digest.digest'].create(
            {
                'company_id': cls.company.id,
                'kpi_cobranza_collected': True,
                'kpi_cobranza_overdue': True,
                'name': 'Weekly',
                'user_ids': [(6, 0, cls.supervisor.ids)],
            }
        )

    def _figures(self, user, days=7):
        end = datetime.now()
        digest = self.digest.with_context(
            allowed_company_ids=self.company.ids,
            end_datetime=end,
            start_datetime=end - timedelta(days=days),
        ).with_user(user)
        digest.invalidate_recordset()
        return digest.kpi_cobranza_collected_value, digest.kpi_cobranza_overdue_value

    def test_the_period_counts_and_the_last_evening(self):
        first = self._invoice(self.debtors[0], 100)
        second = self._invoice(self.debtors[0], 300)
        self._pay(amount=100, invoice=first)
        self._travel(days=20)
        self._pay(amount=50, invoice=second)
        self._travel(days=1)
        self.assertEqual(self._figures(self.supervisor), (50, 250))
        self.assertEqual(self._figures(self.supervisor, days=60), (150, 250))

    def test_a_collector_gets_neither(self):
        for name in ('kpi_cobranza_collected_value', 'kpi_cobranza_overdue_value'):
            with self.assertRaises(AccessError):
                self.digest.with_user(self.collector).sudo(False)[name]

    def test_the_mail_says_both(self):
        digest = self.digest.with_context(allowed_company_ids=self.company.ids)
        kpis = digest._compute_kpis(self.company, self.supervisor)
        ours = {kpi['kpi_name']: kpi for kpi in kpis if 'cobranza' in kpi['kpi_name']}
        self.assertEqual(set(ours), {'kpi_cobranza_collected', 'kpi_cobranza_overdue'})
        self.assertTrue(all(kpi['kpi_col1'] and kpi['kpi_action'] for kpi in ours.values()))
