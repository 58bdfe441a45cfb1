"""What people type on a telephone, made comparable: accents, case, emojis, common misspellings, numbers in words."""

import re
import unicodedata

#: Nobody needs more to say what they want, and what follows a wall of text is not worth the time.
MAX_LENGTH = 1000


def listed(text):
    """Return the words of a list written as a text."""
    return frozenset(text.split())


EMOJIS = {
    '👍': ' si ',
    '👌': ' si ',
    '✅': ' si ',
    '👎': ' no ',
    '❌': ' no ',
    '🙏': ' gracias ',
    '👋': ' hola ',
}

#: Words as they are typed in a hurry.
RESPELLED = {
    'k': 'que', 'q': 'que', 'ke': 'que', 'qe': 'que', 'x': 'por', 'xq': 'porque', 'pq': 'porque', 'd': 'de',
    'kiero': 'quiero', 'qiero': 'quiero', 'quero': 'quiero', 'kuanto': 'cuanto', 'qanto': 'cuanto', 'cuato': 'cuanto',
    'quanto': 'cuanto', 'devo': 'debo', 'deve': 'debe', 'page': 'pague', 'pagues': 'pague', 'paque': 'pague',
    'pgue': 'pague', 'pagao': 'pagado', 'tranferi': 'transferi', 'trasferi': 'transferi', 'transfer': 'transferi',
    'transferencias': 'transferencia', 'tranferencia': 'transferencia', 'trasferencia': 'transferencia',
    'comprovante': 'comprobante', 'conprobante': 'comprobante', 'baucher': 'voucher', 'boucher': 'voucher',
    'vaucher': 'voucher', 'recivo': 'recibo', 'resibo': 'recibo', 'coutas': 'cuotas', 'kuotas': 'cuotas',
    'qotas': 'cuotas', 'cotas': 'cuotas', 'faktura': 'factura', 'fatura': 'factura', 'vaja': 'baja', 'alot': 'alto',
    'acesor': 'asesor', 'asezor': 'asesor', 'asesora': 'asesor', 'ola': 'hola', 'grasias': 'gracias', 'grax': 'gracias',
    'asta': 'hasta', 'aser': 'hacer', 'biernes': 'viernes', 'juebes': 'jueves', 'savado': 'sabado', 'sabdo': 'sabado',
    'miercole': 'miercoles', 'mierc': 'miercoles', 'manna': 'manana', 'mnn': 'manana', 'manaa': 'manana',
    'reklamo': 'reclamo', 'rreclamo': 'reclamo', 'promezo': 'prometo', 'mensages': 'mensajes', 'mensage': 'mensaje',
    'escrivan': 'escriban', 'ekivocado': 'equivocado', 'porfabor': 'porfavor',
}  # fmt: skip

#: Said out of politeness; a message of one word is the same with them.
POLITE = listed(
    'por favor porfavor porfa porfis please plis pls ya hola buenas buenos dias tardes noches buen dia gracias muchas '
    'senor senora senorita ahora mismo'
)
_WORD = re.compile(r'[a-z0-9]+')
_TYPED = re.compile(r'[a-z]+')
_DRAWN_OUT = re.compile(r'([a-z])\1{2,}')

_UNITS = (
    'cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete '
    'dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete '
    'veintiocho veintinueve treinta'
)
_TENS = {
    'cuarenta': 40, 'cincuenta': 50, 'sesenta': 60, 'setenta': 70, 'ochenta': 80, 'noventa': 90,
}  # fmt: skip
_HUNDREDS = {
    'cien': 100, 'ciento': 100, 'doscientos': 200, 'trescientos': 300, 'cuatrocientos': 400, 'quinientos': 500,
    'seiscientos': 600, 'setecientos': 700, 'ochocientos': 800, 'novecientos': 900,
    'doscientas': 200, 'trescientas': 300, 'quinientas': 500,
}  # fmt: skip
#: {word: number} of the words that add up, and of those that multiply what came before them.
ADDENDS = {
    **{word: number for number, word in enumerate(_UNITS.split())},
    **_TENS,
    **_HUNDREDS,
    'un': 1,
    'una': 1,
    'veintiun': 21,
}
FACTORS = {'mil': 1000, 'millon': 1_000_000, 'millones': 1_000_000}


def plain(text):
    """Return `text` in lower case without accents, its punctuation kept, words spelt as they should be.

    >>> plain('¡Págo  el   BIERNES, 15/03! 👍')
    '¡pago el viernes, 15/03! si'
    """
    text = str(text or '')[:MAX_LENGTH]
    for emoji, word in EMOJIS.items():
        text = text.replace(emoji, word)
    text = unicodedata.normalize('NFKD', text.lower())
    text = ''.join(char for char in text if not unicodedata.combining(char))[:MAX_LENGTH]
    text = _DRAWN_OUT.sub(r'\1', text.replace("'", '').replace('’', ''))
    return ' '.join(_TYPED.sub(_respell, text).split())


def _respell(match):
    """Return the word as it should be; letters stuck to digits, such as 300k, are no word."""
    around = (
        match.string[max(match.start() - 1, 0) : match.start()] + match.string[match.end() :][:1]
    )
    if any(char.isdigit() for char in around):
        return match.group()
    return RESPELLED.get(match.group(), match.group())


def words(text):
    """Return the words of `text`, letters and digits only, separated by single spaces.

    >>> words('¿K debo?? Holaaaa!!')
    'que debo hola'
    """
    return ' '.join(_WORD.findall(plain(text)))


def bare(said):
    """Return what is left of words without the polite ones.

    >>> bare('hola baja por favor')
    'baja'
    """
    return ' '.join(word for word in said.split() if word not in POLITE)


def number_of(phrase):
    """Return the number that words or digits say, None if they say none.

    >>> number_of('mil doscientos treinta y cinco'), number_of('dos mil'), number_of('15'), number_of('casa')
    (1235, 2000, 15, None)
    """
    if re.fullmatch(r'[0-9]{1,9}', phrase):
        return int(phrase)
    total = group = 0
    for word in phrase.split():
        if word in ADDENDS:
            group += ADDENDS[word]
        elif word in FACTORS:
            total, group = total + (group or 1) * FACTORS[word], 0
        elif word != 'y':
            return None
    return total + group if phrase.strip() else None
