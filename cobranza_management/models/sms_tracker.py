from odoo import api, models

#: The provider could not be asked, or did not answer: whether the text left is not known.
NO_ANSWER = 'sms_server'


class SmsTracker(models.Model):
    """Bring what the provider reports of a text back to the outbox."""

    _inherit = 'sms.tracker'

    def _update_sms_notifications(
        self, notification_status, failure_type=False, failure_reason=False
    ):
        """React to every report in one place: the answer to sending, and those that come later."""
        result = super()._update_sms_notifications(
            notification_status, failure_type=failure_type, failure_reason=failure_reason
        )
        messages = self.mail_notification_id.mail_message_id
        reminders = (
            self.env['cobranza.reminder']
            .sudo()
            .search([('mail_message_id', 'in', messages.ids), ('channel', '=', 'sms')])
        )
        if reminders:
            reminders._sms_reported(notification_status, failure_type or '', failure_reason or '')
        return result


class SmsSms(models.Model):
    _inherit = 'sms.sms'

    def _handle_call_result_hook(self, results):
        """Withdraw our texts that failed: their message goes another way, and nobody may send them beside it."""
        failed = self.filtered(lambda text: text.state == 'error')
        ours = (
            self.env['cobranza.reminder']
            .sudo()
            .search([('mail_message_id', 'in', failed.mail_message_id.ids)])
        )
        failed.filtered(lambda text: text.mail_message_id in ours.mail_message_id).to_delete = True
        return super()._handle_call_result_hook(results)


class CobranzaReminder(models.Model):
    _inherit = 'cobranza.reminder'

    def _sms_reported(self, status, failure_type, reason):
        """Follow a text to its end; a report that comes late or twice changes nothing.

        :param str status: as notifications say it: pending is sent, sent is delivered
        """
        handler = {
            'pending': '_sms_accepted',
            'sent': '_sms_arrived',
            'exception': '_sms_failed',
            'bounce': '_sms_failed',
            'canceled': '_sms_withdrawn',
        }.get(status)
        if handler:
            getattr(self, handler)(failure_type, reason)

    def _sms_accepted(self, _failure_type, _reason):
        self._advance('sent')

    def _sms_arrived(self, _failure_type, _reason):
        self._advance('delivered')

    def _sms_failed(self, failure_type, reason):
        """Use the step's next channel; without an answer the text may have left, so a person decides."""
        sent = self.filtered(lambda reminder: reminder.state == 'sent')
        if failure_type == NO_ANSWER:
            sent._lose_track()
        else:
            why = self._sms_failure_in_words(failure_type, reason)
            sent._correct_log(why)
            sent._channel_failed('delivery', why)

    def _sms_withdrawn(self, _failure_type, _reason):
        self.filtered(lambda reminder: reminder.state == 'sent')._stop('cancelled', 'rejected')

    @api.model
    def _sms_failure_in_words(self, failure_type, reason):
        labels = dict(
            self.env['mail.notification']._fields['failure_type']._description_selection(self.env)
        )
        label = labels.get(failure_type, '') if failure_type != 'unknown' else ''
        return ': '.join(filter(None, (label, reason))) or labels.get(failure_type, failure_type)
