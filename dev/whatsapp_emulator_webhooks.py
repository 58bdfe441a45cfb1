"""Webhooks: their shapes, their signature, and the courier who brings them.

The courier does what receivers must bear: it retries, and when told so it is late, sends
every webhook twice, out of order or several at once.
"""

import hashlib
import hmac
import json
import random
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field

from .whatsapp_emulator_records import digits

RETRY_DELAYS = (0.2, 0.5, 1, 2, 4)
TIMEOUT = 10
DAY = 24 * 3600
# what people configure for their machine must not catch what goes to loopback
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def envelope(business_id, name, value, when=None):
    """Return a webhook's body.

    :param when: seconds; only changes of the account tell it
    """
    entry = {'id': business_id, 'changes': [{'value': value, 'field': name}]}
    if when is not None:
        entry['time'] = int(when)
    return {'object': 'whatsapp_business_account', 'entry': [entry]}


def message_value(number):
    """Return what every webhook about messages begins with."""
    metadata = {'display_phone_number': digits(number.display), 'phone_number_id': number.phone_id}
    return {'messaging_product': 'whatsapp', 'metadata': metadata}


def contact(user, *, user_ids=True, with_phone=True, known=True):
    """Return who a webhook is about.

    :param user_ids: whether it has business-scoped user ids, as from April 2026 on
    :param with_phone: whether the phone is told to the business
    :param known: whether this person has WhatsApp at all
    """
    about = {'profile': {'name': user.name}} if known else {}
    if user.username and known:
        about['profile']['username'] = user.username
    if with_phone:
        about['wa_id'] = user.wa_id
    if user_ids and known:
        about['user_id'] = user.user_id
    return about


def pricing(category, in_window):
    """Return what a message costs: free inside the window unless it is marketing."""
    free = category == 'service' or (category == 'utility' and in_window)
    kind = 'free_customer_service' if free else 'regular'
    return {'billable': not free, 'pricing_model': 'PMP', 'type': kind, 'category': category}


def conversation(message, category, status):
    """Return the conversation a message belongs to; only ``sent`` tells its end."""
    pair = f'{message.phone_id}{message.wa_id}'.encode()
    known = {'id': hashlib.sha256(pair).hexdigest()[:32], 'origin': {'type': category}}
    if status == 'sent':
        known['expiration_timestamp'] = str(int(message.time + DAY))
    return known


def signature(secret, body):
    """Return the header that proves who sent *body* (bytes)."""
    return 'sha256=' + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@dataclass
class Webhook:
    """A webhook that was or would be sent.

    :param answers: the HTTP statuses it got, 0 when there was no answer
    """

    body: bytes
    signature: str
    due: float = 0
    answers: list = field(default_factory=list)

    @property
    def payload(self):
        """The body, read."""
        return json.loads(self.body)

    @property
    def headers(self):
        """What is sent with the body."""
        return {'Content-Type': 'application/json', 'X-Hub-Signature-256': self.signature}


class Courier:
    """Brings the webhooks in background threads; how, its emulator's attributes say."""

    def __init__(self, cloud):
        self.cloud = cloud
        self.sent = []
        self._pending = []
        self._busy = 0
        self._stopping = False
        self._changed = threading.Condition()
        self._threads = []

    def start(self, threads):
        """Begin to bring webhooks."""
        self._stopping = False
        self._threads = [threading.Thread(target=self._run, daemon=True) for _n in range(threads)]
        for thread in self._threads:
            thread.start()

    def stop(self):
        """Stop; what was not brought is forgotten."""
        with self._changed:
            self._stopping = True
            self._pending.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(TIMEOUT + 1)

    def send(self, payloads):
        """Sign webhooks and hand them over together."""
        self.cloud.touched = True
        hooks = []
        for payload in payloads:
            # the API escapes letters beyond ASCII: only the raw bytes have this signature
            body = json.dumps(payload, separators=(',', ':')).encode()
            copies = 2 if self.cloud.duplicate else 1
            proof = signature(self.cloud.app_secret, body)
            hooks += [Webhook(body, proof) for _n in range(copies)]
        if self.cloud.shuffle:
            hooks = _disordered(hooks)
        with self._changed:
            self.sent += hooks
            if self.cloud.webhook_url:
                for hook in hooks:
                    hook.due = time.monotonic() + self.cloud.webhook_delay
                self._pending += hooks
                self._changed.notify_all()

    def wait_idle(self, timeout):
        """Wait until nothing is left to bring."""
        with self._changed:
            if not self._changed.wait_for(lambda: not self._pending and not self._busy, timeout):
                last = [hook.answers for hook in self._pending]
                raise TimeoutError(f'{len(self._pending)} webhooks wait, they got {last}')
        return True

    def _run(self):
        while True:
            with self._changed:
                hook = self._next()
                while hook is None and not self._stopping:
                    self._changed.wait(self._pause())
                    hook = self._next()
                if self._stopping:
                    return
                self._pending.remove(hook)
                self._busy += 1
            status = post(self.cloud.webhook_url, hook)
            with self._changed:
                self._busy -= 1
                hook.answers.append(status)
                self._keep(hook, status)
                self._changed.notify_all()

    def _keep(self, hook, status):
        """Try again later what was not answered with 200."""
        delays = self.cloud.retry_delays
        if status != 200 and len(hook.answers) <= len(delays) and not self._stopping:
            hook.due = time.monotonic() + delays[len(hook.answers) - 1]
            self._pending.append(hook)

    def _next(self):
        now = time.monotonic()
        return next((hook for hook in self._pending if hook.due <= now), None)

    def _pause(self):
        dues = [hook.due for hook in self._pending]
        return max(min(dues) - time.monotonic(), 0.001) if dues else None


def _disordered(hooks):
    """Return the webhooks in any order but theirs."""
    mixed = list(hooks)
    while len({hook.body for hook in hooks}) > 1 and [hook.body for hook in mixed] == [
        hook.body for hook in hooks
    ]:
        random.shuffle(mixed)
    return mixed


def post(url, hook):
    """Post a webhook and return the HTTP status, or 0 when there was no answer."""
    if not url:
        return 200
    request = urllib.request.Request(url, data=hook.body, headers=hook.headers)
    try:
        with _opener.open(request, timeout=TIMEOUT) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


def challenge(url, verify_token):
    """Ask a receiver to prove that it knows the token, as when a webhook is registered."""
    number = str(random.randrange(10**9))
    query = {'hub.mode': 'subscribe', 'hub.verify_token': verify_token, 'hub.challenge': number}
    try:
        with _opener.open(f'{url}?{urllib.parse.urlencode(query)}', timeout=TIMEOUT) as answer:
            return answer.status == 200 and answer.read().decode() == number
    except OSError:
        return False
