from markupsafe import Markup

from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import html_sanitize

from ..tools.phrases import find_forbidden
from ..tools.placeholders import one_stop
from .cobranza_channel import Letter
from .cobranza_template import MessageFormat
from .cobranza_truth_check import Claim


class CobranzaCase(models.Model):
    """A message written by hand: composed from a template, edited, and sent the way every other one is.

    It is a row of the outbox, checked, gated, delivered and logged like those of the strategy, and it is that day's.
    """

    _inherit = 'cobranza.case'

    # === COMPOSING === #

    def _compose(self, channel, template):
        """Return the message as it would leave now; what it claims is remembered with the lease.

        :return: dict of subject, body, to, contact, allowed, why, template_id
        """
        self.ensure_one()
        contact, address, obstacle = self._way_out(channel)
        draft = {
            'allowed': not obstacle,
            'body': '',
            'contact': contact.name or '',
            'subject': '',
            'template_id': template.id,
            'to': address,
            'why': obstacle,
        }
        claims = self._claims_now()
        if not claims:
            nothing = self.env._(
                'Nothing can be claimed now: what is owed is promised, disputed or on its way.'
            )
            return {**draft, 'allowed': False, 'why': nothing}
        self._remember_claim(claims)
        letter = self._write_by_hand(channel, template, contact, address, claims)
        if letter:
            draft |= {'body': str(letter.body), 'subject': letter.subject}
        return draft

    def _way_out(self, channel):
        """Return (contact, address, why the message may not leave now or '')."""
        Channel = self.env['cobranza.channel']._of_code(channel)
        contact, address, opted_out = Channel._reachable(self.partner_id).get(
            self.partner_id, (self.partner_id, '', False)
        )
        verdict = self.env['cobranza.contact.guard']._assess(self, [channel])[self, channel]
        if not address:
            none = self.env._('%s has no address on this channel.', self.partner_id.name)
            return contact, '', Channel._why_unreachable(self.partner_id) or none
        if opted_out:
            return contact, address, self.env._('asked not to be contacted this way')
        return contact, address, self._explain_verdict(verdict) or self._todays_message()

    def _todays_message(self):
        """Return why today's message forbids another one, '' when there is none or it still waits."""
        Reminder = self.env['cobranza.reminder'].sudo()
        waiting = (*Reminder._WAITING, 'ready', 'cancelled', 'failed')
        sent = Reminder.search(
            [
                ('case_id', '=', self.id),
                ('date', '=', self.company_id._cobranza_today()),
                ('state', 'not in', waiting),
            ],
            limit=1,
        )
        return self.env._('This debtor already has a message today.') if sent else ''

    def _claims_now(self):
        """Return what may be claimed at this minute: net of credits, without promised items."""
        draft = self._draft_reminder()
        rows = self.env['cobranza.truth.check'].sudo()._owed_items(draft, self.company_id)
        Line = self.env['account.move.line'].sudo()
        claims = [Claim(Line.browse(row[0]), *row[1:4]) for row in rows if not row[4]]
        return sorted(claims, key=lambda claim: (claim.due, claim.line.id))

    def _draft_reminder(self):
        """Return the message before it is written: nothing in the database yet."""
        return self.env['cobranza.reminder'].sudo().new(self._reminder_values())

    def _reminder_values(self):
        return {
            'case_id': self.id,
            'company_id': self.company_id.id,
            'currency_id': self.company_id.currency_id.id,
            'date': self.company_id._cobranza_today(),
            'partner_id': self.partner_id.id,
        }

    def _write_by_hand(self, channel, template, contact, address, claims, reminder=None):
        """Return the Letter about `claims` in the words that the template has for a channel."""
        reminder = reminder or self._draft_reminder()
        lang = (
            contact.lang or self.partner_id.lang or self.company_id.partner_id.lang or self.env.lang
        )
        items = reminder._items_of({reminder: claims})[reminder]
        template_sudo = template.sudo()
        values = template_sudo._message_values(
            reminder, contact, items, MessageFormat(template_sudo.env, lang)
        )
        Channel = self.env['cobranza.channel'].sudo()._of_code(channel)
        subject, body = (
            Channel._words(template_sudo, reminder, lang, values) if template else ('', Markup(''))
        )
        return Letter(
            reminder, contact, address, lang, subject, body, values, template=template_sudo
        )

    # === WHAT IT CLAIMED WHEN IT WAS WRITTEN === #

    def _my_lease(self):
        return (
            self.env['cobranza.work.lease']
            .sudo()
            .search([('case_id', '=', self.id), ('user_id', '=', self.env.uid)])
        )

    def _remember_claim(self, claims):
        self._my_lease().written_amount = sum(claim.company_amount for claim in claims)

    def _check_claim(self, claims):
        """Refuse a text whose figures have gone stale while it was being written."""
        written = self._my_lease().written_amount
        now = sum(claim.company_amount for claim in claims)
        if written and not self.currency_id.is_zero(written - now):
            raise UserError(
                self.env._(
                    'What is owed has changed since this was written. Please compose it again.'
                )
            )

    # === SENDING === #

    def _send_written(self, channel, template, subject, body):
        """Send a message as a person wrote it.

        :return: what happened, as one sentence
        """
        self.ensure_one()
        subject, body = self._checked_words(subject, body)
        contact, address, obstacle = self._way_out(channel)
        if obstacle:
            raise UserError(one_stop(self.env._('Not sent: %s.', obstacle)))
        reminder_sudo = self._queue_written(channel, template)
        reminder_sudo.write(
            {
                'written_body': body,
                'written_subject': subject,
                'written_template_id': template.id,
            }
        )
        claims = self._check_debt(reminder_sudo)
        self._check_claim(claims)
        letter = self._write_by_hand(channel, template, contact, address, claims, reminder_sudo)
        reminder_sudo.amount = sum(claim.company_amount for claim in claims)
        letter = letter._replace(subject=subject, body=body)
        self.env['cobranza.channel'].sudo()._of_code(channel)._send([letter])
        return self._what_became_of(reminder_sudo, letter)

    def _checked_words(self, subject, body):
        """Return subject and body, free of what does not belong in a message, or say which words may not be said."""
        subject = ' '.join(subject.split())
        body = Markup(html_sanitize(body, sanitize_style=True))
        own = (self.company_id.cobranza_forbidden_phrases or '').splitlines()
        said = find_forbidden(f'{subject} {body}', own)
        if said:
            raise UserError(
                self.env._(
                    'Please say it another way: "%s" is forbidden in collections.',
                    '", "'.join(said),
                )
            )
        if not body.striptags().strip():
            raise UserError(self.env._('The message is empty.'))
        return subject, body

    def _queue_written(self, channel, template):
        """Write the message down in the outbox, in place of what still waits for this debtor."""
        Reminder = self.env['cobranza.reminder'].sudo()
        waiting = Reminder.search(
            [('case_id', '=', self.id), ('state', 'in', (*Reminder._WAITING, 'ready'))]
        )
        today = self.company_id._cobranza_today()
        superseded = waiting.filtered(lambda r: r.state != 'ready' or r.date == today)
        superseded.activity_id.unlink()
        superseded._stop('cancelled', 'superseded')
        self.env.flush_all()
        claims = self._claims_now()
        return Reminder.create(
            {
                **self._reminder_values(),
                'amount': sum(claim.company_amount for claim in claims),
                'channel': channel,
                'item_ids': [Command.create({'line_id': claim.line.id}) for claim in claims],
                'state': 'queued',
                'step_name': template.name or self.env._('Written by hand'),
            }
        )

    def _check_debt(self, reminder):
        """Return what may be claimed, read again under lock, or say what stands against it."""
        claims, stopped = self.env['cobranza.truth.check'].sudo()._check(reminder)
        if reminder in stopped:
            finding = stopped[reminder]
            sentence = dict(reminder._reason_selection())[finding.code]
            text = sentence.replace('%s', finding.detail or '').strip()
            raise UserError(one_stop(self.env._('Not sent: %s.', text)))
        return claims[reminder]

    def _what_became_of(self, reminder, letter):
        """Return the sentence for a message that was handed to its channel."""
        to = letter.contact.name or self.partner_id.name
        if reminder.state in ('cancelled', 'failed', 'held', 'queued', 'refused', 'unknown'):
            return reminder.reason or self.env._('It waits to be sent.')
        if reminder.state == 'ready':
            return self.env._('The message to %s is ready to print.', to)
        return one_stop(
            self.env._('Sent to %(name)s, %(address)s.', name=to, address=letter.address)
        )
