"""What goes into the bot and what comes out of it: plain values, no words. The words are the model's.

A `Say` is a message to write, a `Do` something to carry out. Amounts are Decimal, days are dates; what an option is
called is a code of TITLES, or, where the code is empty, a text from the data, such as the name of a document.
"""

from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

#: Rows of a list of options; more than three options make a list.
MOST_OPTIONS = 10
#: Misunderstandings in a row, and wrong answers to who somebody is, until a person takes over.
PATIENCE = 3
LEAST_COUNT, MOST_COUNT = 2, 6
#: How far off a promise may be at most, and where the house sets no limit.
FAR_OFF_DAYS = 365
MAX_TEXT = 1000


class Incoming(NamedTuple):
    """What arrived."""

    text: str = ''  # free text, or the title of the button, or what was written under a photo
    choice: str = ''  # id of the button or row pressed
    media: str = ''  # 'image', 'document', 'audio', 'video', 'sticker'
    media_ref: str = ''  # how the house finds the file again

    @property
    def is_file(self):
        """Tell whether it may be a receipt."""
        return self.media in ('image', 'document')


class Item(NamedTuple):
    """A document that is owed."""

    id: int
    name: str
    due: date
    amount: Decimal
    currency: str
    url: str = ''  # where it can be paid


class Facts(NamedTuple):
    """What the house knows at this moment."""

    today: date
    known: bool  # is the number linked to a debtor
    verified: bool  # has this person shown who they are
    tax_id: str = ''  # '' when the debtor has none on file
    items: tuple = ()  # of Item, the oldest first
    decimal_mark: str = ','
    max_promise_days: int = 30  # 0: no limit but FAR_OFF_DAYS
    min_promise: Decimal = Decimal(0)
    offers_instalments: bool = True
    can_pay_online: bool = True


class Say(NamedTuple):
    """A message to write: its code, the values in it, the options (id, title code, text) under it."""

    code: str
    values: dict = {}
    options: tuple = ()


class Do(NamedTuple):
    """Something to carry out."""

    action: str
    values: dict = {}


@dataclass(frozen=True)
class State:
    """Where a conversation stands."""

    topic: str = 'start'
    misunderstood: int = 0  # times in a row
    tries: int = 0  # wrong answers to who somebody is
    data: dict = field(
        default_factory=dict
    )  # of texts and lists of texts: what has been said so far
    said: str = ''  # code of the last message
    mark: str = ''  # of what stood in it
    repeated: int = 0  # times in a row it was said
    offered: tuple = ()  # ids of its options
    day: str = ''  # of the last message, ISO

    def to_json(self):
        """Return the state as plain values.

        >>> State.from_json(State('menu', data={'text': 'hola'}).to_json()) == State('menu', data={'text': 'hola'})
        True
        """
        return {**asdict(self), 'offered': list(self.offered)}

    @classmethod
    def from_json(cls, content):
        """Return the state of plain values; a fresh one if they are not what `to_json` returns.

        >>> State.from_json({'topic': 'menu', 'tries': 'many'}) == State.from_json(None) == State()
        True
        """
        if not isinstance(content, dict):
            return cls()
        names = {one.name for one in fields(cls)}
        values = {name: value for name, value in content.items() if name in names}
        if not all(_CHECKS[name](value) for name, value in values.items()):
            return cls()
        return cls(**{**values, 'offered': tuple(values.get('offered', ()))})

    def go(self, topic, **data):
        """Return the state in another topic, having understood; only the data given is kept."""
        return replace(self, topic=topic, misunderstood=0, data=data)

    def text(self, name):
        """Return a text of the data, '' if there is none."""
        value = self.data.get(name)
        return value if isinstance(value, str) else ''

    def texts(self, name):
        """Return a list of texts of the data."""
        value = self.data.get(name)
        return list(value) if isinstance(value, (list, tuple)) else []

    def amount(self, name='amount'):
        """Return an amount of the data, None if there is none that is one."""
        try:
            amount = Decimal(self.text(name))
        except InvalidOperation:
            return None
        return amount if amount.is_finite() else None

    def date(self, name='date'):
        """Return a day of the data, None if there is none that is one."""
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            return None


def _is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1000


def _is_text(value):
    return isinstance(value, str)


def _are_texts(value):
    return isinstance(value, (list, tuple)) and all(map(_is_text, value))


def _is_data(value):
    return isinstance(value, dict) and all(
        _is_text(name) and (_is_text(one) or _are_texts(one)) for name, one in value.items()
    )


_CHECKS = {
    'topic': _is_text,
    'misunderstood': _is_count,
    'tries': _is_count,
    'data': _is_data,
    'said': _is_text,
    'mark': _is_text,
    'repeated': _is_count,
    'offered': _are_texts,
    'day': _is_text,
}


class Turn(NamedTuple):
    """One message with all that decides the answer to it."""

    state: State
    incoming: Incoming
    facts: Facts
    intents: tuple = ()  # what the message wants, what decides first

    @property
    def intent(self):
        """Return what the message wants, '' if that is not clear."""
        return self.intents[0] if self.intents else ''

    @property
    def text(self):
        """Return what was written; the title of a button is not."""
        return '' if self.incoming.choice else self.incoming.text[:MAX_TEXT]

    @property
    def totals(self):
        """Return {currency: what is owed}, currencies in which something is."""
        sums = {}
        for item in self.facts.items:
            sums[item.currency] = sums.get(item.currency, Decimal(0)) + item.amount
        return {currency: total for currency, total in sums.items() if total > 0}

    def item(self, number):
        """Return the item of an id written as a text, None if it is not open any more."""
        return next((item for item in self.facts.items if str(item.id) == number), None)


#: Questions: {code: names of its values}; each has a form in other words, with "_again" after its code.
_QUESTIONS = {
    'ask_tax_id': (),
    'choose_document': ('items',),
    'ask_currency': ('totals',),
    'ask_amount': ('owed', 'currency'),
    'ask_date': ('amount', 'currency', 'last_day'),
    'confirm_promise': ('amount', 'currency', 'date'),
    'ask_receipt': (),
    'ask_is_receipt': ('count',),
    'ask_dispute_item': ('items',),
    'ask_dispute_reason': ('item',),
    'confirm_dispute': ('item', 'reason', 'text', 'files'),
    'ask_count': ('least', 'most'),
}
#: Every message: {code: names of its values}.
SAYINGS = {
    'greeting': (),
    'menu': (),
    'anything_else': (),
    'you_are_welcome': (),
    'cancelled': (),
    'not_understood': (),
    'only_text': (),
    'handed_over': (),
    'unknown_number': (),
    'opted_out': (),
    'opted_in': (),
    'sorry_wrong_person': (),
    'wrong_tax_id': ('left',),
    'balance': ('items', 'totals'),
    'nothing_owed': (),
    'document_sent': ('item',),
    'statement_sent': (),
    'pay_link': ('item', 'url'),
    'how_to_pay': (),
    'ask_amount_other': ('owed', 'currency'),
    'amount_too_big': ('amount', 'owed', 'currency'),
    'amount_too_small': ('amount', 'minimum', 'currency'),
    'date_past': ('date', 'last_day'),
    'date_too_far': ('date', 'last_day'),
    'promise_made': ('amount', 'currency', 'date'),
    'receipt_noted': ('amount', 'date'),
    'payment_claim_thanks': (),
    'not_a_receipt': (),
    'dispute_made': ('item',),
    'no_instalments': (),
    'count_out_of_range': ('count', 'least', 'most'),
    'instalments_asked': ('count',),
    **_QUESTIONS,
    **{f'{code}_again': names for code, names in _QUESTIONS.items()},
}
#: Every name of an option that is not a text from the data.
TITLES = (
    'menu', 'person', 'cancel', 'balance', 'documents', 'pay', 'promise', 'paid', 'dispute', 'instalments',
    'yes', 'no', 'all_documents', 'amount_all', 'amount_half', 'amount_other',
    'date_today', 'date_tomorrow', 'date_friday', 'date_month_end', 'date_last', 'no_receipt',
    'reason_not_mine', 'reason_wrong_amount', 'reason_already_paid', 'reason_goods', 'reason_other',
)  # fmt: skip
#: Everything to carry out: {action: names of its values}.
ACTIONS = {
    'consent': (),
    'verified': (),
    'hand_over': ('reason',),
    'opt_out': (),
    'opt_in': (),
    'wrong_person': (),
    'send_document': ('item',),
    'send_statement': (),
    'promise': ('amount', 'currency', 'date'),
    'payment_claim': ('media_ref', 'text', 'amount', 'date'),
    'dispute': ('item', 'reason', 'text', 'media_refs'),
    'ask_instalments': ('count',),
}
#: What may stand before the colon in the id of an option; the others are intents.
PRESSABLE = (
    'doc', 'all', 'count', 'currency', 'amount', 'date', 'dispute', 'reason', 'no_receipt',
)  # fmt: skip
#: Why a person takes over.
HAND_OVER_REASONS = (
    'asked', 'unknown_number', 'wrong_person', 'not_identified', 'no_tax_id', 'not_understood', 'going_round',
)  # fmt: skip
#: Why a debt is disputed.
DISPUTE_REASONS = ('not_mine', 'wrong_amount', 'already_paid', 'goods', 'other')
