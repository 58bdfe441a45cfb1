from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .cobranza_report_mixin import money, ratio

#: Months a report goes back, this one included.
MONTHS = 36
#: Days past due beyond which receivables are counted apart; 0 is "overdue".
THRESHOLDS = (0, 30, 60, 90)


class CobranzaReportMonth(models.Model):
    """The months of each debtor: sales, receivables at both ends, what of them was late, and the ratios made of them.

    Nothing is stored: what a month looked like is read from dates of entries and of reconciliations, whenever it is
    asked for. Amounts are in company currency.
    """

    _name = 'cobranza.report.month'
    _inherit = ['cobranza.report.mixin']
    _description = 'Receivables by Month'
    _auto = False
    _order = 'month DESC, id'

    month = fields.Date(readonly=True, help='First day of the month.')
    days = fields.Integer(
        readonly=True, aggregator='avg', help='Days of the month; so far, in this one.'
    )
    sales = money(
        'Credit Sales',
        help='Customer invoices of the month, taxes included, less credit notes.',
    )
    opening = money(
        'Opening Receivables', help='Receivables on the evening before the month begins.'
    )
    closing = money(
        'Closing Receivables',
        help='Receivables on the last evening of the month, credits taken away.',
    )
    closing_not_due = money('Not Due', help='What of them is not past its due date that evening.')
    overdue = money('Overdue', help='What of them is past its due date that evening.')
    over_30 = money(
        'Over 30 Days', help='What of them is more than 30 days past its due date that evening.'
    )
    over_60 = money(
        'Over 60 Days', help='What of them is more than 60 days past its due date that evening.'
    )
    over_90 = money(
        'Over 90 Days', help='What of them is more than 90 days past its due date that evening.'
    )
    dso = ratio('DSO', 'Days sales outstanding: closing receivables ÷ credit sales × days.')
    best_dso = ratio('Best Possible DSO', 'Receivables not yet due ÷ credit sales × days.')
    add = ratio('Average Days Delinquent', 'DSO − best possible DSO.')
    cei = ratio(
        'CEI %',
        'Collection effectiveness: (opening + sales − closing) ÷ (opening + sales − closing not due) × 100.',
    )
    delinquency = ratio('Delinquency %', 'Overdue ÷ closing receivables × 100.')
    par_30 = ratio('PAR 30 %', 'More than 30 days overdue ÷ closing receivables × 100.')
    par_60 = ratio('PAR 60 %', 'More than 60 days overdue ÷ closing receivables × 100.')
    par_90 = ratio('PAR 90 %', 'More than 90 days overdue ÷ closing receivables × 100.')

    _depends = {
        'account.move.line': [
            'account_id', 'amount_residual', 'balance', 'company_id', 'currency_id', 'date', 'date_maturity',
            'display_type', 'parent_state', 'partner_id', 'reconciled',
        ],
        'account.partial.reconcile': ['amount', 'credit_move_id', 'debit_move_id', 'max_date'],
    }  # fmt: skip
    _RATIOS = {
        'dso': (('closing',), ('sales',), 'days'),
        'best_dso': (('closing_not_due',), ('sales',), 'days'),
        'add': (('closing', '-closing_not_due'), ('sales',), 'days'),
        'cei': (('opening', 'sales', '-closing'), ('opening', 'sales', '-closing_not_due'), 100),
        'delinquency': (('overdue',), ('closing',), 100),
        'par_30': (('over_30',), ('closing',), 100),
        'par_60': (('over_60',), ('closing',), 100),
        'par_90': (('over_90',), ('closing',), 100),
    }

    _BALANCES_OF = (
        'opening', 'closing', 'closing_not_due', 'overdue', 'over_30', 'over_60', 'over_90',
    )  # fmt: skip
    _MOMENT = 'month'
    _BOOK_BY, _BOOK_FIGURE = 'month:month', 'dso'
    #: {balance at the end of a month: the column of events that it is the sum of}
    _SUMS = {
        'closing': 'flow_since_ever',
        'overdue': 'over_0',
        'over_30': 'over_30',
        'over_60': 'over_60',
        'over_90': 'over_90',
    }

    @property
    def _table_query(self):
        today = fields.Date.context_today(self)
        keys = ('partner_id', 'currency_id')
        return SQL(
            """
            SELECT %(id)s AS id, figure.*, %(ratios)s, %(debtor)s
              FROM (%(figures)s) figure
                   %(joins)s
            """,
            id=self._sql_id('figure'),
            ratios=self._sql_ratio_columns('figure'),
            debtor=self._sql_debtor_columns(),
            figures=self._sql_figures(self._companies(), today, MONTHS, keys),
            joins=self._sql_debtor_joins('figure', SQL('(figure.month + figure.days - 1)')),
        )

    @api.model
    def _read_months(self, company_ids, months=MONTHS, today=None):
        """Return the figures of companies by month, in one query.

        :param today: the last day that counts, of the last month; today by default
        :return: [{'company_id', 'month', 'days', 'sales', 'opening', 'closing', 'closing_not_due', 'overdue',
            'over_30', 'over_60', 'over_90'}], the oldest month first, amounts in company currency
        """
        self._plan_plainly()
        today = today or fields.Date.context_today(self)
        self.env.cr.execute(
            SQL('%s ORDER BY company_id, month', self._sql_whole(company_ids, today, months))
        )
        amounts = {'sales', *self._BALANCES_OF}
        return [
            {name: float(value) if name in amounts else value for name, value in row.items()}
            for row in self.env.cr.dictfetchall()
        ]

    def _flush_sources(self):
        for model, names in self._depends.items():
            self.env[model].flush_model(names)

    # === SQL === #

    @api.model
    def _sql_whole(self, company_ids, today, months):
        """Return the SELECT of the figures of companies by month: those kept, while they are true, else the ledger."""
        Kept, last = self.env['cobranza.report.month.kept'], today.replace(day=1)
        first = last - relativedelta(months=months - 1)
        self._flush_sources()
        if Kept._holds(company_ids, min(first, last - relativedelta(months=1)), last):
            return Kept._sql_figures(company_ids, first, today)
        return self._sql_figures(company_ids, today, months)

    @api.model
    def _sql_figures(self, company_ids, today, months, keys=()):
        """Return the SELECT of the figures of every month of each company, and of each of `keys` beside it.

        A month's balance is the sum of all that happened until its end, so events are summed by month, and then month
        upon month.

        :param keys: columns of journal items
        """
        # companies without a book have months too
        everybody = SQL('SELECT UNNEST(%s) AS company_id', list(company_ids))
        if keys:
            everybody = SQL('SELECT DISTINCT company_id, %s FROM event', self._sql_columns(keys))
        keys = ('company_id', *keys)
        last = today.replace(day=1)
        first = last - relativedelta(months=months - 1)
        return SQL(
            """
            WITH event AS MATERIALIZED (%(events)s)
            SELECT balance.*, closing - overdue AS closing_not_due, closing - flow AS opening
              FROM (SELECT %(keys)s, month,
                           LEAST(month + INTERVAL '1 month', %(tomorrow)s::date)::date - month AS days,
                           COALESCE(SUM(sales), 0) AS sales, COALESCE(SUM(flow), 0) AS flow, %(totals)s
                      FROM (SELECT * FROM event
                             UNION ALL
                            -- a month in which nothing happened has a balance too
                            SELECT key.*, moment::date, %(nothing)s
                              FROM (%(everybody)s) key,
                                   GENERATE_SERIES(%(first)s::timestamp, %(last)s::timestamp, INTERVAL '1 month') moment
                           ) happened
                  GROUP BY %(keys)s, month
                    WINDOW history AS (PARTITION BY %(keys)s ORDER BY month)) balance
            """,
            events=self._sql_events(company_ids, today, first, keys),
            everybody=everybody,
            first=first,
            keys=self._sql_columns(keys),
            last=last,
            nothing=SQL(', ').join([SQL('0')] * (2 + len(self._SUMS))),
            tomorrow=fields.Date.add(today, days=1),
            totals=SQL(', ').join(
                SQL(
                    'COALESCE(SUM(SUM(%s)) OVER history, 0) AS %s',
                    SQL.identifier(source),
                    SQL.identifier(name),
                )
                for name, source in self._SUMS.items()
            ),
        )

    @api.model
    def _sql_columns(self, names, alias=None):
        return SQL(', ').join(SQL.identifier(*filter(None, (alias, name))) for name in names)

    @api.model
    def _sql_events(self, company_ids, today, first, keys):
        """Return the SELECT of what changed in each month: sales, flow (of receivables), over_0, over_30 and so on.

        A part of an item becomes overdue by n days in the month of its due date and n + 1 days, unless it was settled
        by then, and is so no longer in the month that settles it. What happened before the month `first` counts in
        it, as what that month opens with.

        :param keys: columns of journal items that it is broken down by
        """
        return SQL(
            """
            WITH part AS MATERIALIZED (%(parts)s),
                 change AS (
                     SELECT %(keys)s, month AS moment, sales, amount AS flow, NULL::int AS beyond, NULL::numeric AS late
                       FROM part
                      UNION ALL
                     SELECT %(keys)s, change.moment, 0, 0, threshold.days, change.late
                       FROM part
                 CROSS JOIN (VALUES %(thresholds)s) threshold(days)
                 CROSS JOIN LATERAL (SELECT GREATEST(month, %(begins)s) AS begins) late
                 CROSS JOIN LATERAL (VALUES (late.begins, amount), (settled, - amount)) change(moment, late)
                      WHERE (settled > month OR settled IS NULL) -- most were settled at once
                        AND due + threshold.days + 1 <= %(today)s AND change.moment IS NOT NULL
                        AND (settled > late.begins OR settled IS NULL))
            SELECT %(keys)s, GREATEST(moment, %(first)s::date) AS month,
                   SUM(sales) FILTER (WHERE moment >= %(first)s) AS sales,
                   SUM(flow) FILTER (WHERE moment >= %(first)s) AS flow,
                   SUM(flow) AS flow_since_ever, %(overdue)s
              FROM change
          GROUP BY %(keys)s, GREATEST(moment, %(first)s::date)
            """,
            begins=self._sql_month(SQL('due + threshold.days + 1')),
            first=first,
            keys=self._sql_columns(keys),
            overdue=SQL(', ').join(
                SQL(
                    'SUM(late) FILTER (WHERE beyond = %s) AS %s',
                    days,
                    SQL.identifier(f'over_{days}'),
                )
                for days in THRESHOLDS
            ),
            parts=self._sql_parts(company_ids, today, keys),
            thresholds=SQL(', ').join(SQL('(%s)', days) for days in THRESHOLDS),
            today=today,
        )

    @api.model
    def _sql_parts(self, company_ids, today, keys):
        """Return the SELECT of what items are made of: what each reconciliation settled of them, and what is open.

        Together they are the balance of the item, so the ledger need not be read for it a second time.
        Columns: `month` of the entry, `due`, `settled` (the month of it; NULL: not by today), `amount`, `sales`.
        """
        return SQL(
            """
            SELECT %(keys)s, month, due, settled, SUM(amount) AS amount,
                   COALESCE(SUM(amount) FILTER (WHERE display_type = 'payment_term'), 0) AS sales
              FROM (SELECT %(item)s, NULL::date AS settled, line.amount_residual AS amount
                      FROM account_move_line line
                     WHERE %(items)s AND line.reconciled IS NOT TRUE
                     UNION ALL
                    SELECT %(item)s, CASE WHEN partial.max_date <= %(today)s THEN %(settled)s END, partial.amount
                      FROM account_move_line line
                      JOIN (SELECT debit_move_id AS line_id, max_date, amount FROM account_partial_reconcile
                             UNION ALL
                            SELECT credit_move_id, max_date, - amount FROM account_partial_reconcile) partial
                        ON partial.line_id = line.id
                     WHERE %(items)s) part
          GROUP BY %(keys)s, month, due, settled
            """,
            item=SQL(
                '%s, line.display_type, %s AS month, COALESCE(line.date_maturity, line.date) AS due',
                self._sql_columns(keys, 'line'),
                self._sql_month(SQL('line.date')),
            ),
            items=SQL(
                '%s AND line.company_id = ANY(%s) AND line.date <= %s',
                self.env['account.move.line']._sql_is_receivable('line'),
                list(company_ids),
                today,
            ),
            keys=self._sql_columns(keys),
            settled=self._sql_month(SQL('partial.max_date')),
            today=today,
        )

    @api.model
    def _sql_month(self, day):
        """Return SQL for the first day of the month of a day."""
        return SQL("DATE_TRUNC('month', (%s)::timestamp)::date", day)
