import logging
from collections import Counter
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .cobranza_channel import Letter
from .cobranza_template import MessageFormat

_logger = logging.getLogger(__name__)

#: What a batch reads whatever its size is a third of the work at 200, and its locks are kept for about a second.
BATCH_SIZE = 500
#: A message that has been "being sent" for longer was interrupted.
STALE_MINUTES = 15


class CobranzaReminder(models.Model):
    """Dispatch: claim, check again, ask the gate, deliver, log.

    A channel that delivers inside this database commits with its messages: exactly once. Any other is claimed and
    committed first, then called: a crash in between leaves "unknown", never a second message.
    """

    _inherit = 'cobranza.reminder'

    @api.model
    def _due_domain(self):
        """Return the Domain of messages whose moment has come."""
        active = Domain('company_id.cobranza_active', '=', True)
        return (
            active
            & Domain('state', 'in', ('queued', 'held', 'refused'))
            & Domain('next_attempt_at', '<=', fields.Datetime.now())
        )

    @api.model
    def _cron_dispatch(self, batch_size=BATCH_SIZE):
        """Send what is due, a batch a transaction; several workers share the queue without waiting."""
        commit = self.env['ir.cron']._commit_progress
        self._settle_interrupted()
        commit(remaining=self.search_count(self._due_domain()))
        passes, under_way = Counter(), {}
        try:
            while batch := self._claim(batch_size):
                batch._dispatch(under_way)
                batch._set_back(passes)
                if not commit(len(batch)):
                    break
        finally:
            self._finish(under_way)  # whatever happens, it has left

    @api.model
    def _claim(self, limit):
        """Lock and return up to `limit` messages that no other worker has, the longest due first.

        What fails here leaves the transaction fit for writing down what is on its way.
        """
        due = self._search(self._due_domain(), order='next_attempt_at, id', limit=limit)
        # one statement: what another worker commits between looking and locking would be a conflict
        with self.env.cr.savepoint():
            rows = self.env.execute_query(
                SQL('%s FOR UPDATE OF %s SKIP LOCKED', due.select(), SQL.identifier(self._table))
            )
        return self.browse(row[0] for row in rows)

    @api.model
    def _settle_interrupted(self):
        """Mark messages whose worker died between the claim and the provider's answer."""
        stale = fields.Datetime.now() - timedelta(minutes=STALE_MINUTES)
        self.search([('state', '=', 'sending'), ('write_date', '<', stale)])._lose_track()
        self.env['mail.mail']._settle_cut_off()

    def _dispatch(self, under_way):
        """Send these messages, their rows locked.

        What leaves by a provider comes last: its commits let go of the locks of all.

        :param dict under_way: what the channels have yet to write down, updated; see `_finish`
        """
        with self.env.cr.savepoint():  # as in `_claim`
            outside = self._send_transactional()
        for channel, letters in outside:
            key = channel._name, channel.env.company
            _channel, last = under_way.pop(key, (channel, None))
            under_way[key] = channel, channel._send_on(letters, last)

    def _send_transactional(self):
        """Send what leaves in this transaction; return [(channel, letters)] of the rest."""
        outside = []
        for company, reminders in self.grouped('company_id').items():
            reminders = reminders.with_company(company).with_context(
                tz=str(company._cobranza_zone())
            )
            claims, stopped = self.env['cobranza.truth.check']._check(reminders)
            reminders._apply_findings(stopped)
            routed = reminders._route(claims)
            reminders._tell_of_failure()
            for code, letters in routed.items():
                channel = reminders.env['cobranza.channel']._of_code(code)
                if channel._transactional:
                    channel._send(letters)
                else:
                    outside.append((channel, letters))
        return outside

    def _finish(self, under_way):
        """Have the channels write down what became of the last that they sent.

        :param dict under_way: {(name of the channel, company): (channel, what its `_send_on` returned)}
        """
        for channel, last in under_way.values():
            channel._finish(last)

    def _still_claiming(self, amounts):
        """Lock the messages again and return those that are still due and still about what they say.

        Whatever has changed is held or cancelled, or stays in the queue to be written again.

        :param dict amounts: {message: what it claims, company currency}
        """
        self.invalidate_recordset()
        due = self.try_lock_for_update().filtered_domain(self._due_domain())
        if not due:
            return due
        claims, stopped = self.env['cobranza.truth.check']._check(due)
        self._apply_findings(stopped)
        return due.filtered(
            lambda reminder: (
                reminder in claims
                and reminder.currency_id.is_zero(
                    sum(claim.company_amount for claim in claims[reminder]) - amounts[reminder]
                )
            )
        )

    def _apply_findings(self, findings):
        """Hold or cancel what the check found, and raise one task for money that nobody has applied."""
        tasks = []
        for reminder, finding in findings.items():
            first_time = reminder.reason_code != finding.code
            next_at = fields.Datetime.now() + timedelta(hours=finding.retry_hours)
            reminder._stop(finding.state, finding.code, finding.detail, next_at=next_at)
            if first_time and finding.code in (
                'payment_pending',
                'transaction_pending',
                'bank_line',
            ):
                tasks.append(
                    {
                        'case': reminder.case_id,
                        'date': reminder.date,
                        'note': reminder.reason,
                        'summary': self.env._('Apply a payment that has not reached the ledger'),
                        'type': 'mail.mail_activity_data_todo',
                    }
                )
        self.case_id._schedule(tasks)

    # === ROUTE: THE FIRST CHANNEL THAT IS ALLOWED AND REACHES THE DEBTOR === #

    def _route(self, claims):
        """Return {channel: letters} for the messages the gate lets through; the others keep its answer.

        :param claims: {reminder: list of Claim}
        """
        reminders = self.browse(reminder.id for reminder in claims)
        if not reminders:
            return {}
        letters, formats = {}, {}
        items = reminders._items_of(claims)
        chosen = reminders._choose_channels()
        lines = reminders.step_id.channel_ids
        for reminder, (line, contact, address) in chosen.items():
            line = line.with_prefetch(lines.ids)  # their templates are read together
            letter = reminder._write_letter(line, contact, address, items[reminder], formats)
            if letter:
                letters.setdefault(line.channel, []).append(letter)
        return letters

    def _choose_channels(self):
        """Return {message: (step channel, contact, address)} for those that may leave; the others keep the answer.

        Most leave by the first channel of their step: what the others would need is read for the rest alone.
        """
        chosen = {}
        lines = {reminder: reminder._channels_left()[:1] for reminder in self}
        for first, reminders in self.grouped(lambda r: lines[r].channel).items():
            channels = [first] if first else []
            verdicts, addresses = reminders._ask_channels(channels)
            for reminder in reminders if first else ():
                found = addresses[first].get(reminder.partner_id)
                if found and not found[2] and verdicts[reminder.case_id, first].allowed:
                    chosen[reminder] = (lines[reminder], *found[:2])
        rest = self.filtered(lambda reminder: reminder not in chosen)
        verdicts, addresses = rest._ask_channels(
            sorted(set(rest.step_id.channel_ids.mapped('channel')))
        )
        for reminder in rest:
            line, contact, address = reminder._choose_channel(verdicts, addresses)
            if line:
                chosen[reminder] = line, contact, address
        return chosen

    def _passing(self, channel):
        """Return {message: (contact, address)} of those that may leave by this channel; the others keep the answer."""
        verdicts, addresses = self._ask_channels([channel])
        passing = {}
        for reminder in self:
            contact, address, opted_out = addresses[channel].get(
                reminder.partner_id, (None, '', False)
            )
            verdict = verdicts[reminder.case_id, channel]
            if not address:
                reminder._give_up('no_address')
            elif opted_out:
                reminder._give_up('opt_out')
            elif not verdict.allowed:
                reminder._keep_refusal(
                    [(verdict.code, verdict.detail, verdict.law, verdict.next_at)]
                )
            else:
                passing[reminder] = contact, address
        return passing

    def _ask_channels(self, channels):
        """Return ({(case, channel): verdict}, {channel: {debtor: (contact, address, opted out)}})."""
        if not self or not channels:
            return {}, {}
        verdicts = self.env['cobranza.contact.guard']._assess(self.case_id, channels)
        return verdicts, self.env['cobranza.channel']._reach(channels, self.partner_id)

    def _choose_channel(self, verdicts, addresses):
        """Return (step channel, contact, address), or write down why there is none.

        A channel that is only not allowed *now* is waited for, unless a later one may be used at once.
        """
        refusals = []
        for line in self._channels_left():
            contact, address, opted_out = addresses[line.channel].get(
                self.partner_id, (None, None, False)
            )
            verdict = verdicts[self.case_id, line.channel]
            if not address:
                continue
            if opted_out:
                refusals.append(('opt_out', '', '', None))
            elif verdict.allowed:
                return line, contact, address
            else:
                refusals.append((verdict.code, verdict.detail, verdict.law, verdict.next_at))
        self._keep_refusal(refusals)
        return None, None, None

    def _keep_refusal(self, refusals):
        """Wait for the earliest moment any channel allows; without one the message has failed."""
        later = [refusal for refusal in refusals if refusal[3]]
        if later:
            code, detail, law, next_at = min(later, key=lambda refusal: refusal[3])
            self._stop('refused', code, detail, law, next_at=next_at.replace(tzinfo=None))
        elif refusals:
            self._give_up(*refusals[0][:2])
        elif lines := self._channels_left():
            self._give_up('no_address', self._why_unreachable(lines))
        else:
            self._give_up(self.reason_code or 'no_channel')

    def _why_unreachable(self, lines):
        """Return in words what is wrong with the addresses of the debtor on some channels."""
        found = []
        for line in lines:
            channel = self.env['cobranza.channel']._of_code(line.channel)
            why = channel._why_unreachable(self.partner_id)
            if why:
                found.append(f'{channel._label()}: {why}')
        return f'({"; ".join(found)})' if found else ''

    # === WRITE === #

    def _write_letter(self, line, contact, address, items, formats):
        """Return the Letter about `items`, or None when the template cannot be filled in."""
        lang = (
            contact.lang or self.partner_id.lang or self.company_id.partner_id.lang or self.env.lang
        )
        if lang not in formats:
            formats[lang] = MessageFormat(self.env, lang)
        try:
            values = line.template_id._message_values(self, contact, items, formats[lang])
            channel = self.env['cobranza.channel']._of_code(line.channel)
            subject, body = channel._words(line.template_id, self, lang, values)
        except OperationalError:
            raise
        except Exception as error:
            _logger.info('Message %s cannot be written: %s', self.id, error)
            self.channel = line.channel
            self._give_up('no_template', str(error) if line.template_id else self.step_name or '')
            return None
        # written down as it leaves, with the rest of its row
        claim = {
            'amount': sum(item['company_amount'] for item in items),
            'channel': line.channel,
        }
        return Letter(self, contact, address, lang, subject, body, values, claim, line.template_id)

    def _items_of(self, claims):
        """Return {message: its items as the template wants them}, for messages of one company.

        :param claims: {reminder: list of Claim}
        """
        today, base_url = self.company_id._cobranza_today(), self.company_id.get_base_url()
        moves = self.env['account.move'].union(
            *(claim.line.move_id for owed in claims.values() for claim in owed)
        )
        urls = moves._cobranza_pay_urls(base_url)
        return {
            reminder: [
                {
                    'amount': claim.amount,
                    'company_amount': claim.company_amount,
                    'currency': claim.line.currency_id,
                    'days': (today - claim.due).days,
                    'due': claim.due,
                    'name': claim.line.cobranza_document,
                    'url': urls.get(claim.line.move_id, ''),
                }
                for claim in owed
            ]
            for reminder, owed in claims.items()
        }

    # === AFTER DELIVERY === #

    def _delivered(self, letters, results, state):
        """Write down what left: state, contact log, stage and escalation."""
        common = {
            'state': state,
            'sent_at': fields.Datetime.now(),
            'reason_code': False,
            'reason_detail': False,
            'law': False,
        }
        rows = {
            letter.reminder: {
                **common,
                'address': letter.address,
                'contact_id': letter.contact.id,
                **letter.claim,
                **results.get(letter.reminder, {}),
            }
            for letter in letters
        }
        reminders = self.browse(reminder.id for reminder in rows)
        reminders._write_rows(rows)
        if state == 'sent':
            reminders._log_contacts()
        reminders._follow_step()

    def _log_contacts(self):
        """Append the messages to the contact log."""
        self.env['cobranza.interaction'].sudo()._log(
            [
                {
                    'address': reminder.address,
                    'case_id': reminder.case_id.id,
                    'channel': reminder.channel,
                    'message_id': reminder.mail_message_id.id,
                    'reminder_id': reminder.id,
                    'summary': reminder.step_name,
                    'user_id': reminder.case_id.user_id.id or self.env.uid,
                }
                for reminder in self
            ]
        )
