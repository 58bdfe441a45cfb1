from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.arrays import array_literal

#: A refusal is remembered for so long at most: addresses, consents and rules change meanwhile.
REMEMBERED = timedelta(minutes=15)


class CobranzaWorkWait(models.Model):
    """Whom the contact gate refused a moment ago: "next" passes them by without asking again.

    Rows are only ever added: two collectors who come by the same debtor do not wait for one another.
    """

    _name = 'cobranza.work.wait'
    _description = 'Debtor Passed By'
    _log_access = False

    case_id = fields.Many2one('cobranza.case', required=True, ondelete='cascade')
    until = fields.Datetime(required=True)

    _of_case_idx = models.Index('(case_id, until)')

    @api.model
    def _remember(self, moments):
        """Pass debtors by for a while; nothing is written for those who are already.

        :param dict moments: {case: when the gate lets somebody through again, naive UTC, or None}
        """
        if not moments:
            return
        latest = fields.Datetime.now() + REMEMBERED
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO cobranza_work_wait (case_id, until)
                     SELECT given.id, given.until
                       FROM UNNEST(%(ids)s::int[], %(moments)s::timestamp[]) AS given(id, until)
                      WHERE NOT %(live)s
                """,
                ids=array_literal([case.id for case in moments]),
                moments=array_literal([min(until or latest, latest) for until in moments.values()]),
                live=self._sql_live(SQL.identifier('given', 'id')),
            )
        )

    @api.model
    def _sql_live(self, case_id):
        """Return the condition that a debtor is passed by at this minute.

        :param SQL case_id: expression for the case's id
        """
        return SQL(
            'EXISTS (SELECT FROM cobranza_work_wait passed WHERE passed.case_id = %s AND passed.until > %s)',
            case_id,
            fields.Datetime.now(),
        )

    @api.autovacuum
    def _gc_past(self):
        """Forget what is over."""
        self.search([('until', '<', fields.Datetime.now())]).unlink()
