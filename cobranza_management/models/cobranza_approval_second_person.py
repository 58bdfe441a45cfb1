from odoo import api, models
from odoo.tools import SQL


class CobranzaApproval(models.Model):
    """Write-offs and hand-offs wait for a second person; whoever proposed them sees them, and decides nothing."""

    _inherit = 'cobranza.approval'

    @api.model
    def _sources(self):
        return super()._sources() | {
            'cobranza.writeoff': {
                'approve': 'action_approve',
                'label': self.env._('Write-off'),
                'refuse': 'action_reject',
                'select': self._select_writeoffs(),
                'summary': 'note',
                'why_not': '_why_not_approve',
            },
            'cobranza.handoff': {
                'approve': 'action_approve',
                'label': self.env._('Hand-off'),
                'refuse': 'action_refuse',
                'select': self._select_handoffs(),
                'summary': 'summary',
                'why_not': '_why_not_approve',
            },
        }

    @api.model
    def _select_writeoffs(self):
        return SQL(
            """
            SELECT id AS record_id, company_id, case_id, create_date::date AS date, amount
              FROM cobranza_writeoff WHERE state = 'proposed'
            """,
            to_flush=self._columns_of(
                'cobranza.writeoff', 'amount', 'case_id', 'company_id', 'state'
            ),
        )

    @api.model
    def _select_handoffs(self):
        """Return the proposals with at least one case: what they add up to, and no case of their own."""
        return SQL(
            """
            SELECT handoff.id AS record_id, handoff.company_id, NULL::int AS case_id,
                   MIN(line.create_date)::date AS date, SUM(line.amount) AS amount
              FROM cobranza_handoff handoff JOIN cobranza_handoff_line line ON line.handoff_id = handoff.id
             WHERE handoff.state = 'draft' GROUP BY handoff.id
            """,
            to_flush=(
                *self._columns_of('cobranza.handoff', 'company_id', 'state'),
                *self._columns_of('cobranza.handoff.line', 'amount', 'handoff_id'),
            ),
        )
