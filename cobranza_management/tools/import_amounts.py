"""Amounts as people and programs write them, and how one file writes all of its own.

"1.234" is a thousand or one and a bit: what a value does not say itself, the other amounts of its file say, for they
were written by one program. Where nothing tells, nothing is guessed.
"""

import re
from datetime import date
from typing import NamedTuple

#: Groups of digits; an apostrophe stands for whatever separates thousands and is no mark.
NUMBER = re.compile(r"(?=.*\d)\d*(?:[.,']\d+)*")
#: A sign or code before or after an amount.
BEFORE = re.compile(r'^([^\d.,\s()]{1,5})[.]?\s*(?=[\d.,])')
AFTER = re.compile(r'(?<=\d)\s*([^\d.,\s()]{1,4})[.]?$')
#: Thousands, millions, shares, limits and credits, which a sign beside an amount may mean as well.
NO_CURRENCY = re.compile(
    r'(k|m{1,2}|mil|mill?|mio|bn|cr|h|hab)(us)?[$€]?|.*[%‰<>=~≈±].*', re.IGNORECASE
)
MINUS = re.compile('[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]')
#: "5.000.-" and "100,-" say that there are no cents.
NO_CENTS = re.compile(r'(?<=\d)[.,]\s?-+(?=\D*$)|(?<=\d)[.,]$')
BRACKETS = re.compile(r'([^()\d]*)\(([^()]*)\)([^()\d]*)')
GROUP = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")
OTHER = {'.': ',', ',': '.'}
#: More than any receivable: a telephone number in the wrong column.
MOST = 10**13
#: Decimals that currencies have unless they say otherwise.
USUAL = 2


class AmbiguousAmount(ValueError):
    """The amount can be read in two ways, a thousand times apart."""


class Digits(NamedTuple):
    """An amount as it is written."""

    sign: int
    number: str  # digits with their separators
    currency: str  # the sign or code beside them


def digits_of(text):
    """Return the `Digits` of an amount, None when it is none.

    Currency signs around it, blanks as thousands separators, brackets for negatives and a dash for no cents are
    understood.

    >>> digits_of('(S/ 1 200.50)')[:], digits_of('$(30)')[:], digits_of('30-')[:], digits_of('$ 5.000.-')[:]
    ((-1, "1'200.50", 'S/'), (-1, '30', '$'), (-1, '30', ''), (1, '5.000', '$'))
    >>> digits_of('n/a'), digits_of('1e5'), digits_of('5 mil'), digits_of('(30')
    (None, None, None, None)
    """
    text = MINUS.sub('-', text.strip())
    brackets = BRACKETS.fullmatch(text)
    text = NO_CENTS.sub('', ''.join(brackets.groups()) if brackets else text)
    if re.search(r'-.*-|\d\s*-\s*\d', text):
        return None
    negative = brackets or '-' in text
    text, words = text.replace('-', '').strip(), []
    for pattern in (BEFORE, AFTER):
        found = pattern.search(text)
        if found:
            words.append(found[1].strip("'"))
            text = pattern.sub('', text)
    text = GROUP.sub("'", text.strip())
    if not NUMBER.fullmatch(text) or any(map(NO_CURRENCY.fullmatch, words)):
        return None
    return Digits(-1 if negative else 1, text, ''.join(words))


def mark_of(number):
    """Return the decimal mark that digits give away: '' when they have none, None when they leave it open.

    A mark that comes after the other, or is not followed by exactly three digits, is the decimal one; a mark that comes
    twice separates thousands.

    >>> mark_of('1,234.5'), mark_of('12,50'), mark_of('5.000.000'), mark_of('0.500'), mark_of('12'), mark_of('1.234')
    ('.', ',', ',', '.', '', None)
    """
    marks = re.sub(r"[\d']", '', number)
    if not marks:
        return ''
    last = marks[-1]
    if OTHER[last] in marks:
        return last
    if len(marks) > 1:
        return OTHER[last]
    whole, part = number.split(last)
    # "1'234.567" is Swiss, with decimals, or Colombian, for more than a million
    is_group = len(part) == 3 and 0 < len(whole.rpartition("'")[2]) <= 3
    return None if is_group and not whole.startswith('0') else last


def number_of(number, mark):
    """Return the amount that digits are with a decimal mark; ValueError when their groups are not of thousands.

    >>> number_of("1'234.567,50", ',')
    1234567.5
    """
    whole, _mark, part = number.partition(mark or '.')
    first, *groups = re.split("[.,']", whole)
    fits = not groups or 0 < len(first) <= 3
    if not fits or any(len(group) != 3 for group in groups) or re.search("[.,']", part):
        raise ValueError(number)
    return float(f'{first}{"".join(groups)}.{part}')


class Writing(NamedTuple):
    """How a file writes its amounts."""

    mark: str = ''  # the decimal one; empty: nothing tells, or values contradict each other
    chosen: bool = False  # by a person, who knows
    proven: bool = False  # by the amounts, not only by the language of who reads them
    thirds: bool = False  # some have three decimals

    def amount_of(self, cell, digits=USUAL):
        """Return an amount, None for an empty cell.

        :param int digits: decimals of its currency
        :raise AmbiguousAmount: when nothing tells how it is meant
        :raise ValueError: for what is no number

        >>> Writing(',', proven=True).amount_of('1.234'), Writing().amount_of('(1,234.50)'), Writing().amount_of(7)
        (1234.0, -1234.5, 7.0)
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
        sign, number, _currency = found
        mark = self.mark if self.chosen else mark_of(number)
        if mark is None:
            mark = self._decide(number, digits)
        return _bounded(sign * number_of(number, mark))

    def _decide(self, number, digits):
        """Return the decimal mark of digits that leave it open.

        No program writes three decimals in a currency of two: where the file's mark says so, somebody else wrote it.
        """
        mark = '.' if '.' in number else ','
        if mark == self.mark and self.proven:
            told = self.thirds or digits > USUAL
        elif digits == 0:
            return OTHER[mark]
        elif mark == self.mark:
            told = digits > USUAL
        else:
            told = self.mark and (self.proven or digits <= USUAL)
        if not told:
            raise AmbiguousAmount(number)
        return self.mark


def how_written(cells, mark='', local=''):
    """Return how a file writes its amounts.

    :param cells: iterable of (cell of any column of amounts, decimals of its currency)
    :param str mark: decimal mark that a person chose
    :param str local: decimal mark of the reader's language, for a file whose amounts leave it open

    >>> [how_written([(text, 2) for text in texts]).mark for texts in (['1.234', '12,50'], ['1,234'], ['1,5', '1.5'])]
    [',', '', '']
    >>> how_written([('150.000', 0)]).mark
    ','
    """
    if mark:
        return Writing(mark, chosen=True)
    votes, thousands, thirds = set(), set(), False
    for cell, digits in cells:
        found = digits_of(cell) if isinstance(cell, str) else None
        own = mark_of(found.number) if found else ''
        if own and _is_number(found.number, own):
            votes.add(own)
            thirds = thirds or len(found.number.partition(own)[2]) > USUAL
        elif own is None and digits == 0:
            # a currency without decimals: what stands before three digits separates thousands
            thousands.add(',' if '.' in found.number else '.')
    told = votes or thousands
    if told:
        return Writing(told.pop() if len(told) == 1 else '', proven=True, thirds=thirds)
    return Writing(local if local in OTHER else '')


def _is_number(number, mark):
    try:
        number_of(number, mark)
    except ValueError:
        return False
    return True


def _bounded(amount):
    if not abs(amount) < MOST:
        raise ValueError(amount)
    return amount
