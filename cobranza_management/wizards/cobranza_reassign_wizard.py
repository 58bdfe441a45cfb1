from odoo import fields, models


class CobranzaReassignWizard(models.TransientModel):
    """Hand one or many cases to another collector or team."""

    _name = 'cobranza.reassign.wizard'
    _description = 'Reassign Cases'

    case_ids = fields.Many2many(
        'cobranza.case', required=True, default=lambda self: self.env.context.get('active_ids')
    )
    user_id = fields.Many2one(
        'res.users',
        string='Collector',
        domain=[('share', '=', False)],
        help='Empty: stays as it is.',
    )
    team_id = fields.Many2one('cobranza.team', help='Empty: stays as it is.')

    def action_confirm(self):
        """Hand the cases over."""
        self.case_ids._reassign(self.user_id, self.team_id)
        return {'type': 'ir.actions.act_window_close'}
