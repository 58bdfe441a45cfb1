from markupsafe import Markup

from odoo import api, models
from odoo.tools import email_normalize

from ..tools.languages import language_of


class CobranzaChannelEmail(models.AbstractModel):
    """E-mail through Odoo's own queue: the mail is a row of this transaction, its sending is Odoo's."""

    _name = 'cobranza.channel.email'
    _inherit = ['cobranza.channel']
    _description = 'E-mail Channel'
    _sequence = 10

    @api.model
    def _label(self):
        return self.env._('E-mail')

    @api.model
    def _addresses(self, partners):
        found = self._first_with(partners, 'email')
        return {
            partner: (contact, address)
            for partner, (contact, value) in found.items()
            if (address := email_normalize(value, strict=False))
        }

    @api.model
    def _opted_out(self, addresses):
        blacklist_sudo = self.env['mail.blacklist'].sudo()
        blocked = blacklist_sudo.search_fetch([('email', 'in', list(addresses))], ['email'])
        return set(blocked.mapped('email'))

    @api.model
    def _deliver(self, letters):
        """Write message, mail and notification of every letter, three batches whatever their number."""
        messages = self.env['mail.message'].sudo().create(self._message_values(letters))
        self._write_bodies(messages, letters)
        mails = (
            self.env['mail.mail']
            .sudo()
            .create(
                [self._mail_values(letter, message) for letter, message in zip(letters, messages)]
            )
        )
        self.env['mail.notification'].sudo().create(
            [
                {
                    'author_id': message.author_id.id,
                    'mail_mail_id': mail.id,
                    'mail_message_id': message.id,
                    'notification_status': 'ready',
                    'notification_type': 'email',
                    'res_partner_id': letter.contact.id,
                }
                for letter, message, mail in zip(letters, messages, mails)
            ]
        )
        self.env.ref('mail.ir_cron_mail_scheduler_action')._trigger()
        return {
            letter.reminder: {'mail_message_id': message.id}
            for letter, message in zip(letters, messages)
        }

    def _message_values(self, letters):
        """Return the values of the messages; replies come back to the case through the reply address."""
        cases = self.env['cobranza.case'].union(*(letter.reminder.case_id for letter in letters))
        reply_to = cases._notify_get_reply_to_batch(
            defaults={
                case.id: letter.values['sender']
                for letter in letters
                for case in letter.reminder.case_id
            }
        )
        return [
            {
                'author_id': letter.values['author'].id,
                'email_from': letter.values['sender'],
                'message_type': 'notification',
                'model': 'cobranza.case',
                'record_name': letter.reminder.partner_id.name,
                'reply_to': reply_to.get(letter.reminder.case_id.id) or letter.values['sender'],
                'res_id': letter.reminder.case_id.id,
                'subject': letter.subject,
                'subtype_id': self.env['ir.model.data']._xmlid_to_res_id('mail.mt_note'),
            }
            for letter in letters
        ]

    def _write_bodies(self, messages, letters):
        """Give the messages their text as it is.

        Template, signature and ways to pay were cleaned when they were saved, and whatever fills them in is escaped;
        cleaning every letter again would take a quarter of the time that it takes to write it.
        """
        self.env.cr.execute(
            """
            UPDATE mail_message SET body = given.body
              FROM UNNEST(%s, %s) AS given(id, body) WHERE mail_message.id = given.id
            """,
            [messages.ids, [str(letter.body) for letter in letters]],
        )
        messages.invalidate_recordset(['body'], flush=False)

    def _mail_values(self, letter, message):
        return {
            'auto_delete': True,
            'body_html': self._dress(letter),
            'is_notification': True,
            'mail_message_id': message.id,
            'recipient_ids': [(4, letter.contact.id)],
        }

    def _dress(self, letter):
        """Return the letter inside the company's layout, from a stored view that compiles once a language."""
        qweb = self.env['ir.qweb'].with_context(lang=letter.lang)
        return Markup('<!DOCTYPE html>') + qweb._render(
            'cobranza_management.mail_layout',
            {
                'body': letter.body,
                'lang': language_of(letter.lang),
                'subject': letter.subject,
                **letter.values,
            },
            minimal_qcontext=True,
            raise_if_not_found=True,
        )
