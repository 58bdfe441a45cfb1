"""Somebody does not agree with a document: which one, what is wrong; confirmed before it is handed on.

Photos sent meanwhile go with it.
"""

from .bot_protocol import DISPUTE_REASONS, MAX_TEXT, Do, Say
from .bot_replies import YES_NO, item_options, nothing_owed, options, show_menu
from .understanding import find_reason
from .understanding_items import find_item
from .understanding_words import words

#: Shorter texts say that something is wrong, not what.
LEAST_WORDS = 2
MOST_FILES = 10


def start(turn):
    """Begin with what the message says of the document and of what is wrong."""
    items = turn.facts.items
    if not items:
        return nothing_owed(turn)
    item = items[0] if len(items) == 1 else find_item(turn.text, items)
    data = {'reason': find_reason(turn.text) or '', 'text': turn.text}
    return _proceed(turn, {**data, 'item': str(item.id) if item else ''})


def choose_item(turn, value):
    """Take the document that was pressed."""
    return _proceed(turn, {**_data(turn), 'item': value})


def choose_reason(turn, value):
    """Take the reason that was pressed; under an old message the document has to be chosen first."""
    if value == 'other':
        # something else has to be written
        state, says = _proceed(turn, {**_data(turn), 'reason': ''})
        return state, [say._replace(code=f'{say.code}_again') for say in says]
    return _proceed(turn, {**_data(turn), 'reason': value if value in DISPUTE_REASONS else ''})


def answer_item(turn):
    """Take the document that was typed."""
    item = find_item(turn.text, turn.facts.items)
    return _proceed(turn, {**_data(turn), 'item': str(item.id)}) if item else None


def answer_reason(turn):
    """Take what is wrong in their own words."""
    reason = find_reason(turn.text)
    if not reason and len(words(turn.text).split()) < LEAST_WORDS:
        return None
    return _proceed(turn, {**_data(turn), 'reason': reason or 'other', 'text': turn.text})


def answer_confirm(turn):
    """Take the yes, the no, or something to add."""
    if turn.intent == 'yes':
        return _confirmed(turn)
    if turn.intent == 'no':
        return show_menu(turn, 'cancelled')
    if len(words(turn.text).split()) < LEAST_WORDS:
        return None
    text = ' / '.join(filter(None, (turn.state.text('text'), turn.text)))[:MAX_TEXT]
    return _proceed(turn, {**_data(turn), 'text': text})


def take_file(turn):
    """Keep a photo of what is wrong, with what is written under it."""
    files = [*turn.state.texts('files'), turn.incoming.media_ref][-MOST_FILES:]
    data = {**_data(turn), 'files': files}
    if turn.text:
        data['text'] = ' / '.join(filter(None, (turn.state.text('text'), turn.text)))[:MAX_TEXT]
    return _proceed(
        turn, {**data, 'reason': data.get('reason') or find_reason(turn.text) or 'other'}
    )


def question(turn):
    """Return what is open, None if nothing is owed any more."""
    return _next_step(turn, turn.state)[1] if turn.facts.items else None


def _data(turn):
    return dict(turn.state.data) if turn.state.topic in ANSWERS else {}


def _proceed(turn, data):
    """Ask for what is missing."""
    if not turn.facts.items:
        return nothing_owed(turn)
    topic, say = _next_step(turn, turn.state.go('', **data))
    return turn.state.go(topic, **data), [say]


def _next_step(turn, state):
    """Return (topic, question) of the first thing missing; to confirm it if nothing is."""
    item, items = turn.item(state.text('item')), turn.facts.items
    if not item:
        choices = item_options(items, 'dispute', *options('person'))
        return 'dispute_item', Say('ask_dispute_item', {'items': list(items)}, choices)
    reason = state.text('reason')
    if reason not in DISPUTE_REASONS:
        choices = tuple((f'reason:{code}', f'reason_{code}', '') for code in DISPUTE_REASONS)
        return 'dispute_reason', Say('ask_dispute_reason', {'item': item}, choices)
    values = {
        'item': item,
        'reason': reason,
        'text': state.text('text'),
        'files': len(state.texts('files')),
    }
    return 'dispute_confirm', Say('confirm_dispute', values, YES_NO)


def _confirmed(turn):
    """Hand on what was confirmed, if the document is still open."""
    state = turn.state
    item = turn.item(state.text('item'))
    if not item or state.text('reason') not in DISPUTE_REASONS:
        return _proceed(turn, _data(turn))
    values = {
        'item': item.id,
        'reason': state.text('reason'),
        'text': state.text('text'),
        'media_refs': state.texts('files'),
    }
    made = Say('dispute_made', {'item': item}, options('paid', 'person', 'menu'))
    return state.go('menu'), [Do('dispute', values), made]


#: How what is typed is taken: {topic: function}.
ANSWERS = {
    'dispute_item': answer_item,
    'dispute_reason': answer_reason,
    'dispute_confirm': answer_confirm,
}
