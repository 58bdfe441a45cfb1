"""Whether promises to pay were kept, judged from what reconciliations say was paid, and when.

The rules, in full:

* A payment counts for a promise when it is applied to one of its items and dated on or after the day the promise was
  taken. Credit notes, write-offs and older money are not payments: they shrink what is left to pay on the items.
* Payments go to the promises of a debtor in order of date; each takes what it lacks, none is counted twice.
* A promise is paid in full on the day its amount is reached, or on the day nothing is left to pay on its items.
* Paid in full by its last day, grace included: **kept**. Later: **late**. Its last day passed with only a part paid:
  **partial**, with nothing: **broken**. Before that it is **open**, whatever has been paid.
* What is in dispute since before that day need not be paid meanwhile; once the dispute is settled it has the grace from
  that day. The rest has its own day: a promise that failed by it is not believed again. A dispute spares the debtor its
  amount once, of the latest promises first.
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
    spared: tuple = ()  # of (day until which it need not be paid, amount), from its disputes

    @property
    def deadline(self):
        """Return the last day on which a payment keeps the promise, whatever is in dispute."""
        return self.date + timedelta(days=self.grace)

    @property
    def last_day(self):
        """Return the last day on which a payment keeps any part of it."""
        return max([self.deadline, *(day for day, _amount in self.spared)])

    def spared_after(self, day):
        """Return what still need not be paid when a day is over."""
        return sum(amount for until, amount in self.spared if until > day)


class Credit(NamedTuple):
    """What took something off an item; `item` is None for money that nobody has applied."""

    item: int
    date: date
    amounts: dict  # {currency: amount}
    is_payment: bool = True


class Dispute(NamedTuple):
    """What the debtor says not to owe of an item; without what was credited when it was settled."""

    item: int
    began: date
    amounts: dict  # {currency: amount}
    settled: date = None  # None while it is open


class Verdict(NamedTuple):
    """How a promise stands: its state, what was paid on it, when it was paid in full, does it wait for money.

    `until` is the last day on which an open one can still be kept, when a dispute has put that off.
    """

    state: str
    paid: float = 0.0
    paid_on: date = None
    waits: bool = False
    until: date = None

    def differs(self, other, tolerance):
        """Tell whether two verdicts say different things; amounts closer than `tolerance` are the same.

        >>> Verdict('open', 10.0).differs(Verdict('open', 10.001), 0.005)
        False
        """
        return abs(self.paid - other.paid) >= tolerance or self != other._replace(paid=self.paid)


class Debtor(NamedTuple):
    """The promises of one debtor, how they stand today, and the facts to judge them by, as `judge` takes them."""

    case: int
    partner: int
    stands: dict  # {Promise: Verdict}
    items: dict  # {item: {currency: amount}}
    credits: list  # of Credit
    disputes: list  # of Dispute


def judge(promises, items, credits, today, disputes=()):
    """Return {promise id: Verdict} of the promises of one debtor.

    :param dict items: {item id: {currency: what it was for}}; only items that are still owed or were paid
    :param credits: iterable of Credit
    :param disputes: iterable of Dispute

    >>> day = lambda number: date(2026, 3, number)
    >>> friday = Promise(1, 100, day(6), items=(7,), taken=day(2), grace=2)
    >>> def state(*paid, today):
    ...     credits = [Credit(7, day(number), {None: amount}) for number, amount in paid]
    ...     return judge([friday], {7: {None: 300}}, credits, day(today))[1]
    >>> state((8, 100), today=8)
    Verdict(state='kept', paid=100.0, paid_on=datetime.date(2026, 3, 8), waits=False, until=None)
    >>> [state((5, 60), today=8).state, state((5, 60), today=9).state, state(today=9).state]
    ['open', 'partial', 'broken']
    >>> [state((5, 60), (9, 40), today=9).state, state((1, 100), today=9).state]
    ['late', 'broken']
    >>> def disputed(*paid, today, settled=None):
    ...     credits = [Credit(7, day(number), {None: amount}) for number, amount in paid]
    ...     dispute = Dispute(7, day(5), {None: 40}, settled)
    ...     return judge([friday], {7: {None: 300}}, credits, day(today), [dispute])[1].state
    >>> [disputed((5, 60), today=20), disputed((5, 59), today=20), disputed((5, 60), (19, 40), today=20)]
    ['open', 'partial', 'kept']
    >>> [disputed((5, paid), today=today, settled=day(15)) for paid, today in ((60, 17), (60, 18), (59, 17))]
    ['open', 'partial', 'partial']
    """
    ordered = _spare(sorted(promises, key=lambda promise: (promise.date, promise.id)), disputes)
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
                promise, verdicts[promise.id], unapplied[promise.id], items, by_item, today
            )
    return verdicts


def _spare(promises, disputes):
    """Return the promises with what their disputes spare them, each dispute shared out once, the latest first.

    :param promises: in order of date
    """
    room = {promise.id: promise.amount for promise in promises}
    spared = defaultdict(list)
    for dispute in sorted(disputes, key=lambda dispute: (dispute.began, dispute.item)):
        left = 1.0
        for promise in reversed(promises):
            worth = dispute.amounts.get(promise.currency, 0.0)
            if left <= 0 or worth <= 0 or not _began_in_time(dispute, promise):
                continue
            taken = min(room[promise.id], worth * left)
            left = 0.0 if taken == worth * left else left - taken / worth
            room[promise.id] -= taken
            spared[promise.id].append((_spared_until(dispute, promise), taken))
    return [promise._replace(spared=tuple(spared[promise.id])) for promise in promises]


def _began_in_time(dispute, promise):
    return dispute.item in promise.items and dispute.began <= promise.deadline


def _spared_until(dispute, promise):
    """Return the last day on which a payment of what was in dispute is in time; there is none while it is open."""
    if dispute.settled is None:
        return date.max
    return max(promise.deadline, dispute.settled + timedelta(days=promise.grace))


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
    in_time = credit.item is not None or credit.date <= promise.last_day
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
        return Verdict('late' if _failed(promise, takings, owed, full) else 'kept', paid, full)
    if not _failed(promise, takings, owed, today):
        return Verdict('open', paid, until=promise.last_day if promise.spared else None)
    return Verdict('partial' if paid else 'broken', paid)


def _failed(promise, takings, owed, before):
    """Tell whether some last day before the day `before` ended with less paid than was due by then."""
    wanted = min(promise.amount, owed) - promise.tolerance
    last_days = {promise.deadline, *(day for day, _amount in promise.spared)}
    return any(
        sum(amount for paid_on, amount in takings if paid_on <= day) + promise.spared_after(day)
        < wanted
        for day in last_days
        if day < before
    )


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


def _count_unapplied(promise, verdict, takings, items, by_item, today):
    """Let a failed promise wait for unapplied money that would pay what is due of it; a part of it is a part paid."""
    found = sum(amount for _day, amount in takings)
    if not found:
        return verdict
    wanted = min(promise.amount, _owed(promise, items, by_item))
    wanted -= promise.spared_after(today - timedelta(days=1))
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
