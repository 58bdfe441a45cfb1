from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import hash_sign, verify_hash_signed

from .cobranza_aged_mixin import READERS

#: What a pay link is signed for, and how long it works.
PAY_LINK_SCOPE, PAY_LINK_LIFE = 'cobranza_pay_link', timedelta(days=180)


class AccountMove(models.Model):
    """Aging and case of an invoice, from its oldest open item."""

    _name = 'account.move'
    _inherit = ['account.move', 'cobranza.aged.mixin']

    cobranza_promise_ids = fields.Many2many(
        related='line_ids.cobranza_promise_ids', string='Promises', groups=READERS
    )
    cobranza_dispute_ids = fields.One2many(
        related='line_ids.cobranza_dispute_ids', string='Disputes', groups=READERS
    )

    # The few blocked invoices are looked up once a query, instead of the invoice of every open item.
    _cobranza_blocked_idx = models.Index("(id) WHERE payment_state = 'blocked'")

    def write(self, vals):
        """Tell the totals of the debtor when somebody blocks an invoice or lets it go.

        That is the one thing they want of `payment_state`; the rest of it they see in the residuals themselves. As a
        dependency it would hang every field of every case under all that a payment touches.
        """
        result = super().write(vals)
        if 'payment_state' in vals:
            self.line_ids.modified(['no_followup'])
        return result

    def _expressions(self):
        return super()._expressions() | {
            'days_overdue': self._sql_days_overdue,
            'aging_bucket_id': lambda alias: self.env['cobranza.aging.bucket']._sql_bucket(
                SQL.identifier(alias, 'company_id'), self._sql_days_overdue(alias)
            ),
            'cobranza_case_id': lambda alias: self._sql_of_case(alias, 'id'),
            'cobranza_stage_id': lambda alias: self._sql_of_case(alias, 'stage_id'),
        }

    def _expression_sources(self):
        return super()._expression_sources() | self.env['account.move.line']._expression_sources()

    def _sql_days_overdue(self, alias):
        """Return SQL for the days overdue of the oldest open item of the invoice, NULL when it has none."""
        Line = self.env['account.move.line']
        return SQL(
            '(SELECT MAX(%s) FROM account_move_line item WHERE item.move_id = %s)',
            Line._sql_days_overdue('item'),
            SQL.identifier(alias, 'id'),
        )

    def _sql_of_case(self, alias, column):
        """Return SQL for a column of the case of the invoice's debtor."""
        return SQL(
            'SELECT debtor.%s FROM cobranza_case debtor'
            " WHERE debtor.company_id = %s AND debtor.partner_id = %s AND %s IN ('out_invoice', 'out_refund')",
            SQL.identifier(column),
            SQL.identifier(alias, 'company_id'),
            SQL.identifier(alias, 'commercial_partner_id'),
            SQL.identifier(alias, 'move_type'),
        )

    def action_open_case(self):
        """Open the collection case of the invoice's debtor, made at once if there is none yet."""
        self.ensure_one()
        return self.env['cobranza.case']._open_for(self.commercial_partner_id, self.company_id)

    def _cobranza_pay_urls(self, base_url, life=PAY_LINK_LIFE):
        """Return {invoice: link on which the customer sees and pays it without logging in, for half a year}.

        The link is signed, not stored: a night of messages writes nothing to the invoices it is about, and never
        competes with those who book their payments.

        :param timedelta life: how long the link works
        """
        env_sudo = self.sudo().env
        self.fetch(['move_type'])  # of a whole night: not the hundred columns beside it
        return {
            move: f'{base_url}/collections/invoice/'
            + hash_sign(env_sudo, PAY_LINK_SCOPE, move.id, expiration=life)
            for move in self
            if move.move_type in ('out_invoice', 'out_receipt')
        }

    @api.model
    def _cobranza_of_pay_link(self, token):
        """Return the invoice that a pay link is for, in superuser mode; none when it is forged or has expired."""
        invoice_id = verify_hash_signed(self.sudo().env, PAY_LINK_SCOPE, token)
        invoice_sudo = self.sudo().browse(invoice_id or ()).exists()
        return invoice_sudo.filtered(lambda move: move.state == 'posted')
