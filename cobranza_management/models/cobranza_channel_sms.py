from odoo import Command, api, models
from odoo.tools import html2plaintext


class CobranzaChannelSms(models.AbstractModel):
    """Text messages through Odoo's own queue; who carries them, Odoo's service or Twilio, is Odoo's business."""

    _name = 'cobranza.channel.sms'
    _inherit = ['cobranza.mobile.channel']
    _description = 'SMS Channel'
    _sequence = 20
    _opt_outs = 'phone'

    @api.model
    def _label(self):
        return self.env._('SMS')

    @api.model
    def _opted_out(self, addresses):
        return self.env['cobranza.channel.phone']._opted_out(addresses)

    @api.model
    def _words(self, template, reminder, lang, values):
        """Fill in the short text, its link short too."""
        written = isinstance(
            reminder.id, int
        )  # a draft has nothing yet that a short link could lead to
        link = reminder._short_link() if values['pay_link'] and written else values['pay_link']
        return template._fill_sms(lang, {**values, 'pay_link': link})

    @api.model
    def _deliver(self, letters):
        """Queue message, SMS and notification of every letter, three batches whatever their number."""
        messages = self.env['mail.message'].sudo().create(list(map(self._message_values, letters)))
        texts = (
            self.env['sms.sms']
            .sudo()
            .create(
                [
                    {
                        'body': html2plaintext(letter.body),
                        'mail_message_id': message.id,
                        'number': letter.address,
                        'partner_id': letter.contact.id,
                    }
                    for letter, message in zip(letters, messages)
                ]
            )
        )
        self.env['mail.notification'].sudo().create(list(map(self._notification_values, texts)))
        return {
            letter.reminder: {'external_id': text.uuid, 'mail_message_id': message.id}
            for letter, message, text in zip(letters, messages, texts)
        }

    def _message_values(self, letter):
        return {
            'author_id': letter.values['author'].id,
            'body': letter.body,
            'message_type': 'sms',
            'model': 'cobranza.case',
            'record_name': letter.reminder.partner_id.name,
            'res_id': letter.reminder.case_id.id,
            'subtype_id': self.env['ir.model.data']._xmlid_to_res_id('mail.mt_note'),
        }

    def _notification_values(self, text):
        """Return what ties the provider's reports to the message, as Odoo does for its own texts."""
        return {
            'author_id': text.mail_message_id.author_id.id,
            'is_read': True,
            'mail_message_id': text.mail_message_id.id,
            'notification_status': 'ready',
            'notification_type': 'sms',
            'res_partner_id': text.partner_id.id,
            'sms_id_int': text.id,
            'sms_number': text.number,
            'sms_tracker_ids': [Command.create({'sms_uuid': text.uuid})],
        }
