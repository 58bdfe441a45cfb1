from odoo import api, fields, models
from odoo.tools import SQL

from .cobranza_expression_mixin import FloatExpression, IntegerExpression, search_expression


class CobranzaCase(models.Model):
    """What the promises of a debtor come to: what is promised and for when, how many broke, how many were kept."""

    _inherit = 'cobranza.case'

    promise_kept_rate = FloatExpression(
        string='Promises Kept',
        compute='_compute_expressions',
        search=search_expression('promise_kept_rate'),
        aggregator='avg',
        help='Share of the promises whose day has come that were kept, 0 to 1; renegotiated ones are left out.',
    )
    promise_judged_count = IntegerExpression(
        string='Promises Whose Day Has Come',
        compute='_compute_expressions',
        search=search_expression('promise_judged_count'),
        help='Kept, paid late, paid in part or broken.',
    )

    is_promised = fields.Boolean(
        string='Waits for a Promise',
        compute='_compute_is_promised',
        help='All that is overdue is promised: nothing is claimed until the day of the promise has passed.',
    )

    #: Columns of `_sql_promised`, in its order.
    _PROMISED = ('amount_promised', 'promise_date', 'broken_promise_count')

    @api.depends(
        'promise_ids.state',
        'promise_ids.amount',
        'promise_ids.amount_company',
        'promise_ids.date',
        'promise_ids.currency_id',
        'promise_ids.paid_amount',
    )
    def _compute_promised(self):
        rows = self._read_promised(self.ids)
        for case in self:
            values = rows.get(case.id, (0.0, None, 0))
            case.amount_promised, case.promise_date, case.broken_promise_count = values

    @api.model
    def _refresh_promised(self, case_ids):
        """Write what promises come to on cases after these were judged by SQL; only what changed is written."""
        self._write_columns(list(self._PROMISED), self._read_promised(case_ids))

    @api.model
    def _read_promised(self, case_ids):
        """Return {case id: values of `_PROMISED`}: what live ones lack, the last one's day, how many broke."""
        ids = list(case_ids)
        if not ids:
            return {}
        Promise = self.env['cobranza.promise']
        Promise.flush_model(['amount', 'amount_company', 'case_id', 'date', 'paid_amount', 'state'])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT debtor.id,
                       COALESCE(SUM(promise.amount_company
                                    * GREATEST(0, 1 - COALESCE(promise.paid_amount, 0) / promise.amount))
                                FILTER (WHERE promise.state IN %(live)s), 0)::float8,
                       MAX(promise.date) FILTER (WHERE promise.state IN %(live)s),
                       COUNT(*) FILTER (WHERE promise.state IN %(broken)s)
                  FROM cobranza_case debtor
             LEFT JOIN cobranza_promise promise ON promise.case_id = debtor.id
                 WHERE debtor.id = ANY(%(ids)s)
              GROUP BY debtor.id
                """,
                live=Promise._LIVE,
                broken=Promise._BROKEN,
                ids=ids,
            )
        )
        return {row[0]: (round(row[1], 6), row[2], row[3]) for row in rows}

    # === WHETHER ONLY THE PROMISE IS WAITED FOR === #

    def _sql_is_promised(self, column):
        """Return SQL for debtors who have promised what is overdue: all of it, or a part of every item.

        An item under a live promise is left alone though it is promised in part, so nothing could be claimed.
        """
        Line, Promise = self.env['account.move.line'], self.env['cobranza.promise']
        today = fields.Date.context_today(self)
        return SQL(
            """
            (COALESCE(%(promise)s >= %(today)s, FALSE)
             AND (%(promised)s >= %(overdue)s OR NOT EXISTS (
                    SELECT FROM account_move_line item
                     WHERE item.partner_id = %(partner)s AND item.company_id = %(company)s AND %(is_open)s
                       AND item.amount_residual > 0 AND COALESCE(item.date_maturity, item.date) < %(today)s
                       AND %(is_followed_up)s AND NOT EXISTS (%(live)s))))
            """,
            promise=column('promise_date'),
            promised=column('amount_promised'),
            overdue=column('amount_overdue'),
            partner=column('partner_id'),
            company=column('company_id'),
            is_open=Line._sql_is_open_item('item'),
            is_followed_up=Line._sql_is_followed_up('item'),
            live=Promise._sql_live_of(SQL.identifier('item', 'id'), today),
            today=today,
        )

    def _promised(self):
        """Return those of the cases that have promised what is overdue."""
        today = fields.Date.context_today(self)
        some = self.filtered(lambda case: case.promise_date and case.promise_date >= today)
        if not some:
            return some
        query = self._search([('id', 'in', some.ids)])
        query.add_where(
            self._sql_is_promised(lambda name: self._field_to_sql(query.table, name, query))
        )
        # record rules make it long: compiling it would take longer than the rows
        rows = self.env.execute_query(SQL('SET LOCAL jit TO off; %s', query.select()))
        found = {row[0] for row in rows}
        return some.filtered(lambda case: case._origin.id in found)

    @api.depends('amount_overdue', 'amount_promised', 'promise_date')
    def _compute_is_promised(self):
        promised = self._promised()
        promised.is_promised = True
        (self - promised).is_promised = False

    # === HOW RELIABLE === #

    def _expressions(self):
        return super()._expressions() | {
            'promise_kept_rate': lambda alias: self._sql_of_promises(
                alias,
                SQL(
                    'ROUND(AVG(%s)::numeric, 4)::float8',
                    self.env['cobranza.promise']._sql_kept_rate('promise'),
                ),
            ),
            'promise_judged_count': lambda alias: self._sql_of_promises(
                alias, SQL('COUNT(*)::int')
            ),
        }

    def _expression_sources(self):
        return super()._expression_sources() | {'cobranza.promise': ('case_id', 'state')}

    def _sql_of_promises(self, alias, aggregate):
        """Return SQL for an aggregate of the promises of a case that have been judged."""
        return SQL(
            'SELECT %s FROM cobranza_promise promise WHERE promise.case_id = %s AND promise.state IN %s',
            aggregate,
            SQL.identifier(alias, 'id'),
            self.env['cobranza.promise']._JUDGED,
        )

    @api.depends(
        'oldest_due_date',
        'company_id',
        'amount_overdue',
        'broken_promise_count',
        'paid_late_share',
        'segment_id',
        'promise_ids.state',
    )
    def _compute_expressions(self):
        return super()._compute_expressions()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_promised(self):
        """Keep a case whose promises stay: they would go with it, unasked."""
        promises_sudo = self.env['cobranza.promise'].sudo().search([('case_id', 'in', self.ids)])
        promises_sudo._unlink_except_judged()
        promises_sudo._unlink_except_instalment()
