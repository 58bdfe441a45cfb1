"""Arrays written as text arrive in the database as what they were."""

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ..tools.arrays import array_literal
from .properties import given, st

#: PostgreSQL has no character zero, and half a surrogate pair is no text.
texts = st.text(st.characters(exclude_characters='\0', exclude_categories=['Cs']))


@tagged('post_install', '-at_install')
class TestToolsArrays(TransactionCase):
    def _arrived(self, values, type_name):
        [row] = self.env.execute_query(
            SQL('SELECT %s::%s[]', array_literal(values), SQL(type_name))
        )
        return row[0]

    @given(st.lists(st.none() | texts))
    def test_texts_arrive_whatever_they_hold(self, values):
        self.assertEqual(self._arrived(values, 'text'), values)

    @given(st.lists(st.none() | st.integers(-(2**31), 2**31 - 1)))
    def test_numbers_arrive(self, values):
        self.assertEqual(self._arrived(values, 'int4'), values)

    @given(st.lists(st.floats(allow_nan=False)))
    def test_floats_arrive_exactly(self, values):
        self.assertEqual(self._arrived(values, 'float8'), values)

    @given(st.lists(st.none() | st.booleans() | st.dates()))
    def test_dates_and_truths_arrive(self, values):
        dates = [value for value in values if not isinstance(value, bool)]
        truths = [value for value in values if value is None or isinstance(value, bool)]
        self.assertEqual(self._arrived(dates, 'date'), dates)
        self.assertEqual(self._arrived(truths, 'bool'), truths)

    @given(st.lists(st.datetimes()))
    def test_moments_arrive(self, values):
        self.assertEqual(self._arrived(values, 'timestamp'), values)

    def test_what_has_no_text_of_its_own_is_refused(self):
        for value in (b'bytes', ['a list'], {'a': 'dict'}):
            with self.subTest(value=value), self.assertRaises(TypeError):
                array_literal([value])
