from odoo import http
from odoo.http import request


class Document(http.Controller):
    @http.route(
        '/cobranza/whatsapp/document/<string:token>',
        type='http',
        auth='public',
        methods=['GET'],
        sitemap=False,
        save_session=False,
    )
    def document(self, token):
        """Give the PDF of a signed link to whoever was sent it; 404 when it is forged or has ended."""
        try:
            move_sudo = request.env['account.move']._of_whatsapp_document(token)
        except ValueError:  # not even the shape of a link
            move_sudo = request.env['account.move']
        if not move_sudo:
            return request.not_found()
        content = move_sudo._whatsapp_pdf()
        headers = [
            ('Content-Type', 'application/pdf'),
            ('Content-Length', len(content)),
            ('X-Content-Type-Options', 'nosniff'),
        ]
        return request.make_response(content, headers)
