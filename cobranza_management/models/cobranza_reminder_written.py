from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CobranzaReminder(models.Model):
    """A message written by hand keeps its words until they arrive: it leaves again with them, and is never lost."""

    _inherit = 'cobranza.reminder'

    written_subject = fields.Char(readonly=True)
    written_body = fields.Html(sanitize_style=True, readonly=True)
    written_template_id = fields.Many2one(
        'cobranza.template', readonly=True, ondelete='set null', help='It began as this one.'
    )

    @api.model
    def _reason_selection(self):
        return [
            *super()._reason_selection(),
            (
                'changed',
                self.env._('what is owed has changed since it was written; please write it again'),
            ),
        ]

    # === SENDING IT AGAIN === #

    def action_send_again(self):
        """Send a text that did not arrive once more, as it was written: a collector's own work."""
        if not self.env.su and not self.env.user.has_group('cobranza_management.group_collector'):
            raise AccessError(self.env._('Only collectors can send a message again.'))
        self.check_access('read')
        lost_sudo = self.sudo().filtered(lambda r: r.written_body and r.state == 'failed')
        if not lost_sudo:
            raise UserError(self.env._('None of these messages was written by hand and failed.'))
        lost_sudo._queue_again()

    def _route(self, claims):
        """Give texts of people their own way: one channel, and the words as they are."""
        written = self.browse(reminder.id for reminder in claims).filtered('written_body')
        letters = super()._route({r: owed for r, owed in claims.items() if r not in written})
        for channel, mine in written._unchanged(claims).grouped('channel').items():
            for reminder, (contact, address) in mine._passing(channel).items():
                letter = reminder._written_letter(contact, address, claims[reminder])
                letters.setdefault(channel, []).append(letter)
        return letters

    def _unchanged(self, claims):
        """Return the texts that are about what is still owed; the others have to be written again.

        :param claims: {reminder: list of Claim}
        """
        changed = self.filtered(
            lambda reminder: (
                not reminder.currency_id.is_zero(
                    sum(claim.company_amount for claim in claims[reminder]) - reminder.amount
                )
            )
        )
        for reminder in changed:
            reminder._give_up('changed')
        return self - changed

    def _written_letter(self, contact, address, claims):
        """Return the Letter with the words of the person who wrote it."""
        letter = self.case_id._write_by_hand(
            self.channel, self.env['cobranza.template'], contact, address, claims, self
        )
        return letter._replace(
            subject=self.written_subject,
            body=self.written_body,
            template=self.written_template_id,
        )

    # === WHAT PEOPLE SEE OF IT === #

    def _kept_words(self):
        """Show a text that waits as it was written."""
        return self._what_was_written() if self.written_body else super()._kept_words()

    def _preview_of(self, claims):
        if not self.written_body:
            return super()._preview_of(claims)
        return {'preview_note': self._preview_obstacle(claims, self.channel)}

    def _what_was_sent(self):
        """Show the words of a text that never became a message."""
        values = super()._what_was_sent()
        return values if values['preview_body'] else {**values, **self._what_was_written()}

    def _task_note(self):
        """Put the text into the task too, where whoever wrote it looks first."""
        if not self.written_body:
            return super()._task_note()
        return Markup('<p>%s</p><blockquote>%s</blockquote>') % (self.reason, self.written_body)

    def _what_was_written(self):
        channels = dict(self.env['cobranza.channel']._selection())
        return {
            'preview_body': self.written_body,
            'preview_channel': channels.get(self.channel),
            'preview_subject': self.written_subject,
            'preview_to': ' · '.join(filter(None, (self.contact_id.name, self.address))),
        }
