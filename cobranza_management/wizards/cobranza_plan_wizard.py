from odoo import Command, api, fields, models
from odoo.tools import float_round


class CobranzaPlanWizard(models.TransientModel):
    """Prepare a payment plan: terms on one side, the schedule and what the policy says on the other."""

    _name = 'cobranza.plan.wizard'
    _inherit = ['cobranza.plan.terms']
    _description = 'Prepare a Payment Plan'

    case_id = fields.Many2one(default=lambda self: self.env.context.get('active_id'))
    partner_id = fields.Many2one(related='case_id.partner_id')
    candidate_ids = fields.Many2many('account.move.line', compute='_compute_candidate_ids')
    policy_note = fields.Text(compute='_compute_policy_note')
    down_payment = fields.Monetary(compute='_compute_down_payment', store=True, readonly=False)
    stays = fields.Boolean(
        string='Stay Where It Was Started',
        help='Say what became of the plan instead of opening it.',
    )

    @api.depends('case_id', 'currency_id')
    def _compute_candidate_ids(self):
        for wizard in self:
            wizard.candidate_ids = wizard._plannable().filtered(
                lambda line, currency=wizard.currency_id: line.currency_id == currency
            )

    @api.depends('amount_items', 'case_id')
    def _compute_down_payment(self):
        """Start with the least that the policy asks: what is proposed first needs nobody's approval."""
        for wizard in self.filtered(lambda wizard: not wizard.down_payment):
            policy = self.env['cobranza.plan.policy']._for_case(wizard.case_id)
            least = wizard.amount_items * policy.min_down_share / 100
            wizard.down_payment = float_round(
                least, precision_rounding=wizard.currency_id.rounding or 0.01, rounding_method='UP'
            )

    @api.depends('schedule', 'case_id')
    def _compute_policy_note(self):
        """Say what a supervisor would have to approve."""
        for wizard in self:
            wizard.policy_note = '\n'.join(wizard._breaches()) if wizard.schedule else False

    def _plannable(self):
        self._check_case()
        return super()._plannable()

    def _claimed_now(self):
        self._check_case()
        return super()._claimed_now()

    def _check_case(self):
        """Look at the debt only for who sees the case: anybody may name any, and stored fields compute as superuser."""
        self.case_id._origin.sudo(False).check_access('read')

    def _values(self):
        """Return the terms as values of cobranza.plan."""
        names = (
            'discount_share', 'down_payment', 'down_date', 'count', 'frequency', 'every_days',
            'first_date', 'skip_holidays', 'interest', 'interest_rate',
        )  # fmt: skip
        return {
            **{name: self[name] for name in names},
            'currency_id': self.currency_id.id,
            'line_ids': [Command.set(self.line_ids.ids)],
        }

    def action_prepare(self):
        """Keep the plan as a draft and open it."""
        return self._done(self.case_id._prepare_plan(self._values()))

    def action_offer(self):
        """Prepare the plan and offer it, or ask for approval."""
        plan = self.case_id._prepare_plan(self._values())
        plan.action_offer()
        return self._done(plan)

    def action_send(self):
        """Prepare the plan, offer it and send its link; one that waits for approval is not sent."""
        plan = self.case_id._prepare_plan(self._values())
        plan.action_offer()
        if plan.state == 'offered':
            plan.action_send()
        return self._done(plan)

    def _done(self, plan):
        """Return what the screen does then: open the plan, or say how it stands and go on."""
        if not self.stays:
            return plan._get_records_action()
        states = dict(plan._fields['state']._description_selection(self.env))
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'message': self.env._(
                    'Payment plan %(name)s: %(state)s', name=plan.name, state=states[plan.state]
                ),
                'next': {'type': 'ir.actions.act_window_close'},
                'title': plan.partner_id.name,
                'type': 'success',
            },
        }
