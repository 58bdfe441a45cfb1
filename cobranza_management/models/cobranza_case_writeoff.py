from odoo import api, fields, models
from odoo.tools import SQL

from .cobranza_writeoff_item import WAITING


class CobranzaCase(models.Model):
    """Write-offs of the debtor: what waits is not claimed, what is booked is no payment."""

    _inherit = 'cobranza.case'

    writeoff_ids = fields.One2many(
        comodel_name='cobranza.writeoff', inverse_name='case_id', string='Write-offs'
    )
    writeoff_count = fields.Integer(compute='_compute_writeoffs')
    amount_writeoff = fields.Monetary(
        string='To Be Written Off',
        compute='_compute_writeoffs',
        help='Proposed or approved, not booked yet; not claimed meanwhile.',
    )

    @api.depends('writeoff_ids.state', 'writeoff_ids.amount')
    def _compute_writeoffs(self):
        for case in self:
            waiting = case.writeoff_ids.filtered(lambda writeoff: writeoff.state in WAITING)
            case.writeoff_count = len(case.writeoff_ids)
            case.amount_writeoff = sum(waiting.mapped('amount'))

    @api.depends('writeoff_ids.item_ids.state', 'writeoff_ids.item_ids.amount')
    def _compute_totals(self):
        return super()._compute_totals()

    def _flush_ledger(self):
        self.env['cobranza.writeoff.item'].flush_model(['amount', 'line_id', 'state'])
        return super()._flush_ledger()

    def _propose_writeoff(self, amounts, values):
        """Propose to write items off, a proposal for each case.

        :param dict amounts: {account.move.line: amount in its currency}
        :param dict values: reason and note
        :return: cobranza.writeoff
        """
        self.check_access('write')
        writeoffs = self.env['cobranza.writeoff']
        for case in self:
            mine = {line: amount for line, amount in amounts.items() if line in case.item_ids}
            if mine:
                writeoffs |= writeoffs._propose(case, mine, values)
        return writeoffs

    def action_view_writeoffs(self):
        """Open the write-offs of the debtor."""
        return self._action_list(
            self.env._('Write-offs'), 'cobranza.writeoff', [('case_id', '=', self.id)]
        )


class AccountMoveLine(models.Model):
    """Items that wait for a decision say so."""

    _inherit = 'account.move.line'

    cobranza_writeoff_item_ids = fields.One2many(
        comodel_name='cobranza.writeoff.item',
        inverse_name='line_id',
        copy=False,
        groups='cobranza_management.group_collector,account.group_account_readonly,account.group_account_invoice',
    )
    cobranza_mark = fields.Selection(selection_add=[('writeoff', 'To be written off')])

    @api.depends('cobranza_writeoff_item_ids.state')
    def _compute_cobranza_mark(self):
        return super()._compute_cobranza_mark()

    @api.model
    def _sql_marks(self):
        waiting = SQL('SELECT line_id FROM cobranza_writeoff_item WHERE state IN %s', WAITING)
        return {'writeoff': waiting, **super()._sql_marks()}

    @api.model
    def _flush_marks(self):
        super()._flush_marks()
        self.env['cobranza.writeoff.item'].flush_model(['line_id', 'state'])
