from odoo import fields, models


class MailActivity(models.Model):
    _inherit = 'mail.activity'

    def _action_done(self, feedback=False, attachment_ids=None):
        """A call marked as done in the chatter was made: its message is sent, and it counts as a contact."""
        calls = (
            self.env['cobranza.reminder']
            .sudo()
            .search([('activity_id', 'in', self.ids), ('state', '=', 'ready')])
        )
        calls.write({'state': 'sent', 'sent_at': fields.Datetime.now()})
        calls._log_contacts()
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
