from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.tools import html2plaintext

from ..tools.phrases import find_forbidden
from ..tools.placeholders import fill, unknown
from ..tools.sms_text import size, thrifty


class CobranzaTemplate(models.Model):
    """The short text of a template, for telephones; without one the message is sent as plain text."""

    _inherit = 'cobranza.template'

    sms_text = fields.Text(
        string='Short Text',
        translate=True,
        help='What an SMS says. Empty: the message without its formatting, which usually takes several.',
    )
    sms_size = fields.Char(
        compute='_compute_sms_size',
        string='Length',
        help='For a debtor with an ordinary name and amount; accents are left out when that saves a message.',
    )

    #: Fragments of a formatted message: a telephone shows none of them.
    _FORMATTED = ('items_table', 'pay_button', 'how_to_pay')

    @api.depends('sms_text')
    @api.depends_context('lang')
    def _compute_sms_size(self):
        for template in self:
            measured = size(thrifty(fill(template.sms_text or '', self._sample_values())))
            template.sms_size = (
                self.env._(
                    '%(segments)s SMS: %(length)s characters (%(encoding)s)',
                    length=measured.length,
                    encoding=measured.encoding,
                    segments=measured.segments,
                )
                if template.sms_text
                else ''
            )

    @api.model
    def _sample_values(self):
        """Return values as long as ordinary ones, to measure a text that is not filled in yet."""
        return {
            **dict.fromkeys(self._placeholders(), '-' * 12),
            'amount': 'US$ 12,345.67',
            'company_name': self.env.company.name,
            'contact_name': 'Maria Gonzalez',
            'days_overdue': '45',
            'debtor_name': 'Maria Gonzalez',
            'item_count': '3',
            'pay_link': f'{self.env.company.get_base_url()}/c/{"x" * 13}',
        }

    @api.depends('sms_text')
    def _compute_warning(self):
        super()._compute_warning()
        known = self._sms_placeholders()
        for template in self:
            company = template.company_id or self.env.company
            text = template.sms_text or ''
            wrong = unknown(text, known)
            said = find_forbidden(text, (company.cobranza_forbidden_phrases or '').splitlines())
            notes = (
                template.warning,
                wrong and self.env._('Nothing can fill in: %s.', ', '.join(wrong)),
                said and self.env._('Forbidden in collections: "%s".', '", "'.join(said)),
            )
            template.warning = ' '.join(filter(None, notes))

    @api.constrains('sms_text')
    def _check_sms_text(self):
        """Check the short texts like the long ones, in every language."""
        known = self._sms_placeholders()
        for template in self:
            for text in filter(None, template._texts('sms_text')):
                template._check_placeholders(text, known)
                template._check_phrases(text)

    @api.model
    def _sms_placeholders(self):
        return set(self._placeholders()) - set(self._FORMATTED)

    def _fill_sms(self, lang, values):
        """Return (subject, body) for telephones: the short text, else the message without its formatting."""
        subject, body = self._fill(lang, values)
        short = self.with_context(lang=lang).sms_text
        if short:
            texts = {name: str(value) for name, value in values.items() if isinstance(value, str)}
            text = fill(short, texts)
        else:
            text = self._without_formatting(body, values['pay_link'])
        return subject, Markup('<br/>').join(map(escape, thrifty(text).splitlines()))

    @api.model
    def _without_formatting(self, body, link):
        lines = map(str.strip, html2plaintext(body, include_references=False).splitlines())
        text = '\n'.join(filter(None, lines))
        return text if not link or link in text else f'{text}\n{link}'
