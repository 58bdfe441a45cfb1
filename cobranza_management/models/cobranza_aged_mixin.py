from odoo import models

from .cobranza_expression_mixin import IntegerExpression, Many2oneExpression, search_expression

#: Who may see how a debtor is chased. A customer may read their own invoices, never that.
READERS = (
    'cobranza_management.group_collector,'
    'account.group_account_readonly,account.group_account_invoice'
)


class CobranzaAgedMixin(models.AbstractModel):
    """Age, bucket, case and stage of a document; the model gives their SQL in `_expressions`."""

    _name = 'cobranza.aged.mixin'
    _inherit = ['cobranza.expression.mixin']
    _description = 'Document with an Age'

    days_overdue = IntegerExpression(
        compute='_compute_expressions',
        search=search_expression('days_overdue'),
        aggregator='max',
        groups=READERS,
        help='Days since the due date of the oldest open item; negative before it.',
    )
    aging_bucket_id = Many2oneExpression(
        'cobranza.aging.bucket',
        string='Aging',
        compute='_compute_expressions',
        search=search_expression('aging_bucket_id'),
        groups=READERS,
    )
    cobranza_case_id = Many2oneExpression(
        'cobranza.case',
        string='Collection Case',
        compute='_compute_expressions',
        search=search_expression('cobranza_case_id'),
        groups=READERS,
    )
    cobranza_stage_id = Many2oneExpression(
        'cobranza.stage',
        string='Collection Stage',
        compute='_compute_expressions',
        search=search_expression('cobranza_stage_id'),
        groups=READERS,
    )
