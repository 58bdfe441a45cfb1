from odoo import api, fields, models
from odoo.tools import format_amount


class CobranzaDisputeResolveWizard(models.TransientModel):
    """Settle a dispute, and see what the customer will read before it leaves."""

    _name = 'cobranza.dispute.resolve.wizard'
    _description = 'Settle a Dispute'

    dispute_id = fields.Many2one('cobranza.dispute', required=True, ondelete='cascade')
    case_id = fields.Many2one(related='dispute_id.case_id')
    partner_id = fields.Many2one(related='dispute_id.partner_id')
    currency_id = fields.Many2one(related='dispute_id.currency_id')
    decision = fields.Selection(
        [
            ('accept', 'The customer is right'),
            ('reject', 'The customer owes it'),
            ('withdraw', 'The customer takes it back'),
        ],
        default='accept',
        required=True,
    )
    amount = fields.Monetary(
        string='Accepted',
        compute='_compute_amount',
        store=True,
        readonly=False,
        precompute=True,
        help='How much of it the customer is right about; the rest is claimed again.',
    )
    note = fields.Text(string='Explanation', help='Kept with the dispute and told to the customer.')
    needs = fields.Selection(
        [
            ('nothing', 'Nothing'),
            ('credit_note', 'A credit note'),
            ('accountant', 'Somebody who may invoice'),
            ('entry', 'An accounting entry'),
        ],
        compute='_compute_needs',
    )
    consequence = fields.Char(compute='_compute_consequence', string='What Will Happen')
    accountant_id = fields.Many2one(
        'res.users',
        string='Made By',
        compute='_compute_accountant_id',
        store=True,
        readonly=False,
        precompute=True,
        domain=lambda self: [
            ('all_group_ids', 'in', self.env.ref('account.group_account_invoice').ids),
            ('share', '=', False),
        ],
        help='Who gets the task to credit it.',
    )
    entry_id = fields.Many2one(
        'account.move',
        domain="[('state', '=', 'posted'), ('move_type', '=', 'entry'), ('line_ids.partner_id', '=', partner_id)]",
        help='The posted entry that credits the item, if there is one already.',
    )
    template_id = fields.Many2one(
        'cobranza.template',
        string='Message',
        compute='_compute_template_id',
        store=True,
        readonly=False,
        precompute=True,
        domain=[('dispute_outcome', '!=', False)],
    )
    send_to = fields.Char(compute='_compute_send_to', string='Sent To')
    why_not = fields.Char(compute='_compute_send_to')
    notify = fields.Boolean(
        string='Tell the Customer',
        compute='_compute_notify',
        store=True,
        readonly=False,
        precompute=True,
    )
    subject = fields.Char(compute='_compute_message', store=True, readonly=False, precompute=True)
    body = fields.Html(compute='_compute_message', store=True, readonly=False, precompute=True)

    @api.depends('dispute_id')
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.dispute_id._most() if wizard.dispute_id else 0

    @api.depends('decision', 'dispute_id', 'entry_id')
    def _compute_needs(self):
        for wizard in self:
            if wizard.decision != 'accept':
                wizard.needs = 'nothing'
            elif not wizard.dispute_id._is_invoice():
                wizard.needs = 'entry'
            else:
                wizard.needs = 'credit_note' if self._may_credit() else 'accountant'

    def _may_credit(self):
        return self.env['cobranza.dispute']._may_credit()

    @api.depends('dispute_id')
    def _compute_accountant_id(self):
        """Propose the user, who made the document or the accountant of the settings: whoever may make credit notes.

        A task of somebody who has left, or of the system that made the document, would be seen by nobody.
        """
        for wizard in self:
            move_sudo = wizard.dispute_id.move_id.sudo()
            people = self.env.user + move_sudo.invoice_user_id + move_sudo.create_uid
            people += move_sudo.company_id.cobranza_plan_accountant_id
            wizard.accountant_id = people.filtered(
                lambda user: (
                    user.active
                    and not user.share
                    and user.has_group('account.group_account_invoice')
                )
            )[:1]

    @api.depends('needs', 'decision', 'amount', 'entry_id')
    def _compute_consequence(self):
        for wizard in self:
            amount = format_amount(self.env, wizard.amount, wizard.currency_id)
            wizard.consequence = wizard._consequences()[wizard.needs].replace('%s', amount)

    def _consequences(self):
        """Return {what it needs: the sentence that says what will happen}, with a slot for the amount."""
        entry = (
            self.env._('The entry is applied to the item, and the dispute is closed.')
            if self.entry_id
            else self.env._(
                'This item is not an invoice, so there is no credit note for it: %s must be taken off with an'
                ' accounting entry. Whoever you choose gets the task; until then it is not claimed.'
            )
        )
        return {
            'accountant': self.env._(
                'A credit note of %s is needed, which you may not make: whoever you choose gets the task. Until it is'
                ' posted the amount is not claimed and the dispute stays open.'
            ),
            'credit_note': self.env._(
                'A draft credit note of %s opens, applied to the document. The dispute closes when you post it.'
            ),
            'entry': entry,
            'nothing': self.env._('The item is claimed again from the next daily cycle on.'),
        }

    @api.depends('decision', 'amount', 'dispute_id')
    def _compute_template_id(self):
        Template = self.env['cobranza.template']
        for wizard in self:
            wizard.template_id = Template._for_dispute(
                wizard._outcome(), wizard.dispute_id.company_id
            )

    def _outcome(self):
        """Return the state in which the dispute will end."""
        if self.decision == 'accept':
            dispute = self.dispute_id
            whole = (
                dispute and dispute.currency_id.compare_amounts(self.amount, dispute.amount) >= 0
            )
            return 'accepted' if whole else 'partial'
        return {'reject': 'rejected', 'withdraw': 'withdrawn'}.get(self.decision, self.decision)

    @api.depends('dispute_id')
    def _compute_send_to(self):
        for wizard in self:
            contact, address, wizard.why_not = wizard.dispute_id._reply_address()
            wizard.send_to = f'{contact.name} <{address}>' if address else False

    @api.depends('template_id', 'why_not')
    def _compute_notify(self):
        for wizard in self:
            wizard.notify = bool(wizard.template_id and not wizard.why_not)

    @api.depends('template_id', 'amount', 'note')
    def _compute_message(self):
        for wizard in self:
            wizard.subject, wizard.body = (
                wizard.dispute_id._draft_reply(wizard.template_id, wizard.amount, wizard.note)
                if wizard.template_id and wizard.dispute_id
                else (False, False)
            )

    def action_confirm(self):
        """Settle the dispute and open the draft of its credit note, if there is one."""
        self.ensure_one()
        tells = self.notify and self.body
        credit = self.dispute_id._resolve(
            self.decision,
            {
                'accountant': self.accountant_id,
                'amount': self.amount,
                'entry': self.entry_id,
                'message': {'subject': self.subject, 'body': self.body} if tells else None,
                'note': self.note,
            },
        )
        if credit:
            return credit._get_records_action()
        return {'type': 'ir.actions.act_window_close'}
