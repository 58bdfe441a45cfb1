"""Proof that a webhook comes from whoever holds the app's secret (`X-Hub-Signature-256`)."""

import hashlib
import hmac

PREFIX = 'sha256='


def sign(body, secret):
    """Return the header's value for a raw body.

    >>> sign(b'{}', 'secret')[:17]
    'sha256=77325902ca'
    """
    return PREFIX + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(body, header, secret):
    """Tell whether `secret` signed the raw body; compared in constant time.

    >>> is_signed(b'{}', sign(b'{}', 'a'), 'a'), is_signed(b'{}', sign(b'{}', 'b'), 'a')
    (True, False)
    >>> is_signed(b'{}', sign(b'{}', ''), ''), is_signed(b'{}', 'ñ', 'a'), is_signed(b'{}', None, 'a')
    (False, False, False)
    """
    return bool(secret) and hmac.compare_digest(
        sign(body, secret).encode(), (header or '').encode()
    )
