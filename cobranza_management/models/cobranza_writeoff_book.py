from odoo import Command, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount


class CobranzaWriteoff(models.Model):
    """In the books: a loss against the receivable, applied to the items, undone by its reversal."""

    _inherit = 'cobranza.writeoff'

    def _check_may_book(self):
        """Require the rights of an accountant: posting and reversing are theirs."""
        if not self.env.user.has_group('account.group_account_invoice'):
            raise AccessError(self.env._('Only an accountant books and reverses write-offs.'))

    def _book(self):
        """Post one entry for each write-off and apply it to the items; `_decide` has locked the rows."""
        self._check_may_book()
        for writeoff in self.with_context(lang=self.env.user.lang):
            amounts = writeoff._bookable_amounts()
            move = (
                self.env['account.move']
                .with_company(writeoff.company_id)
                .create(writeoff._prepare_move_vals(amounts))
            )
            move._post(soft=False)
            credits = move.line_ids.filtered_domain(
                [('account_id', 'in', writeoff._receivables().ids)]
            )
            for item, credit in zip(amounts, credits.sorted('id')):
                (item.line_id + credit).reconcile()
                item.sudo().amount_booked = amounts[item]
            writeoff.sudo().write({'state': 'booked', 'move_id': move.id})
            writeoff._tell_case(self.env._('%s written off', writeoff._booked_text(move)))

    def _bookable_amounts(self):
        """Return {item: amount in its currency}: what was approved, or what is left of it by now."""
        amounts = {}
        for item in self.item_ids:
            left = min(item.amount, item.line_id.amount_residual_currency)
            if item.currency_id.compare_amounts(left, 0) > 0:
                amounts[item] = item.currency_id.round(left)
        if not amounts:
            raise UserError(
                self.env._(
                    '%s: nothing is left to write off. Take the proposal back.', self.display_name
                )
            )
        return amounts

    def _receivables(self):
        return self.item_ids.line_id.account_id

    def _prepare_move_vals(self, amounts):
        """Return the values of the entry: for each item its receivable against the bad-debt expense."""
        company = self.company_id
        if not company.cobranza_writeoff_journal_id or not company.cobranza_writeoff_account_id:
            raise UserError(
                self.env._(
                    'Choose the journal and the expense account of write-offs in the settings first.'
                )
            )
        return {
            'company_id': company.id,
            'date': company._cobranza_today(),
            'journal_id': company.cobranza_writeoff_journal_id.id,
            'move_type': 'entry',
            'partner_id': self.partner_id.id,
            'ref': self.env._('Write-off: %s', self.partner_id.name),
            'line_ids': [
                Command.create(values)
                for item, amount in amounts.items()
                for values in item._prepare_line_vals(amount)
            ],
        }

    def _reverse(self):
        """Reverse the entry on today's date; the items are open again."""
        move = self.move_id
        if move.state != 'posted':
            raise UserError(self.env._('The entry of the write-off is not posted any more.'))
        reversal = move._reverse_moves(
            [
                {
                    'date': self.company_id._cobranza_today(),
                    'journal_id': move.journal_id.id,
                    'ref': self.env._('Reversal of: %s', move.name),
                }
            ],
            cancel=True,
        )
        self.sudo().write({'state': 'reversed', 'reversal_id': reversal.id})
        self._tell_case(self.env._('%s claimed again', self._booked_text(move)))

    def _booked_text(self, move):
        """Return the amount of an entry, in company currency."""
        return format_amount(self.env, move.amount_total_signed, self.currency_id)

    def _tell_case(self, body):
        self.case_id.sudo().message_post(body=body, author_id=self.env.user.partner_id.id)


class CobranzaWriteoffItem(models.Model):
    _inherit = 'cobranza.writeoff.item'

    def _prepare_line_vals(self, amount):
        """Return the values of the two lines that write off an amount of the item, in its currency."""
        line = self.line_id
        label = self.env._('Write-off of %s', line.cobranza_document)
        balance = self._in_company_currency(amount)
        common = {
            'currency_id': line.currency_id.id,
            'name': label,
            'partner_id': line.partner_id.id,
        }
        return [
            {
                **common,
                'account_id': line.account_id.id,
                'amount_currency': -amount,
                'balance': -balance,
                'date_maturity': line.date_maturity,
            },
            {
                **common,
                'account_id': self.writeoff_id.company_id.cobranza_writeoff_account_id.id,
                'amount_currency': amount,
                'balance': balance,
            },
        ]
