from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from ..tools.calendars import holiday_name
from ..tools.plans import (
    Impossible,
    Terms,
    breaches,
    build,
    from_units,
    interest_of,
    share_of,
    to_units,
)


class CobranzaPlanTerms(models.AbstractModel):
    """The terms of a plan and what follows from them: shared by the plan and the assistant that prepares it."""

    _name = 'cobranza.plan.terms'
    _description = 'Terms of a Payment Plan'

    case_id = fields.Many2one('cobranza.case', required=True, index=True, ondelete='cascade')
    currency_id = fields.Many2one(
        'res.currency',
        required=True,
        compute='_compute_currency_id',
        precompute=True,
        store=True,
        readonly=False,
    )
    line_ids = fields.Many2many(
        'account.move.line',
        string='Items',
        compute='_compute_line_ids',
        store=True,
        readonly=False,
    )
    amount_items = fields.Monetary(
        string='Debt', compute='_compute_amount_items', store=True, help='Net of unapplied credits.'
    )
    discount_share = fields.Float(
        string='Discount (%)',
        help='Forgiven when the plan is paid in full: a credit note is prepared then.',
    )
    down_payment = fields.Monetary()
    down_date = fields.Date(
        string='Down Payment On', default=lambda self: fields.Date.add(self._today(), days=3)
    )
    count = fields.Integer(string='Instalments', default=3, required=True)
    frequency = fields.Selection(
        [
            ('weekly', 'Every week'),
            ('fortnightly', 'Every two weeks'),
            ('monthly', 'Every month'),
            ('days', 'Every so many days'),
        ],
        default='monthly',
        required=True,
    )
    every_days = fields.Integer(string='Days Between', default=10)
    first_date = fields.Date(
        string='First Instalment',
        required=True,
        default=lambda self: fields.Date.add(self._today(), months=1),
    )
    skip_holidays = fields.Boolean(
        string='Only Business Days',
        default=True,
        help='Instalments that fall on a Sunday or a national holiday move to the next day.',
    )
    interest = fields.Selection(
        [
            ('none', 'No interest'),
            ('flat', 'Flat, on the capital'),
            ('annual', 'Yearly, on what is still owed'),
        ],
        string='Kind of Interest',
        default='none',
        required=True,
    )
    interest_rate = fields.Float(string='Rate (%)', digits=(6, 3))
    schedule = fields.Json(
        string='Instalments in Units',
        compute='_compute_schedule',
        store=True,
        help='The instalments in units of what the currency is rounded to: number, day, capital, interest, balance.',
    )
    problem = fields.Char(compute='_compute_schedule', store=True)
    amount_discount = fields.Monetary(string='Discount', compute='_compute_schedule', store=True)
    amount_interest = fields.Monetary(string='Interest', compute='_compute_schedule', store=True)
    amount_total = fields.Monetary(string='To Pay', compute='_compute_schedule', store=True)
    last_date = fields.Date(string='Last Instalment', compute='_compute_schedule', store=True)
    schedule_html = fields.Html(string='Schedule', compute='_compute_schedule_html', sanitize=False)

    @api.model
    def _today(self):
        return fields.Date.context_today(self)

    # === WHAT IS PLANNED === #

    def _plannable(self):
        """Return the items of the case that a plan may cover."""
        self.ensure_one()
        return self.case_id._plannable_items()

    @api.depends('case_id')
    def _compute_currency_id(self):
        """Start with the currency of the largest part of the debt."""
        for terms in self:
            items = terms._plannable()
            worth = {}
            for line in items:
                worth[line.currency_id] = worth.get(line.currency_id, 0) + line.amount_residual
            terms.currency_id = max(worth, key=worth.get) if worth else terms.case_id.currency_id

    @api.depends('case_id', 'currency_id')
    def _compute_line_ids(self):
        """Take everything that can be planned in the currency."""
        for terms in self:
            terms.line_ids = terms._plannable().filtered(
                lambda line, currency=terms.currency_id: line.currency_id == currency
            )

    @api.depends('line_ids')
    def _compute_amount_items(self):
        for terms in self:
            terms.amount_items = terms._claimed_now()

    def _claimed_now(self):
        """Return what may be claimed for the items today, in the plan's currency."""
        self.ensure_one()
        nets = self.case_id._net_amounts()
        return sum(nets.get(line_id, 0.0) for line_id in self.line_ids.ids)

    # === WHAT FOLLOWS === #

    def _terms(self):
        """Return the tools.plans.Terms; amounts are rounded to the currency here and nowhere else."""
        self.ensure_one()
        rounding = self.currency_id.rounding
        debt = to_units(self.amount_items, rounding)
        return Terms(
            debt=debt,
            first=self.first_date,
            count=self.count,
            discount=share_of(debt, self.discount_share),
            down=to_units(self.down_payment, rounding),
            down_on=self.down_date or None,
            frequency=self.frequency,
            every=self.every_days,
            interest=self.interest,
            rate=Decimal(str(round(self.interest_rate, 3))),
        )

    def _holiday(self):
        """Return the function that tells holidays where the debtor lives, None when any day will do."""
        if not self.skip_holidays:
            return None
        case = self.case_id
        code = (case.partner_id.country_id or case.company_id.country_id).code
        return lambda day: holiday_name(code, day)

    @api.depends(
        'amount_items', 'discount_share', 'down_payment', 'down_date', 'count', 'frequency',
        'every_days', 'first_date', 'skip_holidays', 'interest', 'interest_rate', 'currency_id',
    )  # fmt: skip
    def _compute_schedule(self):
        for terms in self:
            terms.update(terms._figures())

    def _figures(self):
        """Return the computed fields of these terms, empty with `problem` when they make no plan."""
        self.ensure_one()
        names = ('schedule', 'amount_discount', 'amount_interest', 'amount_total', 'last_date')
        nothing = dict.fromkeys(names, False)
        if not self.first_date or not self.line_ids:
            return {**nothing, 'problem': self.env._('Choose the items and the first day.')}
        agreed = self._terms()
        try:
            plan = build(agreed, self._holiday())
        except Impossible as error:
            return {**nothing, 'problem': self._problems()[error.code]}
        rounding = self.currency_id.rounding
        return {
            'schedule': [
                [one.number, one.day.isoformat(), one.capital, one.interest, one.balance]
                for one in plan
            ],
            'problem': False,
            'amount_discount': from_units(agreed.discount, rounding),
            'amount_interest': from_units(interest_of(plan), rounding),
            'amount_total': from_units(sum(one.amount for one in plan), rounding),
            'last_date': plan[-1].day,
        }

    def _problems(self):
        """Return {code of tools.plans.Impossible: sentence}."""
        return {
            'count': self.env._('A plan has at least one instalment.'),
            'every': self.env._('There is at least one day between instalments.'),
            'interest': self.env._('Interest cannot be negative.'),
            'discount': self.env._('The discount must be less than the debt.'),
            'down': self.env._('The down payment must be less than what is left to pay.'),
            'days': self.env._('The down payment comes before the first instalment.'),
            'small': self.env._('That many instalments would be less than nothing each.'),
        }

    # === POLICY === #

    def _breaches(self):
        """Return the sentences that say where the terms go beyond the policy of the case."""
        self.ensure_one()
        agreed = self._terms()
        limits = self.env['cobranza.plan.policy']._for_case(self.case_id)._limits()
        found = breaches(agreed, build(agreed, self._holiday()), limits, self._today())
        return [self._explain_breach(*breach) for breach in found]

    def _explain_breach(self, name, fact, limit):
        """Return the sentence of one limit that is not kept."""
        values = {'fact': f'{fact:g}', 'limit': f'{limit:g}'}
        return {
            'months': self.env._(
                'It lasts %(fact)s months; at most %(limit)s are allowed.', **values
            ),
            'count': self.env._(
                'It has %(fact)s instalments; at most %(limit)s are allowed.', **values
            ),
            'down_share': self.env._(
                'The down payment is %(fact)s %% of the debt; at least %(limit)s %% is asked.',
                **values,
            ),
            'discount_share': self.env._(
                'The discount is %(fact)s %% of the debt; at most %(limit)s %% is allowed.',
                **values,
            ),
            'yearly_rate': self.env._(
                'The interest is %(fact)s %% a year; at least %(limit)s %% is asked.', **values
            ),
        }[name]

    # === THE SCHEDULE IN WORDS === #

    def _schedule_rows(self):
        """Return the instalments as dicts of texts in the reader's language."""
        self.ensure_one()
        rounding = self.currency_id.rounding

        def money(units):
            return format_amount(self.env, from_units(units, rounding), self.currency_id)

        return [
            {
                'number': number,
                'label': str(number) if number else self.env._('Down payment'),
                'day': format_date(self.env, day),
                'amount': money(capital + interest),
                'capital': money(capital),
                'interest': money(interest),
                'balance': money(balance),
            }
            for number, day, capital, interest, balance in self.schedule or ()
        ]

    @api.depends('schedule')
    @api.depends_context('lang')
    def _compute_schedule_html(self):
        for terms in self:
            terms.schedule_html = terms._render_schedule()

    def _render_schedule(self, **options):
        """Return the table of instalments.

        :param options: `detailed` adds capital and interest, `on_paper` shows what a phone has no room for
        """
        self.ensure_one()
        if not self.schedule:
            return False
        return self.env['ir.qweb']._render(
            'cobranza_management.plan_schedule',
            {
                'rows': self._schedule_rows(),
                'total': format_amount(self.env, self.amount_total, self.currency_id),
                'detailed': bool(self.amount_interest),
                'on_paper': False,
                **options,
            },
            minimal_qcontext=True,
        )
