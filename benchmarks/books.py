"""The books that everything is measured on."""

import dataclasses
import datetime


@dataclasses.dataclass(frozen=True)
class Book:
    """The size and shape of a generated ledger.

    Shares are fractions of `invoices`. The same fields give the same ledger.
    """

    name: str
    invoices: int
    partners: int
    months: int = 36
    open_share: float = 0.25
    partial_share: float = 0.04
    credit_share: float = 0.03
    on_account_share: float = 0.003
    seed: int = 42
    today: datetime.date = dataclasses.field(default_factory=datetime.date.today)

    @property
    def days(self):
        """Return the age in days of the oldest due date."""
        return round(self.months * 30.4375)


SIZES = {
    '10k': (10_000, 1_000),
    '100k': (100_000, 10_000),
    'T': (400_000, 11_000),
    '1M': (1_000_000, 49_000),
}


def get_book(name):
    """Return the book called `name`, one of SIZES."""
    invoices, partners = SIZES[name]
    return Book(name, invoices, partners)
