from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.moulds import Mould
from ..tools.phrases import find_forbidden
from ..tools.placeholders import fill, unknown
from .message_format import CalendarFormat, NumberFormat


class CobranzaTemplate(models.Model):
    """The words of a message, in every language, with a handful of placeholders that are checked before saving."""

    _name = 'cobranza.template'
    _description = 'Message Template'
    _order = 'category, sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', help='Empty: every company.')
    category = fields.Selection(
        [
            ('generic', 'Any business'),
            ('bank', 'Bank and credit'),
            ('school', 'School'),
            ('services', 'Services'),
        ],
        default='generic',
        required=True,
    )
    subject = fields.Char(required=True, translate=True)
    body = fields.Html(required=True, translate=True, sanitize_style=True)
    placeholder_help = fields.Html(compute='_compute_placeholder_help')

    @api.model
    def _placeholders(self):
        """Return {placeholder: what it stands for, in the user's language}."""
        return {
            'debtor_name': self.env._('Name of the customer'),
            'contact_name': self.env._('Name of the person written to'),
            'amount': self.env._('Amount claimed, by currency'),
            'days_overdue': self.env._('Days late of the oldest item'),
            'oldest_document': self.env._('Number of the oldest document'),
            'oldest_due_date': self.env._('Its due date'),
            'item_count': self.env._('How many documents'),
            'items_table': self.env._('Table of the documents'),
            'pay_link': self.env._('Link to pay'),
            'pay_button': self.env._('Button to pay'),
            'how_to_pay': self.env._('Ways to pay, from the settings'),
            'company_name': self.env._('Name of your company'),
            'collector_name': self.env._('Name of the collector'),
            'today': self.env._("Today's date"),
        }

    @api.depends_context('lang')
    def _compute_placeholder_help(self):
        rows = Markup('').join(
            Markup('<li><code>{{%s}}</code> %s</li>') % row for row in self._placeholders().items()
        )
        self.placeholder_help = Markup('<ul>%s</ul>') % rows

    @api.constrains('subject', 'body')
    def _check_text(self):
        """Every language is checked: an unknown placeholder or a forbidden phrase never reaches a customer."""
        known = set(self._placeholders())
        for template in self:
            for text in filter(None, (*template._texts('subject'), *template._texts('body'))):
                template._check_placeholders(text, known)
                template._check_phrases(text)

    def _texts(self, field):
        """Return the stored texts of a field in every language."""
        self.flush_recordset([field])
        rows = self._fields[field]._get_stored_translations(self) or {}
        return list(rows.values())

    def _check_placeholders(self, text, known):
        wrong = unknown(text, known)
        if wrong:
            raise ValidationError(
                self.env._(
                    'The template "%(name)s" uses %(wrong)s, which nothing can fill in. Known: %(known)s.',
                    name=self.name,
                    wrong=', '.join(wrong),
                    known=', '.join(sorted(known)),
                )
            )

    def _check_phrases(self, text):
        own = ((self.company_id or self.env.company).cobranza_forbidden_phrases or '').splitlines()
        found = find_forbidden(text, own)
        if found:
            raise ValidationError(
                self.env._(
                    'The template "%(name)s" says "%(phrase)s". Threats and shaming are forbidden in collections by law'
                    ' in most countries; please say it another way.',
                    name=self.name,
                    phrase='", "'.join(found),
                )
            )

    # === RENDERING === #

    def _fill(self, lang, values):
        """Return (subject, body) in a language, from the values of `_message_values`."""
        self.ensure_one()
        localised = self.with_context(lang=lang)
        texts = {name: str(value) for name, value in values.items() if isinstance(value, str)}
        return fill(localised.subject, texts), fill(Markup(localised.body), values)

    @api.model
    def _message_values(self, reminder, contact, items, formats):
        """Return the values of a message about `items`, formatted in the reader's language.

        :param items: list of dicts: name, due, days, amount, currency, url
        :param formats: `MessageFormat` of the reader's language
        :return: dict of placeholders plus author, sender, company and items for the layout
        """
        case, company = reminder.case_id, reminder.company_id
        oldest = min(items, key=lambda item: item['due'])
        lines = [
            {
                **item,
                'due': formats.date(item['due']),
                'amount': formats.amount(item['amount'], item['currency']),
            }
            for item in items
        ]
        table = formats.table(lines)
        collector = case.user_id
        return {
            'amount': formats.totals(items),
            'author': (collector or company).partner_id,
            'collector_name': collector.name or company.name,
            'company': company,
            'company_name': company.name,
            'contact_name': contact.name or reminder.partner_id.name,
            'days_overdue': str(max(oldest['days'], 0)),
            'debtor_name': reminder.partner_id.name,
            'how_to_pay': formats.html(company, 'cobranza_how_to_pay'),
            'item_count': str(len(items)),
            'items_table': table,
            'oldest_document': oldest['name'],
            'oldest_due_date': formats.date(oldest['due']),
            'pay_button': formats.button(oldest['url'], company),
            'pay_link': oldest['url'],
            'sender': company.cobranza_email_from
            or collector.email_formatted
            or company.email_formatted
            or '',
            'signature': formats.html(company, 'cobranza_signature'),
            'today': formats.date(reminder.date),
        }


class MessageFormat:
    """Dates, money and fragments in one language, each formatted once: a batch repeats the same ones a lot."""

    def __init__(self, env, lang):
        self.env, self.lang = env, lang
        self._qweb = env['ir.qweb'].with_context(lang=lang)
        self._dates, self._amounts, self._html, self._moulds = {}, {}, {}, {}
        self._numbers, self._calendar = NumberFormat(env, lang), CalendarFormat(env, lang)

    def date(self, value):
        if value not in self._dates:
            self._dates[value] = self._calendar.date(value)
        return self._dates[value]

    def amount(self, value, currency):
        key = value, currency.id
        if key not in self._amounts:
            self._amounts[key] = self._numbers.amount(value, currency)
        return self._amounts[key]

    def totals(self, items):
        """Return the sum of the items in each currency: 'S/ 120.00 + US$ 30.00'."""
        sums = {}
        for item in items:
            sums[item['currency']] = sums.get(item['currency'], 0) + item['amount']
        return ' + '.join(self.amount(value, currency) for currency, value in sums.items())

    def html(self, company, field):
        """Return a translated text of the company."""
        key = company.id, field
        if key not in self._html:
            self._html[key] = Markup(company.with_context(lang=self.lang)[field] or '')
        return self._html[key]

    def table(self, lines):
        """Return the table of the documents: its rows differ by what they say, and by two things they may lack."""
        rows = Markup('').join(
            self._mould(
                'cobranza_management.message_item',
                ('name', 'url', 'due', 'days', 'amount'),
                has_url=bool(line['url']),
                is_late=line['days'] > 0,
            ).fill(**{name: line[name] for name in ('name', 'url', 'due', 'days', 'amount')})
            for line in lines
        )
        return self._mould('cobranza_management.message_items', ('rows',)).fill(rows=rows)

    def button(self, url, company):
        """Return the button to pay in the company's colours."""
        if not url:
            return Markup('')
        return self._mould(
            'cobranza_management.message_button',
            ('url',),
            color=company.email_secondary_color,
            text_color=company.email_primary_color,
        ).fill(url=url)

    def _mould(self, view, gaps, **values):
        """Return the Mould of a view, rendered once for the same `values`."""
        key = view, *values.values()
        if key not in self._moulds:
            self._moulds[key] = Mould(
                lambda gap: self._render(view, **values, **{name: gap(name) for name in gaps})
            )
        return self._moulds[key]

    def _render(self, view, **values):
        return self._qweb._render(view, values, minimal_qcontext=True, raise_if_not_found=True)
