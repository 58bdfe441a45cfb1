"""What an agency reports about the cases it has, read from the rows of its file."""

from datetime import date
from typing import NamedTuple

from .import_amounts import USUAL, AmbiguousAmount, how_written
from .import_columns import find_header, known_words, normalise, recognise
from .import_table import TableError
from .import_values import parse_text

#: Field → titles of its column, in Spanish and English, normalised; the titles of our own hand-off file among them.
SYNONYMS = {
    'reference': 'reference, referencia, codigo, codigo cliente, expediente, case, case reference, ref',
    'vat': (
        'tax id, vat, identificacion fiscal, ruc, nit, rut, cuit, rfc, cif, nif, dni, cedula, '
        'identificacion, documento de identidad'
    ),
    'debtor': 'debtor, deudor, cliente, customer, nombre, name, razon social',
    'document': 'document, documento, factura, invoice, comprobante, numero de documento, folio',
    'currency': 'currency, moneda, divisa',
    'collected': (
        'collected so far, collected, amount collected, recovered, paid, cobrado a la fecha, cobrado, '
        'importe cobrado, monto cobrado, recuperado, importe recuperado, monto recuperado, pagado, '
        'recaudado, monto recaudado'
    ),
    'status': 'status, estado, situacion, estatus, resultado, agency status, result',
    'note': (
        'details, detail, detalle, detalles, note, notes, nota, notas, comment, comments, comentario, '
        'comentarios, observacion, observaciones'
    ),
    'returned': 'returned, devuelto, devolucion, given back, devuelta',
}
KNOWN = known_words(SYNONYMS)
WHO = {'reference', 'vat', 'debtor', 'document'}
WHAT = {'collected', 'status', 'note', 'returned'}
YES = {'si', 'yes', 'x', 's', 'y', '1', 'true', 'verdadero', 'devuelto', 'returned'}
NO = {'', 'no', 'n', '0', 'false', 'falso'}
TOTALS = {'total', 'totals', 'totales', 'suma', 'sum'}


class Report(NamedTuple):
    """A row of the file: which case or document, and what is said of it."""

    row: int  # as the spreadsheet program counts
    reference: str
    vat: str
    debtor: str
    document: str
    currency: str
    collected: float | None  # so far; None: nothing said
    status: str
    note: str
    returned: bool
    problems: tuple  # of (code, detail)


def read_report(sheets, mark='', *, local_mark='', decimals=None):
    """Return (name of the sheet that was read, its reports): the first sheet with the columns of a report.

    :param sheets: iterable of `import_table.Sheet`
    :param str mark: decimal mark; empty to find it out
    :param str local_mark: decimal mark of the reader's language, for when the file does not give its own away
    :param dict decimals: {word for a currency: its decimals}, '' for the company's own
    :raise TableError: with the code no_case or no_news when no sheet has both columns

    >>> from .import_table import Row, Sheet
    >>> cover = Sheet('Resumen', [Row(1, ('Informe de octubre',))])
    >>> rows = [Row(1, ('Referencia', 'Cobrado', 'Devuelto')), Row(2, ('C7', '1.200,50', 'sí'))]
    >>> name, reports = read_report([cover, Sheet('Casos', rows)])
    >>> name, reports[0][:7]
    ('Casos', (2, 'C7', '', '', '', '', 1200.5))
    """
    lacking = set()
    for sheet in sheets:
        at = find_header([row.cells for row in sheet.rows], KNOWN)
        titles = [cell if isinstance(cell, str) else '' for cell in sheet.rows[at].cells]
        places = {field: place for place, field in recognise(titles, KNOWN).items()}
        lack = _lack(places)
        if not lack:
            reports = _reports(sheet.rows[at + 1 :], places, mark, local_mark, decimals or {})
            return sheet.name, reports
        lacking.add(lack)
    # a sheet that says which case comes nearer to a report than one that does not
    raise TableError('no_news' if 'no_news' in lacking else 'no_case')


def _lack(fields):
    """Return the code of what is missing among the columns of a sheet, '' when it is a report."""
    if not WHO & set(fields):
        return 'no_case'
    return '' if WHAT & set(fields) else 'no_news'


def _reports(rows, places, mark, local_mark, decimals):
    below = [row for row in rows if normalise(row.cells[0]) not in TOTALS]
    amounts = (
        (_cell(row, places.get('collected')), _decimals(row, places, decimals)) for row in below
    )
    writing = how_written(amounts, mark, local_mark)
    return [_report(row, places, writing, _decimals(row, places, decimals)) for row in below]


def _cell(row, place):
    return row.cells[place] if place is not None and place < len(row.cells) else None


def _decimals(row, places, decimals):
    """Return the decimals of the currency that the row is in."""
    word = parse_text(_cell(row, places.get('currency'))).casefold()
    return decimals.get(word, USUAL)


def _report(row, places, writing, digits):
    texts = {
        field: parse_text(_cell(row, places.get(field)))
        for field in ('reference', 'vat', 'debtor', 'document', 'currency', 'status', 'note')
    }
    problems = []
    collected = _cell(row, places.get('collected'))
    amount = None
    try:
        amount = writing.amount_of(collected, digits)
        if amount is not None and amount < 0:
            problems.append(('negative', collected))
    except AmbiguousAmount:
        problems.append(('unclear_amount', collected))
    except ValueError:
        problems.append(('bad_amount', collected))
    word = _cell(row, places.get('returned'))
    returned = isinstance(word, date) or normalise(parse_text(word)) in YES
    if not returned and normalise(parse_text(word)) not in NO:
        problems.append(('bad_flag', word))
    if not any(texts[field] for field in WHO):
        problems.append(('no_case', ''))
    return Report(
        row=row.number, collected=amount, returned=returned, problems=tuple(problems), **texts
    )
