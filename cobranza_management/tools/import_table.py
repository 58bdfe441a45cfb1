"""Reading a table out of an uploaded file, whatever program wrote it.

The kind of a file is told by its bytes, never by its name. Everything is bounded: size, unpacked size, rows, columns.
"""

import csv
import io
import re
import zipfile
from collections import Counter
from typing import NamedTuple

import openpyxl

MAX_BYTES = 15_000_000
MAX_UNPACKED = 200_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_CELL = 500
DELIMITERS = ';,\t|'
ZIP, OLE = b'PK\x03\x04', b'\xd0\xcf\x11\xe0'
#: Marks of width and direction that come along with copied text.
INVISIBLE = re.compile('[\u200b-\u200f\u202a-\u202e\u2060\ufeff]')
WORKBOOK = 'xl/workbook.xml'
BOMS = {b'\xef\xbb\xbf': 'utf-8-sig', b'\xff\xfe': 'utf-16', b'\xfe\xff': 'utf-16'}


class TableError(Exception):
    """The file is no table; `code` says why."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Row(NamedTuple):
    """A row that is not empty."""

    number: int  # as the spreadsheet program counts, from 1
    cells: tuple  # str, int, float, bool, date, datetime or None


class Sheet(NamedTuple):
    """A table of a file that has rows."""

    name: str  # '' for delimited text
    rows: list  # of Row


def read_table(content):
    """Return the non-empty rows of a file, in order.

    :param bytes content: an Excel workbook (its first sheet with data) or delimited text
    :raise TableError: with the code empty, too_large, too_many_rows, old_excel, broken or not_a_table

    >>> read_table('RUC;Saldo\\n20;"1,5"\\n;\\n'.encode('latin-1'))
    [Row(number=1, cells=('RUC', 'Saldo')), Row(number=2, cells=('20', '1,5'))]
    """
    return next(read_sheets(content)).rows


def read_sheets(content):
    """Yield the sheets of a file that have rows, in order; each is read when it is asked for.

    :raise TableError: as `read_table` does
    """
    if len(content) > MAX_BYTES:
        raise TableError('too_large')
    if content.startswith(OLE):
        raise TableError('old_excel')
    is_workbook = content.startswith(ZIP)
    tables = _workbook_tables(content) if is_workbook else [('', _text_rows(content))]
    found = False
    for name, rows in tables:
        kept = _filled(rows)
        if kept:
            found = True
            yield Sheet(name, kept)
    if not found:
        raise TableError('empty')


def _filled(rows):
    """Return the rows that are not empty, as many as a file may have."""
    kept = []
    for row in rows:
        if any(cell not in (None, '') for cell in row.cells):
            kept.append(row)
            if len(kept) > MAX_ROWS:
                raise TableError('too_many_rows')
    return kept


# === EXCEL === #


def _workbook_tables(content):
    """Yield (name, rows) of the sheets."""
    _refuse_bombs(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            yield sheet.title, list(_sheet_rows(sheet))
    except TableError:
        raise
    except Exception as error:  # the library raises whatever the damage leads to
        raise TableError('broken') from error


def _refuse_bombs(content):
    """Refuse an archive that unpacks to much more than a spreadsheet holds, or that is no workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise TableError('broken') from error
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise TableError('too_large')
    if WORKBOOK not in {entry.filename for entry in entries}:
        raise TableError('not_a_table')


def _sheet_rows(sheet):
    # a file may claim dimensions that are not true
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS), start=1):
        cleaned = tuple(clean(cell) for cell in cells)
        if any(cell not in (None, '') for cell in cleaned):
            yield Row(number, cleaned)
        # empty rows are cheap to write and slow to read
        elif number > 5 * MAX_ROWS:
            raise TableError('too_many_rows')


def clean(cell):
    """Return a cell without blanks around it and what nobody sees, and not longer than anything meant.

    >>> clean('  a\\xa0b\\u200b ')
    'a b'
    """
    if isinstance(cell, str):
        return ' '.join(INVISIBLE.sub('', cell).split())[:MAX_CELL]
    return cell


# === TEXT === #


def _text_rows(content):
    """Return the rows of delimited text."""
    text = decode(content)
    delimiter = find_delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=''), delimiter=delimiter)
    rows, before = [], 0
    try:
        for cells in reader:
            rows.append(Row(before + 1, tuple(clean(cell) for cell in cells[:MAX_COLUMNS])))
            before = reader.line_num
            if len(rows) > 5 * MAX_ROWS:
                raise TableError('too_many_rows')
    except csv.Error as error:
        raise TableError('broken') from error
    return rows


def decode(content):
    """Return the text of a file: by its byte order mark, as UTF-8, or as the Windows form of Latin-1.

    >>> decode('Peñón'.encode('utf-8')) == decode('Peñón'.encode('latin-1')) == decode('Peñón'.encode('utf-8-sig'))
    True
    """
    encoding = next((name for mark, name in BOMS.items() if content.startswith(mark)), None)
    if encoding is None and b'\0' in content:
        raise TableError('not_a_table')
    if content.startswith((b'%PDF', b'{', b'<')):
        raise TableError('not_a_table')
    try:
        return content.decode(encoding or 'utf-8')
    except UnicodeDecodeError:
        return content.decode('cp1252', errors='replace')


def find_delimiter(text):
    """Return the delimiter under which most of the first lines have the same number of cells, more than one.

    >>> find_delimiter('a;b;c\\n1,5;2,5;3,5\\n')
    ';'
    >>> find_delimiter('a,b\\n1;2,3\\n4,5\\n')
    ','
    """
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    best = (0, 0, ',')
    for delimiter in DELIMITERS:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
        width, agree = max(
            ((width, count) for width, count in widths.items() if width > 1),
            default=(0, 0),
            key=lambda pair: (pair[1], pair[0]),
        )
        if (agree, width) > best[:2]:
            best = (agree, width, delimiter)
    return best[2]
