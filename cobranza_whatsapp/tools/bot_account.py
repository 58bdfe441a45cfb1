"""What is owed, its documents, how to pay it, and instalments."""

import re

from .bot_protocol import LEAST_COUNT, MOST_COUNT, Do, Say
from .bot_replies import HELP, ask, item_options, nothing_owed, options
from .understanding_items import find_item
from .understanding_words import bare, number_of, words

_AFTER = options('pay', 'promise', 'menu')
_STATEMENT = re.compile(r'\b(?:estado|resumen|extracto|cartola|statement|todas|todos|todo|all)\b')
_COUNT = re.compile(
    r'\b([0-9]{1,3}|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce) (?:cuotas?|pagos|partes|meses|instal\w+)\b'
)
_BARE_COUNT = re.compile(r'(?:en )?([0-9]{1,3}|dos|tres|cuatro|cinco|seis)')


def balance(turn):
    """Tell what is owed."""
    if not turn.totals:
        return nothing_owed(turn)
    values = {'items': list(turn.facts.items), 'totals': turn.totals}
    return ask(turn, 'menu', Say('balance', values, options('pay', 'promise', 'person')))


def documents(turn):
    """Send the only document, the one named, or all; ask which one otherwise."""
    items = turn.facts.items
    if not items:
        return nothing_owed(turn)
    reply = answer_document(turn)
    if reply:
        return reply
    if len(items) == 1:
        return _send(turn, items[0])
    return ask(turn, 'document', document_question(turn))


def document_question(turn):
    """Return the question for a document, None if there is none any more."""
    items = turn.facts.items
    if not items:
        return None
    choices = item_options(items, 'doc', ('all', 'all_documents', ''))
    return Say('choose_document', {'items': list(items)}, choices)


def answer_document(turn):
    """Take the document that was typed, None if it is none of them."""
    if _STATEMENT.search(words(turn.text)):
        return send_statement(turn)
    item = find_item(turn.text, turn.facts.items)
    return _send(turn, item) if item else None


def choose_document(turn, value):
    """Send the document that was pressed; if it is not open any more, ask again."""
    item = turn.item(value)
    if item:
        return _send(turn, item)
    asked = document_question(turn)
    return ask(turn, 'document', asked) if asked else nothing_owed(turn)


def send_statement(turn):
    """Send the statement of account."""
    return turn.state.go('menu'), [Do('send_statement'), Say('statement_sent', {}, _AFTER)]


def _send(turn, item):
    sent = Say('document_sent', {'item': item}, _AFTER)
    return turn.state.go('menu'), [Do('send_document', {'item': item.id}), sent]


def pay(turn):
    """Tell how to pay the oldest document."""
    if not turn.totals:
        return nothing_owed(turn)
    item = next(item for item in turn.facts.items if item.amount > 0)
    if turn.facts.can_pay_online and item.url:
        say = Say('pay_link', {'item': item, 'url': item.url}, options('paid', 'promise', 'menu'))
    else:
        say = Say('how_to_pay', {}, options('paid', 'promise', 'person'))
    return ask(turn, 'menu', say)


def instalments(turn):
    """Ask for how many, unless the message says it."""
    if not turn.totals:
        return nothing_owed(turn)
    if not turn.facts.offers_instalments:
        return ask(turn, 'menu', Say('no_instalments', {}, options('promise', 'person', 'menu')))
    return answer_count(turn) or ask(turn, 'count', count_question(turn))


def count_question(_turn):
    choices = tuple(
        (f'count:{count}', '', str(count)) for count in range(LEAST_COUNT, MOST_COUNT + 1)
    )
    return Say('ask_count', {'least': LEAST_COUNT, 'most': MOST_COUNT}, choices)


def answer_count(turn):
    """Take the number that was typed, None if there is none."""
    said = words(turn.text)
    match = _COUNT.search(said) or _BARE_COUNT.fullmatch(bare(said))
    return _ask_for(turn, number_of(match[1])) if match else None


def choose_count(turn, value):
    """Take the number that was pressed."""
    if not turn.totals or not turn.facts.offers_instalments or not value.isdecimal():
        return instalments(turn)
    return _ask_for(turn, int(value[:3]))


def _ask_for(turn, count):
    """Pass on how many instalments are wanted; a person answers."""
    if not LEAST_COUNT <= count <= MOST_COUNT:
        asked = count_question(turn)
        values = {'count': count, **asked.values}
        return ask(turn, 'count', asked._replace(code='count_out_of_range', values=values))
    told = Say('instalments_asked', {'count': count}, HELP)
    return turn.state.go('menu'), [Do('ask_instalments', {'count': count}), told]
