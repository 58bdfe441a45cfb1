"""Turn a text with our placeholders into a template that WhatsApp may approve, or say what it would refuse."""

import re

from .template_words import VARIABLE

MAX_BODY, MAX_BUTTON = 1024, 25
NAME = re.compile(r'^[a-z0-9_]{1,512}$')
#: Words a text needs around each of its variables; providers tell of this rule, Meta does not give the number.
WORDS_PER_VARIABLE = 3


def numbered(text):
    """Return (the text with its placeholders numbered, the placeholders in that order).

    >>> numbered('Hola {{debtor_name}}, debe {{ amount }}. {{debtor_name}}')
    ('Hola {{1}}, debe {{2}}. {{1}}', ['debtor_name', 'amount'])
    """
    names = list(dict.fromkeys(VARIABLE.findall(text or '')))
    number = {name: str(place) for place, name in enumerate(names, start=1)}
    return VARIABLE.sub(lambda match: f'{{{{{number[match[1]]}}}}}', text or ''), names


def problems(name, text, button=''):
    """Return the codes of what WhatsApp would refuse, in the order in which people meet them.

    >>> problems('Cobranza 1', 'Hola {{amount}}')
    ['name', 'edge', 'words']
    >>> problems('cobranza_1', 'Hola, le recordamos que debe {{amount}} desde hace unos días.')
    []
    """
    words = (text or '').strip()
    variables = VARIABLE.findall(words)
    plain = VARIABLE.sub(' x ', words)
    edges = re.sub(r'[^\w{}]+$', '', words), re.sub(r'^[^\w{}]+', '', words)
    checks = (
        ('name', not NAME.match(name or '')),
        ('empty', not words),
        ('long', len(words) > MAX_BODY),
        ('edge', edges[0].endswith('}}') or edges[1].startswith('{{')),
        ('words', bool(variables) and len(plain.split()) < WORDS_PER_VARIABLE * len(variables) + 1),
        ('lines', '\n\n\n' in words),
        ('button', len(button or '') > MAX_BUTTON),
    )
    return [code for code, wrong in checks if wrong]


def draft_components(text, samples, button='', url='', with_document=False):
    """Return the `components` of a template to be approved.

    :param dict samples: {placeholder: an example of it}, which Meta asks for
    :param url: address of the button, ending in `{{1}}`; the button is left out without its text
    """
    body, names = numbered(text)
    components = []
    if with_document:
        components.append({'type': 'HEADER', 'format': 'DOCUMENT'})
    example = {'example': {'body_text': [[samples.get(name) or name for name in names]]}}
    components.append({'type': 'BODY', 'text': body, **(example if names else {})})
    if button:
        sample = [VARIABLE.sub('A1b2C3', url)]
        components.append(
            {
                'type': 'BUTTONS',
                'buttons': [{'type': 'URL', 'text': button, 'url': url, 'example': sample}],
            }
        )
    return components
