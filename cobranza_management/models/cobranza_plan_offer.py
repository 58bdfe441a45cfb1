from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL


class CobranzaPlan(models.Model):
    """From draft to offer: the debt of the day, the policy, a supervisor's word, and back."""

    _inherit = 'cobranza.plan'

    def action_offer(self):
        """Offer the plan, or ask a supervisor first when it goes beyond the policy."""
        self.check_access('write')
        for plan in self.filtered(lambda plan: plan.state == 'draft'):
            plan._refresh_debt()
            reasons = plan._breaches()
            if not reasons:
                plan._offer()
            elif self._may_approve():
                plan._approve('\n'.join(reasons))
            else:
                plan._ask_approval('\n'.join(reasons))
        self.filtered(lambda plan: plan.state != 'draft').case_id._plan_offered()

    def _lock_case(self):
        """Let one agreement at a time be made on the items of a case.

        The row is written, since a mere lock would let whoever waited for it go on with the books as they were before:
        they fail to serialize and are tried again.
        """
        self.env.cr.execute(
            SQL(
                'UPDATE cobranza_case SET write_date = write_date WHERE id = ANY(%s)',
                self.case_id.ids,
            )
        )

    def _refresh_debt(self):
        """Take the debt as it stands today and check that the terms still make a plan of items that may be planned."""
        self.ensure_one()
        self._lock_case()
        taken = self.line_ids - self.case_id._plannable_items(besides=self)
        if taken:
            raise UserError(
                self.env._(
                    'These items are paid, in dispute or in another plan: %s',
                    ', '.join(taken.mapped('cobranza_document')),
                )
            )
        self.sudo().amount_items = self._claimed_now()
        if self.problem or min(self._days()) < self._today():
            raise UserError(self.problem or self.env._('The first payment is in the past.'))

    def _breaches(self):
        """Look at the patience, too: a plan that never fails keeps its items from being chased for ever."""
        found = super()._breaches()
        policy = self.env['cobranza.plan.policy']._for_case(self.case_id)
        if policy and (self.tolerance > policy.tolerance or self.grace_days > policy.grace_days):
            found.append(
                self.env._(
                    '%(missed)s instalments may be missed, with %(days)s days of grace; the policy allows'
                    ' %(most_missed)s and %(most_days)s.',
                    missed=self.tolerance,
                    days=self.grace_days,
                    most_missed=policy.tolerance,
                    most_days=policy.grace_days,
                )
            )
        return found

    def _days(self):
        """Return the days of the payments, in order."""
        return [fields.Date.to_date(row[1]) for row in self.schedule]

    def _may_approve(self):
        return self.env.user.has_group('cobranza_management.group_supervisor')

    def _ask_approval(self, reasons):
        self.sudo().write({'state': 'review', 'review_reason': reasons})
        supervisor = self.case_id.sudo().team_id.supervisor_id
        self.case_id._schedule(
            [
                {
                    'case': self.case_id,
                    'date': self._today(),
                    'note': reasons,
                    'summary': self.env._('Approve the payment plan %s', self.name),
                    'type': 'mail.mail_activity_data_todo',
                    'user': supervisor,
                }
            ]
        )

    def action_approve(self):
        """Approve plans beyond the policy and offer them; supervisors only."""
        self.check_access('write')
        if not self._may_approve():
            raise AccessError(self.env._('Only a supervisor approves a plan beyond the policy.'))
        for plan in self.filtered(lambda plan: plan.state == 'review'):
            plan._refresh_debt()
            plan._approve('\n'.join(plan._breaches()))

    def _approve(self, reasons):
        self.sudo().write(
            {
                'approved_by_id': self.env.uid,
                'approved_on': fields.Datetime.now(),
                'review_reason': reasons,
            }
        )
        self._offer()

    def action_refuse(self):
        """Send plans that wait for approval back to whoever prepared them; supervisors only."""
        self.check_access('write')
        if not self._may_approve():
            raise AccessError(self.env._('Only a supervisor approves a plan beyond the policy.'))
        for plan in self.filtered(lambda plan: plan.state == 'review'):
            plan.sudo().state = 'draft'
            plan._remind({plan: self.env._('%s was not approved: change its terms', plan.name)})

    def _offer(self):
        """Let the customer accept: a new link, until the first payment at the latest."""
        policy = self.env['cobranza.plan.policy']._for_case(self.case_id)
        stands = fields.Date.add(self._today(), days=policy.validity_days or 7)
        self.sudo().write(
            {
                'access_token': False,
                'offer_until': min(stands, *self._days()),
                'state': 'offered',
            }
        )
        self.sudo()._portal_ensure_token()

    def action_withdraw(self):
        """Take an offer back to change it; its link no longer works."""
        self.check_access('write')
        for plan in self.filtered(lambda plan: plan.state in ('offered', 'review')):
            plan.sudo().write({'state': 'draft', 'access_token': False, 'offer_until': False})

    def action_cancel(self):
        """End the plan; what is left of its debt is chased again. Supervisors only, once it is signed."""
        self.check_access('write')
        signed_sudo = self.sudo().filtered(lambda plan: plan.state == 'active')
        if signed_sudo and not self._may_approve():
            raise AccessError(self.env._('Only a supervisor cancels a plan that was signed.'))
        live = ('draft', 'review', 'offered', 'active')
        self.sudo().filtered(lambda plan: plan.state in live)._end('cancelled')
        signed_sudo._review_books()

    @api.model
    def _expire(self, company):
        """Cancel the offers that nobody accepted in time, in one statement."""
        late = self.sudo().search(
            Domain('company_id', '=', company.id)
            & Domain('state', '=', 'offered')
            & Domain('offer_until', '<', company._cobranza_today())
        )
        late.write({'state': 'cancelled', 'access_token': False})
        return late
