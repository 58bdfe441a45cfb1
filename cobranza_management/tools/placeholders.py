"""The few words a message template may contain: {{debtor_name}}, {{amount}}…"""

import functools
import itertools
import re

PATTERN = re.compile(r'{{\s*([^{}]*?)\s*}}')
#: One full stop, and two of them: three are an ellipsis.
STOP, TWO_STOPS = re.compile(r'\.(?!\.)'), re.compile(r'(?<!\.)\.\.(?!\.)')


def names(text):
    """Return the placeholder names in `text`, in order.

    >>> names('Dear {{ debtor_name }}, you owe {{amount}}.')
    ['debtor_name', 'amount']
    """
    return PATTERN.findall(text or '')


def unknown(text, known):
    """Return the placeholders of `text` that are not in `known`, sorted; broken braces count too.

    >>> unknown('{{amount}} {{nope}}', {'amount'})
    ['nope']
    >>> unknown('{{amount} or {{', {'amount'})
    ['{{']
    """
    found = {name for name in names(text) if name not in known}
    rest = PATTERN.sub('', text or '')
    found.update(brace for brace in ('{{', '}}') if brace in rest)
    return sorted(found)


def fill(text, values):
    """Replace the placeholders of `text`; a missing value becomes an empty string.

    The type of `text` decides: filling Markup escapes plain values. A sentence that ends with a value that has a
    full stop of its own gets no second one.

    >>> fill('Dear {{name}}', {'name': 'Ana'})
    'Dear Ana'
    >>> fill('This is {{name}}. Good day', {'name': 'Sol S.A.C.'})
    'This is Sol S.A.C. Good day'
    """
    kind = type(text)
    parts, before = [], ''
    for part, is_name in zip(_parse(str(text)), itertools.cycle((False, True))):
        value = values.get(part, '') if is_name else kind(part)
        if not is_name and str(before).endswith('.') and STOP.match(part):
            value = kind(part[1:])
        parts.append(value)
        before = value
    return kind('').join(parts)


def one_stop(text):
    """Return `text` with one full stop where an abbreviation ends a sentence.

    >>> one_stop('On top on 28/11/26 9:00 a.m..')
    'On top on 28/11/26 9:00 a.m.'
    >>> one_stop('Sol S.A.C.. Wait...')
    'Sol S.A.C. Wait...'
    """
    return TWO_STOPS.sub('.', text)


@functools.lru_cache(maxsize=256)
def _parse(text):
    """Return the pieces of a text, at odd places the names; a batch fills in the same few texts."""
    return tuple(PATTERN.split(text))
