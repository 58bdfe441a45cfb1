from odoo import api, fields, models
from odoo.tools import SQL

from .cobranza_report_mixin import money, ratio, selection_of


class CobranzaReportPromise(models.Model):
    """Promises by who took them and of whom: what became of each, by count and by amount."""

    _name = 'cobranza.report.promise'
    _inherit = ['cobranza.report.mixin']
    _description = 'Promises to Pay'
    _auto = False
    _order = 'date DESC, id DESC'

    date = fields.Date(string='Promised For', readonly=True)
    taken_on = fields.Date(readonly=True)
    taken_by_id = fields.Many2one('res.users', readonly=True)
    plan_id = fields.Many2one('cobranza.plan', readonly=True)
    state = selection_of('cobranza.promise', 'state')
    source = selection_of('cobranza.promise', 'source')
    promise_count = fields.Integer('Promises', readonly=True, help='Those withdrawn included.')
    judged_count = fields.Integer(
        'Day Has Come', readonly=True, help='Kept + paid late + paid in part + broken.'
    )
    kept_count = fields.Integer(
        'Kept', readonly=True, help='Paid in full by the day, grace included.'
    )
    late_count = fields.Integer('Paid Late', readonly=True, help='Paid in full, after the day.')
    partial_count = fields.Integer(
        'Paid in Part', readonly=True, help='A part was paid by the day.'
    )
    broken_count = fields.Integer('Broken', readonly=True, help='Nothing was paid by the day.')
    renegotiated_count = fields.Integer(
        'Renegotiated',
        readonly=True,
        help='A new promise took their place before they were judged.',
    )
    promised = money('Promised', help='At the rate of the day each was taken.')
    judged_amount = money('Promised, Day Has Come', help='Promised by those whose day has come.')
    kept_amount = money('Promised and Kept', help='Promised by those that were kept.')
    paid_amount = money(
        'Paid of Them', help='Paid of those whose day has come, late or in part too.'
    )
    kept_rate = ratio('Kept %', 'Kept ÷ those whose day has come × 100, by count.')
    kept_rate_amount = ratio(
        'Kept % by Amount', 'Promised and kept ÷ promised by those whose day has come × 100.'
    )
    cash_rate = ratio('Promise to Cash %', 'Paid ÷ promised × 100, of those whose day has come.')

    _depends = {
        'cobranza.promise': [
            'amount', 'amount_company', 'cancel_reason', 'company_id', 'currency_id', 'date', 'paid_amount',
            'partner_id', 'plan_id', 'source', 'state', 'taken_on', 'user_id',
        ],
    }  # fmt: skip
    _RATIOS = {
        'kept_rate': (('kept_count',), ('judged_count',), 100),
        'kept_rate_amount': (('kept_amount',), ('judged_amount',), 100),
        'cash_rate': (('paid_amount',), ('judged_amount',), 100),
    }
    #: {column that counts: the states it counts}
    _COUNTED = {
        'kept_count': ('kept',),
        'late_count': ('late',),
        'partial_count': ('partial',),
        'broken_count': ('broken',),
    }

    _RECORDS = 'cobranza.promise'
    _BOOK_BY, _BOOK_FIGURE = 'date:month', 'promised'

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT given.*, %(ratios)s, %(debtor)s
              FROM (%(promises)s) given
                   %(joins)s
            """,
            debtor=self._sql_debtor_columns(),
            joins=self._sql_debtor_joins('given', SQL('given.taken_on')),
            promises=self._sql_promises(),
            ratios=self._sql_ratio_columns('given'),
        )

    @api.model
    def _sql_promises(self):
        """Return the SELECT of the promises of the companies, each counted as promises themselves are."""
        Promise = self.env['cobranza.promise']
        measures = {
            **Promise._expressions(),
            **{
                name: lambda alias, states=states: Promise._sql_flag(alias, states)
                for name, states in self._COUNTED.items()
            },
        }
        names = (
            'judged_count', *self._COUNTED, 'renegotiated_count', 'judged_amount', 'kept_amount',
        )  # fmt: skip
        return SQL(
            """
            SELECT promise.id, promise.company_id, promise.partner_id, promise.currency_id,
                   promise.date, promise.taken_on, promise.user_id AS taken_by_id, promise.plan_id, promise.state,
                   promise.source, 1 AS promise_count, promise.amount_company AS promised,
                   %(paid)s AS paid_amount,
                   %(measures)s
              FROM cobranza_promise promise
             WHERE promise.company_id = ANY(%(companies)s)
            """,
            companies=self._companies(),
            paid=self._sql_paid_of('promise'),
            measures=SQL(', ').join(
                SQL('%s AS %s', measures[name]('promise'), SQL.identifier(name)) for name in names
            ),
        )

    @api.model
    def _sql_paid_of(self, alias):
        """Return SQL for what was paid of the promise `alias` in company currency, NULL before its day has come."""
        return SQL(
            """
            CASE WHEN %(promise)s.state IN %(judged)s
                 THEN %(promise)s.amount_company * COALESCE(%(promise)s.paid_amount, 0) / %(promise)s.amount END
            """,
            judged=self.env['cobranza.promise']._JUDGED,
            promise=SQL.identifier(alias),
        )

    def _line_ids(self):
        return self._records().line_ids.ids
