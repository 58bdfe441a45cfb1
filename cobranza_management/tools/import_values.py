"""Dates and texts as people write them in spreadsheets."""

import re
from datetime import date, datetime, timedelta

#: What Excel counts days from (its 1900 has a 29 February).
EXCEL_ZERO = date(1899, 12, 30)
FIRST_YEAR, LAST_YEAR = 1980, 2100
DATE = re.compile(r'(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})(?:[ T].*)?')
#: "2.06012E+10": what is left of a code in a text that Excel saved.
SCIENTIFIC = re.compile(r'\d([.,]\d+)?E\+\d+', re.IGNORECASE)
#: Excel keeps 15 digits.
ROUNDED = 10**15
COMPACT = re.compile(r'(\d{4})(\d{2})(\d{2})')


class AmbiguousDate(ValueError):
    """The date can be read in two ways: day or month first."""


def day_first(cells, local=True):
    """Tell whether a file writes the day before the month; None when its dates contradict each other or nothing tells.

    :param cells: every cell of its columns of dates
    :param bool local: what to take it for when no date tells: whether the reader's language puts the day first

    >>> day_first(['03/04/2026']), day_first(['03/04/2026', '03/25/2026']), day_first(['25/03/2026', '03/25/2026'])
    (True, False, None)
    >>> day_first(['03/04/2026'], local=False)
    """
    orders = {order for order in map(_order_of, cells) if order is not None}
    if not orders:
        # languages that put the month first are spoken where people do not
        return local or None
    return orders.pop() if len(orders) == 1 else None


def _order_of(cell):
    """Return whether a date puts the day first, None when it leaves that open."""
    match = DATE.fullmatch(cell) if isinstance(cell, str) else None
    if not match or len(match[1]) == 4:
        return None
    first, second = int(match[1]), int(match[2])
    return first > 12 if (first > 12) != (second > 12) else None


def may_be_swapped(cells):
    """Tell whether a spreadsheet program of another country read these dates.

    It takes "03/04/2026" for a date, of the wrong month, and leaves "25/03/2026" as text.

    >>> may_be_swapped([date(2026, 4, 3), '25/03/2026']), may_be_swapped([date(2026, 4, 3), '03/04/2026'])
    (True, False)
    >>> may_be_swapped([date(2026, 4, 3)]), may_be_swapped([date(2026, 4, 30), '25/03/2026'])
    (False, False)
    """
    texts, dates = [], []
    for cell in cells:
        if isinstance(cell, date):
            dates.append(cell)
        elif isinstance(cell, str) and (match := DATE.fullmatch(cell)) and len(match[1]) < 4:
            texts.append(cell)
    left = all(_order_of(text) is not None for text in texts)
    return bool(texts and dates and left and all(day.day <= 12 for day in dates))


def parse_date(cell, first_is_day=True):
    """Return a date, None for an empty cell.

    :param first_is_day: whether the day comes before the month; None when nobody knows
    :raise AmbiguousDate: when only that would tell
    :raise ValueError: for what is no date

    >>> parse_date('05/03/2026') == parse_date('2026-03-05') == parse_date('5.3.26') == parse_date(46086)
    True
    >>> parse_date('03/25/2026', first_is_day=None)
    datetime.date(2026, 3, 25)
    """
    if cell is None or cell == '':
        return None
    if isinstance(cell, datetime):
        return _plausible(cell.date())
    if isinstance(cell, date):
        return _plausible(cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _from_number(cell)
    return _from_text(str(cell).strip(), first_is_day)


def _from_number(number):
    """Return the date of an Excel day number, or of 20260305."""
    if not 0 < number < 10**8:
        raise ValueError(number)
    if number > 10**7:
        return _from_text(str(int(number)), first_is_day=True)
    return _plausible(EXCEL_ZERO + timedelta(days=int(number)))


def _from_text(text, first_is_day):
    match = DATE.fullmatch(text)
    if match:
        first, second, third = map(int, match.groups())
        if len(match[1]) == 4:
            return _plausible(date(first, second, third))
        year = third + 2000 if len(match[3]) == 2 else third
        if first_is_day is None and first != second:
            first_is_day = _order_of(text)
            if first_is_day is None and max(first, second) <= 12:
                raise AmbiguousDate(text)
        day, month = (first, second) if first_is_day else (second, first)
        return _plausible(date(year, month, day))
    compact = COMPACT.fullmatch(text)
    if compact:
        return _plausible(date(*map(int, compact.groups())))
    if text.isascii() and text.isdigit() and len(text) == 5:
        return _from_number(int(text))
    raise ValueError(text)


def _plausible(day):
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(day)
    return day


def parse_text(cell):
    """Return a cell as text: numbers that Excel made of codes without their decimals.

    >>> parse_text(20601234567.0), parse_text(None), parse_text(' a  b ')
    ('20601234567', '', 'a b')
    """
    if cell is None:
        return ''
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return ' '.join(str(cell).split())


class SpoiltCode(ValueError):
    """A spreadsheet program made a date or a rounded number of a code."""


def parse_code(cell):
    """Return the text of a number that identifies somebody or something; SpoiltCode when its digits are lost.

    >>> parse_code(20601234567.0), parse_code('F001-23')
    ('20601234567', 'F001-23')
    """
    is_number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
    rounded = abs(cell) >= ROUNDED if is_number else SCIENTIFIC.fullmatch(str(cell or ''))
    if rounded or isinstance(cell, date):
        raise SpoiltCode(cell)
    return parse_text(cell)
