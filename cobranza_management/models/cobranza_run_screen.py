from odoo import api, models


class CobranzaRun(models.Model):
    """The last cycle, one click away."""

    _inherit = 'cobranza.run'

    @api.model
    def action_view_last(self):
        """Open the last cycle of the current company, or the list with its help when there is none."""
        last = self.search([('company_id', '=', self.env.company.id)], limit=1)
        action = self.env['ir.actions.act_window']._for_xml_id(
            'cobranza_management.cobranza_run_action'
        )
        if last:
            action.update(
                name=self.env._('Last Daily Cycle'),
                res_id=last.id,
                views=[(False, 'form')],
                path=False,
            )
        return action
