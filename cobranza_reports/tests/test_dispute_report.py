"""How long disputes take, and how much of them was right."""

from odoo.tests import tagged

from .common import ReportCommon


@tagged('post_install', '-at_install')
class TestDisputeReport(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.Report = cls.env['cobranza.report.dispute']
        cls.reason = cls.env['cobranza.dispute.reason'].create({'name': 'Price'})

    def _dispute(self, amount, part=None, partner=None, company=None, currency=None, **values):
        company = company or self.company
        partner = partner or self.debtors[0]
        invoice = self._invoice(partner, amount, company=company, currency=currency)
        case = self.env['cobranza.case']._get_or_create(partner, company)
        values = {'amount': part, 'reason_id': self.reason.id, **values}
        return case._open_disputes(self._items(invoice), values)

    def _figures(self, *names, domain=()):
        self.env.flush_all()
        (figures,) = self.Report._read_group(
            [('reason_id', '=', self.reason.id), *domain], [], names
        )
        return figures

    def test_days_and_deadlines_are_those_of_what_is_resolved(self):
        prompt, slow, still = (
            self._dispute(100, deadline=self._day(5)),
            self._dispute(100, deadline=self._day(5)),
            self._dispute(100, deadline=self._day(5)),
        )
        self._travel(days=2)
        prompt._resolve('reject', {})
        self._travel(days=8)
        slow._resolve('withdraw', {})
        self.assertEqual(
            self._figures('dispute_count:sum', 'open_count:sum', 'overdue_count:sum', 'days_to_resolve:avg',
                          'on_time_rate:avg'),
            (3, 1, 1, (2 + 10) / 2, 50),
        )  # fmt: skip
        row = self.Report.search([('id', '=', still.id)])
        self.assertRecordValues(row, [{'days_to_resolve': False, 'resolved_count': 0}])

    def test_accepted_is_a_part_of_what_was_disputed_in_company_currency(self):
        accepted = self._dispute(200, part=100)
        self._dispute(90000, currency=self.clp)._resolve('reject', {})
        self._dispute(60)
        move = accepted._resolve('accept', {'amount': 40})
        move.action_post()
        self.assertEqual(accepted.state, 'partial')
        disputed, right, share = self._figures('disputed:sum', 'accepted:sum', 'accepted_rate:avg')
        self.assertEqual((disputed, right), (100 + 100 + 60, 40))
        self.assertAlmostEqual(float(share), 40 / 200 * 100)

    def test_it_is_broken_down_by_owner_and_opened_from_its_row(self):
        dispute = self._dispute(100, user_id=self.supervisor.id)
        self._dispute(50, user_id=self.manager.id)
        rows = self.Report._read_group(
            [('reason_id', '=', self.reason.id)], ['owner_id'], ['disputed:sum']
        )
        self.assertEqual(dict(rows), {self.supervisor: 100, self.manager: 50})
        row = self.Report.search([('id', '=', dispute.id)])
        action = row.action_open()
        self.assertEqual((action['res_model'], action['res_id']), ('cobranza.dispute', dispute.id))
        self.assertEqual(row.action_open_items()['domain'], [('id', 'in', dispute.line_id.ids)])

    def test_a_collector_sees_their_debtors_and_nobody_another_company(self):
        mine, theirs = self._dispute(100), self._dispute(100, partner=self.debtors[1])
        abroad = self._dispute(100, company=self.iberia)
        mine.case_id.user_id, theirs.case_id.user_id = self.collector, self.other_collector
        self.env.flush_all()
        for user, seen in ((self.collector, mine), (self.supervisor, mine | theirs)):
            with self.subTest(user.login):
                Report = self.Report.with_user(user).with_context(
                    allowed_company_ids=self.company.ids
                )
                rows = Report.search([('id', 'in', (mine | theirs | abroad).ids)])
                self.assertEqual(set(rows.ids), set(seen.ids))
