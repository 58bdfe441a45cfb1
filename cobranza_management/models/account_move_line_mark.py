from odoo import api, fields, models
from odoo.tools import SQL


class AccountMoveLine(models.Model):
    """What stands in the way of chasing an item, as screens mark it."""

    _inherit = 'account.move.line'

    cobranza_mark = fields.Selection(
        [('disputed', 'In dispute'), ('promised', 'Promised'), ('excluded', 'Not followed up')],
        string='Mark',
        compute='_compute_cobranza_mark',
    )

    @api.depends(
        'cobranza_dispute_ids.state', 'cobranza_promise_ids.state', 'no_followup', 'amount_residual'
    )
    def _compute_cobranza_mark(self):
        marks = self._read_marks() if self._origin.ids else {}
        for line in self:
            excluded = line.no_followup and line.amount_residual > 0 and 'excluded'
            line.cobranza_mark = marks.get(line._origin.id) or excluded

    def _read_marks(self):
        """Return {item id: mark} in one statement, whatever the number of items."""
        self._flush_marks()
        rows = SQL(' UNION ALL ').join(
            SQL(
                'SELECT line_id, %s::text AS mark, %s AS rank FROM (%s) marked WHERE line_id = ANY(%s)',
                mark,
                rank,
                select,
                self._origin.ids,
            )
            for rank, (mark, select) in enumerate(self._sql_marks().items())
        )
        # the last word is that of the first mark
        return {
            line_id: mark
            for line_id, mark, _rank in self.env.execute_query(SQL('%s ORDER BY rank DESC', rows))
        }

    @api.model
    def _sql_marks(self):
        """Return {mark: SELECT of the line_id of the items that bear it}; of several on one item the first is shown."""
        return {
            'disputed': SQL("SELECT line_id FROM cobranza_dispute WHERE state = 'open'"),
            'promised': SQL(
                """SELECT promised.line_id FROM cobranza_promise_item_rel promised
                     JOIN cobranza_promise promise ON promise.id = promised.promise_id
                    WHERE promise.state IN %s""",
                self.env['cobranza.promise']._LIVE,
            ),
        }

    @api.model
    def _flush_marks(self):
        """Write the pending values that marks read."""
        self.env['cobranza.dispute'].flush_model(['line_id', 'state'])
        self.env['cobranza.promise'].flush_model(['line_ids', 'state'])

    @api.model
    def action_view_open_items(self):
        """Open the whole portfolio by bucket; the domain names the accounts, which keeps it fast."""
        return {
            **self.env['ir.actions.act_window']._for_xml_id(
                'cobranza_management.account_move_line_action_open_items'
            ),
            'domain': list(self._open_item_domain()),
        }
