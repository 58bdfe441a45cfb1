"""The ladder of a strategy: which step is due for whom, decided on plain values.

An item is on the highest step whose offset it has reached; the action of a debtor today is the
highest of those not yet given to its item. So a late import, or a week without runs, gets one
message: the latest step, never the whole ladder.
"""

from bisect import bisect_right
from typing import NamedTuple


class Step(NamedTuple):
    """One rung: `offset` days from the due date (negative: before), again every `every` days until `until`."""

    id: int
    offset: int
    every: int = 0  # days between repetitions; 0: once
    until: int = 0  # last day overdue on which it is repeated; 0: until the next step
    minimum: float = 0.0  # smallest total worth this step, company currency


class Item(NamedTuple):
    """An open claim, net of credits: `days` overdue today and `amount` in company currency."""

    id: int
    days: int
    amount: float


class Mark(NamedTuple):
    """A step occurrence given to an item."""

    item: int
    step: int
    occurrence: int


class Action(NamedTuple):
    """What to do about one debtor today: one step, covering every item that has reached the ladder."""

    step: int
    items: list  # of item ids covered, marked or not
    marks: list  # of Mark, each item with its own due step
    amount: float  # total of the covered items, company currency


def due_occurrence(step, days):
    """Return which repetition of `step` falls on or before `days` overdue, from 0.

    >>> [due_occurrence(Step(1, 10, every=7, until=30), day) for day in (10, 16, 17, 24, 31, 90)]
    [0, 0, 1, 2, 2, 2]
    """
    if not step.every:
        return 0
    last = min(days, step.until) if step.until else days
    return max(last - step.offset, 0) // step.every


def next_offset(steps, offsets, days):
    """Return the (day, step) that comes after `days` overdue on this ladder, or None at its end.

    >>> steps = [Step(1, -3), Step(2, 5, every=10, until=25), Step(3, 40)]
    >>> [next_offset(steps, [-3, 5, 40], day) for day in (-9, 0, 5, 15, 25, 40)]  # doctest: +ELLIPSIS
    [(-3, Step(id=1...)), (5, Step(id=2...)), (15, Step(id=2...)), (25, Step(id=2...)), (40, Step(id=3...)), None]
    """
    index = bisect_right(offsets, days)
    following = (offsets[index], steps[index]) if index < len(steps) else None
    current = steps[index - 1] if index else None
    if current and current.every:
        day = current.offset + (due_occurrence(current, days) + 1) * current.every
        if not (current.until and day > current.until) and (not following or day < following[0]):
            return day, current
    return following


def total_reached(steps, items):
    """Return the amount of the items that have reached the first step."""
    return sum(item.amount for item in items if item.days >= steps[0].offset) if steps else 0.0


def decide(steps, items, given):
    """Return the Action of one debtor today, or None when nothing new is due.

    :param list[Step] steps: by offset; only those whose conditions hold for this debtor
    :param list[Item] items: the debtor's eligible items
    :param given: container of Mark, or of equal tuples, already in the outbox

    >>> ladder = [Step(1, -3), Step(2, 5), Step(3, 30)]
    >>> decide(ladder, [Item(7, 120, 50.0), Item(8, -2, 10.0)], given=set())
    Action(step=3, items=[7, 8], marks=[Mark(item=7, step=3, occurrence=0),
                                        Mark(item=8, step=1, occurrence=0)], amount=60.0)
    >>> decide(ladder, [Item(7, 120, 50.0)], given={(7, 3, 0)})
    """
    total = total_reached(steps, items)
    steps = [step for step in steps if step.minimum <= total]
    offsets = [step.offset for step in steps]
    covered, marks, highest, amount = [], [], -1, 0.0
    for item in items:
        index = bisect_right(offsets, item.days) - 1
        if index < 0:
            continue
        step = steps[index]
        covered.append(item.id)
        amount += item.amount
        mark = Mark(item.id, step.id, due_occurrence(step, item.days))
        if mark not in given:
            marks.append(mark)
            highest = max(highest, index)
    if not marks:
        return None
    return Action(steps[highest].id, covered, marks, amount)


def next_action(steps, items):
    """Return the (days from today, step id) of the debtor's next rung, or None at the ladder's end.

    >>> next_action([Step(1, -3), Step(2, 5)], [Item(7, 1, 50.0), Item(8, -4, 10.0)])
    (1, 1)
    """
    offsets = [step.offset for step in steps]
    coming = (
        (day - item.days, step.id)
        for item in items
        if (found := next_offset(steps, offsets, item.days))
        for day, step in [found]
    )
    return min(coming, default=None)
