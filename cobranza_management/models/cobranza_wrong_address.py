from odoo import api, fields, models

from ..tools.addresses import address_key


class CobranzaWrongAddress(models.Model):
    """A number or address at which a debtor is not reached.

    Only this debtor's: its real owner is not blacklisted for others, and a corrected number is used at once.
    """

    _name = 'cobranza.wrong.address'
    _description = 'Wrong Number or Address'
    _order = 'id desc'
    _rec_name = 'address'

    partner_id = fields.Many2one(
        'res.partner', string='Debtor', required=True, index=True, ondelete='cascade'
    )
    contact_id = fields.Many2one('res.partner', string='Person', ondelete='set null')
    address = fields.Char(required=True)
    address_key = fields.Char(compute='_compute_address_key', store=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one('res.users', readonly=True, default=lambda self: self.env.user)

    _once = models.UniqueIndex(
        '(partner_id, address_key)', 'This number is already known to be wrong.'
    )

    @api.depends('address')
    def _compute_address_key(self):
        for wrong in self:
            wrong.address_key = address_key(wrong.address)

    @api.model
    def _keys_of(self, partners):
        """Return the set of (debtor id, address key) that reach nobody."""
        found = partners.sudo().cobranza_wrong_address_ids
        return {(wrong.partner_id.id, wrong.address_key) for wrong in found}

    @api.model
    def _note(self, partner, contact, address):
        """Write down that `address` does not reach the debtor; once is enough."""
        if (partner.id, address_key(address)) not in self._keys_of(partner):
            self.sudo().create(
                {
                    'address': address,
                    'contact_id': contact.id,
                    'partner_id': partner.id,
                    'user_id': self.env.uid,
                }
            )


class ResPartner(models.Model):
    """What the channels ask of a debtor again and again: the ORM keeps the answers for the transaction."""

    _inherit = 'res.partner'

    cobranza_contact_ids = fields.One2many(
        comodel_name='res.partner',
        inverse_name='commercial_partner_id',
        string='People of the Debtor',
    )
    cobranza_wrong_address_ids = fields.One2many(
        comodel_name='cobranza.wrong.address',
        inverse_name='partner_id',
        string='Wrong Numbers and Addresses',
        groups='cobranza_management.group_collector',
    )


class CobranzaChannel(models.AbstractModel):
    _inherit = 'cobranza.channel'

    @api.model
    def _usable(self, contacts_of, field):
        """Leave out the contacts whose address is known to be wrong."""
        usable = super()._usable(contacts_of, field)
        wrong = self.env['cobranza.wrong.address']._keys_of(self.env['res.partner'].union(*usable))
        if not wrong:
            return usable
        return {
            partner: contacts.filtered(
                lambda c, partner=partner: (partner.id, address_key(c[field])) not in wrong
            )
            for partner, contacts in usable.items()
        }
