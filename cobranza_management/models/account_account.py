from odoo import models


class AccountAccount(models.Model):
    """The ids of receivable accounts are cached: they stand in every query about the portfolio."""

    _name = 'account.account'
    _inherit = ['account.account', 'cobranza.cached.mixin']

    _CACHED = frozenset(('account_type',))
