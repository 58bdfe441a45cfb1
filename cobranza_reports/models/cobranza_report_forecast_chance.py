from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools.forecast import OLDEST, YOUNGEST
from .cobranza_report_forecast import LOOK_BACK, WEEK, YEAR


class CobranzaReportForecast(models.Model):
    """How likely a claim is paid in a week, from what became of the company's claims of that age: `tools/forecast.py`.

    The life table is made of sums by due week and calendar week, once for every forecast, never claim by claim.
    """

    _inherit = 'cobranza.report.forecast'

    @api.model
    def _sql_ledger(self):
        """Return the CTEs of forecasts, of what was applied to claims since the first Monday, of what came and went.

        What a claim had on that Monday, or when it was issued later, is what it has now and what was applied since:
        so what is open now comes on that day, and what was applied comes then and goes when it was.
        """
        Line = self.env['account.move.line']
        first = self._first_monday()
        return SQL(
            """
            start(monday, cut, part, weeks) AS (VALUES %(starts)s),
            application AS MATERIALIZED (
                SELECT claim.company_id, claim.partner_id, claim.currency_id, claim.id AS line_id,
                       claim.date AS issued, %(due_week_of_claim)s AS due_week, partial.max_date AS day,
                       partial.amount, %(is_payment)s AS is_payment, %(claim_followed)s AS is_followed
                  FROM account_partial_reconcile partial
                  JOIN account_move_line claim
                    ON claim.id = partial.debit_move_id AND claim.company_id = ANY(%(companies)s) AND %(claim_is_ours)s
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id
                 WHERE partial.max_date >= %(first)s),
            event AS MATERIALIZED (
                SELECT line.company_id, line.partner_id, line.currency_id, %(due_week_of_line)s AS due_week,
                       GREATEST(line.date, %(first)s) AS day, line.amount_residual AS amount, NULL::date AS gone_on
                  FROM account_move_line line
                 WHERE line.reconciled IS NOT TRUE AND line.balance > 0 AND %(items)s
                 UNION ALL
                SELECT company_id, partner_id, currency_id, due_week, moved.day, moved.amount, application.day
                  FROM application
            CROSS JOIN LATERAL (VALUES (GREATEST(issued, %(first)s), amount), (day, -amount)) moved(day, amount)
                 WHERE is_followed)
            """,
            claim_followed=Line._sql_is_followed_up('claim'),
            claim_is_ours=Line._sql_is_receivable('claim'),
            companies=self._companies(),
            due_week_of_claim=self._sql_due_week('claim'),
            due_week_of_line=self._sql_due_week('line'),
            first=first,
            is_payment=self.env['cobranza.promise']._sql_is_payment('credit'),
            items=self._sql_followed_claims(),
            starts=SQL(', ').join(
                SQL('(%s::date, %s::date, %s::float8, %s)', *start) for start in self._starts()
            ),
        )

    @api.model
    def _sql_followed_claims(self):
        """Return the condition that the journal item `line` is a debtor's, of our companies, and followed up."""
        Line = self.env['account.move.line']
        return SQL(
            'line.company_id = ANY(%s) AND %s AND %s',
            self._companies(),
            Line._sql_is_receivable('line'),
            Line._sql_is_followed_up('line'),
        )

    @api.model
    def _sql_due_week(self, alias):
        return SQL(
            "DATE_TRUNC('week', COALESCE(%s, %s)::timestamp)::date",
            SQL.identifier(alias, 'date_maturity'),
            SQL.identifier(alias, 'date'),
        )

    @api.model
    def _sql_age(self, monday):
        """Return SQL for the age on a Monday of what is due in `due_week`."""
        return SQL('LEAST(GREATEST((%s - due_week) / 7, %s), %s)', monday, YOUNGEST, OLDEST)

    @api.model
    def _sql_history(self):
        """Return the CTEs that end in `history`: open, paid and gone, by company, calendar week and age."""
        return SQL(
            """
            flow AS (
                SELECT company_id, due_week, DATE_TRUNC('week', day::timestamp)::date + 7 AS week, SUM(amount) AS amount
                  FROM event GROUP BY 1, 2, 3),
            exposure AS (
                SELECT company_id, due_week, week, SUM(amount) OVER (PARTITION BY company_id, due_week ORDER BY week)
                           AS amount
                  FROM (SELECT company_id, due_week, moment::date AS week
                          FROM (SELECT DISTINCT company_id, due_week FROM flow) due,
                               GENERATE_SERIES(%(second)s::timestamp, %(last)s::timestamp, INTERVAL '7 days') moment
                       ) grid
             LEFT JOIN flow USING (company_id, due_week, week)),
            departure AS (
                SELECT company_id, due_week, DATE_TRUNC('week', day::timestamp)::date AS week,
                       SUM(amount) FILTER (WHERE is_payment) AS paid, SUM(amount) AS gone
                  FROM application
                 WHERE is_followed AND issued < DATE_TRUNC('week', day::timestamp)
              GROUP BY 1, 2, 3),
            history AS MATERIALIZED (
                SELECT company_id, week, %(age)s AS age, SUM(exposure.amount) AS open, SUM(paid) AS paid,
                       SUM(gone) AS gone
                  FROM exposure
             LEFT JOIN departure USING (company_id, due_week, week)
              GROUP BY 1, 2, 3)
            """,
            age=self._sql_age(SQL('week')),
            last=self._monday() - WEEK,
            second=self._monday() - LOOK_BACK * WEEK - timedelta(days=YEAR),
        )

    @api.model
    def _sql_chances(self):
        """Return the CTEs that end in `chance`: P(paid in `week`), by forecast, company and age when it was made."""
        return SQL(
            """
            known AS MATERIALIZED (
                SELECT monday, company_id, age, SUM(open) AS open, COALESCE(SUM(paid), 0) AS paid,
                       COALESCE(SUM(gone), 0) AS gone
                  FROM start
                  JOIN history ON week >= monday - %(year)s AND week < monday
              GROUP BY GROUPING SETS ((monday, company_id, age), (monday, company_id))),
            rate AS MATERIALIZED (
                SELECT start.*, company_id, age,
                       LEAST(1, COALESCE(own.paid / NULLIF(own.open, 0), usual.paid, 0))::float8
                           AS paid,
                       LEAST(1, COALESCE(own.gone / NULLIF(own.open, 0), usual.gone, 0))::float8
                           AS gone
                  FROM start
            CROSS JOIN UNNEST(%(companies)s) company_id
            CROSS JOIN GENERATE_SERIES(%(youngest)s, %(oldest)s) age
             LEFT JOIN known own USING (monday, company_id, age)
             LEFT JOIN (SELECT monday, company_id, paid / NULLIF(open, 0) AS paid, gone / NULLIF(open, 0) AS gone
                          FROM known WHERE age IS NULL) usual USING (monday, company_id)),
            chance AS MATERIALIZED (
                SELECT begun.monday, begun.company_id, begun.age, begun.monday + step * 7 AS week,
                       passed.paid * passed.part
                       * COALESCE(EXP(SUM(LN(GREATEST(1 - passed.gone * passed.part, 1e-300))) OVER before), 1)
                           AS chance
                  FROM rate begun
            CROSS JOIN LATERAL GENERATE_SERIES(0, begun.weeks - 1) step
            CROSS JOIN LATERAL (
                       SELECT paid, gone, CASE WHEN step = 0 THEN begun.part ELSE 1 END AS part
                         FROM rate
                        WHERE rate.monday = begun.monday AND rate.company_id = begun.company_id
                          AND rate.age = LEAST(begun.age + step, %(oldest)s)) passed
                WINDOW before AS (PARTITION BY begun.monday, begun.company_id, begun.age ORDER BY step
                                  ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
            """,
            companies=self._companies(),
            oldest=OLDEST,
            year=YEAR,
            youngest=YOUNGEST,
        )
