from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.cobranza_management.tools.phrases import find_forbidden
from odoo.addons.cobranza_management.tools.placeholders import unknown

from ..tools.template_draft import draft_components, numbered, problems


class CobranzaWhatsappTemplate(models.Model):
    """A template written here, in the placeholders of every other message, and sent to WhatsApp for approval."""

    _inherit = 'cobranza.whatsapp.template'

    draft_text = fields.Text(
        string='Text', help='With the placeholders of the other messages, such as {{debtor_name}}.'
    )
    draft_button = fields.Char(
        string='Button to Pay', help='What it says; 25 characters at most. Empty: no button.'
    )
    draft_document = fields.Boolean(string='With the Invoice as PDF')
    is_draft = fields.Boolean(compute='_compute_is_draft')
    draft_warning = fields.Char(compute='_compute_draft_warning')

    @api.depends('status')
    def _compute_is_draft(self):
        for template in self:
            template.is_draft = template.status == 'DRAFT'

    @api.onchange('template_id', 'language')
    def _onchange_template_id(self):
        """Begin with the short text of the message that it is to carry, in its language."""
        if self.is_draft and self.template_id and not self.draft_text:
            message = self.template_id.with_context(lang=self._installed_lang())
            self.draft_text = message.sms_text

    @api.depends('name', 'draft_text', 'draft_button', 'is_draft')
    @api.depends_context('lang')
    def _compute_draft_warning(self):
        sentences = self._draft_problems()
        for template in self:
            found = problems(template.name, template.draft_text, template.draft_button)
            template.draft_warning = (
                ' '.join(sentences[code] for code in found) if template.is_draft else ''
            )

    @api.model
    def _draft_problems(self):
        return {
            'button': self.env._('The button says too much: 25 characters at most.'),
            'edge': self.env._('WhatsApp refuses texts that begin or end with a placeholder.'),
            'empty': self.env._('Please write the text.'),
            'lines': self.env._('Leave one empty line at most.'),
            'long': self.env._('The text is too long: 1024 characters at most.'),
            'name': self.env._('The name is of small letters, digits and _, such as reminder_1.'),
            'words': self.env._('WhatsApp refuses texts that are mostly placeholders: say more.'),
        }

    @api.constrains('draft_text')
    def _check_draft_text(self):
        """A placeholder nothing can fill in, or a threat, never reaches a customer."""
        Message = self.env['cobranza.template']
        known = set(Message._placeholders()) - set(Message._FORMATTED)
        for template in self:
            wrong = unknown(template.draft_text or '', known)
            own = (template.company_id.cobranza_forbidden_phrases or '').splitlines()
            said = find_forbidden(template.draft_text or '', own)
            if wrong or said:
                raise ValidationError(
                    self.env._('Please say it another way: %s', ', '.join([*wrong, *said]))
                )

    def action_submit(self):
        """Ask WhatsApp to approve the text; its gaps are filled with what they stand for."""
        self.account_id._check_manager()
        for template in self.filtered('is_draft'):
            if template.draft_warning:
                raise UserError(template.draft_warning)
            template._submit()

    def _submit(self):
        account = self.account_id
        samples = self._samples()
        url = f'{account.company_id.get_base_url()}/c/{{{{1}}}}'
        components = draft_components(
            self.draft_text, samples, self.draft_button or '', url, self.draft_document
        )
        values = {
            'category': self.category or 'UTILITY',
            'components': components,
            'language': self.language,
            'name': self.name,
        }
        answer = account._asked(lambda: account._api().create_template(values))
        self.write(
            {
                'category': answer.get('category') or values['category'],
                'components': components,
                'document': 'invoice' if self.draft_document else False,
                'external_id': answer.get('id'),
                'status': (answer.get('status') or 'PENDING').upper(),
            }
        )
        self._read_variables()
        self._fill_sources(numbered(self.draft_text)[1])

    def _fill_sources(self, names):
        """Fill each gap with the placeholder it was written as."""
        for variable in self.variable_ids:
            button = variable.place.startswith('button')
            variable.source = 'pay_link' if button else names[int(variable.name) - 1]

    @api.depends('draft_button', 'draft_document', 'draft_text', 'is_draft')
    def _compute_preview(self):
        super()._compute_preview()
        for template in self.filtered('is_draft'):
            samples = template._samples()
            text, names = numbered(template.draft_text)
            for number, name in enumerate(names, start=1):
                text = text.replace(f'{{{{{number}}}}}', samples.get(name) or name)
            buttons = [template.draft_button]
            template.preview = self._bubble(text, buttons, template.draft_document)
