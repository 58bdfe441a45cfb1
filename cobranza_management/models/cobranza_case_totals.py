from odoo import api, fields, models
from odoo.tools import SQL


class CobranzaCase(models.Model):
    """Totals of the debtor, stored for boards, rules and queues, and kept true by the ORM's dependencies.

    One SELECT defines them all (`_sql_totals`); the compute, the creation of cases and the daily refresh run it.
    Amounts are in company currency; credits are netted in the currency of the items first.
    """

    _inherit = 'cobranza.case'

    state = fields.Selection(
        [('open', 'Open'), ('settled', 'Settled')],
        compute='_compute_totals',
        store=True,
        help='Open while something may be claimed, net of credits.',
    )
    amount_open = fields.Monetary(
        string='Balance',
        compute='_compute_totals',
        store=True,
        help='Every open item, credits included: the ledger.',
    )
    amount_claim = fields.Monetary(
        string='To Collect',
        compute='_compute_totals',
        store=True,
        help='Claims net of credits, without what is disputed, blocked or not followed up.',
    )
    amount_overdue = fields.Monetary(
        string='Overdue',
        compute='_compute_totals',
        store=True,
        help='The part of it past its due date.',
    )
    amount_not_due = fields.Monetary(string='Not Due', compute='_compute_totals', store=True)
    amount_credit = fields.Monetary(
        string='Unapplied Credit',
        compute='_compute_totals',
        store=True,
        help='Payments and credit notes not applied yet.',
    )
    amount_excluded = fields.Monetary(
        string='Not Followed Up',
        compute='_compute_totals',
        store=True,
        help='Debits marked "no follow-up", blocked or in dispute.',
    )
    oldest_due_date = fields.Date(
        compute='_compute_totals',
        store=True,
        help='Due date of the oldest claim that credits do not cover.',
    )
    item_count = fields.Integer(string='Items', compute='_compute_totals', store=True)
    amount_disputed = fields.Monetary(string='In Dispute', compute='_compute_disputed', store=True)
    amount_promised = fields.Monetary(string='Promised', compute='_compute_promised', store=True)
    promise_date = fields.Date(string='Promised For', compute='_compute_promised', store=True)
    broken_promise_count = fields.Integer(
        string='Broken Promises', compute='_compute_promised', store=True
    )
    paid_late_days = fields.Float(
        string='Usual Delay',
        readonly=True,
        help='Days late of what was paid in the last 12 months, weighted by amount.',
    )
    paid_late_share = fields.Float(
        string='Paid Late',
        readonly=True,
        help='Share of what was paid in the last 12 months that came late, 0 to 1.',
    )
    paid_count = fields.Integer(string='Payments in 12 Months', readonly=True)

    #: Columns of `_sql_totals`, in its order.
    _TOTALS = (
        'amount_open',
        'amount_claim',
        'amount_overdue',
        'amount_not_due',
        'amount_credit',
        'amount_excluded',
        'oldest_due_date',
        'item_count',
        'state',
    )

    @api.model
    def _sql_totals(self, company, items):
        """Return the SELECT of the totals of debtors with open items, one row each.

        Columns: company_id, partner_id and those of `_TOTALS`.

        :param company: the company of the items
        :param SQL items: what to read netted items from: `_sql_netted_items`, or a table of its rows
        """
        return SQL(
            """
            SELECT item.company_id, item.partner_id,
                   ROUND(SUM(item.residual), %(decimals)s) AS amount_open,
                   ROUND(SUM(item.net), %(decimals)s) AS amount_claim,
                   ROUND(COALESCE(SUM(item.net) FILTER (WHERE due < %(today)s), 0), %(decimals)s) AS amount_overdue,
                   ROUND(SUM(item.net), %(decimals)s)
                   - ROUND(COALESCE(SUM(item.net) FILTER (WHERE due < %(today)s), 0), %(decimals)s) AS amount_not_due,
                   ROUND(COALESCE(SUM(-item.residual)
                         FILTER (WHERE item.residual < 0), 0), %(decimals)s) AS amount_credit,
                   ROUND(COALESCE(SUM(item.residual - item.claim_value)
                         FILTER (WHERE item.residual > 0), 0), %(decimals)s) AS amount_excluded,
                   MIN(item.due) FILTER (WHERE item.net_currency > 0) AS oldest_due_date,
                   COUNT(*) FILTER (WHERE item.net_currency > 0) AS item_count,
                   CASE WHEN ROUND(SUM(item.net), %(decimals)s) > 0 THEN 'open' ELSE 'settled' END AS state
              FROM (%(items)s) item
          GROUP BY item.company_id, item.partner_id
            """,
            decimals=company.currency_id.decimal_places,
            today=company._cobranza_today(),
            items=items,
        )

    @api.depends(
        'company_id',
        'partner_id',
        'partner_id.cobranza_item_ids.amount_residual',
        'partner_id.cobranza_item_ids.amount_residual_currency',
        'partner_id.cobranza_item_ids.parent_state',
        'partner_id.cobranza_item_ids.date_maturity',
        'partner_id.cobranza_item_ids.no_followup',
        'partner_id.cobranza_item_ids.account_id',
        'dispute_ids.state',
        'dispute_ids.amount',
        'dispute_ids.line_id',
    )
    def _compute_totals(self):
        # `reconciled` follows from the residuals, and blocking comes from `account.move.write`: the fewer paths lead
        # here, the less a payment costs. For the same reason not the hundred columns beside these.
        self.fetch(['company_id', 'currency_id', 'partner_id', *self._TOTALS])
        for company, cases in self.grouped('company_id').items():
            totals = cases._read_totals(company)
            for case in cases:
                values = totals.get(case.partner_id.id)
                for name, value in zip(self._TOTALS, values or self._no_totals()):
                    if case[name] != value:
                        case[name] = value

    def _no_totals(self):
        return (0.0,) * 6 + (False, 0, 'settled')

    def _read_totals(self, company):
        """Return {partner id: values of `_TOTALS`} of these cases of one company, in one statement."""
        if not self.partner_id.ids or not company.id:
            return {}
        self._flush_ledger()
        items = self.env['account.move.line']._sql_netted_items(
            company.ids, SQL('%s', tuple(self.partner_id.ids))
        )
        rows = self.env.execute_query(self._sql_totals(company, items))
        return {row[1]: (*map(float, row[2:8]), row[8] or False, *row[9:]) for row in rows}

    def _flush_ledger(self):
        """Write the pending values that the totals read."""
        self.env['account.move.line'].flush_model(
            [
                'account_id',
                'amount_residual',
                'amount_residual_currency',
                'company_id',
                'currency_id',
                'date',
                'date_maturity',
                'no_followup',
                'parent_state',
                'partner_id',
                'reconciled',
            ]
        )
        self.env['account.move'].flush_model(['payment_state'])
        self.env['cobranza.dispute'].flush_model(['amount', 'line_id', 'state'])

    @api.depends('dispute_ids.state', 'dispute_ids.amount', 'dispute_ids.line_id')
    def _compute_disputed(self):
        for case in self:
            case.amount_disputed = sum(
                case._in_company_currency(dispute.line_id, dispute.amount)
                for dispute in case.dispute_ids
                if dispute.state == 'open' and dispute.line_id
            )

    def _in_company_currency(self, line, amount):
        """Return an amount in the item's currency at the item's own rate: no rate table, no wrong way round."""
        residual = line.amount_residual_currency
        return amount * line.amount_residual / residual if residual else 0.0

    # === DAILY REFRESH === #

    @api.model
    def _refresh_aged(self, company, since, items=None):
        """Recompute the debtors with an item that fell due since the day `since` (None: all of them).

        Days pass without a write to the ledger; that is the one change the ORM cannot see.

        :param SQL items: SELECT of the company's netted items, read from the ledger when left out
        :return: number of cases that changed
        """
        self._flush_ledger()
        self.flush_model()
        items = items or self.env['account.move.line']._sql_netted_items(company.ids)
        columns = [SQL.identifier(name) for name in self._TOTALS]
        rows = self.env.execute_query(
            SQL(
                """
            UPDATE cobranza_case target SET (%(columns)s) = ROW(%(new)s)
              FROM (%(totals)s) fresh
             WHERE target.company_id = fresh.company_id AND target.partner_id = fresh.partner_id
               AND (%(old)s) IS DISTINCT FROM (%(new)s)
            RETURNING target.id
            """,
                columns=SQL(', ').join(columns),
                new=SQL(', ').join(SQL('fresh.%s', column) for column in columns),
                old=SQL(', ').join(SQL('target.%s', column) for column in columns),
                totals=self._sql_totals(company, self._sql_aged_items(company, since, items)),
            )
        )
        self.invalidate_model(list(self._TOTALS), flush=False)
        return len(rows)

    def _sql_aged_items(self, company, since, items):
        """Return the SELECT of every item of the debtors with one that fell due since the day `since`."""
        if not since:
            return items
        return SQL(
            """SELECT * FROM (%(items)s) item WHERE item.partner_id IN (
                   SELECT aged.partner_id FROM (%(items)s) aged WHERE aged.due BETWEEN %(since)s AND %(today)s)""",
            items=items,
            since=fields.Date.subtract(since, days=1),
            today=company._cobranza_today(),
        )

    @api.model
    def _refresh_behaviour(self, company, since):
        """Measure how late debtors paid in the last 12 months, from reconciliation dates, in one statement.

        Credit notes are not payments. Debtors without a payment since the day `since` keep their figures.

        :param since: a date, or None for every debtor
        :return: number of cases that changed
        """
        self.env['account.partial.reconcile'].flush_model()
        # A plain SELECT: PostgreSQL does not share the work of an UPDATE among its workers.
        rows = self.env.execute_query(
            SQL(
                """
            SELECT debtor.id, fresh.late_days, fresh.late_share, fresh.paid_count
              FROM (SELECT claim.partner_id,
                           ROUND(SUM(GREATEST(partial.max_date - claim.date_maturity, 0) * partial.amount)
                                 / SUM(partial.amount), 1)::float8 AS late_days,
                           ROUND(COALESCE(SUM(partial.amount) FILTER (WHERE partial.max_date > claim.date_maturity), 0)
                                 / SUM(partial.amount), 3)::float8 AS late_share,
                           COUNT(*)::int AS paid_count
                      FROM account_partial_reconcile partial
                      JOIN account_move_line claim ON claim.id = partial.debit_move_id
                      JOIN account_move_line credit ON credit.id = partial.credit_move_id
                     WHERE partial.company_id = %(company)s AND partial.max_date > %(year_ago)s AND partial.amount > 0
                       AND claim.account_id = ANY(%(accounts)s) AND claim.date_maturity IS NOT NULL
                       AND %(is_payment)s %(narrowed)s
                  GROUP BY claim.partner_id) fresh
              JOIN cobranza_case debtor
                ON debtor.partner_id = fresh.partner_id AND debtor.company_id = %(company)s
            """,
                company=company.id,
                year_ago=fields.Date.subtract(company._cobranza_today(), years=1),
                accounts=self.env['account.move.line']._receivable_account_ids(),
                is_payment=self.env['cobranza.promise']._sql_is_payment('credit'),
                narrowed=self._sql_paid_since(company, since),
            )
        )
        names = ['paid_late_days', 'paid_late_share', 'paid_count']
        return len(self._write_columns(names, {row[0]: row[1:] for row in rows}))

    def _sql_paid_since(self, company, since):
        """Return the condition that narrows the behaviour to debtors whose items were reconciled since a day."""
        if not since:
            return SQL('')
        return SQL(
            """AND claim.partner_id IN (
                   SELECT line.partner_id FROM account_partial_reconcile recent
                     JOIN account_move_line line ON line.id = recent.debit_move_id
                    WHERE recent.company_id = %s AND recent.create_date >= %s)""",
            company.id,
            since,
        )
