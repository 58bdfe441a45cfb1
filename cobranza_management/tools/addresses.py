"""Telling whether two ways of writing an address mean the same one."""

import re

_NOT_DIGIT = re.compile(r'\D')


def address_key(value):
    """Return what identifies a phone number or e-mail address, however it is written.

    >>> address_key(' +57 (300) 111-2233 ')
    '573001112233'
    >>> address_key('Ana@Example.com ')
    'ana@example.com'
    >>> address_key(None)
    ''
    """
    text = (value or '').strip().lower()
    return text if '@' in text else _NOT_DIGIT.sub('', text)
