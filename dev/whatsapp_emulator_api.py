"""The emulator over HTTP: the Graph API's paths, the files, and the page's own.

A route is a method, a path and a function ``(cloud, request, *groups of the path)`` that
returns an :class:`Answer` or the JSON of one.
"""

import hmac
import json
import re
import socket
import time
import traceback
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl, urlsplit

from . import whatsapp_emulator_chat as chat
from .whatsapp_emulator_errors import Refusal, unknown_node
from .whatsapp_emulator_media import check_upload, read_form
from .whatsapp_emulator_templates import page

MAX_BODY = 110 * 1024 * 1024
# a file that a person sent must not act as a page of ours
SAFE = {
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    'X-Content-Type-Options': 'nosniff',
}


@dataclass
class Request:
    """What was asked; *place* says which faults are for it."""

    method: str
    path: str
    query: dict
    headers: object
    body: bytes
    place: str = ''

    @property
    def json(self):
        """The body as an object, refused when it is none."""
        try:
            found = json.loads(self.body or b'{}')
        except ValueError as error:
            raise Refusal(100, 'The request body is not valid JSON') from error
        if not isinstance(found, dict):
            raise Refusal(100, 'The request body is not a JSON object')
        return found


@dataclass
class Answer:
    """What is answered: bytes, or an object to be written as JSON."""

    content: object
    status: int = 200
    mime: str = 'application/json'
    headers: dict = field(default_factory=dict)

    @property
    def body(self):
        """The bytes to send."""
        if isinstance(self.content, bytes):
            return self.content
        return json.dumps(self.content).encode()


def _send(cloud, request, phone_id):
    return cloud.accept(phone_id, request.json)


def _upload(cloud, request, phone_id):
    if phone_id not in cloud.numbers:
        raise unknown_node(phone_id, request.method)
    form = read_form(request.headers.get('Content-Type', ''), request.body)
    return {'id': cloud.store_media(*check_upload(form)).id}


def _require_business(cloud, request, business_id):
    if business_id != cloud.business_id:
        raise unknown_node(business_id, request.method)


def _list_templates(cloud, request, business_id):
    _require_business(cloud, request, business_id)
    return page(cloud.templates, request.query, cloud.url + request.path)


def _create_template(cloud, request, business_id):
    _require_business(cloud, request, business_id)
    return cloud.create_template(request.json)


def _delete_template(cloud, request, business_id):
    _require_business(cloud, request, business_id)
    name = request.query.get('name')
    kept = [one for one in cloud.templates if one.name != name]
    if len(kept) == len(cloud.templates):
        raise Refusal(100, f'template {name} was not found', message='Invalid parameter')
    cloud.state.templates = kept
    return {'success': True}


def _list_numbers(cloud, request, business_id):
    _require_business(cloud, request, business_id)
    return {'data': [_number_node(number, '') for number in cloud.numbers.values()]}


def _subscribe(cloud, request, business_id):
    _require_business(cloud, request, business_id)
    return {'success': True}


def _number_node(number, fields):
    known = {
        'verified_name': number.verified_name,
        'display_phone_number': number.display,
        'quality_rating': number.quality,
        'messaging_limit_tier': 'TIER_1K',
        'status': 'CONNECTED',
        'name_status': 'APPROVED',
        'code_verification_status': 'VERIFIED',
        'platform_type': 'CLOUD_API',
        'throughput': {'level': 'STANDARD'},
        'id': number.phone_id,
    }
    wanted = {'id', *fields.split(',')} if fields else known.keys()
    return {name: value for name, value in known.items() if name in wanted}


def _node(cloud, request, identifier):
    """Return the number, file, template or account with that identifier."""
    fields = request.query.get('fields', '')
    if identifier in cloud.numbers:
        return _number_node(cloud.numbers[identifier], fields)
    if media := cloud.state.media.get(identifier):
        return {
            'messaging_product': 'whatsapp',
            'url': f'{cloud.url}/media/{identifier}',
            'mime_type': media.mime,
            'sha256': media.sha256,
            'file_size': len(media.content),
            'id': identifier,
        }
    for template in cloud.templates:
        if template.id == identifier:
            return template.node(fields)
    _require_business(cloud, request, identifier)
    return {'id': identifier, 'name': cloud.numbers[cloud.phone_id].verified_name}


def _delete_media(cloud, request, identifier):
    if identifier not in cloud.state.media:
        raise unknown_node(identifier, request.method)
    del cloud.state.media[identifier]
    return {'success': True}


def _file(cloud, _request, identifier):
    """Return a file's content to who has the token."""
    media = cloud.state.media.get(identifier)
    if not media:
        return Answer(b'Not found', 404, 'text/plain')
    return Answer(media.content, mime=media.mime, headers=SAFE)


def _page(_cloud, _request):
    return Answer(chat.html(), mime='text/html; charset=utf-8', headers=chat.HEADERS)


def _people(cloud, _request):
    return chat.people(cloud)


def _conversation(cloud, request):
    return chat.conversation(cloud, request.query.get('phone', ''))


def _shown_file(cloud, _request, identifier):
    answer = _file(cloud, _request, identifier)
    if answer.status == 200:
        media = cloud.state.media[identifier]
        kind = 'inline' if media.mime.startswith('image/') else 'attachment'
        name = re.sub(r'[^\w.-]', '_', media.filename, flags=re.ASCII)
        answer.headers = SAFE | {'Content-Disposition': f'{kind}; filename="{name}"'}
    return answer


def _control(cloud, request, name):
    """Call what tests in another process, or the page, may call."""
    if request.headers.get_content_type() != 'application/json':
        return Answer({'error': 'send JSON'}, 415)
    try:
        return chat.control(cloud, name, request.json)
    except (LookupError, TypeError, ValueError) as error:
        return Answer({'error': str(error)}, 400)


VERSION = r'(?:/v\d+\.\d+)'
# method, path, place of faults (nothing: no token is asked), function
ROUTES = [
    (method, re.compile(path + '/?'), place, function)
    for method, path, place, function in (
        ('POST', VERSION + r'/([^/]+)/messages', 'messages', _send),
        ('POST', VERSION + r'/([^/]+)/media', 'media', _upload),
        ('GET', VERSION + r'/([^/]+)/message_templates', 'message_templates', _list_templates),
        ('POST', VERSION + r'/([^/]+)/message_templates', 'message_templates', _create_template),
        ('DELETE', VERSION + r'/([^/]+)/message_templates', 'message_templates', _delete_template),
        ('GET', VERSION + r'/([^/]+)/phone_numbers', 'node', _list_numbers),
        ('POST', VERSION + r'/([^/]+)/subscribed_apps', 'node', _subscribe),
        ('GET', VERSION + r'/([^/]+)', 'node', _node),
        ('DELETE', VERSION + r'/([^/]+)', 'node', _delete_media),
        ('GET', r'/media/([^/]+)', 'file', _file),
        ('GET', '', '', _page),
        ('GET', '/emulator/people', '', _people),
        ('GET', '/emulator/chat', '', _conversation),
        ('GET', '/emulator/media/([^/]+)', '', _shown_file),
        ('POST', '/emulator/([a-z_]+)', '', _control),
    )
]


def _answer(cloud, request):
    """Find the route, ask for the token and return the answer."""
    for method, path, place, function in ROUTES:
        found = path.fullmatch(request.path)
        if found and method == request.method:
            request.place = place
            if place:
                _authorize(cloud, request)
                if fault := cloud.faults.take('fail', place):
                    raise Refusal(fault.code, status=fault.status)
            answer = function(cloud, request, *found.groups())
            return answer if isinstance(answer, Answer) else Answer(answer)
    raise Refusal(2500, status=404, message=f'Unknown path components: {request.path}')


def _authorize(cloud, request):
    """Refuse a request without the token."""
    scheme, _space, given = request.headers.get('Authorization', '').partition(' ')
    token = given.strip() if scheme.lower() == 'bearer' else request.query.get('access_token', '')
    if not hmac.compare_digest(token.encode(), cloud.token.encode()):
        raise Refusal(190)


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    cloud = None
    protocol_version = 'HTTP/1.1'
    # an answer in two packets would wait for the other side's acknowledgement
    wbufsize = -1

    def do_GET(self):
        length = int(self.headers.get('Content-Length') or 0)
        if not self.cloud.running or length > MAX_BODY:
            self.close_connection = True
            return
        body = self.rfile.read(length)
        address = urlsplit(self.path)
        query = dict(parse_qsl(address.query))
        request = Request(self.command, address.path, query, self.headers, body)
        self.cloud.touched |= self.command != 'GET'
        try:
            answer = _answer(self.cloud, request)
        except Refusal as refusal:
            answer = Answer(refusal.body(), refusal.status)
        except Exception:
            # a defect of the emulator: its author wants to see it
            traceback.print_exc()
            answer = Answer(Refusal(1).body(), 500)
        self._reply(answer, request.place)

    do_POST = do_DELETE = do_PUT = do_GET

    def _reply(self, answer, place):
        """Send the answer, late or not at all when a fault says so."""
        if delay := self.cloud.faults.take('delay', place):
            time.sleep(delay.seconds)
        if self.cloud.faults.take('drop', place):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        body = answer.body
        self.send_response(answer.status)
        headers = {'Content-Type': answer.mime, 'Content-Length': len(body), **answer.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Keep quiet."""


def handler_for(cloud):
    """Return the class that serves *cloud*."""
    return type('Handler', (_Handler,), {'cloud': cloud})
