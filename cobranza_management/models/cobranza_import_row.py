from odoo import api, fields, models


class CobranzaImportColumn(models.Model):
    """A column of the file and what it means."""

    _name = 'cobranza.import.column'
    _description = 'Column of an Opening Portfolio'
    _order = 'position, id'

    import_id = fields.Many2one('cobranza.import', required=True, index=True, ondelete='cascade')
    position = fields.Integer(readonly=True)
    title = fields.Char(string='Column', readonly=True)
    example = fields.Char(string='Examples', readonly=True)
    meaning = fields.Selection(
        [
            ('vat', 'Tax ID'),
            ('reference', 'Customer code'),
            ('name', 'Customer'),
            ('email', 'E-mail'),
            ('phone', 'Phone'),
            ('country', 'Country'),
            ('number', 'Document number'),
            ('instalment', 'Instalment'),
            ('issue_date', 'Issue date'),
            ('due_date', 'Due date'),
            ('currency', 'Currency'),
            ('amount', 'Original amount'),
            ('balance', 'Open balance'),
            ('book_balance', 'Balance in company currency'),
            ('salesperson', 'Salesperson'),
            ('tag', 'Tag'),
        ],
        string='Means',
    )

    _once = models.UniqueIndex(
        '(import_id, meaning) WHERE meaning IS NOT NULL',
        'Two columns cannot mean the same.',
    )

    @api.model
    def _meanings(self):
        """Return the (code, label) pairs of what a column can mean; the labels are the template's titles."""
        return self._fields['meaning']._description_selection(self.env)

    def write(self, vals):
        """Only the meaning is a person's choice."""
        return super().write(
            vals if self.env.su else {k: v for k, v in vals.items() if k == 'meaning'}
        )


class CobranzaImportRow(models.Model):
    """A row of the file: the document it describes, and what becomes of it."""

    _name = 'cobranza.import.row'
    _description = 'Row of an Opening Portfolio'
    _order = 'is_problem desc, number, id'
    _rec_name = 'document'

    import_id = fields.Many2one('cobranza.import', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='import_id.company_id')
    number = fields.Integer(string='Row')
    state = fields.Selection(
        [
            ('error', 'Error'),
            ('changed', 'Different'),
            ('new', 'New'),
            ('known', 'Already there'),
            ('nothing', 'Nothing open'),
            ('booked', 'Imported'),
        ],
        string='Status',
        required=True,
        index=True,
    )
    is_problem = fields.Boolean(compute='_compute_is_problem', store=True)
    reason = fields.Char()
    note = fields.Char(help='What was left out, though the document can be imported.')
    # === CUSTOMER === #
    customer_key = fields.Char(help='What tells the customer from others of the file.')
    partner_id = fields.Many2one('res.partner', string='Customer in Odoo', ondelete='set null')
    customer_is_new = fields.Boolean(string='New Customer')
    vat = fields.Char(string='Tax ID')
    reference = fields.Char(string='Customer Code')
    name = fields.Char(string='Customer')
    email = fields.Char()
    phone = fields.Char()
    country_id = fields.Many2one('res.country')
    salesperson_id = fields.Many2one('res.users')
    tag = fields.Char()
    # === DOCUMENT === #
    document = fields.Char()
    instalment = fields.Char()
    issue_date = fields.Date()
    due_date = fields.Date()
    currency_id = fields.Many2one('res.currency')
    company_currency_id = fields.Many2one(
        related='import_id.currency_id', string='Company Currency'
    )
    amount = fields.Monetary(string='Original Amount')
    balance = fields.Monetary(string='Open Balance')
    has_book_balance = fields.Boolean()
    book_balance = fields.Monetary(
        string='In Company Currency', currency_field='company_currency_id'
    )
    move_id = fields.Many2one(
        'account.move', string='Entry', ondelete='set null', index='btree_not_null'
    )

    @api.depends('state', 'reason')
    def _compute_is_problem(self):
        for row in self:
            row.is_problem = row.state in ('error', 'changed') or bool(row.reason)
