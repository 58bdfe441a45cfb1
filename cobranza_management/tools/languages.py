"""Languages of a debtor."""


def language_of(code):
    """Return the HTML language tag of an Odoo language code.

    >>> language_of('es_419'), language_of('es_ES'), language_of(None)
    ('es-419', 'es-ES', 'en')
    """
    return (code or 'en').replace('_', '-')
