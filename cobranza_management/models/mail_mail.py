from odoo import models


class MailMail(models.Model):
    _inherit = 'mail.mail'

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Bring the result of a collection message back to the outbox."""
        self._settle_reminders(failure_reason, failure_type)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )

    def _settle_reminders(self, failure_reason, failure_type):
        """Retry later when the server was out of reach; use the next channel when it refused the address."""
        if not failure_type:
            return
        reminders = (
            self.env['cobranza.reminder']
            .sudo()
            .search([('mail_message_id', 'in', self.mail_message_id.ids), ('state', '=', 'sent')])
        )
        for reminder in reminders:
            reminder._mail_failed(failure_type, str(failure_reason or ''))
