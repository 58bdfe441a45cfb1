from odoo import fields, models
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
        from_us = message_type == 'comment' and not self._is_customer(talk_sudo, kwargs)
        if talk_sudo and from_us:
            talk_sudo._check_reply(kwargs.get('body') or '')
        message = super().message_post(message_type=message_type, **kwargs)
        if talk_sudo and from_us:
            text = html2plaintext(message.body, include_references=False).strip()
            talk_sudo._reply(message.author_id, text, message.attachment_ids)
        return message

    def _is_customer(self, talk, values):
        """Tell whether it is the customer who speaks, brought here by the house itself."""
        author, guest = values.get('author_id'), values.get('author_guest_id')
        return self.env.su and bool(
            (author and author == talk.contact_id.id) or (guest and guest == talk.guest_id.id)
        )
