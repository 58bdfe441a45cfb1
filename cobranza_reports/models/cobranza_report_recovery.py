from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .cobranza_report_mixin import money, ratio
from .cobranza_report_month import MONTHS

#: What collecting costs is told by the whole company's figures, which collectors do not see.
WHOLE = 'cobranza_management.group_supervisor,account.group_account_user'


class CobranzaReportRecovery(models.Model):
    """What collecting brings and costs, by month and debtor: recovered, written off, not applied, covered.

    Nothing is stored: like the months' receivables it is read from the dates of entries and reconciliations.
    """

    _name = 'cobranza.report.recovery'
    _inherit = ['cobranza.report.mixin']
    _description = 'Recovery and Cost'
    _auto = False
    _order = 'month DESC, id'

    month = fields.Date(readonly=True, help='First day of the month.')
    receivable = money('Receivables', help='At the end of the month, or today.')
    unapplied = money(
        'Not Applied', help='Payments and credit notes that were not applied by then.'
    )
    sales = money('Credit Sales', help='Customer invoices, taxes included, less credit notes.')
    written_off = money(
        'Written Off', help='Write-offs booked in the month, less those reversed in it.'
    )
    to_recover = money(
        'To Recover',
        help='Overdue when the month began, or overdue since in it, with what it had left by then.',
    )
    recovered = money('Recovered', help='Paid in the month of claims that were overdue.')
    collected = money('Collected', help='Paid in the month of any claim.')
    commission = money(
        'Commissions',
        help='Of the agencies whose hand-offs were settled in the month.',
        groups=WHOLE,
    )
    team_cost = money(
        'Team Cost',
        help='What the company says in the settings that its team costs a month, so far in this one, shared by what'
        ' was collected.',
        groups=WHOLE,
    )
    disputed = money(
        'Disputed', help='In the disputes opened in the month, whatever became of them.'
    )
    debtors_overdue = fields.Integer(readonly=True, help='Debtors with something to recover.')
    debtors_contacted = fields.Integer(
        readonly=True, help='Of them, those with a contact for collection in the month.'
    )
    unapplied_ratio = ratio('Unapplied Cash %', 'Not applied ÷ receivables × 100.')
    bad_debt_ratio = ratio('Bad Debt %', 'Written off ÷ credit sales × 100.')
    recovery_rate = ratio(
        'Recovery Rate %',
        'Recovered ÷ (overdue when the month began + overdue since in it) × 100.',
    )
    unit_cost = ratio(
        'Cost per Unit Collected',
        '(Commissions settled + cost of the team) ÷ collected.',
        groups=WHOLE,
    )
    dispute_rate = ratio('Dispute Rate %', 'Disputed ÷ credit sales × 100.')
    coverage = ratio(
        'Coverage %', 'Debtors contacted ÷ debtors with something overdue × 100, by month.'
    )

    _depends = {
        'account.move.line': [
            'account_id', 'balance', 'company_id', 'currency_id', 'date', 'date_maturity', 'display_type',
            'journal_id', 'move_id', 'parent_state', 'partner_id',
        ],
        'account.partial.reconcile': ['amount', 'credit_move_id', 'debit_move_id', 'max_date'],
        'cobranza.dispute': ['amount_company', 'company_id', 'create_date', 'partner_id'],
        'cobranza.handoff': ['company_id', 'settled_on', 'state'],
        'cobranza.handoff.line': ['commission', 'handoff_id', 'partner_id'],
        'cobranza.interaction': [
            'company_id', 'corrects_id', 'date', 'direction', 'partner_id', 'purpose', 'replaces_id',
        ],
        'cobranza.writeoff': ['move_id', 'reversal_id'],
        'res.company': ['cobranza_collection_cost'],
    }  # fmt: skip
    _RATIOS = {
        'unapplied_ratio': (('unapplied',), ('receivable',), 100),
        'bad_debt_ratio': (('written_off',), ('sales',), 100),
        'recovery_rate': (('recovered',), ('to_recover',), 100),
        'unit_cost': (('commission', 'team_cost'), ('collected',), 1),
        'dispute_rate': (('disputed',), ('sales',), 100),
        'coverage': (('debtors_contacted',), ('debtors_overdue',), 100),
    }
    _BALANCES_OF, _MOMENT = ('receivable', 'unapplied'), 'month'

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT %(id)s AS id, figure.*, company.currency_id, %(ratios)s, %(debtor)s
              FROM (%(figures)s) figure
        CROSS JOIN LATERAL (SELECT figure.partner_id, figure.company_id, 0 AS currency_id, figure.month) key
                   %(joins)s
            """,
            debtor=self._sql_debtor_columns(),
            figures=self._sql_figures(fields.Date.context_today(self)),
            joins=self._sql_debtor_joins(
                'figure', SQL("(figure.month + INTERVAL '1 month - 1 day')::date")
            ),
            id=self.env['cobranza.report.month']._sql_id('key'),
            ratios=self._sql_ratio_columns('figure'),
        )

    @api.model
    def _sql_figures(self, today):
        """Return the SELECT of the figures of every month of every debtor; the grid is that of the months' report."""
        Month = self.env['cobranza.report.month']
        return SQL(
            """
            WITH movement AS MATERIALIZED (%(movements)s),
                 flow AS (
                     SELECT company_id, partner_id, DATE_TRUNC('month', day)::date AS month, SUM(credit) AS credit,
                            SUM(became) AS became, SUM(gone) AS gone, SUM(recovered) AS recovered,
                            SUM(collected) AS collected, SUM(written_off) AS written_off,
                            SUM(commission) AS commission, SUM(contacts) AS contacts, SUM(disputed) AS disputed
                       FROM movement
                   GROUP BY 1, 2, 3),
                 -- what went before the first month counts in it, as what it opens with
                 before AS (
                     SELECT company_id, partner_id, SUM(credit) AS credit, SUM(became) - SUM(gone) AS overdue
                       FROM flow WHERE month < %(first)s GROUP BY 1, 2)
            SELECT company_id, partner_id, month, receivable, unapplied, sales, written_off, to_recover, recovered,
                   collected, commission, disputed,
                   monthly * days_share * COALESCE(collected / NULLIF(SUM(collected) OVER everybody, 0),
                                                   1.0 / COUNT(*) OVER everybody) AS team_cost,
                   (to_recover > 0)::int AS debtors_overdue, (to_recover > 0 AND contacts > 0)::int AS debtors_contacted
              FROM (SELECT grid.company_id, grid.partner_id, grid.month, grid.closing AS receivable, grid.sales,
                           COALESCE(before.credit, 0) + SUM(COALESCE(flow.credit, 0)) OVER history AS unapplied,
                           COALESCE(before.overdue, 0) + COALESCE(flow.gone, 0)
                               + SUM(COALESCE(flow.became, 0) - COALESCE(flow.gone, 0)) OVER history AS to_recover,
                           COALESCE(flow.written_off, 0) AS written_off, COALESCE(flow.recovered, 0) AS recovered,
                           COALESCE(flow.collected, 0) AS collected, COALESCE(flow.commission, 0) AS commission,
                           COALESCE(flow.contacts, 0) AS contacts, COALESCE(flow.disputed, 0) AS disputed,
                           COALESCE(payer.cobranza_collection_cost, 0) AS monthly,
                           grid.days::numeric / EXTRACT(DAY FROM grid.month + INTERVAL '1 month - 1 day') AS days_share
                      FROM (%(grid)s) grid
                 LEFT JOIN flow USING (company_id, partner_id, month)
                 LEFT JOIN before USING (company_id, partner_id)
                      JOIN res_company payer ON payer.id = grid.company_id
                    WINDOW history AS (PARTITION BY grid.company_id, grid.partner_id ORDER BY grid.month)) given
            WINDOW everybody AS (PARTITION BY company_id, month)
            """,
            first=fields.Date.subtract(today.replace(day=1), months=MONTHS - 1),
            grid=Month._sql_figures(self._companies(), today, MONTHS, ('partner_id',)),
            movements=self._sql_movements(today),
        )

    @api.model
    def _sql_movements(self, today):
        """Return the SELECT of what happened, by debtor and day.

        A claim becomes overdue on the day after its due date, or when it is issued later, with what it has by then;
        what is applied afterwards is gone from what is overdue, and recovered when it is a payment.
        """
        Line = self.env['account.move.line']
        overdue_day = SQL('GREATEST(COALESCE(line.date_maturity, line.date) + 1, line.date)')
        return SQL(
            """
            SELECT line.company_id, line.partner_id, line.date AS day, -line.balance AS credit, 0 AS became, 0 AS gone,
                   0 AS recovered, 0 AS collected, 0 AS written_off, 0 AS commission, 0 AS contacts, 0 AS disputed
              FROM account_move_line line
             WHERE line.balance < 0 AND %(items)s AND line.date <= %(today)s
             UNION ALL
            SELECT line.company_id, line.partner_id, %(overdue_day)s, 0, line.balance, 0, 0, 0, 0, 0, 0, 0
              FROM account_move_line line
             WHERE line.balance > 0 AND %(items)s AND %(overdue_day)s <= %(today)s
             UNION ALL
            SELECT line.company_id, line.partner_id, partial.max_date, -partial.amount, 0, 0, 0, 0, 0, 0, 0, 0
              FROM account_partial_reconcile partial
              JOIN account_move_line line ON line.id = partial.credit_move_id
             WHERE %(items)s AND partial.max_date <= %(today)s
             UNION ALL
            SELECT line.company_id, line.partner_id, GREATEST(partial.max_date, %(overdue_day)s), 0,
                   CASE WHEN partial.max_date < %(overdue_day)s THEN -partial.amount ELSE 0 END,
                   CASE WHEN partial.max_date < %(overdue_day)s THEN 0 ELSE partial.amount END, 0, 0, 0, 0, 0, 0
              FROM account_partial_reconcile partial
              JOIN account_move_line line ON line.id = partial.debit_move_id
             WHERE %(items)s AND GREATEST(partial.max_date, %(overdue_day)s) <= %(today)s
             UNION ALL
            SELECT company_id, partner_id, date, 0, 0, 0, CASE WHEN date > due_date THEN paid ELSE 0 END, paid, 0, 0,
                   0, 0
              FROM (%(payments)s) payment WHERE date <= %(today)s
             UNION ALL
            SELECT line.company_id, line.partner_id, line.date, 0, 0, 0, 0, 0, -line.balance, 0, 0, 0
              FROM cobranza_writeoff loss
              JOIN account_move_line line ON line.move_id IN (loss.move_id, loss.reversal_id)
             WHERE %(items)s AND line.date <= %(today)s
             UNION ALL
            SELECT handoff.company_id, handed.partner_id, handoff.settled_on, 0, 0, 0, 0, 0, 0, handed.commission, 0, 0
              FROM cobranza_handoff_line handed
              JOIN cobranza_handoff handoff ON handoff.id = handed.handoff_id
             WHERE handoff.state = 'closed' AND handoff.settled_on <= %(today)s
               AND handoff.company_id = ANY(%(companies)s)
             UNION ALL
            %(said)s
            """,
            companies=self._companies(),
            items=SQL(
                'line.company_id = ANY(%s) AND %s',
                self._companies(),
                Line._sql_is_receivable('line'),
            ),
            overdue_day=overdue_day,
            payments=self.env['cobranza.report.payment']._sql_payments(),
            today=today,
            said=self._sql_said(),
        )

    @api.model
    def _sql_said(self):
        """Return the SELECT of contacts and disputes, in the columns of `_sql_movements`."""
        return SQL(
            """
            SELECT told.company_id, told.partner_id, (told.date AT TIME ZONE 'UTC' AT TIME ZONE zone.name)::date,
                   0, 0, 0, 0, 0, 0, 0, 1, 0
              FROM cobranza_interaction told
              JOIN (%(zones)s) zone ON zone.company_id = told.company_id
             WHERE %(is_contact)s
             UNION ALL
            SELECT dispute.company_id, dispute.partner_id,
                   (dispute.create_date AT TIME ZONE 'UTC' AT TIME ZONE zone.name)::date,
                   0, 0, 0, 0, 0, 0, 0, 0, dispute.amount_company
              FROM cobranza_dispute dispute
              JOIN (%(zones)s) zone ON zone.company_id = dispute.company_id
            """,
            is_contact=self.env['cobranza.interaction']._sql_is_contact('told'),
            zones=self._sql_zones(),
        )

    def _line_ids(self):
        """Return the payments of these months and the claims they paid; what is owed is in the aging."""
        paid = [
            Domain('company_id', '=', row.company_id.id)
            & Domain('partner_id', '=', row.partner_id.id)
            & Domain('date', '>=', row.month)
            & Domain('date', '<', fields.Date.add(row.month, months=1))
            for row in self
        ]
        return self.env['cobranza.report.payment'].search(Domain.OR(paid))._line_ids()
