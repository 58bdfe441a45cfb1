"""Properties of the money in dispute: nothing is held twice, no cent is lost."""

from odoo.tests import BaseCase, tagged

from ..tools.disputes import shares, spread
from .properties import given, st

cents = st.integers(0, 10**9)


@tagged('post_install', '-at_install')
class TestToolsDisputes(BaseCase):
    @given(st.integers(-(10**6), 10**9), st.lists(cents, max_size=6))
    def test_disputes_hold_what_is_left_and_no_more(self, left, asked):
        held = shares(left, asked)
        self.assertEqual(sum(held), max(0, min(left, sum(asked))))
        self.assertTrue(all(0 <= share <= ask for share, ask in zip(held, asked)))

    @given(st.integers(-(10**6), 10**9), st.lists(cents, min_size=2, max_size=6))
    def test_the_oldest_is_served_first(self, left, asked):
        held = shares(left, asked)
        for first, ask, later in zip(held, asked, held[1:]):
            self.assertTrue(first == ask or later == 0)

    @given(
        cents,
        st.lists(st.integers(1, 10**7), min_size=1, max_size=8),
        st.sampled_from([0, 2, 3]),
    )
    def test_parts_sum_to_the_whole_exactly(self, total, weights, digits):
        unit = 10**digits
        parts = spread(total / unit, [weight / unit for weight in weights], digits)
        self.assertEqual(sum(round(part * unit) for part in parts), total)
