from odoo import models


class AccountPartialReconcile(models.Model):
    _inherit = 'account.partial.reconcile'

    # What was open on a day is what is open now plus what was reconciled since: few rows, for recent days.
    _cobranza_since_idx = models.Index('(max_date)')
