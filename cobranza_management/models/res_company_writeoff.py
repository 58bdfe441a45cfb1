from odoo import fields, models


class ResCompany(models.Model):
    """Where write-offs are booked, and who decides on them."""

    _inherit = 'res.company'

    cobranza_writeoff_journal_id = fields.Many2one(
        'account.journal',
        string='Write-off Journal',
        domain="[('type', '=', 'general')]",
        check_company=True,
        prefetch='cobranza',
    )
    cobranza_writeoff_account_id = fields.Many2one(
        'account.account',
        string='Bad Debt Expense',
        domain="[('account_type', 'in', ('expense', 'expense_other', 'expense_direct_cost'))]",
        check_company=True,
        prefetch='cobranza',
    )
    cobranza_writeoff_limit = fields.Monetary(
        string='Write-offs Up To',
        currency_field='currency_id',
        help='Accountants approve up to this amount; above it, a collections manager does.',
        prefetch='cobranza',
    )
    cobranza_writeoff_user_id = fields.Many2one(
        'res.users',
        string='Approver of Write-offs',
        domain="[('share', '=', False)]",
        help='Gets a task for each proposal.',
        prefetch='cobranza',
    )


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    cobranza_writeoff_journal_id = fields.Many2one(
        related='company_id.cobranza_writeoff_journal_id', readonly=False
    )
    cobranza_writeoff_account_id = fields.Many2one(
        related='company_id.cobranza_writeoff_account_id', readonly=False
    )
    cobranza_writeoff_limit = fields.Monetary(
        related='company_id.cobranza_writeoff_limit',
        readonly=False,
        currency_field='currency_id',
    )
    cobranza_writeoff_user_id = fields.Many2one(
        related='company_id.cobranza_writeoff_user_id', readonly=False
    )
