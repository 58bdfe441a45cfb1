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

    @api.model
    def _why_unreachable(self, partner):
        """Say what is wrong with each number they have."""
        contacts = self._contacts_of(partner)[partner].filtered('phone')
        found = []
        for contact in contacts:
            number = self._number_of(contact, partner)
            if contact not in self._usable({partner: contacts}, 'phone')[partner]:
                found.append(self.env._('%s is known to be wrong', contact.phone))
            elif not number:
                found.append(self.env._('%s is no valid number', contact.phone))
            elif not is_mobile(number):
                found.append(self.env._('%s is no mobile', contact.phone))
        return ', '.join(found)
