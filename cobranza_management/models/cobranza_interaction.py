from odoo import api, fields, models
from odoo.exceptions import UserError


class CobranzaInteraction(models.Model):
    """One contact, in or out. Append-only: what was said cannot be unsaid."""

    _name = 'cobranza.interaction'
    _description = 'Contact'
    _order = 'date desc, id desc'

    case_id = fields.Many2one('cobranza.case', required=True, index=True, ondelete='restrict')
    company_id = fields.Many2one('res.company', required=True, index=True)
    partner_id = fields.Many2one('res.partner', string='Debtor', required=True, index=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    channel = fields.Selection(
        selection=lambda self: self.env['cobranza.channel']._selection(), required=True
    )
    direction = fields.Selection(
        [('out', 'To the customer'), ('in', 'From the customer')], required=True, default='out'
    )
    purpose = fields.Selection(
        [('collection', 'Collection'), ('reply', 'Reply'), ('receipt', 'Receipt')],
        required=True,
        default='collection',
        help='Only collection counts for the law.',
    )
    summary = fields.Char()
    address = fields.Char()
    user_id = fields.Many2one('res.users', default=lambda self: self.env.user)
    reminder_id = fields.Many2one('cobranza.reminder', index='btree_not_null', ondelete='restrict')
    reminder_state = fields.Selection(related='reminder_id.state', string='Delivery')
    message_id = fields.Many2one('mail.message', index='btree_not_null', ondelete='set null')

    _case_date_idx = models.Index('(case_id, date DESC)')

    @api.model
    def _log(self, vals_list):
        """Append contacts in one batch; company and debtor come from the case."""
        cases = self.env['cobranza.case'].browse(vals['case_id'] for vals in vals_list)
        contacts = self.create(
            [
                {'company_id': case.company_id.id, 'partner_id': case.partner_id.id, **vals}
                for case, vals in zip(cases, vals_list)
            ]
        )
        outgoing = contacts.filtered(lambda contact: contact.direction == 'out')
        self.env['cobranza.case']._write_columns(
            ['last_contact_date'],
            {contact.case_id.id: (contact.date,) for contact in outgoing.sorted('date')},
        )
        return contacts

    def write(self, vals):
        """Refuse: the log is evidence."""
        raise UserError(
            self.env._('The contact log cannot be changed. Add another contact that corrects it.')
        )

    def _move_to(self, case):
        """Carry the history over when two debtors are merged into one."""
        return super().write({'case_id': case.id, 'partner_id': case.partner_id.id})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._('The contact log cannot be deleted.'))
