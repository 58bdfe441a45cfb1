"""A stand-in for the Cloud API: a real HTTP server on loopback that answers what a test tells it to."""

import itertools
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TEXT = 'Hola {{1}}, le recordamos que debe {{2}} desde el {{3}}. Puede pagar aquí abajo.'


class Cloud:
    """Keeps what it is sent.

    :ivar requests: (method, path, body) of every request, in order
    :ivar answers: functions or (status, body) for the next messages; accepted when there is none
    :ivar templates: what the business's templates are
    """

    def __init__(self, base_url):
        self.requests, self.answers, self.files = [], [], {}
        self.templates = [template('cobranza_d3', base_url)]
        self._numbers = itertools.count(1)
        self._server = ThreadingHTTPServer(
            ('127.0.0.1', 0), type('Handler', (_Handler,), {'cloud': self})
        )
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f'http://127.0.0.1:{self._server.server_port}'

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    @property
    def sent(self):
        """Return the messages it was asked to send."""
        return [
            body
            for _method, path, body in self.requests
            if path.endswith('/messages') and 'to' in body
        ]

    def accept(self, body):
        reference = f'wamid.{next(self._numbers)}'
        receiver = body.get('to') or ''
        return 200, {
            'messaging_product': 'whatsapp',
            'contacts': [{'input': receiver, 'wa_id': receiver}],
            'messages': [{'id': reference}],
        }


def template(name, base_url, language='es', **values):
    """Return a template as the API lists it."""
    return {
        'id': f'id-{name}-{language}',
        'name': name,
        'language': language,
        'status': 'APPROVED',
        'category': 'UTILITY',
        'components': [
            {'type': 'BODY', 'text': TEXT},
            {'type': 'BUTTONS', 'buttons': [{'type': 'URL', 'text': 'Pagar', 'url': f'{base_url}/c/{{{{1}}}}'}]},
        ],
        **values,
    }  # fmt: skip


def refused(code, message='no', status=400):
    """Return the answer of an API that refuses."""
    return status, {
        'error': {'code': code, 'message': message, 'error_data': {'details': 'details'}}
    }


class _Handler(BaseHTTPRequestHandler):
    cloud = None

    def do_GET(self):
        """Give the number, the templates, a file's facts or a file."""
        path = self.path.partition('?')[0]
        self.cloud.requests.append(('GET', path, {}))
        name = path.rsplit('/', 1)[1]
        if path.startswith('/files/'):
            return self._answer(200, self.cloud.files[name][0])
        if name == 'message_templates':
            return self._answer(200, {'data': self.cloud.templates})
        if name in self.cloud.files:
            content, kind = self.cloud.files[name]
            facts = {
                'url': f'{self.cloud.url}/files/{name}',
                'mime_type': kind,
                'file_size': len(content),
            }
            return self._answer(200, facts)
        return self._answer(
            200,
            {
                'display_phone_number': '+57 300 0000000',
                'verified_name': 'Andina',
                'quality_rating': 'GREEN',
            },
        )

    def do_POST(self):
        """Take a message or a file."""
        raw = self.rfile.read(int(self.headers['Content-Length']))
        if self.path.endswith('/media'):
            self.cloud.requests.append(('POST', self.path, {}))
            return self._answer(200, {'id': 'media-1'})
        body = json.loads(raw)
        self.cloud.requests.append(('POST', self.path, body))
        answer = self.cloud.answers.pop(0) if self.cloud.answers else self.cloud.accept
        given = answer(body) if callable(answer) else answer
        if given is None:  # hang up without a word
            self.close_connection = True
            return None
        return self._answer(*given)

    def _answer(self, status, body):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments):
        """Say nothing."""
