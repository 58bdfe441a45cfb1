from odoo import Command, api, fields, models


class CobranzaRoleWizard(models.TransientModel):
    """Say what the people of a debtor are in matters of payment."""

    _name = 'cobranza.role.wizard'
    _description = 'Roles of the Contacts'

    case_id = fields.Many2one('cobranza.case', required=True)
    line_ids = fields.One2many(
        comodel_name='cobranza.role.wizard.line',
        inverse_name='wizard_id',
        compute='_compute_line_ids',
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends('case_id')
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create({'partner_id': person['id'], 'role': person['role'] or False})
                    for person in wizard.case_id.people or ()
                ),
            ]

    def action_confirm(self):
        """Give the contacts their roles."""
        self.case_id._set_roles({line.partner_id: line.role for line in self.line_ids})
        return {'type': 'ir.actions.act_window_close'}


class CobranzaRoleWizardLine(models.TransientModel):
    """A contact and its role."""

    _name = 'cobranza.role.wizard.line'
    _description = 'Role of a Contact'

    wizard_id = fields.Many2one('cobranza.role.wizard', required=True, ondelete='cascade')
    partner_id = fields.Many2one('res.partner', string='Contact', required=True)
    title = fields.Char(related='partner_id.function')
    role = fields.Selection(
        selection=lambda self: (
            self.env['res.partner']._fields['cobranza_role']._description_selection(self.env)
        )
    )
