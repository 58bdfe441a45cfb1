from odoo import api, models
from odoo.tools import SQL


class CobranzaApproval(models.Model):
    """Payment plans beyond the policy wait for a supervisor too."""

    _inherit = 'cobranza.approval'

    @api.model
    def _sources(self):
        return super()._sources() | {
            'cobranza.plan': {
                'approve': 'action_approve',
                'label': self.env._('Payment plan'),
                'refuse': 'action_refuse',
                'select': self._select_plans(),
                'summary': 'display_name',
            },
        }

    @api.model
    def _select_plans(self):
        """Return the plans above the policy, at what their items are worth in company currency."""
        return SQL(
            """
            SELECT plan.id AS record_id, plan.company_id, plan.case_id, plan.write_date::date AS date,
                   (SELECT SUM(line.amount_residual) FROM cobranza_plan_item_rel item
                      JOIN account_move_line line ON line.id = item.line_id
                     WHERE item.plan_id = plan.id) AS amount
              FROM cobranza_plan plan WHERE plan.state = 'review'
            """,
            to_flush=(
                *self._columns_of('cobranza.plan', 'case_id', 'company_id', 'line_ids', 'state'),
                *self._columns_of('account.move.line', 'amount_residual'),
            ),
        )
