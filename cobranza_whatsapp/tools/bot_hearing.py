"""What a message says: what was pressed, or else what was written."""

from dataclasses import replace

from .bot_protocol import PRESSABLE, Turn
from .understanding import INTENTS, find_intents, find_item

#: In these topics a number that is typed is the place of an option, unless a document is called so.
_ITEMS = ('document', 'dispute_item')
_NUMBERED = ('menu', 'handed_over', 'stopped', *_ITEMS)


def new_day(state, facts):
    """Return the state with its impatience forgotten when a new day has begun."""
    today = facts.today.isoformat()
    if state.day == today:
        return state
    return replace(state, day=today, misunderstood=0, said='', repeated=0)


def hear(state, incoming, facts):
    """Return the Turn of a message: what was pressed, or else what was written."""
    choice = incoming.choice or _numbered(state, incoming, facts)
    if choice not in INTENTS and choice.partition(':')[0] not in PRESSABLE:
        choice = ''
    incoming = incoming._replace(text=(incoming.text or '').strip(), choice=choice)
    if choice:
        intents = (choice,) if choice in INTENTS else ()
    else:
        intents = find_intents(incoming.text)
    return Turn(state, incoming, facts, intents)


def _numbered(state, incoming, facts):
    """Return the option whose place was typed, '' if none was."""
    typed = (incoming.text or '').strip().rstrip('.')
    if state.topic not in _NUMBERED or incoming.media or not typed.isdecimal() or len(typed) > 2:
        return ''
    if state.topic in _ITEMS and find_item(typed, facts.items):
        return ''
    return dict(enumerate(state.offered, 1)).get(int(typed), '')
