from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.commission import commission


class CobranzaHandoffLine(models.Model):
    """What came in while an agency had the case, read from the ledger until the commission is settled."""

    _inherit = 'cobranza.handoff.line'

    def _refresh_recovered(self):
        """Read the payments again, in one statement; lines whose amount did not change are not written.

        A payment counts by its date of reconciliation, like everywhere; credit notes and write-offs are not payments.
        """
        recovered = self._read_recovered()
        for line in self:
            amount = line.currency_id.round(recovered.get(line.id, 0.0))
            earned = commission(amount, line.commission_percent, line.currency_id.decimal_places)
            if (line.recovered, line.commission) != (amount, earned):
                line.sudo().write({'recovered': amount, 'commission': earned})

    def _read_recovered(self):
        """Return {line id: paid on its documents while the agency had them, company currency}.

        Payments have a day and no hour: on the first day and the last it counts when they were entered. What was there
        before has been taken off what was handed over. Of cases that left before the moments were kept, the whole day.
        """
        if not self.ids:
            return {}
        self.env['account.partial.reconcile'].flush_model()
        self.env['account.move.line'].flush_model()
        self.env['cobranza.handoff.item'].flush_model()
        self.flush_model(['handed_at', 'handed_on', 'returned_at', 'returned_on'])
        return dict(
            self.env.execute_query(
                SQL(
                    """
                SELECT handed.id, SUM(partial.amount)::float8
                  FROM cobranza_handoff_line handed
                  JOIN cobranza_handoff_item item ON item.handoff_line_id = handed.id
                  JOIN account_partial_reconcile partial ON partial.debit_move_id = item.line_id
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id
                 WHERE handed.id = ANY(%(ids)s) AND %(is_payment)s
                   AND partial.debit_amount_currency > 0
                   AND partial.max_date >= handed.handed_on
                   AND partial.max_date <= COALESCE(handed.returned_on, partial.max_date)
                   AND (partial.max_date = handed.handed_on AND credit.create_date < handed.handed_at) IS NOT TRUE
                   AND (partial.max_date = handed.returned_on AND credit.create_date > handed.returned_at) IS NOT TRUE
              GROUP BY handed.id
                """,
                    ids=self.ids,
                    is_payment=self.env['cobranza.promise']._sql_is_payment('credit'),
                )
            )
        )

    @api.model
    def _of_items(self, items):
        """Return the lines that handed over these journal items and are not settled yet."""
        unsettled = [('handoff_id.state', 'in', ('delivered', 'returned'))]
        return self.search([('item_ids.line_id', 'in', items.ids), *unsettled])


class CobranzaHold(models.Model):
    _inherit = 'cobranza.hold'

    handoff_line_ids = fields.One2many(
        comodel_name='cobranza.handoff.line', inverse_name='hold_id', string='Hand-offs'
    )

    @api.constrains('active', 'until')
    def _check_handed_over(self):
        """While an agency has the case, automation stays still."""
        self._refuse_while_handed_over()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handed_over(self):
        self._refuse_while_handed_over()

    def _refuse_while_handed_over(self):
        line = (
            self.env['cobranza.handoff.line']
            .sudo()
            .search([('hold_id', 'in', self.ids), ('state', '=', 'handed')], limit=1)
        )
        if line:
            raise UserError(
                self.env._(
                    '%(debtor)s is with %(agency)s: take the case back to start again.',
                    debtor=line.partner_id.name,
                    agency=line.agency_id.display_name,
                )
            )
