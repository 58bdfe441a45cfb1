"""Properties of judging: nothing is counted twice, more or earlier money never hurts, order of input never matters."""

from datetime import date, timedelta

from odoo.tests import BaseCase, tagged

from ..tools.promises import Credit, Dispute, Promise, judge
from .properties import given, st

START = date(2026, 3, 1)
RANK = {'broken': 0, 'partial': 1, 'open': 2, 'late': 3, 'kept': 4}
ITEMS = {item: {None: 100.0} for item in range(3)}


def day(number):
    return START + timedelta(days=number)


@st.composite
def promises(draw):
    count = draw(st.integers(1, 4))
    return [
        Promise(
            number,
            float(draw(st.integers(1, 150))),
            day(draw(st.integers(0, 20))),
            tuple(draw(st.sets(st.sampled_from(list(ITEMS)), min_size=1))),
            day(draw(st.integers(-5, 10))),
            draw(st.integers(0, 3)),
        )
        for number in range(count)
    ]


@st.composite
def credits(draw, notes=True):
    """Return credits that never settle an item twice, as the ledger would have them."""
    rows, left = [], dict.fromkeys(ITEMS, 100)
    for _number in range(draw(st.integers(0, 8))):
        item = draw(st.sampled_from(list(ITEMS)))
        amount = min(left[item], draw(st.integers(1, 100)))
        if amount:
            left[item] -= amount
            is_payment = not notes or draw(st.integers(0, 3)) > 0
            when = day(draw(st.integers(-8, 25)))
            rows.append(Credit(item, when, {None: float(amount)}, is_payment))
    return rows


@st.composite
def disputes(draw):
    return [
        Dispute(
            draw(st.sampled_from(list(ITEMS))),
            day(draw(st.integers(-5, 20))),
            {None: float(draw(st.integers(1, 100)))},
        )
        for _number in range(draw(st.integers(0, 3)))
    ]


days = st.integers(-2, 30).map(day)


@tagged('post_install', '-at_install')
class TestToolsPromises(BaseCase):
    @given(promises(), credits(), days)
    def test_no_payment_is_counted_twice(self, given_promises, rows, today):
        verdicts = judge(given_promises, ITEMS, rows, today)
        received = sum(row.amounts[None] for row in rows if row.is_payment)
        self.assertLessEqual(sum(v.paid for v in verdicts.values()), received + 1e-6)
        for promise in given_promises:
            self.assertLessEqual(verdicts[promise.id].paid, promise.amount + 1e-6)

    @given(promises(), credits(), days, st.randoms(use_true_random=False))
    def test_the_order_of_promises_given_does_not_matter(self, given_promises, rows, today, dice):
        shuffled = given_promises[:]
        dice.shuffle(shuffled)
        self.assertEqual(
            judge(given_promises, ITEMS, rows, today), judge(shuffled, ITEMS, rows, today)
        )

    @given(promises(), credits(), st.integers(-2, 30), st.integers(0, 9))
    def test_a_verdict_is_final_unless_the_ledger_changes(self, given_promises, rows, now, later):
        known = [row for row in rows if row.date <= day(now)]
        before = judge(given_promises, ITEMS, known, day(now))
        after = judge(given_promises, ITEMS, known, day(now + later))
        for number, verdict in before.items():
            if verdict.state != 'open':
                self.assertEqual(after[number], verdict)

    @given(promises(), credits(), disputes(), st.integers(-2, 30), st.integers(1, 9))
    def test_what_failed_is_not_believed_again_when_a_dispute_is_settled(
        self, given_promises, rows, contested, now, later
    ):
        known = [row for row in rows if row.date <= day(now)]
        settled = [dispute._replace(settled=day(now + 1)) for dispute in contested]
        before = judge(given_promises, ITEMS, known, day(now), contested)
        after = judge(given_promises, ITEMS, known, day(now + later), settled)
        for number, verdict in before.items():
            if verdict.state != 'open':
                self.assertEqual(after[number], verdict)

    @given(promises(), credits(), disputes(), days)
    def test_a_dispute_spares_no_more_than_its_amount(self, given_promises, rows, contested, today):
        before = judge(given_promises, ITEMS, rows, today)
        after = judge(given_promises, ITEMS, rows, today, contested)
        spared = sum(
            promise.amount - before[promise.id].paid
            for promise in given_promises
            if before[promise.id].state == 'broken' and after[promise.id].state == 'open'
            and not rows
        )  # fmt: skip
        self.assertLessEqual(spared, sum(dispute.amounts[None] for dispute in contested) + 0.01)
        for promise in given_promises:
            self.assertEqual(after[promise.id].paid, before[promise.id].paid)
            if before[promise.id].state in ('open', 'kept', 'cancelled'):
                self.assertEqual(after[promise.id].state, before[promise.id].state)

    @given(promises(), credits(notes=False), days, st.integers(1, 20))
    def test_for_one_promise_more_or_earlier_money_never_hurts(
        self, given_promises, rows, today, n
    ):
        promise = given_promises[0]._replace(taken=day(-30))
        rank = self._rank(promise, rows, today)
        for number, row in enumerate(rows):
            others = rows[:number] + rows[number + 1 :]
            earlier = row._replace(date=max(row.date - timedelta(days=n), promise.taken))
            self.assertGreaterEqual(self._rank(promise, [*others, earlier], today), rank)
            self.assertLessEqual(self._rank(promise, others, today), rank)

    def _rank(self, promise, rows, today):
        return RANK[judge([promise], ITEMS, rows, today)[promise.id].state]

    @given(promises(), credits(), days)
    def test_one_promise_is_judged_as_one_would_by_hand(self, given_promises, rows, today):
        promise = given_promises[0]
        mine = [row for row in rows if row.item in promise.items]
        money = [row for row in mine if row.is_payment and row.date >= promise.taken]
        received = sum(row.amounts[None] for row in money)
        other = sum(row.amounts[None] for row in mine) - received
        wanted = min(promise.amount, 100.0 * len(promise.items) - other)
        in_time = sum(row.amounts[None] for row in money if row.date <= promise.deadline)
        if wanted <= 0 and not received:
            expected = 'cancelled'
        elif in_time >= wanted:
            expected = 'kept'
        elif received >= wanted:
            expected = 'late'
        elif today <= promise.deadline:
            expected = 'open'
        else:
            expected = 'partial' if received else 'broken'
        self.assertEqual(judge([promise], ITEMS, rows, today)[promise.id].state, expected)

    @given(promises(), credits(), days)
    def test_money_nobody_applied_makes_wait_and_settles_nothing(self, given_promises, rows, today):
        before = judge(given_promises, ITEMS, rows, today)
        loose = Credit(None, day(3), {None: 1000.0})
        after = judge(given_promises, ITEMS, [*rows, loose], today)
        for promise in given_promises:
            old, new = before[promise.id], after[promise.id]
            self.assertEqual(new.paid, old.paid)
            in_time = promise.taken <= day(3) <= promise.deadline
            failed = old.state in ('partial', 'broken')
            self.assertEqual(new.waits, in_time and failed)
            self.assertEqual(new.state, 'open' if new.waits else old.state)
