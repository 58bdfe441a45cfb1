from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class CobranzaPromise(models.Model):
    """A promise to pay. While it is live, its items are left alone."""

    _name = 'cobranza.promise'
    _description = 'Promise to Pay'
    _order = 'date desc, id desc'

    case_id = fields.Many2one('cobranza.case', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='case_id.company_id', store=True)
    partner_id = fields.Many2one(related='case_id.partner_id', store=True)
    currency_id = fields.Many2one(
        'res.currency', required=True, default=lambda self: self.env.company.currency_id
    )
    amount = fields.Monetary(required=True)
    date = fields.Date(required=True, index=True, help='The day the customer will pay.')
    grace_days = fields.Integer(
        default=2, help='Days after it during which the customer is still left alone.'
    )
    line_ids = fields.Many2many(
        'account.move.line',
        'cobranza_promise_item_rel',
        'promise_id',
        'line_id',
        string='Items',
        help='The items promised; they leave the ladder while the promise is live.',
    )
    source = fields.Selection(
        [('collector', 'Collector'), ('portal', 'Portal'), ('message', 'Message')],
        default='collector',
        required=True,
    )
    state = fields.Selection(
        [('open', 'Open'), ('kept', 'Kept'), ('broken', 'Broken'), ('cancelled', 'Cancelled')],
        default='open',
        required=True,
        index=True,
    )
    user_id = fields.Many2one('res.users', default=lambda self: self.env.user, string='Taken By')

    _positive_amount = models.Constraint(
        'CHECK(amount > 0)', 'A promise needs an amount above zero.'
    )

    @api.model_create_multi
    def create(self, vals_list):
        promises = super().create(vals_list)
        for promise in promises.filtered(lambda promise: not promise.line_ids):
            promise.line_ids = promise.case_id.item_ids.filtered(
                lambda item: item.amount_residual > 0
            )
        return promises

    @api.constrains('line_ids', 'case_id')
    def _check_items(self):
        for promise in self:
            if (
                promise.line_ids.partner_id - promise.partner_id
                or promise.line_ids.company_id - promise.company_id
            ):
                raise ValidationError(
                    self.env._('A promise can only cover items of %s.', promise.partner_id.name)
                )

    @api.model
    def _sql_live_of(self, line_id, today):
        """Return the SELECT of the live promises of an item: open, and not yet past their day and grace.

        :param SQL line_id: expression for the item's id
        """
        return SQL(
            """
            SELECT FROM cobranza_promise_item_rel promised
              JOIN cobranza_promise promise ON promise.id = promised.promise_id
             WHERE promised.line_id = %s AND promise.state = 'open'
               AND promise.date + COALESCE(promise.grace_days, 0) >= %s
            """,
            line_id,
            today,
        )

    def action_cancel(self):
        """Withdraw the promise; its items are chased again."""
        self.state = 'cancelled'
