"""A statement of account: what a debtor owes on a day, item by item, and what it adds up to."""

from typing import Any, NamedTuple


class Item(NamedTuple):
    """An open item; amounts are in its own currency, those of credits negative."""

    line_id: int
    document: str
    kind: str  # invoice, refund, payment or entry
    date: Any
    due: Any
    days: int  # after the due date; negative before it
    original: float
    residual: float
    net: float  # what is left of a claim once credits have paid the oldest ones
    currency: Any
    bucket_id: int
    mark: str = ''  # disputed or promised
    url: str = ''  # where it is paid


class Balance(NamedTuple):
    """What the items of one currency add up to. `claims - credits == balance == sum(buckets) - favour`."""

    currency: Any
    claims: float
    credits: float  # payments and credit notes that are not applied yet
    buckets: dict  # {bucket id: claims net of credits}
    overdue: float  # net of credits
    disputed: float

    @property
    def balance(self):
        return self.claims - self.credits

    @property
    def favour(self):
        """What the debtor has paid beyond everything that is claimed."""
        return max(0, self.credits - self.claims)


class Statement(NamedTuple):
    """The account of one debtor in one company on the evening of a day; items by due date."""

    day: Any
    claims: tuple
    credits: tuple
    balances: tuple  # of Balance, by the currency's name

    @property
    def owes(self):
        """Tell whether anything is left to pay."""
        return any(balance.currency.round(balance.balance) > 0 for balance in self.balances)


def make(day, items):
    """Return the Statement of items in any order.

    >>> class Dollar:
    ...     name, round = 'USD', staticmethod(lambda amount: round(amount, 2))
    >>> def item(line, days, residual, net, bucket):
    ...     return Item(line, f'F{line}', 'invoice', None, days, days, residual, residual, net, Dollar, bucket)
    >>> account = make(None, [item(1, 40, 100.0, 70.0, 3), item(2, -5, 50.0, 50.0, 1), item(3, 0, -30.0, 0.0, 1)])
    >>> [claim.document for claim in account.claims], [credit.document for credit in account.credits]
    (['F2', 'F1'], ['F3'])
    >>> [usd] = account.balances
    >>> usd.claims, usd.credits, usd.balance, usd.overdue, usd.favour, usd.buckets
    (150.0, 30.0, 120.0, 70.0, 0, {1: 50.0, 3: 70.0})
    """
    ordered = sorted(items, key=lambda item: (item.due, item.line_id))
    currencies = {item.currency: None for item in ordered}
    return Statement(
        day,
        tuple(item for item in ordered if item.residual > 0),
        tuple(item for item in ordered if item.residual < 0),
        tuple(
            _balance(currency, [item for item in ordered if item.currency == currency])
            for currency in sorted(currencies, key=lambda currency: currency.name)
        ),
    )


def _balance(currency, items):
    claims = [item for item in items if item.residual > 0]
    buckets = {}
    for item in claims:
        buckets[item.bucket_id] = buckets.get(item.bucket_id, 0) + item.net
    add = lambda amounts: currency.round(sum(amounts))  # noqa: E731 - five uses below
    return Balance(
        currency=currency,
        claims=add(item.residual for item in claims),
        credits=-add(item.residual for item in items if item.residual < 0),
        buckets={bucket: currency.round(amount) for bucket, amount in buckets.items()},
        overdue=add(item.net for item in claims if item.days > 0),
        disputed=add(item.residual for item in claims if item.mark == 'disputed'),
    )
