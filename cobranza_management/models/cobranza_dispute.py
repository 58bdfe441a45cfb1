from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class CobranzaDispute(models.Model):
    """An item, or part of it, that the customer does not accept: out of the ladder, still receivable."""

    _name = 'cobranza.dispute'
    _description = 'Dispute'
    _order = 'id desc'

    case_id = fields.Many2one('cobranza.case', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='case_id.company_id', store=True)
    partner_id = fields.Many2one(related='case_id.partner_id', store=True)
    line_id = fields.Many2one('account.move.line', string='Item', index=True, ondelete='set null')
    currency_id = fields.Many2one(related='line_id.currency_id')
    amount = fields.Monetary(
        compute='_compute_amount',
        store=True,
        readonly=False,
        help='Part in dispute; the whole item by default.',
    )
    reason_id = fields.Many2one('cobranza.dispute.reason', required=True, ondelete='restrict')
    note = fields.Text()
    user_id = fields.Many2one('res.users', string='Owner', default=lambda self: self.env.user)
    deadline = fields.Date(help='The day the customer should have an answer.')
    state = fields.Selection(
        [('open', 'Open'), ('accepted', 'Accepted'), ('rejected', 'Rejected')],
        default='open',
        required=True,
        index=True,
    )

    _positive_amount = models.Constraint(
        'CHECK(amount > 0)', 'A dispute needs an amount above zero.'
    )

    @api.depends('line_id')
    def _compute_amount(self):
        for dispute in self:
            dispute.amount = dispute.amount or dispute.line_id.amount_residual_currency

    @api.constrains('line_id', 'case_id')
    def _check_item(self):
        for dispute in self.filtered('line_id'):
            line = dispute.line_id
            if line.partner_id != dispute.partner_id or line.company_id != dispute.company_id:
                raise ValidationError(
                    self.env._(
                        'A dispute can only be about an item of %s.', dispute.partner_id.name
                    )
                )

    @api.model
    def _sql_disputed_amounts(self):
        """Return the SELECT (line_id, amount in the item's currency) of what is in dispute now."""
        return SQL(
            "SELECT line_id, SUM(amount) AS amount FROM cobranza_dispute WHERE state = 'open' GROUP BY line_id"
        )

    def action_accept(self):
        """The customer is right; the credit note follows."""
        self.state = 'accepted'

    def action_reject(self):
        """The customer owes it; the item is chased again."""
        self.state = 'rejected'


class CobranzaDisputeReason(models.Model):
    """Why customers dispute."""

    _name = 'cobranza.dispute.reason'
    _description = 'Dispute Reason'
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
