from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CobranzaPromise(models.Model):
    """An instalment is a promise with a plan."""

    _inherit = 'cobranza.promise'

    plan_id = fields.Many2one(
        'cobranza.plan', string='Payment Plan', index='btree_not_null', ondelete='cascade'
    )
    plan_number = fields.Integer(
        string='Instalment', help='Its place in the plan; 0 is the down payment.'
    )

    @api.model
    def _sql_live_of(self, line_id, today):
        """Leave the items of a plan alone that only wait for the credit note of its discount."""
        return SQL(
            '%s UNION ALL %s',
            super()._sql_live_of(line_id, today),
            self.env['cobranza.plan']._sql_holds(line_id),
        )

    def _replaceable(self):
        """Leave instalments where they were signed: one that is gone would count as one with nothing left to pay."""
        return super()._replaceable().filtered(lambda promise: not promise.plan_id)

    def action_cancel(self):
        """Refuse to withdraw an instalment by itself."""
        if self.plan_id:
            raise UserError(
                self.env._('An instalment belongs to its payment plan. Cancel the plan instead.')
            )
        return super().action_cancel()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_instalment(self):
        """Keep what was signed whole; only a plan that is still a draft may drop what it prepared."""
        if any(promise.plan_id.state != 'draft' for promise in self if promise.plan_id):
            raise UserError(
                self.env._('An instalment is part of what was agreed. Cancel the plan instead.')
            )

    @api.model
    def _on_judged(self, changes):
        """Complete or default the plans whose instalments changed."""
        super()._on_judged(changes)
        instalments = self.sudo().search(
            [('id', 'in', [promise.id for promise in changes]), ('plan_id', '!=', False)]
        )
        self.env['cobranza.plan']._on_instalments_judged(instalments)
