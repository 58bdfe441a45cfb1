from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    cobranza_active = fields.Boolean(related='company_id.cobranza_active', readonly=False)
    cobranza_strategy_id = fields.Many2one(
        related='company_id.cobranza_strategy_id', readonly=False
    )
    cobranza_review = fields.Boolean(related='company_id.cobranza_review', readonly=False)
    cobranza_minimum_amount = fields.Monetary(
        related='company_id.cobranza_minimum_amount', readonly=False, currency_field='currency_id'
    )
    cobranza_email_from = fields.Char(related='company_id.cobranza_email_from', readonly=False)
    cobranza_signature = fields.Html(related='company_id.cobranza_signature', readonly=False)
    cobranza_how_to_pay = fields.Html(related='company_id.cobranza_how_to_pay', readonly=False)
    cobranza_reply_pause_days = fields.Integer(
        related='company_id.cobranza_reply_pause_days', readonly=False
    )
    cobranza_forbidden_phrases = fields.Text(
        related='company_id.cobranza_forbidden_phrases', readonly=False
    )
