import operator
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

#: The day that ids count from, and how many days they have room for.
EPOCH, DAYS = date(2000, 1, 1), 65_536
#: How far back the calendar goes, and how many of its days may be read at once.
YEARS, MOST_DAYS = 12, 150
#: Without days there is nothing to read; any one gives the columns.
EVERYDAY = (EPOCH,)
COMPARISONS = {'<': operator.lt, '<=': operator.le, '>': operator.gt, '>=': operator.ge}


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
        """Let a query read the ledger as it stood on these days, each with the plan that suits it."""
        if query.table in query._tables:
            evenings = SQL(' UNION ALL ').join(map(self._sql_day, days or EVERYDAY))
            pending = query._tables[query.table].to_flush  # what `_depends` names is written first
            query._tables[query.table] = SQL('(%s)', evenings, to_flush=pending)
        return query

    @api.model
    def _days_of(self, domain):
        """Return the days that an optimized domain is about: those it names, those in its ranges, or today."""
        today = fields.Date.context_today(self)
        conditions = [
            c for c in domain.iter_conditions() if c.field_expr in ('as_of', 'is_month_end')
        ]
        if not conditions:
            return [today]
        named = [c.value for c in conditions if c.field_expr == 'as_of' and c.operator == 'in']
        if named:
            return sorted(set().union(*named) - {False})
        return [
            day
            for day in self._calendar(today)
            if all(self._holds(c, day, today) for c in conditions)
        ]

    def _calendar(self, today):
        """Return the days there are."""
        first = fields.Date.subtract(today, years=YEARS)
        return [fields.Date.add(first, days=number) for number in range((today - first).days + 1)]

    def _holds(self, condition, day, today):
        """Tell whether a condition on the day may be true of `day`; one that says nothing about it may."""
        if condition.field_expr == 'is_month_end':
            return condition.operator != 'in' or self._is_month_end(day, today) in condition.value
        compare = COMPARISONS.get(condition.operator)
        return not compare or compare(day, condition.value)

    @api.model
    def _is_month_end(self, day, today):
        return day == today or fields.Date.add(day, days=1).day == 1

    def _spell_out_ids(self, condition):
        """Add the day to a condition on ids, which alone would mean every row of every day."""
        if condition.field_expr != 'id' or condition.operator not in ('=', 'in'):
            return condition
        ids = [condition.value] if condition.operator == '=' else list(condition.value)
        return condition & Domain('as_of', 'in', self._split_ids(filter(None, ids))[0])

    @api.model
    def _split_ids(self, ids):
        """Return ([days], [ids of journal items]) of ids of this report."""
        pairs = [divmod(record_id, DAYS) for record_id in ids]
        days = {fields.Date.add(EPOCH, days=day) for _line, day in pairs}
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
        raise NotImplementedError

    @api.model
    def _sql_open_on(self, day):
        """Return the SELECT of the receivable journal items that were open on the evening of a day.

        Columns: those of journal items, and as `open`, `open_currency` what was open in company currency and in theirs.
        What is open now, and on top of it whatever was reconciled since, by the later date of the two items
        (`max_date`): a reconciliation counts from the day on which both existed.
        """
        return SQL(
            """
            WITH since AS MATERIALIZED (
                SELECT line_id, SUM(amount) AS amount, SUM(amount_currency) AS amount_currency
                  FROM (SELECT debit_move_id AS line_id, amount, debit_amount_currency AS amount_currency
                          FROM account_partial_reconcile WHERE max_date > %(day)s
                         UNION ALL
                        SELECT credit_move_id, -amount, -credit_amount_currency
                          FROM account_partial_reconcile WHERE max_date > %(day)s) reconciled
              GROUP BY line_id)
            SELECT line.*, line.amount_residual + COALESCE(since.amount, 0) AS open,
                   line.amount_residual_currency + COALESCE(since.amount_currency, 0) AS open_currency
              FROM account_move_line line
         LEFT JOIN since ON since.line_id = line.id
             WHERE line.reconciled IS NOT TRUE AND %(items)s
             UNION ALL
            SELECT line.*, line.amount_residual + since.amount,
                   line.amount_residual_currency + since.amount_currency
              FROM since
              JOIN account_move_line line ON line.id = since.line_id
             WHERE line.reconciled AND %(items)s
            """,
            day=day,
            items=SQL(
                """
                line.account_id = ANY(%s) AND line.parent_state = 'posted' AND line.partner_id IS NOT NULL
                AND line.company_id = ANY(%s) AND line.date <= %s
                """,
                self.env['account.move.line']._receivable_account_ids(),
                self._companies(),
                day,
            ),
        )
