from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .cobranza_report_month import MONTHS


class CobranzaReportMonth(models.Model):
    """Months of whole companies are read as such: to add all debtors up again takes ten times as long."""

    _inherit = 'cobranza.report.month'

    #: The model that answers what says nothing of debtors.
    _WHOLE = 'cobranza.report.month.whole'
    #: What a month of a whole company is known by.
    _KEYS = ('company_currency_id', 'company_id', 'month')

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), *args, **kwargs):
        is_whole = not having and self._is_of_companies(domain, groupby, aggregates)
        reader = self.env[self._WHOLE] if is_whole else super()
        return reader._read_group(domain, groupby, aggregates, having, *args, **kwargs)

    @api.model
    def _is_of_companies(self, domain, groupby, aggregates):
        """Tell whether a question, and what the user may see, say nothing of a debtor.

        An amount in a condition is that of a debtor, and so is any aggregate but the sum or the ratio of sums.
        """
        if not self._WHOLE or not self.env[self._WHOLE].has_access('read'):
            return False
        seen = self.env['ir.rule']._compute_domain(self._name, 'read')
        conditions = (Domain(domain) & Domain(seen)).iter_conditions()
        named = {condition.field_expr for condition in conditions} | set(groupby)
        keys = {name.partition(':')[0].partition('.')[0] for name in named}
        return keys <= set(self._KEYS) and set(aggregates) <= self._adding_up()

    @api.model
    def _adding_up(self):
        """Return the aggregates that are the same of a company as of its debtors together."""
        names = ('days', 'sales', *self._BALANCES_OF, *self._RATIOS)
        return {'__count', *(f'{name}:{self._fields[name].aggregator}' for name in names)}


class CobranzaReportMonthWhole(models.Model):
    """The months of companies, each as a whole; a row counts for as many as it has debtors and currencies."""

    _name = 'cobranza.report.month.whole'
    _inherit = ['cobranza.report.month']
    _description = 'Receivables of Companies by Month'
    _auto = False

    _WHOLE = None
    #: What a debtor has and a company as a whole has not.
    _OF_DEBTORS = (
        'partner_id', 'currency_id', 'country_id', 'salesperson_id', 'user_id', 'team_id', 'segment_id', 'strategy_id',
        'stage_id', 'current_user_id', 'current_case_id',
    )  # fmt: skip

    @property
    def _table_query(self):
        today = fields.Date.context_today(self)
        return SQL(
            """
            SELECT %(id)s AS id, figure.*, company.currency_id AS company_currency_id, counted.debtors, %(ratios)s,
                   %(of_nobody)s
              FROM (%(figures)s) figure
        CROSS JOIN LATERAL (SELECT 0 AS partner_id, figure.company_id, 0 AS currency_id, figure.month) key
              JOIN res_company company ON company.id = figure.company_id
              JOIN (%(counted)s) counted ON counted.company_id = figure.company_id
            """,
            counted=self._sql_counted(),
            figures=self._sql_whole(self._companies(), today, MONTHS),
            id=self._sql_id('key'),
            of_nobody=SQL(', ').join(
                SQL('NULL::int AS %s', SQL.identifier(name)) for name in self._OF_DEBTORS
            ),
            ratios=self._sql_ratio_columns('figure'),
        )

    @api.model
    def _sql_counted(self):
        """Return the SELECT of how many rows a month of each company has by debtor and currency."""
        return SQL(
            """
            SELECT company_id, COUNT(*) AS debtors
              FROM (SELECT DISTINCT company_id, partner_id, currency_id FROM account_move_line line
                     WHERE %s AND company_id = ANY(%s)) debtor
          GROUP BY company_id
            """,
            self.env['account.move.line']._sql_is_receivable('line'),
            self._companies(),
        )

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == '__count':
            return SQL('SUM(%s)::int', SQL.identifier(query.table, 'debtors'))
        return super()._read_group_select(aggregate_spec, query)
