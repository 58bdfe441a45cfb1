from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount


class CobranzaDispute(models.Model):
    """How a dispute ends. A decision `x` is a method `_resolve_x(values)`; other add-ons add theirs.

    Accepting writes the decision down and drafts the credit note; the dispute closes when that is posted, so that
    what the company gave in is never missing from its books.
    """

    _inherit = 'cobranza.dispute'

    decision = fields.Selection(
        [('accepted', 'Accept it'), ('partial', 'Accept a part')],
        readonly=True,
        copy=False,
        help='Taken, and not yet in the books.',
    )
    amount_accepted = fields.Monetary(string='Accepted', readonly=True, copy=False)
    credit_move_id = fields.Many2one(
        'account.move',
        string='Credit Note',
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='set null',
        help='The credit note, or the entry, that takes it off the item.',
    )
    credit_state = fields.Selection(related='credit_move_id.state')
    waits_for = fields.Selection(
        [
            ('decision', 'A decision'),
            ('credit_note', 'Its credit note'),
            ('entry', 'An accounting entry'),
        ],
        compute='_compute_waits_for',
        store=True,
    )
    resolution_note = fields.Text(string='Answer', readonly=True, copy=False)
    resolved_date = fields.Date(string='Settled On', readonly=True, copy=False)
    resolved_by_id = fields.Many2one('res.users', string='Settled By', readonly=True, copy=False)
    days_to_resolve = fields.Integer(
        compute='_compute_days_to_resolve', store=True, aggregator='avg', string='Days to Settle'
    )
    withdrawal = fields.Selection(
        [
            ('customer', 'The customer withdrew it'),
            ('settled', 'The item was settled in the meantime'),
        ],
        string='Withdrawn Because',
        readonly=True,
        copy=False,
    )

    @api.depends('state', 'decision', 'line_id.move_id.move_type')
    def _compute_waits_for(self):
        for dispute in self:
            if dispute.state != 'open':
                dispute.waits_for = False
            elif not dispute.decision:
                dispute.waits_for = 'decision'
            else:
                dispute.waits_for = 'credit_note' if dispute._is_invoice() else 'entry'

    @api.depends('resolved_date')
    def _compute_days_to_resolve(self):
        for dispute in self:
            opened = fields.Datetime.context_timestamp(dispute, dispute.create_date).date()
            days = (dispute.resolved_date - opened).days if dispute.resolved_date else 0
            dispute.days_to_resolve = max(days, 0)

    def _is_invoice(self):
        """Tell whether Odoo can make a credit note of the item's document."""
        return self.line_id.move_id.move_type in ('out_invoice', 'out_receipt')

    def _may_credit(self):
        """Tell whether the user may make credit notes."""
        return self.env.user.has_group('account.group_account_invoice')

    def _most(self):
        """Return the most that can be accepted: what is in dispute and still left of the item."""
        return min(self.amount, self.line_id._cobranza_disputable(self))

    # === DECIDING === #

    def _resolve(self, decision, values):
        """Decide an open dispute, tell the customer, and return the draft of a credit note if one was made.

        :param str decision: accept, reject, withdraw, or what another add-on adds
        :param dict values: note; for accept amount (the whole by default), entry (account.move that credits an item
            that is no invoice) and accountant (who makes the credit note if the user may not); message: subject and
            body for the customer, or nothing
        :return: account.move, empty when there is no draft
        """
        self.ensure_one()
        self._check_may_decide()
        self.sudo().lock_for_update()
        if self.state != 'open':
            raise UserError(self.env._('This dispute is settled already.'))
        if self.credit_move_id.sudo().state == 'draft':
            raise UserError(
                self.env._(
                    'Its credit note is being prepared. Post it, or delete the draft to decide again.'
                )
            )
        move = getattr(self, f'_resolve_{decision}')(values)
        if values.get('message'):
            self._tell_customer(**values['message'])
        return move or self.env['account.move']

    def _resolve_reject(self, values):
        """The customer owes it: the item is chased again."""
        self._close('rejected', amount_accepted=0, resolution_note=values.get('note'))

    def _resolve_withdraw(self, values):
        """The customer takes it back: the item is chased again."""
        self._close(
            'withdrawn',
            amount_accepted=0,
            resolution_note=values.get('note'),
            withdrawal='customer',
        )

    def _resolve_accept(self, values):
        """The customer is right, about all or a part of it; the rest is chased again at once."""
        most = self._most()
        amount = values.get('amount') or most
        if self.currency_id.compare_amounts(amount, most) > 0 or amount <= 0:
            raise UserError(
                self.env._(
                    'Accept an amount above zero and up to %s.',
                    format_amount(self.env, most, self.currency_id),
                )
            )
        whole = self.currency_id.compare_amounts(amount, self.amount) == 0
        self.sudo().write(
            {
                'amount_accepted': amount,
                'decision': 'accepted' if whole else 'partial',
                'resolution_note': values.get('note'),
            }
        )
        if self._is_invoice() and self._may_credit():
            return self._make_credit_note()
        if values.get('entry'):
            return self._credit_with(values['entry'])
        return self._ask_for_credit(values.get('accountant'))

    def _close(self, state, **values):
        """Settle the disputes: date, person, and the alert about their deadline is done with."""
        disputes_sudo = self.sudo()
        disputes_sudo.activity_id.unlink()
        for company, mine in disputes_sudo.grouped('company_id').items():
            mine.write(
                {
                    'decision': False,
                    'resolved_by_id': self.env.user.id,
                    'resolved_date': company._cobranza_today(),
                    'state': state,
                    **values,
                }
            )

    # === THE CREDIT NOTE === #

    def _make_credit_note(self):
        """Draft the credit note with Odoo's own assistant, over the accepted amount, as the user."""
        invoice = self.line_id.move_id
        reversal = (
            self.env['account.move.reversal']
            .with_company(invoice.company_id)
            .create(
                {
                    'company_id': invoice.company_id.id,
                    'journal_id': invoice.journal_id.id,
                    'move_ids': invoice.ids,
                    'reason': self.reason_id.name,
                }
            )
        )
        reversal.refund_moves()
        credit = reversal.new_move_ids
        credit._cobranza_reduce_to(self.amount_accepted)
        self.sudo().credit_move_id = credit
        return credit

    def _credit_with(self, entry):
        """Apply a posted entry that credits the item, and close the dispute."""
        if entry.state != 'posted' or not entry._cobranza_credits_of(self):
            raise UserError(
                self.env._('Choose a posted entry that credits this customer on the same account.')
            )
        self.sudo().credit_move_id = entry
        entry._cobranza_apply_to_disputes()
        entry._cobranza_close_disputes()
        return self.env['account.move']

    def _ask_for_credit(self, accountant):
        """Raise a task for whoever makes the credit note or the entry."""
        case_sudo = self.case_id.sudo()
        case_sudo._schedule(
            [
                {
                    'case': case_sudo,
                    'date': fields.Date.context_today(self),
                    'note': self.resolution_note,
                    'summary': self.env._(
                        'Credit %(amount)s of %(document)s: the dispute was accepted',
                        amount=format_amount(self.env, self.amount_accepted, self.currency_id),
                        document=self.line_id.move_name or self.line_id.name or '',
                    ),
                    'type': 'mail.mail_activity_data_todo',
                    'user': accountant or self.user_id,
                }
            ]
        )
        return self.env['account.move']

    def _close_credited(self):
        """Close accepted disputes whose credit note is posted, with the amount that it really credits."""
        for dispute in self:
            credits = dispute.credit_move_id._cobranza_credits_of(dispute)
            credited = -sum(credits.mapped('amount_currency'))
            less = dispute.currency_id.compare_amounts(credited, dispute.amount_accepted) < 0
            dispute._close(
                'partial' if less else dispute.decision,
                amount_accepted=min(credited, dispute.amount_accepted),
            )

    def _undo_credit(self):
        """Open disputes again whose credit note is a draft once more; the decision stands."""
        for state, disputes in self.grouped('state').items():
            disputes.write(
                {
                    'decision': state,
                    'resolved_by_id': False,
                    'resolved_date': False,
                    'state': 'open',
                }
            )

    # === ACTIONS === #

    def _action_resolve(self, decision):
        self.ensure_one()
        self._check_may_decide()
        return {
            **self.env['ir.actions.act_window']._for_xml_id(
                'cobranza_management.cobranza_dispute_resolve_wizard_action'
            ),
            'context': {'default_dispute_id': self.id, 'default_decision': decision},
        }

    def action_accept(self):
        """Ask how much of it the customer is right about."""
        return self._action_resolve('accept')

    def action_reject(self):
        """Ask why the customer owes it."""
        return self._action_resolve('reject')

    def action_withdraw(self):
        """Ask why the customer takes it back."""
        return self._action_resolve('withdraw')

    def action_make_credit_note(self):
        """Draft the credit note of an accepted dispute and open it; or open the one there is."""
        self.ensure_one()
        self._check_may_decide()
        if self.waits_for != 'credit_note':
            raise UserError(self.env._('No credit note is pending for this dispute.'))
        if not self._may_credit():
            raise AccessError(self.env._('Only somebody who may invoice makes credit notes.'))
        pending = self.credit_move_id.filtered(lambda move: move.state == 'draft')
        return (pending or self._make_credit_note())._get_records_action()

    def action_open_case(self):
        """Open the case of the debtor."""
        self.ensure_one()
        return self.case_id._get_records_action()

    def action_open_credit(self):
        """Open the credit note, or the entry, that settles it."""
        self.ensure_one()
        return self.credit_move_id._get_records_action()

    def action_reopen(self):
        """Put what was rejected or withdrawn back in dispute."""
        self._check_may_decide()
        for dispute in self:
            if dispute.state not in ('rejected', 'withdrawn'):
                raise UserError(
                    self.env._('Only a rejected or withdrawn dispute can be opened again.')
                )
            if not dispute.line_id._cobranza_disputable(dispute):
                raise UserError(self.env._('Nothing is left of the item to dispute.'))
        self.sudo().write(
            {
                'is_alerted': False,
                'resolved_by_id': False,
                'resolved_date': False,
                'state': 'open',
                'withdrawal': False,
            }
        )
