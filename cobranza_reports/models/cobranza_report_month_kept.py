from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .cobranza_report_mixin import money
from .cobranza_report_month import THRESHOLDS

#: Months that are kept: the longest period of the dashboard, and the year before it.
KEPT = 49


class CobranzaReportMonthKept(models.Model):
    """The months of companies that are over, as they were read from the ledger, and the proof that they still are.

    Each row carries the snapshot of the database that it was read in: the transactions it saw. A row is believed while
    no change of its days or earlier ones (`cobranza.ledger.change`) is of a transaction it did not see; with one, the
    ledger is read instead. A snapshot means something in the database it was taken in alone, which it carries too.
    """

    _name = 'cobranza.report.month.kept'
    _description = 'Months as They Were Read'
    _log_access = False

    company_id = fields.Many2one('res.company', required=True, ondelete='cascade')
    company_currency_id = fields.Many2one(related='company_id.currency_id')
    month = fields.Date(required=True)
    days = fields.Integer()
    sales = money('Credit Sales')
    flow = money('Change')
    opening = money('Opening Receivables')
    closing = money('Closing Receivables')
    closing_not_due = money('Not Due')
    overdue = money('Overdue')
    over_30 = money('Over 30 Days')
    over_60 = money('Over 60 Days')
    over_90 = money('Over 90 Days')
    seen = fields.Char('Snapshot', required=True)
    origin = fields.Char('Database', required=True)

    _once = models.Constraint('UNIQUE(company_id, month)', 'A month is kept once.')

    #: What is kept of a month.
    _FIGURES = (
        'company_id', 'month', 'days', 'sales', 'flow', 'opening', 'closing', 'closing_not_due', 'overdue', 'over_30',
        'over_60', 'over_90',
    )  # fmt: skip

    # === READING === #

    @api.model
    def _holds(self, company_ids, first, last):
        """Tell whether every month from `first` until the one before `last` is kept, and still true.

        What is pending must have been written.
        """
        wanted = len(company_ids) * ((last.year - first.year) * 12 + last.month - first.month)
        self.env.cr.execute(
            SQL(
                """
                SELECT COUNT(*) FROM cobranza_report_month_kept kept
                 WHERE company_id = ANY(%(companies)s) AND month >= %(first)s AND month < %(last)s
                   AND origin = %(origin)s AND %(still_true)s
                """,
                companies=list(company_ids),
                first=first,
                last=last,
                origin=self._sql_origin(),
                still_true=self._sql_still_true(),
            )
        )
        return self.env.cr.fetchone()[0] == wanted

    @api.model
    def _sql_still_true(self):
        """Return the condition that the month `kept` has seen every change of its days and of those before."""
        return SQL(
            """
            NOT EXISTS (SELECT FROM cobranza_ledger_change change
                         WHERE change.date < kept.month + INTERVAL '1 month'
                           AND NOT PG_VISIBLE_IN_SNAPSHOT(change.xid, kept.seen::pg_snapshot))
            """
        )

    @api.model
    def _sql_origin(self):
        """Return SQL that tells databases apart: numbers of transactions begin again in a restored one."""
        return SQL(
            """(SELECT CONCAT_WS('/', system_identifier, 'cobranza_ledger_change'::regclass::oid, pg_database.oid)
                  FROM PG_CONTROL_SYSTEM(), pg_database WHERE datname = CURRENT_DATABASE())"""
        )

    @api.model
    def _sql_figures(self, company_ids, first, today):
        """Return the SELECT of the kept months from `first` on, and of today's from what is open now.

        They are those of `cobranza.report.month`, in its columns.
        """
        last = today.replace(day=1)
        overdue = SQL(', ').join(
            SQL(
                'COALESCE(SUM(open) FILTER (WHERE COALESCE(date_maturity, date) + %s < %s), 0) AS %s',
                days,
                today,
                SQL.identifier(f'over_{days}'),
            )
            for days in THRESHOLDS
        )
        return SQL(
            """
            SELECT %(figures)s FROM cobranza_report_month_kept kept
             WHERE company_id = ANY(%(companies)s) AND month >= %(first)s AND month < %(last)s
             UNION ALL
            SELECT before.company_id, %(last)s, %(days)s, COALESCE(new.sales, 0),
                   COALESCE(now.closing, 0) - before.closing, before.closing, COALESCE(now.closing, 0),
                   COALESCE(now.closing - now.over_0, 0), COALESCE(now.over_0, 0), COALESCE(now.over_30, 0),
                   COALESCE(now.over_60, 0), COALESCE(now.over_90, 0)
              FROM cobranza_report_month_kept before
         LEFT JOIN (SELECT company_id, SUM(balance) AS sales FROM account_move_line line
                     WHERE %(items)s AND line.display_type = 'payment_term'
                       AND line.date BETWEEN %(last)s AND %(today)s
                  GROUP BY company_id) new ON new.company_id = before.company_id
         LEFT JOIN (SELECT company_id, SUM(open) AS closing, %(overdue)s FROM (%(open)s) item
                  GROUP BY company_id) now ON now.company_id = before.company_id
             WHERE before.company_id = ANY(%(companies)s) AND before.month = %(before)s
            """,
            before=last - relativedelta(months=1),
            companies=list(company_ids),
            days=(today - last).days + 1,
            figures=SQL(', ').join(map(SQL.identifier, self._FIGURES)),
            first=first,
            items=self.env['account.move.line']._sql_is_receivable('line'),
            last=last,
            open=self.env['cobranza.report.as.of.mixin']._sql_open_on(today, list(company_ids)),
            overdue=overdue,
            today=today,
        )

    # === KEEPING === #

    @api.model
    def _cron_keep(self):
        """Read the months that are over once more, if any was lost or is no longer true."""
        companies = self.env['res.company'].search([('active', '=', True)])
        self.env['cobranza.report.month']._flush_sources()
        if not self._holds(companies.ids, *self._span()):
            self._keep(companies)

    @api.model
    def _span(self):
        """Return (first month that is kept, this month)."""
        last = fields.Date.context_today(self).replace(day=1)
        return last - relativedelta(months=KEPT), last

    @api.model
    def _keep(self, companies):
        """Keep the months of companies that are over, in place of what was kept, and forget the changes they saw.

        All of it under one snapshot, that of the transaction: a change that can be seen is in the figures. The accounts
        are cached, and so perhaps older than it: they are read from the database first.
        """
        self.env['account.move.line']._check_receivable_account_ids()
        Month = self.env['cobranza.report.month']
        Month._flush_sources()
        Month._plan_plainly()
        _first, last = self._span()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM cobranza_report_month_kept;
                INSERT INTO cobranza_report_month_kept (%(figures)s, seen, origin)
                SELECT %(figures)s, PG_CURRENT_SNAPSHOT()::text, %(origin)s FROM (%(months)s) figure;
                DELETE FROM cobranza_ledger_change
                """,
                figures=SQL(', ').join(map(SQL.identifier, self._FIGURES)),
                months=Month._sql_figures(companies.ids, fields.Date.subtract(last, days=1), KEPT),
                origin=self._sql_origin(),
            )
        )
        self.invalidate_model(flush=False)
