"""Money in dispute: how much of an item each dispute holds, and how a part is spread over the lines of a document."""


def shares(left, asked):
    """Return how much each dispute of an item holds, the oldest first, never more than what is left of the item.

    >>> shares(100, [60, 30])
    [60, 30]
    >>> shares(70, [60, 30])
    [60, 10]
    >>> shares(-5, [60])
    [0]
    """
    held = []
    for amount in asked:
        share = max(0, min(amount, left))
        held.append(share)
        left -= share
    return held


def spread(total, weights, digits=2):
    """Split `total` in proportion to `weights`, rounded to `digits`, so that the parts sum to it exactly.

    What rounding leaves over goes to the largest weight. Weights may be negative (a discount), not sum to zero.

    >>> spread(10, [1, 1, 1])
    [3.34, 3.33, 3.33]
    >>> spread(50, [120, -20])
    [60.0, -10.0]
    """
    whole = sum(weights)
    parts = [round(total * weight / whole, digits) for weight in weights]
    largest = max(range(len(weights)), key=lambda index: abs(weights[index]))
    parts[largest] = round(parts[largest] + total - sum(parts), digits)
    return parts
