"""The people's side: what they write, press, attach and refuse."""

import base64

from .whatsapp_emulator_errors import status_error
from .whatsapp_emulator_media import kind_of
from .whatsapp_emulator_records import Media, Message, digits, new_wamid, wa_id_of
from .whatsapp_emulator_webhooks import contact, envelope, message_value

# what a message of a type holds when a test does not say
SAMPLES = {
    'text': {'body': 'Hola'},
    'location': {'latitude': -12.0464, 'longitude': -77.0428, 'name': 'Lima'},
    'contacts': [{'name': {'formatted_name': 'Rosa', 'first_name': 'Rosa'}, 'phones': []}],
    'reaction': {'emoji': '👍'},
    'unsupported': {'type': 'unknown'},
}
# these open no window: the person did not write to us
SILENT = ('system', 'unsupported')


class Inbox:
    """Messages from people; part of the emulator."""

    def inbound(self, phone, *, type=None, content=None, context=None, phone_id=None, **said):
        """Send the webhook of a message from *phone* and return its identifier.

        One of these says what the person did:

        :param text: the text written
        :param button: the quick reply pressed in a template: its text or payload
        :param choice: what was chosen in a message with buttons or a list: (id, title)
        :param media: the file attached: (type, bytes) or (type, bytes, name); see *caption*
        :param type: any other type; *content* is its part of the webhook

        And these say who and where:

        :param context: the identifier of the message answered
        :param name: the name the person gave themselves in WhatsApp
        :param user_id: the business-scoped user id, when it is not the usual one
        :param hide_phone: whether the webhook keeps the phone to itself
        :param phone_id: the business's number written to
        """
        number = self.numbers[phone_id or self.phone_id]
        with self.lock:
            hidden = said.pop('hide_phone', None)
            known = {key: said.pop(key, None) for key in ('name', 'user_id', 'username')}
            user = self.user(phone, **known)
            if hidden is not None:
                user.hide_phone = hidden
            part, view = self._content(type, content, context, said)
            message = self._entry(user, context, part)
            value = message_value(number)
            value['contacts'] = [
                contact(user, user_ids=self.user_ids, with_phone=not user.hide_phone)
            ]
            self._keep(number, user, message, view)
            hook = envelope(self.business_id, 'messages', value | {'messages': [message]})
            self.courier.send([hook])
        return message['id']

    def _entry(self, user, context, part):
        """Return the webhook's entry about one message."""
        entry = {'from': user.wa_id, 'from_user_id': user.user_id}
        if user.hide_phone:
            del entry['from']
        if not self.user_ids:
            del entry['from_user_id']
        omitted = part['type'] == 'reaction' or (
            part['type'] == 'button' and not self.button_context
        )
        if context and not omitted:
            answered = self.find(context)
            author = answered.wa_id if answered and answered.inbound else self.display_digits
            entry['context'] = {'from': author, 'id': context}
        now = str(int(self.now()))
        return entry | {'id': new_wamid(user.wa_id), 'timestamp': now} | part

    def _keep(self, number, user, entry, view):
        """Remember a message; what a person writes opens the window."""
        self.remember(
            Message(
                wamid=entry['id'],
                phone_id=number.phone_id,
                wa_id=user.wa_id,
                time=self.now(),
                payload=entry,
                inbound=True,
                view=view,
            )
        )
        if entry['type'] not in SILENT:
            self.state.windows[f'{number.phone_id}:{user.wa_id}'] = self.now()

    def _content(self, kind, content, context, said):
        """Return a message's own part of the webhook and what the chat page shows of it."""
        caption = said.pop('caption', '')
        given = [name for name, value in said.items() if value is not None]
        unknown = set(said) - set(SAYINGS)
        if unknown or len(given) + bool(kind) != 1:
            raise TypeError(f'say one thing: text, button, choice, media or type, not {said}')
        if kind:
            return self._other(kind, content, context)
        part, view = SAYINGS[given[0]](self, said[given[0]], context)
        if caption and 'media' in view:
            part[part['type']]['caption'] = view['text'] = caption
        return part, view

    def _text(self, text, _context):
        return {'type': 'text', 'text': {'body': text}}, {'text': text}

    def _button(self, button, context):
        """Find what was pressed among the buttons of the message answered."""
        answered = self.find(context)
        for known in answered.view.get('buttons', []) if answered else []:
            if button in (known.get('text'), known.get('payload')):
                button = known.get('payload'), known['text']
                break
        payload, text = (button, button) if isinstance(button, str) else button
        part = {'type': 'button', 'button': {'payload': payload, 'text': text}}
        return part, {'text': text}

    def _choice(self, choice, context):
        """Make the answer to a list when that is what is answered, else to buttons."""
        identifier, title, *description = choice
        answered = self.find(context)
        is_list = bool(description) or bool(answered and answered.view.get('list'))
        kind = 'list_reply' if is_list else 'button_reply'
        reply = {'id': identifier, 'title': title}
        if description:
            reply['description'] = description[0]
        part = {'type': 'interactive', 'interactive': {'type': kind, kind: reply}}
        return part, {'text': title}

    def _media(self, media, _context):
        mime, content, *filename = media
        kind = kind_of(mime)
        stored = self.store_media(mime, filename[0] if filename else kind, content)
        told = {
            'mime_type': mime,
            'sha256': base64.b64encode(bytes.fromhex(stored.sha256)).decode(),
            'id': stored.id,
            'url': f'{self.url}/media/{stored.id}',
        }
        if kind == 'document':
            told['filename'] = stored.filename
        shown = {'kind': kind, 'id': stored.id, 'filename': stored.filename, 'mime': mime}
        return {'type': kind, kind: told}, {'text': '', 'media': shown}

    def _other(self, kind, content, context):
        """Return a message of a type that has no argument of its own."""
        content = content if content is not None else SAMPLES.get(kind, {})
        if kind == 'reaction':
            content = {'message_id': context} | content
        part = {'type': kind, kind: content}
        if kind == 'unsupported':
            part['errors'] = [status_error(131051, 'Message type unknown')]
        text = content.get('body') or content.get('emoji') if isinstance(content, dict) else ''
        return part, {'text': text or f'[{kind}]'}

    def store_media(self, mime, filename, content):
        """Keep a file and return it."""
        with self.lock:
            media = Media(self.new_id('media'), mime, filename, content)
            self.state.media[media.id] = media
        return media

    def change_number(self, phone, new_phone):
        """Send the webhook of a person who moved to another phone, and so has a new user id."""
        old, new = self.user(phone), self.user(new_phone, name=self.user(phone).name)
        body = f'User {old.name} changed from {old.wa_id} to {new.wa_id}'
        system = {'body': body, 'wa_id': new.wa_id, 'type': 'user_changed_number'}
        if self.user_ids:
            system['user_id'] = new.user_id
        return self.inbound(phone, type='system', content=system)

    def opt_out(self, phone, value='stop'):
        """Let a person stop (or *resume*) marketing messages and send the webhook."""
        user = self.user(phone)
        with self.lock:
            others = [one for one in self.state.opted_out if one != user.wa_id]
            self.state.opted_out = [*others, user.wa_id] if value == 'stop' else others
        preference = {
            'wa_id': user.wa_id,
            'detail': f'User requested to {value} marketing messages',
            'category': 'marketing_messages',
            'value': value,
            'timestamp': int(self.now()),
        }
        if self.user_ids:
            preference['user_id'] = user.user_id
        value = message_value(self.numbers[self.phone_id])
        value['contacts'] = [contact(user, user_ids=self.user_ids)]
        value['user_preferences'] = [preference]
        self.courier.send([envelope(self.business_id, 'user_preferences', value)])

    def opt_in(self, phone):
        """Let a person take marketing messages again and send the webhook."""
        self.opt_out(phone, 'resume')

    def open_window(self, phone, phone_id=None):
        """Open the 24-hour window as if the person had just written, without a webhook."""
        self.user(phone)
        self.state.windows[f'{phone_id or self.phone_id}:{wa_id_of(phone)}'] = self.now()

    def close_window(self, phone, phone_id=None):
        """Close the window as if the person had not written for a day."""
        self.state.windows.pop(f'{phone_id or self.phone_id}:{wa_id_of(phone)}', None)

    @property
    def display_digits(self):
        """The business's phone as webhooks name it."""
        return digits(self.numbers[self.phone_id].display)


SAYINGS = {
    'text': Inbox._text,
    'button': Inbox._button,
    'choice': Inbox._choice,
    'media': Inbox._media,
}
