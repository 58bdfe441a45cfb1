from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Fold the cases of merged debtors into one before core moves the rest by SQL."""
        self.env['cobranza.case'].sudo()._fold_into(src_partners, dst_partner)
        super()._update_foreign_keys(src_partners, dst_partner)
        cases = self.env['cobranza.case'].sudo().search([('partner_id', '=', dst_partner.id)])
        for name in self.env['cobranza.case']._TOTALS:
            self.env.add_to_compute(cases._fields[name], cases)
