from odoo import api, fields, models


class CobranzaHandoffReportRow(models.TransientModel):
    """A row of an agency's report: which case, what it changes, or what is wrong with it."""

    _name = 'cobranza.handoff.report.row'
    _description = "Row of an Agency's Report"
    _order = 'is_error desc, number, id'

    wizard_id = fields.Many2one('cobranza.handoff.report.wizard', required=True, ondelete='cascade')
    number = fields.Integer(string='Row')
    text = fields.Char(string='In the File')
    state = fields.Selection(
        [('error', 'Error'), ('change', 'Will change'), ('same', 'Already known')],
        string='Status',
    )
    is_error = fields.Boolean(compute='_compute_is_error', store=True)
    reason = fields.Char()
    line_id = fields.Many2one('cobranza.handoff.line', string='Case')
    item_id = fields.Many2one('cobranza.handoff.item', string='Document Handed Over')
    document = fields.Char(related='item_id.line_id.cobranza_document')
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')
    has_amount = fields.Boolean()
    collected = fields.Monetary()
    recovered = fields.Monetary(related='line_id.recovered', string='In the Ledger')
    agency_status = fields.Selection(
        selection=lambda self: (
            self.env['cobranza.handoff.line']
            ._fields['agency_status']
            ._description_selection(self.env)
        ),
        string='Agency Says',
    )
    agency_note = fields.Char(string='Details')
    returned = fields.Boolean(string='Given Back')

    @api.depends('item_id', 'line_id')
    def _compute_currency_id(self):
        for row in self:
            row.currency_id = row.item_id.currency_id or row.line_id.currency_id

    @api.depends('state')
    def _compute_is_error(self):
        for row in self:
            row.is_error = row.state == 'error'

    def _judge(self):
        """Say of each row what it would do now."""
        for row in self:
            news = row._news() or row._comes_back()
            if news and row.line_id.state == 'returned':
                row.reason = row.reason or self.env._('This case was taken back')
            row.state = 'error' if row.reason else 'change' if news else 'same'

    def _comes_back(self):
        return self.returned and self.line_id.state == 'handed'

    def _news(self):
        """Return {field of the case or document: value} of what the row says and is not known yet."""
        line, news = self.line_id, {}
        if not line:
            return news
        if self.has_amount:
            known = (self.item_id or line).reported_amount
            if self.currency_id.compare_amounts(known, self.collected):
                news['reported_amount'] = self.collected
        if self.agency_status and self.agency_status != line.agency_status:
            news['agency_status'] = self.agency_status
        if self.agency_note and self.agency_note != line.agency_note:
            news['agency_note'] = self.agency_note
        return news

    def _apply(self):
        """Write what is new, case by case; what the agency gives back is taken back."""
        for line, rows in self.grouped('line_id').items():
            values, documents = {}, {}
            for row in rows:
                news = row._news()
                if row.item_id and 'reported_amount' in news:
                    documents[row.item_id] = news.pop('reported_amount')
                values |= news
            line._apply_report(values, documents)
        for reason, rows in (
            self.filtered(lambda row: row._comes_back()).grouped(_reason_of).items()
        ):
            rows.line_id._take_back(reason)


def _reason_of(row):
    """Return why the case of a row comes back."""
    if row.line_id.is_paid:
        return 'paid'
    hopeless = row.line_id.agency_status in ('uncollectable', 'unreachable')
    return 'uncollectable' if hopeless else 'given_back'
