from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL


class CobranzaPromise(models.Model):
    """A promise to pay. While it is live, its items are left alone; the ledger says what became of it."""

    _name = 'cobranza.promise'
    _inherit = ['cobranza.expression.mixin', 'cobranza.decided.mixin', 'cobranza.columns.mixin']
    _description = 'Promise to Pay'
    _order = 'date desc, id desc'

    #: States in which the debtor is still believed.
    _LIVE = ('review', 'open')
    #: States of a promise that was not kept, in part or at all.
    _BROKEN = ('partial', 'broken')
    #: States of a promise whose day has come.
    _JUDGED = ('kept', 'late', 'partial', 'broken')
    #: What the ledger, the policy, plans and the daily cycle decide; no one writes it by RPC.
    _DECIDED = frozenset(
        ('state', 'cancel_reason', 'replaced_by_id', 'paid_amount', 'paid_on', 'awaits_payment',
         'spared_until', 'review_reason', 'alert', 'alert_activity_id', 'plan_id', 'plan_number')
    )  # fmt: skip
    #: What was promised: written once; a supervisor corrects it, a collector takes a new promise.
    _TERMS = frozenset(('amount', 'case_id', 'currency_id', 'date', 'line_ids', 'source'))
    #: Who took it, when, and how patient the house is: given by default, corrected by a supervisor.
    _RECORD = frozenset(('grace_days', 'taken_on', 'user_id'))

    case_id = fields.Many2one('cobranza.case', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='case_id.company_id', store=True)
    partner_id = fields.Many2one(related='case_id.partner_id', store=True)
    currency_id = fields.Many2one(
        'res.currency', required=True, default=lambda self: self.env.company.currency_id
    )
    amount = fields.Monetary(required=True)
    date = fields.Date(required=True, index=True, help='The day the customer will pay.')
    grace_days = fields.Integer(
        default=2, help='Days after it during which the customer is still left alone.'
    )
    deadline = fields.Date(
        compute='_compute_deadline',
        store=True,
        precompute=True,
        help='Last day on which a payment keeps the promise: its day and the grace.',
    )
    taken_on = fields.Date(
        required=True,
        default=lambda self: self.env.company._cobranza_today(),
        help='The day the customer gave it. Payments dated before are not counted.',
    )
    line_ids = fields.Many2many(
        'account.move.line',
        'cobranza_promise_item_rel',
        'promise_id',
        'line_id',
        string='Items',
        help='The items promised; they leave the ladder while the promise is live.',
    )
    source = fields.Selection(
        [('collector', 'Collector'), ('portal', 'Portal'), ('message', 'Message')],
        default='collector',
        required=True,
    )
    state = fields.Selection(
        [
            ('review', 'To Approve'),
            ('open', 'Open'),
            ('kept', 'Kept'),
            ('late', 'Paid Late'),
            ('partial', 'Paid in Part'),
            ('broken', 'Broken'),
            ('cancelled', 'Cancelled'),
        ],
        default='open',
        required=True,
        index=True,
        help='Kept: paid in full by its day, grace included. Paid late: in full, after it. Paid in part and broken: the'
        ' day and its grace passed with a part paid, or nothing.',
    )
    cancel_reason = fields.Selection(
        [
            ('withdrawn', 'Withdrawn'),
            ('replaced', 'Renegotiated'),
            ('refused', 'Not approved'),
            ('settled', 'Nothing left to pay'),
        ],
        string='Why Cancelled',
        readonly=True,
        help='Nothing left to pay: credit notes or older payments settled its items.',
    )
    replaced_by_id = fields.Many2one(
        'cobranza.promise', readonly=True, index='btree_not_null', ondelete='set null'
    )
    paid_amount = fields.Monetary(
        string='Paid',
        readonly=True,
        help='Payments of its items since it was taken, each counted for one promise only.',
    )
    paid_on = fields.Date(string='Paid in Full On', readonly=True)
    company_currency_id = fields.Many2one(
        related='company_id.currency_id', string='Company Currency'
    )
    amount_company = fields.Monetary(
        string='Amount in Company Currency',
        compute='_compute_amount_company',
        store=True,
        currency_field='company_currency_id',
        help='At the rate of the day it was taken.',
    )
    awaits_payment = fields.Boolean(
        string='Payment to Apply',
        readonly=True,
        help='Its day has passed, but money of this customer arrived that nobody has applied yet.',
    )
    spared_until = fields.Date(
        readonly=True,
        help='Last day on which it can still be kept, when a dispute has put that off.',
    )
    user_id = fields.Many2one('res.users', default=lambda self: self.env.user, string='Taken By')

    _positive_amount = models.Constraint(
        'CHECK(amount > 0)', 'A promise needs an amount above zero.'
    )
    # The daily cycle reads the live promises of a company.
    _live_idx = models.Index("(company_id, deadline) WHERE state IN ('review', 'open')")

    @api.depends('date', 'grace_days')
    def _compute_deadline(self):
        for promise in self:
            promise.deadline = promise.date and fields.Date.add(
                promise.date, days=promise.grace_days
            )

    @api.depends('amount', 'currency_id', 'company_id', 'taken_on')
    def _compute_amount_company(self):
        for promise in self:
            promise.amount_company = promise.currency_id._convert(
                promise.amount, promise.company_currency_id, promise.company_id, promise.taken_on
            )

    # === WHAT IT COVERS === #

    @api.constrains('line_ids', 'case_id', 'currency_id')
    def _check_items(self):
        for promise in self:
            lines = promise.line_ids
            if lines.partner_id - promise.partner_id or lines.company_id - promise.company_id:
                raise ValidationError(
                    self.env._('A promise can only cover items of %s.', promise.partner_id.name)
                )
            currency = promise.currency_id
            if currency != promise.company_id.currency_id and lines.currency_id - currency:
                raise ValidationError(
                    self.env._(
                        'A promise in %s can only cover items in that currency.', currency.name
                    )
                )

    def _default_items(self):
        """Return the open claims in the promise's currency; for lack of them, all, in company currency."""
        self.ensure_one()
        nets = self.case_id._net_amounts()
        claims = self.case_id.item_ids.filtered(lambda item: item.id in nets)
        own = claims.filtered(lambda item: item.currency_id == self.currency_id)
        in_company_currency = self.currency_id == self.company_id.currency_id
        return own or (claims if in_company_currency else own)

    @api.model
    def _sql_live_of(self, line_id, today):
        """Return the SELECT of the live promises of an item: not judged yet, and such that they can still be kept.

        That is until their last day, and after it while money that arrived waits to be applied.

        :param SQL line_id: expression for the item's id
        """
        return SQL(
            """
            SELECT FROM cobranza_promise_item_rel promised
              JOIN cobranza_promise promise ON promise.id = promised.promise_id
             WHERE promised.line_id = %s AND promise.state IN %s
               AND (GREATEST(promise.deadline, promise.spared_until) >= %s OR promise.awaits_payment)
            """,
            line_id,
            self._LIVE,
            today,
            to_flush=[
                self._fields[name]
                for name in ('awaits_payment', 'deadline', 'line_ids', 'spared_until', 'state')
            ],
        )

    def _rest_in(self, currency):
        """Return what a promise still lacks, in a currency, at the rate of the day it was taken."""
        self.ensure_one()
        return self.currency_id._convert(
            max(0.0, self.amount - self.paid_amount), currency, self.company_id, self.taken_on
        )

    # === GUARDS === #

    @api.model
    def _closed_to_defaults(self):
        return super()._closed_to_defaults() | self._RECORD

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._refuse_decided({name for vals in vals_list for name in vals}, self._RECORD)
        promises = super().create(vals_list)
        for promise in promises.filtered(lambda promise: not promise.line_ids):
            promise.sudo().line_ids = promise._default_items()
        return promises

    def write(self, vals):
        """Keep what the ledger decides, and what was once promised, out of people's hands, by RPC too."""
        terms = (self._TERMS | self._RECORD) & vals.keys()
        if not self.env.su:
            self._refuse_decided(vals.keys(), terms)
            if terms and any(promise.state not in self._LIVE for promise in self):
                raise UserError(self.env._('What became of this promise is on record already.'))
        result = super().write(vals)
        if terms and not self.env.su:
            self._judge_cases(self.case_id)
        return result

    def _refuse_decided(self, names, supervised):
        """Raise AccessError for fields nobody writes, and for those that only supervisors do."""
        if self._DECIDED & set(names):
            raise AccessError(
                self.env._('Payments decide what becomes of a promise; it cannot be edited.')
            )
        if supervised & set(names) and not self._is_supervisor():
            raise AccessError(
                self.env._('Only a supervisor changes a promise. Take a new one instead.')
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_judged(self):
        """Keep the record of what became of promises; the kept rate is counted from it."""
        if any(promise.state not in self._LIVE for promise in self):
            raise UserError(
                self.env._('What became of a promise is part of the record and cannot be deleted.')
            )

    def _is_supervisor(self):
        """Tell whether the user decides beyond the policy; the robot that runs the jobs does not."""
        user = self.env.user
        robot = user == self.env.ref('base.user_root')
        return not robot and user.has_group('cobranza_management.group_supervisor')

    # === ENDING === #

    def action_cancel(self):
        """Withdraw the promise; its items are chased again."""
        self.check_access('write')
        if any(state not in self._LIVE for state in self.mapped('state')):
            raise UserError(self.env._('Only a promise that is still open can be withdrawn.'))
        self._cancel('withdrawn')

    def _cancel(self, reason, replaced_by=None):
        """Take live promises off the debtor's account; what was paid counts for the others."""
        promises_sudo = self.sudo().filtered(lambda promise: promise.state in self._LIVE)
        changes = {promise: (promise.state, 'cancelled') for promise in promises_sudo}
        promises_sudo.write(
            {
                'state': 'cancelled',
                'cancel_reason': reason,
                'replaced_by_id': replaced_by.id if replaced_by else False,
                'awaits_payment': False,
            }
        )
        if changes:
            self._on_judged(changes)
            self._judge_cases(promises_sudo.case_id)
