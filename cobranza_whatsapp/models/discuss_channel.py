from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext


class DiscussChannel(models.Model):
    """A chat of Discuss that is a WhatsApp conversation: what people write in it goes to the customer."""

    _inherit = 'discuss.channel'

    cobranza_conversation_id = fields.Many2one(
        'cobranza.whatsapp.conversation', index='btree_not_null', ondelete='set null', readonly=True
    )

    def message_post(self, *, message_type='notification', **kwargs):
        """Send the words of a person to the customer; if they cannot be sent, they are not posted either."""
        talk_sudo = self.sudo().cobranza_conversation_id
        if not talk_sudo or message_type != 'comment' or talk_sudo._is_customer(kwargs):
            return super().message_post(message_type=message_type, **kwargs)
        talk_sudo._check_reply(self.env.user, kwargs.get('body') or '')
        message = super().message_post(message_type=message_type, **kwargs)
        text = html2plaintext(message.body, include_references=False).strip()
        talk_sudo.with_user(self.env.user).sudo()._reply(
            message.author_id, text, message.attachment_ids
        )
        return message

    def _message_update_content(self, message, **kwargs):
        """Refuse to change here what the customer has got as it was."""
        if self.sudo().cobranza_conversation_id and not self.env.su:
            raise UserError(self.env._('It has been sent: the customer would not see the change.'))
        return super()._message_update_content(message, **kwargs)

    def add_members(self, partner_ids=None, guest_ids=None, **kwargs):
        """Let in colleagues who may see the conversation, and nobody from outside."""
        talk = self.sudo().cobranza_conversation_id
        if talk and not self.env.su:
            users = self.env['res.partner'].browse(partner_ids or []).user_ids
            allowed = all(talk.with_user(user).has_access('read') for user in users)
            if guest_ids or len(users.partner_id) < len(partner_ids or []) or not allowed:
                raise AccessError(
                    self.env._('Only colleagues who work on this case can be added to the chat.')
                )
        return super().add_members(partner_ids=partner_ids, guest_ids=guest_ids, **kwargs)
