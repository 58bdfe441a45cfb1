from odoo import models
from odoo.tools import SQL


class CobranzaCase(models.Model):
    """When a debtor was last contacted, read again from the log."""

    _inherit = 'cobranza.case'

    def _recall_last_contact(self):
        """Set the last contact of these cases to the latest of the log that was not corrected."""
        if not self:
            return
        self.env['cobranza.interaction'].flush_model()
        latest = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT contact.case_id, MAX(contact.date)
                      FROM cobranza_interaction contact
                     WHERE contact.case_id IN %s AND contact.direction = 'out' AND contact.purpose != 'correction'
                       AND NOT EXISTS (SELECT FROM cobranza_interaction correction
                                        WHERE correction.corrects_id = contact.id)
                  GROUP BY contact.case_id
                    """,
                    self._ids,
                )
            )
        )
        self._write_columns(
            ['last_contact_date'], {case_id: (latest.get(case_id),) for case_id in self._ids}
        )
