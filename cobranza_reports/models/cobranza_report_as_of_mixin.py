import operator
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

#: The day that ids count from, and how many days they have room for.
EPOCH, ROOM = date(2000, 1, 1), 65_536
#: How far back the calendar goes, and how many of its days may be read at once.
YEARS, MOST_DAYS = 12, 150
#: Without days there is nothing to read; any one gives the columns.
EVERYDAY = (EPOCH,)
COMPARISONS = {
    'in': lambda value, values: value in values,
    'not in': lambda value, values: value not in values,
    '<': operator.lt,
    '<=': operator.le,
    '>': operator.gt,
    '>=': operator.ge,
}


class CobranzaReportAsOfMixin(models.AbstractModel):
    """A report of journal items as they stood on a day, any day: `as_of` is a column like others.

    Every row exists for every day, so whoever reads names the days: a domain without any means today. The day is part
    of a row's id, and a search by id asks for that day alone.
    """

    _name = 'cobranza.report.as.of.mixin'
    _inherit = ['cobranza.report.mixin']
    _description = 'Collections Report as of a Day'
    _auto = False

    as_of = fields.Date(readonly=True, help='The day whose evening the figures are of.')
    is_month_end = fields.Boolean(readonly=True, help='The last day of a month, or today.')
    line_id = fields.Many2one('account.move.line', string='Journal Item', readonly=True)
    move_id = fields.Many2one('account.move', string='Document', readonly=True)

    _depends = {
        'account.move.line': [
            'account_id', 'amount_residual', 'amount_residual_currency', 'company_id', 'currency_id', 'date',
            'date_maturity', 'move_id', 'parent_state', 'partner_id', 'reconciled',
        ],
        'account.partial.reconcile': [
            'amount', 'credit_amount_currency', 'credit_move_id', 'debit_amount_currency', 'debit_move_id',
            'max_date',
        ],
    }  # fmt: skip

    # === DAYS === #

    @api.model
    def _search(self, domain, *args, **kwargs):
        domain = Domain(domain).map_conditions(self._spell_out_ids).optimize_full(self)
        days = self._days_of(domain)
        if len(days) > MOST_DAYS:
            raise UserError(
                self.env._(
                    'Please name the days, or choose month ends: these figures are those of an evening.'
                )
            )
        query = super()._search(domain & Domain('as_of', 'in', days), *args, **kwargs)
        return self._read_days(query, days)

    def _as_query(self, ordered=True):
        query = super()._as_query(ordered=ordered)
        return self._read_days(query, self._split_ids(self._ids)[0])

    def _read_days(self, query, days):
        """Let a query read the ledger as it stood on these days, each with the plan that suits it.

        Odoo asks a model for one table whatever the domain; here the domain decides which it is.
        """
        evenings = SQL(' UNION ALL ').join(map(self._sql_day, days or EVERYDAY))
        pending = query._tables[query.table].to_flush  # what `_depends` names is written first
        query._tables[query.table] = SQL('(%s)', evenings, to_flush=pending)
        return query

    @api.model
    def _book_days(self, domain):
        """Return the days that a domain of a workbook names; none means today."""
        return self._days_of(Domain(domain).optimize_full(self))

    @api.model
    def _days_of(self, domain):
        """Return every day that an optimized domain may hold for; one that says nothing about days means today."""
        today = fields.Date.context_today(self)
        conditions = [
            c for c in domain.iter_conditions() if c.field_expr in ('as_of', 'is_month_end')
        ]
        if not conditions:
            return [today]
        named = [c for c in conditions if c.field_expr == 'as_of' and c.operator == 'in']
        candidates = set().union(*(c.value for c in named)) - {False}
        if len(named) < len(conditions):
            candidates.update(self._calendar(today))
        return sorted(day for day in candidates if self._may_hold(domain, day, today))

    def _may_hold(self, domain, day, today):
        """Tell whether a domain may be true on a day: what it says of anything else is taken for true."""
        values = {'as_of': day, 'is_month_end': self._is_month_end(day, today)}

        def decide(condition):
            compare = COMPARISONS.get(condition.operator)
            if condition.field_expr not in values or not compare:
                return Domain.TRUE
            return Domain(compare(values[condition.field_expr], condition.value))

        return not domain.map_conditions(decide).is_false()

    def _calendar(self, today):
        """Return the days there are."""
        first = fields.Date.subtract(today, years=YEARS)
        return [first + timedelta(days=number) for number in range((today - first).days + 1)]

    @api.model
    def _is_month_end(self, day, today):
        return day == today or (day + timedelta(days=1)).day == 1

    def _spell_out_ids(self, condition):
        """Add the day to a condition on ids, which alone would mean every row of every day."""
        if condition.field_expr != 'id' or condition.operator not in ('=', 'in'):
            return condition
        ids = [condition.value] if condition.operator == '=' else list(condition.value)
        return condition & Domain('as_of', 'in', self._split_ids(filter(None, ids))[0])

    @api.model
    def _split_ids(self, ids):
        """Return ([days], [ids of journal items]) of ids of this report."""
        pairs = [divmod(record_id, ROOM) for record_id in ids]
        days = {EPOCH + timedelta(days=day) for _line, day in pairs}
        return sorted(days), sorted({line for line, _day in pairs})

    def _line_ids(self):
        return self._split_ids(self._ids)[1]

    # === THE LEDGER AS IT STOOD === #

    @property
    def _table_query(self):
        return self._sql_day(fields.Date.context_today(self))

    @api.model
    def _sql_day(self, day):
        """Return the SELECT of the report's rows on the evening of a day."""
        raise NotImplementedError  # what is said of the items of an evening is each report's own

    @api.model
    def _sql_identity(self, day):
        """Return the columns that every report has of the journal item `line` on a day."""
        return SQL(
            """
            line.id::bigint * %(room)s + %(number)s AS id, %(day)s::date AS as_of, %(is_month_end)s AS is_month_end,
            line.id AS line_id, line.move_id, line.company_id, line.partner_id, line.currency_id
            """,
            day=day,
            is_month_end=self._is_month_end(day, fields.Date.context_today(self)),
            number=(day - EPOCH).days,
            room=ROOM,
        )

    #: What reports read of a journal item: PostgreSQL carries each of its hundred columns through a UNION otherwise.
    _ITEM_COLUMNS = (
        'id', 'account_id', 'company_id', 'currency_id', 'date', 'date_maturity', 'move_id', 'partner_id',
    )  # fmt: skip

    @api.model
    def _sql_open_on(self, day, company_ids=None):
        """Return the SELECT of the receivable journal items that were open on the evening of a day.

        Columns: `_ITEM_COLUMNS` of journal items, and as `open`, `open_currency` what was open in company currency and
        in theirs.
        What is open now, and on top of it whatever was reconciled since, by the later date of the two items
        (`max_date`): a reconciliation counts from the day on which both existed.

        :param company_ids: of which companies; by default those the user has switched on
        """
        return SQL(
            """
            WITH since AS MATERIALIZED (
                SELECT line_id, SUM(amount) AS amount, COALESCE(SUM(amount_currency), 0) AS amount_currency
                  FROM (SELECT debit_move_id AS line_id, amount, debit_amount_currency AS amount_currency
                          FROM account_partial_reconcile WHERE max_date > %(day)s
                         UNION ALL
                        SELECT credit_move_id, -amount, -credit_amount_currency
                          FROM account_partial_reconcile WHERE max_date > %(day)s) reconciled
              GROUP BY line_id)
            SELECT %(columns)s,
                   CASE WHEN since.line_id IS NULL THEN line.amount_residual
                        ELSE line.amount_residual + since.amount END AS open,
                   CASE WHEN since.line_id IS NULL THEN line.amount_residual_currency
                        ELSE line.amount_residual_currency + since.amount_currency END AS open_currency
              FROM account_move_line line
         LEFT JOIN since ON since.line_id = line.id
             WHERE line.reconciled IS NOT TRUE AND %(items)s
             UNION ALL
            SELECT %(columns)s, line.amount_residual + since.amount,
                   line.amount_residual_currency + since.amount_currency
              FROM since
              JOIN account_move_line line ON line.id = since.line_id
             WHERE line.reconciled AND %(items)s
            """,
            columns=SQL(', ').join(SQL.identifier('line', name) for name in self._ITEM_COLUMNS),
            day=day,
            items=SQL(
                '%s AND line.company_id = ANY(%s) AND line.date <= %s',
                self.env['account.move.line']._sql_is_receivable('line'),
                self._companies() if company_ids is None else company_ids,
                day,
            ),
        )
