from odoo import fields, models
from odoo.fields import Domain

from ..tools.assignment import Member, distribute


class CobranzaTeam(models.Model):
    """Collectors who share a portfolio."""

    _name = 'cobranza.team'
    _description = 'Collection Team'
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        'res.company', required=True, default=lambda self: self.env.company
    )
    supervisor_id = fields.Many2one('res.users', help='Gets what is escalated.')
    member_ids = fields.One2many(
        comodel_name='cobranza.team.member', inverse_name='team_id', string='Collectors'
    )
    is_default = fields.Boolean(
        string='Takes Other Cases', help='Gets the cases whose segment names no team.', default=True
    )
    case_count = fields.Integer(compute='_compute_case_count')

    def _compute_case_count(self):
        counts = dict(
            self.env['cobranza.case']._read_group(
                [('team_id', 'in', self.ids), ('state', '=', 'open')], ['team_id'], ['__count']
            )
        )
        for team in self:
            team.case_count = counts.get(team, 0)

    def _assign(self, cases):
        """Decide who gets each of `cases`: rules first, then load.

        :return: {case id: user id}; cases nobody can take are left out
        """
        self.ensure_one()
        assigned, loads = {}, self._member_loads()
        remaining = cases
        present = self._present_members()
        by_rule = present.filtered('condition')
        for members in (by_rule, present - by_rule):
            for group, mine in members._matching(remaining):
                handed = distribute(
                    mine.ids,
                    [
                        Member(member.user_id.id, loads.get(member.user_id.id, 0), member.capacity)
                        for member in group
                    ],
                )
                for user_id in handed.values():
                    loads[user_id] = loads.get(user_id, 0) + 1
                assigned |= handed
                remaining = remaining.browse(
                    case_id for case_id in remaining._ids if case_id not in handed
                )
        return assigned

    def _present_members(self):
        """Return the members who can be given cases: at work, and with the right to work on them."""
        who_collect = self.env['res.users']._who_collect(self.company_id)
        away = self.env['cobranza.absence']._of(self.member_ids.user_id)
        return self.member_ids.filtered(
            lambda member: member.user_id in who_collect and member.user_id not in away
        )

    def _member_loads(self):
        """Return {user id: open cases in hand}."""
        rows = self.env['cobranza.case']._read_group(
            [('user_id', 'in', self.member_ids.user_id.ids), ('state', '=', 'open')],
            ['user_id'],
            ['__count'],
        )
        return {user.id: count for user, count in rows}


class CobranzaTeamMember(models.Model):
    """A collector's place in a team: which cases they take and how many."""

    _name = 'cobranza.team.member'
    _inherit = ['cobranza.condition.mixin']
    _description = 'Collector of a Team'
    _order = 'team_id, sequence, id'
    _rec_name = 'user_id'

    team_id = fields.Many2one('cobranza.team', required=True, index=True, ondelete='cascade')
    sequence = fields.Integer(default=10)
    user_id = fields.Many2one('res.users', required=True, domain=[('share', '=', False)])
    capacity = fields.Integer(help='Open cases this collector can carry; 0: no limit.')
    active = fields.Boolean(
        default=True, help='Switch off while the collector is away: new cases go to the others.'
    )

    _unique_user = models.Constraint(
        'UNIQUE(team_id, user_id)', 'This collector is already in the team.'
    )

    def _matching(self, cases):
        """Yield (members with the same condition, the cases they take)."""
        for condition, members in self.grouped(lambda member: member.condition or '').items():
            domain = members[0]._condition_domain() & Domain('id', 'in', cases.ids)
            yield members, (cases.search(domain, order='id') if condition else cases)
