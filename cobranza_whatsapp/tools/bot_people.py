"""Whom the bot leaves alone, whom it does not know, and who only says thanks."""

from dataclasses import replace

from .bot_protocol import Do, Say
from .bot_replies import HELP, hand_over, options

#: In these topics nothing of a debtor is told, whoever the number belongs to.
STRANGE = ('unknown', 'wrong_person')
#: What calls for no answer when nothing was asked.
CLOSING = ('thanks', 'yes', 'no')


def leave_alone(turn):
    """Reply to who wants no messages, or messages again, or is somebody else: no question comes first."""
    start = _ALWAYS.get(turn.intent)
    return start(turn) if start else None


def _opt_out(turn):
    outputs = [Do('opt_out'), Say('opted_out')]
    if 'wrong_person' in turn.intents:
        return turn.state.go('wrong_person'), [Do('wrong_person'), *outputs]
    return turn.state.go(_stay(turn, 'stopped')), outputs


def _opt_in(turn):
    shown = options('person') if _is_strange(turn) else HELP
    return turn.state.go(_stay(turn, 'menu')), [Do('opt_in'), Say('opted_in', {}, shown)]


def _wrong_person(turn):
    return turn.state.go('wrong_person'), [Do('wrong_person'), Say('sorry_wrong_person')]


_ALWAYS = {'opt_out': _opt_out, 'opt_in': _opt_in, 'wrong_person': _wrong_person}


def _stay(turn, topic):
    """Return the topic, unless the bot does not know whom it is talking to."""
    return turn.state.topic if turn.state.topic in STRANGE else topic


def _is_strange(turn):
    return not turn.facts.known or turn.state.topic == 'wrong_person'


def take_stranger(turn):
    """Reply to a number nobody is known by, or to who is somebody else: a person, and nothing of any debt."""
    if not _is_strange(turn):
        return None
    if turn.state.topic == 'wrong_person':
        closed = close(turn) if turn.intent in CLOSING else None
        return closed or hand_over(turn, 'wrong_person', topic='wrong_person')
    if turn.state.topic == 'unknown' or turn.intent == 'person':
        return hand_over(turn, 'unknown_number', topic='unknown')
    return turn.state.go('unknown'), [Say('unknown_number', {}, options('person'))]


def close(turn):
    """Reply to thanks, or to a yes or no to nothing; once it has been answered there is no more to say."""
    state = replace(turn.state, misunderstood=0)
    if state.said == 'you_are_welcome':
        return state, []
    if 'thanks' in turn.intents or state.said == 'anything_else' or _is_strange(turn):
        shown = () if _is_strange(turn) else options('menu')
        return state, [Say('you_are_welcome', {}, shown)]
    return state.go('menu'), [Say('anything_else', {}, HELP)]
