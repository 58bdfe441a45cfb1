"""The demo's company: names, people, rates and words."""

NAME = 'Solar Andina S.A.C.'
DOMAIN = 'solarandina.example'
LANGUAGE, ZONE = 'es_419', 'America/Lima'
LANGUAGES_ABROAD = {'ES': 'es_ES', 'US': 'en_US'}
#: Soles for a dollar, from the oldest month to this one.
RATES = (3.81, 3.78, 3.74, 3.76, 3.71, 3.69, 3.73, 3.70, 3.66, 3.68, 3.64, 3.67, 3.65)
#: Profiles that do not keep up with their instalments.
STUBBORN = ('risk', 'lost')
#: (who, login, name, groups); the password is the login.
USERS = [
    (
        'collector, registers payments',
        'collector1',
        'Lucía Paredes',
        ('cobranza_management.group_collector', 'account.group_account_invoice'),
    ),
    ('collector', 'collector2', 'Marco Quiroga', ('cobranza_management.group_collector',)),
    ('collector, abroad', 'collector3', 'Ximena Torres', ('cobranza_management.group_collector',)),
    ('supervisor', 'supervisor', 'Beatriz Salcedo', ('cobranza_management.group_supervisor',)),
    (
        'accountant',
        'accountant',
        'Tomás Aguirre',
        ('account.group_account_manager', 'account.group_account_user'),
    ),
]
#: What opens when they log in, by group.
HOME = {
    'cobranza_management.group_collector': 'cobranza_workbench_action',
    'cobranza_management.group_supervisor': 'cobranza_case_action',
}
HOW_TO_PAY = """
    <p><strong>Formas de pago</strong></p>
    <ul>
        <li>Banco del Pacífico, soles: 193-2450016-0-87 (CCI 002-193-002450016087-11)</li>
        <li>Banco del Pacífico, dólares: 193-2450099-1-02 (SWIFT BPACPEPL)</li>
        <li>Con tarjeta, en línea o al teléfono de cobranzas</li>
    </ul>
"""
SIGNATURE = f"""
    <p><strong>Cobranzas · {NAME}</strong><br/>
    Tel. +51 1 615 8200, anexo 4 · lunes a viernes, de 9:00 a 18:00</p>
"""


def receivable(moves):
    """Return the receivable items of `moves`."""
    return moves.line_ids.filtered(lambda line: line.account_type == 'asset_receivable')


def plain(text):
    """Return `text` in lower case without accents.

    >>> plain('Óscar Ñuñoa')
    'oscar nunoa'
    """
    return text.lower().translate(str.maketrans('áéíóúüñ', 'aeiouun'))
