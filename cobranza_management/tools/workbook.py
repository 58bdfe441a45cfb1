"""Spreadsheets that people work with: titles that stay, filters, real dates, totals that follow the filter."""

import io
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

#: What a browser and a mail client call such a file.
XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
#: Number format and width in characters, by kind of column.
KINDS = {
    'text': ('@', 24),
    'long': ('@', 40),
    'number': ('#,##0', 10),
    'money': ('#,##0.00', 16),
    'total': ('#,##0.00', 16),
    'date': ('yyyy-mm-dd', 12),
}


class Column(NamedTuple):
    """A column; the kind 'total' is money of one currency, which may be added up."""

    key: str
    title: str
    kind: str = 'text'


class Sheet(NamedTuple):
    """A sheet; its rows are dicts by column key."""

    name: str
    columns: list
    rows: list


def open_book(stream):
    """Return a workbook whose texts are written as texts, never as formulas, whatever they start with."""
    options = {'in_memory': True, 'strings_to_formulas': False, 'strings_to_urls': False}
    return xlsxwriter.Workbook(stream, options)


def build(sheets, total_label):
    """Return the bytes of an XLSX file."""
    stream = io.BytesIO()
    with open_book(stream) as book:
        formats = {
            kind: book.add_format({'num_format': code}) for kind, (code, _w) in KINDS.items()
        }
        bold = {'bold': True, 'bg_color': '#E9ECEF', 'border': 1, 'border_color': '#CED4DA'}
        head = book.add_format({**bold, 'text_wrap': True, 'valign': 'top'})
        foot = book.add_format({**bold, 'num_format': KINDS['total'][0]})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name[:31])
            _write_head(page, sheet, formats, head)
            _write_rows(page, sheet, formats)
            _write_totals(page, sheet, total_label, foot)
    return stream.getvalue()


def _write_head(page, sheet, formats, head):
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, KINDS[column.kind][1], formats[column.kind])
        page.write_string(0, place, column.title, head)
    page.freeze_panes(1, 1)
    if sheet.columns:
        page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)


def _write_rows(page, sheet, formats):
    writers = {'text': page.write_string, 'long': page.write_string, 'date': page.write_datetime}
    for number, row in enumerate(sheet.rows, start=1):
        for place, column in enumerate(sheet.columns):
            value = row.get(column.key)
            if value not in (None, False, ''):
                write = writers.get(column.kind, page.write_number)
                write(number, place, value, formats[column.kind])


def _write_totals(page, sheet, label, foot):
    """Add up what can be: below the rows and outside the filter, over the rows it shows."""
    places = [place for place, column in enumerate(sheet.columns) if column.kind == 'total']
    if not places or not sheet.rows:
        return
    last = len(sheet.rows)
    page.write_string(last + 2, 0, label, foot)
    for place in places:
        key = sheet.columns[place].key
        first, end = xl_rowcol_to_cell(1, place), xl_rowcol_to_cell(last, place)
        total = round(sum(row.get(key) or 0 for row in sheet.rows), 6)
        page.write_formula(last + 2, place, f'=SUBTOTAL(109,{first}:{end})', foot, total)
