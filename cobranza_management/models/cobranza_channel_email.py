import re

from odoo import api, models
from odoo.tools import email_normalize

from ..tools.languages import language_of
from ..tools.moulds import Mould


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
        messages = self._create_messages(letters)
        mails = self.env['mail.mail'].sudo().create(self._mails_values(letters, messages))
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

    def _create_messages(self, letters):
        """Create the messages, and put them into the chatter with their text in one statement.

        The ORM would look for the place of each in the chatter of every model, and clean every text again.
        """
        Message = self.env['mail.message'].sudo()
        all_values = self._message_values(letters)
        for values in all_values:
            # it bears the case, which the message has not got yet
            values['message_id'] = Message._get_message_id(values)
        case_ids = [values.pop('res_id') for values in all_values]
        messages = Message.create(all_values)
        self._place(messages, case_ids, letters)
        return messages

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

    def _place(self, messages, case_ids, letters):
        """Give the messages their case, and their text as it is.

        Template, signature and ways to pay were cleaned when they were saved, and whatever fills them in is escaped.
        """
        self.env.cr.execute(
            """
            UPDATE mail_message SET body = given.body, res_id = given.res_id
              FROM UNNEST(%s, %s, %s) AS given(id, res_id, body) WHERE mail_message.id = given.id
            """,
            [messages.ids, case_ids, [str(letter.body) for letter in letters]],
        )
        messages.invalidate_recordset(['body', 'res_id'], flush=False)
        cases = self.env['cobranza.case'].browse(case_ids)
        cases.invalidate_recordset(['message_ids', 'website_message_ids'], flush=False)

    def _mails_values(self, letters, messages):
        """Return the values of the mails, every letter inside the layout of its company."""
        layouts = {}
        return [
            {
                'auto_delete': True,
                'body_html': self._dress(letter, layouts),
                'is_notification': True,
                'mail_message_id': message.id,
                'recipient_ids': [(4, letter.contact.id)],
            }
            for letter, message in zip(letters, messages)
        ]

    def _dress(self, letter, layouts):
        """Return the letter inside the company's layout, which is rendered once a language.

        :param dict layouts: those rendered so far
        """
        company, signature = letter.values['company'], letter.values['signature']
        key = company.id, letter.lang, bool(signature)
        if key not in layouts:
            layouts[key] = self._layout(company, letter.lang, bool(signature))
        return layouts[key].fill(body=letter.body, signature=signature, subject=letter.subject)

    def _layout(self, company, lang, is_signed):
        """Return the Mould of a company's layout, from a stored view, without the indentation of its source."""
        qweb = self.env['ir.qweb'].with_context(lang=lang)

        def render(gap):
            values = {
                'body': gap('body'),
                'company': company,
                'lang': language_of(lang),
                'signature': gap('signature') if is_signed else '',
                'subject': gap('subject'),
            }
            html = qweb._render(
                'cobranza_management.mail_layout',
                values,
                minimal_qcontext=True,
                raise_if_not_found=True,
            )
            return '<!DOCTYPE html>' + re.sub(r'\n\s*', '\n', html)

        return Mould(render)
