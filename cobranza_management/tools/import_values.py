"""Dates and texts as people write them in spreadsheets."""

import re
from datetime import date, datetime, timedelta

#: What Excel counts days from (its 1900 has a 29 February).
EXCEL_ZERO = date(1899, 12, 30)
FIRST_YEAR, LAST_YEAR = 1980, 2100
DATE = re.compile(r'(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})(?:[ T].*)?')
COMPACT = re.compile(r'(\d{4})(\d{2})(\d{2})')


def day_first(texts):
    """Tell whether a column of dates writes the day before the month; yes, unless a value proves otherwise.

    >>> day_first(['03/04/2026']), day_first(['03/04/2026', '03/25/2026']), day_first(['25/03/2026', '03/25/2026'])
    (True, False, True)
    """
    parts = [tuple(map(int, match.groups())) for match in map(DATE.fullmatch, texts) if match]
    parts = [(first, second) for first, second, _third in parts if first <= 31]
    month_first = any(second > 12 for _first, second in parts)
    return not month_first or any(first > 12 for first, _second in parts)


def parse_date(cell, first_is_day=True):
    """Return a date, None for an empty cell; ValueError for what is none.

    >>> parse_date('05/03/2026') == parse_date('2026-03-05') == parse_date('5.3.26') == parse_date(46086)
    True
    >>> parse_date('03/25/2026', first_is_day=False)
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
