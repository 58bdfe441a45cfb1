from odoo import api, models


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
        if reminders:
            reminders._mail_failed(failure_type, str(failure_reason or ''))

    @api.model
    def _settle_cut_off(self):
        """Mark the messages whose connection broke while they were handed over: the server may have them.

        Odoo leaves such a mail in error and tells nobody. It is withdrawn, so that it can only leave anew.
        """
        mails = self.sudo().search([('state', '=', 'exception'), ('model', '=', 'cobranza.case')])
        reminders = (
            self.env['cobranza.reminder']
            .sudo()
            .search([('mail_message_id', 'in', mails.mail_message_id.ids), ('state', '=', 'sent')])
        )
        mails.filtered(
            lambda mail: mail.mail_message_id in reminders.mail_message_id
        ).state = 'cancel'
        reminders._lose_track()
