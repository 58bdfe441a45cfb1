from datetime import timedelta

from odoo import api, models
from odoo.tools.misc import hash_sign, verify_hash_signed

#: What a link to a file is signed for, and how long WhatsApp has to fetch it.
DOCUMENT_SCOPE, DOCUMENT_LIFE = 'cobranza_whatsapp_document', timedelta(days=2)


class AccountMove(models.Model):
    """The PDF of a document, for WhatsApp to fetch."""

    _inherit = 'account.move'

    def _whatsapp_document(self):
        """Return the file of a document as the API wants it.

        A link, and not the file: rendering a page takes seconds, and only those that arrive are fetched.
        """
        self.ensure_one()
        token = hash_sign(self.sudo().env, DOCUMENT_SCOPE, self.id, expiration=DOCUMENT_LIFE)
        name = (self.name or '').replace('/', '-')
        url = f'{self.company_id.get_base_url()}/cobranza/whatsapp/document/{token}'
        return {'link': url, 'filename': f'{name}.pdf'}

    @api.model
    def _of_whatsapp_document(self, token):
        """Return the document of a link, in superuser mode; none when it is forged or has ended."""
        move_id = verify_hash_signed(self.sudo().env, DOCUMENT_SCOPE, token)
        return self.sudo().browse(move_id or ()).exists().filtered(lambda m: m.state == 'posted')

    def _whatsapp_pdf(self):
        """Return the document as customers get it: the file kept with it, else its report."""
        self.ensure_one()
        _name, content = self.env['cobranza.case'].sudo()._invoice_pdf(self)
        return content
