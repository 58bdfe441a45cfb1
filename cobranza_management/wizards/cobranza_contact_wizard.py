from odoo import api, fields, models


class CobranzaContactWizard(models.TransientModel):
    """Log a contact made outside of Odoo: a call, a visit, a word at the counter."""

    _name = 'cobranza.contact.wizard'
    _description = 'Log a Contact'

    case_id = fields.Many2one(
        'cobranza.case', required=True, default=lambda self: self.env.context.get('active_id')
    )
    channel = fields.Selection(
        selection=lambda self: self.env['cobranza.channel']._selection(),
        default='phone',
        required=True,
    )
    direction = fields.Selection(
        [('out', 'We contacted them'), ('in', 'They contacted us')],
        string='Who',
        default='out',
        required=True,
    )
    summary = fields.Char(string='What Was Said', required=True)
    reminder_id = fields.Many2one(
        'cobranza.reminder',
        string='Carries Out',
        compute='_compute_reminder_id',
        store=True,
        readonly=False,
        domain="[('case_id', '=', case_id), ('state', '=', 'ready')]",
        help='The call or letter of the strategy that this was.',
    )

    @api.depends('case_id', 'channel', 'direction')
    def _compute_reminder_id(self):
        for wizard in self:
            waiting = wizard.case_id.reminder_ids.filtered(
                lambda r, channel=wizard.channel: r.state == 'ready' and r.channel == channel
            )
            wizard.reminder_id = waiting.sorted('id')[:1] if wizard.direction == 'out' else False

    def action_confirm(self):
        """Append it to the history."""
        self.case_id._log_contact(
            {
                'channel': self.channel,
                'direction': self.direction,
                'reminder_id': self.reminder_id.id,
                'summary': self.summary,
            },
            self.reminder_id,
        )
        return {'type': 'ir.actions.act_window_close'}
