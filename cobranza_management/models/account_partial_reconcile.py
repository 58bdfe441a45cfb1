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

        Every payment in the company comes by here, and most have neither promise nor agency: one statement asks.
        """
        if not items:
            return  # posting an invoice undoes no reconciliations, several times over
        promises = self.env['cobranza.promise']
        handed_sudo = self.env['cobranza.handoff.line'].sudo()
        [(case_ids, line_ids)] = self.env.execute_query(
            SQL(
                'SELECT ARRAY(%s), ARRAY(%s)',
                promises._sql_cases_of_items(items.ids),
                handed_sudo._sql_lines_of_items(items.ids),
            )
        )
        promises._judge_cases(self.env['cobranza.case'].browse(case_ids))
        handed_sudo.browse(line_ids)._refresh_recovered()


class AccountMove(models.Model):
    """An invoice taken back to draft left nothing to promise; posted again, it is owed again."""

    _inherit = 'account.move'

    def _post(self, soft=True):
        again = self.filtered('posted_before')
        posted = super()._post(soft)
        self.env['cobranza.promise']._judge_items((again & posted).line_ids)
        return posted
