from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

#: Days the customer usually waits for an answer.
ANSWER_DAYS = 10


class CobranzaDisputeWizard(models.TransientModel):
    """Note a dispute about one or more items."""

    _name = 'cobranza.dispute.wizard'
    _description = 'Note a Dispute'

    case_id = fields.Many2one(
        'cobranza.case', required=True, default=lambda self: self.env.context.get('active_id')
    )
    candidate_ids = fields.Many2many('account.move.line', compute='_compute_candidate_ids')
    line_ids = fields.Many2many(
        'account.move.line',
        string='Items',
        compute='_compute_line_ids',
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'in', candidate_ids)]",
        required=True,
    )
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')
    amount = fields.Monetary(
        compute='_compute_amount',
        store=True,
        readonly=False,
        precompute=True,
        help='Part in dispute; the whole item by default.',
    )
    reason_id = fields.Many2one('cobranza.dispute.reason', required=True)
    note = fields.Text(string='What They Say')
    deadline = fields.Date(
        string='Answer Until',
        default=lambda self: fields.Date.context_today(self) + timedelta(days=ANSWER_DAYS),
    )
    user_id = fields.Many2one(
        'res.users',
        string='Owner',
        default=lambda self: self.env.user,
        domain=[('share', '=', False)],
    )

    @api.depends('case_id')
    def _compute_candidate_ids(self):
        for wizard in self:
            wizard.candidate_ids = wizard.case_id.item_ids.filtered(
                lambda item: item.amount_residual > 0 and item.cobranza_mark != 'disputed'
            )

    @api.depends('candidate_ids')
    def _compute_line_ids(self):
        """Take the item for granted when there is only one."""
        for wizard in self:
            wizard.line_ids = wizard.candidate_ids if len(wizard.candidate_ids) == 1 else False

    @api.depends('line_ids', 'case_id')
    def _compute_currency_id(self):
        for wizard in self:
            wizard.currency_id = wizard.line_ids.currency_id[:1] or wizard.case_id.currency_id

    @api.depends('line_ids')
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = sum(wizard.line_ids.mapped('amount_residual_currency'))

    def action_confirm(self):
        """Open the disputes."""
        if not self.line_ids:
            raise UserError(self.env._('Choose the items the customer does not accept.'))
        values = {
            'deadline': self.deadline,
            'note': self.note,
            'reason_id': self.reason_id.id,
            'user_id': self.user_id.id,
        }
        self.case_id._open_disputes(self.line_ids, {**values, 'amount': self.amount})
        return {'type': 'ir.actions.act_window_close'}
