from odoo import api, fields, models
from odoo.tools import SQL

from .cobranza_report_mixin import money, ratio


class CobranzaReportAging(models.Model):
    """Aging: every open item as it stood on the evening of a day, credits included; it ties to the trial balance."""

    _name = 'cobranza.report.aging'
    _inherit = ['cobranza.report.as.of.mixin']
    _description = 'Aging as of a Day'
    _auto = False
    _order = 'as_of DESC, due_date, id'

    account_id = fields.Many2one('account.account', readonly=True)
    date = fields.Date(string='Accounting Date', readonly=True)
    due_date = fields.Date(readonly=True)
    days_overdue = fields.Integer(
        readonly=True, aggregator='max', help='Days past the due date; negative before it.'
    )
    aging_bucket_id = fields.Many2one('cobranza.aging.bucket', string='Aging', readonly=True)
    amount = money(
        'Open',
        help='Receivables of the day: claims less credits that were not applied yet.',
    )
    amount_currency = fields.Monetary(string='Open in Currency', readonly=True, aggregator=None)
    amount_not_due = money('Not Due', help='What is open and not past its due date on the day.')
    amount_overdue = money('Overdue', help='What is open and past its due date on the day.')
    amount_over_30 = money(
        'Over 30 Days', help='What is open and more than 30 days past its due date.'
    )
    amount_over_60 = money(
        'Over 60 Days', help='What is open and more than 60 days past its due date.'
    )
    amount_over_90 = money(
        'Over 90 Days', help='What is open and more than 90 days past its due date.'
    )
    amount_credit = money(
        'Unapplied Credit',
        help='Payments and credit notes that were not applied yet.',
    )
    delinquency = ratio('Delinquency %', 'Overdue ÷ open × 100.')
    par_30 = ratio('PAR 30 %', 'More than 30 days overdue ÷ open × 100.')
    par_60 = ratio('PAR 60 %', 'More than 60 days overdue ÷ open × 100.')
    par_90 = ratio('PAR 90 %', 'More than 90 days overdue ÷ open × 100.')
    unapplied_ratio = ratio(
        'Unapplied Cash %', 'Payments and credit notes that were not applied yet ÷ claims × 100.'
    )

    _RATIOS = {
        'delinquency': (('amount_overdue',), ('amount',), 100),
        'par_30': (('amount_over_30',), ('amount',), 100),
        'par_60': (('amount_over_60',), ('amount',), 100),
        'par_90': (('amount_over_90',), ('amount',), 100),
        'unapplied_ratio': (('amount_credit',), ('amount', 'amount_credit'), 100),
    }

    _BOOK_BY, _BOOK_FIGURE = 'aging_bucket_id', 'amount'

    @api.model
    def _sql_day(self, day):
        return SQL(
            """
            SELECT item.*, %(bucket)s AS aging_bucket_id, %(ratios)s, %(debtor)s
              FROM (%(items)s) item
                   %(joins)s
            """,
            bucket=self.env['cobranza.aging.bucket']._sql_bucket(
                SQL('item.company_id'), SQL('item.days_overdue')
            ),
            ratios=self._sql_ratio_columns('item'),
            debtor=self._sql_debtor_columns(),
            items=self._sql_items(day),
            joins=self._sql_debtor_joins('item', day),
        )

    @api.model
    def _sql_items(self, day):
        """Return the SELECT of the items that were open on the evening of a day, with their age."""
        return SQL(
            """
            SELECT %(identity)s, line.account_id, line.date, due.day AS due_date, %(overdue)s AS days_overdue,
                   line.open AS amount, line.open_currency AS amount_currency,
                   CASE WHEN %(overdue)s <= 0 THEN line.open ELSE 0 END AS amount_not_due,
                   CASE WHEN %(overdue)s > 0 THEN line.open ELSE 0 END AS amount_overdue,
                   CASE WHEN %(overdue)s > 30 THEN line.open ELSE 0 END AS amount_over_30,
                   CASE WHEN %(overdue)s > 60 THEN line.open ELSE 0 END AS amount_over_60,
                   CASE WHEN %(overdue)s > 90 THEN line.open ELSE 0 END AS amount_over_90,
                   CASE WHEN line.open < 0 THEN -line.open ELSE 0 END AS amount_credit
              FROM (%(items)s) line
              JOIN LATERAL (SELECT COALESCE(line.date_maturity, line.date) AS day) due ON TRUE
             WHERE line.open != 0 OR line.open_currency != 0
            """,
            identity=self._sql_identity(day),
            items=self._sql_open_on(day),
            overdue=SQL('(%s::date - due.day)', day),
        )
