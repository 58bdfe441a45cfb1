from odoo import api, fields, models


class CobranzaHoldWizard(models.TransientModel):
    """Put cases on hold: how long and why, in two clicks."""

    _name = 'cobranza.hold.wizard'
    _description = 'Put on Hold'

    case_ids = fields.Many2many(
        'cobranza.case', required=True, default=lambda self: self.env.context.get('active_ids')
    )
    # a field of that name, not the old attribute of fields
    length = fields.Selection(  # pylint: disable=attribute-deprecated
        [
            ('1', '1 day'),
            ('3', '3 days'),
            ('7', '1 week'),
            ('14', '2 weeks'),
            ('30', '30 days'),
            ('0', 'Until…'),
        ],
        default='7',
        required=True,
    )
    until = fields.Date(
        compute='_compute_until', store=True, readonly=False, required=True, precompute=True
    )
    reason_choice = fields.Selection(
        [
            ('customer', 'The customer asked for time'),
            ('payment', 'A payment is being checked'),
            ('invoice', 'The invoice is being corrected'),
            ('commercial', 'Commercial decision'),
            ('absent', 'Away or closed'),
            ('other', 'Another reason'),
        ],
        string='Why',
        default='customer',
        required=True,
    )
    reason = fields.Char(
        compute='_compute_reason', store=True, readonly=False, required=True, precompute=True
    )

    @api.depends('case_ids', 'length')
    def _compute_until(self):
        for wizard in self:
            if wizard.length != '0' or not wizard.until:
                company = wizard.case_ids.company_id[:1] or self.env.company
                wizard.until = fields.Date.add(
                    company._cobranza_today(), days=int(wizard.length or 0)
                )

    @api.depends('reason_choice')
    def _compute_reason(self):
        labels = dict(self._fields['reason_choice']._description_selection(self.env))
        for wizard in self:
            wizard.reason = (
                '' if wizard.reason_choice == 'other' else labels.get(wizard.reason_choice, '')
            )

    def action_confirm(self):
        """Hold the cases."""
        self.case_ids._hold(self.reason, self.until)
        return {'type': 'ir.actions.act_window_close'}
