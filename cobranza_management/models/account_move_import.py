from odoo import api, fields, models


class AccountMove(models.Model):
    """An opening document is booked once, whoever imports it and however often."""

    _inherit = 'account.move'

    cobranza_import_key = fields.Char(
        string='Opening Document',
        readonly=True,
        copy=False,
        help='Customer and number under which the document was imported.',
        prefetch='cobranza',
    )
    cobranza_instalment = fields.Char(
        string='Instalment', readonly=True, copy=False, prefetch='cobranza'
    )

    _unique_import_key = models.UniqueIndex(
        "(company_id, cobranza_import_key) WHERE cobranza_import_key IS NOT NULL AND state != 'cancel'",
        'This opening document is in the books already.',
    )


class AccountMoveLine(models.Model):
    """The document as the customer knows it: an opening entry bears the number of the old system."""

    _inherit = 'account.move.line'

    cobranza_document = fields.Char(string='Document', compute='_compute_cobranza_document')

    @api.depends('move_name', 'name', 'ref', 'display_type', 'move_id.cobranza_import_key')
    def _compute_cobranza_document(self):
        for line in self:
            # an invoice's own terms are no opening document: no need to look
            opening = line.display_type != 'payment_term' and line.move_id.cobranza_import_key
            opening = opening and (line.name or line.ref)
            line.cobranza_document = opening or line.move_name or line.name or line.ref or ''
