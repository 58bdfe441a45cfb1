from odoo import models
from odoo.tools import format_amount, format_date


class CobranzaPlan(models.Model):
    """The sentences of a plan, whole, in the reader's language: for the page, the mail and the agreement."""

    _inherit = 'cobranza.plan'

    def _words(self):
        """Return {name: sentence}, those that do not apply left out."""
        self.ensure_one()
        words = self._words_of_offer() | self._words_of_agreement()
        if self.amount_interest:
            words['interest'] = self.env._(
                'Interest included: %s.', self._money(self.amount_interest)
            )
        if self.amount_discount:
            words['discount'] = self.env._(
                'You save %s when you keep to it.', self._money(self.amount_discount)
            )
        if self.next_date:
            words['next'] = self.env._(
                'Next instalment: %(amount)s on %(day)s. Paid so far: %(paid)s of %(count)s.',
                amount=self._money(self.next_amount),
                day=format_date(self.env, self.next_date),
                paid=self.paid_count,
                count=self.payment_count,
            )
        return words

    def _money(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    def _words_of_offer(self):
        values = {
            'company': self.company_id.name,
            'count': len(self.schedule or ()),
            'day': format_date(self.env, self.offer_until),
            'debtor': self.partner_id.name,
            'total': self._money(self.amount_total),
        }
        return {
            'offer': self.env._(
                '%(company)s offers you to pay %(total)s in %(count)s payments.', **values
            ),
            'until': self.env._('This offer stands until %(day)s.', **values),
            'agree': self.env._(
                'By signing, you agree on behalf of %(debtor)s to pay %(total)s on the days of the plan, under its'
                ' conditions.',
                **values,
            ),
            'mail': self.env._(
                'here is the payment plan we spoke about: %(total)s in %(count)s payments. You can sign it until'
                ' %(day)s.',
                **values,
            ),
        }

    def _words_of_agreement(self):
        words = {
            'acknowledge': self.env._(
                'The debtor acknowledges a debt of %(debt)s and agrees to pay %(total)s as follows.',
                debt=self._money(self.amount_items),
                total=self._money(self.amount_total),
            ),
        }
        if self.signed_on:
            words['signed'] = self.env._(
                'Signed by %(who)s on %(day)s',
                who=self.signed_by or self.partner_id.name,
                day=format_date(self.env, self.signed_on),
            )
            words['agreed'] = self.env._(
                'You agreed with %(company)s to pay %(total)s in %(count)s payments.',
                company=self.company_id.name,
                total=self._money(self.amount_total),
                count=len(self.schedule or ()),
            )
        return words

    def _usual_conditions(self):
        """Return the sentences that a draft starts with, in the debtor's language."""
        plan = self.with_context(lang=self.partner_id.lang or self.env.lang)
        sentences = [
            plan.env._(
                'Each instalment is paid on or before its day; up to %s days later it still counts.',
                plan.grace_days,
            )
        ]
        sentences.append(plan._condition_of_default(plan.sudo().tolerance))
        if plan.amount_discount:
            sentences.append(
                plan.env._(
                    'The discount of %s is granted when the plan has been paid in full, and lost when it ends before.',
                    plan._money(plan.amount_discount),
                )
            )
        sentences.append(
            plan.env._('While the plan is kept, no further reminders of these documents are sent.')
        )
        return sentences

    def _condition_of_default(self, allowed):
        """Return the sentence that says when the plan ends.

        :param int allowed: instalments that may be missed
        """
        if allowed > 1:
            return self.env._(
                'When more than %s instalments, or the last one, are not paid in time, the plan ends and the whole'
                ' debt is due at once.',
                allowed,
            )
        if allowed:
            return self.env._(
                'When a second instalment, or the last one, is not paid in time, the plan ends and the whole debt is'
                ' due at once.'
            )
        return self.env._(
            'When an instalment is not paid in time, the plan ends and the whole debt is due at once.'
        )
