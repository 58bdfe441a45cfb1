from odoo import api, fields, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

from .cobranza_aged_mixin import READERS


class AccountMoveLine(models.Model):
    """The open item: the unit of the portfolio."""

    _name = 'account.move.line'
    _inherit = ['account.move.line', 'cobranza.aged.mixin']

    cobranza_promise_ids = fields.Many2many(
        'cobranza.promise',
        'cobranza_promise_item_rel',
        'line_id',
        'promise_id',
        string='Promises',
        copy=False,
        groups=READERS,
    )
    cobranza_dispute_ids = fields.One2many(
        comodel_name='cobranza.dispute',
        inverse_name='line_id',
        string='Disputes',
        copy=False,
        groups=READERS,
    )

    # === OPEN ITEMS === #

    @api.model
    def _open_item_domain(self):
        """Return the Domain of open items, the one definition every search, report and page composes.

        An open item is a posted receivable journal item with a partner that is not fully reconciled. Its accounts
        are given as literal ids, which lets PostgreSQL use the partial index on unreconciled items.
        """
        return (
            Domain('account_id', 'in', self._receivable_account_ids())
            & Domain('parent_state', '=', 'posted')
            & Domain('reconciled', '=', False)
            & Domain('partner_id', '!=', False)
        )

    @api.model
    def _overdue_item_domain(self):
        """Return the Domain of open claims past their due date."""
        return (
            self._open_item_domain()
            & Domain('amount_residual', '>', 0)
            & Domain('days_overdue', '>', 0)
        )

    @api.model
    @tools.ormcache()
    def _receivable_account_ids(self):
        """Return the ids of the receivable accounts of every company; cached until an account changes."""
        return self._read_receivable_account_ids()

    @api.model
    def _check_receivable_account_ids(self):
        """Forget the cached ids if they are not what this transaction sees: what is stored by them must be."""
        if set(self._receivable_account_ids()) != set(self._read_receivable_account_ids()):
            self.env.registry.clear_cache()

    @api.model
    def _read_receivable_account_ids(self):
        return (
            self.env['account.account']
            .sudo()
            .search([('account_type', '=', 'asset_receivable')])
            .ids
        )

    @api.model
    def _sql_netted_items(self, company_ids, partners=None):
        """Return the SELECT of open items net of credits: the one definition of what may be claimed.

        Credits (unapplied payments, credit notes, whatever their journal) pay the oldest claim of the same company,
        debtor and currency first. A claim is a debit that is followed up, not blocked and not in dispute.

        Columns: id, company_id, partner_id, currency_id, move_id, due (date), residual (company currency),
        residual_currency, claim_value (before credits, company currency), net_currency and net (what may be claimed,
        item's and company currency).

        :param company_ids: list of ids
        :param SQL partners: a parenthesised list or subquery of partner ids, or None for all
        """
        return self._sql_net_of_credits(self._sql_open_items(company_ids, partners))

    @api.model
    def _sql_net_of_credits(self, open_items):
        """Return the SELECT of `_sql_netted_items` over other items: those of a past day, or those of a statement.

        `OFFSET 0` keeps what an item claims from being worked out, and planned, for each of its uses.

        :param SQL open_items: SELECT of the columns of `_sql_open_items`; `claim` and `credit` are not negative
        """
        return SQL(
            """
            SELECT item.id, item.company_id, item.partner_id, item.currency_id, item.move_id, item.due, item.residual,
                   item.residual_currency, item.net_currency,
                   CASE WHEN item.claim = 0 THEN 0
                        ELSE item.claim * item.residual / item.residual_currency END AS claim_value,
                   CASE WHEN item.net_currency = 0 THEN 0
                        ELSE item.net_currency * item.residual / item.residual_currency END AS net
              FROM (
                    SELECT open.*,
                           GREATEST(0, LEAST(open.claim,
                                SUM(open.claim) OVER (debtor ORDER BY open.due, open.id)
                              - SUM(open.credit) OVER debtor)) AS net_currency
                      FROM (%(open_items)s OFFSET 0) open
                    WINDOW debtor AS (PARTITION BY open.company_id, open.partner_id, open.currency_id)
                   ) item
            """,
            open_items=open_items,
        )

    @api.model
    def _sql_open_items(self, company_ids, partners):
        """Return the SELECT of open items with what each claims and credits, in its own currency."""
        # A list of ids or a subquery goes into the query as it is; core's index starts with the account.
        narrowed = SQL('AND line.partner_id IN %s', partners) if partners is not None else SQL('')
        return SQL(
            """
            SELECT line.id, line.company_id, line.partner_id, line.currency_id, line.move_id,
                   COALESCE(line.date_maturity, line.date) AS due,
                   line.amount_residual AS residual, line.amount_residual_currency AS residual_currency,
                   CASE WHEN line.amount_residual_currency > 0 AND %(is_followed_up)s
                        THEN GREATEST(0, line.amount_residual_currency - COALESCE(disputed.amount, 0))
                        ELSE 0 END AS claim,
                   CASE WHEN line.amount_residual_currency < 0 THEN -line.amount_residual_currency
                        ELSE 0 END AS credit
              FROM account_move_line line
         LEFT JOIN (%(disputed)s) disputed ON disputed.line_id = line.id
             WHERE %(is_open)s AND line.company_id = ANY(%(companies)s) %(narrowed)s
            """,
            disputed=self.env['cobranza.dispute']._sql_disputed_amounts(),
            companies=list(company_ids),
            is_followed_up=self._sql_is_followed_up('line'),
            is_open=self._sql_is_open_item('line'),
            narrowed=narrowed,
        )

    #: Reads what `_keep_netted_items` has kept.
    _KEPT_ITEMS = SQL('SELECT * FROM pg_temp.cobranza_netted_item')

    @api.model
    def _keep_netted_items(self, company):
        """Net the company's open items once, for the queries of a daily cycle: `_KEPT_ITEMS` reads them.

        A temporary table, which only this connection sees. It stands still while the ledger moves on, so it decides
        and never sends: before a message leaves, its debt is read again under lock.
        """
        self.env['cobranza.case']._flush_ledger()
        self.env.cr.execute('DROP TABLE IF EXISTS pg_temp.cobranza_netted_item')
        self.env.cr.execute(
            SQL(
                'CREATE TEMPORARY TABLE cobranza_netted_item AS %s',
                self._sql_netted_items(company.ids),
            )
        )
        self.env.cr.execute('ANALYZE pg_temp.cobranza_netted_item (id, partner_id, due)')

    # === AGING: EXPRESSIONS, NEVER COLUMNS === #

    @api.model
    def _sql_is_receivable(self, alias):
        """Return the SQL condition that the row `alias` of account_move_line is, or was, an item of a debtor."""
        column = SQL.identifier
        return SQL(
            "(%s = ANY(%s) AND %s = 'posted' AND %s IS NOT NULL)",
            column(alias, 'account_id'),
            self._receivable_account_ids(),
            column(alias, 'parent_state'),
            column(alias, 'partner_id'),
        )

    @api.model
    def _sql_is_followed_up(self, alias):
        """Return the SQL condition that the item of the row `alias` is followed up and its document not blocked."""
        return SQL(
            '''(%s IS NOT TRUE
                AND %s != ALL(ARRAY(SELECT id FROM account_move WHERE payment_state = 'blocked')))''',
            SQL.identifier(alias, 'no_followup'),
            SQL.identifier(alias, 'move_id'),
        )

    @api.model
    def _sql_is_open_item(self, alias):
        """Return the SQL condition that the row `alias` of account_move_line is an open item."""
        return SQL(
            '(%s AND %s IS NOT TRUE)',
            self._sql_is_receivable(alias),
            SQL.identifier(alias, 'reconciled'),
        )

    @api.model
    def _sql_days_overdue(self, alias):
        """Return SQL for the days overdue of an open item, NULL for others; today is bound, so tests freeze it."""
        return SQL(
            'CASE WHEN %s THEN %s::date - COALESCE(%s, %s) END',
            self._sql_is_open_item(alias),
            fields.Date.context_today(self),
            SQL.identifier(alias, 'date_maturity'),
            SQL.identifier(alias, 'date'),
        )

    def _expressions(self):
        return super()._expressions() | {
            'days_overdue': self._sql_days_overdue,
            'aging_bucket_id': self._sql_aging_bucket,
            'cobranza_case_id': lambda alias: self._sql_of_case(alias, 'id'),
            'cobranza_stage_id': lambda alias: self._sql_of_case(alias, 'stage_id'),
        }

    def _expression_sources(self):
        return super()._expression_sources() | {
            'account.move.line': (
                'account_id',
                'company_id',
                'date',
                'date_maturity',
                'move_id',
                'parent_state',
                'partner_id',
                'reconciled',
            ),
            'cobranza.case': ('company_id', 'partner_id', 'stage_id'),
        }

    def _sql_aging_bucket(self, alias):
        return self.env['cobranza.aging.bucket']._sql_bucket(
            SQL.identifier(alias, 'company_id'), self._sql_days_overdue(alias)
        )

    def _sql_of_case(self, alias, column):
        """Return SQL for a column of the case that the open item belongs to."""
        return SQL(
            'SELECT debtor.%s FROM cobranza_case debtor'
            ' WHERE debtor.company_id = %s AND debtor.partner_id = %s AND %s',
            SQL.identifier(column),
            SQL.identifier(alias, 'company_id'),
            SQL.identifier(alias, 'partner_id'),
            self._sql_is_open_item(alias),
        )

    @api.depends(
        'date_maturity',
        'date',
        'reconciled',
        'parent_state',
        'account_id',
        'partner_id',
        'company_id',
    )
    def _compute_expressions(self):
        return super()._compute_expressions()
