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


#: Shorter numbers are extensions and short codes: alike by chance.
_LEAST_DIGITS = 7


def same_address(first, second):
    """Tell whether two addresses are the same, one of the numbers perhaps without its country.

    >>> same_address('+57 300 111 2233', '300-1112233'), same_address('0300 111 2233', '+57 300 111 2233')
    (True, True)
    >>> same_address('+57 300 111 2233', '+57 300 111 2234'), same_address('33', '+57 300 111 2233')
    (False, False)
    >>> same_address('Ana@example.com', 'ana@example.com'), same_address('', '')
    (True, False)
    """
    short, long = sorted((address_key(first), address_key(second)), key=len)
    if '@' in long or '@' in short:
        return short == long
    short = short.lstrip('0')
    return len(short) >= _LEAST_DIGITS and long.endswith(short)
