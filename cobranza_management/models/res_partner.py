from odoo import api, fields, models
from odoo.tools import SQL

from .cobranza_aged_mixin import READERS
from .cobranza_expression_mixin import (
    BooleanExpression,
    IntegerExpression,
    Many2oneExpression,
    search_expression,
)


class ResPartner(models.Model):
    """What a contact owes, read from the ledger; nothing is stored on the contact."""

    _name = 'res.partner'
    _inherit = ['res.partner', 'cobranza.expression.mixin']

    cobranza_item_ids = fields.One2many(
        comodel_name='account.move.line',
        inverse_name='partner_id',
        string='Journal Items of the Debtor',
        groups='account.group_account_readonly,account.group_account_invoice',
        help='Carries the dependencies of case totals; never read it: search the open items instead.',
    )
    cobranza_case_ids = fields.One2many(
        comodel_name='cobranza.case',
        inverse_name='partner_id',
        string='Collection Cases',
        groups='cobranza_management.group_collector,account.group_account_readonly',
    )
    cobranza_consent_ids = fields.One2many(
        comodel_name='cobranza.consent',
        inverse_name='partner_id',
        string='Contact Consents',
        groups='cobranza_management.group_collector',
    )
    days_overdue = IntegerExpression(
        compute='_compute_expressions',
        search=search_expression('days_overdue'),
        groups=READERS,
        help="Days since the debtor's oldest unpaid due date, over every company you work for.",
    )
    aging_bucket_id = Many2oneExpression(
        'cobranza.aging.bucket',
        string='Aging',
        compute='_compute_expressions',
        search=search_expression('aging_bucket_id'),
        groups=READERS,
    )
    cobranza_stage_id = Many2oneExpression(
        'cobranza.stage',
        string='Collection Stage',
        compute='_compute_expressions',
        search=search_expression('cobranza_stage_id'),
        groups=READERS,
    )
    cobranza_has_promise = BooleanExpression(
        string='Has a Promise',
        compute='_compute_expressions',
        search=search_expression('cobranza_has_promise'),
        groups=READERS,
    )
    cobranza_has_dispute = BooleanExpression(
        string='Has a Dispute',
        compute='_compute_expressions',
        search=search_expression('cobranza_has_dispute'),
        groups=READERS,
    )

    # === EXPRESSIONS: OVER THE USER'S COMPANIES, WHICHEVER IS ACTIVE === #

    def _expressions(self):
        return super()._expressions() | {
            'days_overdue': lambda alias: self._sql_worst_case(alias, self._sql_case_days()),
            'aging_bucket_id': lambda alias: self._sql_worst_case(
                alias,
                self.env['cobranza.aging.bucket']._sql_bucket(
                    SQL('debtor.company_id'), self._sql_case_days()
                ),
            ),
            'cobranza_stage_id': lambda alias: self._sql_worst_case(alias, SQL('debtor.stage_id')),
            'cobranza_has_promise': lambda alias: self._sql_any_case(
                alias, SQL('debtor.promise_date IS NOT NULL')
            ),
            'cobranza_has_dispute': lambda alias: self._sql_any_case(
                alias, SQL('debtor.amount_disputed > 0')
            ),
        }

    def _expression_sources(self):
        return super()._expression_sources() | {
            'cobranza.case': (
                'amount_disputed',
                'company_id',
                'oldest_due_date',
                'partner_id',
                'promise_date',
                'stage_id',
                'state',
            ),
        }

    def _sql_case_days(self):
        return SQL('%s::date - debtor.oldest_due_date', fields.Date.context_today(self))

    def _sql_cases(self, alias):
        """Return the FROM and WHERE of the contact's cases in every company the user works for."""
        return SQL(
            'cobranza_case debtor WHERE debtor.partner_id = %s AND debtor.company_id = ANY(%s)',
            SQL.identifier(alias, 'commercial_partner_id'),
            self.env.user.company_ids.ids,
        )

    def _sql_worst_case(self, alias, value):
        """Return SQL for `value` on the open case with the oldest debt."""
        return SQL(
            "SELECT %s FROM %s AND debtor.state = 'open' ORDER BY debtor.oldest_due_date, debtor.id LIMIT 1",
            value,
            self._sql_cases(alias),
        )

    def _sql_any_case(self, alias, condition):
        return SQL('EXISTS (SELECT FROM %s AND %s)', self._sql_cases(alias), condition)

    @api.depends_context('uid', 'tz')
    def _compute_expressions(self):
        return super()._compute_expressions()

    def action_open_case(self):
        """Open the contact's collection case in the current company, made at once if there is none yet."""
        self.ensure_one()
        return self.env['cobranza.case']._open_for(self.commercial_partner_id, self.env.company)
