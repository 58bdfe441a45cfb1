"""The formulas by their properties; their examples are doctests, run here under Odoo's own runner too."""

import doctest

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranza_management.tests.properties import given, st

from ..tools import metrics

MONTHS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(28, 31)), min_size=1, max_size=36)


@tagged('post_install', '-at_install')
class TestMetrics(BaseCase):
    def test_the_examples_of_the_formulas_hold(self):
        self.assertFalse(doctest.testmod(metrics).failed)

    @given(MONTHS, st.integers(0, 40))
    def test_countback_uses_up_the_last_months_wholly(self, months, whole):
        receivable = sum(sales for sales, _days in months[:whole])
        days = metrics.countback_dso(receivable, months)
        self.assertLessEqual(days, sum(days for _sales, days in months[:whole]))

    @given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(28, 31))
    def test_dso_is_the_best_possible_and_what_is_late(self, receivable, sales, days):
        not_due = receivable // 3
        late = metrics.average_days_delinquent(receivable, not_due, sales, days)
        best = metrics.best_possible_dso(not_due, sales, days)
        self.assertAlmostEqual(best + late, metrics.dso(receivable, sales, days), 3)

    @given(
        st.lists(
            st.tuples(st.sampled_from('ab'), st.sampled_from('bcd'), st.integers(1, 999)),
            min_size=1,
        )
    )
    def test_what_leaves_a_bucket_is_all_of_it(self, pairs):
        shares = metrics.roll_matrix(pairs)
        for before in {pair[0] for pair in pairs}:
            total = sum(share for (start, _end), share in shares.items() if start == before)
            self.assertAlmostEqual(total, 1)
