from odoo import models
from odoo.exceptions import AccessError, ValidationError

from ..tools.assignment import Member, distribute, take_turns


class CobranzaCase(models.Model):
    """Cases change hands: to one collector, or shared out among the members of a team."""

    _inherit = 'cobranza.case'

    #: Ways of sharing out: {code: rule of tools.assignment}.
    _SHARING = {'turns': take_turns, 'load': distribute}

    def write(self, vals):
        """Let people give no case to somebody who could not open it, by whatever screen."""
        if vals.get('user_id') and not self.env.su:
            self._check_collects(self.env['res.users'].browse(vals['user_id']))
        return super().write(vals)

    def _check_collects(self, user):
        for company in self.company_id if user else ():
            if user not in self.env['res.users']._who_collect(company):
                raise ValidationError(
                    self.env._(
                        '%(user)s does not work in collections of %(company)s and could not open the cases.',
                        company=company.name,
                        user=user.name,
                    )
                )

    def _reassign(self, user, team):
        """Hand the cases to a collector, a team or both; an empty one stays as it is."""
        self._check_collects(user)
        self._hand_over(
            {
                case.id: ((user or case.user_id).id or None, (team or case.team_id).id or None)
                for case in self
            }
        )

    def _share_out(self, how, members):
        """Hand the cases out among members of one team; what nobody can carry stays where it is.

        :param str how: a key of `_SHARING`
        """
        hands = self._plan_share(how, members)
        self._hand_over(
            {case_id: (user_id, members.team_id.id) for case_id, user_id in hands.items()}
        )

    def _plan_share(self, how, members):
        """Return {case id: user id} of what `_share_out` would do; the largest debts are dealt first."""
        loads = members.team_id._member_loads()
        for case in self.filtered(lambda case: case.state == 'open'):
            if case.user_id.id in loads:
                loads[case.user_id.id] -= 1  # in hand until now: it is about to be dealt
        ordered = self.sorted(lambda case: (-case.amount_overdue, case.id))
        return self._SHARING[how](
            ordered.ids,
            [
                Member(member.user_id.id, loads.get(member.user_id.id, 0), member.capacity)
                for member in members
            ],
        )

    def _hand_over(self, hands):
        """Write who works on the cases, in a constant number of statements; open tasks go along.

        :param dict hands: {case id: (user id, team id)}
        """
        if not self.env.su and not self.env.user.has_group('cobranza_management.group_supervisor'):
            raise AccessError(self.env._('Only a supervisor assigns cases and strategies.'))
        self.check_access('write')
        changed = self._write_columns(['user_id', 'team_id'], hands)
        before = {
            case_id: user_id for case_id, user_id in changed.items() if user_id != hands[case_id][0]
        }
        moved = self.browse(before)
        moved._take_tasks_along(before)
        moved._note_hand_over(before)

    def _take_tasks_along(self, before):
        """Give the open tasks of who had these cases to who has them now.

        :param dict before: {case id: user id of who had it}
        """
        tasks_sudo = (
            self.env['mail.activity']
            .sudo()
            .with_context(mail_activity_quick_update=True)
            .search([('res_model', '=', self._name), ('res_id', 'in', self.ids)])
            .filtered(lambda task: task.user_id.id == before[task.res_id])
        )
        for user, cases in self.filtered('user_id').grouped('user_id').items():
            mine = set(cases.ids)
            tasks_sudo.filtered(lambda task, mine=mine: task.res_id in mine).user_id = user

    def _note_hand_over(self, before):
        """Note in the chatter who had each case and who has it now."""
        if not self or self.env.context.get('tracking_disable'):
            return
        users_sudo = self.env['res.users'].sudo()
        self._message_log_batch(
            {
                case.id: self.env._(
                    'Collector: %(before)s → %(after)s',
                    before=users_sudo.browse(before[case.id]).name or self.env._('nobody'),
                    after=case.user_id.sudo().name or self.env._('nobody'),
                )
                for case in self
            }
        )
