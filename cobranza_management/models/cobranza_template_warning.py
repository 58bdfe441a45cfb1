from odoo import api, fields, models

from ..tools.phrases import find_forbidden
from ..tools.placeholders import unknown


class CobranzaTemplate(models.Model):
    """Say what is wrong with the words while they are typed, not only when they are saved."""

    _inherit = 'cobranza.template'

    warning = fields.Char(compute='_compute_warning')

    @api.depends('subject', 'body', 'company_id')
    @api.depends_context('lang')
    def _compute_warning(self):
        known = set(self._placeholders())
        for template in self:
            text = f'{template.subject or ""} {template.body or ""}'
            company = template.company_id or self.env.company
            wrong = unknown(text, known)
            said = find_forbidden(text, (company.cobranza_forbidden_phrases or '').splitlines())
            template.warning = ' '.join(
                filter(
                    None,
                    (
                        wrong and self.env._('Nothing can fill in: %s.', ', '.join(wrong)),
                        said and self.env._('Forbidden in collections: "%s".', '", "'.join(said)),
                    ),
                )
            )
