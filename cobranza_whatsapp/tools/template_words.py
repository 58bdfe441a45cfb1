"""The words of a WhatsApp template: where its variables are, and the components that fill them."""

import re
from typing import NamedTuple

VARIABLE = re.compile(r'\{\{\s*([A-Za-z0-9_]+)\s*\}\}')
#: What the API refuses inside a variable: line breaks, tabs, more than four spaces.
BROKEN_SPACE = re.compile(r'\s+')
MAX_PARAMETER = 1024


class Variable(NamedTuple):
    """One gap of a template.

    :ivar place: `header`, `body` or `button0`, `button1`…
    :ivar name: `1`, `2`… or a name
    """

    place: str
    name: str


def variables_of(components):
    """Return the Variables of a template's components, in their order.

    >>> variables_of([{'type': 'BODY', 'text': 'Hola {{1}}, debe {{2}} a {{1}}'}])
    [Variable(place='body', name='1'), Variable(place='body', name='2')]
    """
    found = []
    for component in components:
        kind = str(component.get('type')).upper()
        if kind in ('HEADER', 'BODY'):
            found += _in_text(kind.lower(), component.get('text'))
        elif kind == 'BUTTONS':
            for index, button in enumerate(component.get('buttons') or ()):
                if str(button.get('type')).upper() == 'URL':
                    found += _in_text(f'button{index}', button.get('url'))
    return found


def _in_text(place, text):
    return [Variable(place, name) for name in dict.fromkeys(VARIABLE.findall(text or ''))]


def part(components, kind):
    """Return the component of a kind, {} when there is none."""
    return next((c for c in components if str(c.get('type')).upper() == kind), {})


def fill_text(text, values):
    """Return a text with its variables filled in.

    >>> fill_text('Hola {{1}}', {'1': 'Ana'})
    'Hola Ana'
    """
    return VARIABLE.sub(lambda match: values.get(match[1], match[0]), text or '')


def tidy(value):
    """Return a value as the API takes it in a variable: one line, and something.

    >>> tidy('  a\\n b\\t'), tidy('')
    ('a b', '-')
    """
    return BROKEN_SPACE.sub(' ', value).strip()[:MAX_PARAMETER] or '-'


def components_of(components, values, document=None, named=False):
    """Return the `components` of a message that fill in a template.

    :param dict values: {Variable: text}
    :param dict document: `link` or `id`, and `filename`, of a document header
    :param bool named: the template names its variables instead of numbering them
    """
    filled = []
    header = part(components, 'HEADER')
    if document and str(header.get('format')).upper() == 'DOCUMENT':
        filled.append(
            {'type': 'header', 'parameters': [{'type': 'document', 'document': document}]}
        )
    for place in dict.fromkeys(variable.place for variable in values):
        mine = {
            variable.name: tidy(text)
            for variable, text in values.items()
            if variable.place == place
        }
        filled.append(_component(place, mine, named))
    return filled


def _component(place, texts, named):
    parameters = [
        {'type': 'text', **({'parameter_name': name} if named else {}), 'text': text}
        for name, text in texts.items()
    ]
    if not place.startswith('button'):
        return {'type': place, 'parameters': parameters}
    # of the address of a button only what varies is sent, and it has no name
    parameters = [{'type': 'text', 'text': text} for text in texts.values()]
    index = place.removeprefix('button')
    return {'type': 'button', 'sub_type': 'url', 'index': index, 'parameters': parameters}


def suffix_of(pattern, links):
    """Return what the variable of a button's address has to say for it to be one of `links`; '' when none fits.

    >>> suffix_of('https://me.example/c/{{1}}', ['https://me.example/x/1', 'https://me.example/c/ab9'])
    'ab9'
    >>> suffix_of('https://other.example/{{1}}', ['https://me.example/c/ab9'])
    ''
    """
    prefix = VARIABLE.split(pattern)[0]
    return next((link.removeprefix(prefix) for link in links if link.startswith(prefix)), '')
