from odoo import api, models


class AccountPartialReconcile(models.Model):
    """A payment that is applied, or comes undone, decides about promises at once."""

    _inherit = 'account.partial.reconcile'

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        self.env['cobranza.promise']._judge_items(partials.debit_move_id)
        return partials

    def unlink(self):
        lines = self.debit_move_id
        result = super().unlink()
        self.env['cobranza.promise']._judge_items(lines)
        return result


class AccountMove(models.Model):
    """An invoice taken back to draft left nothing to promise; posted again, it is owed again."""

    _inherit = 'account.move'

    def _post(self, soft=True):
        again = self.filtered('posted_before')
        posted = super()._post(soft)
        self.env['cobranza.promise']._judge_items((again & posted).line_ids)
        return posted
