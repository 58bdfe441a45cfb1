from odoo import api, models
from odoo.tools import SQL

from .cobranza_report_forecast import YEAR


class CobranzaReportForecast(models.Model):
    """What is not left to chance: promises, which count on their day as far as promises are kept, and disputes."""

    _inherit = 'cobranza.report.forecast'

    @api.model
    def _sql_promises(self):
        """Return the CTEs of the claims that a promise or a dispute speaks for, and of what promises will bring.

        `special.spoken_for` is what of an item is no open item of the curve; a promise is spread over its items by
        what they have, and no item is promised more than that (`tools.forecast.spread`).
        """
        return SQL(
            """
            promised AS MATERIALIZED (%(promised)s),
            disputed AS MATERIALIZED (%(disputed)s),
            touched AS MATERIALIZED (
                SELECT monday, cut, line_id
                  FROM (SELECT monday, line_id FROM promised UNION SELECT monday, line_id FROM disputed) named
                  JOIN start USING (monday)),
            since AS MATERIALIZED (
                SELECT monday, line_id, SUM(amount) AS amount
                  FROM touched
                  JOIN application USING (line_id)
                 WHERE day >= cut
              GROUP BY monday, line_id),
            standing_item AS MATERIALIZED (
                SELECT monday, line_id, line.company_id, line.partner_id, line.currency_id, %(due_week)s AS due_week,
                       open, GREATEST(0, open - COALESCE(disputed.amount, 0)) AS free
                  FROM touched
                  JOIN account_move_line line ON line.id = line_id AND line.date < cut AND %(items)s
             LEFT JOIN since USING (monday, line_id)
             LEFT JOIN disputed USING (monday, line_id)
            CROSS JOIN LATERAL (SELECT line.amount_residual + COALESCE(since.amount, 0) AS open) stands
                 WHERE line.balance > 0 AND open > 0),
            part AS MATERIALIZED (
                SELECT monday, line_id, day, rest * free / NULLIF(SUM(free) OVER promise, 0) AS amount
                  FROM promised
                  JOIN standing_item USING (monday, line_id)
                 WHERE free > 0
                WINDOW promise AS (PARTITION BY monday, promise_id)),
            asked AS (SELECT monday, line_id, SUM(amount) AS amount FROM part GROUP BY monday, line_id),
            special AS (
                SELECT item.*, open - free + LEAST(free, COALESCE(asked.amount, 0)) AS spoken_for
                  FROM standing_item item
             LEFT JOIN asked USING (monday, line_id)),
            believed AS (
                SELECT item.company_id, item.partner_id, item.currency_id,
                       GREATEST(DATE_TRUNC('week', part.day::timestamp)::date, part.monday) AS week,
                       part.amount * LEAST(1, item.free / NULLIF(asked.amount, 0)) * kept.rate AS amount
                  FROM part
                  JOIN start USING (monday)
                  JOIN standing_item item USING (monday, line_id)
                  JOIN asked USING (monday, line_id)
                  JOIN (%(kept)s) kept ON kept.monday = part.monday AND kept.company_id = item.company_id
                 WHERE DATE_TRUNC('week', part.day::timestamp)::date < part.monday + 7 * start.weeks)
            """,
            disputed=self._sql_disputed(),
            due_week=self._sql_due_week('line'),
            items=self._sql_followed_claims(),
            kept=self._sql_kept(),
            promised=self._sql_promised(),
        )

    @api.model
    def _sql_promised(self):
        """Return the SELECT of what promises lacked at each forecast: monday, promise_id, line_id, day, rest.

        Of today's that is known. In the past a promise is one that had been taken, whose last day was to come and
        that was not yet paid in full or replaced; promises withdrawn since left no day, so they are not looked at.
        """
        Promise = self.env['cobranza.promise']
        return SQL(
            """
            SELECT start.monday, promise.id AS promise_id, promised.line_id, promise.date AS day, promise.amount_company
                   * CASE WHEN start.monday = %(now)s
                          THEN GREATEST(0, 1 - COALESCE(promise.paid_amount, 0) / promise.amount) ELSE 1 END AS rest
              FROM start
              JOIN cobranza_promise promise ON promise.company_id = ANY(%(companies)s)
         LEFT JOIN cobranza_promise renewed ON renewed.id = promise.replaced_by_id
              JOIN cobranza_promise_item_rel promised ON promised.promise_id = promise.id
             WHERE CASE WHEN start.monday = %(now)s THEN promise.state IN %(live)s
                        ELSE promise.taken_on < start.cut
                             AND GREATEST(promise.deadline, promise.spared_until) >= start.cut
                             AND COALESCE(promise.paid_on, start.cut) >= start.cut
                             AND (promise.state IN %(believed)s OR renewed.taken_on >= start.cut) END
            """,
            believed=Promise._LIVE + Promise._JUDGED,
            companies=self._companies(),
            live=Promise._LIVE,
            now=self._monday(),
        )

    @api.model
    def _sql_disputed(self):
        """Return the SELECT of what was not claimed at each forecast: monday, line_id, amount in company currency."""
        return SQL(
            """
            SELECT %(now)s::date AS monday, held.line_id,
                   held.amount * line.amount_residual / NULLIF(line.amount_residual_currency, 0) AS amount
              FROM (%(held)s) held
              JOIN account_move_line line ON line.id = held.line_id AND line.company_id = ANY(%(companies)s)
             UNION ALL
            SELECT start.monday, dispute.line_id, SUM(dispute.amount_company)
              FROM start
              JOIN cobranza_dispute dispute
                ON dispute.create_date < start.cut AND dispute.company_id = ANY(%(companies)s)
               AND (dispute.state = 'open' OR dispute.resolved_date >= start.cut)
             WHERE start.monday < %(now)s AND dispute.line_id IS NOT NULL
          GROUP BY start.monday, dispute.line_id
            """,
            companies=self._companies(),
            held=self.env['cobranza.dispute']._sql_disputed_amounts(),
            now=self._monday(),
        )

    @api.model
    def _sql_kept(self):
        """Return the SELECT of the kept rate by amount before each forecast; before any is judged, all are believed."""
        Promise = self.env['cobranza.promise']
        return SQL(
            """
            SELECT start.monday, company_id, COALESCE(SUM(%(kept)s) / NULLIF(SUM(%(judged)s), 0), 1)::float8 AS rate
              FROM start
        CROSS JOIN UNNEST(%(companies)s) company_id
         LEFT JOIN cobranza_promise promise USING (company_id)
          GROUP BY start.monday, company_id
            """,
            companies=self._companies(),
            judged=self._sql_before('promise', Promise._JUDGED),
            kept=self._sql_before('promise', ('kept',)),
        )

    @api.model
    def _sql_before(self, alias, states):
        """Return SQL for the amount of a promise in some states, whose last day was in the year before a forecast."""
        return SQL(
            'CASE WHEN %(day)s < start.cut AND %(day)s >= start.cut - %(year)s THEN %(amount)s ELSE 0 END',
            amount=self.env['cobranza.promise']._sql_amount_of(alias, states),
            day=SQL('GREATEST(promise.deadline, promise.spared_until)'),
            year=YEAR,
        )
