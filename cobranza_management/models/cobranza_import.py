import base64

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.import_columns import NEEDED, find_header, recognise
from ..tools.import_table import TableError, read_table

#: Imports up to this many documents are booked while the person waits.
AT_ONCE = 200
#: What people choose; the rest is decided by the import itself.
CHOSEN = {
    'account_id', 'column_ids', 'company_id', 'credits', 'date', 'date_order', 'decimal_mark', 'file', 'journal_id',
    'name', 'receivable_id',
}  # fmt: skip


class CobranzaImport(models.Model):
    """The opening portfolio of a company, from a spreadsheet to posted entries.

    File → columns → preview → entries. Nothing is written to the books before the preview was seen.
    """

    _name = 'cobranza.import'
    _inherit = ['cobranza.decided.mixin']
    _description = 'Opening Portfolio'
    _order = 'id desc'
    _check_company_auto = True

    #: Where it stands; `CHOSEN` says what people choose.
    _DECIDED = frozenset(('header_row', 'row_ids', 'state', 'user_id'))

    name = fields.Char(string='File Name')
    company_id = fields.Many2one(
        'res.company', required=True, default=lambda self: self.env.company, readonly=True
    )
    currency_id = fields.Many2one(related='company_id.currency_id')
    user_id = fields.Many2one(
        'res.users', string='Imported By', default=lambda self: self.env.user, readonly=True
    )
    file = fields.Binary(string='Excel or CSV File')
    state = fields.Selection(
        [
            ('file', 'File'),
            ('columns', 'Columns'),
            ('preview', 'Preview'),
            ('running', 'Importing'),
            ('done', 'Imported'),
        ],
        string='Status',
        default='file',
        required=True,
        readonly=True,
    )
    # === HOW TO READ IT === #
    column_ids = fields.One2many(
        comodel_name='cobranza.import.column', inverse_name='import_id', string='Columns'
    )
    header_row = fields.Integer(readonly=True)
    decimal_mark = fields.Selection(
        [('auto', 'Find out'), (',', '1.234,50'), ('.', '1,234.50')],
        string='Numbers',
        default='auto',
        required=True,
    )
    date_order = fields.Selection(
        [('auto', 'Find out'), ('dmy', 'Day first (31/12)'), ('mdy', 'Month first (12/31)')],
        string='Dates',
        default='auto',
        required=True,
    )
    credits = fields.Boolean(
        string='Negative Balances Are Credits',
        default=True,
        help='They are booked as unapplied credit of the customer. Otherwise they are mistakes.',
    )
    # === HOW TO BOOK IT === #
    date = fields.Date(
        string='Opening Date',
        required=True,
        default=fields.Date.context_today,
        help='Accounting date of the entries. The documents keep their own issue and due dates.',
    )
    journal_id = fields.Many2one(
        'account.journal',
        domain="[('type', '=', 'general')]",
        check_company=True,
        default=lambda self: self._default_journal(),
    )
    account_id = fields.Many2one(
        'account.account',
        string='Counterpart Account',
        domain="[('account_type', 'not in', ('asset_receivable', 'liability_payable', 'off_balance'))]",
        check_company=True,
        default=lambda self: self._last().account_id,
        help='Opening balances account: the other side of every entry.',
    )
    receivable_id = fields.Many2one(
        'account.account',
        string='Receivable Account',
        domain="[('account_type', '=', 'asset_receivable')]",
        check_company=True,
        help="Empty: each customer's own.",
    )
    # === WHAT CAME OF IT === #
    row_ids = fields.One2many(
        comodel_name='cobranza.import.row', inverse_name='import_id', string='Rows'
    )
    total_count = fields.Integer(compute='_compute_counts', string='Documents')
    new_count = fields.Integer(compute='_compute_counts', string='New')
    known_count = fields.Integer(compute='_compute_counts', string='Already in Odoo')
    changed_count = fields.Integer(compute='_compute_counts', string='Different in Odoo')
    error_count = fields.Integer(compute='_compute_counts', string='With Errors')
    booked_count = fields.Integer(compute='_compute_counts', string='Imported')
    progress = fields.Integer(compute='_compute_counts')
    summary = fields.Html(compute='_compute_summary', sanitize=False)
    is_complete = fields.Boolean(
        compute='_compute_is_complete', help='Every column that is needed is there.'
    )

    # === DEFAULTS === #

    @api.model
    def _last(self):
        return self.search([('company_id', '=', self.env.company.id)], limit=1)

    @api.model
    def _default_journal(self):
        return self._last().journal_id or self.env['account.journal'].search(
            [('type', '=', 'general'), ('company_id', '=', self.env.company.id)], limit=1
        )

    # === COMPUTE === #

    @api.depends('row_ids.state')
    def _compute_counts(self):
        counts = {
            (record, state): count
            for record, state, count in self.env['cobranza.import.row']._read_group(
                [('import_id', 'in', self.ids)], ['import_id', 'state'], ['__count']
            )
        }
        for record in self:
            new, known, nothing, changed, error, booked = (
                counts.get((record, state), 0)
                for state in ('new', 'known', 'nothing', 'changed', 'error', 'booked')
            )
            record.new_count, record.known_count, record.changed_count = new, known, changed
            record.error_count, record.booked_count = error, booked
            record.total_count = new + known + nothing + changed + error + booked
            to_do = new + booked
            record.progress = 100 * booked // to_do if to_do else 0

    @api.depends('row_ids.state', 'state')
    def _compute_summary(self):
        for record in self:
            record.summary = (
                self.env['ir.qweb']._render(
                    'cobranza_management.import_summary', record._summary_values()
                )
                if record.row_ids
                else False
            )

    @api.depends('column_ids.meaning')
    def _compute_is_complete(self):
        for record in self:
            record.is_complete = not record._missing_columns()

    def _missing_columns(self):
        """Return the meanings that no column has and the import cannot do without."""
        given = set(self.column_ids.mapped('meaning'))
        alternatives = {'balance': {'balance', 'amount'}, 'name': {'name', 'vat', 'reference'}}
        return [field for field in NEEDED if not given & alternatives.get(field, {field})]

    # === GUARDS === #

    def write(self, vals):
        """Keep what the import decides out of people's hands, by RPC too."""
        if not self.env.su and not vals.keys() <= CHOSEN - {'company_id'}:
            raise AccessError(self.env._('The import itself decides this; it cannot be edited.'))
        if not self.env.su and any(record.state in ('running', 'done') for record in self):
            raise UserError(self.env._('This portfolio was imported; start another import.'))
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        """Start every import at its beginning, whatever a caller sends."""
        if not self.env.su:
            vals_list = [{k: v for k, v in vals.items() if k in CHOSEN} for vals in vals_list]
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        if any(record.state == 'running' or record.booked_count for record in self):
            raise UserError(
                self.env._('An import with entries in the books is part of the record and stays.')
            )

    # === FILE → COLUMNS === #

    def action_read(self):
        """Read the file and recognise its columns."""
        self.ensure_one()
        rows = self._read_rows()
        header = find_header([row.cells for row in rows])
        titles = rows[header].cells
        meanings = recognise([title if isinstance(title, str) else '' for title in titles])
        width = max(len(row.cells) for row in rows)
        below = rows[header + 1 :]
        if not below:
            raise UserError(self.env._('The file has titles and no rows below them.'))
        self._decided().write(
            {
                'column_ids': [
                    Command.clear(),
                    *(
                        Command.create(self._column_values(at, titles, below, meanings))
                        for at in range(width)
                        if any(at < len(row.cells) and row.cells[at] is not None for row in below)
                        or (at < len(titles) and titles[at])
                    ),
                ],
                'header_row': rows[header].number,
                'state': 'columns',
            }
        )
        return True

    def _column_values(self, at, titles, rows, meanings):
        """Return the values of the column at a position, with its first examples."""
        cells = (row.cells[at] for row in rows[:50] if at < len(row.cells))
        examples = [str(cell) for cell in cells if cell not in (None, '')]
        examples = [text.removesuffix(' 00:00:00') for text in examples]
        return {
            'position': at,
            'title': str(titles[at] or '') if at < len(titles) else '',
            'example': ' · '.join(list(dict.fromkeys(examples))[:3]),
            'meaning': meanings.get(at, False),
        }

    def _read_rows(self):
        """Return the rows of the file; UserError in plain words when it is none."""
        if not self.file:
            raise UserError(self.env._('Choose a file first.'))
        try:
            return read_table(base64.b64decode(self.with_context(bin_size=False).file))
        except TableError as error:
            raise UserError(self._table_problems()[error.code]) from error

    def _table_problems(self):
        return {
            'broken': self.env._('The file is damaged. Open it, save it again and try once more.'),
            'empty': self.env._('The file is empty.'),
            'not_a_table': self.env._('This is no table. Save it as Excel (.xlsx) or CSV.'),
            'old_excel': self.env._('This is an old Excel file. Save it as .xlsx or CSV.'),
            'too_large': self.env._('The file is too large. Split it in several.'),
            'too_many_rows': self.env._(
                'The file has too many rows (20 000 at most). Split it in several.'
            ),
        }

    def _decided(self):
        """Return the import as the system writes it, after making sure the person may work on it."""
        self.check_access('write')
        if self.state in ('running', 'done'):
            raise UserError(self.env._('This portfolio was imported; start another import.'))
        return self.sudo()

    # === COLUMNS → PREVIEW === #

    def action_check(self):
        """Read every row and say what would be imported, what is there already, and what is wrong."""
        self.ensure_one()
        missing = self._missing_columns()
        if missing:
            labels = dict(self.env['cobranza.import.column']._meanings())
            raise UserError(
                self.env._(
                    'Say which column holds: %s.', ', '.join(labels[name] for name in missing)
                )
            )
        self._decided()._preview()
        return True

    def action_back(self):
        """Go back to the columns; the preview is thrown away."""
        self.ensure_one()
        imported = self._decided()
        imported.row_ids.unlink()
        imported.state = 'columns'
        return True

    # === PREVIEW → ENTRIES === #

    def action_book(self):
        """Import the good rows: at once when they are few, else in the background."""
        self.ensure_one()
        imported = self._decided()
        self._check_may_book()
        imported._refresh_matches()
        imported.write({'state': 'running', 'user_id': self.env.user.id})
        if imported.new_count <= AT_ONCE:
            imported._book_all()
        else:
            self.env.ref('cobranza_management.ir_cron_import').sudo()._trigger()
        return True

    def _check_may_book(self):
        """Require the rights of an accountant: what is imported is posted."""
        if not self.env.user.has_group('account.group_account_invoice'):
            raise AccessError(
                self.env._(
                    'Importing posts journal entries: ask somebody with invoicing rights to press this button.'
                )
            )
        if self.state != 'preview':
            raise UserError(self.env._('Check the rows first.'))
        if not self.journal_id or not self.account_id:
            raise UserError(self.env._('Choose the journal and the counterpart account first.'))
        if self.row_ids.filtered(lambda row: row.state == 'new' and not row.partner_id):
            self.env['res.partner'].check_access('create')

    def action_view_entries(self):
        """Open the entries of this import."""
        self.ensure_one()
        return self.row_ids.move_id._get_records_action(name=self.env._('Opening Entries'))

    def action_download_problems(self):
        """Download the rows that were not imported, with their reasons."""
        self.ensure_one()
        return {'type': 'ir.actions.act_url', 'url': f'/cobranza/import/{self.id}/problems'}

    def action_download_template(self):
        """Download the file to fill in."""
        return {'type': 'ir.actions.act_url', 'url': '/cobranza/import/template'}
