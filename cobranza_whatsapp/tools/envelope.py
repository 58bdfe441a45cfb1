"""Take a webhook apart into events, each with a key of its own, so that none is ever handled twice.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components
"""

import hashlib
import json
from typing import NamedTuple

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 20


class Event(NamedTuple):
    """One thing that happened.

    :ivar key: the same for the same thing, however often it is told
    :ivar kind: `message`, `status`, or the field of the change, such as `message_template_status_update`
    :ivar number: id of the number it is about, '' when it is about the whole business
    """

    key: str
    kind: str
    number: str
    business: str
    payload: dict


class BadEnvelope(ValueError):
    """The body is not a webhook of WhatsApp."""


def read(body):
    """Return the events of a raw body; BadEnvelope for what no webhook looks like.

    >>> read(b'{"object": "whatsapp_business_account", "entry": [null, {"changes": "?"}]}')
    []
    """
    if len(body) > MAX_BYTES:
        raise BadEnvelope('too large')
    try:
        content = json.loads(body.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise BadEnvelope('no JSON') from None
    if _depth(content) > MAX_DEPTH:
        raise BadEnvelope('too deep')
    if not isinstance(content, dict) or content.get('object') != 'whatsapp_business_account':
        raise BadEnvelope('not an envelope')
    content = _storable(content)
    return [event for entry in _dicts(content, 'entry') for event in _of_entry(entry)]


def _refuse_constant(name):
    raise ValueError(f'{name} is no JSON')


def _storable(value):
    """Return the structure without what a database refuses in a text: NUL and halves of a character.

    >>> _storable({'a': [f'x{chr(0)}y', f'z{chr(0xd800)}']})
    {'a': ['xy', 'z?']}
    """
    if isinstance(value, str):
        return value.replace('\x00', '').encode(errors='replace').decode()
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(one) for name, one in value.items()}
    return value


def _depth(value):
    """Return how deep a structure goes, without recursion: it comes from outside."""
    depth, level = 0, [value]
    while level:
        depth += 1
        level = [
            child
            for one in level
            if isinstance(one, (dict, list))
            for child in (one.values() if isinstance(one, dict) else one)
        ]
        if depth > MAX_DEPTH:
            break
    return depth


def _dicts(holder, name):
    """Return the dicts of a list; what is not of that shape is left out."""
    values = holder.get(name) if isinstance(holder, dict) else None
    return (
        [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
    )


def _of_entry(entry):
    business = _text(entry.get('id'))
    for change in _dicts(entry, 'changes'):
        kind, value = _text(change.get('field')), change.get('value')
        if isinstance(value, dict):
            yield from _of_change(kind, value, business, entry.get('time'))


def _of_change(kind, value, business, moment):
    metadata = value.get('metadata')
    number = _text(metadata.get('phone_number_id')) if isinstance(metadata, dict) else ''
    messages, statuses = _dicts(value, 'messages'), _dicts(value, 'statuses')
    contacts = _dicts(value, 'contacts')
    for message in messages:
        contact = contacts[0] if len(contacts) == 1 else _contact_of(message, contacts)
        key = f'message:{_text(message.get("id")) or _digest(message)}:{_text(message.get("type"))}'
        yield Event(key, 'message', number, business, {'message': message, 'contact': contact})
    for status in statuses:
        key = f'status:{_text(status.get("id"))}:{_text(status.get("status"))}'
        yield Event(key, 'status', number, business, status)
    if not messages and not statuses:
        # the same may happen again, at another moment
        yield Event(f'{kind}:{business}:{_digest([value, moment])}', kind, number, business, value)


def _contact_of(message, contacts):
    """Return who wrote a message, by their id as a user first: some people hide their number."""
    for ours, theirs in (('from_user_id', 'user_id'), ('from', 'wa_id')):
        wanted = _text(message.get(ours))
        found = [contact for contact in contacts if wanted and contact.get(theirs) == wanted]
        if found:
            return found[0]
    return {}


def _text(value):
    return value if isinstance(value, str) else ''


def _digest(value):
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
