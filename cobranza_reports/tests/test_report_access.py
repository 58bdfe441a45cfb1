"""Who sees which figures."""

import runpy
from datetime import datetime, timedelta
from pathlib import Path

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ReportCommon

REPORTS = (
    'cobranza.report.aging',
    'cobranza.report.forecast',
    'cobranza.report.month',
    'cobranza.report.payment',
    'cobranza.report.recovery',
    'cobranza.report.roll',
)


@tagged('post_install', '-at_install')
class TestReportAccess(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.mine, cls.theirs, cls.abroad = cls.debtors
        cls.clock.move_to(
            datetime.now() - timedelta(days=14)
        )  # a forecast looks back at whole weeks
        for partner in (cls.mine, cls.theirs):
            invoice = cls._invoice(partner, 100)
            cls._pay(amount=40, invoice=invoice)
        invoice = cls._invoice(cls.abroad, 100, company=cls.iberia)
        cls._pay(amount=40, invoice=invoice, company=cls.iberia)
        for company in cls.company | cls.iberia:
            cls.env['cobranza.case']._create_missing(company)
        cases = cls.env['cobranza.case'].search([])
        cases.filtered(lambda case: case.partner_id == cls.mine).user_id = cls.collector
        cases.filtered(lambda case: case.partner_id == cls.theirs).user_id = cls.other_collector
        cls.env.flush_all()

    def _seen_by(self, user, model, companies=None):
        Report = self.env[model].with_user(user)
        Report = Report.with_context(allowed_company_ids=(companies or user.company_ids).ids)
        return set(
            Report.search([('partner_id', 'in', [p.id for p in self.debtors])]).partner_id.ids
        )

    def test_a_collector_sees_their_own(self):
        for model in REPORTS:
            with self.subTest(model):
                self.assertEqual(self._seen_by(self.collector, model), {self.mine.id})

    def test_who_stands_in_sees_what_they_cover_as_long_as_they_do(self):
        absence = self.env['cobranza.absence'].create(
            {
                'user_id': self.other_collector.id,
                'substitute_id': self.collector.id,
                'date_from': self._day(),
                'date_to': self._day(),
            }
        )
        for model in REPORTS:
            with self.subTest(model):
                self.assertEqual(
                    self._seen_by(self.collector, model), {self.mine.id, self.theirs.id}
                )
        absence.unlink()
        for model in REPORTS:
            with self.subTest(model, back=True):
                self.assertEqual(self._seen_by(self.collector, model), {self.mine.id})

    def test_every_report_of_debtors_asks_collectors_the_same(self):
        rules = self.env['ir.rule'].search(
            [
                ('model_id.model', '=like', 'cobranza.report.%'),
                ('model_id.model', '!=', 'cobranza.report.month.whole'),
                ('groups', 'in', self.env.ref('cobranza_management.group_collector').ids),
            ]
        )
        reports = {
            name
            for name, model in self.env.items()
            if 'current_case_id' in model._fields and not model._abstract
        } - {'cobranza.report.month.whole'}
        self.assertEqual(set(rules.model_id.mapped('model')), reports)
        self.assertEqual(len(set(rules.mapped('domain_force'))), 1)

    def test_an_upgrade_brings_the_rules_of_today(self):
        rule = self.env.ref('cobranza_reports.cobranza_report_aging_rule_collector')
        of_today, rule.domain_force = rule.domain_force, "[('user_id', '=', user.id)]"
        script = Path(__file__).parents[1] / 'migrations/19.0.1.1.0/post-rules.py'
        runpy.run_path(str(script))['migrate'](self.env.cr, '19.0.1.0.0')
        rule.invalidate_recordset()
        self.assertEqual(rule.domain_force, of_today)

    def test_supervisors_and_accountants_see_the_company(self):
        for model in REPORTS:
            for user in (self.supervisor, self.accountant):
                with self.subTest(model, user=user.login):
                    self.assertEqual(self._seen_by(user, model), {self.mine.id, self.theirs.id})

    def test_nobody_sees_a_company_that_is_not_theirs(self):
        for model in REPORTS:
            with self.subTest(model), self.assertRaises(AccessError):
                self._seen_by(self.supervisor, model, self.company | self.iberia)

    def test_others_see_nothing(self):
        for model in REPORTS:
            for user in (self.employee, self.portal):
                with self.subTest(model, user=user.login), self.assertRaises(AccessError):
                    self._seen_by(user, model)

    def test_who_asks_for_a_day_learns_of_the_whole_company_only_if_they_see_it(self):
        Wizard = self.env['cobranza.as.of.wizard'].with_context(
            allowed_company_ids=self.company.ids
        )
        for user, told in (
            (self.accountant, True),
            (self.supervisor, True),
            (self.collector, False),
        ):
            with self.subTest(user=user.login):
                wizard = Wizard.with_user(user).create({})
                self.assertEqual(self.company.name in wizard.tie_note, told)

    def test_the_badge_is_for_who_may_read_the_report(self):
        Tie = self.env['cobranza.report.tie'].with_context(allowed_company_ids=self.company.ids)
        self.assertTrue(Tie.with_user(self.accountant).get_ties())
        with self.assertRaises(AccessError):
            Tie.with_user(self.portal).get_ties()
        with self.assertRaises(AccessError):  # they see their own debtors, not the whole company
            Tie.with_user(self.collector).get_ties()
        both = (self.company | self.iberia).ids
        with self.assertRaises(AccessError):
            Tie.with_user(self.accountant).with_context(allowed_company_ids=both).get_ties()
