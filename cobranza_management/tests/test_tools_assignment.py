"""Properties of sharing out: nobody beyond capacity, nothing left over while somebody has room."""

from collections import Counter

from odoo.tests import BaseCase, tagged

from ..tools.assignment import Member, distribute, take_turns
from .properties import given, st

cases = st.lists(st.integers(1, 10**6), unique=True, max_size=40)
members = st.lists(
    st.builds(Member, st.integers(1, 50), st.integers(0, 20), st.sampled_from([0, 0, 5, 12, 30])),
    unique_by=lambda member: member.id,
    max_size=6,
)


@tagged('post_install', '-at_install')
class TestToolsAssignment(BaseCase):
    @given(cases, members)
    def test_nobody_gets_more_than_they_can_carry(self, cases, members):
        for share in (distribute, take_turns):
            gets = Counter(share(cases, members).values())
            for member in members:
                if member.capacity:
                    self.assertLessEqual(gets[member.id], max(0, member.capacity - member.load))

    @given(cases, members)
    def test_nothing_is_left_over_while_somebody_has_room(self, cases, members):
        for share in (distribute, take_turns):
            handed = share(cases, members)
            gets = Counter(handed.values())
            room = any(
                not member.capacity or member.load + gets[member.id] < member.capacity
                for member in members
            )
            self.assertTrue(len(handed) == len(cases) or not room)
            self.assertLessEqual(set(handed), set(cases))

    @given(cases, st.integers(1, 6))
    def test_in_turns_nobody_gets_more_than_one_more_than_another(self, cases, count):
        members = [Member(number, load=number * 7) for number in range(count)]
        gets = Counter(take_turns(cases, members).values())
        numbers = [gets[member.id] for member in members]
        self.assertLessEqual(max(numbers) - min(numbers), 1)

    @given(cases, st.integers(1, 6))
    def test_by_load_everybody_ends_up_even(self, cases, count):
        members = [Member(number, load=0) for number in range(count)]
        gets = Counter(distribute(cases, members).values())
        numbers = [gets[member.id] for member in members]
        self.assertLessEqual(max(numbers) - min(numbers), 1)
