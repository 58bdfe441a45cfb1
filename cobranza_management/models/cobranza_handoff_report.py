from odoo import fields, models
from odoo.tools import format_amount


class CobranzaHandoffLine(models.Model):
    """What the agency says it has collected: information, beside what the ledger shows. It never books money."""

    _inherit = 'cobranza.handoff.line'

    reported_amount = fields.Monetary(
        string='Collected, Says the Agency',
        readonly=True,
        help='So far, as in its last report. Recovered and commission follow the ledger, not this.',
    )
    report_activity_id = fields.Many2one('mail.activity', ondelete='set null', readonly=True)

    # === APPLYING === #

    def _apply_report(self, values, documents):
        """Write what a report changes about a case.

        :param dict values: of agency_status, agency_note, reported_amount
        :param dict documents: {cobranza.handoff.item: collected so far, in its currency}
        """
        self.ensure_one()
        for item, amount in documents.items():
            item.reported_amount = amount
        if documents and 'reported_amount' not in values:
            values = {**values, 'reported_amount': self.item_ids._reported_in_company_currency()}
        if values:
            self.write(values)

    def _ask_for_reported_money(self):
        """Ask the accountant to look for money that the agency reports and the ledger does not show."""
        missing = self.filtered(
            lambda line: line.currency_id.compare_amounts(line.reported_amount, line.recovered) > 0
        )
        open_tasks = missing.filtered('report_activity_id.active')
        for line in open_tasks:
            line.report_activity_id.note = line._reported_in_words()
        new = missing - open_tasks
        tasks = new.case_id._schedule(
            [
                {
                    'case': line.case_id,
                    'date': line.company_id._cobranza_today(),
                    'note': line._reported_in_words(),
                    'summary': self.env._('Find the payment that the agency reports'),
                    'type': 'mail.mail_activity_data_todo',
                    'user': line.company_id.cobranza_plan_accountant_id
                    or line.case_id.team_id.supervisor_id,
                }
                for line in new
            ]
        )
        for line, task in zip(new, tasks):
            line.report_activity_id = task

    def _reported_in_words(self):
        return self.env._(
            '%(agency)s reports %(reported)s collected in %(handoff)s; the ledger shows %(recovered)s. '
            'Nothing was booked.',
            agency=self.agency_id.display_name,
            handoff=self.handoff_id.name,
            recovered=format_amount(self.env, self.recovered, self.currency_id),
            reported=format_amount(self.env, self.reported_amount, self.currency_id),
        )


class CobranzaHandoffItem(models.Model):
    _inherit = 'cobranza.handoff.item'

    reported_amount = fields.Monetary(
        string='Collected, Says the Agency', currency_field='currency_id', readonly=True
    )

    def _reported_in_company_currency(self):
        """Return what the agency says of these documents, at the rate of the day they were handed over."""
        return sum(
            item.company_currency_id.round(
                item.reported_amount * item.amount / item.amount_currency
            )
            for item in self
            if item.amount_currency
        )


class CobranzaHandoff(models.Model):
    _inherit = 'cobranza.handoff'

    def action_import_report(self):
        """Read the file in which the agency says what became of its cases."""
        self._check_may('supervisor')
        self.ensure_one()
        return self.agency_id._action_import_report()


class CobranzaAgency(models.Model):
    _inherit = 'cobranza.agency'

    def _action_import_report(self):
        """Return the action that asks for the agency's file."""
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Agency's Report"),
            'res_model': 'cobranza.handoff.report.wizard',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_agency_id': self.id, 'dialog_size': 'extra-large'},
        }
