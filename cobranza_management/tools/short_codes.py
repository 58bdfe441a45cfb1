"""Short codes that carry a number and the proof that we gave it out, for links typed on a telephone."""

import base64
import hmac

ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz'
#: Characters of the proof: 9 × 6 bits, beyond guessing over a network.
PROOF_LENGTH = 9


def encode(number, secret):
    """Return the code of a positive number.

    :param bytes secret: what only this database knows

    >>> code = encode(1234, b'secret')
    >>> code.endswith('ya'), len(code)
    (True, 11)
    >>> decode(code, b'secret')
    1234
    """
    digits = ''
    rest = number
    while rest:
        rest, digit = divmod(rest, 36)
        digits = ALPHABET[digit] + digits
    return _proof(number, secret) + digits


def decode(code, secret):
    """Return the number of a code, or None when it is not one of ours.

    >>> decode('AAAAAAAAAya', b'secret'), decode('', b'secret'), decode('AAAAAAAAA*', b'secret')
    (None, None, None)
    """
    proof, digits = code[:PROOF_LENGTH], code[PROOF_LENGTH:]
    if not digits or len(digits) > 12 or any(digit not in ALPHABET for digit in digits):
        return None
    number = int(digits, 36)
    genuine = code.isascii() and hmac.compare_digest(proof, _proof(number, secret))
    return number if genuine and encode(number, secret) == code else None


def _proof(number, secret):
    digest = hmac.digest(secret, str(number).encode(), 'sha256')
    return base64.urlsafe_b64encode(digest).decode()[:PROOF_LENGTH]
