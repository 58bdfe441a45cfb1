from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: Days over which promises taken are counted.
PROMISE_DAYS = 30
#: Days over which promises are judged.
KEPT_DAYS = 90
#: Companies that fit between the ids of two people.
MOST_COMPANIES = 4096


class CobranzaTeamBoard(models.Model):
    """A row for each collector of a company, and one for the cases nobody has: work in hand, work done.

    Every figure is a Domain: the SQL counts it, and a click opens the records it counted.
    """

    _name = 'cobranza.team.board'
    _description = 'Team Board'
    _auto = False
    _order = 'amount_overdue desc, id'
    _rec_name = 'user_id'

    company_id = fields.Many2one('res.company', readonly=True)
    currency_id = fields.Many2one('res.currency', readonly=True)
    user_id = fields.Many2one('res.users', string='Collector', readonly=True)
    team_id = fields.Many2one('cobranza.team', readonly=True)
    case_count = fields.Integer(string='Open Cases', readonly=True)
    amount_overdue = fields.Monetary(string='Overdue', readonly=True)
    capacity = fields.Integer(
        readonly=True, help='Open cases they can carry, over their teams; 0: no limit.'
    )
    load = fields.Float(
        readonly=True, aggregator='avg', help='Open cases ÷ capacity; above 1 it is too much.'
    )
    contact_today = fields.Integer(
        string='Contacts Today',
        readonly=True,
        help='Made or taken by a person; automatic ones apart.',
    )
    contact_yesterday = fields.Integer(string='Contacts Yesterday', readonly=True)
    promise_count = fields.Integer(
        string='Promises Taken', readonly=True, help='In the last 30 days, without the withdrawn.'
    )
    promise_amount = fields.Monetary(
        string='Amount Promised', readonly=True, help='In the last 30 days, in company currency.'
    )
    judged_count = fields.Integer(
        string='Promises Judged', readonly=True, help='Those whose day came in the last 90 days.'
    )
    kept_count = fields.Integer(string='Promises Kept', readonly=True)
    kept_rate = fields.Float(
        readonly=True, aggregator='avg', help='Kept ÷ judged, over the last 90 days.'
    )
    approval_count = fields.Integer(string='To Approve', readonly=True)
    cover_note = fields.Char(compute='_compute_cover_note', string='Covered')

    # === FIGURES === #

    @api.model
    def _figures(self):
        """Return {name: (model, Domain, {column: SQL aggregate})}; each model has company_id and user_id."""
        count, rows = SQL('COUNT(*)'), self._contact_domain()
        day, today = timedelta(days=1), fields.Date.context_today(self)
        promised = Domain('taken_on', '>', today - timedelta(days=PROMISE_DAYS)) & Domain(
            'state', '!=', 'cancelled'
        )
        Promise = self.env['cobranza.promise']
        judged = Domain('date', '>', today - timedelta(days=KEPT_DAYS)) & Domain(
            'state', 'in', Promise._JUDGED
        )
        begins = self._begin_of(today)
        return {
            'cases': (
                'cobranza.case',
                Domain('state', '=', 'open'),
                {'case_count': count, 'amount_overdue': SQL('SUM(amount_overdue)')},
            ),
            'today': (
                'cobranza.interaction',
                rows & Domain('date', '>=', begins),
                {'contact_today': count},
            ),
            'yesterday': (
                'cobranza.interaction',
                rows & Domain('date', '>=', begins - day) & Domain('date', '<', begins),
                {'contact_yesterday': count},
            ),
            'promises': (
                'cobranza.promise',
                promised,
                {'promise_count': count, 'promise_amount': SQL('SUM(amount_company)')},
            ),
            'judged': (
                'cobranza.promise',
                judged,
                {
                    'judged_count': count,
                    'kept_count': SQL('SUM(%s)', Promise._sql_flag(Promise._table, ('kept',))),
                    'kept_rate': SQL('AVG(%s)', Promise._sql_kept_rate(Promise._table)),
                },
            ),
            # a hand-off is about the cases of several people
            'approvals': (
                'cobranza.approval',
                Domain('case_id', '!=', False),
                {'approval_count': count},
            ),
        }

    @api.model
    def _contact_domain(self):
        """Return the Domain of contacts a person had: what left by itself and what did not arrive are none."""
        return self._took_place_domain() & self._by_person_domain()

    @api.model
    def _took_place_domain(self):
        """Return the Domain of contacts that did take place, each once, whoever made them."""
        return (
            Domain('purpose', '!=', 'correction')
            & Domain('correction_ids', '=', False)
            & Domain('replaced_by_ids', '=', False)
        )

    @api.model
    def _by_person_domain(self):
        """Return the Domain of contacts that no machine made."""
        channels = self.env['cobranza.channel']
        by_people = [code for code in channels._codes() if channels._of_code(code)._needs_person]
        return Domain('reminder_id', '=', False) | Domain('channel', 'in', by_people)

    @api.model
    def _begin_of(self, day):
        """Return the moment a day begins where the user is, naive UTC."""
        zone = pytz.timezone(self.env.context.get('tz') or self.env.user.tz or 'UTC')
        return (
            zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
        )

    # === THE TABLE === #

    @property
    def _table_query(self):
        """Return a row for each person: every figure counted once, joined by company and collector."""
        figures = self._figures()
        columns = [
            SQL('COALESCE(%s, 0) AS %s', SQL.identifier(name, column), SQL.identifier(column))
            for name, (_model, _domain, aggregates) in figures.items()
            for column in aggregates
        ]
        joins = [
            SQL(
                'LEFT JOIN (%(select)s) %(name)s ON %(name)s.company_id = person.company_id'
                ' AND %(name)s.user_id = person.user_id',
                select=self._sql_figure(model, domain, aggregates),
                name=SQL.identifier(name),
            )
            for name, (model, domain, aggregates) in figures.items()
        ]
        return SQL(
            """
            SELECT person.user_id * %(most)s + person.company_id AS id, person.company_id, company.currency_id,
                   NULLIF(person.user_id, 0) AS user_id, seat.team_id, COALESCE(seat.capacity, 0) AS capacity,
                   COALESCE(cases.case_count, 0)::float8 / NULLIF(seat.capacity, 0) AS load, %(columns)s
              FROM (%(people)s) person
              JOIN res_company company ON company.id = person.company_id
         LEFT JOIN (%(seats)s) seat ON seat.company_id = person.company_id AND seat.user_id = person.user_id
              %(joins)s
            """,
            most=MOST_COMPANIES,
            columns=SQL(', ').join(columns),
            people=self._sql_people(),
            seats=self._sql_seats(),
            joins=SQL(' ').join(joins),
        )

    def _read_group_select(self, aggregate_spec, query):
        """Return the kept rate of a group as that of all its promises: each person weighs as many as were judged."""
        if aggregate_spec != 'kept_rate:avg':
            return super()._read_group_select(aggregate_spec, query)
        rate, judged = (
            self._field_to_sql(self._table, name, query) for name in ('kept_rate', 'judged_count')
        )
        return SQL('SUM(%s * %s) / NULLIF(SUM(%s), 0)', rate, judged, judged)

    @api.model
    def _sql_figure(self, model, domain, aggregates):
        """Return the SELECT of a figure by company and collector; 0 stands for nobody."""
        query = self.env[model].sudo()._search(domain)
        user = SQL('COALESCE(%s, 0)', SQL.identifier(query.table, 'user_id'))
        company = SQL.identifier(query.table, 'company_id')
        query.groupby = SQL('%s, %s', company, user)
        return query.select(
            SQL('%s AS company_id', company),
            SQL('%s AS user_id', user),
            *(SQL('%s AS %s', sql, SQL.identifier(name)) for name, sql in aggregates.items()),
        )

    @api.model
    def _sql_people(self):
        """Return the SELECT of who has a row: members of teams, whoever has open cases, and nobody."""
        return SQL(
            """
            SELECT team.company_id, member.user_id
              FROM cobranza_team_member member
              JOIN cobranza_team team ON team.id = member.team_id AND team.active
             WHERE member.active
             UNION
            SELECT company_id, COALESCE(user_id, 0) FROM cobranza_case WHERE state = 'open'
            """,
            to_flush=[
                *self.env['cobranza.team.member']._fields.values(),
                self.env['cobranza.team']._fields['active'],
                self.env['cobranza.case']._fields['user_id'],
                self.env['cobranza.case']._fields['state'],
            ],
        )

    @api.model
    def _sql_seats(self):
        """Return the SELECT of the places in teams: the first team, and the capacity over all of them.

        One place without a limit makes the whole unlimited.
        """
        return SQL(
            """
            SELECT team.company_id, member.user_id,
                   (ARRAY_AGG(team.id ORDER BY team.sequence, team.id))[1] AS team_id,
                   CASE WHEN BOOL_AND(COALESCE(member.capacity, 0) > 0) THEN SUM(member.capacity) END AS capacity
              FROM cobranza_team_member member
              JOIN cobranza_team team ON team.id = member.team_id AND team.active
             WHERE member.active
          GROUP BY team.company_id, member.user_id
            """
        )

    @api.depends('user_id')
    @api.depends_context('lang')
    def _compute_cover_note(self):
        absences = self.env['cobranza.absence']._of(self.user_id)
        for row in self:
            absence = absences.get(row.user_id)
            row.cover_note = absence._in_words() if absence else ''

    @api.depends('user_id')
    @api.depends_context('lang')
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.user_id.name or self.env._('Nobody')

    # === DRILL-DOWN === #

    def _open_figure(self, name, **context):
        """Open the records a figure counted."""
        self.ensure_one()
        model, domain, _aggregates = self._figures()[name]
        return {
            'type': 'ir.actions.act_window',
            'name': self.display_name,
            'res_model': model,
            'view_mode': 'list,form',
            'views': [(False, 'list'), (False, 'form')],
            'domain': list(
                domain
                & Domain('company_id', '=', self.company_id.id)
                & Domain('user_id', '=', self.user_id.id)
            ),
            'context': {'create': False, **context},
        }

    def action_view_cases(self):
        """Open the open cases of this person, the largest debt first."""
        return self._open_figure('cases')

    def action_view_contacts_today(self):
        """Open today's contacts."""
        return self._open_figure('today')

    def action_view_contacts_yesterday(self):
        """Open yesterday's contacts."""
        return self._open_figure('yesterday')

    def action_view_promises(self):
        """Open the promises taken lately."""
        return self._open_figure('promises')

    def action_view_judged(self):
        """Open the promises whose day has come, by what became of them."""
        return self._open_figure('judged', group_by='state')

    def action_view_approvals(self):
        """Open what waits for approval."""
        return self._open_figure('approvals')

    def action_reassign(self):
        """Hand the open cases of this person to the others of the team."""
        self.ensure_one()
        cases = self.env['cobranza.case'].search(self.action_view_cases()['domain'])
        action = self.env['ir.actions.act_window']._for_xml_id(
            'cobranza_management.cobranza_reassign_wizard_action'
        )
        others = self.team_id._present_members().filtered(
            lambda member: member.user_id != self.user_id
        )
        return {
            **action,
            'context': {
                'default_case_ids': cases.ids,
                'default_member_ids': others.ids,
                'default_mode': 'load',
                'default_team_id': self.team_id.id,
            },
        }
