from odoo import http
from odoo.http import request


class PayLink(http.Controller):
    """The links of our messages."""

    @http.route(
        '/collections/invoice/<string:token>',
        type='http',
        auth='public',
        website=True,  # the page that says that a link has ended is a page of the portal
        sitemap=False,
    )
    def open_invoice(self, token):
        """Show the invoice of a signed link on Odoo's own page, where it can be paid without logging in."""
        try:
            invoice_sudo = request.env['account.move']._cobranza_of_pay_link(token)
        except ValueError:  # not even the shape of a link
            invoice_sudo = request.env['account.move']
        if not invoice_sudo:
            return request.render('cobranza_management.pay_link_expired', status=404)
        return request.redirect(invoice_sudo.get_portal_url())
