from datetime import timedelta

from odoo import http
from odoo.http import request


class ShortLink(http.Controller):
    @http.route(
        '/c/<string:code>',
        type='http',
        auth='public',
        methods=['GET'],
        website=True,  # the page that says that a link has ended is a page of the portal
        sitemap=False,
    )
    def open_short_link(self, code):
        """Lead the reader of a text message to where they pay; 404 for a code that is not ours, 410 for an old one."""
        reminder = request.env['cobranza.reminder']._of_short_code(code)
        ended = reminder and reminder._short_link_life() <= timedelta()
        url = reminder._pay_url() if reminder and not ended else ''
        if not url:
            return request.render(
                'cobranza_management.pay_link_expired', status=410 if ended else 404
            )
        return request.redirect(url)
