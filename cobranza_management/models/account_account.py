from odoo import api, models


class AccountAccount(models.Model):
    _inherit = 'account.account'

    # The ids of receivable accounts are cached: they stand in every query about the portfolio.

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        self.env.registry.clear_cache()
        return accounts

    def write(self, vals):
        result = super().write(vals)
        if 'account_type' in vals:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
