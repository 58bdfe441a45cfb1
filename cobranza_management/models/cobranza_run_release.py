from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import retrying


class CobranzaRun(models.Model):
    """Cases of people who can no longer work on them go back to the pool before it is handed out."""

    _inherit = 'cobranza.run'

    def _phase_assignment(self, company):
        """Take the open cases off those who have left first, so that they are handed out again."""
        before = self._release_cases(company)
        count = super()._phase_assignment(company)
        self.env['cobranza.case'].browse(before)._take_tasks_along(before)
        return count

    def _release_cases(self, company):
        """Let go of the open cases whose collector is archived, no collector any more or not of this company.

        Somebody who is only away keeps theirs.

        :return: {case id: user id of who had it}
        """
        Case = self.env['cobranza.case']
        left = (
            Domain('company_id', '=', company.id)
            & Domain('state', '=', 'open')
            & Domain('user_id', '!=', False)
            & Domain('user_id', 'not in', self.env['res.users']._who_collect(company).ids)
        )
        cases = Case._read_columns(left, ['id'])
        return Case._write_columns(['user_id'], {case_id: (None,) for (case_id,) in cases})

    @api.model
    def _run_until_done(self, company, commit=None):
        """Run the cycle of a company; a conflict with other people's work is tried again at once.

        Odoo repeats a request that met a conflict, but not a scheduled action: that would wait for its next hour.
        The phases that were committed until then find nothing left to do.
        """
        began = fields.Datetime.now()

        def attempt():
            # What the attempt before had committed of its record: one cycle, one record.
            self.search(
                [
                    ('company_id', '=', company.id),
                    ('state', '=', 'running'),
                    ('started_at', '>=', began),
                ]
            ).unlink()
            return self._run(company, commit)

        return retrying(attempt, self.env)
