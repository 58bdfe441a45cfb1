from odoo import api, models

from ..tools.phone_numbers import is_mobile


class CobranzaMobileChannel(models.AbstractModel):
    """A channel whose addresses are mobile telephones."""

    _name = 'cobranza.mobile.channel'
    _inherit = ['cobranza.channel']
    _description = 'Channel to Mobile Telephones'

    @api.model
    def _addresses(self, partners):
        """Give the first number that can receive a text, as networks write it (+573001234567)."""
        found = {}
        people = self._usable(self._contacts_of(partners), 'phone')
        for partner, contacts in people.items():
            numbers = (
                (contact, self._number_of(contact, partner))
                for contact in contacts
                if contact.phone
            )
            reached = next((pair for pair in numbers if is_mobile(pair[1])), None)
            if reached:
                found[partner] = reached
        return found

    def _number_of(self, contact, partner):
        """Return the contact's number in full, read where its owner lives, or an empty string."""
        return self._in_full(contact.phone, contact.country_id or partner.country_id)
