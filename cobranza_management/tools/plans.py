"""Payment plans: who pays what when, in whole units of what the currency is rounded to, so that every sum is exact.

A unit is a cent, a peso or five centimes.

Equal instalments are rounded down and the last one carries what rounding left over.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from dateutil.relativedelta import relativedelta

SUNDAY = 6
DAYS_OF_YEAR = 365
#: frequency: (periods a year, days of a period); months have no fixed number of days.
FREQUENCIES = {'weekly': (52, 7), 'fortnightly': (26, 14), 'monthly': (12, None)}


@dataclass(frozen=True)
class Terms:
    """What was agreed; amounts in units."""

    debt: int
    first: date
    count: int = 1
    discount: int = 0
    down: int = 0
    down_on: date | None = None
    frequency: str = 'monthly'  # weekly, fortnightly, monthly or days
    every: int = 30  # days between instalments, for the frequency "days"
    interest: str = (
        'none'  # none, flat (rate on the capital) or annual (rate a year on the declining balance)
    )
    rate: Decimal = Decimal(0)  # percent


@dataclass(frozen=True)
class Instalment:
    """One payment; number 0 is the down payment."""

    number: int
    day: date
    capital: int
    interest: int
    balance: int  # capital owed after it

    @property
    def amount(self):
        return self.capital + self.interest


class Impossible(ValueError):
    """Terms that make no plan; `code` says why."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


# === WHOLE UNITS === #


def to_units(amount, rounding):
    """Return an amount in units of a currency that is rounded to `rounding`.

    >>> to_units(1234.565, 0.01), to_units(990.5, 1), to_units('1.2345', 0.001), to_units(100.05, 0.05)
    (123457, 991, 1235, 2001)
    """
    return int((Decimal(str(amount)) / _exact(rounding)).quantize(Decimal(1), ROUND_HALF_UP))


def from_units(units, rounding):
    """Return units as a float of the currency.

    >>> from_units(123457, 0.01), from_units(991, 1), from_units(2001, 0.05), from_units(3, 100)
    (1234.57, 991.0, 100.05, 300.0)
    """
    return float(units * _exact(rounding))


def _exact(rounding):
    return Decimal(str(rounding))


def share_of(units, percent):
    """Return a percentage of an amount, rounded to the unit.

    >>> share_of(1000, 12.5), share_of(999, '33.3')
    (125, 333)
    """
    return int((units * Decimal(str(percent)) / 100).quantize(Decimal(1), ROUND_HALF_UP))


# === DAYS === #


def days_of(terms, holiday=None):
    """Return the days of the instalments, strictly later each.

    Months keep the day of the first one: the 31st falls on the last day of a shorter month and comes back.

    :param holiday: function day -> true when no one pays that day; Sundays and holidays move to the next day. None
        leaves the days as they fall.

    >>> [str(day) for day in days_of(Terms(1, date(2026, 1, 31), 3))]
    ['2026-01-31', '2026-02-28', '2026-03-31']
    >>> [str(day) for day in days_of(Terms(1, date(2026, 3, 1), 2, frequency='weekly'), lambda day: False)]
    ['2026-03-02', '2026-03-09']
    """
    days, last = [], None
    for number in range(terms.count):
        day = _nominal_day(terms, number)
        if holiday is not None:
            day = _open_day(max(day, last + timedelta(days=1)) if last else day, holiday)
        days.append(day)
        last = day
    return days


def _nominal_day(terms, number):
    if terms.frequency == 'monthly':
        return terms.first + relativedelta(months=number)
    length = terms.every if terms.frequency == 'days' else FREQUENCIES[terms.frequency][1]
    return terms.first + timedelta(days=number * length)


def _open_day(day, holiday):
    while day.weekday() == SUNDAY or holiday(day):
        day += timedelta(days=1)
    return day


# === MONEY === #


def build(terms, holiday=None):
    """Return the instalments of a plan, the down payment first.

    Their capital adds up to the debt less the discount, exactly; their interest is what `interest_of` says.

    :param holiday: see `days_of`
    :raise Impossible: `count`, `every`, `down`, `discount`, `days`, `interest` or `small` (more instalments than units)

    >>> plan = build(Terms(debt=100000, first=date(2026, 1, 31), count=3))
    >>> [(one.number, one.amount, one.balance) for one in plan]
    [(1, 33333, 66667), (2, 33333, 33334), (3, 33334, 0)]
    >>> plan = build(Terms(debt=100000, first=date(2026, 1, 31), count=3, interest='annual', rate=Decimal(12)))
    >>> [(one.amount, one.capital, one.interest) for one in plan]
    [(34002, 33002, 1000), (34002, 33332, 670), (34003, 33666, 337)]
    """
    _check(terms)
    capital = terms.debt - terms.discount - terms.down
    parts = _split(terms, capital)
    plan = []
    if terms.down:
        plan.append(Instalment(0, terms.down_on, terms.down, 0, capital))
    balance = capital
    for number, (day, (part, interest)) in enumerate(zip(days_of(terms, holiday), parts), start=1):
        balance -= part
        plan.append(Instalment(number, day, part, interest, balance))
    return plan


def _check(terms):
    capital = terms.debt - terms.discount - terms.down
    wrong = {
        'count': terms.count < 1,
        'every': terms.frequency == 'days' and terms.every < 1,
        'interest': terms.rate < 0,
        'discount': not 0 <= terms.discount < terms.debt,
        'down': terms.down < 0 or capital <= 0,
        'days': bool(terms.down) and (terms.down_on is None or terms.down_on >= terms.first),
        'small': capital < terms.count,
    }
    for code, is_wrong in wrong.items():
        if is_wrong:
            raise Impossible(code)


def _split(terms, capital):
    """Return (capital, interest) of each instalment."""
    if terms.interest == 'annual' and terms.rate:
        return _declining(capital, terms.count, _rate_of_period(terms))
    total = share_of(capital, terms.rate) if terms.interest == 'flat' else 0
    return list(zip(_even(capital, terms.count), _even(total, terms.count)))


def _even(total, count):
    """Return `count` equal parts, the last one with the remainder.

    >>> _even(10, 3)
    [3, 3, 4]
    """
    part = total // count
    return [part] * (count - 1) + [total - part * (count - 1)]


def _rate_of_period(terms):
    year = FREQUENCIES[terms.frequency][0] if terms.frequency in FREQUENCIES else None
    periods = Decimal(year) if year else Decimal(DAYS_OF_YEAR) / terms.every
    return terms.rate / 100 / periods


def _declining(capital, count, rate):
    """Return the parts of French amortisation: equal payments, interest on what is still owed."""
    growth = (1 + rate) ** count
    payment = int((capital * rate * growth / (growth - 1)).to_integral_value(ROUND_FLOOR))
    parts, balance = [], capital
    for number in range(count):
        interest = int((balance * rate).quantize(Decimal(1), ROUND_HALF_UP))
        if number == count - 1:
            parts.append((balance, interest))
        else:
            # A debt of a few units rounds to nothing: it still pays itself off, one unit at least.
            interest = min(interest, payment - 1)
            part = min(payment - interest, balance - (count - 1 - number))
            parts.append((part, interest))
            balance -= part
    return parts


# === WHAT IS AGREED, IN ONE FIGURE === #


def interest_of(plan):
    """Return the whole interest of a plan."""
    return sum(one.interest for one in plan)


def yearly_rate(plan, start):
    """Return what the interest amounts to as a simple rate a year on what was owed meanwhile, in percent.

    Flat and annual interest become comparable.

    >>> plan = build(Terms(debt=120000, first=date(2026, 2, 1), count=1, interest='flat', rate=Decimal(1)))
    >>> round(yearly_rate(plan, date(2026, 1, 1)), 1)
    11.8
    """
    owed, last = 0, start
    for one in plan:
        owed += (one.balance + one.capital) * max(0, (one.day - last).days)
        last = max(last, one.day)
    return float(Decimal(100 * DAYS_OF_YEAR * interest_of(plan)) / owed) if owed else 0.0


def fate(states, tolerance):
    """Return what becomes of a plan: active, completed or defaulted.

    :param states: states of its instalments, as of cobranza.promise; cancelled ones have nothing left to pay
    :param int tolerance: instalments that may be missed; none once the last one is past

    >>> fate(['kept', 'late'], 0), fate(['kept', 'open'], 0), fate(['kept', 'broken', 'open'], 0)
    ('completed', 'active', 'defaulted')
    >>> fate(['kept', 'partial', 'open'], 1), fate(['kept', 'broken'], 1), fate(['kept', 'cancelled'], 1)
    ('active', 'defaulted', 'completed')
    """
    missed = sum(state in ('broken', 'partial') for state in states)
    waiting = any(state in ('open', 'review') for state in states)
    if _fails(missed, waiting, tolerance):
        return 'defaulted'
    return 'active' if waiting else 'completed'


def _fails(missed, waiting, tolerance):
    """Tell whether a plan with so many missed instalments is in default.

    :param waiting: whether one is still to come
    """
    return missed > tolerance or bool(missed and not waiting)


def ever_failed(payments, tolerance, today):
    """Tell whether a plan was in default on some day up to today, by what is known today of its payments.

    :param payments: (last day to pay it, day on which it was paid in full or None) of each instalment
    :param int tolerance: as in `fate`

    >>> day = lambda number: date(2026, 3, number)
    >>> in_time, late, never, coming = (day(5), day(4)), (day(5), day(9)), (day(5), None), (day(20), None)
    >>> [ever_failed([first, coming], 0, day(15)) for first in (in_time, late, never, coming)]
    [False, True, True, False]
    >>> [ever_failed([late, second, coming], 1, day(15)) for second in ((day(8), None), (day(9), None))]
    [True, False]
    >>> ever_failed([late, (day(20), day(6))], 1, day(15)), ever_failed([never, coming], 1, day(21))
    (True, True)
    """
    ends = {moment for pair in payments for moment in pair if moment and moment < today}
    return any(_failed_on(end + timedelta(days=1), payments, tolerance) for end in ends)


def _failed_on(day, payments, tolerance):
    """Tell whether a plan was in default in the morning of a day, before its payments."""
    unpaid = [last for last, paid in payments if paid is None or paid >= day]
    missed = sum(last < day for last in unpaid)
    return _fails(missed, missed < len(unpaid), tolerance)


def months_between(start, end):
    """Return the months that a plan lasts, begun ones counted whole.

    >>> months_between(date(2026, 1, 31), date(2026, 2, 28)), months_between(date(2026, 1, 15), date(2026, 2, 16))
    (1, 2)
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    return max(0, months + (start + relativedelta(months=months) < end))


@dataclass(frozen=True)
class Limits:
    """What may be agreed without asking; None does not limit."""

    months: int | None = None
    count: int | None = None
    down_share: float | None = None  # percent of the debt, at least
    discount_share: float | None = None  # percent of the debt, at most
    yearly_rate: float | None = None  # percent, at least


def breaches(terms, plan, limits, start):
    """Return (limit, what the plan has, what is allowed) for each limit the plan does not keep.

    >>> terms = Terms(debt=1000, first=date(2026, 2, 1), count=10)
    >>> breaches(terms, build(terms), Limits(count=6, months=12, down_share=10), date(2026, 1, 1))
    [('count', 10, 6), ('down_share', 0.0, 10)]
    """
    facts = {
        'months': months_between(start, plan[-1].day),
        'count': terms.count,
        'down_share': round(100 * terms.down / terms.debt, 2),
        'discount_share': round(100 * terms.discount / terms.debt, 2),
        'yearly_rate': round(yearly_rate(plan, start), 2),
    }
    at_least = ('down_share', 'yearly_rate')
    found = []
    for name, fact in facts.items():
        limit = getattr(limits, name)
        if limit is not None and (fact < limit if name in at_least else fact > limit):
            found.append((name, fact, limit))
    return found
