from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CobranzaAsOfWizard(models.TransientModel):
    """Asks for a day and shows the aging of its evening, and whether it adds up."""

    _name = 'cobranza.as.of.wizard'
    _description = 'Aging as of a Day'

    day = fields.Date(string='As of', required=True, default=fields.Date.context_today)
    tie_note = fields.Html(compute='_compute_tie_note')

    @api.depends('day')
    @api.depends_context('lang')
    def _compute_tie_note(self):
        """Say it to whoever sees the whole company."""
        sees_all = self.env['cobranza.report.board']._is_reader()
        for wizard in self:
            ties = (
                self.env['cobranza.report.tie'].get_ties(wizard.day)
                if sees_all and wizard.day
                else []
            )
            wizard.tie_note = Markup('<ul class="list-unstyled mb-0">%s</ul>') % Markup('').join(
                self._in_words(tie) for tie in ties
            )

    def _in_words(self, tie):
        """Return one line of whether the aging adds up to the trial balance."""
        if tie['ties']:
            text = self.env._(
                '%(company)s: %(items)s, as in the trial balance',
                company=tie['company'],
                items=tie['items'],
            )
            return Markup('<li><i class="fa fa-check text-success"/> %s</li>') % text
        text = self.env._(
            '%(company)s: %(items)s, but %(ledger)s in the trial balance (%(nobody)s without a customer)',
            company=tie['company'],
            items=tie['items'],
            ledger=tie['ledger'],
            nobody=tie['without_debtor'],
        )
        return Markup('<li><i class="fa fa-warning text-danger"/> %s</li>') % text

    def action_open(self):
        """Open the aging of the day."""
        self.ensure_one()
        if self.day > fields.Date.context_today(self):
            raise UserError(
                self.env._('That day has not come yet: nobody knows what will be paid until then.')
            )
        action = self.env['ir.actions.act_window']._for_xml_id(
            'cobranza_reports.cobranza_report_aging_action'
        )
        return action | {
            'context': {},
            'domain': [('as_of', '=', fields.Date.to_string(self.day))],
            'name': self.env._('Aging as of %s', format_date(self.env, self.day)),
        }
