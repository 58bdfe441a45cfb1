from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_amount, format_date, formatLang

from ..tools import metrics
from .cobranza_board_mixin import Period

PERIODS = ('week', 'month')
#: What is summed up of each person in a period.
SUMS = ('contacts', 'right_party', 'promises', 'promised', 'judged', 'kept', 'collected')
#: Bars in the chart.
MOST_PEOPLE = 12


class CobranzaReportTeam(models.AbstractModel):
    """Each collector beside the others, a period against the same days of the one before."""

    _name = 'cobranza.report.team'
    _inherit = ['cobranza.board.mixin']
    _description = 'Team Dashboard'

    #: How each person works is the supervisors' to see.
    _SUPERVISORS_ONLY = True

    @api.model
    @api.readonly
    def get_board(self, period='week', company_id=None):
        """Return all that the dashboard shows, texts in the user's language, amounts in company currency.

        :param period: one of `PERIODS`, up to today; compared with as many days of the one before
        :param company_id: one of the companies switched on, by default the current one
        :return: {'companies', 'company_id', 'period', 'range', 'tiles', 'rows', 'chart'}
        """
        self._check_reader()
        company = self._company(company_id)
        self = self.with_company(company)
        period = period if period in PERIODS else PERIODS[0]
        now, before = self._ranges(period)
        mine, theirs = self._read_period(company, now), self._read_period(company, before)
        people = self._portfolios(company)
        users = sorted({*people, *mine, *theirs}, key=lambda user: (not user, user.name or ''))
        rows = [self._row(company, user, people, mine, theirs) for user in users]
        return {
            **self._companies_shown(company),
            'chart': self._chart(company, users, mine, theirs),
            'period': period,
            'range': self._in_days(now),
            'range_before': self._in_days(before),
            'rows': rows,
            'tiles': self._tiles(company, self._total(mine), self._total(theirs)),
        }

    @api.model
    def action_open(self, key, period='week', company_id=None, user_id=None):
        """Open the records behind a figure of a period, of everybody or of one person (0: of nobody)."""
        self._check_reader()
        company = self._company(company_id)
        self = self.with_company(company)
        figures = self._figures(
            company, self._ranges(period if period in PERIODS else PERIODS[0])[0]
        )
        if key not in figures:
            raise UserError(self.env._('There is nothing behind this figure.'))
        name, model, domain = figures[key]
        if isinstance(user_id, int):
            domain &= Domain('user_id', '=', user_id or False)
        return self._open(name, model, domain)

    # === PERIODS === #

    def _ranges(self, period):
        """Return the Period up to today, and the same days of the one before."""
        today = fields.Date.context_today(self)
        if period == 'week':
            first, step = today - timedelta(days=today.weekday()), timedelta(days=7)
        else:
            first, step = today.replace(day=1), relativedelta(months=1)
        return Period(first, today), Period(first - step, today - step)

    def _in_days(self, period):
        return ' – '.join(format_date(self.env, day, date_format='d MMM') for day in period)

    # === FIGURES === #

    def _figures(self, company, period):
        """Return {key: (name, model, Domain)} of what is counted of a period; each model has user_id."""
        mine = Domain('company_id', '=', company.id)
        board = self.env['cobranza.team.board']
        contacts = (
            mine
            & board._contact_domain()
            & Domain('date', '>=', board._begin_of(period.first))
            & Domain('date', '<', board._begin_of(period.last + timedelta(days=1)))
        )
        Promise = self.env['cobranza.promise']
        judged = mine & period.domain('date') & Domain('state', 'in', Promise._JUDGED)
        return {
            'portfolio': (self.env._('Portfolio'), 'cobranza.case', mine & Domain('state', '=', 'open')),
            'contacts': (self.env._('Contacts'), 'cobranza.interaction', contacts),
            'right_party': (
                self.env._('Right Party'), 'cobranza.interaction', contacts & Domain('is_right_party', '=', True),
            ),
            'promises': (
                self.env._('Promises Taken'), 'cobranza.promise',
                mine & period.domain('taken_on') & Domain('state', '!=', 'cancelled'),
            ),
            'kept_rate': (self.env._('Promises Kept'), 'cobranza.promise', judged),
            'collected': (self.env._('Collected'), 'cobranza.report.payment', mine & period.domain('date')),
        }  # fmt: skip

    def _read_period(self, company, period):
        """Return {user: {name of a sum: value}} of a period, in a constant number of statements."""
        figures = self._figures(company, period)
        read = (
            ('contacts', ('contacts',), ('__count',)),
            ('right_party', ('right_party',), ('__count',)),
            ('promises', ('promises', 'promised'), ('__count', 'amount_company:sum')),
            ('kept_rate', ('judged', 'kept'), ('judged_count:sum', 'kept_count:sum')),
            ('collected', ('collected',), ('paid:sum',)),
        )
        found = {}
        for key, names, aggregates in read:
            _name, model, domain = figures[key]
            for user, *values in self.env[model]._read_group(domain, ['user_id'], aggregates):
                row = found.setdefault(user, dict.fromkeys(SUMS, 0))
                row |= {name: float(value or 0) for name, value in zip(names, values)}
        return found

    def _portfolios(self, company):
        """Return {user: (open cases, overdue)} of whoever is in a team or has cases."""
        rows = self.env['cobranza.team.board']._read_group(
            [('company_id', '=', company.id)], ['user_id'], ['case_count:sum', 'amount_overdue:sum']
        )
        return {user: (count or 0, overdue or 0) for user, count, overdue in rows}

    def _total(self, found):
        return {name: sum(row[name] for row in found.values()) for name in SUMS}

    @staticmethod
    def _rates(sums):
        return sums | {
            'right_share': metrics.ratio(sums['right_party'], sums['contacts'], 100),
            'kept_rate': metrics.ratio(sums['kept'], sums['judged'], 100),
        }

    # === TILES, ROWS AND CHART === #

    def _tiles(self, company, now, before):
        now, before = self._rates(now), self._rates(before)
        up = {'better': 'up'}
        return [
            self._tile('contacts', self.env._('Contacts'), now['contacts'], before['contacts'],
                       self.env._('Contacts that a person had with a debtor; automatic ones apart'),
                       unit='count', **up),
            self._tile('right_party', self.env._('Right Party'), now['right_share'], before['right_share'],
                       self.env._('Contacts in which the debtor answered ÷ contacts × 100'), unit='percent', **up),
            self._tile('promises', self.env._('Promises Taken'), now['promises'], before['promises'],
                       self.env._('Promises taken, without the withdrawn'), unit='count',
                       note=format_amount(self.env, now['promised'], company.currency_id) if now['promised'] else '',
                       **up),
            self._tile('kept_rate', self.env._('Promises Kept'), now['kept_rate'], before['kept_rate'],
                       self.env._('Promises kept ÷ promises whose day came × 100'), unit='percent', **up),
            self._tile('collected', self.env._('Collected'), now['collected'], before['collected'],
                       self.env._('Payments applied to claims, by the collector who has the case'), unit='money',
                       company=company, **up),
        ]  # fmt: skip

    def _row(self, company, user, people, mine, theirs):
        """Return a line of the table: what a person has in hand, and what they did, beside the period before."""
        nothing = dict.fromkeys(SUMS, 0)
        now, before = (self._rates(found.get(user, nothing)) for found in (mine, theirs))
        cases, overdue = people.get(user, (0, 0))
        cell = lambda *args, **options: self._cell(now, before, *args, **options)  # noqa: E731
        return {
            'cells': [
                {'key': 'portfolio', 'value': formatLang(self.env, cases, digits=0),
                 'note': format_amount(self.env, overdue, company.currency_id), 'mood': 'same'},
                cell('contacts', 'contacts', 'count'),
                cell('right_party', 'right_share', 'percent'),
                cell('promises', 'promises', 'count'),
                cell('kept_rate', 'kept_rate', 'percent'),
                cell('collected', 'collected', 'money', company),
            ],
            'name': user.name or self.env._('Nobody'),
            'user_id': user.id or 0,
        }  # fmt: skip

    def _cell(self, now, before, key, name, unit, company=None):
        tile = self._tile(key, '', now[name], before[name], unit=unit, better='up', company=company)
        return {'key': key, 'value': tile['value'], 'note': tile['change'], 'mood': tile['mood']}

    def _chart(self, company, users, mine, theirs):
        """Return what the people with the largest sums collected, in both periods."""
        amount = lambda found, user: found.get(user, {}).get('collected', 0)  # noqa: E731 - three uses below
        best = sorted(users, key=lambda user: -amount(mine, user) - amount(theirs, user))[
            :MOST_PEOPLE
        ]
        best = [user for user in best if amount(mine, user) or amount(theirs, user)]
        return {
            'before': [round(amount(theirs, user), 2) for user in best],
            'currency': company.currency_id.name,
            'labels': [user.name or self.env._('Nobody') for user in best],
            'now': [round(amount(mine, user), 2) for user in best],
        }
