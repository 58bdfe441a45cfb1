"""Commission and spreadsheets, for any amount and any text."""

import doctest
import io

from openpyxl import load_workbook

from odoo.tests import BaseCase, tagged

from ..tools import agency_report
from ..tools import commission as tool
from ..tools.import_table import Row
from ..tools.import_table import Sheet as Page
from ..tools.workbook import Column, Sheet, build
from .properties import given, st

AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2).map(float)
PERCENTS = st.decimals(min_value=0, max_value=100, places=2).map(float)
BANDS = st.lists(st.tuples(st.integers(0, 400), PERCENTS), unique_by=lambda band: band[0])


@tagged('post_install', '-at_install')
class TestToolsHandoff(BaseCase):
    def test_examples(self):
        for module in (tool, agency_report):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted)
            self.assertFalse(result.failed)

    def test_an_agency_writes_thousands_in_a_currency_without_decimals(self):
        rows = [
            Row(1, ('Referencia', 'Cobrado')),
            Row(2, ('C7', '150.000')),
            Row(3, ('C8', '85.990')),
        ]
        for decimals, amounts in (({'': 0}, [150000, 85990]), ({'': 2}, [None, None])):
            _name, reports = agency_report.read_report([Page('', rows)], decimals=decimals)
            self.assertEqual([report.collected for report in reports], amounts)

    @given(AMOUNTS, PERCENTS, st.integers(0, 3))
    def test_a_commission_is_within_half_a_cent_and_never_above_what_came_in(
        self, amount, percent, digits
    ):
        earned = tool.commission(amount, percent, digits)
        self.assertAlmostEqual(earned, amount * percent / 100, delta=0.5001 * 10**-digits)
        self.assertEqual(earned, round(earned, digits))
        self.assertGreaterEqual(earned, 0)

    @given(AMOUNTS, AMOUNTS, PERCENTS)
    def test_more_recovered_never_earns_less(self, one, other, percent):
        low, high = sorted((one, other))
        self.assertLessEqual(tool.commission(low, percent), tool.commission(high, percent))

    @given(BANDS, st.integers(-50, 500), PERCENTS)
    def test_the_band_reached_last_decides(self, bands, days, flat):
        percent = tool.percent_for(bands, days, flat)
        reached = [first for first, _percent in bands if first <= days]
        self.assertEqual(percent, dict(bands)[max(reached)] if reached else flat)

    @given(
        st.lists(
            st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF), min_size=1), max_size=5
        )
    )
    def test_texts_arrive_as_they_were(self, texts):
        sheet = Sheet('Texts', [Column('text', 'Text')], [{'text': text} for text in texts])
        page = load_workbook(io.BytesIO(build([sheet], 'Total')))['Texts']
        read = [page.cell(row, 1) for row in range(2, len(texts) + 2)]
        self.assertEqual([cell.value for cell in read], texts)
        self.assertFalse([cell for cell in read if cell.data_type == 'f'])
