from odoo import fields, models


class CobranzaConsent(models.Model):
    """What a debtor said about being contacted on a channel."""

    _name = 'cobranza.consent'
    _description = 'Contact Consent'
    _order = 'date desc, id desc'

    partner_id = fields.Many2one(
        'res.partner', string='Debtor', required=True, index=True, ondelete='cascade'
    )
    channel = fields.Selection(
        selection=lambda self: self.env['cobranza.channel']._selection(),
        help='Empty: every channel.',
    )
    state = fields.Selection([('in', 'Accepted'), ('out', 'Refused')], required=True, default='out')
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    source = fields.Char(help='How we know: call, letter, portal…')
    user_id = fields.Many2one('res.users', default=lambda self: self.env.user, readonly=True)
