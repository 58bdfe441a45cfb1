from odoo import models


class AccountMove(models.Model):
    """Posting many invoices looks for their cases and disputes once."""

    _inherit = 'account.move'

    def _post(self, soft=True):
        """Read at once what each change of an item would ask for, invoice by invoice; one alone gains nothing."""
        if len(self) > 1:
            items_sudo = self.line_ids.sudo()
            items_sudo.mapped('cobranza_dispute_ids')
            items_sudo.partner_id.mapped('cobranza_case_ids')
        return super()._post(soft=soft)
