"""Which document somebody means by its name, or by the number at the end of it."""

import re

from .understanding_words import plain


def find_item(text, items):
    """Return the item that a text names, None if it names none or several.

    :param items: with a `name` each

    >>> from types import SimpleNamespace as Item
    >>> items = [Item(name='F001-12'), Item(name='F001-123'), Item(name='INV/2027/00077')]
    >>> [item and item.name for item in (find_item(text, items) for text in ('la f001 123', 'la 77', 'la 7', 'F-001'))]
    ['F001-123', 'INV/2027/00077', None, None]
    """
    said = plain(text)
    for pattern in (_whole, _number):
        found = [item for item in items if (shape := pattern(item)) and re.search(shape, said)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _whole(item):
    """Return the pattern of a name with any marks between its parts."""
    parts = re.findall(r'[a-z]+|[0-9]+', plain(item.name))
    return rf'(?<![a-z0-9]){r"[^a-z0-9]*".join(parts)}(?![a-z0-9])' if parts else ''


def _number(item):
    """Return the pattern of the number a name ends in, its zeros left out or not."""
    numbers = re.findall(r'[0-9]+', plain(item.name))
    return (
        rf'(?<![0-9])0*{numbers[-1].lstrip("0")}(?![0-9])' if numbers and int(numbers[-1]) else ''
    )
