from odoo import api, models

from ..tools.short_codes import decode, encode


class CobranzaReminder(models.Model):
    """A link short enough for a text message; it holds its own proof, so nothing is stored."""

    _inherit = 'cobranza.reminder'

    def _short_link(self):
        """Return the link that leads to where this message's debt is seen and paid."""
        self.ensure_one()
        code = encode(self.id, self._short_link_secret())
        return f'{self.company_id.get_base_url()}/c/{code}'

    @api.model
    def _short_link_secret(self):
        parameters = self.env['ir.config_parameter'].sudo()
        return f'cobranza_short_link {parameters.get_param("database.secret")}'.encode()

    @api.model
    def _of_short_code(self, code):
        """Return the message of a code, or none: whoever holds the code received the message."""
        number = decode(code, self._short_link_secret())
        return self.sudo().browse(number).exists() if number else self.browse()

    def _pay_url(self):
        """Return where the oldest of the message's documents still open is paid, else the newest is seen."""
        self.ensure_one()
        lines = self.item_ids.line_id.sorted(lambda line: (line.reconciled, line.date_maturity))
        urls = lines.move_id._cobranza_pay_urls(self.company_id.get_base_url())
        return next((urls[line.move_id] for line in lines if line.move_id in urls), '')
