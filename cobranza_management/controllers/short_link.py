from odoo import http
from odoo.http import request


class ShortLink(http.Controller):
    @http.route('/c/<string:code>', type='http', auth='public', methods=['GET'], sitemap=False)
    def open_short_link(self, code):
        """Lead the reader of a text message to where they pay."""
        reminder = request.env['cobranza.reminder']._of_short_code(code)
        url = reminder._pay_url() if reminder else ''
        if not url:
            raise request.not_found()
        return request.redirect(url)
