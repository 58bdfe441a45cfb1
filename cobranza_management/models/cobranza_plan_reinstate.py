from odoo import models
from odoo.exceptions import AccessError, UserError


class CobranzaPlan(models.Model):
    """The way back from default, by a supervisor's word."""

    _inherit = 'cobranza.plan'

    def action_reinstate(self):
        """Put plans in default back into force with the instalments that were left; supervisors only."""
        self.check_access('write')
        if not self._may_approve():
            raise AccessError(self.env._('Only a supervisor reinstates a plan.'))
        for plan in self.sudo().filtered(lambda plan: plan.state == 'defaulted'):
            plan._reinstate()

    def _reinstate(self):
        """Open the instalments again that default had withdrawn; those missed so far are forgiven their day."""
        self._lock_case()
        taken = self._covered() & self.case_id._taken_items(besides=self)
        if taken:
            raise UserError(
                self.env._(
                    '%(plan)s cannot be reinstated while these items are in dispute or in another plan: %(items)s',
                    plan=self.name,
                    items=', '.join(taken.mapped('cobranza_document')),
                )
            )
        if not self._withdrawn().filtered(lambda promise: promise.date >= self._today()):
            raise UserError(
                self.env._('No instalment of %s is left to pay: prepare a new plan.', self.name)
            )
        self._replace_promises()
        self._reopen()
        missed = self.promise_ids.filtered(lambda promise: promise.state in promise._BROKEN)
        self.tolerance = max(self.tolerance, len(missed))
        self._judge_again()

    def _withdrawn(self):
        """Return the instalments that the end of plans has withdrawn."""
        return self.promise_ids.filtered(lambda promise: promise.cancel_reason == 'withdrawn')

    def _reopen(self):
        """Put plans in default back into force, with every instalment that is owed.

        What fell due meanwhile is owed, too: an instalment that stayed withdrawn would count as one with nothing to pay.
        """
        withdrawn = self._withdrawn()
        past = withdrawn.filtered(lambda promise: promise.deadline < self._today())
        past.write({'state': 'broken', 'cancel_reason': False})
        (withdrawn - past).write({'state': 'open', 'cancel_reason': False})
        self.write({'state': 'active'})

    def _judge_again(self):
        """Let the ledger say how reopened plans stand, with the interest that was posted meanwhile."""
        for plan in self.filtered(lambda plan: plan.interest_move_id.state == 'posted'):
            plan._cover_interest()
        self.env['cobranza.promise']._judge_cases(self.case_id)
        self._follow()
