from odoo import models


class CobranzaRun(models.Model):
    """What payment plans need once a day."""

    _inherit = 'cobranza.run'

    def _run_phases(self):
        """Cancel the offers that nobody accepted in time; prepare the credit notes of the plans that were paid."""
        plans = self.env['cobranza.plan']
        plans._expire(self.company_id)
        super()._run_phases()
        plans._credit_discounts(self.company_id)
