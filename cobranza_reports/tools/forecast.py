"""When open claims are paid, by what became of others of their age: a life table, as actuaries make of lives.

A claim's age is the whole weeks between the Monday of its due date and the Monday looked at; before it they are
negative. Each week some of what is open at an age is paid, and some leaves otherwise (credit notes, write-offs): the
share paid in a week is what is paid ÷ what was open when it began, and what stays meets the share of the next age.
Source: C. L. Chiang, *The Life Table and its Applications* (multiple decrements); MAPE is that of sums of weeks,
Σ|actual − expected| ÷ Σ actual (the weighted one), so that a week without payments divides nothing.
"""

from collections import defaultdict

#: Ages beyond these count as these: what is far from due, or far past it, is alike.
YOUNGEST, OLDEST = -26, 52


def age_of(due_monday, monday):
    """Return the age in weeks, within the ages that are told apart.

    >>> from datetime import date
    >>> age_of(date(2026, 3, 2), date(2026, 3, 16)), age_of(date(2020, 3, 2), date(2026, 3, 16))
    (2, 52)
    """
    return min(max((monday - due_monday).days // 7, YOUNGEST), OLDEST)


def weekly_rates(history):
    """Return {age: (share paid in a week, share gone in a week)}; gone is paid or settled otherwise.

    An age at which nothing was ever open has the shares of all ages together, 0 when there is no history at all.

    :param history: (age, open when a week began, paid in it, gone in it) rows, any number of an age

    >>> rates = weekly_rates([(0, 100, 20, 30), (1, 100, 40, 40)])
    >>> rates[0], rates[1], rates[2]
    ((0.2, 0.3), (0.4, 0.4), (0.3, 0.35))
    """
    sums = defaultdict(lambda: [0, 0, 0])
    for age, *amounts in history:
        for key in (age, None):
            sums[key] = [total + amount for total, amount in zip(sums[key], amounts)]

    def shares(key):
        still_open, paid, gone = sums.get(key, (0, 0, 0))
        if not still_open:
            return None
        return min(1.0, float(paid / still_open)), min(1.0, float(gone / still_open))

    usual = shares(None) or (0.0, 0.0)
    return {age: shares(age) or usual for age in range(YOUNGEST, OLDEST + 1)}


def chances(rates, age, weeks, left=1.0):
    """Return P(paid in the week) of this week and those after it, for what is open now at an age.

    :param left: the part of this week that is still to come

    >>> rates = dict.fromkeys(range(YOUNGEST, OLDEST + 1), (0.5, 0.5))
    >>> chances(rates, 0, weeks=3), chances(rates, 0, weeks=2, left=0.5)
    ([0.5, 0.25, 0.125], [0.25, 0.375])
    """
    found, still_open = [], 1.0
    for step in range(weeks):
        paid, gone = rates[min(age + step, OLDEST)]
        part = left if step == 0 else 1.0
        found.append(still_open * paid * part)
        still_open *= 1 - gone * part
    return found


def spread(promises, free):
    """Return {(promise, item): amount}: each promise over its items by what they have, none beyond what it has.

    :param promises: {promise: (what it still lacks, its items)}
    :param free: {item: what is open and not in dispute}

    >>> spread({'p': (30, 'ab')}, {'a': 100, 'b': 50})
    {('p', 'a'): 20.0, ('p', 'b'): 10.0}
    >>> spread({'p': (80, 'a'), 'q': (120, 'a')}, {'a': 100})
    {('p', 'a'): 40.0, ('q', 'a'): 60.0}
    """
    parts = {}
    for promise, (rest, items) in promises.items():
        whole = sum(free[item] for item in items)
        for item in items:
            if free[item] > 0:
                parts[promise, item] = rest * free[item] / whole
    asked = defaultdict(float)
    for (_promise, item), amount in parts.items():
        asked[item] += amount
    return {
        (promise, item): amount * min(1, free[item] / asked[item]) if asked[item] else 0.0
        for (promise, item), amount in parts.items()
    }


def mape(weeks):
    """Return Σ|actual − expected| ÷ Σ actual × 100, None when nothing was paid.

    >>> mape([(90, 100), (120, 100)])
    15.0
    """
    pairs = list(weeks)
    paid = sum(actual for _expected, actual in pairs)
    return sum(abs(actual - expected) for expected, actual in pairs) / paid * 100 if paid else None


def bias(weeks):
    """Return Σ(expected − actual) ÷ Σ actual × 100: above 0, too much was expected. None when nothing was paid.

    >>> bias([(90, 100), (120, 100)])
    5.0
    """
    pairs = list(weeks)
    paid = sum(actual for _expected, actual in pairs)
    return sum(expected - actual for expected, actual in pairs) / paid * 100 if paid else None
