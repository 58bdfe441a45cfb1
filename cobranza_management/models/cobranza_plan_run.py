from odoo import fields, models


class CobranzaRun(models.Model):
    """Payment plans in the daily cycle."""

    _inherit = 'cobranza.run'

    @property
    def _PHASES(self):
        """Look at plans once their instalments are judged."""
        phases = list(super()._PHASES)
        phases.insert(phases.index('promises') + 1, 'plans')
        return tuple(phases)

    def _phase_plans(self, company):
        """Cancel the offers that nobody accepted in time; prepare the credit notes of the plans that were paid; put
        messages about the coming instalments into the outbox.
        """
        plans = self.env['cobranza.plan']
        expired = plans._expire(company)
        plans._credit_discounts(company)
        self.env['cobranza.promise']._announce_coming(company)
        return len(expired)


class CobranzaRunPhase(models.Model):
    _inherit = 'cobranza.run.phase'

    name = fields.Selection(
        selection_add=[('plans', 'Plans looked after')], ondelete={'plans': 'cascade'}
    )
