from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

#: A closed browser keeps its debtor for so long.
LEASE_MINUTES = 10


class CobranzaWorkLease(models.Model):
    """Who has which debtor open in the workbench: a table of its own, so that nobody waits for a case's row."""

    _name = 'cobranza.work.lease'
    _description = 'Debtor at Work'
    _log_access = False

    case_id = fields.Many2one('cobranza.case', required=True, ondelete='cascade')
    user_id = fields.Many2one('res.users', required=True, index=True, ondelete='cascade')
    expires_at = fields.Datetime(required=True)
    written_amount = fields.Float(
        digits=False, help='What the message being written claims, company currency.'
    )

    _one_a_case = models.Constraint(
        'UNIQUE(case_id)', 'Somebody is already working on this debtor.'
    )

    @api.model
    def _take(self, case, wait=True):
        """Take or renew the lease of a case for the user.

        :param bool wait: False: give up at once when a colleague is taking it this very moment
        :return: whether the user has it now
        """
        now = fields.Datetime.now()
        free = (
            SQL('TRUE')
            if wait
            else SQL('pg_try_advisory_xact_lock(%s, %s)', self._lock_class(), case.id)
        )
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
            INSERT INTO cobranza_work_lease AS lease (case_id, user_id, expires_at)
                 SELECT %(case)s, %(user)s, %(expires)s WHERE %(free)s
            ON CONFLICT (case_id) DO UPDATE
                    SET user_id = EXCLUDED.user_id, expires_at = EXCLUDED.expires_at,
                        written_amount = CASE WHEN lease.user_id = EXCLUDED.user_id THEN lease.written_amount END
                  WHERE lease.user_id = EXCLUDED.user_id OR lease.expires_at <= %(now)s
              RETURNING id
                """,
                case=case.id,
                user=self.env.uid,
                expires=now + timedelta(minutes=LEASE_MINUTES),
                free=free,
                now=now,
            )
        )
        self.invalidate_model(flush=False)
        return bool(rows)

    @api.model
    def _lock_class(self):
        """Return the first key of the advisory locks of this table: its own number in the catalogue of models."""
        return self.env['ir.model']._get_id(self._name)

    @api.model
    def _require(self, case):
        """Take or renew the lease; say who has it when that is a colleague."""
        if not self._take(case):
            raise UserError(
                self.env._(
                    '%(colleague)s is working on %(debtor)s at the moment.',
                    colleague=self._holder_of(case).name,
                    debtor=case.partner_id.name,
                )
            )

    @api.model
    def _live(self, cases):
        """Return the leases of colleagues on `cases` that have not expired."""
        return self.sudo().search_fetch(
            [
                ('case_id', 'in', cases.ids),
                ('user_id', '!=', self.env.uid),
                ('expires_at', '>', fields.Datetime.now()),
            ],
            ['case_id', 'user_id'],
        )

    @api.model
    def _free_domain(self):
        """Return the Domain of cases that no colleague has open."""
        taken = self.sudo()._search(
            [('user_id', '!=', self.env.uid), ('expires_at', '>', fields.Datetime.now())]
        )
        return ~Domain('id', 'in', taken.subselect('case_id'))

    @api.model
    def _holder_of(self, case):
        """Return the colleague who has the case open."""
        return self._live(case).user_id

    @api.model
    def _release(self, case_ids):
        """Give the user's leases on these cases back."""
        mine = self.sudo().search([('case_id', 'in', case_ids), ('user_id', '=', self.env.uid)])
        mine.unlink()

    @api.autovacuum
    def _gc_expired(self):
        """Forget leases that ended a day ago."""
        day_ago = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        self.search([('expires_at', '<', day_ago)]).unlink()
