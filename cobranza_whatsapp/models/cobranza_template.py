from odoo import fields, models


class CobranzaTemplate(models.Model):
    """Which approved texts carry a message on WhatsApp."""

    _inherit = 'cobranza.template'

    whatsapp_template_ids = fields.One2many(
        comodel_name='cobranza.whatsapp.template',
        inverse_name='template_id',
        string='On WhatsApp',
        help='Approved texts that say it, one for each language.',
    )

    def _whatsapp_templates(self, account):
        """Return the approved texts of a number that may be used now; read once for a whole batch."""
        return self.whatsapp_template_ids.filtered(
            lambda template: template.account_id == account and template.is_usable
        )

    def _whatsapp_template(self, account, lang):
        """Return the approved text in the language that is nearest to the reader's, none without any."""
        language = (lang or '').split('_')[0]

        def distance(found):
            return (
                found.language != lang,
                found.language != language,
                not found.language.startswith(language),
                found.id,
            )

        return self.sudo()._whatsapp_templates(account).sorted(distance)[:1]
