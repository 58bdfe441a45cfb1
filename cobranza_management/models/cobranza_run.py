import logging
import time

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

#: Conflicts with the work of others, which the same cycle may not meet a second time.
CONFLICTS = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)
#: A debtor whose next item falls due this soon is about to fall due.
PRE_DUE_DAYS = 7
#: A cycle that started so long ago and has not ended was interrupted.
INTERRUPTED_HOURS = 6
#: So many new cases at once make the statistics of their table worth a refresh.
MANY = 500


class CobranzaRun(models.Model):
    """One daily cycle of one company: what it looked at, what it decided and why not, how long it took."""

    _name = 'cobranza.run'
    _description = 'Daily Cycle'
    _order = 'id desc'
    _rec_name = 'date'

    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    date = fields.Date(required=True, readonly=True)
    started_at = fields.Datetime(default=fields.Datetime.now, readonly=True)
    state = fields.Selection(
        [('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')],
        default='running',
        readonly=True,
    )
    error = fields.Char(readonly=True)
    phase_ids = fields.One2many(
        comodel_name='cobranza.run.phase', inverse_name='run_id', readonly=True
    )
    reason_ids = fields.One2many(
        comodel_name='cobranza.run.reason', inverse_name='run_id', readonly=True
    )
    seconds = fields.Float(readonly=True)
    statement_count = fields.Integer(string='Statements', readonly=True)
    case_count = fields.Integer(string='Open Cases', readonly=True)
    reminder_count = fields.Integer(string='Messages Decided', readonly=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    amount_overdue = fields.Monetary(readonly=True)
    sent_count = fields.Integer(compute='_compute_results', string='Sent')
    waiting_count = fields.Integer(compute='_compute_results', string='Waiting')
    review_count = fields.Integer(compute='_compute_results', string='To Approve')
    failed_count = fields.Integer(compute='_compute_results', string='Failed')
    reminder_ids = fields.One2many(
        comodel_name='cobranza.reminder', compute='_compute_reminder_ids', string='Messages'
    )

    #: The arrows of the cycle, in order: (name, label); each is a method `_phase_<name>` that returns a count.
    _PHASES = ('totals', 'cases', 'behaviour', 'segments', 'stages', 'assignment', 'decisions')

    # === RESULTS === #

    def _compute_results(self):
        groups = {
            'sent_count': ('ready', 'sent', 'delivered', 'read', 'replied'),
            'review_count': ('review',),
            'waiting_count': ('queued', 'held', 'refused', 'sending'),
            'failed_count': ('failed', 'unknown'),
        }
        rows = self.env['cobranza.reminder']._read_group(
            [('date', 'in', self.mapped('date')), ('company_id', 'in', self.company_id.ids)],
            ['company_id', 'date:day', 'state'],
            ['__count'],
        )
        counts = {
            (company, fields.Date.to_date(day), state): count for company, day, state, count in rows
        }
        for run in self:
            for name, states in groups.items():
                run[name] = sum(
                    counts.get((run.company_id, run.date, state), 0) for state in states
                )

    def _compute_reminder_ids(self):
        for run in self:
            run.reminder_ids = self.env['cobranza.reminder'].search(
                [('company_id', '=', run.company_id.id), ('date', '=', run.date)], limit=80
            )

    def action_view_reminders(self):
        """Open the messages of the day."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._('Messages'),
            'res_model': 'cobranza.reminder',
            'view_mode': 'list,form',
            'domain': [('company_id', '=', self.company_id.id), ('date', '=', self.date)],
            'context': {'search_default_group_state': 1},
        }

    # === RUNNING === #

    @api.model
    def _cron_daily_cycle(self):
        """Run the cycle of every company that collects; one that fails never stops the others."""
        companies = self.env['res.company'].search([('cobranza_active', '=', True)])
        commit = self.env['ir.cron']._commit_progress
        commit(remaining=len(companies))
        conflicts = []
        for company in companies:
            if company.cobranza_last_cycle_date != company._cobranza_today():
                try:
                    self._run_until_done(company, commit)
                except CONFLICTS as conflict:
                    conflicts.append(conflict)
            if not commit(1):
                break
        self.env.ref('cobranza_management.ir_cron_dispatch_reminders')._trigger()
        if conflicts:
            commit()
            raise conflicts[0]  # after everybody has had their turn: the scheduler hears of it

    def action_run_now(self):
        """Run the cycle of the current company and show its result."""
        if not self.env.user.has_group('cobranza_management.group_supervisor'):
            raise AccessError(self.env._('Only a supervisor can run the daily cycle.'))
        run = self.sudo()._run(self.env.company)
        return run._get_records_action(name=self.env._('Daily Cycle'))

    @api.model
    def _run(self, company, commit=None):
        """Run the whole cycle before dispatch and return its record, failed or done.

        :param commit: called after each phase. PostgreSQL checks every foreign key of a row again whenever it is
            updated in the transaction that wrote it: committing halves a first night.
        """
        self = self.with_company(company).with_context(
            tracking_disable=True, active_test=True, tz=str(company._cobranza_zone())
        )
        self._close_interrupted(company)
        run = self.create({'company_id': company.id, 'date': company._cobranza_today()})
        start, statements = time.monotonic(), self.env.cr.sql_log_count
        try:
            run._run_phases(commit)
        except OperationalError:
            raise  # a serialization conflict: the whole cycle is tried again
        except Exception as error:
            _logger.exception('The daily cycle of %s failed', company.name)
            run.write({'state': 'failed', 'error': str(error)})
        run.write(
            {
                'seconds': time.monotonic() - start,
                'statement_count': self.env.cr.sql_log_count - statements,
            }
        )
        return run

    @api.model
    def _close_interrupted(self, company):
        """Say of the cycles whose process died on the way that they did not come to their end."""
        long_ago = fields.Datetime.subtract(fields.Datetime.now(), hours=INTERRUPTED_HOURS)
        self.search(
            [
                ('company_id', '=', company.id),
                ('state', '=', 'running'),
                ('started_at', '<', long_ago),
            ]
        ).write({'state': 'failed', 'error': self.env._('It was interrupted.')})

    @api.model
    def _tune_planner(self):
        """Tell PostgreSQL what a phase is: a dozen queries of a tenth of a second, which take longer to compile."""
        self.env.cr.execute('SET LOCAL jit TO off; SET LOCAL random_page_cost TO 1.1')

    def _run_phases(self, commit):
        """Run the phases, each of them wholly or not at all; those before one that fails are kept."""
        for sequence, name in enumerate(self._PHASES):
            start, statements = time.monotonic(), self.env.cr.sql_log_count
            self._tune_planner()
            with self.env.cr.savepoint():
                count = getattr(self, f'_phase_{name}')(self.company_id)
            self.env['cobranza.run.phase'].create(
                {
                    'run_id': self.id,
                    'sequence': sequence,
                    'name': name,
                    'count': count,
                    'seconds': time.monotonic() - start,
                    'statement_count': self.env.cr.sql_log_count - statements,
                }
            )
            if commit:
                commit()
        self.reminder_count = count  # the last arrow decides the messages
        with self.env.cr.savepoint():
            self._finish()

    def _finish(self):
        """Write down where the company stands and when it was last worked on."""
        rows = self.env['cobranza.case']._read_group(
            [('company_id', '=', self.company_id.id), ('state', '=', 'open')],
            [],
            ['__count', 'amount_overdue:sum'],
        )
        count, overdue = rows[0]
        late = self.env['cobranza.case'].search_count(
            [('company_id', '=', self.company_id.id), ('amount_overdue', '>', 0)]
        )
        self.write({'state': 'done', 'case_count': count, 'amount_overdue': overdue})
        self.company_id.sudo().write(
            {
                'cobranza_last_cycle_date': self.date,
                'cobranza_mean_overdue': overdue / late if late else 0.0,
            }
        )

    # === PHASES: A CONSTANT NUMBER OF STATEMENTS EACH === #

    def _phase_totals(self, company):
        """Refresh the debtors with an item that fell due since the last cycle."""
        Line = self.env['account.move.line']
        Line._keep_netted_items(company)
        return self.env['cobranza.case']._refresh_aged(
            company, company.cobranza_last_cycle_date, Line._KEPT_ITEMS
        )

    def _phase_cases(self, company):
        """Open a case for every debtor with something to claim."""
        kept = self.env['account.move.line']._KEPT_ITEMS
        count = self.env['cobranza.case']._create_missing(company, kept)
        if count > MANY:
            # The planner still believes the table empty, and would join every case with every item.
            self.env.cr.execute('ANALYZE cobranza_case')
        return count

    def _phase_behaviour(self, company):
        """Measure how late debtors pay: those who paid since the last cycle, once a week all of them."""
        weekly = self.date.weekday() == 0
        return self.env['cobranza.case']._refresh_behaviour(
            company, None if weekly else company.cobranza_last_cycle_date
        )

    def _phase_segments(self, company):
        """Classify the open cases, log the changes, and give each the strategy of its segment."""
        Case, Segment = self.env['cobranza.case'], self.env['cobranza.segment']
        segments = Segment._classify(company)
        default = company.cobranza_strategy_id.id or None
        strategies = {
            segment.id: segment.strategy_id.id or default for segment in Segment.search([])
        }
        manual = dict(
            Case._read_columns(
                Domain('company_id', '=', company.id) & Domain('strategy_manual', '=', True),
                ['id', 'strategy_id'],
            )
        )
        changed = Case._write_columns(
            ['segment_id', 'strategy_id'],
            {
                case_id: (
                    segment_id,
                    manual[case_id] if case_id in manual else strategies.get(segment_id, default),
                )
                for case_id, segment_id in segments.items()
            },
        )
        self._log_segment_changes(changed, segments)
        return len(changed)

    def _log_segment_changes(self, changed, segments):
        """Append the changes in one statement; a case's first segment is not a change."""
        moved = {
            case_id: old for case_id, old in changed.items() if old and old != segments[case_id]
        }
        if moved:
            self.env.cr.execute(
                """
                INSERT INTO cobranza_segment_change (case_id, company_id, date, old_segment_id, new_segment_id)
                SELECT case_id, %s, %s, old, new FROM UNNEST(%s, %s::int[], %s::int[]) AS moved(case_id, old, new)
                """,
                [
                    self.company_id.id,
                    self.date,
                    list(moved),
                    list(moved.values()),
                    [segments[c] for c in moved],
                ],
            )

    def _phase_stages(self, company):
        """Move the cards whose situation changed; one that did not change stays where a person put it."""
        Case, Stage = self.env['cobranza.case'], self.env['cobranza.stage']
        mine = Domain('company_id', '=', company.id)
        situations = {}
        for kind, domain in reversed(self._situations(company)):
            situations.update(dict.fromkeys(Case._search(mine & domain), kind))
        stage_of = {kind: stage.id for kind, stage in Stage._of_kind().items()}
        sticky = set(Stage._search([('kind', 'in', Stage.STICKY_KINDS)]))
        moves = {}
        for case_id, before, stage_id, state in Case._read_columns(
            mine, ['id', 'situation', 'stage_id', 'state']
        ):
            situation = situations[case_id]
            if situation != before:
                stays = stage_id in sticky and state == 'open'
                moves[case_id] = situation, stage_id if stays else stage_of.get(situation, stage_id)
        return len(Case._write_columns(['situation', 'stage_id'], moves))

    def _situations(self, company):
        """Return (kind, Domain) pairs; the first that matches is the case's situation."""
        today = company._cobranza_today()
        is_open = Domain('state', '=', 'open')
        return [
            ('promised', is_open & Domain('promise_date', '>=', today)),
            ('broken', is_open & Domain('promise_ids.state', '=', 'broken')),
            ('late', is_open & Domain('aging_kind', '=', 'late')),
            ('early', is_open & Domain('aging_kind', '=', 'early')),
            (
                'pre_due',
                is_open
                & Domain('oldest_due_date', '<=', fields.Date.add(today, days=PRE_DUE_DAYS)),
            ),
            ('up_to_date', Domain.TRUE),
        ]

    def _phase_assignment(self, company):
        """Hand the cases nobody has to the teams: the segment's, else the default one."""
        Case = self.env['cobranza.case']
        orphans = Case._read_columns(
            [('company_id', '=', company.id), ('state', '=', 'open'), ('user_id', '=', False)],
            ['id', 'segment_id'],
            order='amount_overdue desc, id',
        )
        teams = self.env['cobranza.team'].search([('company_id', '=', company.id)])
        default = teams.filtered('is_default')[:1]
        segments = self.env['cobranza.segment'].browse({s for _case, s in orphans if s})
        team_of = {segment.id: segment.team_id & teams for segment in segments}
        cases_of, hands = {}, {}
        for case_id, segment_id in orphans:
            cases_of.setdefault(team_of.get(segment_id) or default, []).append(case_id)
        for team, case_ids in cases_of.items():
            if team:
                users = team._assign(Case.browse(case_ids))
                hands |= {case_id: (users.get(case_id), team.id) for case_id in case_ids}
        Case._write_columns(['user_id', 'team_id'], hands)
        return sum(1 for user_id, _team_id in hands.values() if user_id)


class CobranzaRunPhase(models.Model):
    """A phase of a daily cycle: how much, how long."""

    _name = 'cobranza.run.phase'
    _description = 'Phase of a Daily Cycle'
    _order = 'run_id, sequence'

    run_id = fields.Many2one('cobranza.run', required=True, index=True, ondelete='cascade')
    sequence = fields.Integer()
    name = fields.Selection(
        [
            ('cases', 'Cases opened'),
            ('totals', 'Totals aged'),
            ('behaviour', 'Paying habits measured'),
            ('segments', 'Segments changed'),
            ('stages', 'Cards moved'),
            ('assignment', 'Cases assigned'),
            ('decisions', 'Messages decided'),
        ],
        required=True,
    )
    count = fields.Integer()
    seconds = fields.Float(digits=(16, 3))
    statement_count = fields.Integer(string='Statements')


class CobranzaRunReason(models.Model):
    """Why debtors got no message in a daily cycle, and how many."""

    _name = 'cobranza.run.reason'
    _description = 'Reason for No Message'
    _order = 'run_id, count desc'

    run_id = fields.Many2one('cobranza.run', required=True, index=True, ondelete='cascade')
    code = fields.Selection(
        [
            ('not_due', 'No step is due'),
            ('given', 'The due step was given before'),
            ('below_minimum', 'Below the smallest claim'),
            ('hold', 'On hold'),
            ('promised', 'Live promise'),
            ('waiting', 'A message is already waiting'),
            ('no_strategy', 'No strategy'),
        ],
        required=True,
    )
    count = fields.Integer()
