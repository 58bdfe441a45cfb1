from odoo import api, fields, models


class AccountMoveLine(models.Model):
    """What stands in the way of chasing an item, as screens mark it."""

    _inherit = 'account.move.line'

    cobranza_mark = fields.Selection(
        [('disputed', 'In dispute'), ('promised', 'Promised'), ('excluded', 'Not followed up')],
        string='Mark',
        compute='_compute_cobranza_mark',
    )

    @api.depends(
        'cobranza_dispute_ids.state', 'cobranza_promise_ids.state', 'no_followup', 'amount_residual'
    )
    def _compute_cobranza_mark(self):
        live = set(self.env['cobranza.promise']._LIVE)
        for line in self:
            if 'open' in line.cobranza_dispute_ids.mapped('state'):
                line.cobranza_mark = 'disputed'
            elif live.intersection(line.cobranza_promise_ids.mapped('state')):
                line.cobranza_mark = 'promised'
            else:
                line.cobranza_mark = (
                    'excluded' if line.no_followup and line.amount_residual > 0 else False
                )

    @api.model
    def action_view_open_items(self):
        """Open the whole portfolio by bucket; the domain names the accounts, which keeps it fast."""
        return {
            **self.env['ir.actions.act_window']._for_xml_id(
                'cobranza_management.account_move_line_action_open_items'
            ),
            'domain': list(self._open_item_domain()),
        }
