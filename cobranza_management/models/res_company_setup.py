from odoo import Command, models


class ResCompany(models.Model):
    """What the set-up assistant starts."""

    _inherit = 'res.company'

    def _cobranza_opening_items(self):
        """Return the open debits of general journals that Odoo leaves out of follow-up: opening balances."""
        self.ensure_one()
        Line = self.env['account.move.line'].sudo()
        return Line.search(
            [
                *Line._open_item_domain(),
                ('company_id', '=', self.id),
                ('no_followup', '=', True),
                ('amount_residual', '>', 0),
                ('journal_id.type', '=', 'general'),
            ],
            order='date_maturity, id',
        )

    def _cobranza_start(self, settings, supervisor, users, opening_items):
        """Write the settings, make the team, follow the opening items up, and run the first cycle.

        :param dict settings: values for this company
        :param supervisor: res.users who gets what is escalated
        :param users: res.users who collect
        :param opening_items: account.move.line to be followed up from now on
        :return: the cobranza.run
        """
        self.ensure_one()
        self.sudo().write({**settings, 'cobranza_active': True})
        self._cobranza_make_team(supervisor, users)
        opening_items.sudo().write({'no_followup': False})
        return self.env['cobranza.run'].sudo()._run(self)

    def _cobranza_make_team(self, supervisor, users):
        """Put the users in the company's default team, made if there is none."""
        Team = self.env['cobranza.team'].sudo()
        team = Team.search([('company_id', '=', self.id), ('is_default', '=', True)], limit=1)
        if not team and (users or supervisor):
            team = Team.create({'company_id': self.id, 'name': self.env._('Collections')})
        if supervisor:
            team.supervisor_id = supervisor
        team.member_ids = [
            Command.create({'user_id': user.id}) for user in users - team.member_ids.user_id
        ]
