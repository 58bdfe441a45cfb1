from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.plans import Limits


class CobranzaPlanPolicy(models.Model):
    """What a collector may agree alone; beyond it, a supervisor approves the plan."""

    _name = 'cobranza.plan.policy'
    _description = 'Payment Plan Policy'
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', help='Empty: every company without one of its own.')
    segment_id = fields.Many2one(
        'cobranza.segment', ondelete='cascade', help='Empty: the segments without one of their own.'
    )
    max_months = fields.Integer(string='Most Months', default=12, help='0: no limit.')
    max_count = fields.Integer(string='Most Instalments', default=12, help='0: no limit.')
    min_down_share = fields.Float(
        string='Smallest Down Payment (%)', help='Percent of the debt; 0: none is needed.'
    )
    max_discount_share = fields.Float(
        string='Largest Discount (%)', help='Percent of the debt; 0: no discount.'
    )
    min_yearly_rate = fields.Float(
        string='Lowest Interest (% a Year)',
        help='What the interest amounts to as a simple rate a year on what is owed meanwhile; 0: none is needed.',
    )
    tolerance = fields.Integer(
        string='Instalments That May Be Missed',
        default=1,
        help='One more and the plan is in default: the whole debt is due again.',
    )
    grace_days = fields.Integer(default=3, help='Days after the day of an instalment.')
    validity_days = fields.Integer(
        string='Offer Stands For (Days)',
        default=7,
        help='At most until the day of the first payment.',
    )

    _sane_limits = models.Constraint(
        'CHECK(max_months >= 0 AND max_count >= 0 AND min_down_share BETWEEN 0 AND 100'
        ' AND max_discount_share BETWEEN 0 AND 100 AND min_yearly_rate >= 0 AND tolerance >= 0'
        ' AND grace_days >= 0 AND validity_days >= 0)',
        'Limits are zero or more, and shares at most 100 %.',
    )

    @api.model
    def _for_case(self, case):
        """Return the policy of a case, one of its company and segment before the general ones; maybe none."""
        policies_sudo = self.sudo().search(
            Domain('company_id', 'in', [case.company_id.id, False])
            & Domain('segment_id', 'in', [case.segment_id.id, False])
        )
        return policies_sudo.sorted(lambda policy: (not policy.company_id, not policy.segment_id))[
            :1
        ]

    def _limits(self):
        """Return the tools.plans.Limits; without a policy nothing is limited."""
        if not self:
            return Limits()
        self.ensure_one()
        return Limits(
            months=self.max_months or None,
            count=self.max_count or None,
            down_share=self.min_down_share,
            discount_share=self.max_discount_share,
            yearly_rate=self.min_yearly_rate,
        )
