from odoo import fields, models


class CobranzaRun(models.Model):
    """The daily cycle first writes down what the debtors were yesterday, before it changes any of them."""

    _inherit = 'cobranza.run'

    @property
    def _PHASES(self):
        return ('snapshots', *super()._PHASES)

    def _phase_snapshots(self, company):
        """Record the debtors as they were on the evening before; once a day, or today's changes would count for it."""
        recorded = self.search_count(
            [
                ('company_id', '=', company.id),
                ('date', '=', self.date),
                ('phase_ids.name', '=', 'snapshots'),
            ],
            limit=1,
        )
        if recorded:
            return 0
        evening = fields.Date.subtract(self.date, days=1)
        return self.env['cobranza.case.snapshot']._record(company, evening)


class CobranzaRunPhase(models.Model):
    _inherit = 'cobranza.run.phase'

    name = fields.Selection(
        selection_add=[('snapshots', 'Debtors recorded')], ondelete={'snapshots': 'cascade'}
    )
