import hmac
import logging

from odoo import http
from odoo.http import request

from ..tools import envelope
from ..tools.signature import is_signed

_logger = logging.getLogger(__name__)


class Webhook(http.Controller):
    """What WhatsApp tells us: checked, stored, answered at once; a job handles it."""

    @http.route(
        '/cobranza/whatsapp/webhook',
        type='http',
        auth='none',
        methods=['GET'],
        save_session=False,
    )
    def verify(self, **given):
        """Answer the challenge of whoever knows the verify token of one of our numbers."""
        accounts_sudo = request.env(su=True)['cobranza.whatsapp.account'].search([])
        token = str(given.get('hub.verify_token') or '').encode()
        matches = [
            hmac.compare_digest(known.encode(), token)
            for known in accounts_sudo.mapped('verify_token')
            if known
        ]
        if given.get('hub.mode') != 'subscribe' or not any(matches):
            return _answer(403)
        return _answer(200, str(given.get('hub.challenge') or '')[:200])

    @http.route(
        '/cobranza/whatsapp/webhook',
        type='http',
        auth='none',
        methods=['POST'],
        csrf=False,
        readonly=False,
        save_session=False,
    )
    def receive(self):
        """Store what is signed by one of our apps; refuse everything else and change nothing."""
        if (request.httprequest.content_length or 0) > envelope.MAX_BYTES:
            return _answer(413)
        body = request.httprequest.get_data()
        env_su = request.env(su=True)
        header = request.httprequest.headers.get('X-Hub-Signature-256')
        signers = [
            number
            for number in env_su['cobranza.whatsapp.account']._signing_numbers()
            if is_signed(body, header, number.app_secret)
        ]
        if not signers:
            return _answer(403)
        try:
            events = envelope.read(body)
        except envelope.BadEnvelope:
            return _answer(400)
        if env_su['cobranza.whatsapp.event']._store(events, signers):
            env_su.ref('cobranza_whatsapp.ir_cron_handle')._cobranza_wake()
        return _answer(200)


def _answer(status, text=''):
    return request.make_response(text, [('Content-Type', 'text/plain')], status=status)
