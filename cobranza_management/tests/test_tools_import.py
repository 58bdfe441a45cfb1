"""Reading spreadsheets: whatever a person or a program writes comes back as it was meant."""

import io
import zipfile
from datetime import date, datetime, time

from odoo.tests import BaseCase, tagged

from ..tools import import_table
from ..tools.import_columns import find_header, recognise
from ..tools.import_documents import read_documents
from ..tools.import_files import harmless, write_workbook
from ..tools.import_table import Row, TableError, find_delimiter, read_table
from ..tools.import_values import AmbiguousDate, day_first, parse_date, parse_text
from .properties import given, st

days = st.dates(min_value=date(1980, 1, 1), max_value=date(2100, 12, 31))
words = st.text(
    st.characters(codec='latin-1', exclude_categories=('Cc', 'Zs')), min_size=1, max_size=12
)
#: Titles of the template in Spanish, as es.po has them.
SPANISH = {
    'vat': 'RUC / NIT / RUT',
    'reference': 'Código de cliente',
    'name': 'Cliente',
    'email': 'Correo electrónico',
    'phone': 'Teléfono',
    'country': 'País',
    'number': 'Número de documento',
    'instalment': 'Cuota',
    'issue_date': 'Fecha de emisión',
    'due_date': 'Fecha de vencimiento',
    'currency': 'Moneda',
    'amount': 'Importe original',
    'balance': 'Saldo pendiente',
    'book_balance': 'Saldo en moneda de la compañía',
    'salesperson': 'Vendedor',
    'tag': 'Etiqueta',
}


@tagged('post_install', '-at_install')
class TestToolsImport(BaseCase):
    # === DATES === #

    @given(
        days,
        st.sampled_from(
            ['%d/%m/%Y', '%Y-%m-%d', '%d-%m-%Y', '%d.%m.%Y', '%Y%m%d', '%Y/%m/%d 00:00:00']
        ),
    )
    def test_a_date_is_read_as_it_is_written(self, day, form):
        self.assertEqual(parse_date(day.strftime(form)), day)

    @given(days)
    def test_a_date_of_excel_is_that_date(self, day):
        self.assertEqual(parse_date(datetime.combine(day, time(5))), day)
        self.assertEqual(parse_date((day - date(1899, 12, 30)).days), day)

    @given(st.lists(days.filter(lambda day: day.day > 12), min_size=1), st.booleans())
    def test_the_order_of_day_and_month_is_found_out(self, dates, first):
        texts = [day.strftime('%d/%m/%Y' if first else '%m/%d/%Y') for day in dates]
        self.assertEqual(day_first(texts), first)
        self.assertEqual([parse_date(text, first) for text in texts], dates)

    @given(st.lists(days, min_size=1, max_size=8), st.booleans(), st.booleans())
    def test_dates_are_read_as_their_file_proves_or_their_reader_writes_or_are_asked_about(
        self, dates, first, local
    ):
        texts = [day.strftime('%d/%m/%Y' if first else '%m/%d/%Y') for day in dates]
        order = day_first(texts, local)
        proven = any(day.day > 12 for day in dates)
        for text, day in zip(texts, dates):
            if proven or (first and local) or day.day == day.month:
                self.assertEqual(parse_date(text, order), day)
            elif not local:
                with self.assertRaises(AmbiguousDate):
                    parse_date(text, order)

    def test_dates_that_contradict_each_other_are_read_where_they_say_it_themselves(self):
        texts = ['25/03/2026', '03/26/2026', '03/04/2026', '05/05/2026']
        order = day_first(texts)
        self.assertEqual(
            [parse_date(text, order).day for text in (*texts[:2], texts[3])], [25, 26, 5]
        )
        with self.assertRaises(AmbiguousDate):
            parse_date(texts[2], order)

    def test_dates_that_another_countrys_excel_took_are_asked_about(self):
        columns = {0: 'name', 1: 'number', 2: 'due_date', 3: 'balance'}
        cells = (date(2026, 4, 3), '25/03/2026', date(2026, 5, 5))
        rows = [Row(n, ('Ana', f'F{n}', cell, 5)) for n, cell in enumerate(cells)]
        problems = [document.problems for document in read_documents(rows, columns)]
        self.assertEqual(
            [[code for code, _detail in row] for row in problems], [['swapped_date'], [], []]
        )
        chosen = read_documents(rows, columns, first_is_day=True)
        self.assertFalse([document.problems for document in chosen if document.problems])

    def test_what_is_due_before_it_was_issued_is_noted(self):
        columns = {0: 'name', 1: 'number', 2: 'issue_date', 3: 'due_date', 4: 'balance'}
        rows = [Row(2, ('Ana', 'F1', '2026-03-01', '2026-02-01', 5))]
        (document,) = read_documents(rows, columns)
        self.assertEqual((document.problems, document.notes), ([], [('due_before_issue', '')]))

    @given(st.text(max_size=20) | st.floats() | st.integers() | st.booleans())
    def test_anything_is_a_date_or_a_mistake(self, cell):
        try:
            day = parse_date(cell)
        except (ValueError, OverflowError):
            return
        self.assertIsInstance(day, date | None)

    def test_a_day_that_does_not_exist_is_a_mistake(self):
        for text in ('31/02/2026', '2026-13-01', '31/12/1026', 'mañana', '0', -5):
            with self.subTest(text=text), self.assertRaises(ValueError):
                parse_date(text)

    # === FILES === #

    @given(
        st.lists(st.lists(words, min_size=3, max_size=3), min_size=3, max_size=8),
        st.sampled_from(';,\t|'),
        st.sampled_from(['utf-8', 'utf-8-sig', 'latin-1', 'utf-16']),
    )
    def test_delimited_text_is_read_in_any_encoding(self, rows, delimiter, encoding):
        quoted = [['"' + cell.replace('"', '""') + '"' for cell in row] for row in rows]
        text = '\r\n'.join(delimiter.join(row) for row in quoted)
        read = read_table(text.encode(encoding))
        if encoding != 'latin-1' or all(cell.isascii() for row in rows for cell in row):
            self.assertEqual([list(row.cells) for row in read], rows)
        self.assertEqual(len(read), len(rows))

    @given(st.lists(st.tuples(words, st.integers(-(10**9), 10**9), days), min_size=1, max_size=6))
    def test_a_workbook_comes_back_as_it_was_written(self, rows):
        read = read_table(write_workbook([('Hoja', ['a', 'b', 'c'], rows)]))
        expected = [(harmless(word), number, day) for word, number, day in rows]
        cells = [(cell[0], cell[1], cell[2].date()) for _number, cell in read[1:]]
        self.assertEqual(cells, expected)

    @given(st.binary(max_size=200))
    def test_any_bytes_are_a_table_or_are_refused(self, content):
        try:
            rows = read_table(content)
        except TableError:
            return
        self.assertTrue(rows)

    def test_rows_are_counted_as_the_spreadsheet_counts_them(self):
        rows = read_table(b'a;b\n\n"two\nlines";1\nlast;2\n')
        self.assertEqual([row.number for row in rows], [1, 3, 5])

    def test_an_archive_that_swells_is_refused_before_it_is_unpacked(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, 'w', zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(import_table.WORKBOOK, '<x/>')
            archive.writestr('xl/worksheets/sheet1.xml', b' ' * (import_table.MAX_UNPACKED + 1))
        self.assertLess(len(buffer.getvalue()), 1_000_000)
        self._refused(buffer.getvalue(), 'too_large')

    def test_an_archive_that_is_no_workbook_is_refused(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, 'w') as archive:
            archive.writestr('word/document.xml', '<x/>')
        self._refused(buffer.getvalue(), 'not_a_table')

    def test_more_rows_than_anybody_checks_are_refused(self):
        self._refused(b'a;b\n' * (import_table.MAX_ROWS + 1), 'too_many_rows')
        self._refused(b'x' * (import_table.MAX_BYTES + 1), 'too_large')

    def _refused(self, content, code):
        with self.assertRaises(TableError) as caught:
            read_table(content)
        self.assertEqual(caught.exception.code, code)

    def test_a_decimal_comma_is_no_delimiter(self):
        self.assertEqual(find_delimiter('nombre;saldo\nAna;1,50\nLuis;2,00\n'), ';')
        self.assertEqual(find_delimiter('nombre\tsaldo\nAna\t1,50\n'), '\t')

    @given(st.text(max_size=10))
    def test_what_is_handed_out_is_never_a_formula(self, text):
        self.assertNotIn(harmless(text)[:1], set('=+-@'))

    # === COLUMNS AND DOCUMENTS === #

    def test_the_spanish_template_is_recognised(self):
        self.assertEqual(list(recognise(list(SPANISH.values())).values()), list(SPANISH))

    @given(st.lists(st.text(max_size=15), max_size=12))
    def test_a_meaning_is_given_to_one_column_at_most(self, titles):
        meanings = list(recognise(titles).values())
        self.assertEqual(len(meanings), len(set(meanings)))
        self.assertIn(find_header([titles, titles]), (0, 1))

    def test_a_line_of_totals_is_no_document(self):
        columns = {0: 'name', 1: 'number', 2: 'due_date', 3: 'balance'}
        rows = [Row(2, ('Ana', 'F1', '2026-01-01', 5)), Row(3, ('TOTAL', '', '', 5))]
        self.assertEqual([document.row for document in read_documents(rows, columns)], [2])

    def test_codes_that_excel_made_numbers_are_codes_again(self):
        self.assertEqual(parse_text(20601234567.0), '20601234567')
