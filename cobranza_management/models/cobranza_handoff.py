from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CobranzaHandoff(models.Model):
    """A batch of cases that an agency or a law firm takes over: proposed, approved, delivered, taken back, settled."""

    _name = 'cobranza.handoff'
    _inherit = [
        'mail.thread',
        'mail.activity.mixin',
        'cobranza.decided.mixin',
        'cobranza.second.person.mixin',
    ]
    _description = 'Hand-off'
    _order = 'date desc, id desc'

    name = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env['ir.sequence'].sudo().next_by_code('cobranza.handoff') or '/',
    )
    agency_id = fields.Many2one('cobranza.agency', required=True, index=True, ondelete='restrict')
    kind = fields.Selection(related='agency_id.kind', store=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    state = fields.Selection(
        [
            ('draft', 'Proposed'),
            ('approved', 'Approved'),
            ('delivered', 'With the agency'),
            ('returned', 'Taken back'),
            ('closed', 'Settled'),
            ('cancelled', 'Cancelled'),
        ],
        required=True,
        readonly=True,
        default='draft',
        tracking=True,
        copy=False,
    )
    date = fields.Date(string='Delivered On', readonly=True, copy=False)
    settled_on = fields.Date(readonly=True, copy=False, help='The day its commission was settled.')
    approved_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    line_ids = fields.One2many(
        comodel_name='cobranza.handoff.line', inverse_name='handoff_id', string='Cases'
    )
    case_count = fields.Integer(compute='_compute_amounts', string='Number of Cases')
    amount = fields.Monetary(compute='_compute_amounts', string='Handed Over')
    recovered = fields.Monetary(compute='_compute_amounts')
    commission = fields.Monetary(compute='_compute_amounts')
    needs_manager = fields.Boolean(
        compute='_compute_needs_manager', help='Above the amount that a supervisor may approve.'
    )
    note = fields.Text()
    summary = fields.Char(compute='_compute_summary')

    _one_draft = models.UniqueIndex(
        "(agency_id, company_id) WHERE state = 'draft'",
        'This agency already has a hand-off in preparation: add to that one.',
    )

    _PROPOSED = 'draft'
    #: Decided by the buttons, whoever asks.
    _DECIDED = frozenset(('state', 'company_id', 'date', 'settled_on', 'approved_by_id', 'name'))

    @api.depends('line_ids.amount', 'line_ids.recovered', 'line_ids.commission')
    def _compute_amounts(self):
        rows = self.env['cobranza.handoff.line']._read_group(
            [('handoff_id', 'in', self.ids)],
            ['handoff_id'],
            ['__count', 'amount:sum', 'recovered:sum', 'commission:sum'],
        )
        found = {handoff: sums for handoff, *sums in rows}
        for handoff in self:
            count, amount, recovered, commission = found.get(handoff, (0, 0.0, 0.0, 0.0))
            handoff.case_count, handoff.amount = count, amount
            handoff.recovered, handoff.commission = recovered, commission

    @api.depends('amount', 'company_id')
    def _compute_needs_manager(self):
        for handoff in self:
            limit = handoff.company_id.cobranza_handoff_limit
            handoff.needs_manager = handoff.currency_id.compare_amounts(handoff.amount, limit) > 0

    @api.depends('agency_id', 'line_ids')
    @api.depends_context('lang')
    def _compute_summary(self):
        """Say in one line what would leave, for whom."""
        for handoff in self:
            handoff.summary = self.env._(
                'Cases for %(agency)s: %(count)s',
                agency=handoff.agency_id.display_name,
                count=handoff.case_count,
            )

    @api.depends('needs_manager', 'line_ids')
    def _compute_can_approve(self):
        return super()._compute_can_approve()

    def write(self, vals):
        """Keep what the buttons decide out of people's hands, and a hand-off that left as it left."""
        if not self.env.su:
            if self._DECIDED & vals.keys():
                raise AccessError(self.env._('Use the buttons: this cannot be edited.'))
            if 'agency_id' in vals and any(handoff.state != 'draft' for handoff in self):
                raise UserError(self.env._('The agency can only change while it is proposed.'))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_delivered(self):
        if any(handoff.state not in ('draft', 'cancelled') for handoff in self):
            raise UserError(self.env._('A hand-off that was approved is part of the record.'))

    # === WHO DECIDES === #

    def _proposers(self):
        """Whoever put one of its cases in; those that a step escalated by itself are nobody's."""
        return self.line_ids.sudo().create_uid

    def _why_not_approve(self):
        """Add who may approve up to which amount."""
        roles = ['supervisor', *(['manager'] if self.needs_manager else [])]
        for role in roles:
            if not self.env.user.has_group(f'cobranza_management.group_{role}'):
                return self._refusals()[role]
        return super()._why_not_approve()

    # === BUTTONS === #

    def action_approve(self):
        """Approve what others proposed: a supervisor up to the company's limit, a manager beyond it."""
        self._check_may('supervisor')
        drafts = self._in_state('draft')
        drafts.line_ids.sudo()._snapshot()
        drafts._drop_empty()
        drafts._check_may_approve()
        drafts.sudo().write({'state': 'approved', 'approved_by_id': self.env.uid})

    def action_refuse(self):
        """Turn down what is proposed; its cases stay, and may be proposed again."""
        self._in_state('draft').action_cancel()

    def action_deliver(self):
        """Hand the cases over: the file is made and kept, automation stops, the cards move."""
        self._check_may('supervisor')
        for handoff in self._in_state('approved'):
            handoff.sudo()._deliver()

    def action_back_to_draft(self):
        """Take the approval back, to change what leaves."""
        self._check_may('supervisor')
        self._in_state('approved').sudo().write({'state': 'draft', 'approved_by_id': False})

    def action_cancel(self):
        """Give up a hand-off that has not left; its cases may be proposed again."""
        self._check_may('supervisor')
        waiting = self._in_state('draft', 'approved').sudo()
        waiting.line_ids.unlink()
        waiting.state = 'cancelled'

    def action_close(self):
        """Settle the commission; what is fully paid is taken back first, the rest must have been."""
        self._check_may('supervisor')
        out = self._in_state('delivered', 'returned').sudo()
        out.line_ids.filtered('is_paid')._take_back('paid')
        kept = out.line_ids.filtered(lambda line: line.state == 'handed')
        if kept:
            raise UserError(
                self.env._(
                    '%(count)s cases are still with the agency. Take them back first.',
                    count=len(kept),
                )
            )
        out.line_ids._refresh_recovered()
        for handoff in out:
            today = handoff.company_id._cobranza_today()
            handoff.write({'state': 'closed', 'settled_on': today})

    def action_view_lines(self):
        """Open the cases of the hand-off."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.name,
            'res_model': 'cobranza.handoff.line',
            'view_mode': 'list,pivot,form',
            'domain': [('handoff_id', '=', self.id)],
        }

    # === WHAT THEY DO === #

    def _deliver(self):
        """Hand over what is still owed today; a case paid since the approval stays."""
        self.ensure_one()
        today = self.company_id._cobranza_today()
        approved = self.amount
        self.line_ids._snapshot()
        self._drop_empty()
        if self.currency_id.compare_amounts(self.amount, approved) > 0:
            raise UserError(self.env._('The debt has grown since the approval: approve it again.'))
        self.write({'state': 'delivered', 'date': today})
        self.line_ids._hand_over(today)
        self.message_post(
            body=self.env._('Delivered to %(agency)s', agency=self.agency_id.partner_id.name),
            attachments=[(f'{self.name.replace("/", "-")}.xlsx', self._export())],
        )

    def _drop_empty(self):
        """Leave out the cases with nothing overdue any more; a hand-off needs at least one."""
        lines_sudo = self.line_ids.sudo()
        lines_sudo.filtered(
            lambda line: line.currency_id.is_zero(line.amount) and line.state == 'proposed'
        ).unlink()
        if any(not handoff.line_ids for handoff in self):
            raise UserError(self.env._('Nothing to hand over: no case of it has overdue debt.'))

    def _in_state(self, *states):
        """Return those in one of the states; that none is, is an error."""
        self.check_access('read')
        found = self.filtered(lambda handoff: handoff.state in states)
        if not found:
            raise UserError(self.env._('This hand-off is not at that point.'))
        return found

    @api.model
    def _check_may(self, role):
        """Raise unless the user has a role: collector, supervisor or manager."""
        if not self.env.user.has_group(f'cobranza_management.group_{role}'):
            raise AccessError(self._refusals()[role])

    @api.model
    def _refusals(self):
        return {
            'collector': self.env._('Only collectors can propose a hand-off.'),
            'supervisor': self.env._('Only a supervisor can decide on a hand-off.'),
            'manager': self.env._(
                'This hand-off is above what a supervisor may approve: ask a manager.'
            ),
        }
