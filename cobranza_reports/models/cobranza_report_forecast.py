from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .cobranza_report_mixin import money, ratio

#: Weeks a forecast reaches, this one included; past weeks whose forecast is looked back at; days it learns from.
HORIZON, LOOK_BACK, YEAR = 13, 13, 364
WEEK = timedelta(days=7)


class CobranzaReportForecast(models.Model):
    """Cash expected week by week, and what was expected of the last weeks beside what was paid in them.

    Nothing is stored: the forecast of a past week is made again from what the ledger said when that week began, by the
    very statement that makes today's. Amounts are in company currency.
    """

    _name = 'cobranza.report.forecast'
    _inherit = ['cobranza.report.mixin']
    _description = 'Cash Forecast'
    _auto = False
    _order = 'week, id'

    week = fields.Date(readonly=True, help='Monday of the week.')
    period = fields.Selection(
        [('past', 'Past Weeks'), ('coming', 'Coming Weeks')],
        readonly=True,
        help='A past week shows what was expected of it on its Monday; coming weeks, what is expected today.',
    )
    source = fields.Selection(
        [('item', 'Open Items'), ('promise', 'Promises'), ('paid', 'Paid')], readonly=True
    )
    amount = money(
        'Expected or Paid', help='Expected of open items and promises; paid, of what came in.'
    )
    expected = money(
        'Expected',
        help='Open items: open × P(paid in the week), where P is what was paid ÷ what was open, by weeks since the due'
        ' date, in the 52 weeks before, each week taking what those before it left. Promises: what they still lack, in'
        ' the week of their day, × kept ÷ judged by amount. Without what is in dispute, excluded or blocked; invoices'
        ' to come and credits to apply are not looked at.',
    )
    expected_past = money(
        'Expected of Past Weeks', help='Expected on the Monday of each past week.'
    )
    actual = money('Paid', help='Paid in the past weeks, whatever it was expected of.')
    error = money(
        'Missed By',
        help='|paid − expected| of the week and company; a row shows its part, so that they add up to it.',
    )
    mape = ratio(
        'MAPE %', 'Σ|paid − expected| of the weeks of a company ÷ Σ paid × 100, past weeks.'
    )
    bias = ratio(
        'Bias %', 'Σ(expected − paid) ÷ Σ paid × 100, past weeks; above 0 too much was expected.'
    )

    _depends = {
        'account.move': ['payment_state'],
        'account.move.line': [
            'account_id', 'amount_residual', 'amount_residual_currency', 'balance', 'company_id', 'currency_id',
            'date', 'date_maturity', 'display_type', 'journal_id', 'move_id', 'no_followup', 'parent_state',
            'partner_id', 'reconciled',
        ],
        'account.partial.reconcile': ['amount', 'credit_move_id', 'debit_move_id', 'max_date'],
        'cobranza.dispute': ['amount_company', 'amount_held', 'line_id', 'resolved_date', 'state'],
        'cobranza.promise': [
            'amount', 'amount_company', 'awaits_payment', 'cancel_reason', 'company_id', 'date', 'deadline',
            'line_ids', 'paid_amount', 'paid_on', 'replaced_by_id', 'spared_until', 'state', 'taken_on',
        ],
        'cobranza.writeoff.item': ['amount', 'line_id', 'state'],
    }  # fmt: skip
    _RATIOS = {
        'mape': (('error',), ('actual',), 100),
        'bias': (('expected_past', '-actual'), ('actual',), 100),
    }
    _BOOK_BY, _BOOK_FIGURE = 'week:week', 'amount'

    # === WEEKS === #

    @api.model
    def _monday(self):
        today = fields.Date.context_today(self)
        return today - timedelta(days=today.weekday())

    @api.model
    def _starts(self):
        """Return (Monday, day before which the ledger counts, part of the first week to come, weeks) of each forecast.

        Those of the past weeks were made on their Monday and are looked at for one week; today's is made now.
        """
        today, monday = fields.Date.context_today(self), self._monday()
        past = [monday - number * WEEK for number in range(LOOK_BACK, 0, -1)]
        left = (7 - today.weekday()) / 7
        return [(day, day, 1.0, 1) for day in past] + [
            (monday, today + timedelta(days=1), left, HORIZON)
        ]

    @api.model
    def _first_monday(self):
        """Return the Monday from which movements are read: a week before what the first forecast learns from."""
        return self._monday() - (LOOK_BACK + 1) * WEEK - timedelta(days=YEAR)

    # === SQL === #

    @property
    def _table_query(self):
        monday, sources = self._monday(), ('item', 'promise', 'paid')
        return SQL(
            """
            WITH %(ledger)s, %(history)s, %(chances)s, %(promises)s, %(movements)s, %(expected)s,
                 figure AS MATERIALIZED (
                     SELECT company_id, partner_id, currency_id, week, source, amount FROM expected
                     UNION ALL
                     SELECT company_id, partner_id, currency_id, DATE_TRUNC('week', day::timestamp)::date, 'paid',
                            SUM(amount)
                       FROM application
                      WHERE is_payment AND day >= %(oldest)s AND day < %(monday)s
                   GROUP BY company_id, partner_id, currency_id, DATE_TRUNC('week', day::timestamp)),
                 missed AS (
                     SELECT company_id, week, SIGN(SUM(CASE WHEN source = 'paid' THEN amount ELSE -amount END)) AS sign
                       FROM figure WHERE week < %(monday)s GROUP BY company_id, week)
            SELECT forecast.*, %(ratios)s, %(debtor)s
              FROM (SELECT %(id)s AS id, figure.*,
                           CASE WHEN week < %(monday)s THEN 'past' ELSE 'coming' END AS period,
                           CASE WHEN source != 'paid' THEN amount END AS expected,
                           CASE WHEN source != 'paid' AND week < %(monday)s THEN amount END AS expected_past,
                           CASE WHEN source = 'paid' THEN amount END AS actual,
                           missed.sign * CASE WHEN source = 'paid' THEN amount ELSE -amount END AS error
                      FROM figure
                 LEFT JOIN missed USING (company_id, week)) forecast
                   %(joins)s
            """,
            chances=self._sql_chances(),
            debtor=self._sql_debtor_columns(),
            expected=self._sql_expected(),
            history=self._sql_history(),
            id=self._sql_id(sources),
            joins=self._sql_debtor_joins('forecast', SQL('forecast.week')),
            ledger=self._sql_ledger(),
            monday=monday,
            movements=self._sql_movements(),
            oldest=monday - LOOK_BACK * WEEK,
            promises=self._sql_promises(),
            ratios=self._sql_ratio_columns('forecast'),
        )

    @api.model
    def _sql_id(self, sources):
        """Return SQL for a row's id, made of what the row is of: it is the same in every query of a week."""
        return SQL(
            """(((company_id::bigint * 134217728 + partner_id) * 256 + currency_id) * 32
                + (week - %s::date) / 7) * 4 + ARRAY_POSITION(%s, source)""",
            self._monday() - LOOK_BACK * WEEK,
            list(sources),
        )

    @api.model
    def _sql_movements(self):
        """Return the CTE of what came and went by debtor, due week and day; what came and went before counts as once.

        What promises and disputes speak for goes when a forecast is made and comes back before the next.
        """
        return SQL(
            """
            movement AS MATERIALIZED (
                SELECT company_id, partner_id, currency_id, due_week, GREATEST(day, %(oldest)s::date - 1) AS day,
                       SUM(amount)::float8 AS amount
                  FROM (SELECT company_id, partner_id, currency_id, due_week, day, amount FROM event
                         WHERE gone_on IS NULL OR gone_on >= %(oldest)s  -- the rest came and went before
                         UNION ALL
                        SELECT company_id, partner_id, currency_id, due_week, moved.day, moved.amount
                          FROM special
                          JOIN (SELECT monday, cut, LEAD(cut) OVER (ORDER BY cut) AS next_cut FROM start) start
                         USING (monday)
                    CROSS JOIN LATERAL (VALUES (cut - 1, -spoken_for), (next_cut - 1, spoken_for)) moved(day, amount)
                         WHERE moved.day IS NOT NULL) moved
              GROUP BY company_id, partner_id, currency_id, due_week, GREATEST(day, %(oldest)s::date - 1)
                HAVING SUM(amount) != 0)
            """,
            oldest=self._starts()[0][0],
        )

    @api.model
    def _sql_expected(self):
        """Return the CTEs of what each forecast expects, by debtor, week and source.

        A slot is a week of a forecast. What comes and goes is summed up by debtor and due week, meets the chances of
        that due week in every slot at once, and counts in the forecasts made after it: no row for each item and week.
        """
        slots = [
            (monday, cut, monday + step * WEEK)
            for monday, cut, _part, weeks in self._starts()
            for step in range(weeks)
        ]
        return SQL(
            """
            slot(number, monday, week) AS (VALUES %(slots)s),
            vector AS MATERIALIZED (
                SELECT company_id, due_week, ARRAY_AGG(chance ORDER BY number) AS chances
                  FROM (SELECT DISTINCT company_id, due_week FROM movement) due
            CROSS JOIN slot
                  JOIN chance USING (company_id, monday, week)
                 WHERE chance.age = %(age)s
              GROUP BY company_id, due_week),
            debtor_sum AS (
                SELECT company_id, partner_id, currency_id, ARRAY[%(sums)s] AS amounts
                  FROM movement
                  JOIN vector USING (company_id, due_week)
              GROUP BY company_id, partner_id, currency_id),
            expected AS (
                SELECT company_id, partner_id, currency_id, week, 'item' AS source, amounts[number] AS amount
                  FROM debtor_sum
            CROSS JOIN slot
                 WHERE ABS(amounts[number]) > 0.000001
                 UNION ALL
                SELECT company_id, partner_id, currency_id, week, 'promise', SUM(amount)
                  FROM believed
              GROUP BY company_id, partner_id, currency_id, week
                HAVING SUM(amount) > 0.000001)
            """,
            age=self._sql_age(SQL('monday')),
            slots=SQL(', ').join(
                SQL('(%s, %s::date, %s::date)', number, monday, week)
                for number, (monday, _cut, week) in enumerate(slots, start=1)
            ),
            sums=SQL(', ').join(
                SQL('SUM(amount * chances[%s]) FILTER (WHERE day < %s)', number, cut)
                for number, (_monday, cut, _week) in enumerate(slots, start=1)
            ),
        )

    # === THE LEDGER BEHIND A FIGURE === #

    def _line_ids(self):
        """Return the claims and payments behind what was paid; of what is expected, the open claims."""
        Payment, Line = self.env['cobranza.report.payment'], self.env['account.move.line']
        paid = self.filtered(lambda row: row.source == 'paid')
        payments = Payment.search(Domain.OR(row._payment_domain() for row in paid))
        expected = self - paid
        claims = Line.search(
            Line._open_item_domain()
            & Domain('partner_id', 'in', expected.partner_id.ids)
            & Domain('company_id', 'in', expected.company_id.ids)
            & Domain('balance', '>', 0)
        )
        return [*payments._line_ids(), *claims.ids]

    def _payment_domain(self):
        self.ensure_one()
        return (
            Domain('company_id', '=', self.company_id.id)
            & Domain('partner_id', '=', self.partner_id.id)
            & Domain('currency_id', '=', self.currency_id.id)
            & Domain('date', '>=', self.week)
            & Domain('date', '<', self.week + WEEK)
        )
