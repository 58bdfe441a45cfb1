"""From the rows of a portfolio to documents, with everything that is wrong with each."""

import re
from dataclasses import dataclass, field

from .import_amounts import USUAL, AmbiguousAmount, how_written
from .import_columns import normalise
from .import_values import day_first, parse_date, parse_text

DATES, AMOUNTS = ('issue_date', 'due_date'), ('amount', 'balance', 'book_balance')
TEXTS = (
    'vat', 'reference', 'name', 'email', 'phone', 'country', 'number', 'instalment', 'currency', 'salesperson', 'tag'
)  # fmt: skip
#: A line that adds up the others is no document.
TOTALS = {'total', 'totales', 'total general', 'gran total', 'grand total', 'subtotal', 'suma'}


@dataclass
class Document:
    """A document of the file, as understood; `problems` is a list of (code, detail)."""

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
    salesperson: str = ''
    tag: str = ''
    issue_date: object = None
    due_date: object = None
    amount: float = None
    balance: float = None
    book_balance: float = None
    customer: tuple = ()
    problems: list = field(default_factory=list)

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


def compact_vat(text):
    """Return a tax number as its letters and digits.

    >>> compact_vat('20.601.234-5')
    '206012345'
    """
    return re.sub(r'[^A-Z0-9]', '', text.upper())


def read_documents(
    rows, columns, mark='', first_is_day=None, credits=True, *, local_mark='', decimals=None
):
    """Return the documents of the rows below the titles.

    :param rows: list of import_table.Row
    :param dict columns: {position: field}
    :param str mark: decimal mark; empty to find it out
    :param first_is_day: whether dates begin with the day; None to find it out
    :param bool credits: take negative balances as credit, else they are mistakes
    :param str local_mark: decimal mark of the reader's language, for when the file does not give its own away
    :param dict decimals: {word for a currency: its decimals}, '' for the company's own
    """
    places = {name: position for position, name in columns.items()}
    decimals = decimals or {}
    writing = how_written(
        (
            (_cell(row, places, name), _decimals(row, places, name, decimals))
            for row in rows
            for name in AMOUNTS
        ),
        mark,
        local_mark,
    )
    if first_is_day is None:
        cells = (_cell(row, places, name) for row in rows for name in DATES)
        first_is_day = day_first([cell for cell in cells if isinstance(cell, str)])
    documents = [_read(row, places, writing, decimals, first_is_day) for row in rows]
    documents = [document for document in documents if not _is_total(document)]
    for document in documents:
        _check(document, credits)
    identify(documents)
    find_duplicates(documents)
    return documents


def _cell(row, places, name):
    position = places.get(name)
    return row.cells[position] if position is not None and position < len(row.cells) else None


def _decimals(row, places, name, decimals):
    """Return the decimals of the currency that an amount of the row is in."""
    word = '' if name == 'book_balance' else parse_text(_cell(row, places, 'currency')).casefold()
    return decimals.get(word, USUAL)


def _read(row, places, writing, decimals, first_is_day):
    document = Document(row.number)
    for name in places:
        cell = _cell(row, places, name)
        if name in TEXTS:
            setattr(document, name, parse_text(cell))
            continue
        try:
            value = (
                parse_date(cell, first_is_day)
                if name in DATES
                else writing.amount_of(cell, _decimals(row, places, name, decimals))
            )
        except AmbiguousAmount:
            document.problems.append(('unclear_amount', parse_text(cell)))
        except (ValueError, OverflowError):
            code = 'bad_date' if name in DATES else 'bad_amount'
            document.problems.append((code, parse_text(cell)))
        else:
            setattr(document, name, value)
    if document.balance is None and 'balance' not in places:
        document.balance = document.amount
    return document


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
    if not document.number:
        note(('no_number', ''))
    if document.balance is None and not codes & {'bad_amount', 'unclear_amount'}:
        note(('no_balance', ''))
    balance = document.balance or 0
    if balance < 0 and not credits:
        note(('negative', ''))
    if not document.due_date and balance >= 0 and 'bad_date' not in codes:
        note(('no_due_date', ''))
    if document.amount and abs(balance) > abs(document.amount) + 0.005:
        note(('more_than_original', ''))


def identify(documents):
    """Give each document its `customer`, what tells it from other customers of the file.

    By tax number, else code, else e-mail and name, else name; a row with only a name belongs to the one customer of
    the file that bears it.
    """
    named = {}
    for document in documents:
        document.customer = _identity(document)
        if document.customer[0] != 'name' and document.name:
            named.setdefault(normalise(document.name), set()).add(document.customer)
    for document in documents:
        namesakes = named.get(document.customer[-1], ()) if document.customer[0] == 'name' else ()
        if len(namesakes) == 1:
            (document.customer,) = namesakes


def _identity(document):
    if document.vat:
        return 'vat', compact_vat(document.vat)
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
