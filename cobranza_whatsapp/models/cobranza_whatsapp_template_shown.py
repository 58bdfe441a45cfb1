from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_amount, format_date


class CobranzaWhatsappTemplate(models.Model):
    """How a template is shown: as its reader will see it, and in words where WhatsApp has capitals."""

    _inherit = 'cobranza.whatsapp.template'

    preview = fields.Html(compute='_compute_preview', sanitize=False)
    status_label = fields.Char(compute='_compute_labels', string='Status')
    category_label = fields.Char(compute='_compute_labels', string='Category')
    quality_label = fields.Char(compute='_compute_labels', string='Quality')

    @api.depends(
        'components', 'has_document', 'language', 'variable_ids.source', 'variable_ids.text'
    )
    @api.depends_context('lang')
    def _compute_preview(self):
        for template in self:
            samples = template._samples()
            values = {
                variable._key(): variable.text or samples.get(variable.source) or '…'
                for variable in template.variable_ids
            }
            template.preview = template._bubble(
                template._text(values),
                [button.get('text') for button in template._buttons()],
                template.has_document,
            )

    def _samples(self):
        """Return values such as messages have, in the language of the template: for us, and for who approves it."""
        company = self.account_id.company_id or self.env.company
        speaking = self.with_context(lang=self._installed_lang()).with_company(company)
        today = company._cobranza_today()
        return {
            **speaking.env['cobranza.template']._sample_values(),
            'amount': format_amount(speaking.env, 1234.5, company.currency_id),
            'collector_name': self.env.user.name,
            'oldest_document': 'INV/2026/00042',
            'oldest_due_date': format_date(speaking.env, fields.Date.subtract(today, days=45)),
            'today': format_date(speaking.env, today),
        }

    def _installed_lang(self):
        """Return the code of the language here that is the template's, else that of the user."""
        lang = self.env['res.lang'].search(
            [('code', '=like', f'{self.language or "es"}%')], limit=1
        )
        return lang.code or self.env.lang

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
        """Return {what WhatsApp says: in words}."""
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
