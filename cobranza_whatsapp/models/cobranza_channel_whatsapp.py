from datetime import timedelta

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.tools import html2plaintext

from ..tools.phone_keys import phone_key
from ..tools.sender import Sender


class CobranzaChannelWhatsapp(models.AbstractModel):
    """Messages by an approved template, at the speed of the company's number."""

    _name = 'cobranza.channel.whatsapp'
    _inherit = ['cobranza.mobile.channel']
    _description = 'WhatsApp Channel'
    _sequence = 15
    _transactional = False

    @api.model
    def _label(self):
        return self.env._('WhatsApp')

    @api.model
    def _account(self):
        return self.env['cobranza.whatsapp.account']._of(self.env.company)

    @api.model
    def _is_ready(self, template):
        """A step's message needs an approved template that carries it, and a number in use."""
        account = self._account()
        return bool(account and template.sudo()._whatsapp_templates(account))

    @api.model
    def _addresses(self, partners):
        """Give mobile numbers; of those who accepted, where the company asks first."""
        account = self._account()
        if not account:
            return {}
        found = super()._addresses(partners)
        if account.opt_in == 'explicit':
            accepted = self._accepted(partners)
            found = {partner: way for partner, way in found.items() if partner in accepted}
        return found

    @api.model
    def _why_unreachable(self, partner):
        """Say what is missing: the number of the company, their consent, or a mobile of theirs."""
        account = self._account()
        if not account:
            return self.env._('no WhatsApp number is in use')
        if account.opt_in == 'explicit' and partner not in self._accepted(partner):
            return self.env._('they have not accepted messages by WhatsApp')
        return super()._why_unreachable(partner)

    def _accepted(self, partners):
        """Return the debtors whose last word on WhatsApp, or on every channel, was yes."""
        consents = (
            self.env['cobranza.consent']
            .sudo()
            .search_fetch(
                [('partner_id', 'in', partners.ids), ('channel', 'in', ('whatsapp', False))],
                ['partner_id', 'state'],
            )
        )
        latest = {}
        for consent in consents:  # the latest first
            latest.setdefault(consent.partner_id, consent.state)
        return {partner for partner, state in latest.items() if state == 'in'}

    @api.model
    def _opted_out(self, addresses):
        """Ask the list of telephones, and who told this number to stop."""
        refused = self.env['cobranza.channel.phone']._opted_out(addresses)
        keys = {phone_key(address): address for address in addresses}
        talks = (
            self.env['cobranza.whatsapp.conversation']
            .sudo()
            .search_fetch(
                [('phone_key', 'in', list(keys)), ('is_opted_out', '=', True)], ['phone_key']
            )
        )
        return refused | {keys[talk.phone_key] for talk in talks}

    @api.model
    def _words(self, template, reminder, lang, values):
        """Return the words of the approved template; without one, of the message itself."""
        approved = template._whatsapp_template(self._account(), lang)
        if not approved:
            return template._fill_sms(lang, values)
        text = approved._text(approved._fill(values, self._links(reminder, values)))
        return '', Markup('<br/>').join(map(escape, text.splitlines()))

    def _links(self, reminder, values):
        """Return the addresses under which this debt can be seen and paid, which is all a button may lead to."""
        if not values['pay_link']:
            return []
        short = [reminder._short_link()] if isinstance(reminder.id, int) else []
        return [*short, values['pay_link']]

    # === SENDING === #

    @api.model
    def _send(self, letters):
        """Send at the number's speed: while one part is on its way, the next is claimed and the last written down.

        A part is claimed under lock, its debt read again, and committed before anything leaves: at most once.
        """
        account = self._account()
        if not account or account._is_paused():
            self._put_off(letters, account)
            return
        sending = []
        with account._sender() as sender:
            for start in range(0, len(letters), account.rate):
                part = self._claim_part(account, letters[start : start + account.rate])
                jobs = sender.start(part['messages']._chains(account)) if part else []
                sending.append((part, jobs))
                if len(sending) > 1:
                    self._write_down(*sending.pop(0))
            for part, jobs in sending:
                self._write_down(part, jobs)

    def _put_off(self, letters, account):
        """Leave the letters in the queue until the number may be used again."""
        until = account.paused_until or fields.Datetime.now() + timedelta(hours=1)
        for letter in letters:
            letter.reminder._stop('held', 'whatsapp_paused', next_at=until)

    def _claim_part(self, account, letters):
        """Return {'messages': …, 'letters': {message: letter}} of those that still may leave, committed as such."""
        account.invalidate_recordset(['paused_until', 'state'])
        if account.state != 'ready' or account._is_paused():
            self._put_off(letters, account)
            self._commit()
            return {}
        reminders = self.env['cobranza.reminder'].union(*(letter.reminder for letter in letters))
        amounts = {
            letter.reminder: letter.claim.get('amount', letter.reminder.amount)
            for letter in letters
        }
        due = reminders._still_claiming(amounts)
        going = {}
        for letter in letters:
            if letter.reminder in due and (message := self._prepare(account, letter)):
                going[message] = letter
        messages = self.env['cobranza.whatsapp.message'].union(*going)
        self._commit()
        return {'letters': going, 'messages': messages} if going else {}

    def _prepare(self, account, letter):
        """Return the message of a letter, written down as on its way; None when it cannot be written."""
        reminder = letter.reminder
        talk = self.env['cobranza.whatsapp.conversation']._of_address(
            account, letter.contact, letter.address, reminder.case_id
        )
        wait = talk._pair_wait()
        if wait:
            next_at = fields.Datetime.now() + timedelta(seconds=wait)
            reminder._stop('held', 'whatsapp_pair', next_at=next_at)
            return None
        values = self._content(account, letter, talk)
        if not values:
            reminder.write({**letter.claim})
            reminder._channel_failed('whatsapp_window', '')
            return None
        reminder.write({'state': 'sending', **letter.claim})
        now = fields.Datetime.now()
        talk.last_message_at = now
        return self.env['cobranza.whatsapp.message'].create(
            {
                'author_id': letter.values['author'].id,
                'conversation_id': talk.id,
                'direction': 'out',
                'kind': values['payload']['type'],
                'reminder_id': reminder.id,
                'state': 'sending',
                **values,
            }
        )

    def _content(self, account, letter, talk):
        """Return body, payload and template of a letter: what a person wrote within a day, else the template's."""
        written = letter.reminder.written_body
        if written and talk.is_window_open:
            text = html2plaintext(written, include_references=False).strip()
            return {
                'body': text,
                'payload': {'type': 'text', 'text': {'preview_url': True, 'body': text}},
            }
        template = letter.template and letter.template._whatsapp_template(account, letter.lang)
        if not template:
            return None
        filled = template._fill(letter.values, self._links(letter.reminder, letter.values))
        document = template._document_of(letter.reminder)
        return {
            'body': template._text(filled),
            'payload': {'type': 'template', 'template': template._payload(filled, document)},
            'template_id': template.id,
        }

    def _write_down(self, part, jobs):
        """Write down what became of a part, and commit."""
        if not part:
            return
        messages, letters = part['messages'], part['letters']
        outcomes = Sender.finish(jobs)
        by_uuid = {message.uuid: message for message in messages}
        sent = {
            letters[by_uuid[outcome.key]].reminder: {'external_id': outcome.external_id}
            for outcome in outcomes
            if outcome.state == 'sent'
        }
        gone = [letter for letter in letters.values() if letter.reminder in sent]
        if gone:
            self.env['cobranza.reminder']._delivered(gone, sent, self._state_after_delivery())
        messages._record(outcomes)
        self._commit()

    def _commit(self):
        self.env['ir.cron']._commit_progress()
