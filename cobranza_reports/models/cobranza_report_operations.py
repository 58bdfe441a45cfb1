from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_amount, format_date, format_datetime, formatLang

#: Days of the chart of promises, today the first; people in the list of queues.
DAYS_AHEAD, MOST_PEOPLE = 14, 8
#: Colours of the states of messages, in the order in which they are shown.
STATES = {
    'review': '#6B3FA0',
    'queued': '#8A949E',
    'held': '#C77700',
    'refused': '#C77700',
    'sending': '#8A949E',
    'ready': '#2B6CB0',
    'sent': '#1D7A3C',
    'delivered': '#1D7A3C',
    'read': '#155D2E',
    'replied': '#0B4F6C',
    'unknown': '#B3261E',
    'failed': '#B3261E',
    'cancelled': '#B8C0C8',
}


class CobranzaReportOperations(models.AbstractModel):
    """The day of a company, for its supervisors: who is to be worked on, what leaves, what falls due, what is late.

    Every figure is a Domain: it is counted, and a click opens the records that were counted.
    """

    _name = 'cobranza.report.operations'
    _inherit = ['cobranza.board.mixin']
    _description = 'Operations Dashboard'

    #: Queues, messages and tasks are not an accountant's.
    _SUPERVISORS_ONLY = True

    @api.model
    @api.readonly
    def get_board(self, company_id=None):
        """Return all that the dashboard shows, texts in the user's language, amounts in company currency.

        :param company_id: one of the companies switched on, by default the current one
        :return: {'companies', 'company_id', 'tiles', 'messages', 'people', 'promises', 'run'}
        """
        self._check_reader()
        company = self._company(company_id)
        self = self.with_company(company)
        return {
            **self._companies_shown(company),
            'messages': self._messages(company),
            'people': self._people(company),
            'promises': self._promises(company),
            'run': self._last_run(company),
            'tiles': self._tiles(company),
        }

    @api.model
    def action_open(self, key, company_id=None):
        """Open the records behind a figure, one of `_figures` or a state of messages."""
        self._check_reader()
        company = self._company(company_id)
        self = self.with_company(company)
        figures = self._figures(company)
        if key == 'available':
            ids = self.env['cobranza.workbench.queue']._available_ids(self._queue_domain(company))
            known = Domain('id', 'in', ids)
            return self._open(self.env._('Available Now'), 'cobranza.case', known)
        if key not in figures:
            raise UserError(self.env._('There is nothing behind this figure.'))
        name, model, domain = figures[key]
        return self._open(name, model, domain)

    # === FIGURES === #

    def _figures(self, company):
        """Return {key: (name, model, Domain)} of what is counted."""
        mine = Domain('company_id', '=', company.id)
        today = fields.Date.context_today(self)
        sunday = today + timedelta(days=6 - today.weekday())
        promise = mine & Domain('state', 'in', self.env['cobranza.promise']._LIVE)
        messages = mine & Domain('date', '=', today)
        states = dict(
            self.env['cobranza.reminder']._fields['state']._description_selection(self.env)
        )
        return {
            'queue': (self.env._('To Work Today'), 'cobranza.case', self._queue_domain(company)),
            'worked': (self.env._('Worked Today'), 'cobranza.interaction', mine & self._worked_domain()),
            'promises_today': (
                self.env._('Promises Due Today'), 'cobranza.promise', promise & Domain('date', '=', today),
            ),
            'promises_week': (
                self.env._('Promises Due This Week'), 'cobranza.promise',
                promise & Domain('date', '>=', today) & Domain('date', '<=', sunday),
            ),
            'tasks': (
                self.env._('With Late Tasks'), 'cobranza.case',
                mine & Domain('activity_ids', 'any', [('date_deadline', '<', today)]),
            ),
            'approvals': (self.env._('To Approve'), 'cobranza.approval', mine),
            **{
                f'message_{state}': (label, 'cobranza.reminder', messages & Domain('state', '=', state))
                for state, label in states.items()
            },
        }  # fmt: skip

    def _queue_domain(self, company):
        queue = self.env['cobranza.workbench.queue']
        return queue._everybodys_domain() & Domain('company_id', '=', company.id)

    def _worked_domain(self):
        """Return the Domain of the contacts that people had today."""
        board = self.env['cobranza.team.board']
        begins = self.env['cobranza.workbench.queue']._day_start()
        return board._contact_domain() & Domain('date', '>=', begins)

    # === TILES === #

    def _tiles(self, company):
        figures = self._figures(company)
        total, waiting = self.env['cobranza.workbench.queue']._counts(figures['queue'][2])
        Contact = self.env['cobranza.interaction']
        worked = Contact._read_group(figures['worked'][2], [], ['case_id:count_distinct'])[0][0]
        sums = {key: self._promised(figures[key][2]) for key in ('promises_today', 'promises_week')}
        # a supervisor sees every case of the company: asking for each task's document would say the same, slowly
        tasks = self.env['cobranza.case'].sudo().search_count(figures['tasks'][2])
        return [
            self._count('queue', figures, total,
                        self.env._('Open cases with something overdue, or somebody to call back or to call today'),
                        note=self._waiting_note(waiting)),
            self._count('available', {'available': [self.env._('Available Now')]}, total - waiting,
                        self.env._('Those to work today who are not on hold, promised or to be called back later; the'
                                   ' hours of the law are asked case by case')),
            self._count('worked', figures, worked, self.env._('Debtors with whom a person had a contact today'),
                        note=self._share_note(worked, total - waiting)),
            self._count('promises_today', figures, sums['promises_today'][0],
                        self.env._('Live promises whose day is today'),
                        note=self._money_note(company, sums['promises_today'])),
            self._count('promises_week', figures, sums['promises_week'][0],
                        self.env._('Live promises whose day is from today to Sunday'),
                        note=self._money_note(company, sums['promises_week'])),
            self._count('tasks', figures, tasks, self.env._('Cases with a task whose day has passed'),
                        mood='bad' if tasks else 'good'),
            self._count('approvals', figures,
                        self.env['cobranza.approval'].search_count(figures['approvals'][2]),
                        self.env._('Messages, promises, plans and other decisions that wait for a second person')),
        ]  # fmt: skip

    def _count(self, key, figures, value, formula, note='', mood='same'):
        """Return the tile of a number of records."""
        tile = self._tile(key, figures[key][0], value, formula=formula, unit='count', note=note)
        return tile | {'mood': mood, 'alarm': mood == 'bad'}

    def _promised(self, domain):
        """Return (number, amount in company currency) of promises."""
        return self.env['cobranza.promise']._read_group(
            domain, [], ['__count', 'amount_company:sum']
        )[0]

    def _waiting_note(self, waiting):
        number = formatLang(self.env, waiting, digits=0)
        return self.env._('%s known to wait', number) if waiting else ''

    def _money_note(self, company, counted):
        count, amount = counted
        return format_amount(self.env, amount, company.currency_id) if count else ''

    def _share_note(self, worked, available):
        """Say how far the day has come."""
        if not worked + available:
            return ''
        return self.env._(
            '%s %% of the day', formatLang(self.env, 100 * worked / (worked + available), digits=0)
        )

    # === PANELS === #

    def _messages(self, company):
        """Return the messages of today by state, [{id, name, color, amount, share}]."""
        labels = {key: name for key, (name, _model, _domain) in self._figures(company).items()}
        today = fields.Date.context_today(self)
        counts = dict(
            self.env['cobranza.reminder']._read_group(
                [('company_id', '=', company.id), ('date', '=', today)], ['state'], ['__count']
            )
        )
        return self._bars(
            [
                {
                    'amount': formatLang(self.env, counts[state], digits=0),
                    'color': color,
                    'id': f'message_{state}',
                    'name': labels[f'message_{state}'],
                    'size': counts[state],
                }
                for state, color in STATES.items()
                if counts.get(state)
            ]
        )

    def _people(self, company):
        """Return whose queue is longest, [{id, name, amount, share}]."""
        rows = self.env['cobranza.case']._read_group(
            self._queue_domain(company),
            ['user_id'],
            ['__count', 'amount_overdue:sum'],
            order='__count DESC',
            limit=MOST_PEOPLE,
        )
        return self._bars(
            [
                {
                    'amount': formatLang(self.env, count, digits=0),
                    'color': '#0B4F6C' if user else '#B3261E',
                    'id': user.id or 0,
                    'name': user.name or self.env._('Nobody'),
                    'note': format_amount(self.env, overdue or 0, company.currency_id),
                    'size': count,
                }
                for user, count, overdue in rows
            ]
        )

    @api.model
    def action_open_queue(self, user_id, company_id=None):
        """Open the queue of one person, or of nobody."""
        self._check_reader()
        company = self._company(company_id)
        user = self.env['res.users'].browse(user_id if isinstance(user_id, int) else 0)
        domain = self.with_company(company)._queue_domain(company)
        return self._open(
            user.name or self.env._('Nobody'),
            'cobranza.case',
            domain & Domain('user_id', '=', user.id or False),
        )

    def _promises(self, company):
        """Return what was promised for each of the days to come, for the chart."""
        today = fields.Date.context_today(self)
        days = [today + timedelta(days=number) for number in range(DAYS_AHEAD)]
        amounts = dict(
            self.env['cobranza.promise']._read_group(
                Domain('company_id', '=', company.id)
                & Domain('state', 'in', self.env['cobranza.promise']._LIVE)
                & Domain('date', '>=', days[0])
                & Domain('date', '<=', days[-1]),
                ['date:day'],
                ['amount_company:sum'],
            )
        )
        return {
            'labels': [format_date(self.env, day, date_format='EEE d') for day in days],
            'amounts': [round(amounts.get(day) or 0, 2) for day in days],
            'currency': company.currency_id.name,
        }

    def _last_run(self, company):
        """Return how the last daily cycle went, None before the first."""
        run = self.env['cobranza.run'].search([('company_id', '=', company.id)], limit=1)
        if not run:
            return None
        number = lambda value: formatLang(self.env, value, digits=0)  # noqa: E731 - three uses below
        phases = dict(run.phase_ids._fields['name']._description_selection(self.env))
        reasons = dict(run.reason_ids._fields['code']._description_selection(self.env))
        return {
            'error': run.error or '',
            'id': run.id,
            'moment': format_datetime(self.env, run.started_at, dt_format='medium'),
            'phases': [
                {'id': phase.id, 'name': phases[phase.name], 'count': number(phase.count)}
                for phase in run.phase_ids
            ],
            'reasons': [
                {'id': reason.id, 'name': reasons[reason.code], 'count': number(reason.count)}
                for reason in run.reason_ids[:5]
            ],
            'seconds': self.env._('%s seconds', formatLang(self.env, run.seconds, digits=1)),
            'state': run.state,
            'state_name': dict(run._fields['state']._description_selection(self.env))[run.state],
        }
