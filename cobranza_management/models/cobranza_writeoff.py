from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tools import SQL, format_amount

from .cobranza_writeoff_item import WAITING

REASONS = [
    ('insolvent', 'Insolvent or wound up'),
    ('unreachable', 'Cannot be found'),
    ('prescribed', 'Barred by time'),
    ('cost', 'Costs more than it brings'),
    ('settlement', 'Settled for less'),
    ('other', 'Another reason'),
]


class CobranzaWriteoff(models.Model):
    """A proposal to give up what a customer owes: decided by somebody else, booked as a loss, never a payment.

    Its items are fixed once it is made: who approves knows what. Another amount is another proposal.
    """

    _name = 'cobranza.writeoff'
    _inherit = ['mail.thread', 'cobranza.decided.mixin', 'cobranza.second.person.mixin']
    _description = 'Write-off'
    _order = 'id desc'
    _mail_post_access = 'read'

    #: What proposing, deciding and booking write down, whatever a caller would like it to start with.
    _DECIDED = frozenset(
        ('activity_id', 'amount', 'approver_id', 'decision_date', 'move_id', 'reversal_id', 'state')
    )

    case_id = fields.Many2one('cobranza.case', required=True, index=True, ondelete='restrict')
    company_id = fields.Many2one(related='case_id.company_id', store=True)
    partner_id = fields.Many2one(related='case_id.partner_id', store=True)
    currency_id = fields.Many2one(related='case_id.currency_id', store=True)
    item_ids = fields.One2many(
        comodel_name='cobranza.writeoff.item', inverse_name='writeoff_id', string='Items'
    )
    amount = fields.Monetary(
        compute='_compute_amount',
        store=True,
        help='In company currency, at the value of the items in the books when it was proposed.',
    )
    reason = fields.Selection(
        REASONS,
        required=True,
    )
    note = fields.Text(string='Justification', required=True)
    state = fields.Selection(
        [
            ('proposed', 'To Approve'),
            ('approved', 'To Book'),
            ('booked', 'Written Off'),
            ('rejected', 'Rejected'),
            ('withdrawn', 'Withdrawn'),
            ('reversed', 'Recovered'),
        ],
        string='Status',
        default='proposed',
        required=True,
        index=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        'res.users', string='Proposed By', default=lambda self: self.env.user, required=True
    )
    approver_id = fields.Many2one('res.users', string='Decided By', tracking=True)
    decision_date = fields.Date(string='Decided On')
    activity_id = fields.Many2one('mail.activity', ondelete='set null')
    move_id = fields.Many2one('account.move', string='Entry', ondelete='restrict', index=True)
    reversal_id = fields.Many2one('account.move', ondelete='restrict')
    needs_manager = fields.Boolean(
        compute='_compute_needs_manager', help='It is above what an accountant may approve.'
    )

    _one_entry = models.UniqueIndex(
        '(move_id) WHERE move_id IS NOT NULL', 'An entry belongs to one write-off.'
    )

    # === COMPUTE === #

    @api.depends('item_ids.amount_company')
    def _compute_amount(self):
        for writeoff in self:
            writeoff.amount = sum(writeoff.item_ids.mapped('amount_company'))

    @api.depends('amount', 'company_id')
    def _compute_needs_manager(self):
        for writeoff in self:
            limit = writeoff.company_id.cobranza_writeoff_limit
            writeoff.needs_manager = (
                writeoff.currency_id.compare_amounts(writeoff.amount, limit) > 0
            )

    @api.depends('needs_manager', 'user_id')
    def _compute_can_approve(self):
        return super()._compute_can_approve()

    @api.depends('partner_id', 'amount', 'currency_id')
    @api.depends_context('lang')
    def _compute_display_name(self):
        """Name a write-off by its debtor and amount."""
        for writeoff in self:
            amount = writeoff.currency_id and format_amount(
                self.env, writeoff.amount, writeoff.currency_id
            )
            writeoff.display_name = ' · '.join(filter(None, (writeoff.partner_id.name, amount)))

    # === WHO DECIDES === #

    def _proposers(self):
        return self.user_id

    def _why_not_approve(self):
        """Add who may approve up to which amount."""
        if problem := super()._why_not_approve():
            return problem
        user = self.env.user
        manager = user.has_group('cobranza_management.group_manager')
        if self.needs_manager and not manager:
            return self.env._('This amount needs the approval of a collections manager.')
        if not manager and not user.has_group('account.group_account_invoice'):
            return self.env._('A collections manager or an accountant approves write-offs.')
        return ''

    def _decide(self, states):
        """Return these write-offs locked, as the system writes them; UserError when one is not in `states`.

        Two people at once get one decision: the second waits for the lock in vain, or is started again by Odoo and
        finds it made.
        """
        self.check_access('read')
        try:
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._('Somebody else is deciding on this write-off right now.')
            ) from error
        self.sudo().invalidate_recordset(['state', 'move_id'], flush=True)
        for writeoff in self:
            if writeoff.state not in states:
                state = dict(self._fields['state']._description_selection(self.env))[writeoff.state]
                raise UserError(
                    self.env._(
                        '%(writeoff)s: this cannot be done any more, it is "%(state)s".',
                        writeoff=writeoff.display_name,
                        state=state,
                    )
                )
        return self.sudo()

    # === ACTIONS === #

    def action_approve(self):
        """Approve, and book at once if the approver may post entries."""
        writeoffs = self._decide(('proposed',))
        self._check_may_approve()
        writeoffs._settle('approved')
        if self.env.user.has_group('account.group_account_invoice'):
            self._book()
        return True

    def action_reject(self):
        """Turn the proposal down; its items are chased again."""
        writeoffs = self._decide(('proposed',))
        self._check_may_approve()
        writeoffs._settle('rejected')
        return True

    def action_withdraw(self):
        """Take the proposal back; its items are chased again."""
        writeoffs = self._decide(WAITING)
        supervisor = self.env.user.has_group('cobranza_management.group_supervisor')
        if self.user_id - self.env.user and not supervisor:
            raise AccessError(self.env._('Only who proposed it or a supervisor takes it back.'))
        writeoffs._settle('withdrawn')
        return True

    def action_book(self):
        """Book what was approved."""
        self._decide(('approved',))
        self._book()
        return True

    def action_reverse(self):
        """Reverse the entry: the customer turned up, the items are claimed again."""
        self._decide(('booked',))
        self._check_may_book()
        for writeoff in self:
            writeoff._reverse()
        return True

    def action_view_entry(self):
        """Open the entries of the write-off."""
        self.ensure_one()
        entries = self.move_id + self.reversal_id
        return entries._get_records_action(name=self.env._('Entries'))

    def _settle(self, state):
        """Move to `state` by the hand of the current user, and end the task of who decides."""
        self.write(
            {
                'state': state,
                'approver_id': self.env.user.id if state != 'withdrawn' else False,
                'decision_date': fields.Date.context_today(self),
            }
        )
        self.activity_id.action_feedback()

    # === PROPOSING === #

    @api.model
    def _propose(self, case, amounts, values):
        """Return a proposal for the items of a case.

        :param dict amounts: {account.move.line: amount in its currency}
        :param dict values: reason and note
        """
        writeoff = self.sudo().create(
            {
                **values,
                'case_id': case.id,
                'user_id': self.env.user.id,
                'item_ids': [
                    Command.create({'line_id': line.id, 'amount': amount})
                    for line, amount in amounts.items()
                ],
            }
        )
        writeoff._ask_for_approval()
        case.sudo().message_post(
            body=self.env._(
                'Write-off of %(amount)s proposed: %(note)s',
                amount=format_amount(self.env, writeoff.amount, writeoff.currency_id),
                note=writeoff.note,
            ),
            author_id=self.env.user.partner_id.id,
        )
        return writeoff.sudo(False)

    def _ask_for_approval(self):
        """Give the company's approver a task, unless they propose themselves."""
        approver = self.company_id.cobranza_writeoff_user_id
        if approver and approver != self.user_id:
            self.activity_id = self.case_id._schedule(
                [
                    {
                        'case': self.case_id,
                        'date': self.company_id._cobranza_today(),
                        'summary': self.env._('Approve a write-off: %s', self.display_name),
                        'type': 'mail.mail_activity_data_todo',
                        'user': approver,
                    }
                ]
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        if any(writeoff.move_id for writeoff in self):
            raise UserError(self.env._('A write-off in the books is part of the record and stays.'))


class CobranzaDispute(models.Model):
    """What waits to be written off is not claimed, like what is in dispute."""

    _inherit = 'cobranza.dispute'

    @api.model
    def _sql_disputed_amounts(self):
        """Add what is proposed to be written off, until that is decided."""
        return SQL(
            """
            SELECT line_id, SUM(amount) AS amount
              FROM (%s UNION ALL
                    SELECT line_id, amount FROM cobranza_writeoff_item WHERE state IN %s) kept
          GROUP BY line_id
            """,
            super()._sql_disputed_amounts(),
            WAITING,
        )
