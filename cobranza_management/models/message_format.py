"""Odoo's own ways to write dates and money, with what depends on the language alone looked up once.

Odoo looks the language up for every value, reads its groups of digits as a Python literal and parses the locale twice:
for a night of messages that takes longer than to write them.
"""

from babel.dates import format_date

from odoo.tools import float_round, format_amount, get_lang
from odoo.tools.misc import babel_locale_parse, posix_to_ldml


class CalendarFormat:
    """Dates as `odoo.tools.format_date` writes them."""

    def __init__(self, env, lang_code):
        lang = get_lang(env, lang_code)
        self._locale = babel_locale_parse(lang.code)
        self._pattern = posix_to_ldml(lang.date_format, locale=self._locale)

    def date(self, value):
        """Return a date in words; an empty one is an empty text."""
        return format_date(value, format=self._pattern, locale=self._locale) if value else ''


class NumberFormat:
    """Money as `odoo.tools.format_amount` writes it."""

    #: Groups of three digits, as nearly every language counts: Python knows them by itself.
    _THOUSANDS = '[3,0]'

    def __init__(self, env, lang_code):
        self._env, self._lang_code = env, lang_code
        self._lang = get_lang(env, lang_code)
        self._signs = str.maketrans(
            {
                # a figure is never broken over two lines
                ',': (self._lang.thousands_sep or '').replace(' ', '\N{NO-BREAK SPACE}'),
                '.': self._lang.decimal_point,
                '-': '-\N{ZERO WIDTH NO-BREAK SPACE}',
            }
        )
        self._frames = {}

    def amount(self, value, currency):
        """Return an amount with its currency."""
        if self._lang.grouping.replace(' ', '') != self._THOUSANDS:
            return format_amount(self._env, value, currency, lang_code=self._lang_code)
        if currency.id not in self._frames:
            self._frames[currency.id] = self._frame_of(currency)
        if not self._frames[currency.id]:
            return format_amount(self._env, value, currency, lang_code=self._lang_code)
        digits, rounding, before, after = self._frames[currency.id]
        return f'{before}{self._number(value, digits, rounding)}{after}'

    def _number(self, value, digits, rounding):
        number = float_round(value, precision_rounding=rounding)
        return f'{number:,.{digits}f}'.translate(self._signs)

    def _frame_of(self, currency):
        """Return (decimals, rounding, text before the number, text after it), None when Odoo has another zero."""
        digits, rounding = currency.decimal_places, currency.rounding
        zero = format_amount(self._env, 0, currency, lang_code=self._lang_code)
        before, found, after = zero.partition(self._number(0, digits, rounding))
        return (digits, rounding, before, after) if found else None
