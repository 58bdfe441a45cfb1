from odoo import models


class CobranzaCase(models.Model):
    """The statement of account from the case."""

    _inherit = 'cobranza.case'

    def action_print_statement(self):
        """Open the statements of account of these cases, each in its customer's language, in one PDF."""
        return self._statement_report().report_action(self, config=False)

    def _statement_report(self):
        return self.env.ref('cobranza_reports.action_report_statement')

    def _statement_file_name(self):
        """Return the name of the file with the statement of one case."""
        self.ensure_one()
        name = self.env._('Account statement - %s', self.sudo().partner_id.name or '')
        return name.replace('/', '-')
