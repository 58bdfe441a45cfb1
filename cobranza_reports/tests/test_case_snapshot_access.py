"""Who sees what debtors were, and the figures of their past."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_case_snapshot import SnapshotCommon


@tagged('post_install', '-at_install')
class TestCaseSnapshotAccess(SnapshotCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine, cls.theirs = (
            cls.cases.filtered(
                lambda c, p=partner: c.partner_id == p and c.company_id == cls.company
            )
            for partner in cls.debtors[:2]
        )
        cls.mine.user_id, cls.theirs.user_id = cls.other_collector, cls.collector
        cls.env.flush_all()
        cls.Snapshot._record_all()

    def _swap(self):
        """Hand each debtor to the other collector, a day later."""
        self._travel(days=1)
        self.mine.user_id, self.theirs.user_id = self.collector, self.other_collector
        self._night()

    def _seen_by(self, user, model, domain=()):
        Model = self.env[model].with_user(user)
        Model = Model.with_context(allowed_company_ids=user.company_ids.ids)
        return Model.search(
            [('partner_id', 'in', [p.id for p in self.debtors]), *domain]
        ).partner_id

    def test_the_past_belongs_to_who_has_the_debtor_now(self):
        day = self._day()
        self._swap()
        asked = [('as_of', '=', day)]
        mine = self._seen_by(self.collector, 'cobranza.report.aging', asked)
        self.assertEqual(mine, self.mine.partner_id)
        self.assertEqual(self._seen_by(self.collector, 'cobranza.case.snapshot'), mine)
        for user in (self.supervisor, self.accountant):
            for model, domain in (('cobranza.report.aging', asked), ('cobranza.case.snapshot', [])):
                with self.subTest(model, user=user.login):
                    both = self.mine.partner_id | self.theirs.partner_id
                    self.assertEqual(self._seen_by(user, model, domain), both)

    def test_nobody_sees_the_records_of_another_company(self):
        rows = self.Snapshot.with_user(self.supervisor).with_context(
            allowed_company_ids=self.company.ids
        )
        self.assertEqual(rows.search([]).company_id, self.company)

    def test_others_see_nothing(self):
        for user in (self.employee, self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._seen_by(user, 'cobranza.case.snapshot')

    def test_nobody_writes_them(self):
        row = self.Snapshot.search([('case_id', '=', self.mine.id)], limit=1)
        for user in (
            self.collector,
            self.supervisor,
            self.manager,
            self.env.ref('base.user_admin'),
        ):
            for operation in ('write', 'create', 'unlink'):
                with self.subTest(user.login, operation=operation):
                    self.assertFalse(row.with_user(user).has_access(operation))
