import base64
from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools.agency_report import read_report
from ..tools.import_table import TableError, read_sheets

#: What tells a case from others, the surest first.
KINDS = ('reference', 'vat', 'document', 'debtor')


class CobranzaHandoffReportWizard(models.TransientModel):
    """Bring in the file in which an agency says what became of the cases it has.

    File → preview → hand-offs. The same file a second time changes nothing, and no money is booked.
    """

    _name = 'cobranza.handoff.report.wizard'
    _description = "Agency's Report"

    agency_id = fields.Many2one('cobranza.agency', required=True)
    file = fields.Binary(string='Excel or CSV File')
    name = fields.Char(string='File Name')
    decimal_mark = fields.Selection(
        selection=lambda self: (
            self.env['cobranza.import']._fields['decimal_mark']._description_selection(self.env)
        ),
        string='Numbers',
        default='auto',
        required=True,
    )
    sheet = fields.Char(readonly=True, help='Where the columns of a report were found.')
    row_ids = fields.One2many(
        comodel_name='cobranza.handoff.report.row', inverse_name='wizard_id', string='Rows'
    )
    change_count = fields.Integer(compute='_compute_counts', string='Will Change')
    same_count = fields.Integer(compute='_compute_counts', string='Already Known')
    error_count = fields.Integer(compute='_compute_counts', string='With Errors')

    @api.depends('row_ids.state')
    def _compute_counts(self):
        for wizard in self:
            states = wizard.row_ids.mapped('state')
            wizard.change_count = states.count('change')
            wizard.same_count = states.count('same')
            wizard.error_count = states.count('error')

    # === FILE → PREVIEW === #

    def action_check(self):
        """Read the file and say, row by row, what it would change."""
        self.ensure_one()
        self.env['cobranza.handoff']._check_may('supervisor')
        self.sheet, reports = self._read_file()
        self.row_ids = [Command.clear()]
        self.row_ids = [Command.create(values) for values in self._row_values(reports)]
        self.row_ids._judge()
        return {**self.agency_id._action_import_report(), 'res_id': self.id}

    def _read_file(self):
        """Return (name of the sheet, its reports) of the file; UserError in plain words when it is none."""
        if not self.file:
            raise UserError(self.env._('Choose a file first.'))
        Import, company = self.env['cobranza.import'], self.agency_id.company_id or self.env.company
        try:
            return read_report(
                read_sheets(base64.b64decode(self.with_context(bin_size=False).file)),
                '' if self.decimal_mark == 'auto' else self.decimal_mark,
                local_mark=Import._local_mark(),
                decimals=Import._decimals(company.currency_id),
            )
        except TableError as error:
            problems = {
                **self.env['cobranza.import']._table_problems(),
                'no_case': self.env._(
                    'No column says which case it is: reference, tax ID, debtor or document.'
                ),
                'no_news': self.env._(
                    'No column says anything new: collected, status, details or returned.'
                ),
            }
            raise UserError(problems[error.code]) from error

    def _row_values(self, reports):
        """Return the values of the rows, each with what it changes or what is wrong with it."""
        index, seen = self._index(), {}
        statuses = self._statuses()
        rows = []
        for report in reports:
            line, item, problems = self._find(index, report)
            twin = seen.setdefault((line, item), report.row) if line else report.row
            if twin != report.row:
                problems.append(self.env._('The same stands in row %s', twin))
            status, note = self._status_and_note(report, statuses)
            rows.append(
                {
                    'number': report.row,
                    'text': report.reference or report.debtor or report.vat or report.document,
                    'line_id': line.id,
                    'item_id': item.id,
                    'has_amount': report.collected is not None,
                    'collected': report.collected or 0.0,
                    'agency_status': status,
                    'agency_note': note,
                    'returned': report.returned,
                    'reason': '; '.join(problems),
                }
            )
        return rows

    def _statuses(self):
        """Return {word: status}: codes, and labels in the languages that are installed."""
        field = self.env['cobranza.handoff.line']._fields['agency_status']
        words = {code: code for code, _label in field._description_selection(self.env)}
        for lang, _name in self.env['res.lang'].get_installed():
            for code, label in field._description_selection(self.with_context(lang=lang).env):
                words[label.casefold()] = code
        return words

    def _status_and_note(self, report, statuses):
        """Return (status or False, details): words that are no status of ours are kept as details."""
        status = statuses.get(report.status.casefold(), False)
        own_words = '' if status else report.status
        return status, ' · '.join(filter(None, (own_words, report.note)))

    # === WHICH CASE === #

    def _index(self):
        """Return {(kind, word): lines}: what tells the cases of this agency from each other, in four queries."""
        lines = self.env['cobranza.handoff.line'].search(
            [('agency_id', '=', self.agency_id.id), ('state', 'in', ('handed', 'returned'))]
        )
        index = defaultdict(lambda: lines.browse())
        for line in lines:
            partner = line.partner_id
            words = {
                ('reference', _key(line.handoff_id._reference_of(line)['reference'])),
                ('reference', _key(f'C{line.case_id.id}')),
                ('vat', _key(partner.vat)),
                ('debtor', _key(partner.name)),
                *(('document', _key(item.line_id.cobranza_document)) for item in line.item_ids),
            }
            for kind, word in words:
                if word:
                    index[kind, word] |= line
        return index

    def _find(self, index, report):
        """Return (line, document or none, what is wrong in words)."""
        nothing = self.env['cobranza.handoff.line'], self.env['cobranza.handoff.item']
        problems = [self._explain(code, detail) for code, detail in report.problems]
        keys = ((kind, _key(getattr(report, kind))) for kind in KINDS)
        lines = next((index[key] for key in keys if key in index), nothing[0])
        # the same debtor may have been with the agency before
        line = lines.filtered(lambda one: one.state == 'handed') or lines[:1]
        if not line:
            unknown = self.env._('%s has no such case', self.agency_id.display_name)
            return *nothing, problems or [unknown]
        if len(line) > 1:
            return *nothing, [*problems, self.env._('Several cases are like this')]
        item = self._find_document(line, report) if report.document else nothing[1]
        if report.document and not item:
            problems.append(self.env._('%s was not handed over with this case', report.document))
        expected = (item or line).currency_id.name
        if report.collected and report.currency not in ('', expected):
            problems.append(self.env._('The amount has to be in %s', expected))
        return line, item, problems

    def _find_document(self, line, report):
        return line.item_ids.filtered(
            lambda item: _key(item.line_id.cobranza_document) == _key(report.document)
        )[:1]

    def _explain(self, code, detail):
        """Return what is wrong with a row in plain words."""
        return {
            'bad_amount': self.env._('"%s" is not an amount', detail),
            'bad_flag': self.env._('"%s" is neither yes nor no', detail),
            'negative': self.env._('The amount is negative'),
            'no_case': self.env._('Nothing says which case it is'),
            'unclear_amount': self.env._(
                '"%s" can be read in two ways: say under "Numbers" how the file writes them', detail
            ),
        }[code]

    # === PREVIEW → HAND-OFFS === #

    def action_apply(self):
        """Write down what is new; money that the ledger does not show becomes a task of the accountant."""
        self.ensure_one()
        self.env['cobranza.handoff']._check_may('supervisor')
        # somebody may have taken a case back, or imported the same file, since it was previewed
        self.row_ids._judge()
        changing = self.row_ids.filtered(lambda row: row.state == 'change')
        if not changing:
            raise UserError(self.env._('There is nothing new in this file.'))
        lines = changing.line_id
        lines.check_access('write')
        changing.sudo()._apply()
        lines.sudo()._ask_for_reported_money()
        self._keep_file(lines.handoff_id, len(lines))
        return {'type': 'ir.actions.act_window_close'}

    def _keep_file(self, handoffs, count):
        """Keep the file with the hand-offs it is about, as evidence of what the agency said."""
        content = base64.b64decode(self.with_context(bin_size=False).file)
        for handoff in handoffs:
            handoff.message_post(
                body=self.env._(
                    'Report of %(agency)s: %(count)s cases updated.',
                    agency=self.agency_id.display_name,
                    count=count,
                ),
                attachments=[(self.name or self.env._('report'), content)],
            )


def _key(word):
    """Return a word as it is compared: letters and digits."""
    return ''.join(letter for letter in str(word or '').casefold() if letter.isalnum())
