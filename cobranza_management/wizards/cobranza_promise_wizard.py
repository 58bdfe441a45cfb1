from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models

#: Weekday of the "Friday" chip.
FRIDAY = 4


class CobranzaPromiseWizard(models.TransientModel):
    """Take a promise: the amount is what is overdue, the day a chip."""

    _name = 'cobranza.promise.wizard'
    _description = 'Take a Promise'

    #: The chip that is on when the wizard opens.
    _default_day = 'friday'

    case_id = fields.Many2one(
        'cobranza.case', required=True, default=lambda self: self.env.context.get('active_id')
    )
    partner_id = fields.Many2one(related='case_id.partner_id')
    currency_id = fields.Many2one(
        'res.currency',
        compute='_compute_currency_id',
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    line_ids = fields.Many2many(
        'account.move.line',
        string='Items',
        compute='_compute_line_ids',
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'in', candidate_ids)]",
    )
    candidate_ids = fields.Many2many('account.move.line', compute='_compute_candidate_ids')
    amount = fields.Monetary(
        compute='_compute_amount', store=True, readonly=False, required=True, precompute=True
    )
    day = fields.Selection(
        [
            ('today', 'Today'),
            ('tomorrow', 'Tomorrow'),
            ('friday', 'Friday'),
            ('week', 'In a week'),
            ('month_end', 'End of the month'),
            ('other', 'Another day'),
        ],
        string='When',
        default=lambda self: self._default_day,
        required=True,
    )
    date = fields.Date(
        compute='_compute_date', store=True, readonly=False, required=True, precompute=True
    )
    approval_notice = fields.Char(compute='_compute_notices')
    replaced_notice = fields.Char(compute='_compute_notices')

    @api.depends('case_id')
    def _compute_currency_id(self):
        """Start with the currency most of the items are in."""
        for wizard in self:
            currencies = wizard.case_id.item_ids.filtered(
                lambda item: item.amount_residual > 0
            ).mapped('currency_id')
            wizard.currency_id = currencies if len(currencies) == 1 else wizard.case_id.currency_id

    @api.depends('case_id')
    def _compute_candidate_ids(self):
        for wizard in self:
            wizard.candidate_ids = wizard.case_id.item_ids.filtered(
                lambda item: item.amount_residual > 0
            )

    @api.depends('case_id', 'currency_id')
    def _compute_line_ids(self):
        """Promise what is claimed and overdue in the currency, or everything claimed when nothing is overdue."""
        for wizard in self:
            nets = wizard.case_id._origin._net_amounts()
            claims = wizard.case_id.item_ids.filtered(
                lambda item, currency=wizard.currency_id, nets=nets: (
                    item._origin.id in nets and item.currency_id == currency
                )
            )
            wizard.line_ids = claims.filtered(lambda item: item.days_overdue > 0) or claims

    @api.depends('case_id', 'currency_id', 'line_ids')
    def _compute_amount(self):
        """Ask for what may be claimed: net of credits, of what is in dispute, of what waits to be written off."""
        for wizard in self:
            case, currency = wizard.case_id._origin, wizard.currency_id
            nets = case._net_amounts()
            wizard.amount = sum(
                nets.get(item.id, 0.0)
                if item.currency_id == currency
                else case._in_company_currency(item, nets.get(item.id, 0.0))
                for item in wizard.line_ids._origin
            )

    @api.depends('day')
    def _compute_date(self):
        """Give a chip its day; "another day" starts from the day that was chosen before it."""
        today = fields.Date.context_today(self)
        for wizard in self:
            wizard.date = (
                wizard._day_of(wizard.day, today)
                or wizard.date
                or wizard._day_of(self._default_day, today)
            )

    def _day_of(self, choice, today):
        """Return the date of a chip, None for "another day"."""
        return {
            'today': today,
            'tomorrow': today + timedelta(days=1),
            'friday': today + timedelta(days=(FRIDAY - today.weekday()) % 7 or 7),
            'week': today + timedelta(days=7),
            'month_end': today + relativedelta(day=31),
        }.get(choice)

    @api.depends('case_id', 'currency_id', 'amount', 'date', 'line_ids')
    def _compute_notices(self):
        for wizard in self:
            ready = wizard.case_id and wizard.date and wizard.amount > 0
            wizard.approval_notice = wizard.replaced_notice = False
            if ready:
                case = wizard.case_id._origin
                promise = self.env['cobranza.promise'].new(wizard._promise_values())
                wizard.approval_notice = '; '.join(case._promise_breaches(promise))
                replaced = case._replaced_by_promise(promise)
                wizard.replaced_notice = replaced._describe_replaced() if replaced else False

    def _promise_values(self):
        """Return the values of the promise as it is filled in."""
        return {
            'amount': self.amount,
            'company_id': self.case_id._origin.company_id.id,
            'currency_id': self.currency_id.id,
            'date': self.date,
            'line_ids': [Command.set(self.line_ids._origin.ids)],
            'taken_on': fields.Date.context_today(self),
        }

    def action_confirm(self):
        """Write the promise down and say what became of it."""
        promise = self.case_id._take_promise(
            {
                'amount': self.amount,
                'currency_id': self.currency_id.id,
                'date': self.date,
                'line_ids': [Command.set(self.line_ids.ids)],
            }
        )
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'warning' if promise.state == 'review' else 'success',
                'message': promise._describe_taken(),
                'next': {'type': 'ir.actions.act_window_close'},
            },
        }
