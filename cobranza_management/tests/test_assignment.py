"""Who works on which case: those who leave, those who are away, those who are handed more."""

from odoo import Command
from odoo.tests import tagged

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestPeopleWhoLeave(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.team = cls.env['cobranza.team'].create(
            {
                'name': 'Team',
                'company_id': cls.company.id,
                'member_ids': [
                    Command.create({'user_id': user.id})
                    for user in (cls.collector, cls.other_collector)
                ],
            }
        )
        for number in range(4):
            cls._invoice(cls._debtor(f'Debtor {number}'))
        cls.env['cobranza.run']._run(cls.company)
        cls.cases = cls.env['cobranza.case'].search([('company_id', '=', cls.company.id)])

    def test_cases_start_with_both(self):
        self.assertEqual(self.cases.user_id, self.collector + self.other_collector)

    def test_the_cases_of_who_left_are_handed_out_again(self):
        self.collector.active = False
        self._run()
        self.assertEqual(self.cases.user_id, self.other_collector)

    def test_so_are_those_of_who_is_no_collector_any_more(self):
        self.collector.group_ids -= self.env.ref('cobranza_management.group_collector')
        self._run()
        self.assertEqual(self.cases.user_id, self.other_collector)

    def test_so_are_those_of_who_moved_to_another_company(self):
        other = self._company('Iberia', 'ES', self.usd)
        self.collector.write({'company_ids': [Command.set(other.ids)], 'company_id': other.id})
        self._run()
        self.assertEqual(self.cases.user_id, self.other_collector)

    def test_with_nobody_left_they_wait_where_everybody_sees_them(self):
        (self.collector + self.other_collector).active = False
        self._run()
        self.assertFalse(self.cases.user_id)

    def test_who_is_away_or_in_no_team_keeps_theirs(self):
        self.team.member_ids.active = False
        self.cases[0].user_id = self.supervisor
        before = self.cases.mapped('user_id.login')
        self._run()
        self.assertEqual(self.cases.mapped('user_id.login'), before)
        self.assertEqual(self.cases[0].user_id, self.supervisor)

    def test_settled_cases_keep_who_settled_them(self):
        case = self.cases.filtered(lambda case: case.user_id == self.collector)[0]
        self._pay(case.partner_id, invoice=case.item_ids.move_id)
        self.collector.active = False
        self._run()
        self.assertEqual((case.state, case.user_id), ('settled', self.collector))
