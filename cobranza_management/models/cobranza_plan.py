from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, format_amount, format_date

from .cobranza_aged_mixin import READERS


class CobranzaPlan(models.Model):
    """An agreement to pay many items in instalments; each instalment is a promise, judged by the ledger."""

    _name = 'cobranza.plan'
    _inherit = ['cobranza.plan.terms', 'portal.mixin', 'cobranza.decided.mixin']
    _description = 'Payment Plan'
    _order = 'id desc'

    #: Fields that the methods of a plan set, never a person.
    _DECIDED = frozenset(
        (
            'name', 'state', 'review_reason', 'approved_by_id', 'approved_on', 'offer_until',
            'access_token', 'signature', 'signed_by', 'signed_on', 'signed_paper', 'signed_paper_name',
            'interest_move_id', 'discount_move_id', 'discount_pending', 'schedule', 'problem',
            'amount_items', 'amount_discount', 'amount_interest', 'amount_total', 'last_date',
        )
    )  # fmt: skip
    #: States in which the customer sees the plan.
    _SHOWN = ('offered', 'active', 'completed', 'defaulted')

    name = fields.Char(string='Number', readonly=True, copy=False, default='/')
    company_id = fields.Many2one(related='case_id.company_id', store=True, index=True)
    partner_id = fields.Many2one(related='case_id.partner_id', store=True, index=True)
    user_id = fields.Many2one(
        'res.users', string='Prepared By', default=lambda self: self.env.user, groups=READERS
    )
    line_ids = fields.Many2many(
        relation='cobranza_plan_item_rel', column1='plan_id', column2='line_id', groups=READERS
    )
    state = fields.Selection(
        [
            ('draft', 'Draft'),
            ('review', 'To Approve'),
            ('offered', 'Offered'),
            ('active', 'Active'),
            ('completed', 'Completed'),
            ('defaulted', 'In Default'),
            ('cancelled', 'Cancelled'),
        ],
        default='draft',
        required=True,
        readonly=True,
        index=True,
        copy=False,
    )
    tolerance = fields.Integer(
        string='Instalments That May Be Missed',
        compute='_compute_policy',
        store=True,
        readonly=False,
        groups=READERS,
        help='One more and the plan is in default: the whole debt is due again.',
    )
    grace_days = fields.Integer(
        compute='_compute_policy', store=True, readonly=False, help='Days after each instalment.'
    )
    conditions = fields.Html(
        compute='_compute_conditions', store=True, readonly=False, help='Printed on the agreement.'
    )
    review_reason = fields.Text(
        string='Beyond the Policy', readonly=True, copy=False, groups=READERS
    )
    approved_by_id = fields.Many2one('res.users', readonly=True, copy=False, groups=READERS)
    approved_on = fields.Datetime(readonly=True, copy=False, groups=READERS)
    offer_until = fields.Date(string='Offer Stands Until', readonly=True, copy=False)
    signature = fields.Image(readonly=True, copy=False, max_width=1024, max_height=1024)
    signed_by = fields.Char(readonly=True, copy=False)
    signed_on = fields.Datetime(readonly=True, copy=False)
    signed_paper = fields.Binary(readonly=True, copy=False, groups=READERS)
    signed_paper_name = fields.Char(readonly=True, copy=False, groups=READERS)
    promise_ids = fields.One2many(
        comodel_name='cobranza.promise',
        inverse_name='plan_id',
        string='Instalments to Pay',
        copy=False,
        groups=READERS,
    )
    how_it_goes = fields.Char(compute='_compute_how_it_goes')
    paid_count = fields.Integer(compute='_compute_progress', compute_sudo=True)
    payment_count = fields.Integer(compute='_compute_progress', compute_sudo=True)
    progress = fields.Float(compute='_compute_progress', compute_sudo=True)
    next_date = fields.Date(
        string='Next Instalment', compute='_compute_progress', compute_sudo=True
    )
    next_amount = fields.Monetary(compute='_compute_progress', compute_sudo=True)

    # === COMPUTES === #

    def _unsettled(self):
        """Return the plans whose terms still follow from something; the others stay as they were signed."""
        return self.filtered(lambda plan: plan.state in ('draft', 'review'))

    def _compute_currency_id(self):
        missing = self.filtered(lambda plan: not plan.currency_id)
        super(CobranzaPlan, missing)._compute_currency_id()

    def _compute_line_ids(self):
        missing = self._unsettled().filtered(lambda plan: not plan.line_ids)
        super(CobranzaPlan, missing)._compute_line_ids()

    def _compute_amount_items(self):
        super(CobranzaPlan, self._unsettled())._compute_amount_items()

    def _compute_schedule(self):
        super(CobranzaPlan, self._unsettled())._compute_schedule()

    def _compute_access_url(self):
        for plan in self:
            plan.access_url = f'/my/collection/plan/{plan.id}'

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.name

    @api.depends('name', 'partner_id')
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = ' · '.join(filter(None, (plan.name, plan.partner_id.name)))

    @api.depends('case_id')
    def _compute_policy(self):
        for plan in self._unsettled():
            policy = self.env['cobranza.plan.policy']._for_case(plan.case_id)
            plan.tolerance = policy.tolerance
            plan.grace_days = policy.grace_days

    @api.depends('tolerance', 'amount_discount')
    def _compute_conditions(self):
        """Write the usual conditions in the debtor's language; a person may change them before offering."""
        for plan in self._unsettled():
            items = (Markup('<li>%s</li>') % sentence for sentence in plan._usual_conditions())
            plan.conditions = Markup('<ul>%s</ul>') % Markup('').join(items)

    @api.depends('promise_ids.state', 'promise_ids.amount', 'promise_ids.date')
    def _compute_progress(self):
        for plan in self:
            counted = plan.promise_ids.filtered(lambda promise: promise.state != 'cancelled')
            paid = counted.filtered(lambda promise: promise.state in ('kept', 'late'))
            coming = counted.filtered(lambda promise: promise.state == 'open').sorted('date')[:1]
            plan.paid_count, plan.payment_count = len(paid), len(counted)
            total = sum(counted.mapped('amount'))
            plan.progress = 100 * sum(paid.mapped('amount')) / total if total else 0.0
            plan.next_date, plan.next_amount = coming.date, coming.amount

    @api.depends('next_date', 'offer_until')
    @api.depends_context('lang')
    def _compute_how_it_goes(self):
        for plan in self:
            if plan.state == 'offered':
                plan.how_it_goes = plan._words_of_offer()['until']
            else:
                plan.how_it_goes = plan._describe() if plan.payment_count else False

    # === CHECKS === #

    @api.constrains('line_ids', 'case_id', 'currency_id')
    def _check_items(self):
        for plan in self:
            lines = plan.line_ids
            if lines.partner_id - plan.partner_id or lines.company_id - plan.company_id:
                raise ValidationError(
                    self.env._('A plan can only cover items of %s.', plan.partner_id.name)
                )
            if lines.currency_id - plan.currency_id:
                raise ValidationError(self.env._('A plan covers items of one currency.'))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_decided(vals)
            vals['name'] = self.env['ir.sequence'].sudo().next_by_code('cobranza.plan') or '/'
        return super().create(vals_list)

    def write(self, vals):
        """Keep what was offered as it was offered: terms change in a draft only."""
        self.check_access('write')
        self._refuse_decided(vals)
        if not self.env.su and any(
            vals.get('case_id', plan.case_id.id) != plan.case_id.id for plan in self
        ):
            raise AccessError(self.env._('A plan stays with its case.'))
        open_to = ('draft', 'review') if self._may_approve() else ('draft',)
        if not self.env.su and any(plan.state not in open_to for plan in self):
            raise UserError(
                self.env._('This plan is no longer a draft. Take it back to draft to change it.')
            )
        if 'state' in vals:
            self.flush_recordset()  # what follows from the terms, before the state closes them
        return super().write(vals)

    def _refuse_decided(self, vals):
        if not self.env.su and self._DECIDED & vals.keys():
            raise AccessError(
                self.env._('The steps of a plan decide this; it cannot be edited directly.')
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(plan.state not in ('draft', 'cancelled') or plan.signed_on for plan in self):
            raise UserError(self.env._('Only a draft can be deleted; cancel the plan instead.'))

    # === SMALL HELPERS === #

    def _remind(self, sentences):
        """Give the collectors of the cases a task, in one batch.

        :param dict sentences: {plan: what it is about}
        """
        self.env['cobranza.case']._schedule(
            [
                {
                    'case': plan.case_id,
                    'date': self._today(),
                    'summary': sentence,
                    'type': 'mail.mail_activity_data_todo',
                    'user': plan.case_id.user_id or plan.sudo().user_id,
                }
                for plan, sentence in sentences.items()
            ]
        )

    def _describe(self):
        """Return one line: how far the plan is and what comes next."""
        self.ensure_one()
        if not self.next_date:
            return self.env._(
                'Plan %(paid)s/%(count)s', paid=self.paid_count, count=self.payment_count
            )
        return self.env._(
            'Plan %(paid)s/%(count)s, next instalment %(amount)s on %(day)s',
            paid=self.paid_count,
            count=self.payment_count,
            amount=format_amount(self.env, self.next_amount, self.currency_id),
            day=format_date(self.env, self.next_date),
        )

    def _render_items(self):
        """Return the table of the items as they were, less what was paid or credited before the plan."""
        self.ensure_one()
        lines = self.line_ids.sorted('date_maturity')
        before = self.amount_items - sum(lines.mapped('amount_currency'))

        def money(amount):
            return format_amount(self.env, amount, self.currency_id)

        return self.env['ir.qweb']._render(
            'cobranza_management.plan_items',
            {
                'rows': [
                    {
                        'amount': money(line.amount_currency),
                        'due': format_date(self.env, line.date_maturity or line.date),
                        'name': line.cobranza_document,
                    }
                    for line in lines
                ],
                'before': not self.currency_id.is_zero(before) and money(before),
                'total': money(self.amount_items),
            },
            minimal_qcontext=True,
        )

    @api.model
    def _sql_holds(self, line_id):
        """Return the SELECT of the plans that keep an item from being chased although nothing is promised any more.

        A plan paid in full waits for the credit note of its discount, and so may the rest of its interest.
        """
        return SQL(
            """
            SELECT FROM cobranza_promise_item_rel promised
              JOIN cobranza_promise instalment ON instalment.id = promised.promise_id
              JOIN cobranza_plan plan ON plan.id = instalment.plan_id
             WHERE promised.line_id = %s AND plan.state = 'completed' AND plan.discount_pending
            """,
            line_id,
            to_flush=[
                *(self._fields[name] for name in ('discount_pending', 'state')),
                *(self.env['cobranza.promise']._fields[name] for name in ('line_ids', 'plan_id')),
            ],
        )
