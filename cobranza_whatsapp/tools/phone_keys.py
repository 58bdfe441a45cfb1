"""One key for the ways in which a telephone number is written by people, by networks and by WhatsApp.

WhatsApp keeps digits that numbering plans have dropped, and drops some that they have added: Mexico's 1 after 52,
Argentina's 9 after 54, Brazil's ninth digit. Numbers are compared by a key without them.
"""

import re

#: What may stand between the country's code and the rest: (pattern of the digits, what is left of them).
OPTIONAL_DIGITS = (
    (re.compile(r'^521(\d{10})$'), r'52\1'),
    (re.compile(r'^549(\d{10})$'), r'54\1'),
    # what begins with 2 to 5 after it is a fixed line's, or was never written without it
    (re.compile(r'^55(\d{2})9([6-9]\d{7})$'), r'55\1\2'),
)


def digits_of(number):
    """Return the digits of a number, as the API wants them.

    >>> digits_of('+52 55 1234-5678')
    '525512345678'
    """
    return re.sub(r'\D', '', number or '')


def phone_key(number):
    """Return what the ways of writing one mobile number have in common; '' for none.

    >>> phone_key('+5215512345678') == phone_key('525512345678') == phone_key('52 55 1234 5678')
    True
    >>> phone_key('5491123456789') == phone_key('+541123456789')
    True
    >>> phone_key('5511987654321') == phone_key('551187654321')
    True
    >>> phone_key('+34600111222'), phone_key('')
    ('34600111222', '')
    """
    digits = digits_of(number)
    for pattern, rest in OPTIONAL_DIGITS:
        if pattern.match(digits):
            return pattern.sub(rest, digits)
    return digits


def spellings(number):
    """Return the ways in which a number may stand in an address book, written in full.

    >>> sorted(spellings('5215512345678'))
    ['+5215512345678', '+525512345678']
    >>> spellings('34600111222')
    ['+34600111222']
    """
    key = phone_key(number)
    national = {
        '52': lambda rest: (rest, f'1{rest}'),
        '54': lambda rest: (rest, f'9{rest}'),
        '55': lambda rest: (rest, f'{rest[:2]}9{rest[2:]}') if rest[2] in '6789' else (rest,),
    }
    long_enough = {'52': 12, '54': 12, '55': 12}
    country = key[:2]
    if len(key) != long_enough.get(country):
        return [f'+{key}'] if key else []
    return [f'+{country}{rest}' for rest in national[country](key[2:])]
