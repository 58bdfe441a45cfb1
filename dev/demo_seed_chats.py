"""Who has WhatsApp in the demo, and what its business has WhatsApp approve; known to the seed and to `make demo`."""

from typing import NamedTuple

from .demo_seed_people import debtors, tax_id

#: Mobiles by debtor: the person's own, and of a firm the one of its contact. The others have landlines.
MOBILES = {
    'Freddy Huanca Choque': '+51 984 105 153',
    'Luz Marina Tello Arévalo': '+51 965 104 862',
    'María Elena Quispe Huamán': '+51 987 104 086',
    'Supermercados La Canasta S.A.C.': '+51 999 210 747',
    'César Augusto Ramos Palacios': '+51 991 104 959',
    'Milagros Estrada Pinedo': '+51 942 105 250',
    'Carmen Rosa Flores Vásquez': '+51 986 104 280',
}
#: Whom to be on the chat page, and who has asked for a person already.
TALKER, ASKER = 'Freddy Huanca Choque', 'Luz Marina Tello Arévalo'
ASKED = 'Buenas tardes, este mes no me alcanza. Quisiera hablar con una persona, por favor.'
#: {category: {country, nothing for every other one: soles for a message}}, an invented list.
PRICES = {
    'utility': {'PE': 0.075, 'US': 0.015, None: 0.09},
    'marketing': {'PE': 0.26, 'US': 0.094, None: 0.3},
    'service': {None: 0},
}


class Text(NamedTuple):
    """A text for approval: which of our messages it carries, and in what language."""

    message: str
    language: str
    body: str
    button: str


TEXTS = [
    Text(
        'pre_due',
        'es',
        'Hola, {{contact_name}}: le recordamos su pago de {{amount}} a Solar Andina, que vence el'
        ' {{oldest_due_date}}. Si ya lo programó, no tiene que hacer nada más.',
        'Ver y pagar',
    ),
    Text(
        'pre_due',
        'en',
        'Hello {{contact_name}}, a payment of {{amount}} to Solar Andina falls due on'
        ' {{oldest_due_date}}. If you have already arranged it, there is nothing else to do.',
        'See and pay',
    ),
    Text(
        'friendly',
        'es',
        'Hola, {{contact_name}}: tiene {{amount}} pendientes con Solar Andina desde el'
        ' {{oldest_due_date}}. Si ya pagó, gracias; si necesita unos días más, respóndanos aquí mismo.',
        'Ver y pagar',
    ),
    Text(
        'friendly',
        'en',
        'Hello {{contact_name}}, you have {{amount}} pending with Solar Andina since'
        ' {{oldest_due_date}}. If you have paid, thank you; if you need a few more days, just answer here.',
        'See and pay',
    ),
    Text(
        'firm',
        'es',
        'Hola, {{contact_name}}: todavía no recibimos su pago de {{amount}}, vencido desde el'
        ' {{oldest_due_date}}. Por favor páguelo estos días o díganos aquí mismo en qué fecha lo hará.',
        'Ver y pagar',
    ),
    Text(
        'firm',
        'en',
        'Hello {{contact_name}}, we have not yet received {{amount}}, overdue since'
        ' {{oldest_due_date}}. Please pay it in the next few days, or tell us here on which date you will.',
        'See and pay',
    ),
]


def tax_id_of(name):
    """Return the tax number of the debtor with that name: who wants to hear about a debt is asked for its end."""
    return next(tax_id(*row) for row in enumerate(debtors()) if row[1].name == name)
