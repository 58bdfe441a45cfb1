from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class CobranzaChannelPhone(models.AbstractModel):
    """A call: an activity for the collector, with what to say."""

    _name = 'cobranza.channel.phone'
    _inherit = ['cobranza.channel']
    _description = 'Phone Channel'
    _needs_person = True
    _sequence = 30

    @api.model
    def _label(self):
        return self.env._('Phone call')

    @api.model
    def _addresses(self, partners):
        """Write numbers out in full: what a bare number means depends on where its owner lives."""
        return {
            partner: (contact, self._legible(phone, contact.country_id or partner.country_id))
            for partner, (contact, phone) in self._first_with(partners, 'phone').items()
        }

    def _legible(self, phone, country):
        return self._in_full(phone, country, 'INTERNATIONAL') or phone

    @api.model
    def _opted_out(self, addresses):
        numbers = {address: self._number(address) for address in addresses}
        blocked = set(self._blocked(list(numbers.values())))
        return {address for address, number in numbers.items() if number in blocked}

    def _blocked(self, numbers):
        """Return those of `numbers`, written as the blacklist keeps them, that are on it.

        Compared as they are: a search by number would write each in full again, for a statement and a parsing.
        """

        def to_sql(model, alias, query):
            return SQL('%s = ANY(%s)', model._field_to_sql(alias, 'number', query), numbers)

        blacklist_sudo = self.env['phone.blacklist'].sudo()
        return blacklist_sudo.search_fetch(Domain.custom(to_sql=to_sql), ['number']).mapped(
            'number'
        )

    def _number(self, address):
        """Return the number as the phone blacklist keeps it."""
        return self._in_full(address, self.env.company.country_id) or address

    @api.model
    def _deliver(self, letters):
        return self._deliver_as_tasks(letters)

    def _task_of(self, letter):
        return {
            'note': letter.body,
            'summary': self.env._(
                'Call %(name)s', name=letter.contact.name or letter.reminder.partner_id.name
            ),
            'type': 'mail.mail_activity_data_call',
        }
