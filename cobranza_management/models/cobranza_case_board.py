from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, format_date

from .cobranza_expression_mixin import (
    IntegerExpression,
    JsonExpression,
    Many2oneExpression,
    SelectionExpression,
    search_expression,
)

#: Priority is the sum of these parts; each is capped, so that no single one decides alone.
MAX_AMOUNT, MAX_DAYS, MAX_BROKEN, MAX_HABIT = 40, 30, 20, 10
HIGH, MEDIUM = 60, 30


class CobranzaCase(models.Model):
    """What boards, lists and queues show of a case: aging, priority with its reasons, next action."""

    _inherit = 'cobranza.case'

    days_overdue = IntegerExpression(
        compute='_compute_expressions',
        search=search_expression('days_overdue'),
        aggregator='max',
        help='Days since the due date of the oldest claim; negative before it.',
    )
    aging_bucket_id = Many2oneExpression(
        'cobranza.aging.bucket',
        string='Aging',
        compute='_compute_expressions',
        search=search_expression('aging_bucket_id'),
    )
    aging_kind = SelectionExpression(
        [('pre_due', 'Not due'), ('early', 'Early delinquency'), ('late', 'Late delinquency')],
        string='Delinquency',
        compute='_compute_expressions',
        search=search_expression('aging_kind'),
    )
    priority_score = IntegerExpression(
        string='Priority',
        compute='_compute_expressions',
        search=search_expression('priority_score'),
        aggregator='avg',
        help='0 to 100: amount, days late, broken promises and paying habit, plus the points of the segment.',
    )
    priority_level = SelectionExpression(
        [('high', 'High'), ('medium', 'Medium'), ('low', 'Low')],
        compute='_compute_expressions',
        search=search_expression('priority_level'),
    )
    priority_points = JsonExpression(compute='_compute_expressions')  # what it adds up from
    priority_reasons = fields.Char(string='Why This Priority', compute='_compute_priority_reasons')
    aging_bar = fields.Json(compute='_compute_aging_bar')
    item_ids = fields.Many2many(
        'account.move.line',
        string='Open Items',
        compute='_compute_item_ids',
        search='_search_item_ids',
    )
    next_action = fields.Char(compute='_compute_next_action', string='What Comes Next')
    local_time = fields.Char(compute='_compute_local_time', string='Their Time')
    invoice_count = fields.Integer(compute='_compute_counts')
    payment_count = fields.Integer(compute='_compute_counts')
    reminder_count = fields.Integer(compute='_compute_counts')

    # === EXPRESSIONS === #

    def _expressions(self):
        return super()._expressions() | {
            'days_overdue': self._sql_days_overdue,
            'aging_bucket_id': lambda alias: self._sql_bucket_column(alias, 'id'),
            'aging_kind': lambda alias: self._sql_bucket_column(alias, 'kind'),
            'priority_points': self._sql_priority_points,
            'priority_score': self._sql_priority,
            'priority_level': lambda alias: SQL(
                "CASE WHEN %(score)s >= %(high)s THEN 'high' WHEN %(score)s >= %(medium)s THEN 'medium' ELSE 'low' END",
                score=self._sql_priority(alias),
                high=HIGH,
                medium=MEDIUM,
            ),
        }

    def _expression_sources(self):
        return super()._expression_sources() | {
            'cobranza.case': (
                'amount_overdue',
                'broken_promise_count',
                'company_id',
                'oldest_due_date',
                'paid_late_share',
                'segment_id',
            ),
            'cobranza.segment': ('priority_points',),
        }

    def _sql_days_overdue(self, alias):
        return SQL(
            '%s::date - %s',
            fields.Date.context_today(self),
            SQL.identifier(alias, 'oldest_due_date'),
        )

    def _sql_bucket_column(self, alias, column):
        return SQL(
            'SELECT bucket.%s FROM cobranza_aging_bucket bucket WHERE bucket.company_id = %s'
            ' AND %s BETWEEN bucket.first_day AND bucket.last_day',
            SQL.identifier(column),
            SQL.identifier(alias, 'company_id'),
            self._sql_days_overdue(alias),
        )

    def _sql_priority(self, alias):
        """Return SQL for the score: the sum of its parts, between 0 and 100, and 0 when nothing is overdue."""
        parts = SQL(' + ').join(self._sql_priority_parts(alias).values())
        return SQL(
            '(CASE WHEN %s > 0 THEN LEAST(100, GREATEST(0, %s)) ELSE 0 END)',
            SQL.identifier(alias, 'amount_overdue'),
            parts,
        )

    def _sql_priority_points(self, alias):
        pairs = [SQL('%s, %s', *part) for part in self._sql_priority_parts(alias).items()]
        return SQL('jsonb_build_object(%s)', SQL(', ').join(pairs))

    def _sql_priority_parts(self, alias):
        """Return {part: SQL of its points}.

        The amount counts by its logarithm beside the company's average overdue debtor, so that ten times the debt is
        one more step and not ten times the priority.
        """
        column = lambda name: SQL.identifier(alias, name)  # noqa: E731 - a name for eight uses on the next lines
        return {
            'amount': SQL(
                'LEAST(%(most)s, GREATEST(0, ROUND('
                '20 + 10 * LN(GREATEST(%(amount)s, 1) / GREATEST(1, (%(mean)s))))))::int',
                most=MAX_AMOUNT,
                amount=column('amount_overdue'),
                mean=self._sql_mean_overdue(alias),
            ),
            'days': SQL('LEAST(%s, GREATEST(0, %s) / 3)', MAX_DAYS, self._sql_days_overdue(alias)),
            'broken': SQL(
                'LEAST(%s, 10 * COALESCE(%s, 0))', MAX_BROKEN, column('broken_promise_count')
            ),
            'habit': SQL('ROUND(%s * COALESCE(%s, 0))::int', MAX_HABIT, column('paid_late_share')),
            'segment': SQL(
                'COALESCE((SELECT priority_points FROM cobranza_segment WHERE id = %s), 0)',
                column('segment_id'),
            ),
        }

    def _sql_mean_overdue(self, alias):
        return SQL(
            'SELECT cobranza_mean_overdue FROM res_company WHERE id = %s',
            SQL.identifier(alias, 'company_id'),
        )

    @api.depends(
        'oldest_due_date',
        'company_id',
        'amount_overdue',
        'broken_promise_count',
        'paid_late_share',
        'segment_id',
    )
    def _compute_expressions(self):
        return super()._compute_expressions()

    # === REASONS === #

    @api.depends('priority_points')
    def _compute_priority_reasons(self):
        for case in self:
            case.priority_reasons = (
                case._explain_priority(case.priority_points or {}) if case.amount_overdue else ''
            )

    def _explain_priority(self, points):
        """Return the sentence that adds up to the score, the weightiest part first."""
        self.ensure_one()
        texts = {
            'amount': self.env._(
                '%s overdue', format_amount(self.env, self.amount_overdue, self.currency_id)
            ),
            'days': self.env._('%s days late', self.days_overdue),
            'broken': self.env._('%s broken promises', self.broken_promise_count),
            'habit': self.env._('pays %s%% late', round(100 * self.paid_late_share)),
            'segment': self.segment_id._cached_name(),
        }
        ordered = sorted(points.items(), key=lambda part: -abs(part[1]))
        return ' · '.join(f'{texts[name]} ({value:+d})' for name, value in ordered if value)

    # === OPEN ITEMS === #

    @api.depends('amount_open', 'partner_id', 'company_id')
    def _compute_item_ids(self):
        Line = self.env['account.move.line']
        domain = (
            Line._open_item_domain()
            & Domain('partner_id', 'in', self.partner_id.ids)
            & Domain('company_id', 'in', self.company_id.ids)
        )
        found = defaultdict(Line.browse)
        for line in Line.search(domain, order='date_maturity, id'):
            found[line.company_id, line.partner_id] += line
        for case in self:
            case.item_ids = found[case.company_id, case.partner_id]

    def _search_item_ids(self, operator, value):
        if operator not in ('in', 'any'):
            return NotImplemented
        Line = self.env['account.move.line']
        domain = Domain('id', 'in', value) if operator == 'in' else value
        groups = Line._read_group(Line._open_item_domain() & domain, ['company_id', 'partner_id'])
        return Domain.OR(
            Domain('company_id', '=', company.id) & Domain('partner_id', '=', partner.id)
            for company, partner in groups
        )

    @api.depends('amount_open')
    def _compute_aging_bar(self):
        """Give each case its claims by bucket, [{name, color, level, amount, share}], in one statement for the page.

        The level is the bucket's place, 1 for the youngest: what the picture shows beside the colour.
        """
        amounts = self._amounts_by_bucket()
        pictures = self.env['cobranza.aging.bucket']._pictures()
        for case in self:
            mine = amounts.get(case.id, {})
            total = sum(mine.values())
            case.aging_bar = [
                {
                    'name': name,
                    'color': color,
                    'level': level,
                    'share': round(100 * mine[bucket_id] / total, 1),
                    'amount': format_amount(self.env, mine[bucket_id], case.currency_id),
                }
                for level, bucket_id, name, color in pictures.get(case.company_id.id, ())
                if mine.get(bucket_id)
            ]

    def _amounts_by_bucket(self):
        """Return {case id: {bucket id: claims net of credits, company currency}}."""
        if not self.ids:
            return {}
        self._flush_ledger()
        bucket = self.env['cobranza.aging.bucket']._sql_bucket(
            SQL('item.company_id'),
            SQL('(%s::date - item.due)', fields.Date.context_today(self)),
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.company_id, item.partner_id, %(bucket)s AS bucket_id, SUM(item.net)::float8
                  FROM (%(items)s) item
                 WHERE item.net_currency > 0
              GROUP BY 1, 2, 3
                """,
                bucket=bucket,
                items=self.env['account.move.line']._sql_netted_items(
                    self.company_id.ids, SQL('%s', tuple(self.partner_id.ids))
                ),
            )
        )
        cases = {(case.company_id.id, case.partner_id.id): case.id for case in self}
        amounts = defaultdict(dict)
        for company_id, partner_id, bucket_id, amount in rows:
            if (company_id, partner_id) in cases:
                amounts[cases[company_id, partner_id]][bucket_id] = amount
        return amounts

    # === WHAT COMES NEXT === #

    @api.depends('next_action_date', 'next_step_id', 'hold_until', 'is_promised', 'state')
    def _compute_next_action(self):
        for case in self:
            case.next_action = case._describe_next_action()

    def _describe_next_action(self):
        """Return one line: what happens next with this debtor, when, and what it waits for."""
        self.ensure_one()
        if self.is_on_hold:
            return self.env._(
                'On hold until %(day)s: %(reason)s',
                day=format_date(self.env, self.hold_until),
                reason=self.hold_reason,
            )
        if self.next_action_date:
            return self.env._(
                '%(step)s on %(day)s',
                step=self.next_step_id._cached_name(),
                day=format_date(self.env, self.next_action_date),
            )
        if self.state == 'settled':
            return self.env._('Nothing to collect')
        return self.env._('No further step in the strategy')

    @api.depends_context('lang')
    def _compute_local_time(self):
        guard = self.env['cobranza.contact.guard']
        now = fields.Datetime.now()
        # at once: a phone number is read as seen from where the user is, too
        (self.partner_id | self.company_id.partner_id | self.env.user.partner_id).mapped('tz')
        for case in self:
            zone = guard._zone_of(case.partner_id, case.company_id)
            case.local_time = fields.Datetime.context_timestamp(
                self.with_context(tz=str(zone)), now
            ).strftime('%H:%M')

    # === SMART BUTTONS === #

    def _compute_counts(self):
        partners, companies = self.partner_id.ids, self.company_id.ids
        Move = self.env['account.move']
        invoices = {
            (c, p): n
            for c, p, n in Move._read_group(
                [
                    ('commercial_partner_id', 'in', partners),
                    ('company_id', 'in', companies),
                    ('state', '=', 'posted'),
                    ('move_type', 'in', ('out_invoice', 'out_refund')),
                ],
                ['company_id', 'commercial_partner_id'],
                ['__count'],
            )
        }
        payments = {
            (c, p): n
            for c, p, n in self.env['account.payment']._read_group(
                [
                    ('partner_id', 'in', partners),
                    ('company_id', 'in', companies),
                    ('payment_type', '=', 'inbound'),
                ],
                ['company_id', 'partner_id'],
                ['__count'],
            )
        }
        for case in self:
            case.invoice_count = invoices.get((case.company_id, case.partner_id), 0)
            case.payment_count = payments.get((case.company_id, case.partner_id), 0)
            case.reminder_count = len(case.reminder_ids)

    # === ACTIONS === #

    def _action_list(self, name, model, domain, **context):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': name,
            'res_model': model,
            'view_mode': 'list,form',
            'views': [(False, 'list'), (False, 'form')],
            'domain': domain,
            'context': context,
        }

    def action_view_items(self):
        """Open the journal items behind the totals."""
        return self._action_list(
            self.env._('Open Items'),
            'account.move.line',
            [('id', 'in', self.item_ids.ids)],
            create=False,
        )

    def action_view_invoices(self):
        """Open the debtor's invoices and credit notes, whichever contact they are addressed to."""
        return self._action_list(
            self.env._('Invoices'),
            'account.move',
            [
                ('commercial_partner_id', '=', self.partner_id.id),
                ('company_id', '=', self.company_id.id),
                ('move_type', 'in', ('out_invoice', 'out_refund')),
            ],
        )

    def action_view_payments(self):
        """Open the debtor's payments."""
        return self._action_list(
            self.env._('Payments'),
            'account.payment',
            [
                ('partner_id', '=', self.partner_id.id),
                ('company_id', '=', self.company_id.id),
                ('payment_type', '=', 'inbound'),
            ],
        )

    def action_view_reminders(self):
        """Open what was sent, or was not and why."""
        return self._action_list(
            self.env._('Messages'), 'cobranza.reminder', [('case_id', '=', self.id)], create=False
        )
