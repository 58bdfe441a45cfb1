"""The spreadsheet that leaves with a hand-off, opened as the agency opens it."""

import io

from openpyxl import load_workbook

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .test_handoff import HandoffCommon


@tagged('post_install', '-at_install')
class TestHandoffFile(HandoffCommon, HttpCase):
    def _book(self, content):
        return load_workbook(io.BytesIO(content))

    def test_the_file_has_the_cases_documents_and_contacts_of_the_hand_off(self):
        self.debtor.write({'phone': '+57 300 123 4567', 'ref': '=HYPERLINK("x")'})
        self._debtor('Luis', parent_id=self.debtor.id, type='invoice')
        self._invoice(currency=self.clp, amount=90000)
        book = self._book(self._proposed(amount=50)._export())
        self.assertEqual(book.sheetnames, ['Cases', 'Documents', 'Contacts'])
        cases = {cell.value: place for place, cell in enumerate(book['Cases'][1])}
        row = [cell.value for cell in book['Cases'][2]]
        self.assertEqual(row[cases['Debtor']], 'Ana')
        self.assertEqual(row[cases['Amount handed over']], 150)
        self.assertEqual(row[cases['Reference']], '=HYPERLINK("x")')
        self.assertEqual(book['Cases'].cell(2, 1).data_type, 's', 'a text, not a formula')
        self.assertEqual(book['Documents'].max_row, 5)
        names = [row[2].value for row in book['Contacts'].iter_rows(min_row=2)]
        self.assertEqual(names, ['Luis', 'Ana'])

    def test_titles_stay_rows_filter_and_totals_add_up(self):
        page = self._book(self._proposed(self.debtor, self._debtor('Luis'))._export())['Cases']
        self.assertEqual(page.freeze_panes, 'B2')
        self.assertEqual(page.auto_filter.ref, 'A1:P3')
        titles = [cell.value for cell in page[1]]
        letter = page.cell(1, titles.index('Amount handed over') + 1).column_letter
        self.assertEqual(page[f'{letter}5'].value, f'=SUBTOTAL(109,{letter}2:{letter}3)')
        due = page.cell(2, titles.index('Oldest due date') + 1)
        self.assertTrue(due.is_date)

    def test_columns_that_the_agency_is_not_told_stay_at_home(self):
        self.debtor.vat = '12345'
        self.agency.column_ids = self.agency.column_ids.filtered(lambda c: not c.is_personal)
        book = self._book(self._proposed()._export())
        values = {cell.value for page in book for row in page.iter_rows() for cell in row}
        self.assertFalse({'Ana', 'ana@example.com', '12345'} & values)

    def test_the_file_that_left_is_kept_as_it_was(self):
        handoff = self._delivered()
        kept = self.env['ir.attachment'].search(
            [('res_model', '=', 'cobranza.handoff'), ('res_id', '=', handoff.id)]
        )
        self.debtor.name = 'Somebody else'
        new_test_user(
            self.env,
            'boss_of_files',
            groups='cobranza_management.group_supervisor',
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.authenticate('boss_of_files', 'boss_of_files')
        answer = self.url_open(handoff.action_download()['url'])
        self.assertEqual(answer.content, kept.raw)
        self.assertIn('.xlsx', answer.headers['Content-Disposition'])

    @mute_logger('odoo.http')
    def test_a_collector_does_not_download_it(self):
        handoff = self._proposed()
        self.authenticate(self.collector.login, self.collector.login)
        self.assertEqual(self.url_open(f'/cobranza/handoff/{handoff.id}').status_code, 403)
