"""Somebody says to have paid: the receipt is asked for and handed on. Nothing of the debt is told here."""

from .bot_protocol import MAX_TEXT, Do, Say
from .bot_replies import HELP, YES_NO, ask, options
from .understanding import find_promise

#: Messages in whose course something was said of the payment.
_COLLECTING = ('receipt', 'file')
#: What may be wanted by a message that tells of the payment all the same.
_MAY_TELL = ('', 'paid', 'documents')
MOST_FILES = 30


def start(turn):
    """Ask for the receipt, keeping what the message says of the payment."""
    return turn.state.go('receipt', **_told(turn)), [question(turn)]


def question(_turn):
    return Say('ask_receipt', {}, options('no_receipt', 'person', 'menu'))


def answer(turn):
    """Take what is typed while the receipt is awaited: that there is none, or more of the payment."""
    if turn.intent == 'no':
        return claim_without(turn)
    if turn.intent == 'yes':
        return turn.state.go('receipt', **turn.state.data), [_again(turn)]
    if turn.intent not in _MAY_TELL or _read(turn) == (None, None):
        return None
    state = turn.state.go('receipt', **_told(turn))
    values = {'amount': state.amount(), 'date': state.date()}
    return state, [Say('receipt_noted', values, question(turn).options)]


def claim_without(turn):
    """Hand on that they have paid and have nothing to show."""
    return _claim(turn, [''])


def take_file(turn):
    """Take a photo or a PDF: as a receipt where one was awaited or is announced, or else ask."""
    if turn.state.topic in ('receipt', 'claimed') or turn.intent == 'paid':
        return _claim(turn, [*_files(turn), turn.incoming.media_ref])
    files = [*_files(turn), turn.incoming.media_ref][-MOST_FILES:]
    state = turn.state.go('file', **{**_told(turn), 'files': files})
    return state, [file_question(turn._replace(state=state))]


def file_question(turn):
    return Say('ask_is_receipt', {'count': len(_files(turn)) or 1}, YES_NO)


def answer_file(turn):
    """Take the answer to whether the file is a receipt."""
    if turn.intent in ('yes', 'paid'):
        return _claim(turn, _files(turn) or [''])
    if turn.intent == 'no':
        return ask(turn, 'menu', Say('not_a_receipt', {}, HELP))
    return None


def _again(turn):
    return question(turn)._replace(code='ask_receipt_again')


def _files(turn):
    return turn.state.texts('files') if turn.state.topic == 'file' else []


def _claim(turn, files):
    """Hand on one claim for each file, with what was said of the payment."""
    said = turn.state.go('claimed', **_told(turn))
    values = {'text': said.text('text'), 'amount': said.amount(), 'date': said.date()}
    claims = [Do('payment_claim', {'media_ref': ref, **values}) for ref in files]
    return turn.state.go('claimed'), [*claims, Say('payment_claim_thanks', {}, HELP)]


def _told(turn):
    """Return the data of what was said of the payment so far, this message included."""
    before = turn.state if turn.state.topic in _COLLECTING else turn.state.go('')
    amount, day = _read(turn)
    text = '' if turn.intent in ('yes', 'no') else turn.text
    values = {
        'text': ' / '.join(filter(None, (before.text('text'), text)))[:MAX_TEXT],
        'amount': before.amount() if amount is None else amount,
        'date': day or before.date(),
    }
    return {name: str(value) for name, value in values.items() if value not in (None, '')}


def _read(turn):
    """Return (amount or None, day or None) of a payment made that the message tells of."""
    facts = turn.facts
    owed = next(iter(turn.totals.values())) if len(turn.totals) == 1 else None
    amount, day = find_promise(turn.text, facts.today, owed, facts.decimal_mark, past=True)
    return amount, day if day and day <= facts.today else None
