"""What a batch writes the quick way is what Odoo writes, and what fills a mould in is never taken for its own."""

from datetime import date

from markupsafe import Markup

from odoo.tests import tagged
from odoo.tools import format_amount, format_date

from ..models.cobranza_template import MessageFormat
from ..tools.moulds import Mould
from .common import CobranzaCommon

#: Groups of three with a comma, a point or a blank, and groups of two.
LANGUAGES = ('en_US', 'es_419', 'es_ES', 'fr_FR', 'hi_IN')
VALUES = (0, 0.004, 1, 999.995, 1000, -1234.5, 12345678.9, 0.1 + 0.2)


@tagged('post_install', '-at_install')
class TestMessageFormat(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for language in LANGUAGES:
            cls.env['res.lang']._activate_lang(language)

    def _formats(self):
        """Return {language: its MessageFormat}."""
        return {language: MessageFormat(self.env, language) for language in LANGUAGES}

    def _line(self, **values):
        return {
            'amount': '1.00',
            'days': 3,
            'due': '01/02/2026',
            'name': 'INV/1',
            'url': 'https://a.example/1?b=1&c=2',
            **values,
        }

    def test_amounts_are_those_of_odoo(self):
        Currency = self.env['res.currency'].with_context(active_test=False)
        currencies = Currency.search([('name', 'in', ('USD', 'EUR', 'CLP', 'KWD', 'PEN', 'CHF'))])
        currencies[0].symbol = False
        for language, formats in self._formats().items():
            for currency in currencies:
                for value in VALUES:
                    with self.subTest(language=language, currency=currency.name, value=value):
                        self.assertEqual(
                            formats.amount(value, currency),
                            format_amount(self.env, value, currency, lang_code=language),
                        )

    def test_dates_are_those_of_odoo(self):
        for language, formats in self._formats().items():
            for day in (date(2026, 2, 3), date(2024, 2, 29), date(1999, 12, 31), False):
                with self.subTest(language=language, day=day):
                    self.assertEqual(
                        formats.date(day), format_date(self.env, day, lang_code=language)
                    )

    def test_a_pattern_with_names_is_followed(self):
        language = self.env['res.lang'].search([('code', '=', 'es_ES')])
        language.date_format = '%d de %B de %Y'
        self.assertEqual(
            MessageFormat(self.env, 'es_ES').date(date(2026, 3, 4)), '04 de marzo de 2026'
        )

    def test_every_row_says_its_own(self):
        formats = MessageFormat(self.env, 'en_US')
        rows = [
            self._line(),
            self._line(name='INV/2', url='', days=0),
            self._line(name='<b>3</b>', url='https://a.example/"x', days=45),
        ]
        table = formats.table(rows)
        self.assertEqual(table.count('<tr>'), 4)
        self.assertIn('href="https://a.example/1?b=1&amp;c=2"', table)
        self.assertIn('href="https://a.example/&#34;x"', table)
        self.assertIn('&lt;b&gt;3&lt;/b&gt;', table)
        self.assertEqual(table.count('<a '), 2, 'a document without a link is plain text')
        self.assertEqual(table.count('cob-late'), 2, 'what is not late yet is not painted')
        self.assertEqual((table.count('>45<'), table.count('>–<')), (1, 1))

    def test_a_table_is_the_same_the_second_time(self):
        formats = MessageFormat(self.env, 'en_US')
        self.assertEqual(formats.table([self._line()]), formats.table([self._line()]))

    def test_words_that_look_like_a_gap_stay_words(self):
        mould = Mould(lambda gap: f'<p>{gap("first")}{gap("second")}</p>')
        stolen = next(part for part in mould._parts if 'first' in part)
        filled = mould.fill(first=f'gap-{stolen}-second-', second='secret')
        self.assertEqual(filled, Markup('<p>gap-first-second-secret</p>'))
        self.assertIsInstance(filled, Markup)
