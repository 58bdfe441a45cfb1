"""What somebody wants, told by the words of a message."""

import re
from difflib import get_close_matches

from . import understanding_vocabulary as vocabulary
from .understanding_dates import has_date
from .understanding_words import POLITE, bare, plain, words

_PAYS = re.compile(vocabulary.PAYS)
_PAYS_SO_MUCH = re.compile(vocabulary.PAYS_SO_MUCH)
_PROMISES = re.compile(vocabulary.PROMISES)
_ASKS_HOW = re.compile(vocabulary.ASKS_HOW)
_CANNOT_PAY = re.compile(vocabulary.CANNOT_PAY)
_BUT_THEN = re.compile(vocabulary.BUT_THEN)
_REASONS = tuple((reason, re.compile(pattern)) for reason, pattern in vocabulary.REASONS)


def find_intent(text):
    """Return what the text wants, one of INTENTS, None if it says nothing of the kind.

    >>> [find_intent(text) for text in ('¿k debo?', 'ya page', 'puedo pagar el viernes', 'no puedo pagar', 'BAJA!!')]
    ['balance', 'paid', 'promise', 'instalments', 'opt_out']
    >>> find_intent('trabaja en alto riesgo')
    """
    return next(iter(find_intents(text)), None)


def find_intents(text):
    """Return all that the text may want, what decides first.

    >>> find_intents('hola, quiero mi factura, gracias')
    ('documents', 'thanks', 'greeting')
    """
    said, typed = words(text), plain(text)
    return _intents(said, typed) or _intents(_mended(said), typed)


def find_reason(text):
    """Return why a text disputes a debt: 'already_paid', 'not_mine', 'goods', 'wrong_amount', or None.

    >>> find_reason('No reconozco esa compra'), find_reason('reclamo')
    ('not_mine', None)
    """
    said = words(text)
    return next((reason for reason, pattern in _REASONS if pattern.search(said)), None)


def _intents(said, typed):
    """Return the intents of the words; `typed` has the punctuation, by which dates are told."""
    return tuple(dict.fromkeys(intent for intent, fits in _RULES if fits(said, typed)))


def _mended(said):
    """Return the words with those that are nearly one that matters put right."""
    return ' '.join(_mend(word) for word in said.split()[:30])


def _mend(word):
    near = get_close_matches(word, vocabulary.OFTEN_MISTYPED, 1, 0.8) if len(word) > 4 else ()
    return near[0] if near else word


def _says(row):
    """Return the rule that a row of the vocabulary makes."""
    anywhere = re.compile('|'.join(row.anywhere)) if row.anywhere else None
    whole = frozenset(row.whole)

    def fits(said, _typed):
        return bool(anywhere and anywhere.search(said)) or (bare(said) or said) in whole

    return row.intent, fits


def _promises(said, typed):
    """Tell whether somebody says to pay on a day: not "how can I", not "I cannot", but "not before Friday" is one."""
    rest, rest_typed = _CANNOT_PAY.sub('', said), _CANNOT_PAY.sub('', typed)
    if _ASKS_HOW.search(rest):
        return False
    if _PROMISES.search(rest) or _PAYS_SO_MUCH.search(rest):
        return True
    may = _PAYS.search(rest) or (rest != said and _BUT_THEN.search(rest))
    return bool(may) and has_date(rest_typed)


def _cannot_pay(said, _typed):
    return bool(_CANNOT_PAY.search(said))


def _answers(core, others):
    """Return the rule of a plain yes or no: a message of nothing else."""
    known = core | others | POLITE

    def fits(said, _typed):
        spoken = set(said.split())
        return bool(spoken & core) and spoken <= known

    return fits


_RULES = (
    _says(vocabulary.OPT_OUT),
    _says(vocabulary.WRONG_PERSON),
    _says(vocabulary.OPT_IN),
    _says(vocabulary.PAID),
    _says(vocabulary.PERSON),
    _says(vocabulary.HOW_MUCH),
    _says(vocabulary.INSTALMENTS),
    ('promise', _promises),
    _says(vocabulary.DISPUTE),
    ('instalments', _cannot_pay),
    _says(vocabulary.HOW_TO_PAY),
    _says(vocabulary.DOCUMENTS),
    _says(vocabulary.BALANCE),
    _says(vocabulary.PAY),
    _says(vocabulary.MENU),
    _says(vocabulary.CANCEL),
    ('no', _answers(vocabulary.NO, vocabulary.NO_TOO)),
    ('yes', _answers(vocabulary.YES, vocabulary.YES_TOO)),
    _says(vocabulary.THANKS),
    _says(vocabulary.GREETING),
)
#: Every intent there is.
INTENTS = tuple(dict.fromkeys(intent for intent, _fits in _RULES))
