from odoo import api, fields, models


class ResUsers(models.Model):
    _inherit = 'res.users'

    cobranza_absence_ids = fields.One2many(
        comodel_name='cobranza.absence', inverse_name='user_id', string='Absences from Collections'
    )

    @api.model
    def _who_collect(self, company):
        """Return the people who may work on cases of a company: active, with the role, and of that company."""
        return self.sudo().search(
            [
                ('all_group_ids', 'in', self.env.ref('cobranza_management.group_collector').ids),
                ('company_ids', 'in', company.ids),
                ('share', '=', False),
            ]
        )
