from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    cobranza_attribution_days = fields.Integer(
        string='Days a Contact Counts',
        default=14,
        help='A payment so many days after the last contact, or sooner, is counted as its result.',
        prefetch='cobranza',
    )
    cobranza_collection_cost = fields.Monetary(
        string='Cost of the Collection Team',
        groups='cobranza_management.group_manager,base.group_system',
        help='A month, in company currency: salaries, calls, postage. 0: only commissions of agencies count.',
        prefetch='cobranza',
    )
    cobranza_target_dso = fields.Float(
        string='Target DSO',
        help='Days; drawn as a line beside what was reached. 0: no line.',
        prefetch='cobranza',
    )
    cobranza_target_cei = fields.Float(
        string='Target CEI', help='Per cent. 0: none.', prefetch='cobranza'
    )
    cobranza_target_delinquency = fields.Float(
        string='Highest Delinquency',
        help='Per cent of receivables that may be overdue. 0: none.',
        prefetch='cobranza',
    )
    cobranza_weekly_active = fields.Boolean(string='Weekly Report', prefetch='cobranza')
    cobranza_weekly_user_ids = fields.Many2many(
        'res.users',
        'cobranza_weekly_user_rel',
        string='Readers of the Weekly Report',
        help='Each gets it in their language, if they may see the whole company.',
    )


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    cobranza_attribution_days = fields.Integer(
        related='company_id.cobranza_attribution_days', readonly=False
    )
    cobranza_collection_cost = fields.Monetary(
        related='company_id.cobranza_collection_cost',
        currency_field='currency_id',
        readonly=False,
    )
    cobranza_target_dso = fields.Float(related='company_id.cobranza_target_dso', readonly=False)
    cobranza_target_cei = fields.Float(related='company_id.cobranza_target_cei', readonly=False)
    cobranza_target_delinquency = fields.Float(
        related='company_id.cobranza_target_delinquency', readonly=False
    )
    cobranza_weekly_active = fields.Boolean(
        related='company_id.cobranza_weekly_active', readonly=False
    )
    cobranza_weekly_user_ids = fields.Many2many(
        related='company_id.cobranza_weekly_user_ids', readonly=False
    )

    def action_send_weekly_report(self):
        """Send this week's report to those chosen who have not got it yet."""
        self.ensure_one()
        self.check_access('write')
        sent = self.env['cobranza.weekly.mail'].sudo()._send_to_chosen(self.company_id)
        nobody = self.env._(
            'Nobody was left to write to: who was chosen has it already, or may not read it.'
        )
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'message': self.env._('Reports on their way: %s', sent) if sent else nobody,
                'type': 'success' if sent else 'warning',
            },
        }
