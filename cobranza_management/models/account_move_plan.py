from odoo import fields, models

from .cobranza_aged_mixin import READERS


class AccountMove(models.Model):
    """Documents that a payment plan writes: the invoice of its interest, the credit note of its discount."""

    _inherit = 'account.move'

    cobranza_plan_id = fields.Many2one(
        'cobranza.plan',
        string='Payment Plan',
        index='btree_not_null',
        ondelete='set null',
        copy=False,
        readonly=True,
        groups=READERS,
        prefetch='cobranza',
    )

    def _post(self, soft=True):
        """Tell the payment plan when its interest or discount enters the books."""
        posted = super()._post(soft)
        for move in posted.sudo().filtered('cobranza_plan_id'):
            move.cobranza_plan_id._on_posted(move)
        return posted

    def button_draft(self):
        """Tell the payment plan when its discount leaves the books again."""
        result = super().button_draft()
        for move in self.sudo().filtered('cobranza_plan_id'):
            move.cobranza_plan_id._on_undone(move)
        return result
