from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.plans import fate, from_units


class CobranzaPlan(models.Model):
    """From acceptance to the end: signature, instalments, default and completion."""

    _inherit = 'cobranza.plan'

    # === ACCEPTANCE === #

    def _why_not_acceptable(self):
        """Return why the customer cannot accept now, in words; '' when they can."""
        self.ensure_one()
        if self.state != 'offered':
            return self.env._('This plan is not offered any more.')
        if self.offer_until and self.offer_until < self.company_id._cobranza_today():
            return self.env._('This offer has expired. Please ask us for a new one.')
        if self.currency_id.compare_amounts(self._claimed_now(), self.amount_items):
            return self.env._(
                'The debt has changed since this plan was prepared. Please ask us for a new one.'
            )
        offers = self.case_id.plan_ids.filtered(lambda plan: plan.state == 'offered')
        if self.line_ids - self.case_id._plannable_items(besides=offers):
            return self.env._(
                'Another plan covers a part of this debt already. Please ask us about it.'
            )
        return ''

    def _accept(self, values, source='portal'):
        """Sign an offered plan and put it into force, once however many ask at the same time.

        :param dict values: signed_by and signature or signed_paper, of cobranza.plan
        :return: whether this call did it
        :raise UserError: the offer cannot be accepted any more
        """
        self.ensure_one()
        plan = self.sudo().with_company(self.company_id)
        if plan.state == 'active':
            return False
        plan._lock_case()
        reason = plan._why_not_acceptable()
        if reason:
            raise UserError(reason)
        plan.flush_recordset()
        claimed = self.env.execute_query(
            SQL(
                "UPDATE cobranza_plan SET state = 'active' WHERE id = %s AND state = 'offered' RETURNING id",
                plan.id,
            )
        )
        plan.invalidate_recordset(['state'])
        if not claimed:
            return False
        plan.write({'signed_on': fields.Datetime.now(), **values})
        plan._activate(source)
        return True

    def _accept_on_paper(self, values):
        """Put a plan into force that was signed on paper; whoever may change it notes that."""
        self.check_access('write')
        if not self._accept(values, source='collector'):
            raise UserError(self.env._('This plan is in force already.'))

    def _activate(self, source):
        """Replace the promises of the items by the instalments, invoice the interest and say so."""
        self.ensure_one()
        self._replace_promises()
        self.env['cobranza.promise'].create(self._instalment_values(source))
        self._invoice_interest()
        self._log_in_case(
            self.env._(
                'Payment plan %(plan)s accepted by %(who)s', plan=self.name, who=self.signed_by
            ),
            direction='in',
        )

    def _replace_promises(self):
        """End the promises on the items that are no instalments."""
        older = self.line_ids.cobranza_promise_ids.filtered(
            lambda promise: promise.state in ('open', 'review') and not promise.plan_id
        )
        older._cancel('replaced')

    def _instalment_values(self, source):
        rounding = self.currency_id.rounding
        return [
            {
                'amount': from_units(capital + interest, rounding),
                'case_id': self.case_id.id,
                'currency_id': self.currency_id.id,
                'date': day,
                'grace_days': self.grace_days,
                'line_ids': [(6, 0, self.line_ids.ids)],
                'plan_id': self.id,
                'plan_number': number,
                'source': source,
                'user_id': self.user_id.id,
            }
            for number, day, capital, interest, _balance in self.schedule
        ]

    def _log_in_case(self, summary, direction='out', **values):
        """Append a contact about the plan to the history of its case."""
        return self.env['cobranza.interaction']._log(
            [
                {
                    'case_id': self.case_id.id,
                    'channel': 'email',
                    'direction': direction,
                    'purpose': 'reply',
                    'summary': summary,
                    **values,
                }
            ]
        )

    # === JUDGED BY THE LEDGER === #

    @api.model
    def _on_instalments_judged(self, promises):
        """Follow the plans of instalments whose state has changed."""
        plans = promises.plan_id.filtered(lambda plan: plan.state in ('active', 'completed'))
        if plans:
            plans._follow()
        better = promises.filtered(lambda promise: promise.state in ('open', 'kept', 'late'))
        better.plan_id.filtered(lambda plan: plan.state == 'defaulted')._review_default()

    def _follow(self):
        """Complete or default the plans whose instalments say so, all of a kind at once.

        A plan that stays what it is is not written, so that nothing is repeated the next day.
        """
        rows = self.env['cobranza.promise']._read_group(
            [('plan_id', 'in', self.ids)], ['plan_id'], ['state:array_agg']
        )
        changed = defaultdict(self.browse)
        for plan, states in rows:
            outcome = fate(states, plan.tolerance)
            if outcome != plan.state:
                changed[outcome] += plan
        for outcome, plans in changed.items():
            getattr(plans, f'_become_{outcome}')()

    def _become_active(self):
        """A payment was taken back: the plan is not paid any more."""
        self.write({'state': 'active', 'discount_pending': False})
        self._forget('_words_to_forgive')
        self._tell(
            {plan: self.env._('Payment plan %s is not paid any more', plan.name) for plan in self}
        )

    def _become_completed(self):
        """Close the debt: what was forgiven waits for its credit note."""
        waiting = self.filtered(
            lambda plan: plan.amount_discount and plan.discount_move_id.state != 'posted'
        )
        self.write({'state': 'completed'})
        waiting.write({'discount_pending': True})
        again = waiting.filtered(lambda plan: plan.discount_move_id.state == 'draft')
        again._ask_accountant({plan: plan._words_to_forgive() for plan in again})
        self._tell(
            {plan: self.env._('Payment plan %s was paid in full', plan.name) for plan in self}
        )

    def _become_defaulted(self):
        """Accelerate: nothing is promised any more, the whole debt is due and chased again."""
        self._end('defaulted')
        self._tell({plan: plan._words_of_default() for plan in self})
        self._review_books()

    def _words_of_default(self):
        return self.env._('Payment plan %s is in default: the whole debt is due again', self.name)

    def _end(self, state):
        """Stop plans; their open instalments are withdrawn.

        The link of a cancelled one no longer works; one in default may come back, and shows until then what it is.
        """
        # The state first: cancelled promises are judged, and these plans have been already.
        ended = {'access_token': False} if state == 'cancelled' else {}
        self.write({'state': state, 'discount_pending': False, **ended})
        self.promise_ids._cancel('withdrawn')

    def _tell(self, sentences):
        """Note what became of plans on their cases, and give the collectors a task.

        :param dict sentences: {plan: what happened}
        """
        self.case_id._message_log_batch(
            bodies={plan.case_id.id: sentence for plan, sentence in sentences.items()}
        )
        self._remind(sentences)
