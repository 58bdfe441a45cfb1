import logging
from datetime import date

from psycopg2 import OperationalError

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools.plans import ever_failed

_logger = logging.getLogger(__name__)


class CobranzaPlan(models.Model):
    """The way back from default: a supervisor's word, or money that turns out to have come in time."""

    _inherit = 'cobranza.plan'

    # === BY A SUPERVISOR === #

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

    # === BY THE LEDGER === #

    def _review_default(self):
        """Put plans in default back into force that never were, by what the ledger knows now: the money came in time.

        Where something was agreed or disputed since, a person decides. What was paid late changes nothing, and what is
        in force again was judged by the same facts, so that it does not end again.
        """
        wronged = self._never_in_default()
        if not wronged:
            return
        wronged._lock_case()
        taken = wronged.case_id._taken_items()
        free = wronged.filtered(
            lambda plan: not plan._covered() & taken and not plan._agreed_since()
        )
        (wronged - free)._leave_to_a_person()
        for plan in free:
            plan._come_back()

    def _come_back(self):
        """Put a plan back into force, wholly or not at all: a mistake in one stops neither a payment nor a night."""
        try:
            with self.env.cr.savepoint():
                self._reopen()
                told = self.env._(
                    'Payment plan %s is in force again: its payments came in time', self.name
                )
                self._tell({self: told})
                self._judge_again()
        except OperationalError:
            raise
        except Exception:
            _logger.exception('Payment plan %s did not come back into force', self.name)
            self._leave_to_a_person()

    def _leave_to_a_person(self):
        """Ask the collectors what is to become of plans that were never in default."""
        self._remind(
            {
                plan: self.env._(
                    'Payment plan %s was not in default: its payments came in time. Reinstate it, or keep to what was'
                    ' agreed since',
                    plan.name,
                )
                for plan in self
            }
        )

    def _never_in_default(self):
        """Return the plans that were not in default on any day, had their instalments never been withdrawn."""
        some = self.filtered(
            lambda plan: (
                len(plan.promise_ids.filtered(lambda p: p.state in p._BROKEN)) <= plan.tolerance
            )
        )
        found = self.browse()
        for company, plans in some.grouped('company_id').items():
            judged = self.env['cobranza.promise']._verdicts(
                company, SQL('SELECT UNNEST(%s)', plans.case_id.ids), plans._withdrawn().ids
            )
            verdicts = {key: verdict for _debtor, mine in judged for key, verdict in mine.items()}
            today = company._cobranza_today()
            found |= plans.filtered(
                lambda plan, verdicts=verdicts, today=today: (
                    not ever_failed(plan._payments(verdicts), plan.tolerance, today)
                )
            )
        return found

    def _payments(self, verdicts):
        """Return (last day, day paid) of the instalments, as `tools.plans.ever_failed` takes them.

        :param dict verdicts: {promise id: tools.promises.Verdict}
        """
        payments = []
        for promise in self.promise_ids:
            verdict = verdicts.get(promise.id)
            if not verdict or verdict.state == 'cancelled':
                continue  # nothing was to be paid of it
            last = date.max if verdict.state == 'open' else promise.deadline
            if verdict.state == 'kept':  # a dispute may have put its day off
                last = max(last, verdict.paid_on)
            payments.append((last, verdict.paid_on))
        return payments

    def _agreed_since(self):
        """Return the promises on the items that were taken after the plan and still count."""
        signed = max(self.promise_ids.ids, default=0)
        return self.line_ids.cobranza_promise_ids.filtered(
            lambda promise: (
                promise.id > signed
                and promise.plan_id != self
                and promise.state not in ('broken', 'cancelled')
            )
        )

    # === HOW === #

    def _withdrawn(self):
        """Return the instalments that the end of plans has withdrawn."""
        return self.promise_ids.filtered(lambda promise: promise.cancel_reason == 'withdrawn')

    def _reopen(self):
        """Put plans in default back into force, with every instalment that is owed.

        What fell due meanwhile is owed, too: withdrawn, it would count as an instalment with nothing to pay.
        """
        withdrawn = self._withdrawn()
        past = withdrawn.filtered(lambda promise: promise.deadline < self._today())
        past.write({'state': 'broken', 'cancel_reason': False})
        (withdrawn - past).write({'state': 'open', 'cancel_reason': False})
        self.write({'state': 'active'})

    def _judge_again(self):
        """Let the ledger say how reopened plans stand, with the interest that was posted meanwhile."""
        self._forget(
            '_words_of_default', '_words_to_drop', '_words_to_credit', '_words_to_take_back'
        )
        for plan in self.filtered(lambda plan: plan.interest_move_id.state == 'posted'):
            plan._cover_interest()
        drafts = self.filtered(lambda plan: plan.interest_move_id.state == 'draft')
        drafts._ask_accountant({plan: plan._words_to_post() for plan in drafts})
        self.env['cobranza.promise']._judge_cases(self.case_id)
        self._follow()
