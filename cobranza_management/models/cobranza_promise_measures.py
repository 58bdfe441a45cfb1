from odoo import api, models
from odoo.tools import SQL

from .cobranza_expression_mixin import (
    FloatExpression,
    IntegerExpression,
    MonetaryExpression,
    search_expression,
)


class CobranzaPromise(models.Model):
    """How promises are counted: expressions, so that any grouping gives the kept rate, renegotiated ones apart."""

    _inherit = 'cobranza.promise'

    judged_count = IntegerExpression(
        string='Day Has Come',
        compute='_compute_expressions',
        search=search_expression('judged_count'),
        aggregator='sum',
        help='Promises that were kept, paid late, paid in part or broken.',
    )
    kept_count = IntegerExpression(
        string='Kept Promises',
        compute='_compute_expressions',
        search=search_expression('kept_count'),
        aggregator='sum',
    )
    kept_rate = FloatExpression(
        compute='_compute_expressions',
        search=search_expression('kept_rate'),
        aggregator='avg',
        help='Kept ÷ those whose day has come, by count, 0 to 1. Renegotiated and cancelled ones are left out.',
    )
    judged_amount = MonetaryExpression(
        string='Amount Whose Day Has Come',
        compute='_compute_expressions',
        search=search_expression('judged_amount'),
        currency_field='company_currency_id',
        aggregator='sum',
        help='Promised by those whose day has come, in company currency.',
    )
    kept_amount = MonetaryExpression(
        string='Amount Kept',
        compute='_compute_expressions',
        search=search_expression('kept_amount'),
        currency_field='company_currency_id',
        aggregator='sum',
        help='Promised by those that were kept, in company currency.',
    )
    renegotiated_count = IntegerExpression(
        string='Renegotiated Promises',
        compute='_compute_expressions',
        search=search_expression('renegotiated_count'),
        aggregator='sum',
        help='Promises that a new one for the same items took the place of, before they were judged.',
    )

    def _expressions(self):
        return super()._expressions() | {
            'judged_count': lambda alias: self._sql_flag(alias, self._JUDGED),
            'kept_count': lambda alias: self._sql_flag(alias, ('kept',)),
            'kept_rate': self._sql_kept_rate,
            'judged_amount': lambda alias: self._sql_amount_of(alias, self._JUDGED),
            'kept_amount': lambda alias: self._sql_amount_of(alias, ('kept',)),
            'renegotiated_count': lambda alias: SQL(
                "(%s IS NOT DISTINCT FROM 'replaced')::int", SQL.identifier(alias, 'cancel_reason')
            ),
        }

    def _expression_sources(self):
        return super()._expression_sources() | {
            'cobranza.promise': ('amount_company', 'cancel_reason', 'state')
        }

    def _sql_flag(self, alias, states):
        return SQL('(%s IN %s)::int', SQL.identifier(alias, 'state'), states)

    def _sql_amount_of(self, alias, states):
        return SQL(
            'CASE WHEN %s IN %s THEN %s ELSE 0 END',
            SQL.identifier(alias, 'state'),
            states,
            SQL.identifier(alias, 'amount_company'),
        )

    def _sql_kept_rate(self, alias):
        """Return SQL for 1 or 0, and NULL before the day has come: an average over any group is its kept rate."""
        return SQL(
            'CASE WHEN %s IN %s THEN %s::float8 END',
            SQL.identifier(alias, 'state'),
            self._JUDGED,
            self._sql_flag(alias, ('kept',)),
        )

    @api.depends('amount_company', 'cancel_reason', 'state')
    def _compute_expressions(self):
        return super()._compute_expressions()
