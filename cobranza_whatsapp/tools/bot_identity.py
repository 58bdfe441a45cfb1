"""Who is at the other end: personal matters are told after the last characters of the tax id."""

import hmac
import re
from dataclasses import replace

from .bot_protocol import PATIENCE, Do, Incoming, Say
from .bot_replies import hand_over, options

#: Characters of the tax id that are asked for.
ASKED = 4
#: What may be wanted by a message that is an answer all the same: "documento 1234".
_MAY_ANSWER = ('', 'documents', 'greeting', 'thanks', 'yes', 'menu')


def ask_tax_id(turn):
    """Ask who it is, keeping what they wanted; with nothing to ask, or asked in vain, a person takes over."""
    if not _key(turn.facts.tax_id):
        return hand_over(turn, 'no_tax_id')
    if turn.state.tries >= PATIENCE:
        return hand_over(turn, 'not_identified')
    wanted = {'text': turn.text, 'choice': turn.incoming.choice}
    return turn.state.go('identify', **wanted), [question(turn)]


def question(_turn):
    return Say('ask_tax_id', {}, options('person', 'menu'))


def pending(turn):
    """Return what they had wanted before they were asked who they are."""
    return Incoming(text=turn.state.text('text'), choice=turn.state.text('choice'))


def check(turn):
    """Return the reply to an answer, None if it is none.

    The reply to a right answer says nothing: what they wanted is answered next.
    """
    answers = _answers(turn.text, _key(turn.facts.tax_id))
    if not answers or turn.intent not in _MAY_ANSWER:
        return None
    if any(matches(answer, turn.facts.tax_id) for answer in answers):
        return replace(turn.state, tries=0, misunderstood=0), [Do('verified')]
    tries = min(turn.state.tries + 1, PATIENCE)
    turn = turn._replace(state=replace(turn.state, tries=tries, misunderstood=0))
    if tries == PATIENCE:
        return hand_over(turn, 'not_identified')
    return turn.state, [Say('wrong_tax_id', {'left': PATIENCE - tries}, options('person', 'menu'))]


def matches(answer, tax_id):
    """Tell whether an answer is the end of the tax id, or all of it, in the same time for any answer.

    >>> [matches(answer, '20-1234567-8') for answer in ('5678', '56 78', '20123456-78', '4567', '')]
    [True, True, True, False, False]
    >>> matches('', '')
    False
    """
    answer, key = _squeeze(answer), _key(tax_id)
    end, whole = (hmac.compare_digest(answer.encode(), one.encode()) for one in (key[-ASKED:], key))
    return bool(key) and (end or whole)


def _key(tax_id):
    """Return the characters of the tax id, '' if there are too few to ask for."""
    key = _squeeze(tax_id)
    return key if len(key) >= ASKED else ''


def _squeeze(text):
    return re.sub(r'[\W_]', '', text or '').lower()


def _answers(text, key):
    """Return what in a text may be the answer: all of it, or its words with digits. Two guesses at most.

    >>> sorted(_answers('termina en 56-78', '20345678')), _answers('no sé', '20345678')
    (['5678', 'terminaen5678'], set())
    """
    whole = _squeeze(text)
    digits = ''.join(re.findall(r'\w*[0-9]\w*', text.lower()))
    if digits:
        return {whole, digits}
    # four letters are an answer where the tax id ends in letters
    return {whole} if len(whole) == ASKED and key[-ASKED:].isalpha() else set()
