"""Sizes of texts and short codes, for any text and any number."""

import doctest

from odoo.tests import BaseCase, tagged

from ..tools import phone_numbers, short_codes, sms_text
from .properties import given, st

TEXTS = st.text(alphabet=st.one_of(st.characters(codec='utf-8'), st.sampled_from('aé€[á“ ')))


@tagged('post_install', '-at_install')
class TestToolsSms(BaseCase):
    def test_examples(self):
        for module in (phone_numbers, short_codes, sms_text):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted, module.__name__)
            self.assertFalse(result.failed, module.__name__)

    @given(TEXTS)
    def test_messages_hold_the_text_and_none_is_spare(self, text):
        measured = sms_text.size(text)
        alone, joined = sms_text.GSM7 if measured.encoding == 'GSM-7' else sms_text.UCS2
        if measured.segments > 1:
            self.assertGreater(measured.length, alone)
            self.assertLessEqual(measured.length, measured.segments * joined)
            # at most one unit is left over at the end of each message but the last
            self.assertGreater(measured.length, (measured.segments - 1) * (joined - 1))
        else:
            self.assertLessEqual(measured.length, alone)

    @given(TEXTS)
    def test_saving_never_costs_a_message(self, text):
        thrifty = sms_text.thrifty(text)
        self.assertLessEqual(sms_text.size(thrifty).segments, sms_text.size(text).segments)
        self.assertEqual(sms_text.thrifty(thrifty), thrifty)

    @given(st.integers(min_value=1, max_value=2**62), st.binary(min_size=1))
    def test_a_code_gives_its_number_back_and_only_with_its_secret(self, number, secret):
        code = short_codes.encode(number, secret)
        self.assertEqual(short_codes.decode(code, secret), number)
        self.assertIsNone(short_codes.decode(code, secret + b'!'))

    @given(st.text())
    def test_whatever_is_typed_is_refused_quietly(self, code):
        self.assertIsNone(short_codes.decode(code, b'secret'))
