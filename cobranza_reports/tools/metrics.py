"""The formulas of accounts receivable, as every report, dashboard and test defines them.

Amounts are numbers of one currency (`Decimal` or `float`); a figure whose divisor is nothing is None, never 0 and never
an error: "no sales" is not "paid at once". Sources: Credit Research Foundation, *Standard Formulas* (DSO, best possible
DSO, ADD, CEI, countback); the rest as defined in the documentation of the add-on.
"""


def ratio(part, whole, scale=1):
    """Return part ÷ whole × scale, None when the whole is nothing.

    >>> ratio(30, 120, 100)
    25.0
    >>> ratio(30, 0)
    """
    return part / whole * scale if whole else None


# === DAYS SALES OUTSTANDING === #


def dso(receivable, sales, days):
    """Return days sales outstanding: receivables at the end ÷ credit sales of the period × days of the period.

    >>> dso(receivable=90_000, sales=180_000, days=30)
    15.0
    """
    return ratio(receivable, sales, days)


def best_possible_dso(not_due, sales, days):
    """Return what DSO would be if nobody were late: receivables not yet due ÷ credit sales × days.

    >>> best_possible_dso(not_due=60_000, sales=180_000, days=30)
    10.0
    """
    return ratio(not_due, sales, days)


def average_days_delinquent(receivable, not_due, sales, days):
    """Return ADD: DSO − best possible DSO.

    >>> average_days_delinquent(receivable=90_000, not_due=60_000, sales=180_000, days=30)
    5.0
    """
    simple = dso(receivable, sales, days)
    return None if simple is None else simple - best_possible_dso(not_due, sales, days)


def countback_dso(receivable, months):
    """Return DSO by the countback (exhaustion) method, None when the sales given do not reach.

    Sales of whole months are subtracted from the receivables from the last month back, each adding its days; the month
    that is not used up adds its days pro rata. A month whose credit notes outweigh its sales takes nothing away.

    :param months: (sales, days) from the last month backwards

    >>> countback_dso(0, [(100, 31)])
    0.0
    >>> countback_dso(250, [(100, 31), (100, 30), (200, 31)])  # two whole months and a quarter of 31 days
    68.75
    >>> countback_dso(250, [(100, 31)])
    """
    left, total = receivable, 0.0
    if left <= 0:
        return 0.0
    for sales, days in months:
        if sales >= left:
            return total + float(left / sales) * days
        left -= max(sales, 0)
        total += days
    return None


# === COLLECTION === #


def collection_effectiveness(opening, sales, closing, closing_current):
    """Return CEI in per cent: what was collected of what could be.

    (opening + sales − closing total) ÷ (opening + sales − closing not yet due) × 100

    >>> collection_effectiveness(opening=100, sales=200, closing=120, closing_current=75)
    80.0
    """
    return ratio(opening + sales - closing, opening + sales - closing_current, 100)


def weighted_days(payments):
    """Return Σ(days × amount) ÷ Σ amount: days beyond terms from days late, days to pay from days since the invoice.

    :param payments: (days, amount paid) pairs; a payment before the due date has negative days

    >>> weighted_days([(10, 300), (-2, 100)])
    7.0
    """
    pairs = list(payments)
    return ratio(sum(days * amount for days, amount in pairs), sum(amount for _, amount in pairs))


def delinquency(items, receivable, beyond=0):
    """Return the share of receivables more than `beyond` days overdue, in per cent: delinquency rate, PAR30 and so on.

    :param items: (days overdue, amount open) pairs
    :param receivable: all receivables of the same day, credits included

    >>> items = [(-5, 50), (10, 30), (40, 20)]
    >>> delinquency(items, 100), delinquency(items, 100, beyond=30)
    (50.0, 20.0)
    """
    return ratio(sum(amount for days, amount in items if days > beyond), receivable, 100)


# === RECOVERY === #


def recovery_rate(opening, became, collected):
    """Return what was collected of overdue claims, in per cent of what was overdue first or became so.

    >>> recovery_rate(opening=300, became=100, collected=100)
    25.0
    """
    return ratio(collected, opening + became, 100)


def unapplied_cash_ratio(unapplied, receivable):
    """Return credits that nobody has applied ÷ receivables, in per cent.

    >>> unapplied_cash_ratio(unapplied=50, receivable=1_000)
    5.0
    """
    return ratio(unapplied, receivable, 100)


def bad_debt_ratio(written_off, sales):
    """Return write-offs of a period ÷ its credit sales, in per cent.

    >>> bad_debt_ratio(written_off=20, sales=1_000)
    2.0
    """
    return ratio(written_off, sales, 100)


def cost_per_unit(commissions, team, collected):
    """Return what it cost to collect one unit of money: (commissions settled + cost of the team) ÷ collected.

    >>> cost_per_unit(commissions=30, team=20, collected=1_000)
    0.05
    """
    return ratio(commissions + team, collected)


def coverage(contacted, overdue):
    """Return debtors contacted ÷ debtors with something overdue, in per cent; others who were contacted do not count.

    :param contacted: set of debtors
    :param overdue: set of debtors

    >>> coverage({'a', 'x'}, {'a', 'b'})
    50.0
    """
    return ratio(len(contacted & overdue), len(overdue), 100)


# === CONTACTS === #


def funnel_rates(contacts, reached, right_party, promises):
    """Return (contact rate, right-party rate, promise rate) in per cent.

    reached ÷ contacts, right party ÷ contacts, promises ÷ right party

    >>> funnel_rates(contacts=10, reached=8, right_party=4, promises=1)
    (80.0, 40.0, 25.0)
    """
    return (
        ratio(reached, contacts, 100),
        ratio(right_party, contacts, 100),
        ratio(promises, right_party, 100),
    )


def adherence(messages):
    """Return the messages executed on their day ÷ those due, in per cent.

    :param messages: (day due, day executed or None) pairs

    >>> adherence([(1, 1), (1, 2), (1, None), (2, 2)])
    50.0
    """
    pairs = list(messages)
    return ratio(sum(due == done for due, done in pairs), len(pairs), 100)


# === ROLL AND CURE === #


def roll_matrix(pairs):
    """Return {(from, to): share of `from`'s amount that went to `to`}, 0 to 1.

    :param pairs: (bucket before, bucket after, amount before) of each document; after is 'paid' when nothing is left

    >>> roll_matrix([('1-30', '31-60', 60), ('1-30', 'paid', 40)])
    {('1-30', '31-60'): 0.6, ('1-30', 'paid'): 0.4}
    """
    cells, totals = {}, {}
    for before, after, amount in pairs:
        cells[before, after] = cells.get((before, after), 0) + amount
        totals[before] = totals.get(before, 0) + amount
    return {key: amount / totals[key[0]] for key, amount in cells.items() if totals[key[0]]}
