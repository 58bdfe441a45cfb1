from odoo import api, models


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
            partner: (contact, self._in_full(contact, contact.country_id or partner.country_id))
            for partner, (contact, _phone) in self._first_with(partners, 'phone').items()
        }

    def _in_full(self, contact, country):
        return (
            contact._phone_format(
                fname='phone',
                country=country or self.env.company.country_id,
                force_format='INTERNATIONAL',
            )
            or contact.phone
        )

    @api.model
    def _opted_out(self, addresses):
        numbers = {address: self._number(address) for address in addresses}
        blocked = set(
            self.env['phone.blacklist']
            .sudo()
            .search([('number', 'in', list(numbers.values()))])
            .mapped('number')
        )
        return {address for address, number in numbers.items() if number in blocked}

    def _number(self, address):
        """Return the number as the phone blacklist keeps it."""
        country = self.env.company.country_id
        return (
            self.env['res.partner']._phone_format(
                number=address, country=country, force_format='E164'
            )
            or address
        )

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
