"""The few words a message template may contain: {{debtor_name}}, {{amount}}…"""

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
    parts, last = [], 0
    for match in PATTERN.finditer(text):
        parts.append(kind(text[last : match.start()]))
        parts.append(values.get(match.group(1), ''))
        last = match.end()
    parts.append(kind(text[last:]))
    return kind('').join(parts)
