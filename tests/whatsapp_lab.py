"""What the tests of the WhatsApp emulator share: it, a client of it and a receiver of webhooks."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from dev.whatsapp_emulator import Emulator

ANA, ANA_ID = '+51 987 654 321', '51987654321'
BODY = 'Estimada {{1}}, su factura por {{2}} venció el {{3}} y sigue pendiente de pago.'
BUTTONS = (
    {'type': 'URL', 'text': 'Pagar', 'url': 'https://pay.example.com/{{1}}', 'example': ['x']},
    {'type': 'QUICK_REPLY', 'text': 'Ya pagué'},
)

# what is configured for the machine must not catch what goes to loopback
web = requests.Session()
web.trust_env = False


class Api:
    """A client of the emulator over HTTP."""

    def __init__(self, cloud):
        self.cloud = cloud
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers['Authorization'] = f'Bearer {cloud.token}'

    def call(self, method, path, **more):
        return self.http.request(method, f'{self.cloud.url}/v23.0/{path}', timeout=10, **more)

    def send(self, to=ANA, kind='text', content=None, **more):
        """Send a message and return the response."""
        content = {'body': 'Hola'} if content is None else content
        message = {'messaging_product': 'whatsapp', 'to': to, 'type': kind, kind: content} | more
        message = {name: value for name, value in message.items() if value is not None}
        return self.call('POST', f'{self.cloud.phone_id}/messages', json=message)

    def template(self, *values, components=None, name='cobranza', language='es_PE', **more):
        """Send a template with *values* in its body."""
        values = values or ('Ana', 'S/ 120.00', '3 de mayo')
        body = {'type': 'body', 'parameters': [{'type': 'text', 'text': one} for one in values]}
        link = {'type': 'button', 'sub_type': 'url', 'index': '0'}
        link['parameters'] = [{'type': 'text', 'text': 'abc'}]
        content = {'name': name, 'language': {'code': language}}
        content['components'] = [body, link] if components is None else components
        return self.send(kind='template', content=content, **more)

    def upload(self, content=b'%PDF-1.4\r\n\x00\xff', mime='application/pdf', name='F 1.pdf'):
        form = {'messaging_product': 'whatsapp', 'type': mime}
        files = {'file': (name, content, mime)}
        return self.call('POST', f'{self.cloud.phone_id}/media', data=form, files=files)


class Receiver(ThreadingHTTPServer):
    """A webhook that keeps what it gets; *answers* says what it replies first."""

    daemon_threads = True

    def __init__(self):
        super().__init__(('127.0.0.1', 0), _Receiving)
        self.got, self.answers, self.verify_token = [], [], 'verify-token'
        self.url = f'http://127.0.0.1:{self.server_port}/hook'

    @property
    def statuses(self):
        return [one['statuses'][0]['status'] for one in self.values]

    @property
    def values(self):
        return [json.loads(body)['entry'][0]['changes'][0]['value'] for body, _proof in self.got]


class _Receiving(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        self.server.got.append((body, self.headers['X-Hub-Signature-256']))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.end_headers()

    def do_GET(self):
        query = dict(pair.split('=') for pair in self.path.partition('?')[2].split('&'))
        passed = query['hub.verify_token'] == self.server.verify_token
        self.send_response(200 if passed else 403)
        self.end_headers()
        self.wfile.write(query['hub.challenge'].encode())

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def cloud():
    with Emulator(auto_status=()) as emulator:
        header = {'format': 'TEXT', 'text': 'Aviso de cobranza'}
        emulator.add_template('cobranza', 'es_PE', BODY, header=header, buttons=BUTTONS)
        yield emulator


@pytest.fixture
def api(cloud):
    return Api(cloud)


@pytest.fixture
def receiver(cloud):
    with Receiver() as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        cloud.webhook_url, cloud.retry_delays = server.url, (0.05, 0.05)
        yield server
        server.shutdown()


def value_of(webhook):
    return webhook.payload['entry'][0]['changes'][0]['value']


def statuses(cloud):
    return [one for hook in cloud.webhooks for one in value_of(hook).get('statuses', [])]


def refused(response, code, status=400, details=''):
    """Check that a response is the API's refusal."""
    error = response.json()['error']
    assert (response.status_code, error['code']) == (status, code), error
    assert {'message', 'type', 'fbtrace_id'} <= set(error)
    assert details in error.get('error_data', {}).get('details', '')
    return error


def new_template(**changes):
    body = {'type': 'BODY', 'text': BODY, 'example': {'body_text': [['Ana', 'S/ 1', 'hoy']]}}
    known = {'name': 'nueva', 'language': 'es_PE', 'category': 'UTILITY', 'components': [body]}
    if 'text' in changes:
        body['text'] = changes.pop('text')
        body['example'] = {'body_text': [['x'] * body['text'].count('{{')]}
    return known | changes


def rows(*titles, **row):
    found = [{'id': str(n), 'title': title} | row for n, title in enumerate(titles)]
    action = {'button': 'Ver', 'sections': [{'title': 'Uno', 'rows': found}]}
    return {'type': 'list', 'body': {'text': '?'}, 'action': action}
