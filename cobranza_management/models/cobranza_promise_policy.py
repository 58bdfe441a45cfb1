from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import float_compare

from ..tools.promises import Limits, exceeded


class CobranzaPromisePolicy(models.Model):
    """How far a collector's word goes with a kind of debtor; beyond it a supervisor approves."""

    _name = 'cobranza.promise.policy'
    _description = 'Promise Policy'
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help='The first policy that fits the debtor counts.')
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', help='Empty: every company.')
    segment_ids = fields.Many2many(
        'cobranza.segment', string='Segments', help='Empty: debtors of every segment.'
    )
    broken_from = fields.Integer(
        string='Broken Promises From',
        help='Only debtors with at least so many broken promises; 0: whatever their record.',
    )
    kept_below = fields.Float(
        string='Keeps Less Than',
        help='Only debtors who keep a smaller share of their promises, 0 to 1; 0: whatever their record.',
    )
    max_days = fields.Integer(
        string='Longest Delay',
        default=30,
        help='Days from today to the day promised; 0: no limit.',
    )
    max_open = fields.Integer(
        string='Most Open Promises',
        default=2,
        help='Promises of one debtor that may be open at once; 0: no limit.',
    )
    min_share = fields.Float(
        string='Smallest Share',
        help='Part of what is overdue that open promises must cover, 0 to 1; 0: no limit.',
    )

    _sane_limits = models.Constraint(
        'CHECK(max_days >= 0 AND max_open >= 0 AND broken_from >= 0'
        ' AND min_share BETWEEN 0 AND 1 AND kept_below BETWEEN 0 AND 1)',
        'Limits cannot be negative; shares go from 0 to 100 %.',
    )

    @api.model
    def _of(self, case):
        """Return the first policy that fits the debtor of a case; none if there is none."""
        policies = self.sudo().search(Domain('company_id', 'in', (False, case.company_id.id)))
        return next((policy for policy in policies if policy._fits(case)), self.browse())

    def _fits(self, case):
        """Tell whether a policy is about this debtor: its segment and its own record."""
        self.ensure_one()
        if self.segment_ids and case.segment_id not in self.segment_ids:
            return False
        if case.broken_promise_count < self.broken_from:
            return False
        return not self.kept_below or (
            case.promise_judged_count > 0
            and float_compare(case.promise_kept_rate, self.kept_below, precision_digits=4) < 0
        )

    def _explain_breaches(self, days, open_promises, share):
        """Return the sentences that say why a promise needs approval, none when it does not.

        :param int days: from today to the day promised
        :param int open_promises: of the debtor, the new one included
        :param float share: of what is overdue that open promises cover, 0 to 1
        """
        limits = Limits(self.max_days, self.max_open, self.min_share)
        return [
            getattr(self, f'_explain_{name}')({'days': days, 'open_promises': open_promises, 'share': share}[name])
            for name in exceeded(limits, days, open_promises, share)
        ]  # fmt: skip

    def _explain_days(self, days):
        return self.env._(
            'it is %(days)s days away, the limit is %(limit)s', days=days, limit=self.max_days
        )

    def _explain_open_promises(self, count):
        return self.env._(
            'it would be open promise number %(count)s, the limit is %(limit)s',
            count=count,
            limit=self.max_open,
        )

    def _explain_share(self, share):
        return self.env._(
            'it covers %(share)s%% of what is overdue, the least is %(limit)s%%',
            share=round(100 * share),
            limit=round(100 * self.min_share),
        )
