from odoo import api, fields, models
from odoo.fields import Domain


class CobranzaCase(models.Model):
    """Whose work a case is today: its collector's, or that of who stands in for them."""

    _inherit = 'cobranza.case'

    is_mine = fields.Boolean(
        string='Mine Today',
        compute='_compute_is_mine',
        search='_search_is_mine',
        help='My case, or one of a colleague I stand in for today.',
    )
    cover_note = fields.Char(compute='_compute_cover_note', string='Covered')

    @api.model
    def _working_domain(self, user):
        """Return the Domain of the cases a person works on today: their own and those they cover."""
        stood_in = Domain('substitute_id', '=', user.id)
        left_to_team = Domain('substitute_id', '=', False)
        # active said in full: record rules ask this, and a context could lift the usual filter
        seat = Domain('user_id', '=', user.id) & Domain('active', '=', True)
        colleague = Domain('member_ids', 'any!', seat)
        return (
            Domain('user_id', '=', user.id)
            | self._away_domain(stood_in)
            | (self._away_domain(left_to_team) & Domain('team_id', 'any!', colleague))
        )

    @api.model
    def _away_domain(self, how):
        """Return the Domain of the cases whose collector is away today; whoever asks, absences are looked up."""
        absences = self.env['cobranza.absence']._current_domain() & how
        return Domain('user_id', 'any!', Domain('cobranza_absence_ids', 'any!', absences))

    @api.depends_context('uid')
    @api.depends('user_id', 'team_id')
    def _compute_is_mine(self):
        # a case nobody has is nobody's: no absence is looked up for it
        taken_sudo = self.sudo().filtered('user_id')
        # record rules ask as superuser: what is assigned belongs to the environment that asked
        mine = taken_sudo.filtered_domain(self._working_domain(self.env.user)).with_env(self.env)
        mine.is_mine = True
        (self - mine).is_mine = False

    def _search_is_mine(self, operator, value):
        if operator != 'in':
            return NotImplemented
        mine = self._working_domain(self.env.user)
        return Domain.OR(mine if wanted else ~mine for wanted in value)

    @api.depends('user_id')
    @api.depends_context('lang')
    def _compute_cover_note(self):
        absences = self.env['cobranza.absence']._of(self.user_id)
        for case in self:
            absence = absences.get(case.user_id)
            case.cover_note = absence._in_words() if absence else ''

    def _schedule(self, tasks):
        """Give tasks for somebody who is away to who stands in for them; where the team does, to its supervisor."""
        wanted = [task.get('user') or task['case'].user_id for task in tasks]
        supervisors = [task['case'].sudo()._supervisor() for task in tasks]
        users = self.env['res.users'].union(*wanted, *supervisors)
        absences = tasks[0]['case']._absences_of(users) if users else {}
        return super()._schedule(
            [
                {**task, 'user': self._who_is_there(user, supervisor, absences)}
                for task, user, supervisor in zip(tasks, wanted, supervisors)
            ]
        )

    def _absences_of(self, users):
        """Return {user: absence} on the day that it is in the company, whoever asks: a job has no time zone."""
        zone = str(self.company_id._cobranza_zone())
        return self.env['cobranza.absence'].with_context(tz=zone)._of(users)

    @api.model
    def _who_is_there(self, user, supervisor, absences):
        """Return who does today what is for `user`; somebody who is away too only when there is nobody else.

        :param dict absences: {user: absence of today}
        """
        for candidate in (user, supervisor):
            absence = absences.get(candidate)
            if candidate and not absence:
                return candidate
            if absence and absence.substitute_id:
                return absence.substitute_id
        return user
