from odoo import Command, api, fields, models
from odoo.exceptions import AccessError

#: More opening items than this are taken or left as a whole.
MOST_ITEMS = 200


class CobranzaSetup(models.TransientModel):
    """The set-up assistant: from nothing to a first cycle in under ten minutes."""

    _name = 'cobranza.setup'
    _description = 'Collections Set-up'

    company_id = fields.Many2one(
        'res.company', required=True, default=lambda self: self.env.company, readonly=True
    )
    currency_id = fields.Many2one(related='company_id.currency_id')
    strategy_id = fields.Many2one(
        'cobranza.strategy',
        required=True,
        domain="[('company_id', 'in', (False, company_id))]",
        default=lambda self: self._default_strategy(),
        help='What to do and when. You can change every step later.',
    )
    strategy_timeline = fields.Json(related='strategy_id.timeline')
    strategy_description = fields.Text(related='strategy_id.description')
    bucket_bar = fields.Json(compute='_compute_bucket_bar')
    email_from = fields.Char(
        string='Messages Come From',
        default=lambda self: (
            self.env.company.cobranza_email_from or self.env.company.email_formatted
        ),
    )
    signature = fields.Html(default=lambda self: self._default_signature())
    how_to_pay = fields.Html(default=lambda self: self._default_how_to_pay())
    review = fields.Boolean(
        string='Approve Messages Before They Leave',
        default=lambda self: self.env.company.cobranza_review,
    )
    minimum_amount = fields.Monetary(
        string='Smallest Claim', default=lambda self: self.env.company.cobranza_minimum_amount
    )
    user_ids = fields.Many2many(
        'res.users',
        string='Collectors',
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        default=lambda self: self._default_users(),
    )
    supervisor_id = fields.Many2one(
        'res.users',
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        default=lambda self: self._default_supervisor(),
    )
    opening_count = fields.Integer(compute='_compute_opening')
    opening_amount = fields.Monetary(compute='_compute_opening')
    opening_choice = fields.Selection(
        [('all', 'Follow all of them up'), ('some', 'Let me choose'), ('none', 'Leave them out')],
        default='all',
        required=True,
    )
    opening_ids = fields.One2many(
        comodel_name='cobranza.setup.item',
        inverse_name='setup_id',
        compute='_compute_opening_ids',
        store=True,
        readonly=False,
    )

    # === DEFAULTS === #

    @api.model
    def _default_strategy(self):
        company = self.env.company
        return company.cobranza_strategy_id or self.env['cobranza.strategy'].search(
            [('company_id', 'in', (False, company.id))], limit=1
        )

    @api.model
    def _default_team(self):
        return self.env['cobranza.team'].search([('company_id', '=', self.env.company.id)], limit=1)

    @api.model
    def _default_users(self):
        return self._default_team().member_ids.user_id or self.env.user

    @api.model
    def _default_supervisor(self):
        return self._default_team().supervisor_id or self.env.user

    @api.model
    def _default_signature(self):
        company = self.env.company
        return company.cobranza_signature or self.env['ir.qweb']._render(
            'cobranza_management.setup_signature', {'company': company, 'user': self.env.user}
        )

    @api.model
    def _default_how_to_pay(self):
        company = self.env.company
        return company.cobranza_how_to_pay or self.env['ir.qweb']._render(
            'cobranza_management.setup_how_to_pay', {'banks': company.partner_id.bank_ids}
        )

    # === COMPUTE === #

    @api.depends('company_id')
    def _compute_bucket_bar(self):
        """Show the company's buckets as the bar the board draws, equal shares."""
        for setup in self:
            buckets = setup.company_id._aging_buckets()
            setup.bucket_bar = [
                {
                    'amount': '',
                    'color': bucket.color,
                    'level': level,
                    'name': bucket.name,
                    'share': 100 / len(buckets),
                }
                for level, bucket in enumerate(buckets, start=1)
            ]

    @api.depends('company_id')
    def _compute_opening(self):
        for setup in self:
            items = setup.company_id._cobranza_opening_items()
            setup.opening_count = len(items)
            setup.opening_amount = sum(items.mapped('amount_residual'))

    @api.depends('company_id', 'opening_choice')
    def _compute_opening_ids(self):
        """List the items when they are to be chosen one by one."""
        for setup in self:
            items = setup.company_id._cobranza_opening_items()
            chosen = setup.opening_choice == 'some' and len(items) <= MOST_ITEMS
            setup.opening_ids = [Command.clear()] + [
                Command.create({'line_id': item.id, 'included': True}) for item in items if chosen
            ]

    # === ACTIONS === #

    def action_start(self):
        """Start collecting and show the first cycle."""
        self.ensure_one()
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._('You do not work for this company.'))
        run = self.company_id._cobranza_start(
            self._settings(), self.supervisor_id, self.user_ids, self._opening_items()
        )
        return run._get_records_action(name=self.env._('First Cycle'), target='main')

    def _settings(self):
        """Return the company settings that were chosen."""
        return {
            'cobranza_email_from': self.email_from,
            'cobranza_how_to_pay': self.how_to_pay,
            'cobranza_minimum_amount': self.minimum_amount,
            'cobranza_review': self.review,
            'cobranza_signature': self.signature,
            'cobranza_strategy_id': self.strategy_id.id,
        }

    def _opening_items(self):
        """Return the opening items to follow up."""
        if self.opening_choice == 'some':
            chosen = self.opening_ids.filtered('included').line_id
            return chosen & self.company_id._cobranza_opening_items()
        if self.opening_choice == 'all':
            return self.company_id._cobranza_opening_items()
        return self.env['account.move.line']


class CobranzaSetupItem(models.TransientModel):
    """An opening balance, to be followed up or not."""

    _name = 'cobranza.setup.item'
    _description = 'Opening Balance'

    setup_id = fields.Many2one('cobranza.setup', required=True, ondelete='cascade')
    included = fields.Boolean(string='Follow Up', default=True)
    line_id = fields.Many2one('account.move.line', required=True, ondelete='cascade')
    partner_id = fields.Many2one(related='line_id.partner_id')
    move_name = fields.Char(related='line_id.move_name', string='Entry')
    date_maturity = fields.Date(related='line_id.date_maturity', string='Due Date')
    currency_id = fields.Many2one(related='line_id.company_currency_id')
    amount_residual = fields.Monetary(related='line_id.amount_residual', string='Open')
