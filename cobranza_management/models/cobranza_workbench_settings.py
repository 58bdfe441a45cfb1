from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    cobranza_queue_unassigned = fields.Boolean(
        string='Everybody Works Free Cases',
        default=True,
        help='Cases that nobody has are in the queue of every collector.',
        prefetch='cobranza',
    )


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    cobranza_queue_unassigned = fields.Boolean(
        related='company_id.cobranza_queue_unassigned', readonly=False
    )


class CobranzaTeamMember(models.Model):
    _inherit = 'cobranza.team.member'

    daily_goal = fields.Integer(
        string='Debtors a Day', help='What the workbench counts up to; 0: the whole queue.'
    )
