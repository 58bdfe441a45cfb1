from odoo import api, fields, models

from ..tools.buckets import NO_END, NO_START
from ..tools.calendars import time_zone


class ResCompany(models.Model):
    """How a company collects. These columns are read together, apart from Odoo's own, which every payment reads."""

    _inherit = 'res.company'

    cobranza_active = fields.Boolean(
        string='Collections Running',
        help='The daily cycle works on this company. Switched on by the set-up assistant.',
        prefetch='cobranza',
    )
    cobranza_strategy_id = fields.Many2one(
        'cobranza.strategy',
        string='Default Strategy',
        help='Followed by the cases whose segment names none.',
        prefetch='cobranza',
    )
    cobranza_review = fields.Boolean(
        string='Approve Messages',
        default=True,
        help='Messages wait in the review queue until somebody approves them.',
        prefetch='cobranza',
    )
    cobranza_minimum_amount = fields.Monetary(
        string='Smallest Claim',
        currency_field='currency_id',
        help='Nothing is claimed from a debtor who owes less.',
        prefetch='cobranza',
    )
    cobranza_email_from = fields.Char(
        string='Collections Sender',
        help="Address messages are sent from; empty: the collector's, else the company's.",
        prefetch='cobranza',
    )
    cobranza_signature = fields.Html(
        string='Message Signature',
        translate=True,
        help='Who signs, telephone and opening hours.',
        prefetch='cobranza',
    )
    cobranza_how_to_pay = fields.Html(
        string='How to Pay',
        translate=True,
        help='Bank accounts and other ways to pay, shown in every message.',
        prefetch='cobranza',
    )
    cobranza_reply_pause_days = fields.Integer(
        string='Pause After a Reply',
        default=3,
        help='Days without automatic messages after the customer writes.',
        prefetch='cobranza',
    )
    cobranza_forbidden_phrases = fields.Text(
        string='Forbidden Phrases',
        help='One per line; added to the list every template is checked against.',
        prefetch='cobranza',
    )
    cobranza_debtor_attributes_definition = fields.PropertiesDefinition(
        string='Debtor Attributes', prefetch='cobranza'
    )
    cobranza_bucket_ids = fields.One2many(
        comodel_name='cobranza.aging.bucket', inverse_name='company_id', string='Aging Buckets'
    )
    cobranza_mean_overdue = fields.Float(
        readonly=True,
        help='Average overdue debt of a debtor, measured by the daily cycle; priorities are relative to it.',
        prefetch='cobranza',
    )
    cobranza_last_cycle_date = fields.Date(
        string='Last Daily Cycle', readonly=True, prefetch='cobranza'
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._create_default_buckets()
        companies._create_default_contact_rule()
        return companies

    def _create_default_buckets(self):
        """Give each company without aging buckets the usual six."""
        missing = self.filtered(lambda company: not company._aging_buckets())
        Bucket, rows = self.env['cobranza.aging.bucket'].sudo(), self._default_bucket_values()
        for company in missing:
            buckets = Bucket.create([{'company_id': company.id, **values} for values in rows])
            buckets._translate_default_names()

    def _create_default_contact_rule(self):
        """Give each company without a contact rule office hours, no holidays, two days between contacts."""
        Rule = self.env['cobranza.contact.rule'].sudo()
        known = (
            Rule.with_context(active_test=False).search([('company_id', 'in', self.ids)]).company_id
        )
        Rule.create(
            [
                {
                    'company_id': company.id,
                    'count_attempts': False,
                    'min_days': 2,
                    'name': self.env._('Contact hours of %s', company.name),
                    'window_ids': [
                        (
                            0,
                            0,
                            {'weekday': str(day), 'start': 9.0, 'end': 20.0 if day < 5 else 13.0},
                        )
                        for day in range(6)
                    ],
                }
                for company in self - known
            ]
        )

    @api.model
    def _default_bucket_values(self):
        """Return the usual buckets (product table: not due, 1-30, 31-60, 61-90, 91-180, 180+)."""
        names = ('first_day', 'last_day', 'kind', 'color')
        rows = {
            self.env._('Not due'): (NO_START, 0, 'pre_due', '#8a949e'),
            self.env._('1-30 days'): (1, 30, 'early', '#e0b000'),
            self.env._('31-60 days'): (31, 60, 'early', '#ef8c1d'),
            self.env._('61-90 days'): (61, 90, 'late', '#e2582a'),
            self.env._('91-180 days'): (91, 180, 'late', '#b3261e'),
            self.env._('Over 180 days'): (181, NO_END, 'late', '#7a1215'),
        }
        return [{'name': name, **dict(zip(names, row))} for name, row in rows.items()]

    def _aging_buckets(self):
        """Return the buckets of these companies, youngest first."""
        return self.env['cobranza.aging.bucket'].sudo().search([('company_id', 'in', self.ids)])

    def _cobranza_zone(self):
        """Return the tzinfo the company works in."""
        self.ensure_one()
        country_code = self.env['cobranza.contact.guard']._code_of(self.country_id)
        return time_zone(self.partner_id.tz, country_code)

    def _cobranza_today(self):
        """Return today's date where the company works."""
        self.ensure_one()
        return fields.Date.context_today(self.with_context(tz=str(self._cobranza_zone())))
