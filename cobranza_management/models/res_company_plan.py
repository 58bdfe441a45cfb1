from odoo import fields, models


class ResCompany(models.Model):
    """What payment plans write into the books of a company."""

    _inherit = 'res.company'

    cobranza_plan_interest_product_id = fields.Many2one(
        'product.product',
        string='Product of Plan Interest',
        help='Its account and taxes are those of the invoice; the interest agreed includes the taxes.'
        ' Empty: the account of the sales journal, without taxes.',
        prefetch='cobranza',
    )
    cobranza_plan_post_interest = fields.Boolean(
        string='Post Plan Interest at Once',
        default=True,
        help='The invoice of the interest is posted when the customer accepts. Otherwise it waits as a draft, and its'
        ' part of the instalments is not owed until an accountant posts it.',
        prefetch='cobranza',
    )
    cobranza_plan_accountant_id = fields.Many2one(
        'res.users',
        string='Accountant for Plans',
        domain=[('share', '=', False)],
        help='Gets the tasks that plans leave: discounts and interest to post or credit. Empty: the supervisor.',
        prefetch='cobranza',
    )
    cobranza_plan_remind_days = fields.Integer(
        string='Days Before an Instalment',
        default=3,
        help='The customer gets an e-mail so many days before each instalment falls due. 0: none.',
        prefetch='cobranza',
    )
    cobranza_plan_template_id = fields.Many2one(
        'cobranza.template',
        string='Words Before an Instalment',
        help='Empty: the template that comes with the system.',
        prefetch='cobranza',
    )

    def _cobranza_plan_template(self):
        """Return the template that announces an instalment; none when it was deleted and no other was chosen."""
        shipped = 'cobranza_management.template_plan_instalment'
        return self.cobranza_plan_template_id or self.env.ref(shipped, raise_if_not_found=False)


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    cobranza_plan_interest_product_id = fields.Many2one(
        related='company_id.cobranza_plan_interest_product_id', readonly=False
    )
    cobranza_plan_post_interest = fields.Boolean(
        related='company_id.cobranza_plan_post_interest', readonly=False
    )
    cobranza_plan_accountant_id = fields.Many2one(
        related='company_id.cobranza_plan_accountant_id', readonly=False
    )
    cobranza_plan_remind_days = fields.Integer(
        related='company_id.cobranza_plan_remind_days', readonly=False
    )
    cobranza_plan_template_id = fields.Many2one(
        related='company_id.cobranza_plan_template_id', readonly=False
    )
