"""The amount somebody means: "1.200,50", "la mitad", "el 30%", "2 mil", "quinientos"."""

import re
from decimal import ROUND_HALF_UP, Decimal

from .understanding_words import ADDENDS, FACTORS, number_of, plain

CENT = Decimal('0.01')
#: A number so much larger than what is owed was meant otherwise.
PLAUSIBLE = Decimal('1.5')

_MONEY = (
    r'(?:s/\.?|b/\.?|us\$|u\$s|rd\$|r\$|mx\$|[$€£₡₲]|'
    r'(?:usd|eur|pen|mxn|cop|clp|ars|uyu|pyg|bob|gtq|hnl|nio|crc|dop|ves|brl|bs|gs|q|l)\.?)'
)
#: What may follow a number that is an amount of money.
_MONEY_WORDS = (
    r'(?:pesos?|soles|sol|dolares|dolar|euros?|quetzales|lempiras|bolivianos|bolivares|guaranies|colones|'
    r'cordobas|balboas|reales|dollars?|bucks|mangos)'
)
_MULTIPLIERS = {
    'mil': 1000, 'k': 1000, 'lucas': 1000, 'luca': 1000, 'millon': 1_000_000, 'millones': 1_000_000,
}  # fmt: skip
_OTHER_UNITS = (
    r'(?:dias?|days?|semanas?|weeks?|mes|meses|months?|cuotas?|pagos|partes|veces|facturas?|horas?|hs|hrs?|am|pm|'
    r'anos?|documentos?|recibos?|letras?)\b'
)
_GROUPED = r"[0-9]{1,3}(?:[ .,'][0-9]{3}){1,5}(?:[.,][0-9]{1,2})?(?![0-9])"
_DIGITS = re.compile(
    rf'(?:(?<![a-z0-9]){_MONEY}\s*|(?<![\w.,/:#-])(?<!\ba las )(?<!\bnumero )(?<!\boperacion )(?<!\bop )(?<!\bnro )'
    rf'(?<!\bnro\. )(?<!\bref )(?<!\bcodigo )(?<!\bcuenta ))'
    rf'(?P<number>{_GROUPED}|[0-9]{{1,15}}(?:[.,][0-9]+)?)'
    rf'(?:\s*(?P<multiplier>{"|".join(sorted(_MULTIPLIERS, key=len, reverse=True))})\b)?'
    rf'(?![0-9]|(?!{_MONEY_WORDS}|{_MONEY})[a-z]|\s*%|\s*por ?ciento|\s*percent|[/:-][0-9]|[.,][0-9]|\s*{_OTHER_UNITS})'
)
_WORD = '|'.join(sorted([*ADDENDS, *FACTORS], key=len, reverse=True))
_IN_WORDS = re.compile(
    rf'\b(?P<phrase>(?:{_WORD})(?:\s+(?:y\s+)?(?:{_WORD}))*)\b(?!\s+(?:gracias|disculpas|perdones|{_OTHER_UNITS}))'
    rf'(?P<money>\s+(?:{_MONEY_WORDS}))?(?P<percent>\s+por\s+ciento)?'
)
_PERCENT = re.compile(
    r'(?<![\w.,])(?P<percent>[0-9]{1,3}(?:[.,][0-9]{1,2})?)\s*(?:%|por ?ciento|percent)'
)
_ALL = (
    r'(?<!sobre )\b(?:todo|toda|todito|total|totalidad|completo|completa|everything|all|full|entire)\b'
    r'(?!\s+(?:bien|ok|mal|el mundo))'
)
_SHARES = tuple(
    (re.compile(pattern), Decimal(over) / under)
    for pattern, over, under in (
        (_ALL, 1, 1),
        (r'\b(?:mitad|half)\b', 1, 2),
        (r'\bdos\s+tercios\b', 2, 3),
        (r'\b(?:un\s+tercio|tercera\s+parte|a third)\b', 1, 3),
        (r'\btres\s+cuartos\b|\btres\s+cuartas\s+partes\b', 3, 4),
        (r'\b(?:un\s+cuarto|cuarta\s+parte|a quarter)\b', 1, 4),
    )
)
#: Amounts somebody names to say that it will not be so much.
_NOT_SO_MUCH = re.compile(
    r'\bno\s+(?:puedo|tengo|podre|llego|alcanzo|me alcanza)\s+(?:(?:a|para|con|pagar|pagarlo|pagarles)\s+)*'
    r'(?:el\s+|los\s+|la\s+)?(?:todo|toda|total|totalidad|completo|mitad)\b'
)


def find_amount(text, owed=None, decimal_mark=None):
    """Return the amount that `text` names, to the cent, None if it names none.

    :param owed: Decimal, what "todo" is; None when nobody knows, and shares of it are not understood
    :param decimal_mark: ',' or '.', as the country writes; decides when a number can be read both ways

    >>> owed = Decimal('3000')
    >>> [str(find_amount(text, owed)) for text in ('la mitad', 'el 30%', 'S/ 1,200', '1.200,50', '1.5 mil', 'todo')]
    ['1500.00', '900.00', '1200.00', '1200.50', '1500.00', '3000']
    >>> str(find_amount('1.200', Decimal('2'), '.')), str(find_amount('1.200', owed, '.'))
    ('1.20', '1200.00')
    >>> find_amount('el 15/03', owed), find_amount('en 3 cuotas', owed)
    (None, None)
    """
    return amount_in(plain(text), owed, decimal_mark)


def amount_in(said, owed=None, decimal_mark=None):
    """Return the amount that plain text names first, None if it names none."""
    said = _NOT_SO_MUCH.sub(' ; ', said)
    found = [*_shares(said, owed), *_numbers(said, owed, decimal_mark), *_words(said, owed)]
    return min(found)[1] if found else None


def _shares(said, owed):
    """Yield (place, amount) of the parts of what is owed."""
    if owed is None:
        return
    for pattern, part in _SHARES:
        for match in pattern.finditer(said):
            yield match.start(), owed if part == 1 else _cents(owed * part)
    for match in _PERCENT.finditer(said):
        yield match.start(), _cents(owed * Decimal(match['percent'].replace(',', '.')) / 100)


def _numbers(said, owed, decimal_mark):
    """Yield (place, amount) of the numbers in digits."""
    for match in _DIGITS.finditer(said):
        times = _MULTIPLIERS.get(match['multiplier'])
        if times:
            amount = Decimal(_decimal_only(match['number'])) * times
        else:
            amount = read_number(match['number'], owed, decimal_mark)
        yield match.start('number'), _cents(amount)


def _decimal_only(number):
    """Return a number that is multiplied, "1,5 mil": its only mark is the decimal one."""
    number = number.replace(' ', '').replace("'", '')
    return (
        number.replace(',', '.')
        if len(re.findall('[.,]', number)) < 2
        else re.sub('[.,]', '', number)
    )


def _words(said, owed):
    """Yield (place, amount) of the numbers in words; small ones count things unless money is named."""
    for match in _IN_WORDS.finditer(said):
        number = number_of(match['phrase'])
        if match['percent']:
            if owed is not None:
                yield match.start(), _cents(owed * number / 100)
        elif number >= 20 or match['money']:
            yield match.start(), _cents(Decimal(number))


def read_number(number, owed=None, decimal_mark=None):
    """Return the Decimal of digits with marks, whichever way the country writes them.

    The last of two different marks is the decimal one. A single mark with three digits after it parts thousands,
    unless it is the country's decimal mark and the thousands were far more than what is owed.

    >>> [str(read_number(text)) for text in ('1.200,50', '1,200.50', '1 200', '12,5', '1.200.300', '1.200', '0.500')]
    ['1200.50', '1200.50', '1200', '12.5', '1200300', '1200', '0.500']
    """
    number = re.sub(r"[ ']", '', number)
    marks = re.findall('[.,]', number)
    if not marks:
        return Decimal(number)
    whole, _mark, rest = number.rpartition(marks[-1])
    decimal = Decimal(f'{re.sub("[.,]", "", whole)}.{rest}')
    if len(set(marks)) > 1:
        return decimal
    thousands = Decimal(re.sub('[.,]', '', number))
    if len(marks) > 1:
        return thousands
    if len(rest) != 3 or len(whole) > 3 or whole.startswith('0'):
        return decimal
    too_much = owed is not None and thousands > owed * PLAUSIBLE
    return decimal if marks[0] == decimal_mark and too_much else thousands


def _cents(amount):
    return amount.quantize(CENT, ROUND_HALF_UP)
