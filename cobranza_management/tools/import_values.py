"""Amounts and dates as people write them in spreadsheets."""

import re
from datetime import date, datetime, timedelta

#: What Excel counts days from (its 1900 has a 29 February).
EXCEL_ZERO = date(1899, 12, 30)
FIRST_YEAR, LAST_YEAR = 1980, 2100
NUMBER = re.compile(r'[\d.,\']+')
#: A sign or code before or after an amount.
CURRENCY = re.compile(r'^[^\d.,\s]{1,5}[.]?\s*(?=[\d.,])|(?<=\d)\s*[^\d.,\s]{1,4}[.]?$')
DATE = re.compile(r'(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})(?:[ T].*)?')
COMPACT = re.compile(r'(\d{4})(\d{2})(\d{2})')
#: More than any receivable: a telephone number in the wrong column.
MOST = 10**13


def digits_of(text):
    """Return (sign, digits with their separators) of an amount, None when it is none.

    Currency signs around it, blanks as thousands separators and brackets for negatives are understood.

    >>> digits_of('(S/ 1 200.50)'), digits_of('-$ 30'), digits_of('30-'), digits_of('n/a'), digits_of('1e5')
    ((-1, '1200.50'), (-1, '30'), (-1, '30'), None, None)
    """
    text = text.strip().replace('\u2212', '-')
    negative = text.startswith('(') and text.endswith(')')
    text = text.strip('()')
    if re.search(r'-.*-|\d\s*-\s*\d', text):
        return None
    negative = negative or '-' in text
    text = CURRENCY.sub('', text.replace('-', '').strip())
    text = re.sub(r'(?<=\d)[\s\'’](?=\d)', '', text)
    if not NUMBER.fullmatch(text) or not any(letter.isdigit() for letter in text):
        return None
    return (-1 if negative else 1), text.replace("'", '')


def decimal_mark(texts, fallback='.'):
    """Return the decimal mark of a column of amounts: what its unambiguous values say, else `fallback`.

    A mark that comes after the other, or is not followed by exactly three digits, is the decimal one; a mark that comes
    twice separates thousands.

    >>> decimal_mark(['1.234', '12,50']), decimal_mark(['1,234', '5.000.000']), decimal_mark(['1.234'], ',')
    (',', ',', ',')
    >>> decimal_mark(['1,234.5'])
    '.'
    """
    votes = {mark for mark in map(_mark_of, texts) if mark}
    return votes.pop() if len(votes) == 1 else fallback


def _mark_of(text):
    """Return the decimal mark that one amount gives away, None when it leaves it open."""
    found = digits_of(text)
    if not found:
        return None
    number = found[1]
    dot, comma = number.rfind('.'), number.rfind(',')
    if dot >= 0 and comma >= 0:
        return '.' if dot > comma else ','
    mark = '.' if dot >= 0 else ',' if comma >= 0 else ''
    if not mark:
        return None
    if number.count(mark) > 1:
        return ',' if mark == '.' else '.'
    whole, part = number.split(mark)
    return None if len(part) == 3 and 0 < len(whole) <= 3 and whole != '0' else mark


def parse_amount(cell, mark='.'):
    """Return an amount, None for an empty cell; ValueError for what is no number.

    >>> parse_amount('1.234,50', ','), parse_amount('1,234.50'), parse_amount('(12)'), parse_amount(''), parse_amount(7)
    (1234.5, 1234.5, -12.0, None, 7.0)
    """
    if cell is None or cell == '':
        return None
    if isinstance(cell, (bool, date)):
        raise ValueError(cell)
    if isinstance(cell, (int, float)):
        return _bounded(float(cell))
    found = digits_of(cell)
    if not found:
        raise ValueError(cell)
    sign, number = found
    other = ',' if mark == '.' else '.'
    whole, _mark, part = number.partition(mark)
    groups = whole.split(other)
    grouped = len(groups) > 1 and any(len(group) != 3 for group in groups[1:])
    if grouped or other in part or mark in part or (len(groups) > 1 and not groups[0]):
        raise ValueError(cell)
    return _bounded(sign * float(f'{"".join(groups) or "0"}.{part or "0"}'))


def _bounded(amount):
    if not abs(amount) < MOST:
        raise ValueError(amount)
    return amount


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
