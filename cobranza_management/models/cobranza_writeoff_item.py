from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: States in which the items are left alone until somebody decides.
WAITING = ('proposed', 'approved')


class CobranzaWriteoffItem(models.Model):
    """An item, or part of it, to be written off."""

    _name = 'cobranza.writeoff.item'
    _inherit = ['cobranza.decided.mixin']
    _description = 'Item to Write Off'
    _order = 'id'
    _rec_name = 'line_id'

    #: What follows from the item and the proposal.
    _DECIDED = frozenset(('amount_booked', 'amount_company', 'state'))

    writeoff_id = fields.Many2one(
        'cobranza.writeoff', required=True, index=True, ondelete='cascade'
    )
    state = fields.Selection(related='writeoff_id.state', store=True)
    line_id = fields.Many2one(
        'account.move.line', string='Item', required=True, index=True, ondelete='restrict'
    )
    document = fields.Char(related='line_id.cobranza_document')
    currency_id = fields.Many2one(related='line_id.currency_id')
    company_currency_id = fields.Many2one(
        related='writeoff_id.currency_id', string='Company Currency'
    )
    date_maturity = fields.Date(related='line_id.date_maturity')
    residual = fields.Monetary(related='line_id.amount_residual_currency', string='Open')
    amount = fields.Monetary(required=True)
    amount_company = fields.Monetary(
        string='In Company Currency',
        currency_field='company_currency_id',
        compute='_compute_amount_company',
        store=True,
        help="At the item's own rate.",
    )
    amount_booked = fields.Monetary(
        readonly=True, help='What was left of it when it was booked, at most.'
    )

    _positive_amount = models.Constraint(
        'CHECK(amount > 0)', 'A write-off needs an amount above zero.'
    )
    _one_proposal = models.UniqueIndex(
        "(line_id) WHERE state IN ('proposed', 'approved')",
        'This item waits to be written off already.',
    )

    @api.depends('line_id', 'amount')
    def _compute_amount_company(self):
        for item in self:
            item.amount_company = item._in_company_currency(item.amount)

    def _in_company_currency(self, amount):
        """Return an amount of the item at its value in the books: no rate table, no exchange difference."""
        residual = self.line_id.amount_residual_currency
        if not residual:
            return 0.0
        return self.line_id.company_currency_id.round(
            amount * self.line_id.amount_residual / residual
        )

    @api.constrains('line_id', 'amount')
    def _check_line(self):
        for item in self:
            line, debtor = item.line_id, item.writeoff_id
            if line.partner_id != debtor.partner_id or line.company_id != debtor.company_id:
                raise ValidationError(
                    self.env._('A write-off can only cover items of %s.', debtor.partner_id.name)
                )
            if (
                line.account_id.account_type != 'asset_receivable'
                or line.parent_state != 'posted'
                or line.currency_id.compare_amounts(item.amount, line.amount_residual_currency) > 0
            ):
                raise ValidationError(
                    self.env._(
                        'No more than what is open of %s can be written off.', line.display_name
                    )
                )
