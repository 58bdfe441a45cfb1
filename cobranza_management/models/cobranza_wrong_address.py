from odoo import api, fields, models

from ..tools.addresses import address_key, same_address


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
    def _note(self, partner, contact, address, interaction=None):
        """Write down that `address` does not reach the debtor, as an interaction showed; once is enough."""
        if not partner._cobranza_is_wrong(address):
            self.sudo().create(
                {
                    'address': address,
                    'contact_id': contact.id,
                    'interaction_id': interaction.id if interaction else False,
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

    def _cobranza_is_wrong(self, address):
        """Tell whether this address is known not to reach the debtor."""
        self.ensure_one()
        known = self.sudo().cobranza_wrong_address_ids
        return any(same_address(wrong.address, address) for wrong in known)


class CobranzaChannel(models.AbstractModel):
    _inherit = 'cobranza.channel'

    @api.model
    def _usable(self, contacts_of, field):
        """Leave out the contacts whose address is known to be wrong."""
        return {
            partner: contacts.filtered(
                lambda c, partner=partner: not partner._cobranza_is_wrong(c[field])
            )
            for partner, contacts in super()._usable(contacts_of, field).items()
        }
