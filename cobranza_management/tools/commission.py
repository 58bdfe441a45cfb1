"""What an agency earns on what was recovered."""

from decimal import ROUND_HALF_UP, Decimal


def percent_for(bands, days, flat):
    """Return the percentage for a debt so many days late: that of the oldest band it has reached, else the flat one.

    :param bands: iterable of (first day, percent), in any order

    >>> percent_for([(90, 20.0), (180, 30.0)], 120, 10.0)
    20.0
    >>> percent_for([(90, 20.0)], 30, 10.0)
    10.0
    """
    reached = [(first, percent) for first, percent in bands if first <= days]
    return max(reached)[1] if reached else flat


def commission(recovered, percent, digits=2):
    """Return the commission on an amount, rounded half away from zero to the digits of its currency.

    >>> commission(100.25, 10), commission(1000, 12.5, 0), commission(-5, 10)
    (10.03, 125.0, 0.0)
    """
    if recovered <= 0:
        return 0.0
    exact = Decimal(str(recovered)) * Decimal(str(percent)) / 100
    return float(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))
