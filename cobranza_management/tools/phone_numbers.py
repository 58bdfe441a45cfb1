"""What a telephone number can receive."""

import phonenumbers

#: In some numbering plans, those of North America among them, a number does not tell which it is.
MOBILE = {
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
}


def is_mobile(number):
    """Tell whether a number written in full can receive a text message.

    >>> is_mobile('+573001234567'), is_mobile('+576015550101'), is_mobile('+12025550123')
    (True, False, True)
    >>> is_mobile(''), is_mobile('call me')
    (False, False)
    """
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(parsed) in MOBILE
