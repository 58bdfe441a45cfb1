"""What the API checks before it accepts a message.

Every check of a type returns what the chat page shows of the message.
"""

from collections import Counter

from .whatsapp_emulator_errors import Refusal, missing
from .whatsapp_emulator_filling import fill_in, sendable
from .whatsapp_emulator_media import check_media
from .whatsapp_emulator_records import digits

TEXT_LIMIT = 4096
INTERACTIVE_LIMIT = 1024
SHORT_LIMIT = 60
TITLE_LIMIT = 20
ROW_LIMIT = 24
DESCRIPTION_LIMIT = 72
MAX_BUTTONS = 3
MAX_ROWS = 10
CALLBACK_LIMIT = 512


def check_message(payload, state):
    """Refuse a message that the API would not accept; return what the person will see.

    :param state: what the emulator knows: templates and files
    """
    if payload.get('messaging_product') != 'whatsapp':
        raise missing('messaging_product')
    if payload.get('recipient_type', 'individual') != 'individual':
        raise Refusal(100, 'Only individual recipients are supported')
    check_recipient(payload)
    kind = payload.get('type')
    if not kind:
        raise missing('type')
    if kind not in TYPES:
        raise Refusal(131051, f'Message type {kind} is not supported')
    if not isinstance(payload.get(kind), dict | list):
        raise missing(kind)
    if len(payload.get('biz_opaque_callback_data') or '') > CALLBACK_LIMIT:
        raise Refusal(100, f'biz_opaque_callback_data has {CALLBACK_LIMIT} characters at most')
    return TYPES[kind](payload[kind], state)


def check_recipient(payload):
    """Refuse a message for nobody, or for what cannot be a phone."""
    if payload.get('recipient'):
        return
    phone = payload.get('to')
    if not phone:
        raise missing('to')
    number = digits(phone)
    written = str(phone).translate(str.maketrans('', '', '+-() .'))
    if written != number or not 7 <= len(number) <= 15 or number.startswith('0'):
        raise Refusal(131009, f'Recipient {phone} is not a valid phone number')


def _value(details):
    """Return the refusal of a part that has a limit."""
    return Refusal(131009, details)


def _check_length(text, limit, what):
    if not isinstance(text, str) or not 1 <= len(text) <= limit:
        raise _value(f'{what} length invalid. Min length: 1, Max length: {limit}')


def _check_text(content, _state):
    body = content.get('body')
    if not body:
        raise missing("text['body']")
    if len(body) > TEXT_LIMIT:
        raise Refusal(
            100, message=f"Param text['body'] must be at most {TEXT_LIMIT} characters long."
        )
    return {'text': body}


def _check_template(content, state):
    return fill_in(sendable(state.templates, content), content, state.media)


def _check_interactive(content, state):
    kind = content.get('type')
    if kind not in INTERACTIVE:
        raise Refusal(100, f'interactive type {kind} is not supported')
    text = (content.get('body') or {}).get('text')
    if not text:
        raise Refusal(131008, "Param interactive['body']['text'] is missing")
    _check_length(text, INTERACTIVE_LIMIT, 'Body text')
    view = {'text': text}
    if footer := (content.get('footer') or {}).get('text'):
        _check_length(footer, SHORT_LIMIT, 'Footer text')
        view['footer'] = footer
    view |= _interactive_header(content.get('header') or {}, state)
    return view | INTERACTIVE[kind](content.get('action') or {})


def _interactive_header(header, state):
    kind = header.get('type')
    if not kind:
        return {}
    if kind == 'text':
        _check_length(header.get('text'), SHORT_LIMIT, 'Header text')
        return {'header': header['text']}
    return {'media': check_media(kind, header.get(kind) or {}, state.media)}


def _check_buttons(action):
    buttons = action.get('buttons') or []
    if not 1 <= len(buttons) <= MAX_BUTTONS:
        raise _value(
            f'Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: {MAX_BUTTONS}'
        )
    replies = [button.get('reply') or {} for button in buttons]
    for reply in replies:
        _check_length(reply.get('title'), TITLE_LIMIT, 'Button title')
        _check_length(reply.get('id'), 256, 'Button id')
    _check_unique(replies, 'Button', 'title')
    shown = [{'kind': 'reply', 'text': one['title'], 'id': one['id']} for one in replies]
    return {'buttons': shown}


def _check_unique(parts, what, *more):
    """Refuse two parts with the same id (or another of their texts)."""
    for name in ('id', *more):
        repeated = [value for value, n in Counter(one[name] for one in parts).items() if n > 1]
        if repeated:
            raise _value(f'Duplicated {what} {name}: {repeated[0]}')


def _check_list(action):
    _check_length(action.get('button'), TITLE_LIMIT, 'List button')
    sections = action.get('sections') or []
    if not 1 <= len(sections) <= MAX_ROWS:
        raise _value(f'Invalid sections count. Min: 1, Max: {MAX_ROWS}')
    rows = []
    for section in sections:
        if len(sections) > 1 or section.get('title'):
            _check_length(section.get('title'), ROW_LIMIT, 'Section title')
        rows += section.get('rows') or []
    if not 1 <= len(rows) <= MAX_ROWS:
        raise _value(f'Total row count exceed max allowed count: {MAX_ROWS}')
    for row in rows:
        _check_length(row.get('title'), ROW_LIMIT, 'Row title')
        _check_length(row.get('id'), 200, 'Row id')
        if row.get('description'):
            _check_length(row['description'], DESCRIPTION_LIMIT, 'Row description')
    _check_unique(rows, 'Row')
    return {'list': {'button': action['button'], 'sections': sections}}


def _check_link(action):
    parameters = action.get('parameters') or {}
    _check_length(parameters.get('display_text'), TITLE_LIMIT, 'Button title')
    link = {'kind': 'url', 'text': parameters['display_text'], 'url': parameters.get('url', '')}
    return {'buttons': [link]}


INTERACTIVE = {'button': _check_buttons, 'list': _check_list, 'cta_url': _check_link}


def _check_file(kind):
    def check(content, state):
        return {
            'text': content.get('caption') or '',
            'media': check_media(kind, content, state.media),
        }

    return check


def _check_reaction(content, _state):
    if not content.get('message_id'):
        raise missing("reaction['message_id']")
    return {'text': content.get('emoji') or ''}


def _check_location(content, _state):
    for name in ('latitude', 'longitude'):
        if content.get(name) in (None, ''):
            raise missing(f"location['{name}']")
    return {'text': f'⌖ {content.get("name") or ""} {content["latitude"]}, {content["longitude"]}'}


def _check_contacts(content, _state):
    names = [(one.get('name') or {}).get('formatted_name') for one in content]
    if not names or not all(names):
        raise missing("contacts[0]['name']['formatted_name']")
    return {'text': '☻ ' + ', '.join(names)}


TYPES = {
    'text': _check_text,
    'template': _check_template,
    'interactive': _check_interactive,
    'reaction': _check_reaction,
    'location': _check_location,
    'contacts': _check_contacts,
    **{kind: _check_file(kind) for kind in ('image', 'document', 'audio', 'video', 'sticker')},
}
