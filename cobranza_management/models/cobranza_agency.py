from odoo import fields, models

from ..tools.commission import percent_for


class CobranzaAgency(models.Model):
    """Who takes over cases that the house gives up: what they earn, and what they are told."""

    _name = 'cobranza.agency'
    _description = 'Collection Agency'
    _order = 'sequence, id'
    _rec_name = 'partner_id'

    partner_id = fields.Many2one('res.partner', string='Agency', required=True, ondelete='restrict')
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        'res.company', default=lambda self: self.env.company, help='Empty: every company.'
    )
    kind = fields.Selection(
        [('agency', 'Collection agency'), ('legal', 'Law firm')], required=True, default='agency'
    )
    contact_id = fields.Many2one(
        'res.partner',
        string='Contact Person',
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    commission_percent = fields.Float(
        string='Commission', help='Percent of what is recovered; an age band goes before it.'
    )
    band_ids = fields.One2many(
        comodel_name='cobranza.agency.band', inverse_name='agency_id', string='Commission by Age'
    )
    column_ids = fields.Many2many(
        'cobranza.handoff.column',
        string='Columns of the File',
        default=lambda self: self.env['cobranza.handoff.column'].search([]),
        help='What the agency is told. Leave out the personal data that it does not need.',
    )
    handoff_ids = fields.One2many(comodel_name='cobranza.handoff', inverse_name='agency_id')
    note = fields.Text(string='Terms')

    _percent = models.Constraint(
        'CHECK(commission_percent BETWEEN 0 AND 100)', 'A commission is between 0 and 100 percent.'
    )

    def _percent_for(self, days):
        """Return the commission of a debt so many days late when it is handed over."""
        self.ensure_one()
        bands = [(band.first_day, band.percent) for band in self.band_ids]
        return percent_for(bands, days, self.commission_percent)

    def _default_for(self, kind, company):
        """Return the first agency of a kind that works for a company, or none."""
        return self.sudo().search(
            [('kind', '=', kind), ('company_id', 'in', (company.id, False))], limit=1
        )


class CobranzaAgencyBand(models.Model):
    """A commission from an age of the debt on."""

    _name = 'cobranza.agency.band'
    _description = 'Commission by Age'
    _order = 'agency_id, first_day'

    agency_id = fields.Many2one('cobranza.agency', required=True, index=True, ondelete='cascade')
    first_day = fields.Integer(string='From Day', required=True, help='Days late when handed over.')
    percent = fields.Float(string='Commission', required=True)

    _percent = models.Constraint(
        'CHECK(percent BETWEEN 0 AND 100)', 'A commission is between 0 and 100 percent.'
    )
    _once = models.Constraint(
        'UNIQUE(agency_id, first_day)', 'The agency already has a commission from that day.'
    )


class CobranzaHandoffColumn(models.Model):
    """A column of the file that leaves with a hand-off."""

    _name = 'cobranza.handoff.column'
    _description = 'Column of a Hand-off File'
    _order = 'sheet, sequence, id'

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10)
    sheet = fields.Selection(
        [('1_cases', 'Cases'), ('2_documents', 'Documents'), ('3_contacts', 'Contacts')],
        required=True,
    )
    kind = fields.Selection(
        [
            ('text', 'Text'),
            ('long', 'Long text'),
            ('number', 'Number'),
            ('money', 'Amount'),
            ('total', 'Amount in company currency'),
            ('date', 'Date'),
        ],
        required=True,
        default='text',
    )
    is_personal = fields.Boolean(string='Personal Data')

    _once = models.Constraint('UNIQUE(sheet, code)', 'The sheet already has that column.')
