from odoo import fields, models


class DigestDigest(models.Model):
    """Two figures of collections in Odoo's own digest e-mail, for whoever may see the whole company."""

    _inherit = 'digest.digest'

    kpi_cobranza_collected = fields.Boolean('Collected')
    kpi_cobranza_collected_value = fields.Monetary(compute='_compute_kpi_cobranza_collected_value')
    kpi_cobranza_overdue = fields.Boolean('Overdue Receivables')
    kpi_cobranza_overdue_value = fields.Monetary(compute='_compute_kpi_cobranza_overdue_value')

    def _compute_kpi_cobranza_collected_value(self):
        self.env['cobranza.report.board']._check_reader()
        self._calculate_company_based_kpi(
            'cobranza.report.payment',
            'kpi_cobranza_collected_value',
            date_field='date',
            sum_field='paid',
        )

    def _compute_kpi_cobranza_overdue_value(self):
        """Read what was overdue on the last evening of the period."""
        self.env['cobranza.report.board']._check_reader()
        _start, end, companies = self._get_kpi_compute_parameters()
        evening = min(fields.Date.to_date(end), fields.Date.context_today(self))
        overdue = dict(
            self.env['cobranza.report.aging']._read_group(
                [('as_of', '=', evening), ('company_id', 'in', companies.ids)],
                ['company_id'],
                ['amount_overdue:sum'],
            )
        )
        for digest in self:
            company = digest.company_id or self.env.company
            digest.kpi_cobranza_overdue_value = overdue.get(company, 0)

    def _compute_kpis_actions(self, company, user):
        menu = self.env.ref('cobranza_management.cobranza_menu_root').id
        address = 'cobranza_reports.cobranza_report_%s_action?menu_id=%s'
        return super()._compute_kpis_actions(company, user) | {
            'kpi_cobranza_collected': address % ('payment', menu),
            'kpi_cobranza_overdue': address % ('aging', menu),
        }
