"""The statements as a spreadsheet: formulas that give what they say, in the reader's language."""

import io
import zipfile

import openpyxl

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .common_statement import StatementCommon


class BookCommon(StatementCommon):
    def _workbook(self, cases=None, values=True, user=None):
        cases = (cases or self.case).with_user(user or self.supervisor)
        content = cases.env['cobranza.statement']._workbook(cases, self._day())
        self.archive = zipfile.ZipFile(io.BytesIO(content))
        return openpyxl.load_workbook(io.BytesIO(content), data_only=values)

    @staticmethod
    def _table(page, head_row=1):
        """Return the rows below the titles as dicts, up to the first empty one."""
        titles = [cell.value for cell in page[head_row]]
        rows = []
        for row in page.iter_rows(min_row=head_row + 1, values_only=True):
            if not any(value is not None for value in row):
                break
            rows.append(dict(zip(titles, row)))
        return rows


@tagged('post_install', '-at_install')
class TestStatementBook(BookCommon):
    def test_documents_and_balances_are_those_of_the_statement(self):
        book = self._workbook()
        self.assertEqual(book.sheetnames, ['Aging', 'Documents', 'Formulas'])
        documents = self._table(book['Documents'])
        self.assertEqual(
            [(row['Document'], row['Days late'], row['Open'], row['Net of credits']) for row in documents],
            [
                (self.old.name, 40, 1000, 700),
                (self.pesos.name, 10, 90000, 90000),
                (self.young.name, -5, 500, 500),
                (self.advance.move_id.name, None, -300, None),
            ],
        )  # fmt: skip
        pesos, dollars = self._table(book['Aging'], 4)
        self.assertEqual(
            (dollars['Currency'], dollars['31-60 days'], dollars['Not due'], dollars['Balance'], dollars['Overdue']),
            ('USD', 700, 500, 1200, 700),
        )  # fmt: skip
        self.assertEqual(
            (pesos['Currency'], pesos['1-30 days'], pesos['In favour']), ('CLP', 90000, 0)
        )

    def test_balances_are_formulas_over_the_documents(self):
        page = self._workbook(values=False)['Aging']
        titles = [cell.value for cell in page[4]]
        formula = page.cell(6, titles.index('31-60 days') + 1).value
        self.assertEqual(
            formula,
            '=SUMIFS(Documents!$L$2:$L$5,Documents!$A$2:$A$5,$A6,Documents!$I$2:$I$5,$D6,'
            'Documents!$G$2:$G$5,">=31",Documents!$G$2:$G$5,"<=60")',
        )
        first = page.cell(6, titles.index('Not due') + 1).value
        self.assertTrue(first.endswith('"<=0")') and '">=' not in first, first)

    def test_titles_stay_filters_are_there_and_money_is_formatted(self):
        book = self._workbook()
        page = book['Aging']
        self.assertEqual((page.freeze_panes, book['Documents'].freeze_panes), ('C5', 'D2'))
        self.assertEqual(page.auto_filter.ref, 'A4:M6')
        self.assertEqual(
            [page.cell(row, 12).number_format for row in (5, 6)], ['#,##0', '#,##0.00']
        )
        due = book['Documents'].cell(2, 6)
        self.assertTrue(due.is_date)

    def test_totals_are_by_currency_and_follow_the_filter_of_a_single_one(self):
        page = self._workbook(values=False)['Documents']
        self.assertEqual(page.cell(7, 11).value, '=SUMIFS(K2:K5,$I$2:$I$5,$I7)')
        partner = self._debtor('Beto')
        self._invoice(partner, 80)
        page = self._workbook(self._open_case(partner), values=False)['Documents']
        self.assertEqual(page.cell(4, 11).value, '=SUBTOTAL(109,K2)')

    def test_a_native_chart_draws_each_currency_in_the_colours_of_the_buckets(self):
        self._workbook()
        charts = [name for name in self.archive.namelist() if 'charts/chart' in name]
        self.assertEqual(len(charts), 2)
        drawn = self.archive.read(charts[0]).decode()
        for bucket in self.company._aging_buckets():
            self.assertIn(bucket.color.lstrip('#').upper(), drawn.upper())

    def test_one_customer_is_written_to_in_their_language_many_in_the_users(self):
        self.debtor.lang = 'es_419'
        book = self._workbook()
        self.assertIn('Documentos', book.sheetnames)
        partner = self._debtor('Beto')
        self._invoice(partner, 80)
        book = self._workbook(self.case | self._open_case(partner))
        self.assertIn('Documents', book.sheetnames)
        self.assertEqual(
            {row['Customer'] for row in self._table(book['Documents'])}, {'Ana', 'Beto'}
        )

    def test_each_company_has_its_own_sheets(self):
        iberia = self._company('Iberia', 'ES', self._currency('EUR'))
        self._invoice(amount=70, company=iberia, days_overdue=5)
        cases = self.case | self._open_case(company=iberia)
        book = self._workbook(cases, user=self.env.user)
        self.assertEqual(
            book.sheetnames, ['Aging 1', 'Documents 1', 'Aging 2', 'Documents 2', 'Formulas']
        )
        self.assertEqual(book['Aging 2']['A1'].value, 'Iberia')
        self.assertEqual([row['Balance'] for row in self._table(book['Aging 2'], 4)], [70])

    def test_a_name_that_looks_like_a_formula_stays_a_text(self):
        self.debtor.name = '=cmd()'
        page = self._workbook(values=False)['Documents']
        self.assertEqual((page['B2'].value, page['B2'].data_type), ('=cmd()', 's'))

    def test_every_figure_is_explained(self):
        figures = [row['Figure'] for row in self._table(self._workbook()['Formulas'])]
        self.assertEqual(
            figures,
            ['Open', 'Days late', 'Net of credits', 'Aging', 'Balance', 'In favour', 'Overdue', 'Total'],
        )  # fmt: skip

    def test_a_collector_gets_no_spreadsheet_of_anothers_case(self):
        with self.assertRaises(AccessError):
            self._workbook(user=self.other_collector)


@tagged('post_install', '-at_install')
class TestStatementDownload(HttpCase, BookCommon):
    def test_the_file_is_for_who_asked_for_it(self):
        wizard = (
            self.env['cobranza.statement.wizard']
            .with_user(self.collector)
            .create({'case_ids': self.case.ids, 'day': self._day()})
        )
        url = wizard.action_download()['url']
        self.env.flush_all()
        self.authenticate(self.collector.login, self.collector.login)
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames[0], 'Aging')
        self.authenticate(self.other_collector.login, self.other_collector.login)
        self.assertEqual(self.url_open(url).status_code, 404)
