from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..tools.guard import Rule, Window


class Binding(NamedTuple):
    """A rule and whom it is for."""

    rule: Rule
    countries: frozenset  # ids; empty: every country
    applies_to: str

    def binds(self, partner):
        """Tell whether the rule is for this debtor."""
        if self.countries and partner.country_id.id not in self.countries:
            return False
        return self.applies_to == 'all' or self.applies_to == (
            'company' if partner.is_company else 'consumer'
        )


class CobranzaContactRule(models.Model):
    """When a debtor may be contacted: the house's hours today, a country's law as more records of the same kind."""

    _name = 'cobranza.contact.rule'
    _inherit = ['cobranza.cached.mixin']
    _description = 'Contact Rule'
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', help='Empty: every company.')
    country_ids = fields.Many2many(
        'res.country', string='Debtors Of', help='Empty: debtors of every country.'
    )
    applies_to = fields.Selection(
        [('all', 'Everybody'), ('consumer', 'Consumers'), ('company', 'Companies')],
        default='all',
        required=True,
    )
    channel = fields.Selection(
        selection=lambda self: self.env['cobranza.channel']._selection(),
        help='Empty: every channel.',
    )
    law = fields.Char(string='Legal Reference', help='Shown with a refusal.')
    source = fields.Char(help='Where the text of the law can be read.')
    version = fields.Char(help='Which revision of the law this record follows.')
    window_ids = fields.One2many(
        comodel_name='cobranza.contact.window', inverse_name='rule_id', string='Hours', copy=True
    )
    on_holidays = fields.Boolean(string='Also on Holidays')
    min_days = fields.Integer(string='Days Between Contacts', help='0: no rule.')
    max_per_day = fields.Integer(string='Most per Day', help='0: no cap.')
    max_per_week = fields.Integer(
        string='Most per Week', help='0: no cap. The stricter of calendar week and 7 days.'
    )

    count_attempts = fields.Boolean(
        string='Unanswered Calls Count',
        default=True,
        help='Days between contacts and caps count calls that nobody answered as well.',
    )

    _positive_caps = models.Constraint(
        'CHECK(min_days >= 0 AND max_per_day >= 0 AND max_per_week >= 0)',
        'Caps and days cannot be negative.',
    )

    @api.model
    @tools.ormcache('company.id', 'self.env.lang')
    def _bindings_for(self, company):
        """Return the rules of `company` as values, each with whom it binds; cached until a rule changes."""
        rules = self.sudo().search([('company_id', 'in', (False, company.id))])
        return [
            Binding(rule._as_value(), frozenset(rule.country_ids.ids), rule.applies_to)
            for rule in rules
        ]

    def _as_value(self):
        self.ensure_one()
        return Rule(
            name=self.name,
            law=self.law or '',
            channels=frozenset(filter(None, [self.channel])),
            windows=tuple(Window(int(w.weekday), w.start, w.end) for w in self.window_ids),
            on_holidays=self.on_holidays,
            min_days=self.min_days,
            max_per_day=self.max_per_day,
            max_per_week=self.max_per_week,
            count_attempts=self.count_attempts,
        )


class CobranzaContactWindow(models.Model):
    """Hours of a weekday in the debtor's time."""

    _name = 'cobranza.contact.window'
    _inherit = ['cobranza.cached.mixin']
    _description = 'Contact Hours'
    _order = 'weekday, start'

    rule_id = fields.Many2one(
        'cobranza.contact.rule', required=True, index=True, ondelete='cascade'
    )
    weekday = fields.Selection(
        [
            ('0', 'Monday'),
            ('1', 'Tuesday'),
            ('2', 'Wednesday'),
            ('3', 'Thursday'),
            ('4', 'Friday'),
            ('5', 'Saturday'),
            ('6', 'Sunday'),
        ],
        required=True,
        default='0',
    )
    start = fields.Float(string='From', required=True, default=9.0)
    end = fields.Float(string='To', required=True, default=18.0)

    @api.constrains('start', 'end')
    def _check_hours(self):
        for window in self:
            if not 0 <= window.start < window.end <= 24:
                raise ValidationError(
                    self.env._('Contact hours must start before they end, between 00:00 and 24:00.')
                )
