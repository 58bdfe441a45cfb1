from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount, format_date


class CobranzaPromise(models.Model):
    """A promise beyond the policy waits for a supervisor; a new one on the same items replaces older ones."""

    _inherit = 'cobranza.promise'

    review_reason = fields.Char(string='Why It Needs Approval', readonly=True)
    review_summary = fields.Char(compute='_compute_review_summary')

    @api.depends('amount', 'currency_id', 'date', 'review_reason')
    @api.depends_context('lang')
    def _compute_review_summary(self):
        """Say why the promise needs an approval, and what it promises."""
        for promise in self:
            promise.review_summary = ' · '.join(
                filter(
                    None,
                    (
                        promise.review_reason,
                        format_amount(self.env, promise.amount, promise.currency_id),
                        format_date(self.env, promise.date),
                    ),
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        promises = super().create(vals_list)
        if not self.env.su:
            promises._apply_policy()
        return promises

    def _apply_policy(self):
        """Accept promises that were just taken, or send them to a supervisor when they go beyond the policy."""
        for promise in self:
            breaches = promise.case_id._promise_breaches(promise)
            if breaches and not self._is_supervisor():
                promise.sudo().write({'state': 'review', 'review_reason': '; '.join(breaches)})
            else:
                promise._replace_older()
        self.sudo().filtered(lambda promise: promise.state == 'review')._alert('review')

    def _replace_older(self):
        """Cancel the live promises that do not fit beside this one on the same items: it renegotiates them."""
        self.ensure_one()
        self.case_id._replaced_by_promise(self)._cancel('replaced', replaced_by=self)

    def _replaceable(self):
        """Return those that a new promise for the same items may take the place of."""
        return self.filtered(lambda promise: promise.state in self._LIVE)

    # === APPROVING === #

    def action_approve(self):
        """Accept promises beyond the policy."""
        waiting_sudo = self._waiting_for_supervisor()
        waiting_sudo.write({'state': 'open'})
        self._on_judged(dict.fromkeys(waiting_sudo, ('review', 'open')))
        for promise in waiting_sudo:
            promise._replace_older()
        self._judge_cases(waiting_sudo.case_id)
        waiting_sudo.filtered(lambda promise: promise.state == 'open').case_id._move_to_promised()

    def action_refuse(self):
        """Refuse promises beyond the policy; whoever took them is told to call the customer."""
        self._waiting_for_supervisor()._cancel('refused')

    def _waiting_for_supervisor(self):
        """Return the promises as superuser, once it is sure that the user may decide on them and that they wait."""
        if not self._is_supervisor():
            raise AccessError(self.env._('Only a supervisor approves promises.'))
        self.check_access('write')
        if any(promise.state != 'review' for promise in self):
            raise UserError(self.env._('Only promises that wait for approval can be decided on.'))
        return self.sudo()

    # === WHAT HAPPENED, IN WORDS === #

    def _describe_taken(self):
        """Return what became of a promise that was just taken, as the collector is told."""
        self.ensure_one()
        parts = [
            self.env._(
                'Promise taken: %(amount)s for %(day)s.',
                amount=format_amount(self.env, self.amount, self.currency_id),
                day=format_date(self.env, self.date),
            )
        ]
        if self.state == 'review':
            parts.append(
                self.env._(
                    'It needs the approval of a supervisor: %(reasons)s.',
                    reasons=self.review_reason,
                )
            )
        replaced = self.search([('replaced_by_id', '=', self.id)])
        if replaced:
            parts.append(replaced._describe_replaced())
        return ' '.join(parts)

    def _describe_replaced(self):
        """Return that these promises give way to a new one."""
        return self.env._(
            'It takes the place of %(promises)s.',
            promises=', '.join(self.mapped('display_name')),
        )
