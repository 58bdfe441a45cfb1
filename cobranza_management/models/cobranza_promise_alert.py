from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date


class CobranzaPromise(models.Model):
    """Alerts about promises: activities on the case, each raised once, that go away by themselves when settled."""

    _inherit = 'cobranza.promise'

    alert = fields.Selection(
        [
            ('due', 'Due tomorrow'),
            ('unapplied', 'Payment to apply'),
            ('broken', 'Broken'),
            ('review', 'To approve'),
            ('refused', 'Not approved'),
        ],
        string='Last Alert',
        readonly=True,
    )
    alert_activity_id = fields.Many2one(
        'mail.activity', index='btree_not_null', readonly=True, ondelete='set null'
    )

    # === WHEN === #

    @api.model
    def _alert_daily(self, company):
        """Raise the alerts that the calendar brings: promises for tomorrow, payments nobody applies."""
        today = company._cobranza_today()
        mine = Domain('company_id', '=', company.id)
        self.search(
            mine
            & Domain('state', '=', 'open')
            & Domain('alert', '=', False)
            & Domain('date', '>=', today)
            & Domain('date', '<=', fields.Date.add(today, days=1))
        )._alert('due')
        self.search(
            mine
            & Domain('state', 'in', self._LIVE)
            & Domain('awaits_payment', '=', True)
            & Domain('alert', '!=', 'unapplied')
        )._alert('unapplied')

    @api.model
    def _on_judged(self, changes):
        """Close the alerts of promises that are settled, and raise those of promises that broke or were refused."""
        super()._on_judged(changes)
        moved = {
            promise.id: state
            for promise, (before, state) in changes.items()
            if {before, state} - set(self._BROKEN)
        }
        self.sudo()._close_alerts_of(moved)
        ended = self.sudo().browse(i for i, state in moved.items() if state == 'cancelled')
        ended.filtered(lambda promise: promise.cancel_reason == 'refused')._alert('refused')
        self.sudo().browse(i for i, state in moved.items() if state in self._BROKEN)._alert(
            'broken'
        )

    # === HOW === #

    def _alert(self, code):
        """Raise an alert on each promise, in one batch; it takes the place of the last one."""
        if not self:
            return
        self._close_alerts_of(self.ids)
        activities = (
            self.env['cobranza.case'].sudo()._schedule([promise._task(code) for promise in self])
        )
        self._write_rows(
            {
                promise: {'alert': code, 'alert_activity_id': activity.id}
                for promise, activity in zip(self, activities)
            }
        )

    @api.model
    def _close_alerts_of(self, ids):
        """Take away the activities that are still open; one that a person did stays in the history.

        :param ids: of promises, few of which have any: those are asked for, not read one thousand after the other
        """
        raised = self.search([('id', 'in', list(ids)), ('alert', '!=', False)])
        raised.alert_activity_id.filtered('active').unlink()
        raised.write({'alert': False, 'alert_activity_id': False})

    def _task(self, code):
        """Return the task of an alert, as `cobranza.case._schedule` takes it."""
        user = getattr(self, f'_whom_to_alert_{code}', self._whom_to_alert)()
        speaking = self.with_context(lang=user.lang or self.env.lang)
        return {
            'case': self.case_id,
            'date': self.company_id._cobranza_today(),
            'summary': getattr(speaking, f'_say_{code}')(
                format_amount(speaking.env, self.amount, self.currency_id),
                format_date(speaking.env, self.date),
            ),
            'type': 'mail.mail_activity_data_todo',
            'user': user,
        }

    # === WHO === #

    def _whom_to_alert(self):
        """Return the collector of the case, else whoever took the promise; nobody if that was the customer."""
        return self.case_id.user_id or self.user_id.filtered(lambda user: not user.share)

    def _whom_to_alert_refused(self):
        """Return whoever took the promise: they gave the customer hope."""
        return self.user_id.filtered(lambda user: not user.share) or self.case_id.user_id

    def _whom_to_alert_review(self):
        """Return the supervisor of the team, else the company's first."""
        group = self.env.ref('cobranza_management.group_supervisor')
        return (
            self.case_id.team_id.supervisor_id
            or group.all_user_ids.filtered(
                lambda user: user.active and self.company_id in user.company_ids
            ).sorted('id')[-1:]
        )

    # === WHAT IT SAYS === #

    def _say_due(self, amount, day):
        return self.env._(
            'Promise of %(amount)s for %(day)s: remind the customer', amount=amount, day=day
        )

    def _say_unapplied(self, amount, day):
        return self.env._(
            'Apply the payment: the promise of %(amount)s for %(day)s waits for it',
            amount=amount,
            day=day,
        )

    def _say_broken(self, amount, day):
        if self.state == 'partial':
            return self.env._(
                'Promise of %(amount)s for %(day)s: only %(paid)s was paid',
                amount=amount,
                day=day,
                paid=format_amount(self.env, self.paid_amount, self.currency_id),
            )
        return self.env._('Broken promise: %(amount)s for %(day)s', amount=amount, day=day)

    def _say_review(self, amount, day):
        return self.env._(
            'Approve the promise of %(amount)s for %(day)s: %(reasons)s',
            amount=amount,
            day=day,
            reasons=self.review_reason or '',
        )

    def _say_refused(self, amount, day):
        return self.env._(
            'Promise not approved: %(amount)s for %(day)s. Call the customer again',
            amount=amount,
            day=day,
        )
