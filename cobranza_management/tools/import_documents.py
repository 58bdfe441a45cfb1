"""From the rows of a portfolio to documents, with everything that is wrong with each."""

import re
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from .import_amounts import USUAL, AmbiguousAmount, digits_of, how_written
from .import_columns import normalise
from .import_values import (
    AmbiguousDate,
    SpoiltCode,
    day_first,
    may_be_swapped,
    parse_code,
    parse_date,
    parse_text,
)

DATES, AMOUNTS = ('issue_date', 'due_date'), ('amount', 'balance', 'book_balance')
TEXTS = (
    'vat', 'reference', 'name', 'email', 'phone', 'country', 'number', 'instalment', 'currency', 'salesperson', 'tag'
)  # fmt: skip
CODES = ('vat', 'reference', 'number')
#: In English and Spanish.
EXCEL_ERROR = re.compile(r'#(N/[AD]|[¡¿]?[A-Z]+(/0)?[!?])')
#: A line that adds up the others is no document.
TOTALS = {'total', 'totales', 'total general', 'gran total', 'grand total', 'subtotal', 'suma'}


@dataclass
class Document:
    """A document of the file, as understood; `problems` and `notes` are lists of (code, detail)."""

    row: int
    vat: str = ''
    reference: str = ''
    name: str = ''
    email: str = ''
    phone: str = ''
    country: str = ''
    number: str = ''
    instalment: str = ''
    currency: str = ''
    currency_sign: str = ''  # beside its amounts
    salesperson: str = ''
    tag: str = ''
    issue_date: object = None
    due_date: object = None
    amount: float = None
    balance: float = None
    book_balance: float = None
    customer: tuple = ()
    problems: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    @property
    def key(self):
        """What the document is known by among those of its customer."""
        return compact(self.number), compact(self.instalment)


def compact(text):
    """Return an identifier without blanks, in capitals.

    >>> compact('f001 - 23')
    'F001-23'
    """
    return ''.join(text.split()).upper()


def compact_vat(text, country=''):
    """Return a tax number as its letters and digits, without the prefix of the company's own country.

    >>> compact_vat('20.601.234-5'), compact_vat('PE 206012345', 'PE')
    ('206012345', '206012345')
    """
    return re.sub(r'[^A-Z0-9]', '', text.upper()).removeprefix(country)


class Reader(NamedTuple):
    """Who reads the file: what their language and company say where it is silent."""

    mark: str = ''  # decimal mark
    day_first: bool = True
    country: str = ''  # code of the company's
    #: {word for a currency: its decimals}, '' for the company's own
    decimals: dict = MappingProxyType({})


def read_documents(rows, columns, mark='', first_is_day=None, credits=True, reader=None):
    """Return the documents of the rows below the titles.

    :param rows: list of import_table.Row
    :param dict columns: {position: field}
    :param str mark: decimal mark; empty to find it out
    :param first_is_day: whether dates begin with the day; None to find it out
    :param bool credits: take negative balances as credit, else they are mistakes
    """
    reader = reader or Reader()
    form = Form(columns, reader)
    form.find_out(rows, mark, first_is_day)
    documents = [form.document(row) for row in rows]
    documents = [document for document in documents if not _is_total(document)]
    for document in documents:
        _check(document, credits)
    identify(documents, reader.country)
    find_duplicates(documents)
    note_doubtful_customers(documents)
    return documents


class Form:
    """How the rows of one file are read: which column is which, how it writes amounts and dates."""

    def __init__(self, columns, reader):
        self.places = {name: position for position, name in columns.items()}
        self.reader = reader
        self.writing = self.first_is_day = None
        self.swapped = False

    def find_out(self, rows, mark, first_is_day):
        """Find out from all rows how they are written, where nobody chose it."""
        amounts = (
            (self._cell(row, name), self._decimals(row, name)) for row in rows for name in AMOUNTS
        )
        self.writing = how_written(amounts, mark, self.reader.mark)
        self.first_is_day = first_is_day
        if first_is_day is None:
            dates = [self._cell(row, name) for row in rows for name in DATES]
            self.first_is_day = day_first(dates, self.reader.day_first)
            self.swapped = may_be_swapped(dates)

    def document(self, row):
        """Return the document of a row."""
        document = Document(row.number)
        for name in self.places:
            cell = self._cell(row, name)
            try:
                setattr(document, name, self._value(row, name))
            except SpoiltCode:
                document.problems.append(('spoilt_code', parse_text(cell)))
            except AmbiguousAmount:
                document.problems.append(('unclear_amount', parse_text(cell)))
            except AmbiguousDate:
                document.problems.append(('unclear_date', parse_text(cell)))
            except (ValueError, OverflowError):
                code = 'bad_date' if name in DATES else 'bad_amount'
                document.problems.append((code, parse_text(cell)))
            else:
                if isinstance(cell, str) and EXCEL_ERROR.fullmatch(cell):
                    document.problems.append(('excel_error', cell))
                if self.swapped and isinstance(cell, date) and cell.day != cell.month:
                    document.problems.append(('swapped_date', parse_text(cell)))
        _drop_placeholders(document)
        document.currency_sign = self._sign(row, 'balance') or self._sign(row, 'amount')
        if document.balance is None and 'balance' not in self.places:
            document.balance = document.amount
        return document

    def _value(self, row, name):
        cell = self._cell(row, name)
        if name in TEXTS:
            return parse_code(cell) if name in CODES else parse_text(cell)
        if name in DATES:
            return parse_date(cell, self.first_is_day)
        return self.writing.amount_of(cell, self._decimals(row, name))

    def _sign(self, row, name):
        """Return the sign of a currency beside an amount."""
        cell = self._cell(row, name)
        found = digits_of(cell) if isinstance(cell, str) else None
        return found.currency if found else ''

    def _cell(self, row, name):
        at = self.places.get(name)
        return row.cells[at] if at is not None and at < len(row.cells) else None

    def _decimals(self, row, name):
        """Return the decimals of the currency that an amount of the row is in."""
        if name == 'book_balance':
            return self.reader.decimals.get('', USUAL)
        word = parse_text(self._cell(row, 'currency')) or self._sign(row, name)
        return self.reader.decimals.get(word.casefold(), USUAL)


def _drop_placeholders(document):
    """Take dashes and words for no code: whoever has none is not the same customer as all the others without."""
    if document.vat and not any(letter.isdigit() for letter in document.vat):
        if any(letter.isalpha() for letter in document.vat):
            document.notes.append(('no_tax_id', document.vat))
        document.vat = ''
    for name in ('reference', 'number'):
        if not any(letter.isalnum() for letter in getattr(document, name)):
            setattr(document, name, '')


def _is_total(document):
    """Tell whether the row adds the others up."""
    if document.number and document.name:
        return False
    texts = (getattr(document, name) for name in TEXTS)
    return any(normalise(text) in TOTALS for text in texts if text)


def _check(document, credits):
    """Note what is missing or cannot be."""
    codes = {code for code, _detail in document.problems}
    note = document.problems.append
    if not (document.name or document.vat or document.reference):
        note(('no_customer', ''))
    if not document.number and 'spoilt_code' not in codes:
        note(('no_number', ''))
    if document.balance is None and not codes & {'bad_amount', 'unclear_amount'}:
        note(('no_balance', ''))
    balance = document.balance or 0
    if balance < 0 and not credits:
        note(('negative', ''))
    if not document.due_date and balance >= 0 and not codes & {'bad_date', 'unclear_date'}:
        note(('no_due_date', ''))
    if document.amount and abs(balance) > abs(document.amount) + 0.005:
        note(('more_than_original', ''))
    if (document.amount or 0) < 0 < balance:
        note(('negative_original', ''))
    if document.issue_date and document.due_date and document.due_date < document.issue_date:
        document.notes.append(('due_before_issue', ''))


def identify(documents, country=''):
    """Give each document its `customer`, what tells it from other customers of the file.

    By tax number, else code, else e-mail and name, else name; a row with only a name belongs to the one customer of
    the file that bears it.
    """
    named = {}
    for document in documents:
        document.customer = _identity(document, country)
        if document.customer[0] != 'name' and document.name:
            named.setdefault(normalise(document.name), set()).add(document.customer)
    for document in documents:
        namesakes = named.get(document.customer[-1], ()) if document.customer[0] == 'name' else ()
        if len(namesakes) == 1:
            (document.customer,) = namesakes


def _identity(document, country):
    if document.vat:
        return 'vat', compact_vat(document.vat, country)
    if document.reference:
        return 'reference', compact(document.reference)
    if document.email and document.name:
        return 'email', document.email.lower(), normalise(document.name)
    return 'name', normalise(document.name)


def find_duplicates(documents):
    """Note the rows that repeat a document of an earlier one."""
    first = {}
    for document in documents:
        if not document.number:
            continue
        earlier = first.setdefault((document.customer, document.key), document.row)
        if earlier != document.row:
            document.problems.append(('duplicate', str(earlier)))


def note_doubtful_customers(documents):
    """Note the rows whose tax number or name an earlier one contradicts: a digit lost, a number that many share."""
    names, numbers = {}, {}
    for document in documents:
        way, number = document.customer[0], document.customer[-1]
        name = normalise(document.name)
        if way != 'vat' or not name:
            continue
        known, row = names.setdefault(name, (number, document.row))
        if known != number:
            document.notes.append(('other_tax_id', str(row)))
        known, row = numbers.setdefault(number, (name, document.row))
        if known != name:
            document.notes.append(('other_name', str(row)))
