from odoo import api, fields, models


class CobranzaPromise(models.Model):
    """What was promised, in the currency of the books: what boards and approvals add up."""

    _inherit = 'cobranza.promise'

    taken_on = fields.Date(
        required=True,
        default=lambda self: self.env.company._cobranza_today(),
        help='The day the customer gave it. Payments dated before are not counted.',
    )
    company_currency_id = fields.Many2one(
        related='company_id.currency_id', string='Company Currency'
    )
    amount_company = fields.Monetary(
        string='Amount in Company Currency',
        compute='_compute_amount_company',
        store=True,
        currency_field='company_currency_id',
        help='At the rate of the day it was taken.',
    )

    @api.depends('amount', 'currency_id', 'company_id', 'taken_on')
    def _compute_amount_company(self):
        for promise in self:
            promise.amount_company = promise.currency_id._convert(
                promise.amount, promise.company_currency_id, promise.company_id, promise.taken_on
            )
