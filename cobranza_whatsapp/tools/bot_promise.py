"""A promise to pay: which currency, how much, when; repeated and confirmed before it counts.

The draft lies in the data of the state until then.
"""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from .bot_protocol import FAR_OFF_DAYS, MOST_OPTIONS, Do, Say
from .bot_replies import YES_NO, nothing_owed, options, show_menu
from .understanding import find_date, find_promise
from .understanding_dates import month_end, next_weekday
from .understanding_words import words

CENT = Decimal('0.01')
FRIDAY = 4
#: Days that are offered: as many as make buttons.
MOST_DAYS = 3


class Draft(NamedTuple):
    """What is known of a promise."""

    currency: str = ''
    amount: Decimal = None
    date: date = None
    text: str = ''  # a sentence that cannot be read before its currency is known

    def to_data(self):
        """Return the data of a state."""
        known = {name: value for name, value in self._asdict().items() if value not in (None, '')}
        return {name: str(value) for name, value in known.items()}


class Step(NamedTuple):
    """What a draft lacks: the topic in which it is asked for, the question, the draft without what was wrong."""

    topic: str
    say: Say
    draft: Draft


def start(turn):
    """Begin with what the message says of the amount and the day."""
    return _proceed(turn, Draft(text=turn.text))


def choose(turn, name, value):
    """Take the currency, amount or day that was pressed, be it under an old message."""
    draft = _draft(turn) if turn.state.topic in ANSWERS else Draft()
    return _proceed(turn, _CHOICES[name](turn, _with_currency(turn, draft), value), value)


def _choose_currency(_turn, draft, value):
    return Draft(currency=value, date=draft.date, text=draft.text)


def _choose_amount(turn, draft, value):
    """Take a share of what is owed; any other value leaves the amount to be typed."""
    owed = turn.totals.get(draft.currency)
    shares = {'all': owed, 'half': owed and half(owed)}
    return draft._replace(amount=shares.get(value))


def _choose_date(turn, draft, value):
    return draft._replace(date=find_date(value, turn.facts.today))


_CHOICES = {'currency': _choose_currency, 'amount': _choose_amount, 'date': _choose_date}


def answer_currency(turn):
    """Take the currency that was typed, None if it is none of them."""
    said = words(turn.text).split()
    found = [currency for currency in turn.totals if currency.lower() in said]
    if len(found) != 1:
        return None
    return _proceed(turn, _draft(turn)._replace(currency=found[0]))


def answer(turn):
    """Take the amount and the day that were typed, whichever was asked for; None if there is neither."""
    draft = _draft(turn)
    read = _read(turn, draft, turn.text)
    return None if read == draft else _proceed(turn, read)


def answer_confirm(turn):
    """Take the yes, the no, or what shall be otherwise."""
    if turn.intent == 'yes':
        return _confirmed(turn)
    if turn.intent == 'no':
        return show_menu(turn, 'cancelled')
    reply = answer(turn)
    if not reply and words(turn.text).split()[:1] == ['no']:
        return show_menu(turn, 'cancelled')
    return reply


def question(turn):
    """Return what is open, None if nothing is owed any more."""
    return _next_step(turn, _draft(turn)).say if turn.totals else None


def _confirmed(turn):
    """Promise what was confirmed if it still can be: days pass and invoices are paid between two messages."""
    draft = _draft(turn)
    if not turn.totals or _next_step(turn, draft).topic != 'promise_confirm':
        return _proceed(turn, draft)
    made = Say('promise_made', _values(draft), options('pay', 'menu'))
    return turn.state.go('menu'), [Do('promise', _values(draft)), made]


def _proceed(turn, draft, pressed=''):
    """Ask for what the draft lacks.

    :param str pressed: 'other' when the amount is to be typed
    """
    if not turn.totals:
        return nothing_owed(turn)
    step = _next_step(turn, _with_currency(turn, draft))
    say = step.say
    if pressed == 'other' and say.code == 'ask_amount':
        say = Say('ask_amount_other', say.values, options('cancel'))
    return turn.state.go(step.topic, **step.draft.to_data()), [say]


def _draft(turn):
    """Return the draft of the state, without what cannot be read."""
    state = turn.state
    draft = Draft(state.text('currency'), state.amount(), state.date(), state.text('text'))
    return _with_currency(turn, draft)


def _with_currency(turn, draft):
    """Return the draft in a currency that is owed, its sentence read; without one if several are."""
    currency = draft.currency
    if len(turn.totals) == 1:
        currency = next(iter(turn.totals))
    if currency not in turn.totals:
        return draft._replace(currency='', amount=None)
    draft = draft._replace(currency=currency)
    return _read(turn, draft, draft.text)._replace(text='') if draft.text else draft


def _read(turn, draft, text):
    """Return the draft with the amount and the day that a text names; where a day is asked for, "15" is one."""
    facts, owed = turn.facts, turn.totals.get(draft.currency)
    amount, day = find_promise(text, facts.today, owed, facts.decimal_mark)
    bare = text.strip()
    if turn.state.topic == 'promise_date' and not day and bare.isdecimal() and len(bare) <= 2:
        amount, day = None, find_date(f'el {bare}', facts.today)
    return draft._replace(
        amount=draft.amount if amount is None else amount, date=draft.date if day is None else day
    )


def _next_step(turn, draft):
    """Return the Step for the first thing that a draft lacks; to confirm it if there is nothing."""
    for look in (_look_at_currency, _look_at_amount, _look_at_date):
        step = look(turn, draft)
        if step:
            return step
    return Step('promise_confirm', Say('confirm_promise', _values(draft), YES_NO), draft)


def _values(draft):
    return {'amount': draft.amount, 'currency': draft.currency, 'date': draft.date}


def _look_at_currency(turn, draft):
    if draft.currency:
        return None
    shown = list(turn.totals)[:MOST_OPTIONS]
    choices = tuple((f'currency:{currency}', '', currency) for currency in shown)
    return Step('promise_currency', Say('ask_currency', {'totals': turn.totals}, choices), draft)


def _look_at_amount(turn, draft):
    owed, currency, amount = turn.totals[draft.currency], draft.currency, draft.amount
    least = min(turn.facts.min_promise, owed)
    choices = _amounts(owed, least)
    without = draft._replace(amount=None)
    if amount is None:
        values = {'owed': owed, 'currency': currency}
        return Step('promise_amount', Say('ask_amount', values, choices), without)
    if amount > owed:
        values = {'amount': amount, 'owed': owed, 'currency': currency}
        return Step('promise_amount', Say('amount_too_big', values, choices), without)
    if amount <= 0 or amount < least:
        values = {'amount': amount, 'minimum': max(least, min(CENT, owed)), 'currency': currency}
        return Step('promise_amount', Say('amount_too_small', values, choices), without)
    return None


def _look_at_date(turn, draft):
    today, last = turn.facts.today, last_day(turn.facts)
    choices = _days(today, last)
    without = draft._replace(date=None)
    if draft.date is None:
        values = {'amount': draft.amount, 'currency': draft.currency, 'last_day': last}
        return Step('promise_date', Say('ask_date', values, choices), without)
    if draft.date < today or draft.date > last:
        code = 'date_past' if draft.date < today else 'date_too_far'
        values = {'date': draft.date, 'last_day': last}
        return Step('promise_date', Say(code, values, choices), without)
    return None


def last_day(facts):
    """Return the last day that can be promised."""
    days = facts.max_promise_days if facts.max_promise_days > 0 else FAR_OFF_DAYS
    return facts.today + timedelta(days=min(days, FAR_OFF_DAYS))


def half(owed):
    """Return half of what is owed, to the cent.

    >>> half(Decimal('0.25'))
    Decimal('0.13')
    """
    return (owed / 2).quantize(CENT, ROUND_HALF_UP)


def _amounts(owed, least):
    codes = ['all', 'half', 'other'] if least <= half(owed) < owed else ['all', 'other']
    return tuple((f'amount:{code}', f'amount_{code}', '') for code in codes)


def _days(today, last):
    """Return the days to offer, none beyond the last one.

    >>> [(one[0], one[1]) for one in _days(date(2027, 3, 11), date(2027, 3, 31))]  # a Thursday
    [('date:2027-03-12', 'date_tomorrow'), ('date:2027-03-19', 'date_friday'), ('date:2027-03-31', 'date_month_end')]
    """
    tomorrow = today + timedelta(days=1)
    days = {}
    for day, title in (
        (tomorrow, 'date_tomorrow'),
        (next_weekday(tomorrow, FRIDAY), 'date_friday'),
        (month_end(tomorrow), 'date_month_end'),
        (last, 'date_last'),
        (today, 'date_today'),
    ):
        if day <= last and len(days) < MOST_DAYS:
            days.setdefault(day, title)
    return tuple((f'date:{day.isoformat()}', title, '') for day, title in sorted(days.items()))


#: How what is typed is taken: {topic: function}.
ANSWERS = {
    'promise_currency': answer_currency,
    'promise_amount': answer,
    'promise_date': answer,
    'promise_confirm': answer_confirm,
}
