"""The few words a message template may contain: {{debtor_name}}, {{amount}}…"""

import functools
import itertools
import re

PATTERN = re.compile(r'{{\s*([^{}]*?)\s*}}')


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

    The type of `text` decides: filling Markup escapes plain values.

    >>> fill('Dear {{name}}', {'name': 'Ana'})
    'Dear Ana'
    """
    kind = type(text)
    parts = [
        values.get(part, '') if is_name else kind(part)
        for part, is_name in zip(_parse(str(text)), itertools.cycle((False, True)))
    ]
    return kind('').join(parts)


@functools.lru_cache(maxsize=256)
def _parse(text):
    """Return the pieces of a text, at odd places the names; a batch fills in the same few texts."""
    return tuple(PATTERN.split(text))
