"""A WhatsApp Cloud API on loopback: strict like the real one, and misbehaving on demand.

It checks what a business sends, signs webhooks, and has a page at ``/`` where people answer
from any phone. Tests use it in their own process::

    with Emulator(webhook_url=…) as cloud:
        …                                   # post to cloud.url + '/v23.0/…/messages'
        cloud.messages[0].payload
        cloud.inbound('+51 987 654 321', text='Ya pagué', context=cloud.messages[0].wamid)
        cloud.wait_idle(5)

Attributes may be changed while it runs: ``cloud.shuffle = True``.
"""

import argparse
import signal
import threading
import time
from http.server import ThreadingHTTPServer
from pathlib import Path

from .ports import LOOPBACK
from .whatsapp_emulator_api import handler_for
from .whatsapp_emulator_inbox import Inbox
from .whatsapp_emulator_outbox import Fault, Faults, Outbox
from .whatsapp_emulator_records import Number, State
from .whatsapp_emulator_reviews import Reviews
from .whatsapp_emulator_templates import Template
from .whatsapp_emulator_webhooks import RETRY_DELAYS, Courier, challenge

SAVE_SECONDS = 0.5
RETRY_EVERY = 2
FIRST_IDS = {'template': 700100000000000, 'media': 800200000000000}


class _Server(ThreadingHTTPServer):
    """Threads that end with the process; a client that hangs up is no error."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """Keep quiet: handlers answer their own errors."""


class Emulator(Outbox, Inbox, Reviews):
    """The server, running between ``start`` and ``stop`` or inside a ``with``.

    :param webhook_url: where webhooks go; without it they are only kept in ``webhooks``
    :param port: 0 for a free one
    :param folder: where to keep the state; without it a restart forgets
    :param now: returns the time (seconds), for windows, timestamps and rates
    :param auto_status: what becomes of each message by itself
    :param rate: messages per second and number, 0 for any
    :param pair_burst: messages to one person before one each six seconds, nothing for any
    :param sync_errors: of 131026, 131047 and 131050 those refused at once and not by webhook
    :param absent: phones without WhatsApp
    :param shuffle: whether webhooks sent together come out of order
    :param duplicate: whether each webhook comes twice
    :param webhook_delay: seconds before a webhook is sent
    :param couriers: how many webhooks are sent at the same time
    :param conversation: whether statuses tell the conversation, nothing for every other message
    :param user_ids: whether webhooks have business-scoped user ids
    :param button_context: whether a template's quick reply says which message it answers;
        clients of the real API report both
    :param auto_approve: whether new templates are approved without anybody's doing
    :param review_seconds: how long that takes
    """

    def __init__(
        self,
        *,
        app_secret='app-secret',
        token='token',
        verify_token='verify-token',
        phone_id='100000000000001',
        business_id='200000000000002',
        display_phone_number='+51 1 700 0000',
        verified_name='Cobranzas',
        webhook_url=None,
        port=0,
        folder=None,
        now=time.time,
        couriers=1,
        **behaviour,
    ):
        super().__init__()
        self.app_secret, self.token, self.verify_token = app_secret, token, verify_token
        self.phone_id, self.business_id = str(phone_id), str(business_id)
        self.numbers = {self.phone_id: Number(self.phone_id, display_phone_number, verified_name)}
        self.webhook_url, self.port, self.now = webhook_url, port, now
        self.folder = Path(folder) if folder else None
        self.state = State.load(self.folder, Template) if folder else State()
        self.lock = threading.RLock()
        self.faults = Faults()
        self.courier, self._couriers = Courier(self), couriers
        self.running = self.touched = False
        self.auto_status = ('sent', 'delivered', 'read')
        self.rate, self.pair_burst = 80, None
        self.sync_errors, self.absent = set(), set()
        self.shuffle = self.duplicate = self.auto_approve = False
        self.webhook_delay, self.retry_delays = 0, RETRY_DELAYS
        self.review_seconds = 0
        self.conversation, self.user_ids, self.button_context = None, True, True
        for name, value in behaviour.items():
            if name not in vars(self):
                raise TypeError(f'the emulator has no option {name}')
            setattr(self, name, value)

    @property
    def url(self):
        """Where the API is, without a version."""
        return f'http://{LOOPBACK}:{self.port}'

    @property
    def messages(self):
        """The messages that were accepted, oldest first."""
        return [message for message in self.state.log if not message.inbound]

    @property
    def received(self):
        """The messages that people wrote, oldest first."""
        return [message for message in self.state.log if message.inbound]

    @property
    def webhooks(self):
        """The webhooks that were or would be sent, oldest first."""
        return list(self.courier.sent)

    def start(self):
        """Listen, and begin to send webhooks."""
        self._server = _Server((LOOPBACK, self.port), handler_for(self))
        self.port = self._server.server_port
        self.running = True
        self.courier.start(self._couriers)
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._server.serve_forever, args=(0.05,))]
        self._threads += [threading.Thread(target=self._save_often)] if self.folder else []
        for thread in self._threads:
            thread.daemon = True
            thread.start()
        return self

    def stop(self):
        """Stop listening; what was collected stays readable."""
        self.running = False
        self._server.shutdown()
        self._server.server_close()
        self.courier.stop()
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    __enter__ = start

    def __exit__(self, *_exception):
        self.stop()

    def wait_idle(self, timeout=10):
        """Wait until every webhook was sent; raise TimeoutError when it takes longer."""
        return self.courier.wait_idle(timeout)

    def verify_webhook(self, url=None):
        """Ask the receiver for the challenge like the API does; tell whether it passed."""
        return challenge(url or self.webhook_url, self.verify_token)

    def fail_next(self, code, times=1, status=None, on='messages'):
        """Refuse the next requests.

        :param status: the HTTP status, nothing for the documented one
        :param on: messages, media, message_templates, node (a GET by identifier) or ``*``
        """
        self.faults.add(Fault('fail', on, times, code=code, status=status))

    def delay_next(self, seconds, times=1, on='messages'):
        """Do what the next requests ask at once, but answer late."""
        self.faults.add(Fault('delay', on, times, seconds=seconds))

    def drop_next(self, times=1, on='messages'):
        """Do what the next requests ask, but close the connection without an answer."""
        self.faults.add(Fault('drop', on, times))

    def add_number(self, phone_id, display_phone_number, verified_name=''):
        """Give the business another phone number."""
        self.numbers[str(phone_id)] = Number(str(phone_id), display_phone_number, verified_name)

    def find(self, wamid):
        """Return the message with that identifier in either direction, or nothing."""
        return next((one for one in self.state.log if one.wamid == wamid), None)

    def remember(self, message):
        """Add a message to the log."""
        message.serial = len(self.state.log)
        self.state.log.append(message)

    def new_id(self, kind):
        """Return the next identifier of a template or a file."""
        with self.lock:
            count = self.state.counts.get(kind, 0) + 1
            self.state.counts[kind] = count
            return str(FIRST_IDS[kind] + count)

    def clear(self):
        """Forget messages, webhooks, windows, rates and faults; templates and people stay."""
        with self.lock:
            self.state.log.clear()
            self.state.windows.clear()
            self.courier.sent.clear()
            self._recent.clear()
            self._pairs.clear()
        self.faults.clear()

    def _save_often(self):
        """Write the state while it runs and once at the end."""
        while True:
            stopped = self._stopped.wait(SAVE_SECONDS)
            if self.touched or stopped:
                self.touched = False
                with self.lock:
                    self.state.save(self.folder)
            if stopped:
                return


def _arguments():
    parser = argparse.ArgumentParser(description='A WhatsApp Cloud API on loopback.')
    parser.add_argument('--port', type=int, default=0)
    parser.add_argument('--webhook', help='where to send webhooks')
    for name in ('app-secret', 'token', 'verify-token', 'phone-id', 'business-id', 'folder'):
        parser.add_argument(f'--{name}', default=argparse.SUPPRESS)
    parser.add_argument('--display-phone-number', default=argparse.SUPPRESS)
    parser.add_argument('--verified-name', default=argparse.SUPPRESS)
    parser.add_argument('--phone', action='append', default=[], help='+51…:Name, repeated')
    parser.add_argument('--absent', action='append', default=[], help='a phone without WhatsApp')
    # the page's reader is who reads
    parser.add_argument('--auto-status', default='sent,delivered', help='comma-separated')
    parser.add_argument('--auto-approve', action='store_true')
    parser.add_argument('--review-seconds', type=float, default=0, help='until it approves')
    parser.add_argument(
        '--retry-for',
        type=int,
        default=0,
        metavar='SECONDS',
        help='how long to bring again webhooks that nobody takes; the real one does so for days',
    )
    return vars(parser.parse_args())


def main():
    """Run the emulator until terminated."""
    stops = {signal.SIGTERM, signal.SIGINT}
    # before there are threads, which would end the process without saving
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    options = _arguments()
    options['webhook_url'] = options.pop('webhook')
    options['auto_status'] = tuple(filter(None, options['auto_status'].split(',')))
    again = options.pop('retry_for') // RETRY_EVERY
    options['retry_delays'] = RETRY_DELAYS + (RETRY_EVERY,) * again
    phones = [text.partition(':') for text in options.pop('phone')]
    with Emulator(**options) as cloud:
        for phone, _colon, name in phones:
            cloud.user(phone, name=name)
        print(f'listening on {LOOPBACK}:{cloud.port}', flush=True)
        signal.sigwait(stops)


if __name__ == '__main__':
    main()
