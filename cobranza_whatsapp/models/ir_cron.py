from odoo import fields, models
from odoo.tools import SQL


class IrCron(models.Model):
    _inherit = 'ir.cron'

    def _cobranza_wake(self):
        """Have the job run at once, unless it has been asked to and has not begun.

        Odoo opens a connection to tell its workers, every time; a campaign brings hundreds of events a second. A
        request that waits is locked until this transaction is committed: the job begins by deleting it, so it begins
        after that, and sees what there is to do. One that is being deleted belongs to a run that may not see it.
        """
        self.ensure_one()
        asked = self.env.execute_query(
            SQL(
                """SELECT id FROM ir_cron_trigger WHERE cron_id = %s AND call_at <= %s
                    LIMIT 1 FOR KEY SHARE SKIP LOCKED""",
                self.id,
                fields.Datetime.now(),
            )
        )
        if not asked:
            self._trigger()
