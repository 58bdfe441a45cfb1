"""Somebody is away: who stands in, who sees their cases, who gets their tasks."""

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestAbsence(CobranzaCommon):
    """While somebody is away others work on their cases; nothing is written, and it returns by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls._strategy({5: {}})
        cls.third = cls._user('third', 'cobranza_management.group_collector')
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
        cls._invoice()
        cls.env['cobranza.run']._run(cls.company)
        cls.case = cls.env['cobranza.case'].search([('partner_id', '=', cls.debtor.id)])
        cls.case.write({'user_id': cls.collector.id, 'team_id': cls.team.id})
        cls.case._hold('Sick', cls._day(30))
        cls.env['cobranza.interaction']._log([{'case_id': cls.case.id, 'channel': 'phone'}])
        cls.env.flush_all()

    def _away(self, substitute=None, user=None, first=0, last=6):
        absence = self.env['cobranza.absence'].create(
            {
                'user_id': (user or self.collector).id,
                'date_from': self._day(first),
                'date_to': self._day(last),
                'substitute_id': substitute and substitute.id,
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return absence

    def _sees(self, user, model='cobranza.case'):
        self.env.invalidate_all()
        return bool(self.env[model].with_user(user).search([]))

    def _queue(self, user):
        return self.env['cobranza.case'].with_user(user).search([('is_mine', '=', True)])

    def test_the_substitute_sees_and_works_on_the_cases(self):
        self.assertFalse(self._sees(self.third))
        self._away(self.third)
        for model in ('cobranza.case', 'cobranza.hold', 'cobranza.reminder', 'cobranza.interaction',
                      'cobranza.reminder.item'):  # fmt: skip
            with self.subTest(model=model):
                self.assertTrue(self._sees(self.third, model))
                self.assertFalse(self._sees(self.other_collector, model))
        self.assertEqual(self._queue(self.third), self.case)
        case = self.case.with_user(self.third)
        case._hold('Asked for time', self._day(40))
        case._log_contact({'channel': 'phone', 'summary': 'Called'})
        self.assertEqual(case.hold_until, self._day(40))

    def test_without_a_substitute_the_team_stands_in(self):
        self._away()
        self.assertEqual(self._queue(self.other_collector), self.case)
        self.case.with_user(self.other_collector)._hold('Asked for time', self._day(40))
        self.assertFalse(self._sees(self.third))

    def test_who_left_the_team_stands_in_for_nobody_whatever_the_context(self):
        self._away()
        self.assertTrue(self._sees(self.other_collector))
        self.team.member_ids.filtered(
            lambda seat: seat.user_id == self.other_collector
        ).active = False
        self.env.flush_all()
        for context in ({}, {'active_test': False}):
            with self.subTest(context):
                self.env.invalidate_all()
                case = self.case.with_user(self.other_collector).with_context(**context)
                self.assertFalse(case.search([]))
                self.assertFalse(case.has_access('read'))

    def test_rules_ask_in_one_place_who_stands_in(self):
        rules = self.env['ir.rule'].search([('model_id.model', 'like', 'cobranza.')])
        asking = rules.filtered(lambda rule: 'is_mine' in (rule.domain_force or ''))
        self.assertIn(self.env.ref('cobranza_management.cobranza_case_rule_substitute'), asking)
        elsewhere = rules.filtered(lambda rule: 'absence' in (rule.domain_force or ''))
        self.assertFalse(elsewhere.mapped('name'))

    def test_who_only_reads_may_ask_whose_work_it_is(self):
        self._away()
        for user in (self.accountant, self.supervisor):
            with self.subTest(user=user.login):
                self.assertFalse(self._queue(user))
                self.assertFalse(self.case.with_user(user).is_mine)
        self.assertTrue(self.case.with_user(self.other_collector).is_mine)

    def test_nothing_is_written_and_it_returns_by_itself(self):
        written = self.case.write_date
        self._away(self.third, first=1, last=2)
        for seen in (False, True, True, False):
            with self.subTest(day=self._day()):
                self.assertEqual(self._sees(self.third), seen)
                self.assertEqual(bool(self.case.with_user(self.supervisor).cover_note), seen)
            self._travel(days=1)
        self.assertEqual((self.case.user_id, self.case.write_date), (self.collector, written))

    def test_tasks_raised_meanwhile_go_to_the_substitute(self):
        self._away(self.third)
        task = self.case._schedule(
            [{'case': self.case, 'date': self._day(), 'summary': 'Call',
              'type': 'mail.mail_activity_data_call'}]
        )  # fmt: skip
        self.assertEqual(task.user_id, self.third)

    def _new_task(self):
        return self.case._schedule(
            [{'case': self.case, 'date': self._day(), 'summary': 'Call',
              'type': 'mail.mail_activity_data_call'}]
        )  # fmt: skip

    def test_tasks_of_a_team_that_stands_in_go_to_its_supervisor(self):
        self.team.supervisor_id = self.supervisor
        self._away()
        self.assertEqual(self._new_task().user_id, self.supervisor)
        self._away(user=self.supervisor, substitute=self.third)
        self.assertEqual(self._new_task().user_id, self.third)

    def test_with_nobody_to_take_them_tasks_wait_for_who_is_away(self):
        self._away()
        self.assertEqual(self._new_task().user_id, self.collector)
        self.team.supervisor_id = self.supervisor
        self._away(user=self.supervisor)
        self.assertEqual(self._new_task().user_id, self.collector)

    def test_only_a_collector_stands_in(self):
        retired = self._user('retired', 'cobranza_management.group_collector')
        retired.active = False
        elsewhere = self._user(
            'elsewhere',
            'cobranza_management.group_collector',
            self._company('Iberia', 'ES', self.usd),
        )
        for user in (self.employee, retired, elsewhere):
            with self.subTest(user=user.name), self.assertRaises(ValidationError):
                self._away(user)
        self.assertEqual(self._away(self.supervisor).substitute_id, self.supervisor)

    def test_who_is_away_gets_no_new_cases(self):
        self._away(self.third)
        for number in range(3):
            self._invoice(self._debtor(f'Debtor {number}'))
        self._run()
        new = self.env['cobranza.case'].search([('partner_id.name', 'like', 'Debtor')])
        self.assertEqual(new.user_id, self.other_collector)
        self.assertEqual(self.case.user_id, self.collector, 'and keeps the old ones')

    def test_the_case_says_who_stands_in(self):
        self._away(self.third)
        note = self.case.with_user(self.third).cover_note
        self.assertIn('Collector is away until', note)
        self.assertIn('Third stands in', note)

    def test_every_day_is_covered(self):
        self._away(self.third)
        for words, values in {
            'already away': {'user': self.collector, 'first': 3, 'last': 9},
            'is away on some of these days too': {
                'user': self.other_collector,
                'substitute': self.collector,
            },
            'stands in for Collector': {'user': self.third, 'first': 6, 'last': 7},
        }.items():
            with self.subTest(words), self.assertRaisesRegex(ValidationError, words):
                self._away(**values)

    def test_a_substitute_may_be_away_afterwards(self):
        self._away(self.third)
        self._away(user=self.third, first=7, last=9)
        self.assertEqual(self._queue(self.third), self.case)

    @mute_logger('odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule')
    def test_a_collector_gives_nobody_their_cases(self):
        values = {'user_id': self.other_collector.id, 'date_to': self._day(3)}
        with self.assertRaises(AccessError):
            self.env['cobranza.absence'].with_user(self.third).create(
                {**values, 'substitute_id': self.third.id}
            )
        self.env['cobranza.absence'].with_user(self.supervisor).create(values)

    def test_absences_of_another_company_stay_there(self):
        other = self._company('Iberia', 'ES', self.usd)
        stranger = self._user('stranger', 'cobranza_management.group_supervisor', other)
        self._away(self.third)
        elsewhere = self.env['cobranza.absence'].with_context(allowed_company_ids=other.ids)
        self.assertFalse(elsewhere.with_user(stranger).search([]))
        self.assertTrue(self.env['cobranza.absence'].with_user(self.supervisor).search([]))
