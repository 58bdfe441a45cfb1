"""Whether promises to pay were kept, judged from what reconciliations say was paid, and when.

The rules, in full:

* A payment counts for a promise when it is applied to one of its items and dated on or after the day the promise was
  taken. Credit notes, write-offs and older money are not payments: they shrink what is left to pay on the items.
* Payments go to the promises of a debtor in order of date; each takes what it lacks, none is counted twice.
* A promise is paid in full on the day its amount is reached, or on the day nothing is left to pay on its items.
* Paid in full by its last day, grace included: **kept**. Later: **late**. Its last day passed with only a part paid:
  **partial**, with nothing: **broken**. Before that it is **open**, whatever has been paid.
* What is in dispute since before that day need not be paid meanwhile: a promise that lacks no more stays **open**. Once
  the dispute is settled its grace counts from that day.
* Items that were settled without any payment leave nothing to promise: **cancelled**.
* Money received in time that nobody has applied yet, and that would pay the promise in full, makes it wait: it stays
  **open** until somebody applies it.

Amounts come in several currencies, {currency: amount}: a promise is measured in its own.
"""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any, NamedTuple


class Promise(NamedTuple):
    """What was promised, on which items, and when."""

    id: int
    amount: float
    date: date  # the day it is promised for
    items: tuple  # of item ids
    taken: date  # the day it was given
    grace: int = 0  # days
    currency: Any = None
    tolerance: float = 0.005  # amounts this close are equal
    disputed: float = 0.0  # of its items, by disputes that began in time and are open
    settled: date = None  # the day the last dispute that began in time was settled

    @property
    def deadline(self):
        """Return the last day on which a payment keeps the promise."""
        return max(self.date, self.settled or self.date) + timedelta(days=self.grace)


class Credit(NamedTuple):
    """What took something off an item; `item` is None for money that nobody has applied."""

    item: int
    date: date
    amounts: dict  # {currency: amount}
    is_payment: bool = True


class Verdict(NamedTuple):
    """How a promise stands: its state, what was paid on it, when it was paid in full, does it wait for money."""

    state: str
    paid: float = 0.0
    paid_on: date = None
    waits: bool = False


def judge(promises, items, credits, today):
    """Return {promise id: Verdict} of the promises of one debtor.

    :param dict items: {item id: {currency: what it was for}}; only items that are still owed or were paid
    :param credits: iterable of Credit

    >>> day = lambda number: date(2026, 3, number)
    >>> friday = Promise(1, 100, day(6), items=(7,), taken=day(2), grace=2)
    >>> def state(*paid, today):
    ...     credits = [Credit(7, day(number), {None: amount}) for number, amount in paid]
    ...     return judge([friday], {7: {None: 300}}, credits, day(today))[1]
    >>> state((8, 100), today=8)
    Verdict(state='kept', paid=100.0, paid_on=datetime.date(2026, 3, 8), waits=False)
    >>> [state((5, 60), today=8).state, state((5, 60), today=9).state, state(today=9).state]
    ['open', 'partial', 'broken']
    >>> [state((5, 60), (9, 40), today=9).state, state((1, 100), today=9).state]
    ['late', 'broken']
    >>> disputed = friday._replace(disputed=40)
    >>> [judge([disputed], {7: {None: 300}}, [Credit(7, day(5), {None: paid})], day(20))[1].state for paid in (60, 59)]
    ['open', 'partial']
    >>> [judge([friday._replace(settled=day(15))], {7: {None: 300}}, [], day(n))[1].state for n in (17, 18)]
    ['open', 'broken']
    """
    ordered = sorted(promises, key=lambda promise: (promise.date, promise.id))
    by_item, loose = _sort_credits(credits)
    takings = _allocate(ordered, [credit for rows in by_item.values() for credit in rows])
    verdicts = {
        promise.id: _verdict(promise, takings[promise.id], items, by_item, today)
        for promise in ordered
    }
    failed = [promise for promise in ordered if verdicts[promise.id].state in ('partial', 'broken')]
    if loose and failed:
        unapplied = _allocate(failed, loose, paid={p.id: verdicts[p.id].paid for p in failed})
        for promise in failed:
            verdicts[promise.id] = _count_unapplied(
                promise, verdicts[promise.id], unapplied[promise.id], items, by_item
            )
    return verdicts


def _sort_credits(credits):
    """Return ({item: its credits, oldest first}, the money nobody has applied)."""
    by_item, loose = defaultdict(list), []
    for credit in sorted(credits, key=lambda credit: credit.date):
        (by_item[credit.item] if credit.item is not None else loose).append(credit)
    return by_item, loose


def _allocate(promises, credits, paid=()):
    """Return {promise id: [(date, amount)]}: what each promise takes of the payments, oldest payment first.

    A payment is shared out as fractions of itself, so that promises in different currencies can draw on it.

    :param promises: in order of date
    :param dict paid: what each promise has already, in its own currency
    """
    lacks = {promise.id: promise.amount - dict(paid).get(promise.id, 0.0) for promise in promises}
    takings = defaultdict(list)
    by_item = defaultdict(list)
    for promise in promises:
        for item in promise.items:
            by_item[item].append(promise)
    for credit in sorted(credits, key=lambda credit: credit.date):
        left = 1.0 if credit.is_payment else 0.0
        for promise in promises if credit.item is None else by_item[credit.item]:
            worth = credit.amounts.get(promise.currency, 0.0)
            lack = lacks[promise.id]
            if left <= 0 or worth <= 0 or lack <= 0 or not _counts(promise, credit):
                continue
            taken = min(lack, worth * left)
            left = 0.0 if taken == worth * left else left - taken / worth
            lacks[promise.id] = lack - taken
            takings[promise.id].append((credit.date, taken))
    return takings


def _counts(promise, credit):
    """Tell whether a credit is a payment made since the promise was taken; unapplied money must also be in time."""
    in_time = credit.item is not None or credit.date <= promise.deadline
    return credit.is_payment and credit.date >= promise.taken and in_time


def _verdict(promise, takings, items, by_item, today):
    """Judge one promise from what it took of the payments and from what is left of its items."""
    paid = float(sum(amount for _day, amount in takings))
    owed = _owed(promise, items, by_item)
    if owed <= promise.tolerance and not paid:
        return Verdict('cancelled')
    full = min(
        filter(None, (_reached(takings, promise.amount, promise.tolerance),
                      _settled_on(promise, owed, by_item))),
        default=None,
    )  # fmt: skip
    if full:
        return Verdict('kept' if full <= promise.deadline else 'late', paid, full)
    lacks = min(promise.amount - paid, owed - paid)
    if today <= promise.deadline or lacks <= promise.disputed + promise.tolerance:
        return Verdict('open', paid)
    return Verdict('partial' if paid else 'broken', paid)


def _owed(promise, items, by_item):
    """Return what payments had to bring since the promise was taken, to settle its items."""
    currency = promise.currency
    return sum(items.get(item, {}).get(currency, 0.0) for item in promise.items) - sum(
        credit.amounts.get(currency, 0.0)
        for item in promise.items
        for credit in by_item.get(item, ())
        if not _counts(promise, credit)
    )


def _settled_on(promise, owed, by_item):
    """Return the day the payments on its items, whichever promise took them, came to all that was owed."""
    received = sorted(
        (credit.date, credit.amounts.get(promise.currency, 0.0))
        for item in promise.items
        for credit in by_item.get(item, ())
        if _counts(promise, credit)
    )
    return _reached(received, owed, promise.tolerance)


def _reached(received, amount, tolerance):
    """Return the day on which what was received, (date, amount) in order, came to `amount`; None if it did not.

    >>> _reached([(date(2026, 3, 1), 30), (date(2026, 3, 9), 70)], 100, 0.005)
    datetime.date(2026, 3, 9)
    """
    total = 0.0
    for day, part in received:
        total += part
        if total >= amount - tolerance:
            return day
    return None


def _count_unapplied(promise, verdict, takings, items, by_item):
    """Let a failed promise wait for unapplied money that would pay it in full; a part of it is a part paid."""
    found = sum(amount for _day, amount in takings)
    if not found:
        return verdict
    wanted = min(promise.amount, _owed(promise, items, by_item))
    if verdict.paid + found >= wanted - promise.tolerance:
        return verdict._replace(state='open', waits=True)
    return verdict._replace(state='partial')


class Limits(NamedTuple):
    """What a collector may accept alone; 0 is no limit."""

    days: int = 0  # the farthest day
    open_promises: int = 0  # live at once, the new one included
    share: float = 0.0  # smallest part of what is overdue, 0 to 1


def exceeded(limits, days, open_promises, share):
    """Return the names of the limits that a promise goes beyond.

    :param days: from today to the day promised
    :param open_promises: live promises of the debtor, this one included
    :param share: promised part of what is overdue, 0 to 1

    >>> exceeded(Limits(days=30, open_promises=2, share=0.2), days=31, open_promises=3, share=0.1)
    ['days', 'open_promises', 'share']
    >>> exceeded(Limits(days=30, share=0.2), days=30, open_promises=9, share=0.2)
    []
    """
    beyond = {
        'days': limits.days and days > limits.days,
        'open_promises': limits.open_promises and open_promises > limits.open_promises,
        'share': limits.share and share < limits.share - 1e-9,
    }
    return [name for name, is_beyond in beyond.items() if is_beyond]
