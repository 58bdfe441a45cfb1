from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class CobranzaReminder(models.Model):
    """What happens to a letter after it is printed: posted, and perhaps returned."""

    _inherit = 'cobranza.reminder'

    posted_on = fields.Date(readonly=True, help='The day it was taken to the post.')
    returned_on = fields.Date(readonly=True, help='The day it came back.')
    map_url = fields.Char(compute='_compute_map_url', string='Map')

    @api.depends('address')
    def _compute_map_url(self):
        """Link to a map, for a collector on the way."""
        for reminder in self:
            place = ', '.join((reminder.address or '').splitlines())
            reminder.map_url = (
                f'https://www.openstreetmap.org/search?query={place.replace(" ", "+")}'
                if place
                else ''
            )

    @api.model
    def _reason_selection(self):
        return [*super()._reason_selection(), ('returned', self.env._('the letter came back: %s'))]

    @api.model
    def _letters_to_print_domain(self):
        """Return the Domain of letters that wait to be printed."""
        return Domain('channel', '=', 'letter') & Domain('state', '=', 'ready')

    def action_print_all_letters(self):
        """Print every letter that waits, one PDF for all; those of the user's own cases and companies."""
        letters = self.search(self._letters_to_print_domain(), order='company_id, partner_id')
        if not letters:
            raise UserError(self.env._('No letter waits to be printed.'))
        return letters.action_print_letters()

    def action_posted(self):
        """Note that the letters were taken to the post today."""
        self._check_collector()
        today = fields.Date.context_today(self)
        self._printed_letters().filtered(lambda letter: not letter.posted_on).sudo().write(
            {'posted_on': today}
        )

    def action_returned(self):
        """Ask why the letters came back."""
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._('Letters That Came Back'),
            'res_model': 'cobranza.returned.letter.wizard',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_reminder_ids': self._printed_letters().ids},
        }

    def _printed_letters(self):
        """Return the letters among these that were printed and have not come back."""
        letters = self.filtered(lambda r: r.channel == 'letter' and r.state == 'sent')
        if not letters:
            raise UserError(self.env._('None of these messages is a printed letter.'))
        return letters

    def _letter_returned(self, why, bad_address=True):
        """Stop trusting the address, and use the step's next channel or tell the collector.

        :param str why: in words, for the reason of the message
        :param bool bad_address: nothing is sent there again until the address is corrected
        """
        self._check_collector()
        letters_sudo = self._printed_letters().sudo()
        today = fields.Date.context_today(self)
        letters_sudo.write({'returned_on': today})
        if bad_address:
            letters_sudo.contact_id.write({'cobranza_mail_returned': today})
        letters_sudo._correct_letter_log(why)
        letters_sudo._channel_failed('returned', why)

    def _correct_letter_log(self, why):
        """Append to the contact log that these letters, sent as it says there, did not reach anybody."""
        Contact = self.env['cobranza.interaction']
        contacts = Contact.search([('reminder_id', 'in', self.ids), ('channel', '=', 'letter')])
        Contact._correct(dict.fromkeys(contacts, self.env._('the letter came back: %s', why)))

    def _check_collector(self):
        if not self.env.su and not self.env.user.has_group('cobranza_management.group_collector'):
            raise AccessError(self.env._('Only collectors can say what became of a letter.'))
        self.check_access('read')
