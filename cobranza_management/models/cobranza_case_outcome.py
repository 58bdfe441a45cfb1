from datetime import timedelta

from odoo import Command, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date, format_datetime


class CobranzaCase(models.Model):
    """What an outcome sets in motion: one method an effect, `_effect_<effect>(values)`, which says what it did."""

    _inherit = 'cobranza.case'

    def _record_outcome(self, outcome, values):
        """Log what came of a contact and let its effect happen.

        :param outcome: cobranza.outcome
        :param dict values: what was said, as returned by `_read_outcome_values`
        :return: what happened, as one sentence
        """
        self.ensure_one()
        self.check_access('write')
        told = self._take_back(values['replaces']) if values['replaces'] else []
        ended = self.callback_at if self._ends_callback(outcome) else None
        contact = self._log_outcome(outcome, {**values, 'ended_call_at': ended})
        values = {**values, 'interaction': contact, 'outcome': outcome}
        self._settle_callback(outcome)
        agreed = self.callback_at
        self._leave_queue(agreed or self._day_after(self.company_id._cobranza_today()))
        told.append(getattr(self, f'_effect_{outcome.effect}')(values))
        if agreed:
            moment = self.env['cobranza.workbench.queue']._moment(agreed)
            told.append(self.env._('The call agreed for %s stays.', moment))
        return ' '.join(told)

    def _log_outcome(self, outcome, values):
        """Append the contact with its outcome; the call of the strategy that it carries out is done."""
        contact, replaced = values['contact'], values['replaces']
        channel = values['channel']
        reminder = self._call_carried_out(outcome, replaced, channel)
        return self._log_contact(
            {
                'address': values.get('address'),
                'channel': channel,
                'contact_id': contact.id,
                'ended_call_at': values.get('ended_call_at'),
                'is_attempt': not outcome.is_contact,
                'is_contact': outcome.is_contact,
                'is_right_party': outcome.is_right_party,
                'outcome_id': outcome.id,
                # a correction takes the place of what it corrects, for the law too
                'purpose': replaced.purpose or self._purpose_of_contact(),
                'reminder_id': reminder.id,
                'replaces_id': replaced.id,
                'summary': ' · '.join(filter(None, (outcome.name, values.get('note')))),
            },
            reminder,
        )

    def _call_carried_out(self, outcome, replaced, channel):
        """Return the call of the strategy that a contact carries out: it is made once somebody answers."""
        if outcome.is_contact:
            return replaced.reminder_id or self._first_message('ready', channel)
        replaced.reminder_id.sudo()._carried_out_by_mistake()
        return self.env['cobranza.reminder']

    def _purpose_of_contact(self):
        """Return the purpose of a contact: a customer who asked to be called back is answered, not chased."""
        return 'reply' if self.is_callback_due else 'collection'

    def _leave_queue(self, until, callback=None):
        """Take the case out of the queue until a moment (naive UTC, None: it stays).

        :param callback: a call agreed anew; without one, the call that is agreed stays
        """
        callback = callback or self.callback_at or None
        self._write_columns(['work_after', 'callback_at'], {self.id: (until, callback)})

    def _remind(self, summary, date=None, note=None, user=None, kind='todo', contact=None):
        """Give somebody a task about this case: its collector unless told otherwise.

        :param contact: the cobranza.interaction it came of, with which it is taken back
        """
        return self._schedule(
            [
                {
                    'case': self,
                    'contact': contact,
                    'date': date or fields.Date.context_today(self),
                    'note': note,
                    'summary': summary,
                    'type': f'mail.mail_activity_data_{kind}',
                    'user': user,
                }
            ]
        )

    def _hold_for(self, reason, values):
        """Hold automation for the outcome's days from today and return the last of them."""
        days = values['outcome'].hold_days
        until = fields.Date.add(self.company_id._cobranza_today(), days=days)
        self._hold(reason, until)._comes_of(values.get('interaction'))
        return until

    # === EFFECTS === #

    def _effect_no_answer(self, values):
        """Try again when that was agreed, or else in some hours, or tomorrow after the last attempt of the day."""
        outcome, now = values['outcome'], fields.Datetime.now()
        tomorrow = self._day_after(self.company_id._cobranza_today())
        attempts = self._attempts_since(self._day_after(self._yesterday()))
        again = now + timedelta(hours=outcome.retry_hours)
        if self.callback_at:
            return self.env._('Attempt %s today.', attempts)
        if attempts >= outcome.attempts_per_day or again >= tomorrow:
            return self.env._('Attempt %s today; the debtor is back tomorrow.', attempts)
        self._leave_queue(again)
        return self.env._(
            'Attempt %(number)s today; the debtor is back at %(time)s.',
            number=attempts,
            time=format_datetime(self.env, again, dt_format='HH:mm'),
        )

    def _yesterday(self):
        return fields.Date.subtract(self.company_id._cobranza_today(), days=1)

    def _attempts_since(self, moment):
        """Return how often this outcome's kind of attempt was made since a moment (naive UTC)."""
        return self.env['cobranza.interaction'].search_count(
            [
                ('case_id', '=', self.id),
                ('date', '>=', moment),
                ('outcome_id.effect', '=', 'no_answer'),
                ('replaced_by_ids', '=', False),
            ]
        )

    def _effect_wrong_number(self, values):
        """Never use this number of the debtor again; the next one, if there is one, is tried at once."""
        contact, address = values.get('contact'), values.get('address')
        if not address:
            raise UserError(self.env._('There is no number to stop.'))
        self.env['cobranza.wrong.address']._note(
            self.partner_id, contact, address, values.get('interaction')
        )
        channel = self.env['cobranza.channel']._of_code(values['channel'])
        other = channel._reachable(self.partner_id).get(self.partner_id)
        if other and not other[2]:
            self._leave_queue(None)
            return self.env._(
                '%(wrong)s will not be used again. Next: %(name)s, %(address)s.',
                wrong=address,
                name=other[0].name or self.partner_id.name,
                address=other[1],
            )
        self._remind(
            self.env._('Find another number'), note=address, contact=values.get('interaction')
        )
        return self.env._('%s will not be used again. There is no other: find one.', address)

    def _effect_promise(self, values):
        """Take the promise; its items are left alone meanwhile."""
        promise = self._take_promise(
            {
                'amount': values['amount'],
                'currency_id': values['currency'].id,
                'date': values['date'],
                'line_ids': [Command.set(values['lines'].ids)],
            }
        )
        promise._comes_of(values.get('interaction'))
        details = {
            'amount': format_amount(self.env, promise.amount, promise.currency_id),
            'day': format_date(self.env, promise.date),
        }
        if promise.state == 'open':
            return self.env._('Promise of %(amount)s for %(day)s noted.', **details)
        return self.env._(
            'Promise of %(amount)s for %(day)s: a supervisor has to approve it.', **details
        )

    def _effect_paid(self, values):
        """Leave the debtor alone while somebody looks for the payment."""
        until = self._hold_for(self.env._('Says they have paid'), values)
        told = [values.get('note')]
        if values.get('amount'):
            told.append(format_amount(self.env, values['amount'], values['currency']))
        if values.get('date'):
            told.append(format_date(self.env, values['date']))
        self._remind(
            self._payment_task_summary(),
            contact=values.get('interaction'),
            note=' · '.join(filter(None, told)) or None,
        )
        return self.env._(
            'On hold until %s; a task to look for the payment is open.',
            format_date(self.env, until),
        )

    def _payment_task_summary(self):
        return self.env._('Check the payment of %s', self.partner_id.name)

    def _effect_dispute(self, values):
        """Take the items out of the ladder."""
        if not values['lines']:
            raise UserError(self.env._('Choose the documents they do not accept.'))
        details = {'note': values.get('note'), 'reason_id': values['reason'].id}
        disputes = self._open_disputes(values['lines'], details)
        disputes._comes_of(values.get('interaction'))
        return self.env._(
            '%s document(s) in dispute; they are not claimed meanwhile.', len(disputes)
        )

    def _effect_not_received(self, values):
        """Send the invoices again and wait for them to arrive; a person sends what cannot leave by itself."""
        lines = values['lines'] or self._overdue_lines() or self._claims()
        contact, sent, why = self._send_invoices(lines.move_id, values.get('interaction'))
        reason = self.env._('Invoices sent again') if sent else self.env._('Invoices to be sent')
        until = format_date(self.env, self._hold_for(reason, values))
        told = [self.env._('On hold until %s.', until)]
        if sent:
            told = [
                self.env._(
                    '%(count)s invoice(s) sent to %(name)s; on hold until %(day)s.',
                    count=len(sent),
                    name=contact.email,
                    day=until,
                )
            ]
        if why:
            rest = lines.filtered(lambda line: line.move_id not in sent)
            told.append(self._ask_to_send(rest, why, values.get('interaction')))
        return ' '.join(told)

    def _claims(self):
        return self.item_ids.filtered(lambda item: item.amount_residual > 0)

    def _overdue_lines(self):
        return self._claims().filtered(lambda item: item.days_overdue > 0)

    def _effect_refuses(self, values):
        """Tell the supervisor and remember the day, for segments and priorities."""
        today = fields.Date.context_today(self)
        self._write_columns(['refused_date'], {self.id: (today,)})
        supervisor = self._supervisor()
        self._remind(
            self.env._('%s refuses to pay', self.partner_id.name),
            contact=values.get('interaction'),
            note=values.get('note'),
            user=supervisor,
        )
        if supervisor:
            return self.env._('Refusal noted; %s has a task to decide.', supervisor.name)
        return self.env._('Refusal noted; there is a task to decide.')

    def _effect_callback(self, values):
        """Bring the debtor back on top at the agreed moment, and not before."""
        self._agree_call(values['until'], values.get('note'), values.get('interaction'))
        when = format_datetime(self.env, values['until'], dt_format='short')
        return self.env._('The debtor is on top of the queue on %s.', when)

    def _effect_instalments(self, values):
        """Open the task to offer a plan."""
        note = [values.get('note')]
        if values.get('amount'):
            amount = format_amount(self.env, values['amount'], values['currency'])
            note.append(self.env._('Can pay %s at a time', amount))
        told = ' · '.join(filter(None, note)) or None
        self._ask_for_plan(told, values.get('interaction'))
        return self.env._('A task to offer a payment plan is open.')

    def _effect_stop(self, values):
        """Leave the debtor alone until the supervisor has decided."""
        outcome, supervisor = values['outcome'], self._supervisor()
        until = self._hold_for(outcome.name, values)
        self._remind(
            self.env._(
                '%(debtor)s: %(outcome)s', debtor=self.partner_id.name, outcome=outcome.name
            ),
            contact=values.get('interaction'),
            note=values.get('note'),
            user=supervisor,
        )
        return self.env._('On hold until %s; the supervisor decides.', format_date(self.env, until))

    def _effect_note(self, values):
        """Keep the note; nothing else happens."""
        return self.env._('Noted.')
