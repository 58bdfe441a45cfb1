from odoo import models


class CobranzaRun(models.Model):
    """Offers of payment plans end by themselves."""

    _inherit = 'cobranza.run'

    def _run_phases(self):
        """Cancel the offers that nobody accepted in time before anything looks at the debtors."""
        self.env['cobranza.plan']._expire(self.company_id)
        return super()._run_phases()
