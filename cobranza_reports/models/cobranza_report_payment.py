from odoo import api, fields, models
from odoo.tools import SQL

from .cobranza_report_mixin import money, ratio


class CobranzaReportPayment(models.Model):
    """Payments by the claim they were applied to: how late, how long after the invoice, and after which contact."""

    _name = 'cobranza.report.payment'
    _inherit = ['cobranza.report.mixin']
    _description = 'Payments Received'
    _auto = False
    _order = 'date DESC, id DESC'

    date = fields.Date(
        readonly=True, help='The day of the payment, or of the claim when that came later.'
    )
    line_id = fields.Many2one('account.move.line', string='Claim', readonly=True)
    move_id = fields.Many2one('account.move', string='Document', readonly=True)
    payment_line_id = fields.Many2one('account.move.line', string='Payment', readonly=True)
    due_date = fields.Date(readonly=True)
    paid = money(
        'Paid', help='What was applied to claims; credit notes and write-offs are no payments.'
    )
    attributed = money(
        'After a Contact',
        help='Paid within the days, set in the company, in which a contact counts.',
    )
    self_cured = money('By Themselves', help='Paid without any contact shortly before.')
    late_weight = fields.Float(readonly=True, help='Days late × paid.')
    age_weight = fields.Float(readonly=True, help='Days since the invoice × paid.')
    days_late = ratio(
        'Days Beyond Terms', 'Σ(days late × paid) ÷ Σ paid; before the due date they are negative.'
    )
    days_to_pay = ratio('Average Days to Pay', 'Σ(days from the invoice date × paid) ÷ Σ paid.')
    attributed_share = ratio('After a Contact %', 'Paid after a contact ÷ paid × 100.')
    interaction_id = fields.Many2one('cobranza.interaction', string='Last Contact', readonly=True)
    channel = fields.Selection(
        selection=lambda self: self.env['cobranza.channel']._selection(), readonly=True
    )
    step_id = fields.Many2one('cobranza.strategy.step', readonly=True)
    contact_user_id = fields.Many2one('res.users', string='Contacted By', readonly=True)

    _depends = {
        'account.move': ['invoice_date'],
        'account.move.line': [
            'account_id', 'company_id', 'currency_id', 'date', 'date_maturity', 'display_type', 'move_id',
            'parent_state', 'partner_id',
        ],
        'account.partial.reconcile': ['amount', 'company_id', 'credit_move_id', 'debit_move_id', 'max_date'],
        'cobranza.interaction': [
            'case_id', 'channel', 'corrects_id', 'date', 'direction', 'purpose', 'reminder_id', 'replaces_id',
            'user_id',
        ],
        'cobranza.reminder': ['step_id'],
        'res.company': ['cobranza_attribution_days'],
    }  # fmt: skip
    _RATIOS = {
        'days_late': (('late_weight',), ('paid',), 1),
        'days_to_pay': (('age_weight',), ('paid',), 1),
        'attributed_share': (('attributed',), ('paid',), 100),
    }

    _BOOK_BY, _BOOK_FIGURE = 'date:month', 'paid'

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT payment.*, %(ratios)s
              FROM (SELECT given.*, %(debtor)s, contact.id AS interaction_id, contact.channel, contact.step_id,
                           contact.user_id AS contact_user_id,
                           CASE WHEN contact.id IS NOT NULL THEN given.paid ELSE 0 END AS attributed,
                           CASE WHEN contact.id IS NULL THEN given.paid ELSE 0 END AS self_cured
                      FROM (%(payments)s) given
                           %(joins)s
                      JOIN (%(zones)s) zone ON zone.company_id = given.company_id
                 LEFT JOIN LATERAL (%(contact)s) contact ON TRUE) payment
            """,
            contact=self._sql_last_contact(),
            debtor=self._sql_debtor_columns(),
            joins=self._sql_debtor_joins('given', SQL('given.date')),
            payments=self._sql_payments(),
            ratios=self._sql_ratio_columns('payment'),
            zones=self._sql_zones(),
        )

    @api.model
    def _sql_payments(self):
        """Return the SELECT of what was paid of each claim, and when; credit notes and write-offs are no payments."""
        return SQL(
            """
            SELECT partial.id, partial.max_date AS date, claim.id AS line_id, claim.move_id,
                   credit.id AS payment_line_id, claim.company_id, claim.partner_id, claim.currency_id,
                   due.day AS due_date, partial.amount AS paid,
                   (partial.max_date - due.day) * partial.amount AS late_weight,
                   (partial.max_date - COALESCE(move.invoice_date, claim.date)) * partial.amount AS age_weight
              FROM account_partial_reconcile partial
              JOIN account_move_line claim
                ON claim.id = partial.debit_move_id AND %(is_receivable)s AND claim.company_id = ANY(%(companies)s)
              JOIN account_move move ON move.id = claim.move_id
              JOIN account_move_line credit ON credit.id = partial.credit_move_id
              JOIN LATERAL (SELECT COALESCE(claim.date_maturity, claim.date) AS day) due ON TRUE
             WHERE partial.amount > 0 AND %(is_payment)s
            """,
            companies=self._companies(),
            is_payment=self.env['cobranza.promise']._sql_is_payment('credit'),
            is_receivable=self.env['account.move.line']._sql_is_receivable('claim'),
        )

    @api.model
    def _sql_last_contact(self):
        """Return the SELECT of the last contact before the payment `given`, while it counts."""
        return SQL(
            """
            SELECT told.id, told.channel, told.user_id, message.step_id
              FROM cobranza_interaction told
         LEFT JOIN cobranza_reminder message ON message.id = told.reminder_id
             WHERE told.case_id = debtor.id AND %(is_contact)s
               AND told.date < %(end_of_day)s
               AND told.date >= %(end_of_day)s - (company.cobranza_attribution_days + 1) * INTERVAL '1 day'
          ORDER BY told.date DESC, told.id DESC
             LIMIT 1
            """,
            # contacts have moments, in UTC; payments have days, those of where the company works
            end_of_day=SQL(
                "((given.date + 1)::timestamp AT TIME ZONE zone.name AT TIME ZONE 'UTC')"
            ),
            is_contact=self.env['cobranza.interaction']._sql_is_contact('told'),
        )

    def _line_ids(self):
        return (self.line_id | self.payment_line_id).ids
