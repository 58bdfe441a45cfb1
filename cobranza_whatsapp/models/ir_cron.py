from psycopg2.errors import SerializationFailure

from odoo import models
from odoo.tools import SQL


class IrCron(models.Model):
    """Jobs that are asked for hundreds of times a second."""

    _inherit = 'ir.cron'

    def _cobranza_wake(self):
        """Have the job run at once, unless it was asked to a moment ago and has not begun; for short transactions.

        Odoo opens a connection to tell its workers, every time: longer than all else that a webhook does. A request
        that waits is locked until this transaction is committed: the job begins by deleting it, so it begins after
        that, and sees what there is to do. One that is being deleted belongs to a run that may not see it, and of an
        older one it is not sure that anybody was told.
        """
        self.ensure_one()
        if not self._cobranza_has_been_asked():
            self._trigger()

    def _cobranza_has_been_asked(self):
        """Tell whether a request waits, and hold it; not when a run has just taken it away."""
        waiting = SQL(
            """SELECT id FROM ir_cron_trigger
                WHERE cron_id = %s AND call_at <= NOW() AT TIME ZONE 'UTC'
                  AND create_date > NOW() AT TIME ZONE 'UTC' - INTERVAL '2 seconds'
                LIMIT 1 FOR KEY SHARE SKIP LOCKED""",
            self.id,
        )
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(waiting, log_exceptions=False)
                return bool(self.env.cr.fetchone())
        except SerializationFailure:
            return False
