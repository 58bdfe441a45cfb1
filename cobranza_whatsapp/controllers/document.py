from odoo import http
from odoo.http import request


class Document(http.Controller):
    """Files for WhatsApp to fetch: of a signed link that ends, for whoever was sent it."""

    @http.route(
        '/cobranza/whatsapp/document/<string:token>',
        type='http',
        auth='public',
        methods=['GET'],
        sitemap=False,
        save_session=False,
    )
    def document(self, token):
        """Give the PDF of a document; 404 when the link is forged or has ended."""
        return _pdf_of(request.env['account.move']._of_whatsapp_document, token)

    @http.route(
        '/cobranza/whatsapp/statement/<string:token>',
        type='http',
        auth='public',
        methods=['GET'],
        sitemap=False,
        save_session=False,
    )
    def statement(self, token):
        """Give the PDF of a statement of account; 404 when the link is forged or has ended."""
        return _pdf_of(request.env['cobranza.case']._of_whatsapp_statement, token)


def _pdf_of(find, token):
    """Answer with the PDF of what a token leads to."""
    try:
        record_sudo = find(token)
    except ValueError:  # not even the shape of a link
        record_sudo = None
    if not record_sudo:
        return request.not_found()
    content = record_sudo._whatsapp_pdf()
    headers = [
        ('Content-Type', 'application/pdf'),
        ('Content-Length', len(content)),
        ('X-Content-Type-Options', 'nosniff'),
    ]
    return request.make_response(content, headers)
