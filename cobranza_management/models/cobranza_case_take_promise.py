from odoo import models


class CobranzaCase(models.Model):
    """Taking a promise: what the policy says about it, and which older ones it takes the place of."""

    _inherit = 'cobranza.case'

    def _take_promise(self, values):
        """Write down a promise to pay; the policy accepts it or sends it to a supervisor.

        `_describe_taken` of the promise says what happened.
        """
        promise = super()._take_promise(values)
        if self.env.su:
            promise._apply_policy()  # people's promises were looked at when they were created
        if promise.state == 'open':
            self._move_to_promised()
        return promise

    def _move_to_promised(self):
        """Move the cards of debtors who have just promised; the daily cycle does the same for every other change.

        One whose situation was that already stays where a person put it, and one with an agency stays there.
        """
        Stage = self.env['cobranza.stage'].sudo()
        stage = Stage._of_kind().get('promised')
        moving = self.sudo().filtered(
            lambda case: (
                case.state == 'open'
                and case.situation != 'promised'
                and case.stage_id.kind not in Stage.STICKY_KINDS
            )
        )
        if stage:
            moves = dict.fromkeys(moving.ids, ('promised', stage.id))
            self.env['cobranza.case']._write_columns(['situation', 'stage_id'], moves)

    def _promise_breaches(self, promise):
        """Return why a promise, saved or not, needs approval: a list of sentences."""
        self.ensure_one()
        case_sudo = self.sudo()
        policy = self.env['cobranza.promise.policy']._of(case_sudo)
        if not policy:
            return []
        today = self.company_id._cobranza_today()
        others = case_sudo._live_promises(promise) - case_sudo._replaced_by_promise(promise)
        covered = sum(
            other._rest_in(self.currency_id) for other in others
        ) + promise.currency_id._convert(promise.amount, self.currency_id, self.company_id, today)
        # instalments were agreed under the policy of plans: they are money promised, not promises too many
        beside = others.filtered(lambda other: not other.plan_id)
        return policy.with_env(self.env)._explain_breaches(
            (promise.date - today).days,
            len(beside) + 1,
            covered / case_sudo.amount_overdue if case_sudo.amount_overdue > 0 else 1.0,
        )

    def _live_promises(self, promise):
        """Return the live promises of the debtor beside this one."""
        return self.promise_ids._origin.filtered(lambda p: p.state in p._LIVE) - promise._origin

    def _replaced_by_promise(self, promise):
        """Return the older promises on the same items that do not fit beside this one, given what is owed."""
        self.ensure_one()
        currency, lines = promise.currency_id, promise.line_ids._origin
        replaced = self.env['cobranza.promise'].sudo()
        total = promise.amount
        for older in self.sudo()._live_promises(promise)._replaceable().sorted('date'):
            if not older.line_ids & lines:
                continue
            rest = older._rest_in(currency)
            owed = sum(
                line.amount_residual_currency
                if line.currency_id == currency
                else line.company_currency_id._convert(
                    line.amount_residual, currency, line.company_id, promise.taken_on
                )
                for line in (older.line_ids | lines).sudo()
            )
            if currency.compare_amounts(total + rest, owed) > 0:
                replaced |= older
            else:
                total += rest
        return replaced
