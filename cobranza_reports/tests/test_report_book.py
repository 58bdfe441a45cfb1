"""A report as a spreadsheet: the figures of the screen, formulas that say the same, and nothing of others."""

import io
import json
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from ..models import cobranza_report_book
from ..tools.report_book import HEAD_ROW
from .common import ReportCommon
from .test_report_access import REPORTS

HEAD = HEAD_ROW + 1


@tagged('post_install', '-at_install')
class TestReportBook(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()

    def _book(self, model, domain=(), groupby=(), user=None, values=False, **options):
        Report = self.env[model].with_user(user or self.supervisor)
        Report = Report.with_context(allowed_company_ids=options.pop('companies', self.company).ids)
        name, content = Report._workbook(list(domain), list(groupby), **options)
        self.assertTrue(name.endswith('.xlsx'))
        return load_workbook(io.BytesIO(content), data_only=values)

    @staticmethod
    def _rows(page):
        """Return (titles, [rows], {title: total} of the first currency)."""
        rows = list(page.iter_rows(min_row=HEAD, values_only=True))
        end = rows.index((None,) * len(rows[0]))
        return rows[0], rows[1:end], dict(zip(rows[0], rows[end + 1]))

    def test_the_totals_are_those_of_the_report(self):
        list(self._live(seed=7, days=50))
        for model in REPORTS:
            Report = self.env[model].with_context(allowed_company_ids=self.company.ids)
            figures = Report._book_figures([])
            specs = [f'{name}:{Report._fields[name].aggregator}' for name in figures]
            [expected] = Report._read_group([], [], specs)
            titles = Report.fields_get(figures, ['string'])
            book = self._book(model, values=True)
            for page in book.worksheets[:2]:
                _titles, rows, total = self._rows(page)
                self.assertTrue(rows, f'{model} without rows would prove nothing')
                for name, value in zip(figures, expected):
                    with self.subTest(model, figure=name, sheet=page.title):
                        shown = total[titles[name]['string']]
                        self.assertAlmostEqual(shown or 0, float(value or 0), 4)

    def test_every_report_of_the_house_can_be_taken_away(self):
        list(self._live(seed=12, days=30))
        mixin = self.env.registry['cobranza.report.mixin']
        reports = [
            name
            for name, model in self.env.registry.items()
            if issubclass(model, mixin) and not model._abstract
        ]
        self.assertLessEqual(set(REPORTS), set(reports))
        for model in reports:
            with self.subTest(model):
                book = self._book(model)
                self.assertIn('Formulas', book.sheetnames)
                for figure, meaning, _here in book['Formulas'].iter_rows(
                    min_row=2, values_only=True
                ):
                    self.assertTrue(meaning, f'{figure} does not say how it is worked out')

    def test_the_formulas_say_what_the_report_says(self):
        list(self._live(seed=8, days=50))
        plain = self._book('cobranza.report.aging', groupby=['partner_id'], values=True)
        page = self._book('cobranza.report.aging', groupby=['partner_id']).worksheets[0]
        titles, rows, total = self._rows(page)
        place = titles.index('Delinquency %')
        self.assertTrue(rows and all(row[place].startswith('=IF((') for row in rows))
        self.assertIn('SUBTOTAL(109', total['Open'])
        self.assertIn('SUBTOTAL(109', total['Delinquency %'])
        for row in self._rows(plain.worksheets[0])[1]:
            values = dict(zip(titles, row))
            if values['Open']:
                self.assertAlmostEqual(
                    values['Delinquency %'], values['Overdue'] / values['Open'] * 100, 6
                )

    def test_averages_of_balances_are_not_turned_into_sums(self):
        list(self._live(seed=9, days=50))
        page = self._book('cobranza.report.month', groupby=['partner_id']).worksheets[0]
        titles, rows, total = self._rows(page)
        place = titles.index('DSO')
        self.assertTrue(any(isinstance(row[place], float) for row in rows))
        self.assertIsInstance(total['Closing Receivables'], (int, float))
        self.assertIn('SUBTOTAL', total['Credit Sales'])

    def test_panes_filters_chart_and_formulas(self):
        list(self._live(seed=10, days=30))
        for model in REPORTS:
            with self.subTest(model):
                book = self._book(model)
                page, rows = book.worksheets[:2]
                for sheet in (page, rows):
                    self.assertTrue(sheet.freeze_panes.endswith(str(HEAD + 1)))
                    self.assertTrue(sheet.auto_filter.ref.startswith(f'A{HEAD}'))
                self.assertEqual(len(book['Chart']._charts), 1)
                said = {
                    row[0]: row[1]
                    for row in book['Formulas'].iter_rows(min_row=2, values_only=True)
                }
                Report = self.env[model]
                described = Report.fields_get(Report._book_figures([]), ['string', 'help'])
                for name, field in described.items():
                    self.assertTrue(field.get('help'), f'{name} does not say how it is worked out')
                    self.assertIn(field['help'], said[field['string']])

    def test_a_pivots_measures_bring_what_they_are_made_of(self):
        self._invoice(self.debtors[0], 100)
        book = self._book(
            'cobranza.report.aging', groupby=['partner_id'], figures=['delinquency', '__count']
        )
        titles, _rows, _total = self._rows(book.worksheets[0])
        self.assertEqual(list(titles)[-3:], ['Open', 'Overdue', 'Delinquency %'])

    def test_currencies_are_kept_apart(self):
        both = self.company | self.iberia
        self._invoice(self.debtors[0], 100)
        self._invoice(self.debtors[1], 900, company=self.iberia)
        self.supervisor.company_ids = both
        book = self._book('cobranza.report.aging', groupby=['partner_id'], companies=both)
        rows = list(book.worksheets[0].iter_rows(min_row=HEAD, values_only=True))
        codes = {company.currency_id.name for company in both}
        self.assertEqual({row[0] for row in rows[1:] if row[0]}, codes)
        self.assertEqual(sum(row[1] == 'Total' for row in rows), 2)
        self.assertTrue(any('SUMIFS' in str(cell) for row in rows for cell in row))
        self.assertEqual(len(book['Chart']._charts), 2)

    def test_it_speaks_the_users_language(self):
        self.env['res.lang']._activate_lang('es_419')
        self.supervisor.lang = 'es_419'
        self._invoice(self.debtors[0], 100)
        Report = (
            self.env['cobranza.report.month'].with_user(self.supervisor).with_context(lang='es_419')
        )
        Report = Report.with_context(allowed_company_ids=self.company.ids)
        titles = Report.fields_get(['closing', 'dso'], ['string'])
        self.assertNotEqual(titles['closing']['string'], 'Closing Receivables')
        book = load_workbook(io.BytesIO(Report._workbook([])[1]))
        said = [row[0] for row in book.worksheets[-1].iter_rows(min_row=2, values_only=True)]
        self.assertIn(titles['closing']['string'], said)

    def test_a_collector_takes_away_their_own_only(self):
        for partner, user in zip(self.debtors, (self.collector, self.other_collector)):
            self._pay(amount=40, invoice=self._invoice(partner, 100))
            self.env['cobranza.case']._create_missing(self.company)
            self.env['cobranza.case'].search([('partner_id', '=', partner.id)]).user_id = user
        self.env.flush_all()
        self._travel(days=14)  # a forecast looks back at whole weeks
        for model in REPORTS:
            with self.subTest(model):
                book = self._book(model, user=self.collector, values=True)
                texts = {
                    cell
                    for page in book
                    for row in page.iter_rows(values_only=True)
                    for cell in row
                }
                Mine = self.env[model].with_user(self.collector)
                Mine = Mine.with_context(allowed_company_ids=self.company.ids)
                mine = Mine.search([('partner_id', '=', self.debtors[0].id)], limit=1)
                self.assertTrue(mine or model == 'cobranza.report.forecast', 'nothing is not proof')
                self.assertEqual('Quipu' in texts, bool(mine))
                self.assertNotIn('Rímac', texts)
                self.assertNotIn('Trial Balance', book.sheetnames)
        with self.assertRaises(AccessError):
            self._book('cobranza.report.aging', user=self.employee)

    def test_the_aging_says_whether_it_ties(self):
        list(self._live(seed=11, days=30))
        book = self._book('cobranza.report.aging', values=True)
        titles, rows, _total = self._rows(book['Trial Balance'])
        place = titles.index('Difference')
        self.assertTrue(rows)
        self.assertEqual({row[place] for row in rows}, {0})

    def test_more_rows_than_a_spreadsheet_holds_are_refused_in_words(self):
        for partner in self.debtors:
            self._invoice(partner, 100)
        with (
            patch.object(cobranza_report_book, 'MOST_ROWS', 2),
            self.assertRaises(UserError) as caught,
        ):
            self._book('cobranza.report.aging')
        self.assertIn('filter them, or group them', str(caught.exception))

    def test_texts_are_never_formulas(self):
        self.debtors[0].name = '=HYPERLINK("http://x")'
        self._invoice(self.debtors[0], 100)
        page = self._book('cobranza.report.aging', groupby=['partner_id']).worksheets[0]
        cell = page.cell(HEAD + 1, 2)
        self.assertEqual((cell.value, cell.data_type), ('=HYPERLINK("http://x")', 's'))


@tagged('post_install', '-at_install')
class TestReportBookDownload(HttpCase):
    def _post(self, **asked):
        data = {'data': json.dumps(asked), 'csrf_token': Request.csrf_token(self)}
        return self.url_open('/cobranza/report/book', data=data)

    def test_it_is_downloaded(self):
        self.env.ref('base.user_admin').group_ids += self.env.ref(
            'cobranza_management.group_manager'
        )
        self.authenticate('admin', 'admin')
        answer = self._post(
            model='cobranza.report.month', groupby=['month:month'], filters='Last 12 Months'
        )
        self.assertEqual(answer.status_code, 200)
        page = load_workbook(io.BytesIO(answer.content)).worksheets[0]
        self.assertIn(
            'Filters: Last 12 Months',
            [row[0] for row in page.iter_rows(max_row=4, values_only=True)],
        )

    def test_only_reports_are(self):
        self.authenticate('admin', 'admin')
        for model in ('res.users', 'cobranza.report.tie', 'nonsense', None):
            with self.subTest(model):
                self.assertEqual(self._post(model=model).status_code, 404)

    def test_a_refusal_is_said_in_words(self):
        self.authenticate('admin', 'admin')
        with patch.object(cobranza_report_book, 'MOST_ROWS', -1):
            answer = self._post(model='cobranza.report.month')
        self.assertEqual(answer.status_code, 500)
        self.assertIn('filter them, or group them', answer.text)
