"""Properties of the ladder: one step a day, never twice, never the whole ladder at once."""

from odoo.tests import BaseCase, tagged

from ..tools.ladder import Item, Step, decide, due_occurrence, next_action, next_offset
from .properties import given, st


@st.composite
def ladders(draw):
    """Return steps by offset, each repeating or not."""
    steps = []
    for number, offset in enumerate(sorted(draw(st.sets(st.integers(-30, 120), max_size=6)))):
        every = draw(st.sampled_from([0, 0, 1, 7, 30]))
        until = offset + draw(st.integers(1, 90)) if every and draw(st.booleans()) else 0
        minimum = draw(st.sampled_from([0, 0, 50, 5000]))
        steps.append(Step(number, offset, every, until, minimum))
    return steps


items = st.lists(
    st.builds(Item, st.integers(1, 10**6), st.integers(-60, 300), st.floats(0.01, 1000)),
    max_size=6,
    unique_by=lambda item: item.id,
)


@tagged('post_install', '-at_install')
class TestToolsLadder(BaseCase):
    @given(ladders(), items, st.integers(1, 60))
    def test_no_mark_is_given_twice_while_days_pass(self, steps, claims, days):
        given_marks = set()
        for day in range(days):
            today = [item._replace(days=item.days + day) for item in claims]
            action = decide(steps, today, given_marks)
            if action:
                self.assertTrue(action.marks)
                self.assertFalse(given_marks.intersection(action.marks))
                given_marks.update(action.marks)
                self.assertIsNone(decide(steps, today, given_marks), 'once a day is enough')

    @given(ladders(), items)
    def test_the_action_is_the_highest_step_reached(self, steps, claims):
        action = decide(steps, claims, given=set())
        if not action:
            return
        offsets = {step.id: step.offset for step in steps}
        self.assertEqual(offsets[action.step], max(offsets[mark.step] for mark in action.marks))
        days = {item.id: item.days for item in claims}
        for mark in action.marks:
            self.assertLessEqual(offsets[mark.step], days[mark.item])

    @given(ladders(), items)
    def test_catching_up_marks_each_item_once(self, steps, claims):
        action = decide(steps, claims, given=set())
        if action:
            marked = [mark.item for mark in action.marks]
            self.assertEqual(len(marked), len(set(marked)))
            self.assertEqual(sorted(marked), sorted(action.items))

    @given(ladders(), items)
    def test_the_amount_is_that_of_the_items_covered(self, steps, claims):
        action = decide(steps, claims, given=set())
        if action:
            covered = [item.amount for item in claims if item.id in action.items]
            self.assertAlmostEqual(action.amount, sum(covered))
            step = next(step for step in steps if step.id == action.step)
            reached = sum(item.amount for item in claims if item.days >= steps[0].offset)
            self.assertLessEqual(step.minimum, reached)

    @given(ladders(), st.integers(-60, 300))
    def test_what_comes_next_lies_ahead(self, steps, days):
        found = next_offset(steps, [step.offset for step in steps], days)
        if found:
            self.assertGreater(found[0], days)

    @given(ladders(), st.integers(-60, 300))
    def test_the_next_action_happens_on_its_day_and_not_before(self, steps, days):
        steps = [step._replace(minimum=0) for step in steps]
        item = Item(1, days, 10.0)
        action = decide(steps, [item], set())
        given_marks = set(action.marks) if action else set()
        coming = next_action(steps, [item])
        for ahead in range(1, coming[0] if coming else 200):
            later = item._replace(days=days + ahead)
            self.assertIsNone(decide(steps, [later], given_marks), f'{ahead} days ahead')
        if coming:
            later = item._replace(days=days + coming[0])
            self.assertEqual(decide(steps, [later], given_marks).step, coming[1])

    @given(st.integers(0, 50), st.integers(1, 30), st.integers(0, 200))
    def test_repetitions_are_spaced_evenly(self, offset, every, days):
        step = Step(1, offset, every)
        changes = due_occurrence(step, offset + days) - due_occurrence(step, offset + days - 1)
        self.assertEqual(changes, 1 if days and days % every == 0 else 0)
