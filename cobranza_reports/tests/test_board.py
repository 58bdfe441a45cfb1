"""The executive dashboard: what it says, to whom, and that it opens in a browser."""

import json

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..tools import metrics
from .common import ReportCommon


@tagged('post_install', '-at_install')
class TestBoard(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()

    def _board(self, user, **options):
        Board = self.env['cobranza.report.board'].with_user(user)
        return Board.with_context(allowed_company_ids=self.company.ids).get_board(**options)

    def test_the_tiles_say_what_the_ledger_says(self):
        list(self._live(seed=31, days=60))
        board = self._board(self.supervisor)
        json.dumps(board)
        tiles = {tile['key']: tile for tile in board['tiles']}
        rows = self.env['cobranza.report.month']._read_months(self.company.ids, 25)
        last = rows[-2]
        self.assertTrue(last['sales'], 'a month without sales would prove nothing')
        dso = metrics.dso(last['closing'], last['sales'], last['days'])
        self.assertEqual(tiles['dso']['value'], f'{dso:,.1f} days')
        self.assertEqual(board['series']['dso'][-1], round(dso, 1))
        self.assertIn(f'{round(rows[-1]["closing"]):,}', tiles['receivable']['value'])
        self.assertEqual(len(board['series']['labels']), 12)

    def test_a_target_that_is_missed_is_marked(self):
        self._invoice_today(self.debtors[0], 100, self.company, self.usd, due_in=0)
        self._travel(days=40)
        self.company.cobranza_target_delinquency = 20
        tile = {t['key']: t for t in self._board(self.supervisor)['tiles']}['delinquency']
        self.assertEqual((tile['value'], tile['target_missed']), ('100.0 %', True))

    def test_an_empty_book_shows_dashes(self):
        self.env['account.move'].search([('company_id', '=', self.company.id)]).button_draft()
        board = self._board(self.supervisor)
        tiles = {tile['key']: tile for tile in board['tiles']}
        self.assertEqual(tiles['dso']['value'], '–')
        self.assertEqual((tiles['dso']['note'], tiles['overdue']['change']), ('', ''))
        self.assertEqual(board['debtors'], [])

    def test_a_company_is_shown_alone(self):
        self._invoice(self.debtors[0], 100)
        self._invoice(self.debtors[1], 900, company=self.iberia)
        self.env['cobranza.case']._create_missing(self.company)
        self.env['cobranza.case']._create_missing(self.iberia)
        both = self.env['cobranza.report.board'].get_board(company_id=self.iberia.id)
        self.assertEqual(both['company_id'], self.iberia.id)
        self.assertEqual([row['name'] for row in both['debtors']], ['Rímac'])
        self.assertEqual(len(both['companies']), 2)

    def test_it_is_not_for_collectors_and_customers(self):
        self.assertTrue(self._board(self.accountant))
        for user in (self.collector, self.employee, self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._board(user)

    def test_what_comes_from_a_browser_is_not_trusted(self):
        board = self._board(self.supervisor, months='many', company_id=self.iberia.id)
        self.assertEqual((board['months'], board['company_id']), (12, self.company.id))


@tagged('post_install', '-at_install')
class TestBoardTour(HttpCase):
    def _prepare(self, lang):
        company = self.env.company
        if not company.cobranza_active:
            company.cobranza_active = True
        self.env['res.lang']._activate_lang(lang)
        admin = self.env.ref('base.user_admin')
        admin.write(
            {'lang': lang, 'group_ids': [(4, self.env.ref('cobranza_management.group_manager').id)]}
        )
        partner = self.env['res.partner'].create({'name': 'Quipu'})
        journal = self.env['account.journal'].search(
            [('type', '=', 'sale'), ('company_id', '=', company.id)], limit=1
        )
        move = self.env['account.move'].create(
            {
                'invoice_date': fields.Date.subtract(fields.Date.today(), days=40),
                'invoice_date_due': fields.Date.subtract(fields.Date.today(), days=10),
                'invoice_line_ids': [(0, 0, {'name': 'Service', 'price_unit': 100, 'tax_ids': []})],
                'invoice_payment_term_id': False,
                'journal_id': journal.id,
                'move_type': 'out_invoice',
                'partner_id': partner.id,
            }
        )
        move.action_post()
        self.env['cobranza.case']._create_missing(company)

    def _walk(self, lang):
        self._prepare(lang)
        self.start_tour('/odoo/collection-dashboard', 'cobranza_report_board', login='admin')
        self.start_tour('/odoo/collection-operations', 'cobranza_report_operations', login='admin')
        self.start_tour('/odoo/collection-team-dashboard', 'cobranza_report_team', login='admin')
        self.start_tour('/odoo/collection-strategy', 'cobranza_report_strategy', login='admin')

    def test_a_supervisor_reads_them(self):
        self._walk('en_US')

    def test_a_supervisor_reads_them_in_spanish(self):
        self._walk('es_419')
