from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

#: What the collector, the segment and so on of a row are.
AS_IT_WAS = (
    'What the debtor was on the day of the row. It is recorded every night: days before the first record show what'
    ' that one says.'
)


def money(string, **options):
    """Return a field of an amount in company currency."""
    return fields.Monetary(string, currency_field='company_currency_id', readonly=True, **options)


def ratio(string, help, **options):
    """Return a field of a figure of `_RATIOS`; its help is its formula."""
    return fields.Float(string, readonly=True, aggregator='avg', help=help, **options)


def selection_of(model, name):
    """Return a field that shows the selection `name` of another model, in the reader's language."""
    return fields.Selection(
        selection=lambda self: self.env[model]._fields[name]._description_selection(self.env),
        readonly=True,
    )


class CobranzaReportMixin(models.AbstractModel):
    """A report read from the ledger: what its figures can be broken down by, and figures that are ratios of sums."""

    _name = 'cobranza.report.mixin'
    _description = 'Collections Report'
    _auto = False
    _rec_name = 'partner_id'

    company_id = fields.Many2one('res.company', readonly=True)
    company_currency_id = fields.Many2one('res.currency', readonly=True)
    currency_id = fields.Many2one('res.currency', readonly=True)
    partner_id = fields.Many2one('res.partner', string='Debtor', readonly=True)
    country_id = fields.Many2one('res.country', readonly=True)
    salesperson_id = fields.Many2one('res.users', readonly=True)
    user_id = fields.Many2one('res.users', string='Collector', readonly=True, help=AS_IT_WAS)
    team_id = fields.Many2one('cobranza.team', readonly=True, help=AS_IT_WAS)
    segment_id = fields.Many2one('cobranza.segment', readonly=True, help=AS_IT_WAS)
    strategy_id = fields.Many2one('cobranza.strategy', readonly=True, help=AS_IT_WAS)
    stage_id = fields.Many2one('cobranza.stage', readonly=True, help=AS_IT_WAS)
    current_user_id = fields.Many2one(
        'res.users',
        string='Collector Today',
        readonly=True,
        help='Who has the debtor now.',
    )
    current_case_id = fields.Many2one(
        'cobranza.case',
        string='Case Today',
        readonly=True,
        groups=fields.NO_ACCESS,  # the record rules ask it, nobody reads it
        help='Who works on it today may see the figures of the debtor.',
    )

    _depends = {
        'cobranza.case': [
            'company_id', 'partner_id', 'segment_id', 'stage_id', 'strategy_id', 'team_id', 'user_id',
        ],
        'cobranza.case.snapshot': [
            'case_id', 'date_from', 'date_to', 'is_first', 'segment_id', 'stage_id', 'strategy_id', 'team_id',
            'user_id',
        ],
        'res.company': ['currency_id'],
        'res.partner': ['country_id', 'user_id'],
    }  # fmt: skip
    #: {figure: (parts of the numerator, parts of the denominator, scale)}: names of summed columns, a minus sign before
    #: those that are taken away. The scale is a number or the name of a column that is averaged.
    _RATIOS = {}
    #: Balances of a moment, and the column of that moment: over several of them, a group shows the average.
    _BALANCES_OF, _MOMENT = (), ''
    #: The model whose records the rows are, with their ids, if they are of records.
    _RECORDS = ''
    #: What the workbook sums up rows by when nobody grouped them, and the figure it draws; by default the first.
    _BOOK_BY, _BOOK_FIGURE = 'segment_id', ''

    # === WHAT FIGURES CAN BE BROKEN DOWN BY === #

    @api.model
    def _sql_debtor_columns(self):
        """Return the columns that every report has of a debtor, from the joins of `_sql_debtor_joins`."""
        return SQL(
            """
            company.currency_id AS company_currency_id, partner.country_id, partner.user_id AS salesperson_id,
            debtor.user_id AS current_user_id, debtor.id AS current_case_id, %s
            """,
            self._sql_was_columns(),
        )

    @api.model
    def _sql_was_columns(self):
        """Return the columns of what the debtor was on the day of the row."""
        return self.env['cobranza.case.snapshot']._sql_recorded('was')

    @api.model
    def _sql_debtor_joins(self, alias, day=None):
        """Return the joins of company, partner and case to the row `alias`, which has company_id and partner_id.

        Every row has a company and a partner; the joins are outer ones because PostgreSQL leaves those out, and what
        it guesses wrong of them, when no column of theirs is asked for.

        :param day: a date, or SQL for the row's: what the debtor was on its evening; by default what it is now
        """
        row = SQL.identifier(alias)
        return SQL(
            """
       LEFT JOIN res_company company ON company.id = %(row)s.company_id
       LEFT JOIN res_partner partner ON partner.id = %(row)s.partner_id
       LEFT JOIN cobranza_case debtor
              ON debtor.company_id = %(row)s.company_id AND debtor.partner_id = %(row)s.partner_id
                 %(was)s
            """,
            row=row,
            was=self._sql_was(day),
        )

    @api.model
    def _sql_was(self, day):
        """Return the joins to what the case `debtor` was on a day: of today it says so itself, as without a record."""
        Snapshot = self.env['cobranza.case.snapshot']
        today = fields.Date.context_today(self)
        if day is None or (isinstance(day, date) and day >= today):
            return SQL('CROSS JOIN LATERAL (SELECT %s) was', Snapshot._sql_recorded('debtor'))
        return SQL(
            """
       LEFT JOIN cobranza_case_snapshot past ON past.case_id = debtor.id AND %(day)s < %(today)s AND %(valid)s
      CROSS JOIN LATERAL (SELECT %(columns)s) was
            """,
            columns=SQL(', ').join(
                SQL(
                    'CASE WHEN past.id IS NULL THEN %s ELSE %s END AS %s',
                    SQL.identifier('debtor', name),
                    SQL.identifier('past', name),
                    SQL.identifier(name),
                )
                for name in Snapshot._RECORDED
            ),
            day=day,
            today=today,
            valid=Snapshot._sql_valid_on('past', day),
        )

    @api.model
    def _sql_zones(self):
        """Return the SELECT of the time zone each company works in: the day of a moment is that of the company."""
        zones = [
            SQL('(%s, %s)', company.id, str(company._cobranza_zone()))
            for company in self.env['res.company'].sudo().browse(self._companies())
        ]
        return SQL('SELECT * FROM (VALUES %s) zone(company_id, name)', SQL(', ').join(zones))

    @api.model
    def _companies(self):
        """Return the ids of the companies a report reads: those the user has switched on."""
        return self.env.companies.ids

    @api.model
    def _search(self, *args, **kwargs):
        self._plan_plainly()
        return super()._search(*args, **kwargs)

    def _plan_plainly(self):
        """Run the queries of this transaction without compiling them, which takes longer than running them."""
        self.env.cr.execute('SET LOCAL jit TO off')

    # === RATIOS === #

    def _read_group_select(self, aggregate_spec, query):
        """Divide sums, instead of averaging ratios: the only average that is true of every group.

        Balances of several moments are not added up either: together they owe what they owe on average.
        """
        name = aggregate_spec.partition(':')[0]
        if name not in self._RATIOS:
            total = super()._read_group_select(aggregate_spec, query)
            if name not in self._BALANCES_OF:
                return total
            moment = self._field_to_sql(self._table, self._MOMENT, query)
            return SQL('%s / NULLIF(COUNT(DISTINCT %s), 0)', total, moment)
        above, below, scale = self._RATIOS[name]
        return SQL(
            '%s / NULLIF(%s, 0) * %s',
            self._sql_sum(above, query),
            self._sql_sum(below, query),
            SQL('AVG(%s)', self._field_to_sql(self._table, scale, query))
            if isinstance(scale, str)
            else scale,
        )

    def _sql_sum(self, names, query):
        """Return SQL for the sum of columns; a name that begins with a minus sign is taken away."""
        parts = [
            SQL('%sSUM(%s)', SQL('- ' if name.startswith('-') else '+ '),
                self._field_to_sql(self._table, name.lstrip('-'), query))
            for name in names
        ]  # fmt: skip
        return SQL('(0.0 %s)', SQL(' ').join(parts))

    @api.model
    def _sql_ratio_columns(self, alias):
        """Return the ratios of a single row as columns, for lists."""
        return SQL(', ').join(
            SQL(
                '%s / NULLIF(%s, 0) * %s AS %s',
                self._sql_total(above, alias),
                self._sql_total(below, alias),
                SQL.identifier(alias, scale) if isinstance(scale, str) else scale,
                SQL.identifier(name),
            )
            for name, (above, below, scale) in self._RATIOS.items()
        )

    def _sql_total(self, names, alias):
        """Return SQL for columns of one row added up; a name that begins with a minus sign is taken away."""
        parts = [
            SQL('%s COALESCE(%s, 0)', SQL('-' if name.startswith('-') else '+'),
                SQL.identifier(alias, name.lstrip('-')))
            for name in names
        ]  # fmt: skip
        return SQL('(0.0 %s)', SQL(' ').join(parts))

    # === BEHIND A FIGURE === #

    def action_open(self):
        """Open the record that a row is of."""
        self.ensure_one()
        return self._records()._get_records_action()

    def _records(self):
        """Return the records that these rows are of."""
        return self.env[self._RECORDS].browse(self.ids)

    def action_open_items(self):
        """Open the journal items behind these rows."""
        return self.env['ir.actions.act_window']._for_xml_id('account.action_move_line_select') | {
            'domain': [('id', 'in', self._line_ids())],
            'name': self.env._('Journal Items'),
        }

    def _line_ids(self):
        """Return the ids of the journal items behind these rows."""
        return []
