"""Templates: the rules for creating one, for filling one in, and the list of them."""

import base64
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from .whatsapp_emulator_errors import Refusal, missing

VARIABLE = re.compile(r'\{\{\s*(\w+)\s*\}\}')
CATEGORIES = ('UTILITY', 'MARKETING', 'AUTHENTICATION')
MEDIA_HEADERS = ('IMAGE', 'VIDEO', 'DOCUMENT', 'GIF')
BODY_LIMIT = 1024
SHORT_LIMIT = 60
BUTTON_LIMIT = 25
MAX_BUTTONS = 10
PAGE = 25
LIMIT = 6000
# a template's status after an event that is not called like it
STATUS_AFTER = {'REINSTATED': 'APPROVED', 'FLAGGED': 'APPROVED', 'UNARCHIVED': 'APPROVED'}


@dataclass
class Template:
    """A template in one language, in the words of the API."""

    id: str
    name: str
    language: str
    category: str
    components: list
    status: str = 'PENDING'
    parameter_format: str = 'POSITIONAL'
    quality: str = 'UNKNOWN'
    quality_date: int = 0
    rejected_reason: str = 'NONE'

    def component(self, kind):
        """Return the component of that type, or nothing."""
        return next((one for one in self.components if one['type'].upper() == kind), {})

    @property
    def buttons(self):
        """The buttons, in order."""
        return self.component('BUTTONS').get('buttons', [])

    def node(self, fields=''):
        """Return the template's JSON, or only *fields* of it (comma-separated)."""
        known = {
            'id': self.id,
            'name': self.name,
            'language': self.language,
            'status': self.status,
            'category': self.category,
            'quality_score': {'score': self.quality, 'date': self.quality_date},
            'components': self.components,
            'parameter_format': self.parameter_format,
            'rejected_reason': self.rejected_reason,
        }
        wanted = {'id', *fields.split(',')} if fields else known.keys()
        return {name: value for name, value in known.items() if name in wanted}


def variables(text):
    """Return the names of a text's variables, each once, in order."""
    return list(dict.fromkeys(VARIABLE.findall(text or '')))


def fill(text, values):
    """Return the text with its variables replaced by *values* (name: text)."""
    return VARIABLE.sub(lambda found: values.get(found[1], found[0]), text or '')


def check_new(payload, templates):
    """Refuse a template that the API would not take for review."""
    for name in ('name', 'language', 'category', 'components'):
        if not payload.get(name):
            raise missing(name)
    if not re.fullmatch(r'[a-z0-9_]{1,512}', payload['name']):
        raise _invalid(2388089, 'Name', 'Names hold lower case letters, digits and underscores.')
    if payload['category'].upper() not in CATEGORIES:
        raise Refusal(100, f'category must be one of {", ".join(CATEGORIES)}')
    if find(templates, payload['name'], payload['language']):
        raise _invalid(2388024, 'Content in This Language Already Exists', 'Choose another name.')
    bodies = [one for one in payload['components'] if one.get('type', '').upper() == 'BODY']
    if len(bodies) != 1:
        raise Refusal(100, 'A template has one component of type BODY')
    for component in payload['components']:
        check = NEW_COMPONENTS.get(component.get('type', '').upper())
        if not check:
            raise Refusal(100, f'Unknown component {component.get("type")}')
        check(component, payload.get('parameter_format', 'POSITIONAL').upper())


def _invalid(subcode, title, sentence):
    """Return the refusal of a template's content."""
    return Refusal(100, subcode=subcode, message='Invalid parameter', user_texts=(title, sentence))


def _check_new_body(component, form):
    text = component.get('text') or ''
    names = variables(text)
    if not text or len(text) > BODY_LIMIT:
        raise _invalid(2388040, 'Character limit', f'The body has 1 to {BODY_LIMIT} characters.')
    # what stands around the variable counts only when it is a word
    inner = re.sub(r'^[^\w{]+|[^\w}]+$', '', text)
    if names and (inner.startswith('{{') or inner.endswith('}}')):
        raise _invalid(
            2388299,
            "Variables Can't Be at the Start or End",
            "Variables can't be at the start or end of the template.",
        )
    found = VARIABLE.findall(text)
    words = re.findall(r'\w+', VARIABLE.sub(' x ', text))
    # the ratio that providers found by trial: words with variables ≥ 3 per variable + 1
    if found and len(words) < 3 * len(found) + 1:
        raise _invalid(
            2388293,
            'Parameters Words Ratio Exceeds Limit',
            'This template has too many variables for its length.',
        )
    _check_names(names, form)
    _check_example(component, 'body_text', names, form)


def _check_names(names, form):
    """Refuse variables that are not numbered from 1, or not named when they should be."""
    if form == 'NAMED':
        wrong = [name for name in names if not re.fullmatch(r'[a-z][a-z0-9_]*', name)]
    else:
        wrong = names if names != [str(n + 1) for n in range(len(names))] else []
    if wrong:
        raise _invalid(2388073, 'Variables', f'These variables are not valid: {", ".join(wrong)}')


def _check_example(component, key, names, form):
    """Refuse variables without a sample for the person who reviews."""
    example = component.get('example', {})
    if form == 'NAMED':
        samples = example.get(f'{key}_named_params', [])
    else:
        samples = example.get(key) or []
        samples = samples[0] if samples and isinstance(samples[0], list) else samples
    if names and len(samples) != len(names):
        details = f"component of type {component['type']} is missing expected field(s) (example)"
        raise _invalid(2388043, 'Sample', details)


def with_samples(components, form):
    """Return components whose texts have samples for their variables, as approved ones have."""
    complete = []
    for component in components:
        kind = component['type'].upper()
        names = variables(component.get('text'))
        if names and kind in ('BODY', 'HEADER') and not component.get('example'):
            key = f'{kind.lower()}_text'
            if form == 'NAMED':
                named = [{'param_name': name, 'example': name} for name in names]
                example = {f'{key}_named_params': named}
            else:
                example = {key: [names] if kind == 'BODY' else names}
            component = component | {'example': example}
        complete.append(component)
    return complete


def _check_new_header(component, form):
    kind = component.get('format', '').upper()
    if kind not in ('TEXT', 'LOCATION', *MEDIA_HEADERS):
        raise _invalid(2388047, 'Message Header', 'The format of the header is not known.')
    if kind != 'TEXT':
        return
    names = variables(component.get('text'))
    if not component.get('text') or len(component['text']) > SHORT_LIMIT:
        raise _invalid(2388040, 'Character limit', f'A header has 1 to {SHORT_LIMIT} characters.')
    if len(names) > 1:
        raise _invalid(2388047, 'Message Header', 'A header has one variable at most.')
    _check_names(names, form)
    _check_example(component, 'header_text', names, form)


def _check_new_footer(component, _form):
    text = component.get('text') or ''
    if not text or len(text) > SHORT_LIMIT or variables(text):
        sentence = f'A footer has 1 to {SHORT_LIMIT} characters and no variables.'
        raise _invalid(2388072, 'Message Footer', sentence)


def _check_new_buttons(component, _form):
    buttons = component.get('buttons') or []
    if not 1 <= len(buttons) <= MAX_BUTTONS:
        raise _invalid(2388060, 'Buttons', f'A template has 1 to {MAX_BUTTONS} buttons.')
    for button in buttons:
        if not 1 <= len(button.get('text') or '') <= BUTTON_LIMIT:
            raise _invalid(2388040, 'Character limit', f'A button has 1 to {BUTTON_LIMIT} letters.')
        names = variables(button.get('url'))
        at_end = not names or button['url'].endswith('}}')
        if len(names) > 1 or not at_end:
            raise _invalid(2388060, 'Buttons', 'A URL has one variable at most, at its end.')
        if names and not button.get('example'):
            raise _invalid(2388043, 'Sample', 'A URL with a variable needs an example.')


NEW_COMPONENTS = {
    'BODY': _check_new_body,
    'HEADER': _check_new_header,
    'FOOTER': _check_new_footer,
    'BUTTONS': _check_new_buttons,
}


def find(templates, name, language):
    """Return the template with that name in that language, or nothing."""
    matches = (one for one in templates if (one.name, one.language) == (name, language))
    return next(matches, None)


def page(templates, query, address):
    """Return one page of the list, filtered and cut like the API does.

    :param query: the request's parameters: limit, after, fields and filters
    :param address: the list's own, for ``paging.next``
    """
    filters = {
        key: query[key] for key in ('name', 'language', 'status', 'category') if key in query
    }
    shown = [
        one
        for one in templates
        if all(getattr(one, key) in wanted.split(',') for key, wanted in filters.items())
    ]
    summary = {
        'total_count': len(shown),
        'message_template_count': len(templates),
        'message_template_limit': LIMIT,
        'are_translations_complete': False,
    }
    start, limit = _offset(query.get('after')), _limit(query.get('limit'))
    chosen = shown[start : start + limit]
    answer = {'data': [one.node(query.get('fields', '')) for one in chosen]}
    if asked := query.get('summary'):
        answer['summary'] = {name: summary[name] for name in asked.split(',') if name in summary}
    if chosen:
        cursors = {'before': _cursor(start), 'after': _cursor(start + len(chosen))}
        answer['paging'] = {'cursors': cursors}
        if start + limit < len(shown):
            following = query | {'limit': limit, 'after': cursors['after']}
            answer['paging']['next'] = f'{address}?{urlencode(following)}'
    return answer


def _limit(text):
    if not text:
        return PAGE
    if not text.isdigit() or not int(text):
        raise Refusal(100, message='Param limit must be a positive number')
    return int(text)


def _cursor(offset):
    return base64.urlsafe_b64encode(f'at:{offset}'.encode()).decode().rstrip('=')


def _offset(cursor):
    if not cursor:
        return 0
    try:
        return int(base64.urlsafe_b64decode(cursor + '=' * (-len(cursor) % 4)).split(b':')[1])
    except (ValueError, IndexError) as error:
        raise Refusal(100, 'Invalid cursors values', message='Invalid parameter') from error
