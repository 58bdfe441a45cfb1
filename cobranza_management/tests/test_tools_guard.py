"""Properties of the gate: what it promises as the next lawful minute is one."""

from datetime import date, datetime, timedelta

import pytz

from odoo.tests import BaseCase, tagged

from ..tools.calendars import time_zone
from ..tools.guard import Facts, Rule, Window, may_contact
from .properties import given, st

BOGOTA, MADRID = pytz.timezone('America/Bogota'), pytz.timezone('Europe/Madrid')
OFFICE = tuple(Window(day, 9.0, 18.0) for day in range(5))


def at(zone, *moment):
    """Return the aware moment at which clocks in `zone` show year, month, day, hour, minute."""
    return zone.localize(datetime(*moment)).astimezone(pytz.utc)  # noqa: DTZ001 - localized here


windows = st.lists(
    st.builds(
        lambda day, start, length: Window(day, start, min(start + length, 24.0)),
        st.integers(0, 6),
        st.sampled_from([0.0, 7.0, 8.5, 9.0, 13.25]),
        st.sampled_from([0.5, 4.0, 11.0]),
    ),
    max_size=8,
).map(tuple)
rules = st.lists(
    st.builds(
        Rule,
        name=st.just('rule'),
        law=st.sampled_from(['', 'Ley 2300']),
        channels=st.sampled_from([frozenset(), frozenset({'email'}), frozenset({'phone'})]),
        windows=windows,
        on_holidays=st.booleans(),
        min_days=st.sampled_from([0, 0, 1, 3, 7]),
        max_per_day=st.sampled_from([0, 1, 2]),
        max_per_week=st.sampled_from([0, 1, 3]),
    ),
    max_size=3,
)
moments = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: at(pytz.utc, 2026, 1, 1, 0, 0) + timedelta(minutes=minutes)
)


@st.composite
def situations(draw):
    """Return (facts, now), contacts lying in the past."""
    now = draw(moments)
    ages = draw(st.lists(st.integers(0, 24 * 20), max_size=5))
    stops = draw(
        st.sampled_from(
            [(), (('hold', 'x', now.date() + timedelta(days=3)),), (('opt_out', '', None),)]
        )
    )
    zone, country = draw(st.sampled_from([(BOGOTA, 'CO'), (MADRID, 'ES'), (pytz.utc, None)]))
    return Facts(zone, country, stops, tuple(now - timedelta(hours=age) for age in ages)), now


@tagged('post_install', '-at_install')
class TestToolsGuard(BaseCase):
    @given(situations(), rules)
    def test_the_next_moment_is_itself_allowed(self, situation, binding):
        facts, now = situation
        verdict = may_contact(facts, binding, 'email', now)
        if verdict.next_at:
            self.assertGreater(verdict.next_at, now)
            self.assertTrue(may_contact(facts, binding, 'email', verdict.next_at).allowed)

    @given(situations(), rules)
    def test_a_refusal_says_why(self, situation, binding):
        facts, now = situation
        verdict = may_contact(facts, binding, 'email', now)
        if not verdict.allowed:
            self.assertIn(
                verdict.code,
                ('hold', 'opt_out', 'holiday', 'hours', 'spacing', 'cap_day', 'cap_week'),
            )
            self.assertEqual(bool(verdict.rule), verdict.code not in ('hold', 'opt_out'))

    @given(situations(), rules)
    def test_fewer_rules_never_refuse_more(self, situation, binding):
        facts, now = situation
        if may_contact(facts, binding, 'email', now).allowed:
            self.assertTrue(may_contact(facts, binding[1:], 'email', now).allowed)

    @given(situations(), rules)
    def test_a_refusal_for_good_has_no_next_moment(self, situation, binding):
        facts, now = situation
        facts = facts._replace(stops=(('opt_out', '', None),))
        verdict = may_contact(facts, binding, 'email', now)
        self.assertEqual((verdict.allowed, verdict.next_at), (False, None))

    # === EXAMPLES FROM THE LAW === #

    def test_the_same_moment_in_bogota_and_madrid(self):
        rule = Rule('Office', windows=OFFICE)
        evening_in_madrid = at(MADRID, 2026, 3, 4, 19, 0)
        self.assertTrue(may_contact(Facts(BOGOTA), [rule], 'email', evening_in_madrid).allowed)
        verdict = may_contact(Facts(MADRID), [rule], 'email', evening_in_madrid)
        self.assertEqual((verdict.code, verdict.next_at), ('hours', at(MADRID, 2026, 3, 5, 9, 0)))

    def test_the_weekend_waits_for_monday(self):
        verdict = may_contact(
            Facts(BOGOTA), [Rule('Office', windows=OFFICE)], 'email', at(BOGOTA, 2026, 3, 6, 18, 0)
        )
        self.assertEqual(verdict.next_at, at(BOGOTA, 2026, 3, 9, 9, 0))

    def test_a_holiday_after_a_weekend(self):
        rule = Rule('Office', law='Ley 2300 de 2023', windows=OFFICE, on_holidays=False)
        saturday = at(BOGOTA, 2026, 3, 21, 12, 0)  # Monday 23 is Saint Joseph's Day
        verdict = may_contact(Facts(BOGOTA, 'CO'), [rule], 'email', saturday)
        self.assertEqual(verdict.next_at, at(BOGOTA, 2026, 3, 24, 9, 0))
        self.assertEqual(verdict.law, 'Ley 2300 de 2023')
        monday = may_contact(Facts(BOGOTA, 'CO'), [rule], 'email', at(BOGOTA, 2026, 3, 23, 12, 0))
        self.assertEqual(monday.code, 'holiday')

    def test_hours_keep_their_clock_when_summer_time_begins(self):
        night = at(MADRID, 2026, 3, 29, 1, 0)  # the clocks go forward at two
        rule = Rule('Any day', windows=tuple(Window(day, 9.0, 18.0) for day in range(7)))
        verdict = may_contact(Facts(MADRID), [rule], 'email', night)
        self.assertEqual(verdict.next_at.astimezone(MADRID).hour, 9)

    def test_days_between_contacts_are_calendar_days_where_they_live(self):
        rule = Rule('Spaced', min_days=2)
        facts = Facts(BOGOTA, contacts=(at(BOGOTA, 2026, 3, 4, 23, 30),))
        refused = may_contact(facts, [rule], 'email', at(BOGOTA, 2026, 3, 5, 23, 59))
        self.assertEqual((refused.code, refused.next_at), ('spacing', at(BOGOTA, 2026, 3, 6, 0, 0)))
        self.assertTrue(may_contact(facts, [rule], 'email', refused.next_at).allowed)

    def test_the_week_is_the_stricter_of_calendar_and_seven_days(self):
        rule = Rule('Weekly', max_per_week=1)
        friday = Facts(BOGOTA, contacts=(at(BOGOTA, 2026, 3, 6, 10, 0),))
        monday = may_contact(friday, [rule], 'email', at(BOGOTA, 2026, 3, 9, 10, 0))
        self.assertEqual((monday.code, monday.next_at), ('cap_week', at(BOGOTA, 2026, 3, 13, 0, 0)))
        early = Facts(BOGOTA, contacts=(at(BOGOTA, 2026, 3, 2, 10, 0),))
        sunday = may_contact(early, [rule], 'email', at(BOGOTA, 2026, 3, 8, 10, 0))
        self.assertEqual(sunday.next_at, at(BOGOTA, 2026, 3, 9, 0, 0))

    def test_a_cap_a_day(self):
        rule = Rule('Daily', max_per_day=1)
        facts = Facts(BOGOTA, contacts=(at(BOGOTA, 2026, 3, 4, 8, 0),))
        verdict = may_contact(facts, [rule], 'email', at(BOGOTA, 2026, 3, 4, 18, 0))
        self.assertEqual((verdict.code, verdict.detail), ('cap_day', '1'))

    def test_a_rule_for_another_channel_does_not_bind(self):
        rule = Rule('Calls', channels=frozenset({'phone'}), windows=(Window(0, 9, 10),))
        now = at(BOGOTA, 2026, 3, 4, 23, 0)
        self.assertTrue(may_contact(Facts(BOGOTA), [rule], 'email', now).allowed)
        self.assertFalse(may_contact(Facts(BOGOTA), [rule], 'phone', now).allowed)

    def test_a_hold_ends_after_its_last_day(self):
        facts = Facts(BOGOTA, stops=(('hold', 'Sick', date(2026, 3, 6)),))
        verdict = may_contact(facts, [], 'email', at(BOGOTA, 2026, 3, 4, 10, 0))
        self.assertEqual((verdict.code, verdict.detail), ('hold', 'Sick'))
        self.assertEqual(verdict.next_at, at(BOGOTA, 2026, 3, 7, 0, 0))

    def test_a_debtor_no_rule_ever_lets_through(self):
        never = Rule('Never', windows=(Window(0, 9, 10),))
        tuesday = Rule('Tuesday', windows=(Window(1, 9, 10),))
        verdict = may_contact(
            Facts(BOGOTA), [never, tuesday], 'email', at(BOGOTA, 2026, 3, 4, 10, 0)
        )
        self.assertEqual((verdict.allowed, verdict.next_at), (False, None))

    def test_zones_of_countries(self):
        self.assertEqual(str(time_zone(None, 'MX')), 'America/Mexico_City')
        self.assertEqual(str(time_zone('Nowhere/Town', None, 'Europe/Madrid')), 'Europe/Madrid')
