from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.cobranza_management.tools.phrases import find_forbidden

from ..tools.template_words import (
    VARIABLE,
    Variable,
    components_of,
    fill_text,
    part,
    suffix_of,
    variables_of,
)


class CobranzaWhatsappTemplate(models.Model):
    """A text that WhatsApp has approved, and which of our messages it carries.

    It is read from WhatsApp; here its gaps are given what fills them.
    """

    _name = 'cobranza.whatsapp.template'
    _inherit = ['mail.thread']
    _description = 'WhatsApp Template'
    _order = 'account_id, name, language'

    account_id = fields.Many2one(
        'cobranza.whatsapp.account', required=True, index=True, ondelete='cascade'
    )
    company_id = fields.Many2one(related='account_id.company_id', store=True)
    name = fields.Char(required=True)
    language = fields.Char(required=True, default='es')
    external_id = fields.Char(readonly=True)
    # as WhatsApp says them; `…_label` says them in words
    category = fields.Char('Category at WhatsApp', readonly=True, tracking=True, default='UTILITY')
    status = fields.Char(
        'Status at WhatsApp', readonly=True, tracking=True, default='DRAFT', copy=False
    )
    quality = fields.Char('Quality at WhatsApp', readonly=True, tracking=True)
    components = fields.Json(readonly=True)
    is_named = fields.Boolean(readonly=True)
    template_id = fields.Many2one(
        'cobranza.template',
        string='Carries the Message',
        index='btree_not_null',
        ondelete='set null',
        help='Steps that use that message on WhatsApp send this text.',
    )
    variable_ids = fields.One2many(
        comodel_name='cobranza.whatsapp.variable', inverse_name='template_id', string='Variables'
    )
    document = fields.Selection(
        selection='_document_selection',
        string='Attached PDF',
        help='Goes into the header, when the template has one for a document.',
    )
    has_document = fields.Boolean(compute='_compute_has_document')
    blocked_reason = fields.Char(readonly=True, tracking=True, copy=False)
    # not stored: forbidden words and the address of the site change elsewhere
    is_usable = fields.Boolean(compute='_compute_is_usable')
    why_not = fields.Char(compute='_compute_why_not', string='Why It Is Not Used')

    _unique_name = models.UniqueIndex(
        '(account_id, name, language)', 'This template is already there in that language.'
    )

    @api.model
    def _document_selection(self):
        statement = [('statement', self.env._('The statement of account'))]
        found = statement if self.env['cobranza.case']._has_statement() else []
        return [('invoice', self.env._('The oldest document')), *found]

    @api.depends('components')
    def _compute_has_document(self):
        for template in self:
            header = part(template.components or [], 'HEADER')
            template.has_document = str(header.get('format')).upper() == 'DOCUMENT'

    @api.depends(
        'status',
        'blocked_reason',
        'variable_ids.source',
        'variable_ids.text',
        'template_id',
        'document',
        'components',
    )
    def _compute_is_usable(self):
        for template in self:
            template.is_usable = not template._obstacle()

    @api.depends('is_usable')
    @api.depends_context('lang')
    def _compute_why_not(self):
        sentences = self._obstacles()
        for template in self:
            code = template._obstacle()
            template.why_not = sentences[code] % (template.blocked_reason or '') if code else ''

    def _obstacle(self):
        """Return the code of what keeps the template from being used, '' for nothing."""
        self.ensure_one()
        checks = (
            ('blocked', bool(self.blocked_reason)),
            ('draft', self.status == 'DRAFT'),
            ('status', (self.status or '').upper() != 'APPROVED'),
            ('phrases', bool(self._forbidden())),
            ('message', not self.template_id),
            ('variables', any(not variable.source for variable in self.variable_ids)),
            ('button', not self._leads_here()),
            ('document', self.has_document and not self.document),
        )
        return next((code for code, found in checks if found), '')

    def _forbidden(self):
        """Return what the text, with what fills it, may not say."""
        own = (self.account_id.company_id.cobranza_forbidden_phrases or '').splitlines()
        fixed = ' '.join(filter(None, self.variable_ids.mapped('text')))
        return find_forbidden(f'{self._text({})} {fixed}', own)

    def _leads_here(self):
        """Tell whether its buttons with a variable lead to pages of ours."""
        base = f'{self.account_id.company_id.get_base_url()}/'
        patterns = [
            button.get('url') or ''
            for button in self._buttons()
            if VARIABLE.search(button.get('url') or '')
        ]
        return all(pattern.startswith(base) for pattern in patterns)

    @api.model
    def _obstacles(self):
        return {
            'blocked': self.env._('Blocked: %s'),
            'draft': self.env._('Send it to WhatsApp for approval.%s'),
            'status': self.env._('WhatsApp has not approved it.%s'),
            'phrases': self.env._('It says what is forbidden in collections.%s'),
            'message': self.env._('Say which message it carries.%s'),
            'variables': self.env._('Say what fills each of its variables.%s'),
            'button': self.env._('Its button does not lead to where customers pay here.%s'),
            'document': self.env._('Choose the PDF of its header.%s'),
        }

    def _buttons(self):
        """Return the buttons as WhatsApp describes them."""
        return part(self.components or [], 'BUTTONS').get('buttons') or []

    # === READ FROM WHATSAPP === #

    @api.model
    def _sync(self, account):
        """Read every template of the number's business; what people said of them here is kept."""
        rows = account._asked(lambda: list(account._api().templates()))
        known = {(template.name, template.language): template for template in account.template_ids}
        for row in rows:
            key = row.get('name') or '', row.get('language') or ''
            values = self._values_of(row)
            template = known.pop(key, None)
            if template:
                template._write_changed(values)
            else:
                template = self.create(
                    {'account_id': account.id, 'name': key[0], 'language': key[1], **values}
                )
            template._read_variables()
        for gone in known.values():
            if gone.status != 'DRAFT':
                gone._write_changed({'status': 'DELETED'})
        account.synced_at = fields.Datetime.now()

    @api.model
    def _values_of(self, row):
        return {
            'category': row.get('category') or False,
            'components': row.get('components') or [],
            'external_id': row.get('id') or False,
            'is_named': str(row.get('parameter_format')).upper() == 'NAMED',
            'quality': (row.get('quality_score') or {}).get('score') or False,
            'status': (row.get('status') or '').upper(),
        }

    def _write_changed(self, values):
        """Write what differs; whoever chose what fills a text looks at it again once it says something else."""
        changed = {name: value for name, value in values.items() if self[name] != value}
        if changed:
            self.write(changed)
        if 'components' in changed and self.template_id:
            self._block(self.env._('its text has changed: check what fills it'))
        if changed.get('category', 'UTILITY') != 'UTILITY' and self.template_id:
            self._block(self.env._('WhatsApp has moved it to %s', self.category))

    def _read_variables(self):
        """Keep one row for each gap of the text."""
        wanted = variables_of(self.components or [])
        mine = {variable._key(): variable for variable in self.variable_ids}
        commands = [
            Command.create({'place': gap.place, 'name': gap.name, 'sequence': number})
            for number, gap in enumerate(wanted)
            if gap not in mine
        ] + [Command.delete(row.id) for gap, row in mine.items() if gap not in wanted]
        if commands:
            self.write({'variable_ids': commands})

    def _block(self, reason):
        """Take the template out of use until somebody has mended it, and tell the managers."""
        for template in self.filtered(lambda template: not template.blocked_reason):
            template.blocked_reason = reason
            template.account_id._alert(
                self.env._('Template %(name)s: %(reason)s', name=template.name, reason=reason)
            )

    def action_unblock(self):
        """Use it again: it has been mended."""
        self.account_id._check_manager()
        self.blocked_reason = False

    # === WRITE WITH IT === #

    def _fill(self, values, links=()):
        """Return {Variable: text} of a message.

        :param dict values: as given by cobranza.template._message_values
        :param links: addresses that a button may lead to; the one its template allows is taken
        """
        self.ensure_one()
        filled = {}
        for variable in self.variable_ids:
            key = variable._key()
            if key.place.startswith('button'):
                filled[key] = self._suffix(key, links)
            else:
                filled[key] = variable.text or str(values.get(variable.source) or '')
        return filled

    def _suffix(self, key, links):
        """Return what a button's address lacks to lead to one of `links`."""
        button = self._buttons()[int(key.place.removeprefix('button'))]
        pattern = button.get('url') or ''
        suffix = suffix_of(pattern, links)
        if not suffix:
            raise UserError(
                self.env._(
                    'The button of the template %(name)s leads to %(pattern)s, which is not where customers pay here.',
                    name=self.name,
                    pattern=pattern,
                )
            )
        return suffix

    def _document_of(self, reminder):
        """Return the file of the header as the API wants it: a link that ends, and the file's name."""
        return getattr(self, f'_document_{self.document}')(reminder) if self.has_document else None

    def _document_invoice(self, reminder):
        moves = reminder.item_ids.line_id.sorted('date_maturity').move_id
        return moves[:1]._whatsapp_document()

    def _document_statement(self, reminder):
        return reminder.case_id._whatsapp_statement()

    def _payload(self, filled, document=None):
        """Return the `template` of a message to the API."""
        return {
            'name': self.name,
            'language': {'code': self.language},
            'components': components_of(
                self.components or [], filled, document=document, named=self.is_named
            ),
        }

    def _text(self, filled):
        """Return the words as the customer reads them."""
        texts = {}
        for variable, text in filled.items():
            texts.setdefault(variable.place, {})[variable.name] = text
        lines = [
            fill_text(part(self.components or [], kind.upper()).get('text'), texts.get(kind, {}))
            for kind in ('header', 'body', 'footer')
        ]
        return '\n\n'.join(filter(None, lines))


class CobranzaWhatsappVariable(models.Model):
    """A gap of a template and what fills it."""

    _name = 'cobranza.whatsapp.variable'
    _description = 'Variable of a WhatsApp Template'
    _order = 'template_id, sequence, id'

    template_id = fields.Many2one(
        'cobranza.whatsapp.template', required=True, index=True, ondelete='cascade'
    )
    sequence = fields.Integer()
    place = fields.Char(required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    label = fields.Char(compute='_compute_label', string='Gap')
    source = fields.Selection(selection='_source_selection', string='Filled With')
    text = fields.Char(string='Fixed Text')

    @api.model
    def _source_selection(self):
        Template = self.env['cobranza.template']
        known = Template._placeholders()
        return [
            *((name, label) for name, label in known.items() if name not in Template._FORMATTED),
            ('fixed', self.env._('A fixed text')),
        ]

    @api.depends('place', 'name')
    @api.depends_context('lang')
    def _compute_label(self):
        places = {'header': self.env._('Header'), 'body': self.env._('Text')}
        for variable in self:
            place = places.get(variable.place) or self.env._('Button')
            variable.label = f'{place} {{{{{variable.name}}}}}'

    @api.constrains('source', 'text')
    def _check_text(self):
        for variable in self:
            if variable.source == 'fixed' and not (variable.text or '').strip():
                raise ValidationError(
                    self.env._('Please write the fixed text of %s.', variable.label)
                )

    @api.onchange('source')
    def _onchange_source(self):
        if self.source != 'fixed':
            self.text = False

    def _key(self):
        return Variable(self.place, self.name)
