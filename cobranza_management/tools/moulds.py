"""Texts that are rendered once and filled in many times."""

import re
from uuid import uuid4

from markupsafe import Markup, escape


class Mould:
    """A fragment of HTML rendered once, with gaps for what differs from one message to the next.

    >>> mould = Mould(lambda gap: f'<a href="{gap("url")}">{gap("name")}</a>')
    >>> mould.fill(name='A & B', url='https://example.com')
    Markup('<a href="https://example.com">A &amp; B</a>')
    """

    def __init__(self, render):
        """Render the fragment.

        :param render: function of `gap`, which returns what stands for a value by its name
        """
        # nobody can guess it, so no text that is rendered with the fragment passes for a gap
        key = uuid4().hex
        text = render(lambda name: f'gap-{key}-{name}-')
        # at odd places the names
        self._parts = re.split(rf'gap-{key}-(\w+)-', text)

    def fill(self, **values):
        """Return the fragment with its gaps filled; plain values are escaped, `Markup` is taken as it is."""
        escaped = {name: str(escape(value)) for name, value in values.items()}
        parts = self._parts[:]
        parts[1::2] = [escaped[name] for name in parts[1::2]]
        return Markup(''.join(parts))
