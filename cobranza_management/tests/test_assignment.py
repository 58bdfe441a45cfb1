"""Who works on which case: those who leave, those who are handed more."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

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

    def test_the_open_tasks_of_who_left_go_along(self):
        case = self.cases.filtered(lambda case: case.user_id == self.collector)[0]
        task = case._schedule(
            [{'case': case, 'date': self._day(), 'summary': 'Call',
              'type': 'mail.mail_activity_data_call'}]
        )  # fmt: skip
        self.collector.active = False
        self._run()
        self.assertEqual(task.user_id, self.other_collector)

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


@tagged('post_install', '-at_install')
class TestHandingOver(CobranzaCommon):
    """A supervisor hands cases to one collector or shares them out; tasks go along."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.third = cls._user('third', 'cobranza_management.group_collector')
        cls.team = cls.env['cobranza.team'].create(
            {
                'name': 'Team',
                'company_id': cls.company.id,
                'member_ids': [
                    Command.create({'user_id': user.id, 'capacity': capacity})
                    for user, capacity in ((cls.other_collector, 3), (cls.third, 10))
                ],
            }
        )
        for number in range(6):
            cls._invoice(cls._debtor(f'Debtor {number}'), amount=100 + number)
        cls.env['cobranza.run']._run(cls.company)
        cls.cases = cls.env['cobranza.case'].search([('company_id', '=', cls.company.id)])
        cls.cases.user_id = cls.collector
        cls.env.flush_all()

    def _wizard(self, user=None, **values):
        Wizard = self.env['cobranza.reassign.wizard'].with_user(user or self.supervisor)
        return Wizard.create({'case_ids': self.cases.ids, **values})

    def _counts(self):
        self.env.invalidate_all()
        return {user: len(cases) for user, cases in self.cases.grouped('user_id').items()}

    def test_to_one_collector(self):
        self._wizard(user_id=self.third.id).action_confirm()
        self.assertEqual(self._counts(), {self.third: 6})
        self.assertEqual(self.cases.team_id, self.team, 'the team stays as it is')

    def test_only_a_collector_gets_cases(self):
        retired = self._user('retired', 'cobranza_management.group_collector')
        retired.active = False
        for user in (self.employee, retired):
            for attempt in (
                lambda user=user: self._wizard(user_id=user.id).action_confirm(),
                lambda user=user: self.cases.with_user(self.supervisor).write({'user_id': user.id}),
            ):
                with self.subTest(user.name), self.assertRaises(ValidationError):
                    attempt()
        self.assertEqual(self._counts(), {self.collector: 6})

    def test_cases_of_no_team_stay_so(self):
        self.cases.team_id = False
        self._wizard(user_id=self.third.id).action_confirm()
        self.assertEqual(self._counts(), {self.third: 6})
        self.assertFalse(self.cases.team_id)

    def test_in_turns_the_large_debts_are_spread(self):
        self._wizard(mode='turns', team_id=self.team.id).action_confirm()
        self.assertEqual(self._counts(), {self.other_collector: 3, self.third: 3})
        largest = self.cases.sorted('amount_overdue', reverse=True)[:2]
        self.assertEqual(len(largest.user_id), 2)
        self.assertEqual(self.cases.team_id, self.team)

    def test_by_load_beside_what_each_can_carry(self):
        self._wizard(mode='load', team_id=self.team.id).action_confirm()
        self.assertEqual(self._counts(), {self.other_collector: 2, self.third: 4})

    def test_what_nobody_can_carry_stays_where_it_is(self):
        self.team.member_ids.capacity = 2
        wizard = self._wizard(mode='turns', team_id=self.team.id)
        self.assertIn('<b>2</b> cases stay', wizard.preview)
        wizard.action_confirm()
        self.assertEqual(
            self._counts(), {self.other_collector: 2, self.third: 2, self.collector: 2}
        )

    def test_the_preview_says_what_happens(self):
        wizard = self._wizard(mode='load', team_id=self.team.id)
        rows = wizard._preview_values()['rows']
        self.assertEqual(rows, [('Other_collector', 2, 2, 3), ('Third', 4, 4, 10)])

    def test_who_is_left_out_gets_none(self):
        members = self.team.member_ids.filtered(lambda member: member.user_id == self.third)
        self._wizard(mode='load', team_id=self.team.id, member_ids=members.ids).action_confirm()
        self.assertEqual(self._counts(), {self.third: 6})

    def test_sharing_out_needs_somebody(self):
        self.assertFalse(self._wizard(mode='turns').preview)
        with self.assertRaisesRegex(UserError, 'at least one collector'):
            self._wizard(mode='turns').action_confirm()

    def test_cases_of_two_companies_are_not_mixed(self):
        other = self._company('Iberia', 'ES', self.usd)
        self._invoice(company=other)
        self._run(other)
        self.supervisor.company_ids += other
        theirs = self._case(company=other)
        wizard = self.env['cobranza.reassign.wizard'].create(
            {'case_ids': (self.cases + theirs).ids, 'user_id': self.third.id}
        )
        with self.assertRaisesRegex(UserError, 'one company'):
            wizard.action_confirm()

    def test_open_tasks_go_along_and_those_of_others_stay(self):
        case = self.cases[0]
        mine, theirs = case._schedule(
            [
                {'case': case, 'date': self._day(), 'summary': name, 'user': user,
                 'type': 'mail.mail_activity_data_todo'}
                for name, user in (('Mine', self.collector), ('Theirs', self.supervisor))
            ]
        )  # fmt: skip
        self._wizard(user_id=self.third.id).action_confirm()
        self.assertEqual((mine.user_id, theirs.user_id), (self.third, self.supervisor))

    def test_the_chatter_says_who_had_it(self):
        self.cases = self.cases.with_context(tracking_disable=False)
        self.cases.with_user(self.supervisor)._reassign(self.third, self.team)
        self.assertIn('Collector → Third', self.cases[0].message_ids[0].body)

    def test_it_costs_the_same_for_many_cases(self):
        few, counts = self.cases[:2], []
        for cases in (few, self.cases - few):
            cases = cases.with_user(self.supervisor)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cases._share_out('turns', self.team.member_ids)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1, counts)

    @mute_logger('odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule')
    def test_only_a_supervisor_hands_cases_over(self):
        for attempt in (
            lambda: self._wizard(self.collector, user_id=self.third.id),
            lambda: self.cases.with_user(self.collector)._reassign(self.third, self.team),
            lambda: self.cases.with_user(self.accountant)._reassign(self.third, self.team),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertEqual(self._counts(), {self.collector: 6})
