from datetime import timedelta

from odoo import api, fields, models


class CobranzaReminder(models.Model):
    """What becomes of a message of the outbox that went by WhatsApp."""

    _inherit = 'cobranza.reminder'

    @api.model
    def _reason_selection(self):
        return [
            *super()._reason_selection(),
            ('whatsapp_paused', self.env._('the WhatsApp number is resting')),
            ('whatsapp_pair', self.env._('they were written to a moment ago')),
            ('whatsapp_retry', self.env._('WhatsApp did not take it: %s')),
            (
                'whatsapp_window',
                self.env._('nothing approved says it, and they have not written for a day'),
            ),
        ]

    def _still_allowed(self, channel):
        """Return those that the gate and the debtor still allow by a channel; the others wait or take the next one.

        Asked again as each part leaves: a night of messages lasts, and people say no meanwhile.
        """
        verdicts, reached = self._ask_channels([channel])
        allowed = refused = self.browse()
        for reminder in self:
            _contact, address, opted_out = reached[channel].get(
                reminder.partner_id, (None, '', True)
            )
            verdict = verdicts[reminder.case_id, channel]
            if address and not opted_out and verdict.allowed:
                allowed |= reminder
            elif not verdict.allowed:
                reminder._keep_refusal(
                    [(verdict.code, verdict.detail, verdict.law, verdict.next_at)]
                )
                refused |= reminder
            else:
                reminder.channel = channel
                reminder._channel_failed('opt_out', '')
        refused._tell_of_failure()
        return allowed

    def _whatsapp_came_through(self, state, message):
        """Move forward with the message; one that nobody knew of had left after all."""
        for reminder in self.filtered(lambda r: r.channel == 'whatsapp'):
            if reminder.state in ('sending', 'unknown'):
                reminder._close_questions()
                note = self.env['cobranza.channel.whatsapp']._post_to_cases(message)[message]
                reminder.write(
                    {
                        'mail_message_id': note.id,
                        'address': f'+{message.conversation_id.phone or ""}',
                        'contact_id': message.conversation_id.contact_id.id,
                        'external_id': message.external_id,
                        'sent_at': fields.Datetime.now(),
                    }
                )
                reminder._advance('sent')
                reminder._log_contacts()
                reminder._follow_step()
            reminder._advance(state)

    def _leave_again(self):
        """Queue what never left, unless its debtor has had another message meanwhile."""
        for reminder in self:
            newer = self.search_count(
                [
                    ('case_id', '=', reminder.case_id.id),
                    ('date', '>', reminder.date),
                    ('state', 'not in', ('cancelled', 'failed')),
                ],
                limit=1,
            )
            if newer:
                reminder._stop('cancelled', 'superseded')
            else:
                reminder._queue_again()

    def _close_questions(self):
        """Take back the task that asks whether it arrived."""
        summary = self._question_summary()
        self.case_id.activity_ids.filtered(lambda task: task.summary == summary).unlink()

    def _whatsapp_refused(self, policy, wait, words, had_left=False):
        """React to a refusal: try again later, or use the step's next channel.

        :param tools.error_policy.Policy policy: what the error calls for
        :param wait: seconds until the next attempt, None for none
        :param bool had_left: the contact log says that it was sent
        """
        for reminder in self.filtered(
            lambda r: r.channel == 'whatsapp' and r.state in ('sending', 'sent', 'unknown')
        ):
            if had_left:
                reminder._correct_log(words)
            if wait is None:
                reminder._channel_failed('delivery', words)
            else:
                next_at = fields.Datetime.now() + timedelta(seconds=wait)
                reminder.attempts += 1
                reminder._stop('held', 'whatsapp_retry', words, next_at=next_at)
