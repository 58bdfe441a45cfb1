from odoo import api, fields, models
from odoo.tools.sql import column_exists, create_column


class ResPartner(models.Model):
    _inherit = 'res.partner'

    cobranza_mail_returned = fields.Date(
        string='Post Returned On',
        compute='_compute_cobranza_mail_returned',
        store=True,
        readonly=False,
        groups='cobranza_management.group_collector',
        help='A letter came back: nothing is sent to this address, nor anybody, until it is corrected.',
    )

    def _auto_init(self):
        """Make the column at once: no address has come back yet, so there is nothing to compute."""
        if not column_exists(self.env.cr, 'res_partner', 'cobranza_mail_returned'):
            create_column(self.env.cr, 'res_partner', 'cobranza_mail_returned', 'date')
        return super()._auto_init()

    @api.depends('street', 'street2', 'zip', 'city', 'state_id', 'country_id')
    def _compute_cobranza_mail_returned(self):
        """Trust an address again once it has changed."""
        self.cobranza_mail_returned = False


class CobranzaChannel(models.AbstractModel):
    _inherit = 'cobranza.channel'

    @api.model
    def _postal_addresses(self, partners):
        """Return {debtor: (contact, address)} with the first address that post has not come back from."""
        found = {}
        for partner, contacts in self._contacts_of(partners).items():
            reached = next(
                (
                    contact
                    for contact in contacts
                    if contact.street and not contact.sudo().cobranza_mail_returned
                ),
                None,
            )
            if reached:
                address = reached._display_address(without_company=True).strip()
                found[partner] = reached, address
        return found
