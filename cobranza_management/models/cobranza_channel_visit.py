from markupsafe import Markup

from odoo import api, models


class CobranzaChannelVisit(models.AbstractModel):
    """A visit: an activity for the collector, with the address and what to say."""

    _name = 'cobranza.channel.visit'
    _inherit = ['cobranza.channel']
    _description = 'Visit Channel'
    _needs_person = True
    _sequence = 45

    @api.model
    def _label(self):
        return self.env._('Visit')

    @api.model
    def _addresses(self, partners):
        return self._postal_addresses(partners)

    @api.model
    def _deliver(self, letters):
        return self._deliver_as_tasks(letters)

    def _task_of(self, letter):
        where = Markup('<br/>').join(letter.address.splitlines())
        return {
            'note': Markup('<p><strong>%s</strong></p>%s') % (where, letter.body),
            'summary': self.env._(
                'Visit %(name)s', name=letter.contact.name or letter.reminder.partner_id.name
            ),
            'type': 'cobranza_management.mail_activity_type_visit',
        }
