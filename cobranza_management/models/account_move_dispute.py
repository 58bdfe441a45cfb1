from odoo import Command, fields, models
from odoo.tools import SQL

from ..tools.disputes import spread
from .cobranza_aged_mixin import READERS


class AccountMove(models.Model):
    """Credit notes and entries that settle disputes: what is posted closes them, what is undone opens them again."""

    _inherit = 'account.move'

    cobranza_dispute_count = fields.Integer(
        string='Disputes in Number', compute='_compute_cobranza_dispute_count', groups=READERS
    )
    cobranza_credited_dispute_ids = fields.One2many(
        comodel_name='cobranza.dispute',
        inverse_name='credit_move_id',
        string='Disputes It Settles',
        copy=False,
        groups=READERS,
    )

    def _compute_cobranza_dispute_count(self):
        rows = self.env['cobranza.dispute']._read_group(
            [('line_id.move_id', 'in', self.ids)], ['line_id'], ['__count']
        )
        counts = {}
        for line, count in rows:
            counts[line.move_id.id] = counts.get(line.move_id.id, 0) + count
        for move in self:
            move.cobranza_dispute_count = counts.get(move.id, 0)

    # === A PART OF AN INVOICE === #

    def _cobranza_reduce_to(self, amount):
        """Scale the lines of a draft credit note so that its total is `amount`, taxes in proportion.

        :param float amount: in the document's currency, not above its total
        """
        self.ensure_one()
        if self.currency_id.compare_amounts(amount, self.amount_total) >= 0:
            return
        share = amount / self.amount_total
        lines = self.invoice_line_ids.filtered(lambda line: line.display_type == 'product')
        gross = [line.price_unit * line.quantity * (1 - line.discount / 100) for line in lines]
        digits = self.currency_id.decimal_places
        parts = spread(round(sum(gross) * share, digits), gross, digits)
        self.write(
            {
                'invoice_cash_rounding_id': False,
                'invoice_line_ids': [
                    Command.update(line.id, line._cobranza_part(share, part))
                    for line, part in zip(lines, parts)
                ],
            }
        )
        self._cobranza_round_to(amount, lines[:1])

    def _cobranza_round_to(self, amount, line):
        """Make up for the cents that taxes round differently on a part than on the whole."""
        cents = amount - self.amount_total
        if self.currency_id.is_zero(cents):
            return
        rounding = {
            'account_id': line.account_id.id,
            'name': self.env._('Rounding'),
            'price_unit': cents,
            'quantity': 1,
            'tax_ids': [Command.clear()],
        }
        self.write({'invoice_line_ids': [Command.create(rounding)]})

    # === POSTED AND UNDONE === #

    def _post(self, soft=True):
        """Close the disputes that a posted credit note settles, be it made here or on the invoice."""
        self._cobranza_adopt_disputes()
        # nothing can be settled by a payment that is new, and every payment comes by here
        payments = self.filtered(lambda move: move.origin_payment_id and not move.posted_before)
        posted = super()._post(soft)
        (posted - payments)._cobranza_close_disputes()
        return posted

    def _reconcile_reversed_moves(self, reverse_moves, move_reverse_cancel):
        """Apply a credit note to the disputed instalment before any other."""
        reverse_moves._cobranza_apply_to_disputes()
        return super()._reconcile_reversed_moves(reverse_moves, move_reverse_cancel)

    def button_draft(self):
        """Open again the disputes that the entry had settled."""
        result = super().button_draft()
        self._cobranza_disputes(('accepted', 'partial'))._undo_credit()
        return result

    def _cobranza_disputes(self, states):
        """Return the disputes of these states that the entries settle, asked in plain SQL."""
        disputes_sudo = self.env['cobranza.dispute'].sudo()
        credits = self.filtered(lambda move: move.move_type in ('out_refund', 'entry'))
        if not credits:
            return disputes_sudo
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM cobranza_dispute
                    WHERE credit_move_id = ANY(%s) AND state = ANY(%s) ORDER BY id DESC""",
                credits.ids,
                list(states),
                to_flush=[disputes_sudo._fields[name] for name in ('credit_move_id', 'state')],
            )
        )
        return disputes_sudo.browse(row[0] for row in rows)

    def _cobranza_adopt_disputes(self):
        """Link credit notes made on the invoice itself to the dispute that they settle."""
        refunds = self.filtered(
            lambda move: move.move_type == 'out_refund' and move.reversed_entry_id
        )
        if not refunds:
            return
        waiting = (
            self.env['cobranza.dispute']
            .sudo()
            .search(
                [
                    ('line_id.move_id', 'in', refunds.reversed_entry_id.ids),
                    ('waits_for', 'in', ('credit_note', 'decision')),
                    '|',
                    ('credit_move_id', '=', False),
                    ('credit_move_id.state', '=', 'cancel'),
                ],
                order='id',
            )
        )
        taken = self._cobranza_disputes(('open',)).credit_move_id
        for refund in refunds - taken:
            dispute = refund._cobranza_dispute_meant(waiting)
            waiting -= dispute
            if dispute.waits_for == 'decision':
                dispute.write({'amount_accepted': dispute.amount, 'decision': 'accepted'})
            dispute.credit_move_id = refund

    def _cobranza_dispute_meant(self, waiting):
        """Return the dispute that the credit note settles: one over just as much, else the oldest accepted one.

        Whoever credits just what the customer disputes has decided. Another amount may be about something else: what is
        in dispute then is the owner's to say.
        """
        self.ensure_one()
        mine = waiting.filtered(lambda dispute: dispute.move_id == self.reversed_entry_id)
        accepted = mine.filtered(lambda dispute: dispute.waits_for == 'credit_note')
        exact = accepted.filtered(lambda d: self._cobranza_is_over(d, d.amount_accepted))
        alike = (mine - accepted).filtered(lambda d: self._cobranza_is_over(d, d.amount))
        return (exact or alike or accepted)[:1]

    def _cobranza_is_over(self, dispute, amount):
        return dispute.currency_id.compare_amounts(amount, self.amount_total) == 0

    def _cobranza_close_disputes(self):
        self._cobranza_disputes(('open',))._close_credited()

    def _cobranza_apply_to_disputes(self):
        for dispute in self._cobranza_disputes(('open',)):
            lines = dispute.credit_move_id._cobranza_credits_of(dispute) + dispute.line_id
            lines = lines.sudo(False).filtered(lambda line: not line.reconciled)
            if len(lines) > 1:
                lines.reconcile()

    def _cobranza_credits_of(self, dispute):
        """Return the lines of the entry that may be applied to the disputed item."""
        item = dispute.line_id
        return self.line_ids.filtered(
            lambda line: (
                line.account_id == item.account_id
                and line.partner_id == item.partner_id
                and line.currency_id == item.currency_id
                and line.balance < 0
            )
        )

    # === ACTIONS === #

    def action_view_disputes(self):
        """Open the disputes about the document."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id(
                'cobranza_management.cobranza_dispute_action'
            ),
            'domain': [('line_id.move_id', '=', self.id)],
            'context': {},
        }

    def action_dispute(self):
        """Note a dispute about the document."""
        self.ensure_one()
        case = self.env['cobranza.case']._get_or_create(self.commercial_partner_id, self.company_id)
        return {
            **self.env['ir.actions.act_window']._for_xml_id(
                'cobranza_management.cobranza_dispute_wizard_action'
            ),
            'context': {'default_case_id': case.id, 'default_document_id': self.id},
        }


class AccountMoveLine(models.Model):
    _inherit = 'account.move.line'

    def _cobranza_part(self, share, amount):
        """Return the values of a credit note's line for a share of it, `amount` before taxes.

        One unit of it, unless a tax depends on the quantity (a fixed amount each): then so much of the quantity.
        """
        self.ensure_one()
        proportional = {'division', 'group', 'percent'}
        taxes = self.tax_ids.flatten_taxes_hierarchy()
        if set(taxes.mapped('amount_type')) <= proportional:
            return {'discount': 0, 'price_unit': amount, 'quantity': 1}
        digits = self.env['decimal.precision'].precision_get('Product Unit')
        quantity = round(self.quantity * share, digits) or 10**-digits
        return {'discount': 0, 'price_unit': amount / quantity, 'quantity': quantity}
