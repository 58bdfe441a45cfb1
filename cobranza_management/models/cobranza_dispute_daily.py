from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date


class CobranzaDispute(models.Model):
    """What the daily cycle does with disputes, each in a constant number of statements."""

    _inherit = 'cobranza.dispute'

    is_alerted = fields.Boolean(readonly=True, copy=False, help='Its owner was told it is late.')
    activity_id = fields.Many2one(
        'mail.activity', string='Alert', readonly=True, copy=False, ondelete='set null'
    )

    @api.model
    def _close_settled(self, company):
        """Close the disputes with nothing left to settle: the item is paid, credited, cancelled or gone.

        One that was accepted waits for its credit note all the same: the customer who paid is owed it.

        :return: how many were closed
        """
        mine = Domain('company_id', '=', company.id) & Domain('state', '=', 'open')
        gone = Domain('line_id', '=', False) | Domain('line_id.parent_state', '=', 'cancel')
        paid = Domain('line_id.reconciled', '=', True)
        moot = self.search(mine & (gone | paid & Domain('waits_for', '=', 'decision')))
        if moot:
            moot._close('withdrawn', amount_accepted=0, withdrawal='settled')
        # a credit note taken back to draft is still applied: what becomes of it is not known yet
        undone = Domain('credit_move_id.state', '=', 'draft')
        credited = self.search(mine & paid & Domain('waits_for', '=', 'entry') & ~undone)
        for decision, disputes in credited.grouped('decision').items():
            disputes._close(decision)
        return len(moot + credited)

    @api.model
    def _alert_late(self, company):
        """Raise one task with the owner of every dispute past its deadline.

        :return: how many were raised
        """
        late = self.search(
            [
                ('company_id', '=', company.id),
                ('state', '=', 'open'),
                ('deadline', '<', company._cobranza_today()),
                ('is_alerted', '=', False),
            ]
        )
        if not late:
            return 0
        activities = late.case_id._schedule([dispute._describe_alert() for dispute in late])
        late.write({'is_alerted': True})
        for dispute, activity in zip(late, activities):
            dispute.activity_id = activity
        return len(late)

    def _describe_alert(self):
        """Return the task about a late dispute, as `cobranza.case._schedule` wants it."""
        return {
            'case': self.case_id,
            'date': fields.Date.context_today(self),
            'note': self.note,
            'summary': self.env._(
                'Answer the dispute of %(document)s: %(amount)s, due on %(day)s',
                amount=format_amount(self.env, self.amount, self.currency_id),
                day=format_date(self.env, self.deadline),
                document=self.line_id.move_name or self.line_id.name or '',
            ),
            'type': 'mail.mail_activity_data_todo',
            'user': self.user_id,
        }


class CobranzaRun(models.Model):
    _inherit = 'cobranza.run'

    @property
    def _PHASES(self):
        # a property, so that every add-on's phases add up; first, before debts are netted
        return ('disputes', *super()._PHASES)

    def _phase_disputes(self, company):
        """Close disputes whose item is settled, and alert the owners of those past their deadline."""
        Dispute = self.env['cobranza.dispute']
        return Dispute._close_settled(company) + Dispute._alert_late(company)


class CobranzaRunPhase(models.Model):
    _inherit = 'cobranza.run.phase'

    name = fields.Selection(
        selection_add=[('disputes', 'Disputes settled or late')], ondelete={'disputes': 'cascade'}
    )
