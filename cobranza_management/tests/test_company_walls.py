"""Opening portfolios, commissions and wrong numbers stay with the company they belong to."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .import_common import ImportCommon

MUTED = 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule'


@tagged('post_install', '-at_install')
class TestCompanyWalls(ImportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.iberia = cls._company('Iberia', 'ES', cls.usd)
        cls.outsider = cls._user('outsider', 'cobranza_management.group_manager', cls.iberia)
        cls.env.flush_all()

    def _outside(self, records):
        self.env.invalidate_all()
        return records.with_user(self.outsider).with_context(allowed_company_ids=self.iberia.ids)

    @mute_logger(*MUTED)
    def test_a_portfolio_is_seen_in_its_company_only(self):
        imported = self._import('20;Ana;;F1;2026-01-01;2026-02-01;USD;10;10')
        for records in (imported, imported.column_ids, imported.row_ids):
            with self.subTest(model=records._name):
                self.assertFalse(self._outside(records).search([]))
                with self.assertRaises(AccessError):
                    self._outside(records).read(['create_date'])
        for action in ('action_read', 'action_check', 'action_back', 'action_book'):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(self._outside(imported), action)()

    @mute_logger(*MUTED)
    def test_a_portfolio_is_not_moved_to_another_company(self):
        imported = self._import('20;Ana;;F1;2026-01-01;2026-02-01;USD;10;10')
        with self.assertRaises(AccessError):
            imported.with_user(self.importer).company_id = self.iberia
        with self.assertRaises(AccessError):
            self.env['cobranza.import'].with_user(self.importer).create(
                {'company_id': self.iberia.id, 'journal_id': False, 'account_id': False}
            )

    def test_commissions_and_wrong_numbers_of_another_company_are_not_seen(self):
        agency = self.env['cobranza.agency'].create(
            {
                'partner_id': self._debtor('Agency').id,
                'company_id': self.company.id,
                'band_ids': [(0, 0, {'first_day': 90, 'percent': 20})],
            }
        )
        self.debtor.company_id = self.company
        wrong = self.env['cobranza.wrong.address'].create(
            {'partner_id': self.debtor.id, 'address': '+573001112222'}
        )
        self.env.flush_all()
        for records in (agency.band_ids, wrong):
            with self.subTest(model=records._name):
                self.assertFalse(self._outside(records).search([('id', 'in', records.ids)]))
                self.assertTrue(records.with_user(self.manager).search([('id', 'in', records.ids)]))

    def test_cases_do_not_leave_with_the_agency_of_another_company(self):
        self._invoice(amount=100)
        self.env['cobranza.run']._run(self.company)
        agency = self.env['cobranza.agency'].create(
            {'partner_id': self._debtor('Agency').id, 'company_id': self.iberia.id}
        )
        self.env.flush_all()
        case = self._case()
        case.user_id = self.collector
        with mute_logger(*MUTED), self.assertRaises(AccessError):
            case.with_user(self.collector)._propose_handoff(agency)
        with self.assertRaises(UserError):
            case._propose_handoff(agency)
