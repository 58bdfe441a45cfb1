"""Properties of payment plans: sums are exact to the unit, days go on, nothing is negative."""

from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import BaseCase, tagged
from odoo.tools import float_round

from ..tools.plans import (
    Impossible,
    Limits,
    Terms,
    breaches,
    build,
    days_of,
    ever_failed,
    fate,
    from_units,
    interest_of,
    share_of,
    to_units,
)
from .properties import given, st

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
#: What currencies are rounded to: pesos, five centimes, cents, mills, hundreds.
ROUNDINGS = [1, 0.05, 0.01, 0.001, 100]
rates = st.decimals(Decimal('0.01'), Decimal(400), places=2)


@st.composite
def terms(draw):
    """Return terms that make a plan, whatever the currency: amounts are whole units."""
    count = draw(st.integers(1, 60))
    capital = draw(st.integers(count, 10 ** draw(st.integers(2, 12)) + count))
    down, discount = draw(st.integers(0, 10**6)), draw(st.integers(0, 10**6))
    first = draw(days)
    return Terms(
        debt=capital + down + discount,
        first=first,
        count=count,
        discount=discount,
        down=down,
        down_on=first - timedelta(days=draw(st.integers(1, 40))),
        frequency=draw(st.sampled_from(['weekly', 'fortnightly', 'monthly', 'days'])),
        every=draw(st.integers(1, 90)),
        interest=draw(st.sampled_from(['none', 'flat', 'annual'])),
        rate=draw(rates),
    )


@tagged('post_install', '-at_install')
class TestToolsPlans(BaseCase):
    @given(terms())
    def test_what_is_paid_is_the_debt_and_its_interest_to_the_unit(self, agreed):
        plan = build(agreed)
        self.assertEqual(sum(one.capital for one in plan), agreed.debt - agreed.discount)
        self.assertEqual(
            sum(one.amount for one in plan),
            agreed.debt - agreed.discount + interest_of(plan),
        )
        self.assertEqual(plan[-1].balance, 0)
        self.assertEqual(
            [one.number for one in plan if one.number], list(range(1, agreed.count + 1))
        )

    @given(terms())
    def test_every_instalment_pays_something_and_interest_is_never_negative(self, agreed):
        for one in build(agreed):
            self.assertGreater(one.capital, 0)
            self.assertGreater(one.amount, 0)
            self.assertGreaterEqual(one.interest, 0)
            self.assertGreaterEqual(one.balance, 0)

    @given(terms())
    def test_instalments_are_equal_but_for_the_last_units(self, agreed):
        amounts = [one.amount for one in build(agreed) if one.number][:-1]
        if agreed.interest != 'annual':
            self.assertLessEqual(len(set(amounts)), 1)
        elif amounts and min(amounts) > 2 * agreed.count:
            self.assertEqual(len(set(amounts)), 1)

    @given(terms())
    def test_flat_interest_is_its_share_of_the_capital(self, agreed):
        if agreed.interest == 'flat':
            capital = agreed.debt - agreed.discount - agreed.down
            self.assertEqual(interest_of(build(agreed)), share_of(capital, agreed.rate))
        elif agreed.interest == 'none':
            self.assertEqual(interest_of(build(agreed)), 0)

    @given(terms(), st.booleans(), st.sets(st.integers(0, 400), max_size=60))
    def test_days_go_on_and_closed_ones_are_skipped(self, agreed, skips, closed):
        closed = {agreed.first + timedelta(days=number) for number in closed}
        found = days_of(agreed, closed.__contains__ if skips else None)
        self.assertEqual(len(found), agreed.count)
        self.assertEqual(sorted(set(found)), found)
        self.assertGreaterEqual(found[0], agreed.first)
        if skips:
            self.assertFalse(closed.intersection(found))
            self.assertNotIn(6, [day.weekday() for day in found])

    @given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(1, 60))
    def test_months_keep_their_day_or_end_with_the_month(self, first, count):
        for day in days_of(Terms(1, first, count)):
            last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
            self.assertEqual(day.day, min(first.day, last.day))

    @given(st.integers(0, 10**12), st.sampled_from(ROUNDINGS))
    def test_units_survive_the_way_through_a_float(self, units, rounding):
        self.assertEqual(to_units(from_units(units, rounding), rounding), units)

    @given(terms(), st.sampled_from(ROUNDINGS))
    def test_amounts_can_be_paid_in_the_currency_and_add_up(self, agreed, rounding):
        amounts = [from_units(one.amount, rounding) for one in build(agreed)]
        for amount in amounts:
            self.assertEqual(float_round(amount, precision_rounding=rounding), amount)
        total = agreed.debt - agreed.discount + interest_of(build(agreed))
        self.assertEqual(
            sum(Decimal(str(amount)) for amount in amounts), total * Decimal(str(rounding))
        )

    @given(
        st.lists(st.tuples(st.integers(1, 20), st.none() | st.integers(0, 25)), max_size=6),
        st.integers(0, 3),
        st.integers(1, 28),
    )
    def test_a_plan_ever_failed_when_some_morning_says_so(self, numbers, tolerance, today):
        def day(number):
            return number and date(2026, 1, 1) + timedelta(days=number)

        def state(last, paid, morning):
            if paid is not None and paid < morning:
                return 'kept' if paid <= last else 'late'
            return 'broken' if last < morning else 'open'

        numbers = [(last, paid or None) for last, paid in numbers]
        mornings = [
            fate([state(last, paid, morning) for last, paid in numbers], tolerance)
            for morning in range(1, today + 1)
        ]
        payments = [(day(last), day(paid)) for last, paid in numbers]
        self.assertEqual(
            ever_failed(payments, tolerance, day(today)), 'defaulted' in mornings, mornings
        )

    def test_french_amortisation_is_the_one_of_the_textbook(self):
        plan = build(Terms(1_000_000, date(2026, 1, 15), 12, interest='annual', rate=Decimal(24)))
        self.assertEqual([plan[0].amount, plan[0].interest], [94559, 20000])
        self.assertEqual(interest_of(plan), 134715)
        self.assertLess(plan[-1].amount - plan[0].amount, 24)

    def test_terms_that_make_no_plan_are_told_apart(self):
        first = date(2026, 5, 1)
        for code, wrong in {
            'count': {'count': 0},
            'every': {'frequency': 'days', 'every': 0},
            'interest': {'rate': Decimal(-1)},
            'discount': {'discount': 100},
            'down': {'down': 100, 'down_on': date(2026, 4, 1)},
            'days': {'down': 10, 'down_on': first},
            'small': {'count': 101},
        }.items():
            with self.subTest(code=code), self.assertRaises(Impossible) as caught:
                build(Terms(**{'debt': 100, 'first': first, 'count': 2, **wrong}))
            self.assertEqual(caught.exception.code, code)

    def test_each_limit_is_told(self):
        agreed = Terms(
            100_000, date(2026, 2, 1), 14, down=5_000, down_on=date(2026, 1, 2), discount=20_000
        )
        limits = Limits(months=12, count=10, down_share=10, discount_share=15, yearly_rate=6)
        found = breaches(agreed, build(agreed), limits, date(2026, 1, 1))
        self.assertEqual(
            found,
            [
                ('months', 14, 12), ('count', 14, 10), ('down_share', 5.0, 10),
                ('discount_share', 20.0, 15), ('yearly_rate', 0.0, 6),
            ],
        )  # fmt: skip
        self.assertEqual(breaches(agreed, build(agreed), Limits(), date(2026, 1, 1)), [])
