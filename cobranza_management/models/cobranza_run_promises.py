from odoo import fields, models
from odoo.fields import Domain


class CobranzaRun(models.Model):
    """Promises in the daily cycle: judged before segments and cards look at them."""

    _inherit = 'cobranza.run'

    @property
    def _PHASES(self):
        """Judge promises before the debtors are classified."""
        phases = list(super()._PHASES)
        phases.insert(phases.index('segments'), 'promises')
        return tuple(phases)

    def _phase_promises(self, company):
        """Judge the live promises and alert those who look after them."""
        Promise = self.env['cobranza.promise']
        count = len(Promise._judge(company))
        Promise._alert_daily(company)
        return count

    def _situations(self, company):
        """A promise that broke counts while its items are owed; a debt that came later starts afresh."""
        broken = Domain('state', '=', 'open') & Domain(
            'promise_ids',
            'any',
            Domain('state', 'in', self.env['cobranza.promise']._BROKEN)
            & Domain('line_ids.reconciled', '=', False),
        )
        return [
            (kind, broken if kind == 'broken' else domain)
            for kind, domain in super()._situations(company)
        ]


class CobranzaRunPhase(models.Model):
    _inherit = 'cobranza.run.phase'

    name = fields.Selection(
        selection_add=[('promises', 'Promises judged')], ondelete={'promises': 'cascade'}
    )
