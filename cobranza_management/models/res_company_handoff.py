from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    cobranza_handoff_limit = fields.Monetary(
        string='Hand-offs Without a Manager',
        currency_field='currency_id',
        help='A supervisor may approve a hand-off up to this amount; a manager approves the others.',
        prefetch='cobranza',
    )


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    cobranza_handoff_limit = fields.Monetary(
        related='company_id.cobranza_handoff_limit', readonly=False, currency_field='currency_id'
    )
