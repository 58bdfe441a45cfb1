from odoo import api, fields, models

from ..tools.short_codes import decode, encode
from .account_move import PAY_LINK_LIFE


class CobranzaReminder(models.Model):
    """A link short enough for a text message; it holds its own proof, so nothing is stored, nor to be cleaned up.

    It lives as long as the pay link that it stands for would have, had that been sent instead.
    """

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

    def _short_link_life(self):
        """Return what is left of the life of the message's link, as a timedelta; none is left of one that ended."""
        self.ensure_one()
        sent_at = self.sent_at or fields.Datetime.to_datetime(self.date)
        return sent_at + PAY_LINK_LIFE - fields.Datetime.now()

    def _pay_url(self):
        """Return where the oldest of the message's documents still open is paid, else the newest is seen.

        What it leads to ends when the short link ends.
        """
        self.ensure_one()
        lines = self.item_ids.line_id.sorted(lambda line: (line.reconciled, line.date_maturity))
        urls = lines.move_id._cobranza_pay_urls(
            self.company_id.get_base_url(), self._short_link_life()
        )
        return next((urls[line.move_id] for line in lines if line.move_id in urls), '')
