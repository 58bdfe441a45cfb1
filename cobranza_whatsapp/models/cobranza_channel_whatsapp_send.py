from datetime import timedelta
from typing import Any, NamedTuple

from markupsafe import Markup, escape
from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import html2plaintext

from ..tools.conflicts import CONFLICTS
from ..tools.sender import Sender, parts
from .conflicts import insist


class Part(NamedTuple):
    """What was claimed and is on its way."""

    messages: Any  # cobranza.whatsapp.message
    letters: dict  # {message: its Letter}
    jobs: list  # what Sender.start returned


class CobranzaChannelWhatsapp(models.AbstractModel):
    """Sending: parts of one second of the number's speed, each claimed and committed before anything leaves."""

    _inherit = 'cobranza.channel.whatsapp'

    @api.model
    def _send(self, letters):
        """Send the letters, and write down what became of them."""
        self._finish(self._send_on(letters, None))

    @api.model
    def _send_on(self, letters, under_way):
        """Send at the number's speed: while one part is on its way, the next is claimed and the last written down.

        A part is claimed under lock, its debt read again, and committed before anything leaves: at most once.

        :param under_way: the last Part of the call before
        :return: the last Part of this one
        """
        account = self._account()
        if not account:
            self._put_off(letters, fields.Datetime.now() + timedelta(hours=1))
            return under_way
        try:
            with account._sender() as sender:
                for part in parts(letters, account.rate):
                    claimed = self._claim(account, part)
                    seconds_left = self.env['ir.cron']._commit_progress()
                    under_way, done = self._start(account, sender, claimed), under_way
                    self._write_down(done)
                    if seconds_left <= 0:
                        break  # the others are still in the queue
        except Exception:
            self._write_down(under_way)  # whatever happened, it has left
            raise
        return under_way

    def _start(self, account, sender, claimed):
        """Begin to send what was claimed; return the Part, None when there is nothing."""
        if not claimed:
            return None
        messages = self.env['cobranza.whatsapp.message'].union(*claimed)
        return Part(messages, claimed, sender.start(messages._chains(account)))

    # === CLAIMING === #

    def _claim(self, account, letters):
        """Claim letters; one that cannot be written takes no other with it, and a conflict begins again."""
        try:
            return insist(self.env, lambda: self._claim_part(account, letters))
        except CONFLICTS:
            return {}  # they are still in the queue
        except OperationalError:
            raise
        except Exception as error:
            return self._claim_by_halves(account, letters, error)

    def _claim_by_halves(self, account, letters, error):
        if len(letters) == 1:
            self._note_failure(letters[0], error)
            return {}
        middle = len(letters) // 2
        first = self._claim(account, letters[:middle])
        return first | self._claim(account, letters[middle:])

    def _claim_part(self, account, letters):
        """Return {message: letter} of those that still may leave, written down as on their way."""
        account.invalidate_recordset(['paused_until', 'state'])
        if account.state != 'ready' or account._is_paused():
            now = fields.Datetime.now()
            self._put_off(letters, account.paused_until or now + timedelta(hours=1))
            return {}
        reminders = self.env['cobranza.reminder'].union(*(letter.reminder for letter in letters))
        due = reminders._still_claiming(
            {
                letter.reminder: letter.claim.get('amount', letter.reminder.amount)
                for letter in letters
            }
        )
        due = due._still_allowed('whatsapp')
        still = [letter for letter in letters if letter.reminder in due]
        talks = self.env['cobranza.whatsapp.conversation']._of_letters(account, still)
        return self._write_claims(self._prepare(account, still, talks))

    def _put_off(self, letters, until):
        """Leave the letters that are still in the queue there until the number may be used again."""
        reminders = self.env['cobranza.reminder'].union(*(letter.reminder for letter in letters))
        reminders.invalidate_recordset()
        due = reminders.try_lock_for_update().filtered_domain(reminders._due_domain())
        due._stop('held', 'whatsapp_paused', next_at=until)

    def _prepare(self, account, letters, talks):
        """Return [(letter, values of its message)] of those that may be written now; the others keep the reason."""
        ready, busy = [], set()
        for letter in letters:
            talk = talks[letter.address]
            wait = max(1, account.pair_seconds) if talk in busy else talk._pair_wait()
            if wait:
                next_at = fields.Datetime.now() + timedelta(seconds=wait)
                letter.reminder._stop('held', 'whatsapp_pair', next_at=next_at)
                continue
            values = self._content(account, letter, talk)
            if values:
                busy.add(talk)
                ready.append((letter, {**values, 'conversation_id': talk.id}))
            else:
                letter.reminder.write({**letter.claim})
                letter.reminder._channel_failed('whatsapp_window', '')
        return ready

    def _write_claims(self, ready):
        """Write messages down as on their way, in a number of statements that does not depend on how many they are.

        :param ready: list of (letter, values of its message)
        :return: {message: letter}
        """
        reminders = self.env['cobranza.reminder'].union(*(letter.reminder for letter, _v in ready))
        reminders._write_rows(
            {letter.reminder: {'state': 'sending', **letter.claim} for letter, _values in ready}
        )
        messages = self.env['cobranza.whatsapp.message'].create(
            [
                {
                    'author_id': letter.values['author'].id,
                    'direction': 'out',
                    'kind': values['payload']['type'],
                    'reminder_id': letter.reminder.id,
                    'state': 'sending',
                    **values,
                }
                for letter, values in ready
            ]
        )
        messages.conversation_id.last_message_at = fields.Datetime.now()
        return {message: letter for message, (letter, _values) in zip(messages, ready)}

    # === WORDS === #

    def _content(self, account, letter, talk):
        """Return body, payload and template of a letter, None when WhatsApp would not take it.

        What a person wrote goes as it is while the customer may be answered freely; later only an approved text does,
        and only if it is what the person meant to say.
        """
        written = letter.reminder.written_body
        words = _plain(written) if written else ''
        if words and talk.is_window_open:
            payload = {'type': 'text', 'text': {'preview_url': True, 'body': words}}
            return {'body': words, 'payload': payload}
        template = letter.template and letter.template._whatsapp_template(account, letter.lang)
        if not template:
            return None
        filled = template._fill(letter.values, self._links(letter.reminder, letter.values))
        text = template._text(filled)
        if words and words.split() != text.split():
            return None
        document = template._document_of(letter.reminder)
        return {
            'body': text,
            'payload': {'type': 'template', 'template': template._payload(filled, document)},
            'template_id': template.id,
        }

    # === WHAT BECAME OF THEM === #

    @api.model
    def _finish(self, under_way):
        """Write down the last Part of `_send_on`, once it has been answered."""
        self._write_down(under_way)

    def _write_down(self, part):
        """Write down what became of a part, and commit; it is kept in memory until that has gone through."""
        if not part:
            return
        outcomes = Sender.finish(part.jobs)
        insist(self.env, lambda: self._record_part(part, outcomes))
        self.env['ir.cron']._commit_progress()

    def _record_part(self, part, outcomes):
        by_uuid = {message.uuid: message for message in part.messages}
        sent = {
            by_uuid[outcome.key]: outcome.external_id
            for outcome in outcomes
            if outcome.state == 'sent'
        }
        notes = self._post_to_cases(sent)
        results = {
            message.reminder_id: {'external_id': reference, 'mail_message_id': notes[message].id}
            for message, reference in sent.items()
        }
        if results:
            gone = [part.letters[message] for message in sent]
            self.env['cobranza.reminder']._delivered(gone, results, self._state_after_delivery())
        part.messages._record(outcomes)

    @api.model
    def _post_to_cases(self, messages):
        """Put what was sent into the history of its case; return {message: mail.message}."""
        messages = list(messages)
        notes = self.env['mail.message'].sudo().create(list(map(self._note_values, messages)))
        return dict(zip(messages, notes))

    def _note_values(self, message):
        author = message.author_id or message.company_id.partner_id
        return {
            'author_id': author.id,
            'body': Markup('<br/>').join(map(escape, (message.body or '').splitlines())),
            'message_type': 'notification',
            'model': 'cobranza.case',
            'record_name': message.reminder_id.partner_id.name,
            'res_id': message.reminder_id.case_id.id,
            'subtype_id': self.env['ir.model.data']._xmlid_to_res_id('mail.mt_note'),
        }


def _plain(body):
    """Return what a person wrote as plain text."""
    return html2plaintext(body, include_references=False).strip()
