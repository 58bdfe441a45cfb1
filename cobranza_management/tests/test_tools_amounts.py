"""Reading amounts: what one program wrote comes back as it was meant, or a person is asked."""

import doctest
from datetime import date

from odoo.tests import BaseCase, tagged

from ..tools import import_amounts
from ..tools.import_amounts import AmbiguousAmount, Writing, how_written
from ..tools.import_documents import Reader, read_documents
from ..tools.import_table import Row
from .properties import given, st

cents = st.integers(min_value=-(10**11), max_value=10**11)
#: (what separates thousands, decimal mark) of programs.
HABITS = [('.', ','), (',', '.'), ('', ','), ('', '.'), (' ', ','), (' ', '.'), ("'", '.')]
habits = st.sampled_from(HABITS)
COLUMNS = {0: 'number', 1: 'currency', 2: 'amount', 3: 'balance'}
DECIMALS = {'': 2, 'usd': 2, 'clp': 0, 'kwd': 3}


def written(units, digits, habit, whole=False):
    """Return an amount in the smallest units of its currency, as a program of these habits writes it."""
    thousands, mark = habit
    above, below = divmod(abs(units), 10**digits)
    text = f'{above:,}'.replace(',', thousands)
    if digits and not whole:
        text += f'{mark}{below:0{digits}d}'
    return f'{"-" if units < 0 else ""}{text}'


@tagged('post_install', '-at_install')
class TestToolsAmounts(BaseCase):
    def test_examples(self):
        result = doctest.testmod(import_amounts)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    # === ONE PROGRAM WROTE THE FILE === #

    @given(st.lists(st.tuples(cents, st.sampled_from([0, 2, 3])), min_size=1, max_size=8), habits)
    def test_a_file_of_one_program_is_read_exactly_or_a_person_is_asked(self, amounts, habit):
        texts = [(written(units, digits, habit), digits) for units, digits in amounts]
        for local in ('', ',', '.'):
            writing = how_written(texts, local=local)
            for (units, digits), (text, _digits) in zip(amounts, texts):
                try:
                    amount = writing.amount_of(text, digits)
                except AmbiguousAmount:
                    self.assertEqual(
                        digits, 3, 'cents and currencies without any say it themselves'
                    )
                    self.assertNotEqual(local, habit[1], 'who reads it writes as the program does')
                    continue
                self.assertEqual(round(amount * 10**digits), units, text)

    @given(st.lists(cents, min_size=1, max_size=20), st.sampled_from(HABITS[:2]), st.booleans())
    def test_whole_amounts_are_read_as_their_file_or_their_reader_writes(
        self, numbers, habit, proven
    ):
        texts = [(written(number * 100, 2, habit, whole=True), 2) for number in numbers]
        proof = [(f'1{habit[1]}5', 2)] if proven else []
        writing = how_written(texts + proof, local='' if proven else habit[1])
        for (text, _digits), number in zip(texts, numbers):
            self.assertEqual(writing.amount_of(text), number)

    @given(st.integers(1, 999), st.integers(0, 999), st.sampled_from('.,'))
    def test_a_mark_before_three_digits_and_nothing_else_is_never_guessed(self, above, below, mark):
        text = f'{above}{mark}{below:03d}'
        for local in ('', mark):
            with self.assertRaises(AmbiguousAmount):
                how_written([(text, 2)], local=local).amount_of(text)
        other = ',' if mark == '.' else '.'
        for chosen, amount in (
            (mark, float(f'{above}.{below:03d}')),
            (other, above * 1000 + below),
        ):
            self.assertEqual(how_written([(text, 2)], chosen).amount_of(text), amount)

    def test_every_column_of_amounts_tells_how_the_others_are_written(self):
        documents = self._documents(
            ('F1', '', '2.500,50', '1.000'), ('F2', '', '20.000,00', '15.000')
        )
        self.assertEqual(
            [(document.amount, document.balance) for document in documents],
            [(2500.5, 1000), (20000, 15000)],
        )

    def test_a_currency_without_decimals_has_thousands_before_three_digits(self):
        documents = self._documents(('F1', 'CLP', '', '150.000'), ('F2', 'CLP', '', '85.990'))
        self.assertEqual([document.balance for document in documents], [150000, 85990])
        documents = self._documents(('F1', 'CLP', '', '150.000'), ('F2', 'USD', '', '1.200'))
        self.assertEqual([document.balance for document in documents], [150000, 1200])

    def test_an_amount_that_nothing_explains_is_a_mistake_that_says_so(self):
        (document,) = self._documents(('F1', '', '', '1.000'))
        self.assertIn(('unclear_amount', '1.000'), document.problems)
        self.assertNotIn(('no_balance', ''), document.problems)

    def test_somebody_elses_amount_in_a_file_is_not_read_as_the_others(self):
        texts = [('1.234,50', 2), ('$ 1,000', 2)]
        with self.assertRaises(AmbiguousAmount):
            how_written(texts).amount_of('$ 1,000')
        texts = [('1.234,50', 2), ('1,234.50', 2), ('1.000', 2)]
        writing = how_written(texts, local=',')
        self.assertEqual([writing.amount_of(text) for text, _digits in texts[:2]], [1234.5, 1234.5])
        with self.assertRaises(AmbiguousAmount):
            writing.amount_of('1.000')

    def _documents(self, *rows):
        rows = [Row(number, cells) for number, cells in enumerate(rows, start=2)]
        return read_documents(rows, COLUMNS, reader=Reader(decimals=DECIMALS))

    # === ONE AMOUNT === #

    @given(st.floats(allow_nan=False, min_value=-1e12, max_value=1e12))
    def test_a_number_of_excel_is_that_number(self, number):
        self.assertEqual(Writing().amount_of(number), number)

    @given(st.text(max_size=30) | st.text("0123456789.,'-() $", max_size=12))
    def test_any_text_is_an_amount_or_a_mistake(self, text):
        try:
            amount = how_written([(text, 2)]).amount_of(text)
        except ValueError:
            return
        self.assertIsInstance(amount, float | None)

    def test_what_is_no_amount_is_not_guessed(self):
        for text in (
            'diez',
            '1.2.3',
            '12,34,56',
            '1,5,000',
            '1 2',
            '12 50',
            '1234.567,89',
            '--5',
            '(30',
            '1(200)',
            '5 mil',
            '5K',
            'MM$ 12',
            '12%',
            '100 CR',
            '<100',
            '5-5',
            '1e9',
            'nan',
            True,
            date.max,
        ):
            with self.subTest(text=text), self.assertRaises(ValueError):
                Writing('.').amount_of(text)

    def test_signs_around_an_amount(self):
        for text, amount in {
            'S/ 1,200.50': 1200.5, 'US$ 5': 5, '5 €': 5, '(30.10)': -30.1, '-$ 7': -7, '7-': -7, '$-7': -7,
            'S/. 9.00': 9, '1’000.00': 1000, '.5': 0.5, '100 USD': 100, '1\u2009200': 1200, "1'234.567,89": 1234567.89,
            '$(30.10)': -30.1, 'S/ (5)': -5, '\u20135': -5, '\u22125': -5, '$ 100.-': 100, '100,- €': 100, '100.': 100,
        }.items():  # fmt: skip
            with self.subTest(text=text):
                self.assertEqual(Writing('.').amount_of(text), amount)
