"""Whether strategies are followed: what was due, what left on its day, and why the rest did not."""

from datetime import datetime, timedelta

from odoo.tests import tagged

from ..tools import metrics
from .common import ReportCommon


@tagged('post_install', '-at_install')
class TestStepReport(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.Report = cls.env['cobranza.report.step']
        cls.mine, cls.theirs, cls.abroad = cls.debtors
        for partner, company in (
            (cls.mine, cls.company),
            (cls.theirs, cls.company),
            (cls.abroad, cls.iberia),
        ):
            cls._invoice(partner, 1000, company=company)
        for company in cls.company | cls.iberia:
            cls.env['cobranza.case']._create_missing(company)
        cls.cases = {
            case.partner_id: case
            for case in cls.env['cobranza.case'].search(
                [('partner_id', 'in', [partner.id for partner in cls.debtors])]
            )
        }
        cls.cases[cls.mine].user_id = cls.collector
        cls.cases[cls.theirs].user_id = cls.other_collector
        cls.strategy = cls._strategy({5: {}})

    def _due(self, partner=None, late=0, state='sent', days=0, **values):
        """Return a message due some days from today; one that was sent left so many days late."""
        case = self.cases[partner or self.mine]
        sent = state in ('sent', 'delivered', 'read', 'replied', 'failed')
        return self.env['cobranza.reminder'].sudo().create(
            {
                'case_id': case.id,
                'channel': 'email',
                'company_id': case.company_id.id,
                'currency_id': case.company_id.currency_id.id,
                'date': self._day(days),
                'partner_id': case.partner_id.id,
                'sent_at': sent and datetime.now() + timedelta(days=days + late),
                'state': state,
                'step_id': self.strategy.step_ids.id,
                'strategy_id': self.strategy.id,
                **values,
            }
        )  # fmt: skip

    def _figures(self, *names, domain=()):
        partners = [partner.id for partner in self.debtors]
        (figures,) = self.Report._read_group([('partner_id', 'in', partners), *domain], [], names)
        return figures

    def test_adherence_is_what_was_executed_on_its_day_of_all_that_was_due(self):
        self._due(days=-1)
        self._due(days=-2, state='replied')
        self._due(days=-3, late=2)
        self._due(days=-4, state='failed', reason_code='delivery')
        self._due(days=-5, state='cancelled', reason_code='settled')
        self._due(state='held', reason_code='hours')
        self._due(days=-6, state='ready')
        self.assertEqual(
            self._figures('due_count:sum', 'on_day_count:sum', 'delivered_count:sum', 'replied_count:sum',
                          'failed_count:sum'),
            (7, 2, 1, 1, 1),
        )  # fmt: skip
        expected = metrics.adherence([(1, 1), (2, 2), (3, 5), *[(4, None)] * 4])
        self.assertAlmostEqual(float(self._figures('adherence:avg')[0]), expected, places=4)

    def test_the_rest_has_its_reasons(self):
        self._due(days=-1, state='cancelled', reason_code='settled')
        self._due(days=-2, state='cancelled', reason_code='settled')
        self._due(state='held', reason_code='hours')
        found = self.Report._read_group(
            [('partner_id', '=', self.mine.id), ('on_day_count', '=', 0)],
            ['reason_code'],
            ['due_count:sum'],
        )
        self.assertEqual(dict(found), {'settled': 2, 'hours': 1})
        words = dict(self.Report._fields['reason_code']._description_selection(self.env))
        self.assertFalse([text for text in words.values() if '%s' in text])

    def test_the_day_is_that_of_the_company(self):
        evening = '2026-03-05 02:00:00'  # 21:00 of the 4th in Bogotá, 3:00 of the 5th in Madrid
        here = self._due(date='2026-03-04', sent_at=evening)
        there = self._due(self.abroad, date='2026-03-04', sent_at=evening)
        self.assertEqual(
            [self.Report.browse(message.id).on_day_count for message in (here, there)], [1, 0]
        )

    def test_a_message_by_hand_is_due_by_no_strategy(self):
        self._due(strategy_id=False, step_id=False)
        self.assertFalse(self._figures('due_count:sum')[0])

    def test_the_strategy_is_the_one_that_made_it_due(self):
        message = self._due()
        other = self._strategy({5: {}}, default=False)
        self.cases[self.mine].strategy_id = other
        row = self.Report.browse(message.id)
        self.assertEqual((row.strategy_id, row.step_id), (self.strategy, self.strategy.step_ids))

    def test_everybody_sees_what_is_theirs(self):
        mine, theirs = self._due(), self._due(self.theirs)
        abroad = self._due(self.abroad)
        domain = [('partner_id', 'in', [partner.id for partner in self.debtors])]
        Report = self.Report.with_context(allowed_company_ids=self.company.ids)
        for user, expected in (
            (self.collector, mine),
            (self.supervisor, mine + theirs),
            (self.accountant, mine + theirs),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(set(Report.with_user(user).search(domain).ids), set(expected.ids))
        rows = self.Report.with_context(allowed_company_ids=self.iberia.ids).search(domain)
        self.assertEqual(rows.ids, abroad.ids)
        self.assertEqual(rows.currency_id, self.iberia.currency_id)

    def test_a_row_opens_its_message(self):
        message = self._due()
        action = self.Report.browse(message.id).action_open()
        self.assertEqual((action['res_model'], action['res_id']), (message._name, message.id))
