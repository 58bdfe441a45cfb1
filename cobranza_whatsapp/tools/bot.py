"""The bot of debtors who write: a state machine without words, without a database, without surprises.

`advance` takes where a conversation stands and a message, and returns where it stands then, what to say and what to
do. In order: who wants to be left alone is; who is not known is told nothing; files are taken; what was pressed, the
answer to what was asked, and what is wanted come next. What remains is not understood, and the third time in a row a
person takes over. No message is said three times in a row: who goes round in a circle gets to a person as well.
"""

from dataclasses import replace
from zlib import crc32

from . import bot_account, bot_claims, bot_disputes, bot_identity, bot_promise
from .bot_hearing import hear, new_day
from .bot_people import CLOSING, close, leave_alone, take_stranger
from .bot_protocol import (
    ACTIONS,
    DISPUTE_REASONS,
    HAND_OVER_REASONS,
    SAYINGS,
    TITLES,
    Do,
    Facts,
    Incoming,
    Item,
    Say,
    State,
)
from .bot_replies import hand_over, misunderstood, only_text, show_menu
from .understanding import find_date
from .understanding_words import words

__all__ = [
    'ACTIONS',
    'DISPUTE_REASONS',
    'HAND_OVER_REASONS',
    'SAYINGS',
    'TITLES',
    'Do',
    'Facts',
    'Incoming',
    'Item',
    'Say',
    'State',
    'advance',
]

#: Nothing has been said yet to somebody known.
_FRESH = ('start', 'unknown')
_LEAVE_ALONE = ('opt_out', 'wrong_person')
#: Times a message is said in a row.
_MOST_REPEATED = 2
#: Longer messages that are asked for in free words are taken as such, whatever they mention.
_FEW_WORDS = 4


def advance(state, incoming, facts):
    """Return (the next State, [Say and Do]) for a message.

    >>> from datetime import date
    >>> state, outputs = advance(State(), Incoming('hola'), Facts(date(2027, 3, 10), known=True, verified=False))
    >>> state.topic, [type(output).__name__ + ' ' + output[0] for output in outputs]
    ('menu', ['Do consent', 'Say greeting'])
    """
    turn = hear(new_day(state, facts), incoming, facts)
    after, outputs = _reply(turn)
    if after.topic == 'start':
        after = replace(after, topic='menu')
    after, outputs = _spare_repetition(turn, after, outputs)
    if facts.known and state.topic in _FRESH and turn.intent not in _LEAVE_ALONE:
        outputs = [Do('consent'), *outputs]
    return after, outputs


def _reply(turn):
    for step in (leave_alone, take_stranger, _unreadable, _file, _pressed, _answer, _wanted):
        reply = step(turn)
        if reply:
            return reply
    return misunderstood(turn, _in_other_words(turn))


def _unreadable(turn):
    media = turn.incoming.media
    return only_text(turn) if media and not turn.incoming.is_file else None


def _file(turn):
    """Take a photo or a PDF: it belongs to a dispute that is being written down, or is a receipt."""
    if not turn.incoming.is_file:
        return None
    disputing = turn.state.topic in ('dispute_reason', 'dispute_confirm') and turn.facts.verified
    return (bot_disputes if disputing else bot_claims).take_file(turn)


def _pressed(turn):
    """Take a button that carries a value, be it under an old message."""
    name, _colon, value = turn.incoming.choice.partition(':')
    if name not in _PRESSED or turn.intent:
        return None
    if name != 'no_receipt' and not turn.facts.verified:
        return bot_identity.ask_tax_id(turn)
    return _PRESSED[name](turn, value)


_PRESSED = {
    'doc': bot_account.choose_document,
    'all': lambda turn, _value: bot_account.send_statement(turn),
    'count': bot_account.choose_count,
    'currency': lambda turn, value: bot_promise.choose(turn, 'currency', value),
    'amount': lambda turn, value: bot_promise.choose(turn, 'amount', value),
    'date': lambda turn, value: bot_promise.choose(turn, 'date', value),
    'dispute': bot_disputes.choose_item,
    'reason': bot_disputes.choose_reason,
    'no_receipt': lambda turn, _value: bot_claims.claim_without(turn),
}


def _answer(turn):
    """Take the answer to what was asked, unless something else is wanted."""
    topic = turn.state.topic
    if topic not in _ANSWERS or _leaves(turn):
        return None
    personal = topic in _STARTED_BY
    if personal and not turn.facts.verified:
        again = turn.incoming._replace(choice=_STARTED_BY[topic])
        return bot_identity.ask_tax_id(turn._replace(incoming=again))
    return _ANSWERS[topic](turn)


def _identify(turn):
    """Take the answer to who somebody is, and go on with what they wanted."""
    wanted = bot_identity.pending(turn)
    if turn.facts.verified:
        return _go_on(turn, wanted, [])
    reply = bot_identity.check(turn)
    if reply and reply[1] == [Do('verified')]:
        return _go_on(turn._replace(state=reply[0]), wanted, reply[1])
    return reply


def _go_on(turn, wanted, outputs):
    """Reply to what was wanted before."""
    state, facts = turn.state.go('menu'), turn.facts._replace(verified=True)
    later = hear(state, wanted, facts)
    after, more = _reply(later) if wanted.text or wanted.choice else show_menu(later)
    return after, [*outputs, *more]


_ANSWERS = {
    'identify': _identify,
    'document': bot_account.answer_document,
    'count': bot_account.answer_count,
    'receipt': bot_claims.answer,
    'file': bot_claims.answer_file,
    **bot_promise.ANSWERS,
    **bot_disputes.ANSWERS,
}
#: What each personal topic began with.
_STARTED_BY = {
    'document': 'documents',
    'count': 'instalments',
    **dict.fromkeys(bot_promise.ANSWERS, 'promise'),
    **dict.fromkeys(bot_disputes.ANSWERS, 'dispute'),
}


def _leaves(turn):
    """Tell whether a message is about something else than what was asked."""
    if turn.incoming.choice:
        return turn.intent not in ('yes', 'no')
    if turn.state.topic in _FREE_WORDS and len(words(turn.text).split()) > _FEW_WORDS:
        return False
    if turn.intent == 'balance' and turn.state.topic in bot_promise.ANSWERS:
        # "todo el saldo" is an amount, "¿cuánto es todo?" is none
        return '?' in turn.text or 'cuanto' in words(turn.text).split()
    return turn.intent in _LEAVING.get(turn.state.topic, ())


_FREE_WORDS = ('dispute_reason', 'dispute_confirm')
_ELSEWHERE = frozenset(
    ('person', 'cancel', 'paid', 'dispute', 'instalments', 'documents', 'pay', 'promise', 'balance')
)
#: {topic: what is wanted by messages that are no answers there}.
_LEAVING = {
    'document': _ELSEWHERE - {'documents'},
    'count': frozenset(('person', 'cancel', 'paid', 'dispute')),
    'dispute_item': frozenset(('person', 'cancel', 'paid', 'instalments', 'promise', 'balance')),
    **dict.fromkeys(
        bot_promise.ANSWERS,
        frozenset(('person', 'cancel', 'paid', 'dispute', 'instalments', 'documents')),
    ),
    **dict.fromkeys(_FREE_WORDS, _ELSEWHERE - {'paid', 'dispute'}),
}


def _wanted(turn):
    """Begin what the message wants, once it is clear who wants it."""
    turn = turn._replace(intents=turn.intents or _implied(turn))
    start = _STARTS.get(turn.intent)
    if turn.state.topic in _QUESTIONS:
        start = _STARTS_IN_QUESTIONS.get(turn.intent, start)
    if not start:
        return None
    if turn.intent in _PERSONAL and not turn.facts.verified:
        return bot_identity.ask_tax_id(turn)
    return start(turn)


def _implied(turn):
    """Return what is wanted by who only names a day, such as in answer to a reminder: to pay then."""
    asked = turn.state.topic in _QUESTIONS
    return ('promise',) if not asked and find_date(turn.text, turn.facts.today) else ()


def _person(turn):
    return hand_over(turn, 'asked')


_PERSONAL = ('balance', 'documents', 'pay', 'promise', 'dispute', 'instalments')
_STARTS = {
    'balance': bot_account.balance,
    'documents': bot_account.documents,
    'pay': bot_account.pay,
    'promise': bot_promise.start,
    'dispute': bot_disputes.start,
    'instalments': bot_account.instalments,
    'paid': bot_claims.start,
    'person': _person,
    'menu': show_menu,
    'cancel': lambda turn: show_menu(turn, 'cancelled'),
    'greeting': lambda turn: show_menu(turn, 'greeting'),
    **dict.fromkeys(CLOSING, close),
}
#: What else these mean where a question is open: a no drops it, a yes is no answer.
_STARTS_IN_QUESTIONS = {'no': _STARTS['cancel'], 'yes': None}


def _in_other_words(turn):
    """Return the question that is open, in other words, None if there is none or nobody may be asked it."""
    topic = turn.state.topic
    if topic not in _QUESTIONS or (topic in _STARTED_BY and not turn.facts.verified):
        return None
    question = _QUESTIONS[topic](turn)
    return question and question._replace(code=f'{question.code}_again')


_QUESTIONS = {
    'identify': bot_identity.question,
    'document': bot_account.document_question,
    'count': bot_account.count_question,
    'receipt': bot_claims.question,
    'file': bot_claims.file_question,
    **dict.fromkeys(bot_promise.ANSWERS, bot_promise.question),
    **dict.fromkeys(bot_disputes.ANSWERS, bot_disputes.question),
}


def _spare_repetition(turn, after, outputs):
    """Return the state and the outputs without a message that would be said a third time in a row.

    Something done needs no more words, and neither does one more photo; otherwise a person takes over.
    """
    say = next((output for output in outputs if isinstance(output, Say)), None)
    if not say:
        return after, outputs
    mark = f'{crc32(repr(say.values).encode()):x}'
    # photos of an album are counted in the question about them: it is the same one all the same
    same = say.code == turn.state.said and (mark == turn.state.mark or turn.incoming.is_file)
    if not same or turn.state.repeated < _MOST_REPEATED:
        after = replace(after, said=say.code, mark=mark, repeated=turn.state.repeated * same + 1)
        return replace(after, offered=tuple(option[0] for option in say.options)), outputs
    done = [output for output in outputs if output is not say]
    if done or turn.incoming.is_file:
        return after, done
    after, outputs = hand_over(turn._replace(state=after), 'going_round')
    return replace(after, said=outputs[-1].code, mark='', repeated=1, offered=()), outputs
