"""The demo's WhatsApp: an emulator beside the mail sink, with a page to chat in."""

import json
import os
import shutil
import sys

from .daemons import Daemon
from .demo_seed_chats import MOBILES, TALKER, tax_id_of
from .paths import ROOT, STATE
from .ports import LOOPBACK, is_free, usual_port

FOLDER = STATE / 'whatsapp'
# secrets of nobody: it only listens on loopback
KEYS = {
    'phone_id': '104500000000001',
    'business_id': '204500000000002',
    'token': 'demo-token',
    'app_secret': 'demo-app-secret',
    'verify_token': 'demo-verify-token',
}
NUMBER, NAME = '+51 981 615 820', 'Solar Andina'
# seconds in which webhooks are brought again: those of the seed wait for the server
RETRY_FOR = 3600
REVIEW_SECONDS = 5


class Cloud:
    """The emulator that brings its webhooks to the Odoo at *odoo_url*."""

    def __init__(self, odoo_url):
        self.daemon = Daemon('whatsapp')
        self.webhook = f'{odoo_url}/cobranza/whatsapp/webhook'
        self.port = self.daemon.facts.get('port') or usual_port('whatsapp')
        self.url = f'http://{LOOPBACK}:{self.port}'

    @property
    def told(self):
        """What the seed has to know, as JSON."""
        return json.dumps({'url': self.url, 'keys': KEYS})

    def start(self):
        """Start it unless it runs and knows where Odoo is."""
        if self.daemon.facts.get('webhook') == self.webhook:
            return
        self.daemon.stop()
        env = {**os.environ, 'PYTHONPATH': str(ROOT)}
        self.daemon.start(self._command(), env, port=self.port, webhook=self.webhook)
        self.daemon.wait(lambda: not is_free(self.port), 'The WhatsApp emulator')

    def start_again(self):
        """Start it with nothing said and nothing approved."""
        self.daemon.stop()
        shutil.rmtree(FOLDER, ignore_errors=True)
        self.start()

    def _command(self):
        options = {
            **KEYS,
            'port': self.port,
            'webhook': self.webhook,
            'folder': FOLDER,
            'auto_status': 'sent,delivered',
            'display_phone_number': NUMBER,
            'verified_name': NAME,
            'retry_for': RETRY_FOR,
            'review_seconds': REVIEW_SECONDS,
        }
        command = [sys.executable, '-m', 'dev.whatsapp_emulator']
        for name, value in options.items():
            command += [f'--{name.replace("_", "-")}', value]
        # whoever writes a template in the demo sees it approved a little later
        return [*command, '--auto-approve']

    def advice(self):
        """Return lines that say where to chat and what to write."""
        digits = ''.join(filter(str.isdigit, MOBILES[TALKER]))
        end = tax_id_of(TALKER)[-4:]
        try_it = '"hola", "cuánto debo", "pago la mitad el viernes", "sí"'
        return [
            f'WhatsApp:      {self.url}/#{digits}',
            f'  as {TALKER}, whose RUC ends in {end}, write {try_it}',
            '  and see the case move; who asks for "una persona" gets one in Discuss',
        ]
