from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    cobranza_attribution_days = fields.Integer(
        string='Days a Contact Counts',
        default=14,
        help='A payment so many days after the last contact, or sooner, is counted as its result.',
    )
    cobranza_collection_cost = fields.Monetary(
        string='Cost of the Collection Team',
        help='A month, in company currency: salaries, calls, postage. 0: only commissions of agencies count.',
    )
    cobranza_target_dso = fields.Float(
        string='Target DSO', help='Days; drawn as a line beside what was reached. 0: no line.'
    )
    cobranza_target_cei = fields.Float(string='Target CEI', help='Per cent. 0: none.')
    cobranza_target_delinquency = fields.Float(
        string='Highest Delinquency', help='Per cent of receivables that may be overdue. 0: none.'
    )


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    cobranza_attribution_days = fields.Integer(
        related='company_id.cobranza_attribution_days', readonly=False
    )
    cobranza_collection_cost = fields.Monetary(
        related='company_id.cobranza_collection_cost',
        currency_field='currency_id',
        readonly=False,
    )
    cobranza_target_dso = fields.Float(related='company_id.cobranza_target_dso', readonly=False)
    cobranza_target_cei = fields.Float(related='company_id.cobranza_target_cei', readonly=False)
    cobranza_target_delinquency = fields.Float(
        related='company_id.cobranza_target_delinquency', readonly=False
    )
