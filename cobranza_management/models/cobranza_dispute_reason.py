from datetime import timedelta

from odoo import fields, models


class CobranzaDisputeReason(models.Model):
    """Why customers dispute, who settles it, in how many days and how."""

    _name = 'cobranza.dispute.reason'
    _description = 'Dispute Reason'
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    user_id = fields.Many2one(
        'res.users',
        string='Owner',
        company_dependent=True,
        domain=[('share', '=', False)],
        help='Who settles these disputes in this company. Empty: the supervisor of the team, else the collector.',
    )
    team_id = fields.Many2one('cobranza.team', company_dependent=True)
    answer_days = fields.Integer(
        string='Days to Answer',
        default=10,
        help='Days in which the customer should have an answer.',
    )
    instructions = fields.Text(
        translate=True, help='What to ask for and how to settle it; shown to whoever notes it.'
    )

    _answer_days_not_negative = models.Constraint(
        'CHECK(answer_days >= 0)', 'The days to answer cannot be negative.'
    )

    def _owner_of(self, case):
        """Return who settles a dispute of this reason: its owner, its team's supervisor, else the collector."""
        reason_sudo = self.sudo().with_company(case.company_id)
        return (
            reason_sudo.user_id.filtered('active')
            or reason_sudo.team_id.supervisor_id
            or case.user_id
            or self.env.user
        )

    def _deadline_of(self, company):
        """Return the day by which the customer should have an answer."""
        return company._cobranza_today() + timedelta(days=self.answer_days)
