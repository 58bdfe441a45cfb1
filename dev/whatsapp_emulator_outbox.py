"""The business's side: the messages it sends, what becomes of them, and faults."""

import threading
from collections import deque
from dataclasses import dataclass

from .whatsapp_emulator_checks import check_message
from .whatsapp_emulator_errors import Refusal, status_error, unknown_node
from .whatsapp_emulator_records import Message, User, new_wamid, wa_id_of
from .whatsapp_emulator_templates import find
from .whatsapp_emulator_webhooks import (
    DAY,
    contact,
    conversation,
    envelope,
    message_value,
    pricing,
)

PAIR_SECONDS = 6
RATE_SECONDS = 1


@dataclass
class Fault:
    """How one of the next requests goes wrong: kind is fail, delay or drop."""

    kind: str
    on: str
    times: int = 1
    code: int = 0
    status: int | None = None
    seconds: float = 0


class Faults:
    """What goes wrong next; each waits for a request of its place (``messages``, ``media``…)."""

    def __init__(self):
        self._waiting = []
        self._guard = threading.Lock()

    def add(self, fault):
        """Let the next requests go wrong."""
        with self._guard:
            self._waiting.append(fault)

    def take(self, kind, place):
        """Return the fault of that kind for a request to *place*, or nothing."""
        with self._guard:
            for fault in self._waiting:
                if fault.kind == kind and fault.on in (place, '*'):
                    fault.times -= 1
                    if not fault.times:
                        self._waiting.remove(fault)
                    return fault
        return None

    def clear(self):
        """Let nothing go wrong any more."""
        with self._guard:
            self._waiting.clear()


class Outbox:
    """Accepting messages and telling what becomes of them; part of the emulator."""

    def __init__(self):
        self._recent = {}
        self._pairs = {}

    def accept(self, phone_id, payload):
        """Check a request to send and return its answer, or refuse it."""
        if phone_id not in self.numbers:
            raise unknown_node(phone_id, 'POST')
        if payload.get('status') == 'read':
            return self._mark_read(payload)
        view = check_message(payload, self.state)
        with self.lock:
            user = self._recipient(payload)
            if user.wa_id == wa_id_of(self.numbers[phone_id].display):
                raise Refusal(131021)
            self._throttle(phone_id, user.wa_id)
            code = self._later_failure(phone_id, user.wa_id, payload)
            if code in self.sync_errors:
                raise Refusal(code)
            message = Message(
                wamid=new_wamid(user.wa_id),
                phone_id=phone_id,
                wa_id=user.wa_id,
                time=self.now(),
                payload=payload,
                to=payload.get('to') or payload['recipient'],
                view=view,
            )
            self.remember(message)
            steps = [('failed', code)] if code else [(one, None) for one in self.auto_status]
            self.courier.send([self._status(message, *step) for step in steps])
        return self._accepted(message, user)

    def _accepted(self, message, user):
        """Return the answer to a request that was accepted."""
        entry = {'id': message.wamid}
        if message.type == 'template':
            entry['message_status'] = 'accepted'
        known = {'wa_id': user.wa_id} if message.payload.get('to') else {'user_id': user.user_id}
        return {
            'messaging_product': 'whatsapp',
            'contacts': [{'input': message.to} | known],
            'messages': [entry],
        }

    def _mark_read(self, payload):
        """Show the person that the business has read the message."""
        message = self.find(payload.get('message_id'))
        if not message or not message.inbound:
            raise Refusal(131009, 'message_id is not the id of a received message')
        message.statuses.append(['read', self.now(), None])
        return {'success': True}

    def _recipient(self, payload):
        """Return who a message goes to: by phone, or by business-scoped user id."""
        if payload.get('to'):
            return self.user(payload['to'])
        wanted = payload['recipient']
        found = [one for one in self.state.users.values() if one.user_id == wanted]
        if not found:
            raise Refusal(131009, f'recipient {wanted} is not known to this business')
        if self._category(payload) == 'authentication':
            raise Refusal(131062)
        return found[0]

    def user(self, phone, **known):
        """Return the person with that phone, remembering what is *known* of them."""
        wa_id = wa_id_of(phone)
        user = self.state.users.setdefault(wa_id, User(wa_id))
        for name, value in known.items():
            if value:
                setattr(user, name, value)
        return user

    def _throttle(self, phone_id, wa_id):
        """Refuse what comes too fast: from this number, or to this person."""
        now = self.now()
        recent = self._recent.setdefault(phone_id, deque())
        while recent and recent[0] <= now - RATE_SECONDS:
            recent.popleft()
        if self.rate and len(recent) >= self.rate:
            raise Refusal(130429)
        if self.pair_burst:
            left, last = self._pairs.get((phone_id, wa_id), (self.pair_burst, now))
            left = min(self.pair_burst, left + (now - last) / PAIR_SECONDS)
            if left < 1:
                raise Refusal(131056)
            self._pairs[phone_id, wa_id] = left - 1, now
        recent.append(now)

    def _later_failure(self, phone_id, wa_id, payload):
        """Return why a message will not arrive, or nothing."""
        if wa_id in {wa_id_of(phone) for phone in self.absent}:
            return 131026
        if payload['type'] != 'template':
            return None if self.window_open(wa_id, phone_id) else 131047
        marketing = self._category(payload) == 'marketing'
        return 131050 if marketing and wa_id in self.state.opted_out else None

    def _category(self, payload):
        """Return what a message is charged as."""
        if payload['type'] != 'template':
            return 'service'
        sent = payload['template']
        template = find(self.state.templates, sent['name'], sent['language']['code'])
        return template.category.lower() if template else 'utility'

    def window_open(self, phone, phone_id=None):
        """Tell whether the person wrote in the last 24 hours."""
        return self.now() < self.window_end(phone, phone_id)

    def window_end(self, phone, phone_id=None):
        """Return until when free text may be sent (seconds), 0 when nothing was received."""
        opened = self.state.windows.get(f'{phone_id or self.phone_id}:{wa_id_of(phone)}')
        return opened + DAY if opened is not None else 0

    def status(self, wamid, status, code=None, details='', recipient=None):
        """Send the webhook of a status, also of a message we never accepted.

        :param code: why it failed
        :param recipient: the phone, when the message is not ours
        """
        with self.lock:
            message = self.find(wamid)
            if not message:
                wa_id = wa_id_of(recipient or '51900000000')
                message = Message(
                    wamid, self.phone_id, wa_id, self.now(), {'type': 'text'}, to=wa_id
                )
            self.courier.send([self._status(message, status, code, details)])

    def _status(self, message, status, code=None, details=''):
        """Note a status and return its webhook."""
        now = self.now()
        message.statuses.append([status, now, code])
        user = self.user(message.wa_id)
        by_phone = 'recipient' not in message.payload or not user.hide_phone
        known = code != 131026
        entry = {'id': message.wamid, 'status': status, 'timestamp': str(int(now))}
        if by_phone:
            entry['recipient_id'] = message.wa_id
        if self.user_ids and known:
            entry['recipient_user_id'] = user.user_id
        if tracker := message.payload.get('biz_opaque_callback_data'):
            entry['biz_opaque_callback_data'] = tracker
        if status == 'failed':
            entry['errors'] = [status_error(code or 131000, details)]
        else:
            entry |= self._charges(message, status)
        value = message_value(self.numbers[message.phone_id])
        if self.user_ids:
            value['contacts'] = [contact(user, with_phone=by_phone, known=known)]
        return envelope(self.business_id, 'messages', value | {'statuses': [entry]})

    def _charges(self, message, status):
        """Return what a status tells about money; the conversation may be missing."""
        category = self._category(message.payload)
        told = {'pricing': pricing(category, self.window_open(message.wa_id, message.phone_id))}
        # the API leaves it out as it likes
        wanted = message.serial % 2 == 0 if self.conversation is None else self.conversation
        if wanted:
            told['conversation'] = conversation(message, category, status)
        return told
