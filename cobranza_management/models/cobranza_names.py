from odoo import api, models
from odoo.tools import format_amount, format_date


class CobranzaPromise(models.Model):
    _inherit = 'cobranza.promise'

    @api.depends('amount', 'currency_id', 'date', 'partner_id.name')
    @api.depends_context('lang')
    def _compute_display_name(self):
        """Name a promise by its amount, debtor and day: a calendar shows nothing else."""
        for promise in self:
            promise.display_name = ' · '.join(
                filter(
                    None,
                    (
                        promise.currency_id
                        and format_amount(self.env, promise.amount, promise.currency_id),
                        promise.partner_id.name,
                        format_date(self.env, promise.date),
                    ),
                )
            )


class CobranzaDispute(models.Model):
    _inherit = 'cobranza.dispute'

    @api.depends('amount', 'currency_id', 'reason_id', 'line_id')
    @api.depends_context('lang')
    def _compute_display_name(self):
        """Name a dispute by its document, reason and amount."""
        for dispute in self:
            dispute.display_name = ' · '.join(
                filter(
                    None,
                    (
                        dispute.line_id.cobranza_document,
                        dispute.reason_id.name,
                        dispute.currency_id
                        and format_amount(self.env, dispute.amount, dispute.currency_id),
                    ),
                )
            )


class CobranzaHold(models.Model):
    _inherit = 'cobranza.hold'

    @api.depends('reason', 'until')
    @api.depends_context('lang')
    def _compute_display_name(self):
        """Name a hold by its reason and last day."""
        for hold in self:
            hold.display_name = ' · '.join(
                filter(None, (hold.reason, format_date(self.env, hold.until)))
            )
