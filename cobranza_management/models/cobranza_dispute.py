from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, format_amount

from ..tools.disputes import shares


class CobranzaDispute(models.Model):
    """An item, or part of it, that the customer does not accept: out of the ladder, still receivable.

    It stays open until the books agree: an accepted one closes when its credit note is posted.
    """

    _name = 'cobranza.dispute'
    _inherit = ['mail.thread', 'cobranza.decided.mixin']
    _description = 'Dispute'
    _order = 'id desc'
    _mail_post_access = 'read'

    case_id = fields.Many2one('cobranza.case', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='case_id.company_id', store=True)
    partner_id = fields.Many2one(related='case_id.partner_id', store=True)
    line_id = fields.Many2one('account.move.line', string='Item', index=True, ondelete='set null')
    move_id = fields.Many2one(related='line_id.move_id', string='Document')
    date_maturity = fields.Date(related='line_id.date_maturity')
    currency_id = fields.Many2one(related='line_id.currency_id', store=True)
    company_currency_id = fields.Many2one(
        related='company_id.currency_id', string='Company Currency'
    )
    amount = fields.Monetary(
        compute='_compute_amount',
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help='Part in dispute; by default all that is left of the item and not in dispute yet.',
    )
    amount_held = fields.Monetary(
        string='Not Claimed',
        compute='_compute_amount_held',
        store=True,
        help='What is not claimed now because of it: never more than what is left of the item.',
    )
    amount_company = fields.Monetary(
        string='Amount in Company Currency',
        currency_field='company_currency_id',
        compute='_compute_amount_company',
        store=True,
    )
    reason_id = fields.Many2one('cobranza.dispute.reason', required=True, ondelete='restrict')
    instructions = fields.Text(related='reason_id.instructions')
    note = fields.Text()
    source = fields.Selection(
        [('collector', 'Collector'), ('portal', 'Portal'), ('message', 'Message')],
        default='collector',
        required=True,
    )
    user_id = fields.Many2one(
        'res.users',
        string='Owner',
        compute='_compute_user_id',
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
        domain=lambda self: self._settlers_domain(),
    )
    deadline = fields.Date(
        compute='_compute_deadline',
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help='The day the customer should have an answer.',
    )
    is_late = fields.Boolean(compute='_compute_is_late', string='Past Its Deadline')
    state = fields.Selection(
        [
            ('open', 'Open'),
            ('accepted', 'Accepted'),
            ('partial', 'Partly accepted'),
            ('rejected', 'Rejected'),
            ('withdrawn', 'Withdrawn'),
        ],
        default='open',
        required=True,
        index=True,
        tracking=True,
        group_expand=True,
    )

    _positive_amount = models.Constraint(
        'CHECK(amount > 0)', 'A dispute needs an amount above zero.'
    )

    #: What only decisions and the ledger change.
    _DECIDED = frozenset(
        (
            'activity_id', 'amount_accepted', 'amount_company', 'amount_held', 'credit_move_id',
            'days_to_resolve', 'decision', 'is_alerted', 'resolution_note', 'resolved_by_id',
            'resolved_date', 'state', 'waits_for', 'withdrawal',
        )
    )  # fmt: skip
    #: What a dispute is about; another item is another dispute.
    _FIXED = frozenset(('case_id', 'company_id', 'line_id', 'partner_id', 'source'))

    # === AMOUNTS === #

    @api.depends('line_id')
    def _compute_amount(self):
        for dispute in self:
            dispute.amount = dispute.amount or dispute.line_id._cobranza_disputable(dispute)

    @api.depends(
        'amount',
        'amount_accepted',
        'decision',
        'state',
        'line_id.amount_residual_currency',
        'line_id.parent_state',
        'line_id.cobranza_dispute_ids.amount',
        'line_id.cobranza_dispute_ids.amount_accepted',
        'line_id.cobranza_dispute_ids.decision',
        'line_id.cobranza_dispute_ids.state',
    )
    def _compute_amount_held(self):
        """Share what is left of each item among its open disputes, the oldest first."""
        held = {}
        for line in self.line_id:
            disputes = line.cobranza_dispute_ids.filtered(lambda d: d.state == 'open').sorted('id')
            asked = [d.amount_accepted if d.decision else d.amount for d in disputes]
            left = line.amount_residual_currency if line.parent_state == 'posted' else 0
            held.update(zip(disputes, shares(left, asked)))
        for dispute in self:
            dispute.amount_held = held.get(dispute, 0)

    @api.depends('amount', 'line_id')
    def _compute_amount_company(self):
        """Value it at the document's own rate."""
        for dispute in self:
            line = dispute.line_id
            rate = line.balance / line.amount_currency if line.amount_currency else 1
            dispute.amount_company = dispute.amount * rate

    @api.constrains('amount', 'line_id')
    def _check_amount(self):
        for dispute in self.filtered(lambda d: d.line_id and d.state == 'open'):
            left = dispute.line_id._cobranza_disputable(dispute)
            if dispute.currency_id.compare_amounts(dispute.amount, left) > 0:
                raise ValidationError(
                    self.env._(
                        'Only %(left)s of %(document)s is left and not in dispute yet.',
                        left=format_amount(self.env, left, dispute.currency_id),
                        document=dispute.line_id.cobranza_document or '',
                    )
                )

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
            "SELECT line_id, SUM(amount_held) AS amount FROM cobranza_dispute WHERE state = 'open' GROUP BY line_id"
        )

    # === OWNER AND DEADLINE === #

    @api.model
    def _settlers_domain(self):
        """Return the domain of the users who may own a dispute: they can open it."""
        names = ('cobranza_management.group_collector', 'account.group_account_invoice')
        groups = [self.env.ref(name).id for name in names]
        return [('all_group_ids', 'in', groups), ('share', '=', False)]

    @api.depends('reason_id', 'case_id')
    def _compute_user_id(self):
        for dispute in self:
            dispute.user_id = dispute.user_id or dispute.reason_id._owner_of(dispute.case_id)

    @api.depends('reason_id', 'case_id')
    def _compute_deadline(self):
        for dispute in self:
            if not dispute.deadline and dispute.reason_id and dispute.case_id:
                dispute.deadline = dispute.reason_id._deadline_of(dispute.case_id.company_id)

    @api.depends('deadline', 'state')
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for dispute in self:
            dispute.is_late = bool(
                dispute.state == 'open' and dispute.deadline and dispute.deadline < today
            )

    # === GUARDS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Open disputes; nobody creates one that is decided already."""
        disputes = super().create(vals_list)
        if not self.env.su and any(dispute._is_decided() for dispute in disputes.sudo()):
            raise AccessError(self.env._('A dispute starts open; it is decided afterwards.'))
        return disputes

    def _is_decided(self):
        return self.state != 'open' or bool(
            self.decision
            or self.amount_accepted
            or self.credit_move_id
            or self.resolved_date
            or self.activity_id
        )

    def write(self, vals):
        """Keep decisions out of plain writes: they are taken with their consequences, or not at all."""
        if not self.env.su:
            self._check_plain_write(vals)
        if 'deadline' in vals:
            vals = {**vals, 'is_alerted': False}
        return super().write(vals)

    def _check_plain_write(self, vals):
        if self._DECIDED & vals.keys():
            raise AccessError(
                self.env._('A dispute is settled with its buttons; its result cannot be edited.')
            )
        if self._FIXED & vals.keys():
            raise AccessError(self.env._('What a dispute is about cannot be changed.'))
        if {'amount', 'user_id'} & vals.keys():
            self._check_may_decide()
        if 'amount' in vals and any(d.state != 'open' or d.decision for d in self):
            raise UserError(self.env._('The amount of a dispute that is decided stays as it is.'))

    def _check_may_decide(self):
        """Refuse whoever is neither the owner, nor a supervisor, nor somebody who may invoice."""
        self.check_access('read')
        user = self.env.user
        groups = 'cobranza_management.group_supervisor,account.group_account_invoice'
        if self.env.su or user.has_groups(groups):
            return
        if any(dispute.user_id != user for dispute in self):
            raise AccessError(
                self.env._(
                    'Only the owner of a dispute, a supervisor or somebody who may invoice settles it.'
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        if any(dispute._is_decided() for dispute in self):
            raise UserError(
                self.env._(
                    'A dispute that was decided is part of the record and cannot be deleted.'
                )
            )

    def _attach(self, attachments):
        """Hang the documents of the customer on every one of the disputes."""
        for number, dispute in enumerate(self):
            target = {'res_model': self._name, 'res_id': dispute.id}
            if number:
                attachments.copy(target)
            else:
                attachments.write(target)
