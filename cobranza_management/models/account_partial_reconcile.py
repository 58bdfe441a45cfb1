from odoo import api, models
from odoo.tools import SQL


class AccountPartialReconcile(models.Model):
    """A payment that is applied, or comes undone, decides about promises and what agencies recovered, at once."""

    _inherit = 'account.partial.reconcile'

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        self._cobranza_follow(partials.debit_move_id)
        return partials

    def unlink(self):
        items = self.debit_move_id
        result = super().unlink()
        self._cobranza_follow(items)
        return result

    @api.model
    def _cobranza_follow(self, items):
        """Tell what hangs on journal items that were paid or are owed again.

        Every payment in the company comes by here, and most have neither promise nor agency: one quick statement asks.
        """
        if not items:
            return  # posting an invoice undoes no reconciliations, several times over
        [(is_promised, is_handed)] = self.env.execute_query(
            SQL(
                """SELECT EXISTS (SELECT FROM cobranza_promise_item_rel WHERE line_id = ANY(%(items)s)),
                          EXISTS (SELECT FROM cobranza_handoff_item WHERE line_id = ANY(%(items)s))""",
                items=items.ids,
                to_flush=[
                    self.env['cobranza.handoff.item']._fields['line_id'],
                    self.env['cobranza.promise']._fields['line_ids'],
                ],
            )
        )
        if is_promised:
            self.env['cobranza.promise']._judge_items(items)
        if is_handed:
            self.env['cobranza.handoff.line'].sudo()._of_items(items)._refresh_recovered()


class AccountMove(models.Model):
    """An invoice taken back to draft left nothing to promise; posted again, it is owed again."""

    _inherit = 'account.move'

    def _post(self, soft=True):
        again = self.filtered('posted_before')
        posted = super()._post(soft)
        self.env['account.partial.reconcile']._cobranza_follow((again & posted).line_ids)
        return posted
