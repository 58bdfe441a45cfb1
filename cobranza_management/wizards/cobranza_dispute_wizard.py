from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount


class CobranzaDisputeWizard(models.TransientModel):
    """Note a dispute about one or more items, whole or in part."""

    _name = 'cobranza.dispute.wizard'
    _description = 'Note a Dispute'

    case_id = fields.Many2one(
        'cobranza.case', required=True, default=lambda self: self.env.context.get('active_id')
    )
    document_id = fields.Many2one('account.move', help='The document it was started from.')
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
    item_count = fields.Integer(compute='_compute_left')
    left = fields.Char(string='Left to Dispute', compute='_compute_left')
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')
    amount = fields.Monetary(
        compute='_compute_amount',
        store=True,
        readonly=False,
        precompute=True,
        help='Part in dispute; the whole item by default.',
    )
    reason_id = fields.Many2one('cobranza.dispute.reason', required=True)
    instructions = fields.Text(related='reason_id.instructions')
    note = fields.Text(string='What They Say')
    attachment_ids = fields.Many2many('ir.attachment', string='Documents')
    deadline = fields.Date(
        string='Answer Until',
        compute='_compute_deadline',
        store=True,
        readonly=False,
        precompute=True,
    )
    user_id = fields.Many2one(
        'res.users',
        string='Owner',
        compute='_compute_user_id',
        store=True,
        readonly=False,
        precompute=True,
        domain=lambda self: self.env['cobranza.dispute']._settlers_domain(),
    )

    @api.depends('case_id')
    def _compute_candidate_ids(self):
        for wizard in self:
            wizard.candidate_ids = wizard.case_id.item_ids.filtered(
                lambda item: item.amount_residual > 0 and item._cobranza_disputable()
            )

    @api.depends('candidate_ids', 'document_id')
    def _compute_line_ids(self):
        """Take the items of the document for granted, or the only one there is."""
        for wizard in self:
            candidates = wizard.candidate_ids
            if wizard.document_id:
                candidates = candidates.filtered(
                    lambda item, move=wizard.document_id: item.move_id == move
                )
            wizard.line_ids = candidates if len(candidates) == 1 else False

    @api.depends('line_ids', 'case_id')
    def _compute_currency_id(self):
        for wizard in self:
            wizard.currency_id = wizard.line_ids.currency_id[:1] or wizard.case_id.currency_id

    @api.depends('line_ids')
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = sum(item._cobranza_disputable() for item in wizard.line_ids)

    @api.depends('line_ids')
    def _compute_left(self):
        for wizard in self:
            wizard.item_count = len(wizard.line_ids)
            left = sum(item._cobranza_disputable() for item in wizard.line_ids)
            wizard.left = format_amount(self.env, left, wizard.currency_id)

    @api.depends('reason_id', 'case_id')
    def _compute_deadline(self):
        for wizard in self:
            wizard.deadline = (
                wizard.reason_id._deadline_of(wizard.case_id.company_id)
                if wizard.reason_id and wizard.case_id
                else False
            )

    @api.depends('reason_id', 'case_id')
    def _compute_user_id(self):
        for wizard in self:
            wizard.user_id = wizard.reason_id._owner_of(wizard.case_id)

    def action_confirm(self):
        """Open the disputes."""
        if not self.line_ids:
            raise UserError(self.env._('Choose the items the customer does not accept.'))
        values = {
            'amount': self.amount,
            'attachment_ids': self.attachment_ids.ids,
            'deadline': self.deadline,
            'note': self.note,
            'reason_id': self.reason_id.id,
            'user_id': self.user_id.id,
        }
        self.case_id._open_disputes(self.line_ids, values)
        return {'type': 'ir.actions.act_window_close'}
