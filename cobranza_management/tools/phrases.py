"""Words a collection message may not contain: threats, shame, false authority.

Source: Colombia Ley 2300 de 2023 art. 5; Peru Ley 29571 arts. 61-62; Chile Ley 19.496 art. 37;
Argentina Ley 24.240 art. 8 bis; USA Regulation F (12 CFR 1006.14, 1006.18). The list is a net for the obvious,
not legal advice.
"""

import re
import unicodedata

FORBIDDEN = (
    # Spanish
    'carcel',
    'prision',
    'arrest',
    'detenid',
    'denuncia penal',
    'delito',
    'delincuente',
    'ladron',
    'estafador',
    'policia',
    'embargo inmediato',
    'embargaremos sus bienes',
    'sin previo aviso judicial',
    'informaremos a su familia',
    'informaremos a su empleador',
    'avisaremos a sus vecinos',
    'avergonz',
    'lista publica de morosos',
    'publicaremos su nombre',
    'sinverguenza',
    'atengase a las consecuencias',
    # English
    'jail',
    'prison',
    'criminal',
    'police',
    'thief',
    'we will tell your family',
    'we will tell your employer',
    'publish your name',
    'seize your property',
    'or else',
)
_TAG = re.compile(r'<[^>]+>')
_SPACE = re.compile(r'\s+')


def normalise(text):
    """Return `text` without tags, accents, case or repeated spaces.

    >>> normalise('<p>La  CÁRCEL</p>')
    'la carcel'
    """
    plain = unicodedata.normalize('NFKD', _TAG.sub(' ', text or ''))
    plain = ''.join(char for char in plain if not unicodedata.combining(char))
    return _SPACE.sub(' ', plain).strip().lower()


def find_forbidden(text, extra=()):
    """Return the forbidden phrases found in `text`, sorted.

    >>> find_forbidden('Si no paga irá a la cárcel.')
    ['carcel']
    >>> find_forbidden('Gracias por su pago.')
    []
    """
    plain = f' {normalise(text)} '
    phrases = {*FORBIDDEN, *filter(None, map(normalise, extra))}
    return sorted(phrase for phrase in phrases if re.search(rf'\b{re.escape(phrase)}', plain))
