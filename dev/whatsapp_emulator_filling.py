"""A template as it is sent: are its parameters right, and what will the person read?"""

import re

from .whatsapp_emulator_errors import Refusal, missing
from .whatsapp_emulator_media import check_media
from .whatsapp_emulator_templates import BODY_LIMIT, MEDIA_HEADERS, fill, find, variables

UNSENDABLE = {'PAUSED': 132015, 'DISABLED': 132016}
# more than four spaces in a row, says the API
UNFIT = re.compile(r'[\n\r\t]| {5,}')
BUTTON_TYPES = {'QUICK_REPLY': 'QuickReply', 'URL': 'Url', 'COPY_CODE': 'CopyCode'}


def sendable(templates, sent):
    """Return the template that a message names, or refuse it."""
    name, code = sent.get('name'), (sent.get('language') or {}).get('code')
    if not name:
        raise missing("template['name']")
    if not code:
        raise missing("template['language']['code']")
    template = find(templates, name, code)
    if template and template.status in UNSENDABLE:
        raise Refusal(UNSENDABLE[template.status], f'template {name} is {template.status.lower()}')
    if not template or template.status != 'APPROVED':
        raise Refusal(132001, f'template name ({name}) does not exist in {code}')
    return template


def fill_in(template, sent, media):
    """Check the parameters of a template message and return what the person will see.

    :param media: the files that were uploaded, by identifier
    """
    parts = [_lowered(part) for part in sent.get('components') or []]
    for part in parts:
        if part['type'] not in ('header', 'body', 'button'):
            raise Refusal(100, f'Unexpected component type {part["type"]}')
    headers = [part for part in parts if part['type'] == 'header']
    bodies = [part for part in parts if part['type'] == 'body']
    view = {'template': template.name}
    view |= _header(template, headers[0] if headers else {}, media)
    text = template.component('BODY').get('text', '')
    view['text'] = _text(template, 'body', text, bodies[0] if bodies else {})
    if len(view['text']) > BODY_LIMIT:
        raise Refusal(132005, f'body: translated text is longer than {BODY_LIMIT} characters')
    if footer := template.component('FOOTER').get('text'):
        view['footer'] = footer
    view['buttons'] = _buttons(template, [part for part in parts if part['type'] == 'button'])
    return view


def _lowered(part):
    """Return the component with its type in lower case: clients write both."""
    return part | {'type': str(part.get('type', '')).lower()}


def _header(template, part, media):
    """Check the header's parameters."""
    header = template.component('HEADER')
    kind = header.get('format', '').upper()
    given = part.get('parameters') or []
    if not kind:
        if given:
            raise Refusal(132018, 'header: the template has no header')
        return {}
    if kind == 'TEXT':
        return {'header': _text(template, 'header', header['text'], part)}
    received = str(given[0].get('type', '')).upper() if given else 'UNKNOWN'
    if received != kind:
        raise Refusal(132012, f'header: Format mismatch, expected {kind}, received {received}')
    if kind not in MEDIA_HEADERS:
        return {}
    name = kind.lower()
    return {'media': check_media(name, given[0].get(name) or {}, media)}


def _text(template, place, text, part):
    """Check the parameters of a text and return it filled in."""
    names = variables(text)
    given = part.get('parameters') or []
    if len(given) != len(names):
        raise Refusal(
            132000,
            f'{place}: number of localizable_params ({len(given)}) does not match the expected '
            f'number of params ({len(names)})',
        )
    values = [_value(place, parameter) for parameter in given]
    if template.parameter_format != 'NAMED':
        return fill(text, dict(zip(names, values)))
    labels = [parameter.get('parameter_name') for parameter in given]
    if not all(labels):
        raise Refusal(100, 'Parameter name is missing or empty')
    if set(labels) != set(names):
        raise Refusal(132000, f'{place}: expected the params {", ".join(names)}')
    return fill(text, dict(zip(labels, values)))


def _value(place, parameter):
    """Return a parameter's text."""
    kind = str(parameter.get('type', '')).lower()
    if kind in ('currency', 'date_time'):
        text = (parameter.get(kind) or {}).get('fallback_value')
    elif kind == 'text':
        text = parameter.get('text')
    else:
        raise Refusal(132012, f'{place}: Format mismatch, expected TEXT, received {kind.upper()}')
    if not isinstance(text, str) or not text.strip():
        raise Refusal(131008, f'Parameter of type {kind} is missing {kind} value')
    if UNFIT.search(text):
        raise Refusal(
            132018,
            f'{place}: Param text cannot have new-line/tab characters or more than 4 '
            'consecutive spaces',
        )
    return text


def _buttons(template, parts):
    """Check the buttons' parameters and return the buttons as the person sees them."""
    given = {}
    for part in parts:
        index = str(part.get('index', ''))
        if not index.isdigit() or int(index) >= len(template.buttons):
            raise Refusal(132018, f'buttons: The template has no button at index {index}')
        given[int(index)] = part
    return [_button(n, button, given.get(n)) for n, button in enumerate(template.buttons)]


def _button(index, button, part):
    """Check the parameter of one button."""
    kind = button['type'].upper()
    if part and str(part.get('sub_type', '')).upper() != kind:
        expected = BUTTON_TYPES.get(kind, kind)
        raise Refusal(132018, f'buttons: Button at index {index} must be of type {expected}')
    parameters = (part or {}).get('parameters') or []
    shown = {'kind': kind.lower(), 'text': button['text']}
    if kind == 'QUICK_REPLY':
        payload = parameters[0].get('payload') if parameters else button['text']
        if not payload:
            raise Refusal(131008, f'buttons: Button at index {index} is missing its payload')
        return shown | {'payload': payload}
    if kind == 'URL':
        return shown | {'url': _url(index, button['url'], parameters)}
    return shown | {'value': button.get('phone_number', '')}


def _url(index, url, parameters):
    """Return the address of a button, whose template holds all but the last part."""
    if not variables(url):
        if parameters:
            raise Refusal(132018, f'buttons: Button at index {index} does not take a parameter')
        return url
    if not parameters:
        raise Refusal(131008, f'buttons: Button at index {index} of type Url requires a parameter')
    return fill(url, dict.fromkeys(variables(url), _value('buttons', parameters[0])))
