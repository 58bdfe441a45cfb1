from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class CobranzaCase(models.Model):
    """When somebody works on the case again; set by outcomes, read by the queue."""

    _inherit = 'cobranza.case'

    work_after = fields.Datetime(
        string='Back in the Queue',
        readonly=True,
        copy=False,
        help='Nobody works on this case before; empty: at any time.',
    )
    callback_at = fields.Datetime(
        string='Call Back At', readonly=True, copy=False, help='Agreed with the customer.'
    )
    callback_activity_id = fields.Many2one(
        'mail.activity', readonly=True, copy=False, index='btree_not_null', ondelete='set null'
    )
    is_callback_due = fields.Boolean(compute='_compute_is_callback_due')
    refused_date = fields.Date(
        string='Refused to Pay On',
        readonly=True,
        copy=False,
        help='The last time the customer said they will not pay; segments may ask for it.',
    )

    #: What outcomes decide and nobody edits.
    _WORK = frozenset({'work_after', 'callback_at', 'callback_activity_id', 'refused_date'})

    @api.depends('callback_at')
    def _compute_is_callback_due(self):
        now = fields.Datetime.now()
        for case in self:
            case.is_callback_due = bool(case.callback_at and case.callback_at <= now)

    @api.model
    def _workable_domain(self):
        """Return the Domain of cases that people work on; others narrow it, for cases handed over for instance."""
        return Domain.TRUE

    def _day_after(self, day):
        """Return the first moment after `day` where the debtor's company works, naive UTC."""
        self.ensure_one()
        midnight = datetime.combine(day + timedelta(days=1), time())
        zone = self.company_id._cobranza_zone()
        return zone.localize(midnight).astimezone(pytz.utc).replace(tzinfo=None)

    # === THE CALL THAT WAS AGREED === #

    def _agree_call(self, moment, note=None, contact=None):
        """Bring the debtor back on top at a moment (naive UTC), and not before; the collector has a task."""
        self._leave_queue(moment, callback=moment)
        local = fields.Datetime.context_timestamp(self, moment)
        task = self._remind(
            self.env._('Call back at %s', local.strftime('%H:%M')),
            contact=contact,
            date=local.date(),
            note=note,
            kind='call',
        )
        self._write_columns(['callback_activity_id'], {self.id: (task.id,)})

    def _settle_callback(self, outcome):
        """End the agreed call when this outcome answers it or takes its place; any other leaves it standing."""
        if not self._ends_callback(outcome):
            return
        task_sudo = self.callback_activity_id.sudo()
        if self._answers_callback(outcome):
            task_sudo.action_done()
        else:
            task_sudo.unlink()  # nobody made that call
        self._write_columns(['callback_at'], {self.id: (None,)})

    def _ends_callback(self, outcome):
        """Tell whether there is an agreed call that this outcome answers or takes the place of."""
        return bool(self.callback_at) and (
            self._answers_callback(outcome) or outcome.effect in ('callback', 'stop')
        )

    def _answers_callback(self, outcome):
        """Tell whether the agreed call was made: its time has come, or the debtor answered earlier on that day."""
        tonight = self._day_after(self.company_id._cobranza_today())
        return self.is_callback_due or (outcome.is_right_party and self.callback_at < tonight)

    def write(self, vals):
        """Keep what outcomes decide out of people's hands, by RPC too."""
        if not self.env.su and self._WORK & vals.keys():
            raise AccessError(
                self.env._('The outcome of a contact decides this; it cannot be edited.')
            )
        return super().write(vals)
