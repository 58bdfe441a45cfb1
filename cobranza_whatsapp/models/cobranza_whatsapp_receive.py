import logging
from datetime import datetime, timezone

from odoo import api, fields, models

from ..tools.inbound import file_name, read_message, safe_type
from ..tools.phone_keys import digits_of, phone_key
from ..tools.understanding import find_intent

_logger = logging.getLogger(__name__)

MAX_FETCHES, MAX_FILES = 3, 200
#: What is heard whoever answers.
PEACE = frozenset(('opt_in', 'opt_out', 'wrong_person'))


class CobranzaWhatsappMessage(models.Model):
    """What customers write."""

    _inherit = 'cobranza.whatsapp.message'

    @api.model
    def _receive(self, account, payload):
        """Write down a message of a customer and answer it, or hand it to the person who does.

        :param dict payload: `message` and `contact` of the webhook
        :return: False for what calls for nothing, such as a reaction
        """
        told, contact = payload.get('message') or {}, payload.get('contact') or {}
        content = read_message(told)
        talk = self.env['cobranza.whatsapp.conversation']._of_sender(
            account, {'user_id': told.get('from_user_id'), **contact}, told.get('from') or ''
        )
        if content.new_number or content.new_user or not content.is_for_reading:
            return talk._move(content.new_number, content.new_user)
        message = self.create(talk._inbound_values(told, content))
        if message.media_id:
            self.env.ref('cobranza_whatsapp.ir_cron_fetch_files')._trigger()
        talk._on_inbound(message)
        return True

    @api.model
    def _cron_fetch_files(self):
        """Fetch the files that customers sent, one a transaction; what cannot be fetched is said where it is shown."""
        commit = self.env['ir.cron']._commit_progress
        waiting = [
            ('attachment_id', '=', False),
            ('attempts', '<', MAX_FETCHES),
            ('media_id', '!=', False),
            ('state', '=', 'received'),
        ]
        commit(remaining=self.search_count(waiting))
        for message in self.search(waiting, limit=MAX_FILES):
            if not message.try_lock_for_update().filtered_domain(waiting):
                continue  # somebody else is fetching it
            message.attempts += 1
            commit()
            message._fetch_file()
            if not commit(1):
                break

    def _fetch_file(self):
        """Fetch one file; whatever is wrong with it is said where it is shown, and stops no other."""
        try:
            content, mime_type = self.account_id._api().download(self.media_id)
        except Exception as error:
            _logger.info('A file of message %s was not fetched: %s', self.id, type(error).__name__)
            self.error = str(error)[:200]
            return
        self.attachment_id = self.env['ir.attachment'].create(
            {
                'mimetype': safe_type(mime_type),
                'name': self.body or file_name(self.kind, mime_type),
                'raw': content,
                'res_id': self.conversation_id.id,
                'res_model': 'cobranza.whatsapp.conversation',
            }
        )
        self.conversation_id._on_file(self)


class CobranzaWhatsappConversation(models.Model):
    _inherit = 'cobranza.whatsapp.conversation'

    def _move(self, number, user):
        """Follow a customer to their new number and id; one who has written with them already is in two chats."""
        values = {'phone': digits_of(number), 'phone_key': phone_key(number), 'user_key': user}
        taken = user and self.search_count(
            [('account_id', '=', self.account_id.id), ('user_key', '=', user)], limit=1
        )
        given = {name: value for name, value in values.items() if value}
        if given and not taken:
            self._remember(self.account_id, given)
        return bool(given) and not taken

    def _inbound_values(self, told, content):
        """Return the values of a message a customer wrote."""
        quoted = self.env['cobranza.whatsapp.message']._of_reference(content.answers)
        answered = quoted.filtered(lambda message: message.conversation_id == self)
        return {
            'answers_id': answered.id,
            'body': content.text,
            'choice': content.choice,
            'conversation_id': self.id,
            'direction': 'in',
            'external_id': told.get('id') or False,
            'kind': content.kind,
            'media_id': content.media_id,
            'sent_at': _moment(told.get('timestamp')),
            'state': 'received',
        }

    def _on_file(self, message):
        """Put a file of the customer where it belongs: into the case, and into the chat of who is answering."""
        file = message.attachment_id
        if self.case_id:
            self.case_id.message_post(
                attachment_ids=file.copy(
                    {'res_model': 'cobranza.case', 'res_id': self.case_id.id}
                ).ids,
                body=self.env._('Received by WhatsApp'),
                subtype_xmlid='mail.mt_note',
            )
        if self.handler == 'person':
            self.channel_id.message_post(
                attachment_ids=file.copy(
                    {'res_model': 'discuss.channel', 'res_id': self.channel_id.id}
                ).ids,
                message_type='comment',
                subtype_xmlid='mail.mt_comment',
                **self._author(),
            )

    def _on_inbound(self, message):
        """Open the window, find out who it is, tell the message that is answered, and answer."""
        now = fields.Datetime.now()
        # a clock of theirs that runs ahead does not lengthen the window
        moment = min(message.sent_at or now, now)
        self.last_inbound_at = max(self.last_inbound_at or moment, moment)
        self.last_message_at = now
        self._link_debtor()
        answered = self._answered(message)
        answered.reminder_id._whatsapp_came_through('replied', answered)
        self._log_inbound(message)
        self._serve(message)

    def _serve(self, message):
        """Answer, or show it to who answers; whoever wants to be left alone is heard in any case."""
        with_person = self.handler == 'person'
        wants_peace = find_intent(message.body or '') in PEACE or message.choice in PEACE
        if wants_peace or (self.handler == 'bot' and self.account_id.bot_active):
            self._answer(message)
        elif self.handler == 'bot':
            self._hand_over('no_bot')
        if with_person:
            self._show_to_person(message)

    def _answered(self, message):
        """Return the message that a customer answers, if it had left: the one they quote, else the last they got."""
        last = message.answers_id or message.search(
            [('conversation_id', '=', self.id), ('direction', '=', 'out')], limit=1
        )
        return last.filtered(lambda m: m.state in ('unknown', 'sent', 'delivered', 'read'))

    def _summary_of(self, message):
        """Return what they wrote, but not by what they showed who they are."""
        asked = str((self.bot_state or {}).get('said') or '')
        if self.handler == 'bot' and asked.startswith(('ask_tax_id', 'wrong_tax_id')):
            return '••••'
        return message.body or message.kind

    def _log_inbound(self, message):
        """Append what they wrote to the contact log, and the day to the case."""
        if not self.case_id:
            return
        self.case_id.last_reply_date = message.sent_at or fields.Datetime.now()
        self._log(
            self._summary_of(message),
            direction='in',
            reminder_id=message.answers_id.reminder_id.id,
            user_id=(self.user_id or self.case_id.user_id).id or self.env.uid,
        )


def _moment(timestamp):
    """Return a webhook's Unix time as naive UTC, False for none."""
    try:
        return datetime.fromtimestamp(int(timestamp), timezone.utc).replace(tzinfo=None)
    except (TypeError, ValueError, OverflowError, OSError):
        return False
