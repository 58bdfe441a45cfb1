from odoo import api, models


class CobranzaCase(models.Model):
    """What disputes hold back, in the totals of the debtor."""

    _inherit = 'cobranza.case'

    @api.depends('dispute_ids.amount_held')
    def _compute_totals(self):
        return super()._compute_totals()

    @api.depends('dispute_ids.amount_held')
    def _compute_disputed(self):
        """Add up what is held back, which follows the residual; it is nothing once a dispute is closed."""
        for case in self:
            case.amount_disputed = sum(
                case._in_company_currency(dispute.line_id, dispute.amount_held)
                for dispute in case.dispute_ids
                if dispute.line_id
            )

    def _flush_ledger(self):
        super()._flush_ledger()
        self.env['cobranza.dispute'].flush_model(['amount_held'])

    def _open_disputes(self, lines, values):
        """Open the disputes and hang on them the documents of the customer, `attachment_ids` of the values."""
        values = dict(values)
        attachments = self.env['ir.attachment'].browse(values.pop('attachment_ids', ()))
        disputes = super()._open_disputes(lines, values)
        if attachments:
            disputes._attach(attachments)
        return disputes


class AccountMoveLine(models.Model):
    _inherit = 'account.move.line'

    def _cobranza_disputable(self, besides=None):
        """Return how much of the item is left and not held by disputes other than `besides`, in its currency."""
        if not self:
            return 0.0
        others = self.sudo().cobranza_dispute_ids.filtered(
            lambda dispute: dispute.state == 'open' and dispute != besides
        )
        held = sum(others.mapped('amount_held'))
        return self.currency_id.round(max(0.0, self.amount_residual_currency - held))
