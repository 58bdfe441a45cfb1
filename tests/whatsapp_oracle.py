"""What the comparisons with the WhatsApp clients of others share: our side, and what is the same.

Others wrote those clients for the real Cloud API and never saw ours: where they agree, both are
likely right.
"""

import pytest
from whatsapp_lab import ANA, ANA_ID

from odoo.addons.cobranza_whatsapp.tools import envelope
from odoo.addons.cobranza_whatsapp.tools.buttons import reply_payload
from odoo.addons.cobranza_whatsapp.tools.cloud_api import CloudApi
from odoo.addons.cobranza_whatsapp.tools.inbound import read_message
from odoo.addons.cobranza_whatsapp.tools.signature import is_signed
from odoo.addons.cobranza_whatsapp.tools.template_words import components_of, variables_of

from dev.whatsapp_emulator import Emulator

TRACKER = 'uuid-7'
DOCUMENT = {'link': 'https://pay.example.com/document/abc', 'filename': 'F-1.pdf'}
VALUES = ('Ana Ñuñez', 'S/ 120.00', 'tok-7')
BODIES = {
    'positional': 'Estimada {{1}}, su factura por {{2}} sigue pendiente de pago.',
    'named': 'Estimada {{nombre}}, su factura por {{saldo}} sigue pendiente de pago.',
}
BUTTONS = [
    {'type': 'QUICK_REPLY', 'text': 'Ya pagué'},
    {'type': 'URL', 'text': 'Pagar', 'url': 'https://pay.example.com/c/{{1}}', 'example': ['x']},
]
OPTIONS = [('pay', 'Pagar'), ('promise', 'Prometer'), ('person', 'Persona'), ('menu', 'Menú')]
#: {key: what its absence means}.
DEFAULTS = {'preview_url': False, 'recipient_type': 'individual', 'title': ''}

#: {what a person does: how the emulator is told}.
DEEDS = {
    'text': {'text': 'Hola ñ 👋'},
    'quick reply': {'button': ('pago:7', 'Ya pagué')},
    'button': {'choice': ('si', 'Sí')},
    'row': {'choice': ('d1', 'Mañana', 'Antes de las 6')},
    'image': {'media': ('image/jpeg', b'\xff\xd8'), 'caption': 'Mi pago'},
    'document': {'media': ('application/pdf', b'%PDF', 'pago.pdf')},
    'document with words': {'media': ('application/pdf', b'%PDF', 'p.pdf'), 'caption': 'Aquí'},
    'audio': {'media': ('audio/ogg; codecs=opus', b'OggS')},
    'video': {'media': ('video/mp4', b'ftyp')},
    'sticker': {'media': ('image/webp', b'RIFF')},
    'location': {
        'type': 'location',
        'content': {'latitude': -12.0, 'longitude': -77.0, 'name': 'Casa', 'address': 'Lima 1'},
    },
    'contacts': {'type': 'contacts'},
    'reaction': {'type': 'reaction'},
    'unsupported': {'type': 'unsupported'},
    'text without a phone': {'text': 'Soy yo', 'hide_phone': True},
}
STATUSES = ('sent', 'delivered', 'read', 'played', 'failed')


@pytest.fixture
def cloud():
    """Return an emulator that has the templates and lets us write to Ana."""
    with Emulator(auto_status=(), conversation=True) as emulator:
        for form in BODIES:
            parts = template_parts(form)
            emulator.add_template(form, 'es_PE', components=parts, parameter_format=form.upper())
        emulator.open_window(ANA)
        yield emulator


@pytest.fixture
def asked(cloud, monkeypatch):
    """Return every request to send that the emulator gets, as it came."""
    requests, accept = [], cloud.accept
    monkeypatch.setattr(
        cloud, 'accept', lambda number, request: requests.append(request) or accept(number, request)
    )
    return requests


@pytest.fixture
def ours(cloud, monkeypatch):
    """Return our client."""
    # what is configured for the machine must not catch what goes to loopback
    monkeypatch.setenv('NO_PROXY', '127.0.0.1')
    monkeypatch.setenv('no_proxy', '127.0.0.1')
    return CloudApi(cloud.url, 'v23.0', cloud.token, cloud.phone_id, cloud.business_id)


def template_parts(form):
    """Return the components of a template whose variables have numbers or names."""
    header, body = {'type': 'HEADER', 'format': 'DOCUMENT'}, {'type': 'BODY', 'text': BODIES[form]}
    return [header, body, {'type': 'BUTTONS', 'buttons': BUTTONS}]


def template_message(form, document=DOCUMENT):
    """Return our message that fills a template in."""
    parts = template_parts(form)
    values = dict(zip(variables_of(parts), VALUES, strict=True))
    filled = components_of(parts, values, document=document, named=form == 'named')
    template = {'name': form, 'language': {'code': 'es_PE'}, 'components': filled}
    return {'type': 'template', 'template': template}


MESSAGES = {
    'positional template': template_message('positional'),
    'named template': template_message('named'),
    'text': reply_payload('Hola ñ', [], 'Elegir'),
    'buttons': reply_payload('¿Qué desea?', OPTIONS[:3], 'Elegir'),
    'list': reply_payload('¿Qué desea?', OPTIONS, 'Elegir'),
    'document': {'type': 'document', 'document': DOCUMENT},
}


def message(name, **more):
    """Return one of our messages, to Ana and with our reference."""
    receiver = {} if 'recipient' in more else {'to': ANA_ID}
    return {**receiver, 'biz_opaque_callback_data': TRACKER, **MESSAGES[name], **more}


def alike(value, key=''):
    """Return what a request says, without what the API lets clients write one way or the other."""
    if isinstance(value, dict):
        told = {name: one for name, one in value.items() if one is not None}
        return {
            name: alike(one, name)
            for name, one in told.items()
            if name not in DEFAULTS or one != DEFAULTS[name]
        }
    if isinstance(value, list):
        return [alike(one) for one in value]
    if key in ('type', 'sub_type'):
        return value.lower()
    return str(value) if key == 'index' else value


def events_of(cloud, hook):
    """Return what our code takes a webhook apart into, after it checked the signature."""
    assert is_signed(hook.body, hook.signature, cloud.app_secret)
    return envelope.read(hook.body)


def as_we_read(event):
    """Return what our code takes from the event of a message: who, which and what."""
    told, contact = event.payload['message'], event.payload['contact']
    return {
        'id': told['id'],
        'phone': told.get('from'),
        'user': contact['user_id'],
        'name': contact['profile']['name'],
        **read_message(told)._asdict(),
    }
