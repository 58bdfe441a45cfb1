from odoo import fields, models


class CobranzaPlanAcceptWizard(models.TransientModel):
    """Note that a customer accepted a plan on paper."""

    _name = 'cobranza.plan.accept.wizard'
    _description = 'Note the Acceptance of a Plan'

    plan_id = fields.Many2one(
        'cobranza.plan', required=True, default=lambda self: self.env.context.get('active_id')
    )
    signed_by = fields.Char(
        required=True, default=lambda self: self._default_signed_by(), string='Who Signed'
    )
    signed_paper = fields.Binary(string='Signed Agreement', required=True)
    signed_paper_name = fields.Char()

    def _default_signed_by(self):
        return self.env['cobranza.plan'].browse(self.env.context.get('active_id')).partner_id.name

    def action_confirm(self):
        """Put the plan into force."""
        self.plan_id._accept_on_paper(
            {
                'signed_by': self.signed_by,
                'signed_paper': self.signed_paper,
                'signed_paper_name': self.signed_paper_name,
            }
        )
        return {'type': 'ir.actions.act_window_close'}
