"""How many messages a text takes on a telephone network (3GPP TS 23.038), and how to make it take fewer."""

import unicodedata
from typing import NamedTuple

BASIC = frozenset(
    '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿'
    'abcdefghijklmnopqrstuvwxyzäöñüà'
)
#: Written as two characters.
EXTENSION = frozenset('\f^{}\\[~]|€')
#: Characters of one message, and of each of several that are joined on the telephone.
GSM7, UCS2 = (160, 153), (70, 67)
#: What word processors and number formats put where a plain character says the same.
PLAIN = str.maketrans(
    {
        '\u00a0': ' ', '\u202f': ' ', '\u2009': ' ', '\u200e': '', '\u200f': '', '\t': ' ',
        '‘': "'", '’': "'", '“': '"', '”': '"', '«': '"', '»': '"',
        '–': '-', '—': '-', '−': '-', '…': '...', '•': '-', '·': '-', 'º': 'o', 'ª': 'a',
    }
)  # fmt: skip


class SmsSize(NamedTuple):
    """The size of a text: its encoding, its characters as the network counts them, its messages."""

    encoding: str
    length: int
    segments: int


def size(text):
    """Return the SmsSize of `text`.

    >>> size('Hola')
    SmsSize(encoding='GSM-7', length=4, segments=1)
    >>> size('ó' * 71)
    SmsSize(encoding='UCS-2', length=71, segments=2)
    >>> size('€' * 80).segments, size('€' * 81).segments
    (1, 2)
    >>> size('').segments
    0
    """
    gsm7 = _fits_gsm7(text)
    units = [_units(char, gsm7) for char in text]
    alone, joined = GSM7 if gsm7 else UCS2
    length = sum(units)
    segments = (1 if length else 0) if length <= alone else _pack(units, joined)
    return SmsSize('GSM-7' if gsm7 else 'UCS-2', length, segments)


def thrifty(text):
    """Return `text` without accents and typographic signs when that makes it fit the cheap alphabet.

    A text that cannot fit it, such as one in Greek, keeps every letter.

    >>> thrifty('Pagó S/\\u00a010 “hoy”: así es, señor')
    'Pago S/ 10 "hoy": asi es, señor'
    >>> thrifty('Pagó ₡ 10')
    'Pagó ₡ 10'
    """
    plain = ''.join(map(_fold, text.translate(PLAIN)))
    return plain if _fits_gsm7(plain) else text


def _fits_gsm7(text):
    return all(char in BASIC or char in EXTENSION for char in text)


def _fold(char):
    """Return the letter without its accent, if only its accent keeps it out of the alphabet."""
    if char in BASIC or char in EXTENSION:
        return char
    base = unicodedata.normalize('NFKD', char)[0]
    return base if base in BASIC else char


def _units(char, gsm7):
    if gsm7:
        return 2 if char in EXTENSION else 1
    return 2 if ord(char) > 0xFFFF else 1


def _pack(units, room):
    """Return how many messages of `room` the characters take; one of two units is never torn apart."""
    segments, left = 1, room
    for unit in units:
        if unit > left:
            segments, left = segments + 1, room
        left -= unit
    return segments
