from odoo import api, fields, models


class CobranzaReminder(models.Model):
    """Messages that are taken back before anybody carries them out: the case is on hold, or with an agency."""

    _inherit = 'cobranza.reminder'

    @api.model
    def _reason_selection(self):
        return [
            *super()._reason_selection(),
            ('handed_over', self.env._('the case is with %s')),
        ]

    def _withdraw_outdated(self):
        """Take back what waits with a collector while its case is on hold, too; it is written again afterwards."""
        held = self.sudo().filtered(lambda r: r.state == 'ready' and r.case_id.is_on_hold)
        held.activity_id.unlink()
        held._wait_for_hold()
        return super()._withdraw_outdated()


class CobranzaCase(models.Model):
    _inherit = 'cobranza.case'

    def _withdraw_messages(self, code, detail):
        """Take back what has not left of these cases, with its tasks."""
        Reminder = self.env['cobranza.reminder']
        messages = Reminder.search(
            [('case_id', 'in', self.ids), ('state', 'in', (*Reminder._WAITING, 'ready'))]
        )
        messages.activity_id.unlink()
        messages._stop('cancelled', code, detail)

    def _wake_messages(self):
        """Look again at once at what waited for a hold to end."""
        self.env['cobranza.reminder'].sudo().search(
            [
                ('case_id', 'in', self.ids),
                ('reason_code', '=', 'hold'),
                ('state', '=', 'refused'),
            ]
        ).next_attempt_at = fields.Datetime.now()
