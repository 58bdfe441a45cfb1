from markupsafe import Markup

from odoo import api, fields, models


class CobranzaWhatsappTemplate(models.Model):
    """How a template is shown: as its reader will see it, and in words where WhatsApp has capitals."""

    _inherit = 'cobranza.whatsapp.template'

    preview = fields.Html(compute='_compute_preview', sanitize=False)
    status_label = fields.Char(compute='_compute_labels', string='Status')
    category_label = fields.Char(compute='_compute_labels', string='Category')
    quality_label = fields.Char(compute='_compute_labels', string='Quality')

    @api.depends('components', 'has_document', 'variable_ids.source', 'variable_ids.text')
    @api.depends_context('lang')
    def _compute_preview(self):
        samples = self.env['cobranza.whatsapp.variable']._samples()
        for template in self:
            values = {
                variable._key(): variable.text or samples.get(variable.source) or '…'
                for variable in template.variable_ids
            }
            template.preview = template._bubble(
                template._text(values),
                [button.get('text') for button in template._buttons()],
                template.has_document,
            )

    @api.model
    def _bubble(self, text, buttons, has_document):
        """Return HTML of a message much as it shows on a telephone."""
        lines = [Markup('<div class="p-2" style="white-space: pre-wrap">%s</div>') % text]
        if has_document:
            file = self.env._('PDF document')
            lines.insert(0, Markup('<div class="p-2 border-bottom">📄 %s</div>') % file)
        lines += [
            Markup('<div class="p-2 border-top text-center text-primary">%s</div>') % button
            for button in filter(None, buttons)
        ]
        return Markup('<div class="bg-view border rounded" style="max-width: 24rem">%s</div>') % (
            Markup().join(lines)
        )

    @api.depends('category', 'quality', 'status')
    @api.depends_context('lang')
    def _compute_labels(self):
        """Say in words what WhatsApp says in capitals; what it says that is new is shown as it is."""
        words = self._words_of_whatsapp()
        for template in self:
            for name in ('category', 'quality', 'status'):
                template[f'{name}_label'] = words.get(template[name], template[name])

    @api.model
    def _words_of_whatsapp(self):
        return {
            'APPROVED': self.env._('Approved'),
            'AUTHENTICATION': self.env._('Authentication'),
            'DELETED': self.env._('Deleted'),
            'DISABLED': self.env._('Disabled'),
            'DRAFT': self.env._('Draft'),
            'FLAGGED': self.env._('Warned about'),
            'GREEN': self.env._('High'),
            'IN_APPEAL': self.env._('In appeal'),
            'LIMIT_EXCEEDED': self.env._('Limit exceeded'),
            'MARKETING': self.env._('Marketing'),
            'PAUSED': self.env._('Paused'),
            'PENDING': self.env._('Waiting for approval'),
            'RED': self.env._('Low'),
            'REJECTED': self.env._('Rejected'),
            'UNKNOWN': self.env._('Not known yet'),
            'UTILITY': self.env._('Utility'),
            'YELLOW': self.env._('Medium'),
        }
