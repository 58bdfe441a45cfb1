from odoo import api, fields, models
from odoo.exceptions import UserError


class CobranzaHandoffWizard(models.TransientModel):
    """Propose cases to an agency, seeing exactly what will leave the house."""

    _name = 'cobranza.handoff.wizard'
    _description = 'Hand Over Cases'

    case_ids = fields.Many2many(
        'cobranza.case', required=True, default=lambda self: self.env.context.get('active_ids')
    )
    agency_id = fields.Many2one(
        'cobranza.agency',
        required=True,
        default=lambda self: self.env['cobranza.agency'].search([], limit=1),
    )
    leaving_ids = fields.Many2many(
        'cobranza.case', compute='_compute_leaving', string='Cases That Leave'
    )
    staying = fields.Text(compute='_compute_leaving', string='Cases That Stay')
    amount = fields.Monetary(compute='_compute_leaving', string='Overdue')
    currency_id = fields.Many2one('res.currency', compute='_compute_leaving')
    columns = fields.Text(compute='_compute_columns', string='What the Agency Is Told')
    personal = fields.Char(compute='_compute_columns', string='Personal Data')

    @api.depends('case_ids')
    def _compute_leaving(self):
        for wizard in self:
            cases = wizard.case_ids._origin
            refusals = cases._handoff_refusals()
            wizard.leaving_ids = cases.filtered(lambda case, no=refusals: case not in no)
            wizard.staying = '\n'.join(
                f'{case.partner_id.name}: {why}' for case, why in refusals.items()
            )
            wizard.currency_id = wizard.leaving_ids.currency_id[:1] or self.env.company.currency_id
            # several currencies do not add up: each proposal says its own
            alone = len(wizard.leaving_ids.currency_id) == 1
            wizard.amount = sum(wizard.leaving_ids.mapped('amount_overdue')) if alone else 0.0

    @api.depends('agency_id')
    def _compute_columns(self):
        sheets = dict(
            self.env['cobranza.handoff.column']._fields['sheet']._description_selection(self.env)
        )
        for wizard in self:
            columns = wizard.agency_id.column_ids.sorted(lambda c: (c.sheet, c.sequence))
            wizard.columns = '\n'.join(
                f'{sheets[sheet]}: {", ".join(mine.mapped("name"))}'
                for sheet, mine in columns.grouped('sheet').items()
            )
            personal = columns.filtered('is_personal')
            wizard.personal = ', '.join(dict.fromkeys(personal.mapped('name')))

    def action_confirm(self):
        """Propose them and open the proposal."""
        proposals = self.case_ids._propose_handoff(self.agency_id)
        if not proposals:
            raise UserError(self.env._('None of these cases can be handed over.'))
        return proposals.with_env(self.env)._get_records_action()


class CobranzaHandoffReturnWizard(models.TransientModel):
    """Say why cases come back from an agency."""

    _name = 'cobranza.handoff.return.wizard'
    _description = 'Take Cases Back'

    line_ids = fields.Many2many('cobranza.handoff.line', string='Cases', required=True)
    reason = fields.Selection(
        selection=lambda self: (
            self.env['cobranza.handoff.line']
            ._fields['return_reason']
            ._description_selection(self.env)
        ),
        required=True,
        default='recalled',
    )

    def action_confirm(self):
        """Take them back."""
        self.line_ids._take_back(self.reason)
        return {'type': 'ir.actions.act_window_close'}
