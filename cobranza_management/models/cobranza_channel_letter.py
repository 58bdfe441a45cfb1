from odoo import api, models


class CobranzaChannelLetter(models.AbstractModel):
    """A letter on paper: waits in "Letters to print"; printing the batch makes the PDF and marks it sent."""

    _name = 'cobranza.channel.letter'
    _inherit = ['cobranza.channel']
    _description = 'Letter Channel'
    _needs_person = True
    _sequence = 40

    @api.model
    def _label(self):
        return self.env._('Letter')

    @api.model
    def _addresses(self, partners):
        return self._postal_addresses(partners)

    @api.model
    def _deliver(self, letters):
        """Keep the text as it stands today; a letter printed tomorrow says what was decided."""
        return {
            letter.reminder: {
                'letter_body': letter.body,
                'letter_subject': letter.subject,
                'letter_address': letter.address,
            }
            for letter in letters
        }
