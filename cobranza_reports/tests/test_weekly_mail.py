"""The weekly report: on Monday morning, once, to whoever was chosen and may read it, as they read it."""

import io
from datetime import datetime
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.tests import tagged
from odoo.tools import file_open

from .common import ReportCommon


@tagged('post_install', '-at_install')
class TestWeeklyMail(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.env['res.company'].search([]).cobranza_weekly_active = False
        cls.company.write({'cobranza_active': True, 'cobranza_weekly_active': True})
        cls.company.cobranza_weekly_user_ids = cls.supervisor | cls.accountant

    def setUp(self):
        super().setUp()
        self._invoice(self.debtors[0], 1200, days_overdue=20)
        self._invoice(self.debtors[1], 900, company=self.iberia)
        for company in self.company | self.iberia:
            self.env['cobranza.case']._create_missing(company)
        self._go_to_monday(hour=8)

    def _go_to_monday(self, hour, weeks=0):
        """Move to an hour of the next Monday where the company works."""
        zone = self.company._cobranza_zone()
        now = datetime.now(zone)
        days = (7 - now.weekday()) % 7 or 7
        self._travel(days=days + 7 * weeks)
        now = datetime.now(zone)
        self._travel(hours=hour - now.hour)

    def _run(self):
        before = self.env['mail.mail'].search([])
        with patch.object(
            self.env.registry['ir.cron'], '_commit_progress', lambda *args, **kwargs: float('inf')
        ):
            self.env['cobranza.weekly.mail']._cron_send()
        return self.env['mail.mail'].search([]) - before

    def _settings(self):
        return self.env['res.config.settings'].create({'company_id': self.company.id})

    def test_it_says_what_the_dashboard_says(self):
        mails = self._run()
        self.assertEqual(mails.recipient_ids, (self.supervisor | self.accountant).partner_id)
        self.assertEqual(set(mails.mapped('state')), {'outgoing'})
        mail = mails.filtered(lambda mail: mail.recipient_ids == self.supervisor.partner_id)
        Board = self.env['cobranza.report.board'].with_user(self.supervisor)
        board = Board.with_context(allowed_company_ids=self.company.ids).get_board()
        for tile in board['tiles']:
            self.assertIn(tile['value'], mail.body_html.replace('&nbsp;', ' '))
        self.assertIn('Quipu', mail.body_html)
        self.assertNotIn('Rímac', mail.body_html, 'it belongs to another company')
        self.assertIn('/odoo/collection-dashboard', mail.body_html)
        self.assertNotIn('Just answer this message', mail.body_html, 'that is said to customers')

    def test_the_months_are_attached(self):
        book = load_workbook(io.BytesIO(self._run()[0].attachment_ids.raw), data_only=True)
        page = book.worksheets[0]
        months = [row[1] for row in page.iter_rows(min_row=6, max_row=17, values_only=True)]
        self.assertEqual(len(set(months)), 12)
        self.assertIn('Formulas', book.sheetnames)

    def test_nothing_comes_twice_in_a_week(self):
        self.assertEqual(len(self._run()), 2)
        self.assertFalse(self._run())
        self._travel(hours=3)
        self.assertFalse(self._run())
        self._settings().action_send_weekly_report()
        self.assertEqual(self.env['cobranza.weekly.mail'].search_count([]), 2)
        self._go_to_monday(hour=8)
        self.assertEqual(len(self._run()), 2)

    def test_it_waits_for_the_morning_where_the_company_works(self):
        self._go_to_monday(hour=6)
        self.assertFalse(self._run())
        self._travel(hours=1)
        self.assertEqual(len(self._run()), 2)
        self._travel(days=1)
        self.company.cobranza_weekly_user_ids |= self.manager
        self.assertFalse(self._run(), 'on a Tuesday')

    def test_a_monday_without_a_server_is_made_up_for_on_tuesday(self):
        self._travel(days=1)
        self.assertEqual(len(self._run()), 2)
        self.assertFalse(self._run())
        self._travel(days=7 + 1)
        self.assertFalse(self._run(), 'on a Wednesday it is old news')

    def test_who_may_not_read_it_gets_none(self):
        self.company.cobranza_weekly_user_ids |= self.collector | self.employee
        stranger = self._user('stranger', 'cobranza_management.group_supervisor')
        stranger.write({'company_ids': [(6, 0, self.iberia.ids)], 'company_id': self.iberia.id})
        self.company.cobranza_weekly_user_ids |= stranger
        self.assertEqual(self._run().recipient_ids, (self.supervisor | self.accountant).partner_id)

    def test_one_without_an_address_does_not_keep_it_from_the_others(self):
        self.supervisor.email = False
        mails = self._run()
        self.assertEqual(mails.recipient_ids, self.accountant.partner_id)

    def test_each_reads_it_in_their_language(self):
        self.env['res.lang']._activate_lang('es_419')
        self.supervisor.lang = 'es_419'
        said = {mail.recipient_ids: mail for mail in self._run()}
        spanish = said[self.supervisor.partner_id]
        self.assertIn('semana del', spanish.subject)
        self.assertIn('¿Quién debe más?', spanish.body_html)
        self.assertIn('Who owes most?', said[self.accountant.partner_id].body_html)
        page = load_workbook(io.BytesIO(spanish.attachment_ids.raw)).worksheets[0]
        self.assertIn('Total', [cell.value for cell in page['B']])

    def test_it_is_off_until_it_is_switched_on(self):
        fresh = self.env['res.company'].create({'name': 'Fresh'})
        self.assertFalse(fresh.cobranza_weekly_active or fresh.cobranza_weekly_user_ids)
        self.company.cobranza_weekly_active = False
        self.assertFalse(self._run())

    def test_send_now_writes_to_who_has_none_yet(self):
        self._travel(days=2)
        self.assertIn('2', self._settings().action_send_weekly_report()['params']['message'])
        self.company.cobranza_weekly_user_ids |= self.manager
        self._settings().action_send_weekly_report()
        self.assertEqual(self.env['cobranza.weekly.mail'].search([], limit=1).user_id, self.manager)
        last = self._settings().action_send_weekly_report()
        self.assertEqual(last['params']['type'], 'warning')

    def test_a_copy_of_the_database_sends_nothing(self):
        mails = self._run()
        self.env.flush_all()
        with file_open('cobranza_reports/data/neutralize.sql') as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertEqual(set(mails.mapped('state')), {'cancel'})
        self.assertFalse(self.env.ref('cobranza_reports.ir_cron_send_weekly_reports').active)
        self._go_to_monday(hour=8)
        self.assertFalse(self._run())
