"""What somebody means by a message: a day, an amount, an intent. Spanish first, a few words of English.

Nothing here is sure: what follows from it is repeated to the person in words before it counts.
"""

from .understanding_amounts import amount_in, find_amount
from .understanding_dates import find_date, take_date
from .understanding_intents import INTENTS, find_intent, find_intents, find_reason
from .understanding_items import find_item
from .understanding_words import plain

__all__ = [
    'INTENTS',
    'find_amount',
    'find_date',
    'find_intent',
    'find_intents',
    'find_item',
    'find_promise',
    'find_reason',
]


def find_promise(text, today, owed=None, decimal_mark=None, past=False):
    """Return (amount or None, day or None) of a sentence; the words of the day are not read as an amount.

    :param bool past: the sentence tells of a payment made

    >>> from datetime import date
    >>> from decimal import Decimal
    >>> wednesday = date(2027, 3, 10)
    >>> def said(text):
    ...     return [str(value) for value in find_promise(text, wednesday, Decimal(900))]
    >>> said('pago 500 el 15/03'), said('la mitad el viernes y el resto después'), said('el 15')
    (['500.00', '2027-03-15'], ['450.00', '2027-03-12'], ['None', '2027-03-15'])
    """
    day, rest = take_date(plain(text), today, past)
    return amount_in(rest, owed, decimal_mark), day
