"""Read one message of a customer, whatever its type.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/payload-examples
"""

from typing import NamedTuple

MAX_TEXT = 4096
MEDIA = ('image', 'document', 'audio', 'video', 'sticker')


class Inbound(NamedTuple):
    """What a customer sent.

    :ivar kind: `text`, `choice`, one of `MEDIA`, or what WhatsApp called it
    :ivar choice: id of the button or row that was pressed
    :ivar answers: reference of our message that it answers
    :ivar new_number: where they can be reached from now on, when that is what it says; `new_user` likewise
    :ivar is_for_reading: somebody has to read it: false of reactions, edits and WhatsApp's own notes
    """

    kind: str
    text: str = ''
    choice: str = ''
    media_id: str = ''
    mime_type: str = ''
    answers: str = ''
    new_number: str = ''
    new_user: str = ''
    is_for_reading: bool = True


def read_message(told):
    """Return the Inbound of a webhook's message; nothing in it is trusted to have its shape.

    >>> read_message({'type': 'text', 'text': {'body': 'hola'}})[:2]
    ('text', 'hola')
    >>> read_message({'type': 'interactive', 'interactive': {'button_reply': {'id': 'pay', 'title': 'Pagar'}}})[:3]
    ('choice', 'Pagar', 'pay')
    >>> read_message({'type': 'image', 'image': 'no dict'}).kind
    'image'
    """
    kind = _text(told, 'type') or 'unsupported'
    reader = _READERS.get(kind, _read_other)
    found = reader(kind, told)
    return found._replace(answers=_text(_dict(told, 'context'), 'id'), text=found.text[:MAX_TEXT])


def _dict(holder, name):
    value = holder.get(name) if isinstance(holder, dict) else None
    return value if isinstance(value, dict) else {}


def _text(holder, name):
    value = holder.get(name)
    return value if isinstance(value, str) else ''


def _read_text(kind, told):
    return Inbound(kind, _text(_dict(told, 'text'), 'body'))


def _read_button(_kind, told):
    button = _dict(told, 'button')
    return Inbound('choice', _text(button, 'text'), _text(button, 'payload'))


def _read_interactive(_kind, told):
    answer = _dict(told, 'interactive')
    pressed = _dict(answer, 'button_reply') or _dict(answer, 'list_reply')
    return Inbound('choice', _text(pressed, 'title'), _text(pressed, 'id'))


def _read_media(kind, told):
    media = _dict(told, kind)
    words = _text(media, 'caption') or _text(media, 'filename')
    return Inbound(kind, words, media_id=_text(media, 'id'), mime_type=_text(media, 'mime_type'))


def _read_location(kind, told):
    place = _dict(told, 'location')
    return Inbound(kind, ' '.join(filter(None, (_text(place, 'name'), _text(place, 'address')))))


def _read_system(kind, told):
    system = _dict(told, 'system')
    moved = Inbound(kind, new_number=_text(system, 'wa_id'), new_user=_text(system, 'user_id'))
    return moved._replace(is_for_reading=False)


def _read_silent(kind, _told):
    return Inbound(kind, is_for_reading=False)


def _read_other(kind, _told):
    return Inbound(kind)


_READERS = {
    'text': _read_text,
    'button': _read_button,
    'interactive': _read_interactive,
    'location': _read_location,
    'system': _read_system,
    'reaction': _read_silent,
    'edit': _read_silent,
    'revoke': _read_silent,
    **dict.fromkeys(MEDIA, _read_media),
}


#: What a browser may show; anything else is only ever a file to save.
SAFE_TYPES = {
    'application/pdf': 'pdf',
    'audio/aac': 'aac',
    'audio/amr': 'amr',
    'audio/mp4': 'm4a',
    'audio/mpeg': 'mp3',
    'audio/ogg': 'ogg',
    'image/jpeg': 'jpg',
    'image/png': 'png',
    'image/webp': 'webp',
    'video/3gp': '3gp',
    'video/mp4': 'mp4',
}


def safe_type(mime_type):
    """Return the type under which a customer's file is kept.

    >>> safe_type('audio/ogg; codecs=opus'), safe_type('text/html')
    ('audio/ogg', 'application/x-binary')
    """
    plain = (mime_type or '').split(';')[0].strip().lower()
    # not octet-stream, which Odoo takes for "look into it yourself"
    return plain if plain in SAFE_TYPES else 'application/x-binary'


def file_name(kind, mime_type):
    """Return a name for a file that came without one.

    >>> file_name('image', 'image/jpeg'), file_name('document', 'text/html')
    ('image.jpg', 'document.bin')
    """
    return f'{kind}.{SAFE_TYPES.get(safe_type(mime_type), "bin")}'
