from odoo import fields, models


class AccountMove(models.Model):
    """An opening document is booked once, whoever imports it and however often."""

    _inherit = 'account.move'

    cobranza_import_key = fields.Char(
        string='Opening Document',
        readonly=True,
        copy=False,
        help='Customer and number under which the document was imported.',
    )
    cobranza_instalment = fields.Char(string='Instalment', readonly=True, copy=False)

    _unique_import_key = models.UniqueIndex(
        "(company_id, cobranza_import_key) WHERE cobranza_import_key IS NOT NULL AND state != 'cancel'",
        'This opening document is in the books already.',
    )
