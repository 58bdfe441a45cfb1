from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.cobranza_writeoff import REASONS


class CobranzaWriteoffWizard(models.TransientModel):
    """Propose to write off items of one or several debtors."""

    _name = 'cobranza.writeoff.wizard'
    _description = 'Propose a Write-off'

    case_ids = fields.Many2many(
        'cobranza.case', required=True, default=lambda self: self.env.context.get('active_ids')
    )
    line_ids = fields.One2many(
        comodel_name='cobranza.writeoff.wizard.line',
        inverse_name='wizard_id',
        string='Items',
        compute='_compute_line_ids',
        store=True,
        readonly=False,
    )
    reason = fields.Selection(REASONS, required=True)
    note = fields.Text(string='Justification', required=True)

    @api.depends('case_ids')
    def _compute_line_ids(self):
        """List what is overdue, or all that is open when nothing is."""
        for wizard in self:
            claims = wizard.case_ids._origin.item_ids.filtered(
                lambda item: item.amount_residual > 0 and item.cobranza_mark != 'writeoff'
            )
            late = claims.filtered(lambda item: item.days_overdue > 0)
            wizard.line_ids = [Command.clear()] + [
                Command.create(
                    {
                        'line_id': item.id,
                        'included': len(wizard.case_ids) == 1 and item in (late or claims),
                        'amount': item.amount_residual_currency,
                    }
                )
                for item in (late or claims)
            ]

    def action_confirm(self):
        """Propose the write-off and show it."""
        chosen = self.line_ids.filtered('included')
        if not chosen:
            raise UserError(self.env._('Choose at least one item.'))
        amounts = {line.line_id: line.amount for line in chosen}
        writeoffs = self.case_ids._propose_writeoff(
            amounts, {'reason': self.reason, 'note': self.note}
        )
        return writeoffs._get_records_action(name=self.env._('Write-offs'))


class CobranzaWriteoffWizardLine(models.TransientModel):
    """An item to choose."""

    _name = 'cobranza.writeoff.wizard.line'
    _description = 'Item to Write Off'

    wizard_id = fields.Many2one(
        'cobranza.writeoff.wizard', required=True, ondelete='cascade', index=True
    )
    included = fields.Boolean(string='Write Off')
    line_id = fields.Many2one('account.move.line', required=True, ondelete='cascade')
    partner_id = fields.Many2one(related='line_id.partner_id')
    document = fields.Char(related='line_id.cobranza_document')
    date_maturity = fields.Date(related='line_id.date_maturity', string='Due Date')
    currency_id = fields.Many2one(related='line_id.currency_id')
    residual = fields.Monetary(related='line_id.amount_residual_currency', string='Open')
    amount = fields.Monetary()
