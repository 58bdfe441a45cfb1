import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.service.model import retrying

from .cobranza_run import CONFLICTS

_logger = logging.getLogger(__name__)


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
        The phases that were committed until then find nothing left to do. What breaks the transaction (a statement
        that takes too long, a full disk) is written down once it is over, and is nobody else's business.

        :raise CONFLICTS: again and again; the record of the cycle says so, too
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
            try:
                run = self._run(company, commit)
                self.env.flush_all()
            except (OperationalError, ConcurrencyError):
                raise
            except Exception as error:
                raise OperationalError(str(error)) from error  # of these Odoo rolls back
            return run

        try:
            return retrying(attempt, self.env)
        except Exception as error:
            if self.env.cr.closed:
                raise  # nobody can work on without the database
            self._record_failure(company, began, error)
            if isinstance(error, CONFLICTS):
                raise

    @api.model
    def _record_failure(self, company, began, error):
        """Say of the cycle that began then that it failed; one that left nothing behind gets its record now."""
        _logger.error('The daily cycle of %s failed', company.name, exc_info=error)
        run = self.search(
            [
                ('company_id', '=', company.id),
                ('state', '=', 'running'),
                ('started_at', '>=', began),
            ]
        ) or self.create(
            {'company_id': company.id, 'date': company._cobranza_today(), 'started_at': began}
        )
        run.write({'state': 'failed', 'error': str(error) or type(error).__name__})
