"""The workbench's methods: what they return, to whom, and who has which debtor."""

import inspect
import json

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CobranzaCommon

MUTED = 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule', 'odoo.sql_db'


class WorkbenchCommon(CobranzaCommon):
    """Three debtors of different weight, two collectors, no strategy in the way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.rule = cls.env['cobranza.contact.rule'].search([('company_id', '=', cls.company.id)])
        cls.rule.min_days = 0
        cls.phone = '+57 300 111 2233'
        cls.small, cls.big, cls.middle = (
            cls._debtor(name, phone=cls.phone, city='Bogotá') for name in ('Small', 'Big', 'Middle')
        )
        cls._invoice(cls.small, 10, days_overdue=2)
        cls._invoice(cls.big, 5000, days_overdue=80)
        cls._invoice(cls.middle, 500, days_overdue=40)
        cls.env['cobranza.case']._create_missing(cls.company)
        cls.cases = cls.env['cobranza.case'].search([('company_id', '=', cls.company.id)])
        by_partner = {case.partner_id: case for case in cls.cases}
        cls.small_case, cls.big_case, cls.middle_case = (
            by_partner[partner] for partner in (cls.small, cls.big, cls.middle)
        )
        cls.cases.user_id = cls.collector
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _bench(self, user=None):
        return self.env['cobranza.workbench'].with_user(user or self.collector)

    def _count(self, function):
        """Return how many statements a call sends, its caches warm."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function()
        return self.cr.sql_log_count - before

    def _result(self, name):
        return self.env.ref(f'cobranza_management.outcome_{name}')

    def _say(self, name, case=None, user=None, **values):
        """Record an outcome through the RPC method and return its answer."""
        case = case or self.big_case
        answer = self._bench(user).record_outcome(case.id, self._result(name).id, values)
        json.dumps(answer)
        self.env.invalidate_all()
        return answer


@tagged('post_install', '-at_install')
class TestWorkbench(WorkbenchCommon):
    def test_the_payload_says_everything_about_a_debtor(self):
        payload = self._bench().open_case(self.big_case.id)
        json.dumps(payload)
        self.assertEqual(payload['name'], 'Big')
        self.assertEqual(payload['amount_raw'], 5000)
        self.assertEqual(payload['days'], 80)
        self.assertEqual([item['amount_raw'] for item in payload['items']], [5000])
        self.assertEqual(payload['items'][0]['level'], 4)
        self.assertEqual(payload['item_total'], 1)
        self.assertEqual(payload['contacts'][0]['phone'], self.phone)
        self.assertEqual(payload['currencies'][0]['code'], 'USD')
        self.assertEqual((payload['currency'], payload['can_plan']), ('USD', True))
        phone = next(row for row in payload['channels'] if row['code'] == 'phone')
        self.assertTrue(phone['allowed'])

    def test_the_queue_returns_what_the_screen_needs(self):
        answer = self._bench().get_queue()
        json.dumps(answer)
        self.assertEqual([row['name'] for row in answer['cases']], ['Big', 'Middle', 'Small'])
        self.assertEqual((answer['total'], answer['waiting'], answer['done_today']), (3, 0, 0))
        self.assertEqual(answer['goal'], 3)
        self.assertTrue(answer['outcomes'] and answer['templates'])

    def test_promise_defaults_offer_days(self):
        answer = self._bench().get_promise_defaults(self.big_case.id)
        json.dumps(answer)
        self.assertEqual((answer['amount'], answer['currency']), (5000, 'USD'))
        self.assertIn(str(self._day(1)), [day['date'] for day in answer['dates']])

    # === ORDER === #

    def _names(self, user=None, **options):
        return [row['name'] for row in self._bench(user).get_queue(**options)['cases']]

    def test_a_day_is_offered_once_whatever_the_weekday(self):
        for _day in range(35):
            days = [
                chip['date']
                for chip in self._bench().get_promise_defaults(self.big_case.id)['dates']
            ]
            self.assertEqual(len(days), len(set(days)), self._day())
            self._travel(days=1)

    def test_the_call_of_the_strategy_comes_first_among_equals(self):
        twins = [self._debtor(name, phone=self.phone) for name in ('Twin A', 'Twin B')]
        for twin in twins:
            self._invoice(twin, 700, days_overdue=40)
        self._strategy({5: {'channels': ('phone',)}})
        self._run()
        called = self._reminders(twins[1])
        self._reminders(twins[0]).state = 'cancelled'
        called.write({'state': 'ready', 'channel': 'phone'})
        names = self._names()
        self.assertLess(names.index('Twin B'), names.index('Twin A'))

    def test_who_may_not_be_contacted_waits_at_the_end_and_says_until_when(self):
        self.env['cobranza.consent'].create({'partner_id': self.big.id, 'state': 'out'})
        self.middle_case._hold('Away', self._day(2))
        answer = self._bench().get_queue()
        self.assertEqual([row['name'] for row in answer['cases'] if row['available']], ['Small'])
        waits = {row['name']: row for row in answer['cases'] if not row['available']}
        self.assertIn('asked not to be contacted', waits['Big']['why'])
        self.assertIn('Away', waits['Middle']['why'])
        self.assertTrue(waits['Middle']['until'])
        self.assertEqual((answer['total'], answer['waiting']), (3, 2))

    def test_at_night_everybody_waits_for_the_morning(self):
        self._travel(hours=12)  # 22:00
        answer = self._bench().get_queue()
        self.assertFalse([row for row in answer['cases'] if row['available']])
        self.assertEqual(answer['cases'][0]['why'], 'outside contact hours')
        self.assertEqual(answer['cases'][0]['until'], 'Thu 5 Mar, 9:00')
        empty = self._bench().next_case()
        self.assertTrue(empty['empty'])
        self.assertIn('from Thu 5 Mar, 9:00', empty['message'])

    def test_a_moment_of_today_is_an_hour_without_its_day(self):
        self._travel(hours=-4)  # 6:00
        self.assertEqual(self._bench().get_queue()['cases'][0]['until'], '9:00')

    def test_one_open_channel_is_enough(self):
        self.env['cobranza.consent'].create(
            {'partner_id': self.big.id, 'channel': 'phone', 'state': 'out'}
        )
        self.assertEqual(self._names()[0], 'Big')

    def test_a_debtor_without_any_address_waits(self):
        self.big.write({'phone': False, 'email': False})
        row = self._bench().get_queue()['cases'][-1]
        self.assertEqual((row['name'], row['why']), ('Big', 'no address on any channel'))

    def test_what_is_promised_waits_for_its_day(self):
        self._say('promise', amount=5000, date=str(self._day(2)))
        self._travel(days=1)
        row = next(row for row in self._bench().get_queue()['cases'] if row['name'] == 'Big')
        self.assertEqual((row['available'], row['why']), (False, 'Promised to pay'))
        self._travel(days=2)
        self.assertEqual(self._names()[0], 'Big')

    def test_a_part_promised_of_every_item_leaves_nothing_to_claim(self):
        self._say('promise', amount=2000, date=str(self._day(2)))
        self._travel(days=1)
        answer = self._bench().get_queue()
        row = next(row for row in answer['cases'] if row['name'] == 'Big')
        self.assertEqual((row['available'], row['why']), (False, 'Promised to pay'))
        self.assertEqual(answer['waiting'], 1)
        self.assertEqual(self._bench().next_case()['name'], 'Middle')
        self._invoice(self.big, 300, days_overdue=3)  # nobody promised that one
        self.assertTrue(self._bench().get_queue()['cases'][0]['available'])
        self.assertEqual(self._names()[0], 'Big')

    def test_who_has_promised_all_waits_for_that_though_a_step_is_near(self):
        step = self._strategy({90: {}}).step_ids
        self.big_case._write_columns(
            ['next_step_id', 'next_action_date'],
            {self.big_case.id: (step.id, self._day(10))},
        )
        self.assertIn('on ', self.big_case.next_action)
        self._say('promise', amount=5000, date=str(self._day(2)))
        self.assertTrue(self.big_case.is_promised)
        self.assertIn('Waits for the promise of', self.big_case.next_action)
        self._invoice(self.big, 300, days_overdue=3)  # nobody promised that one
        self.env.invalidate_all()
        self.assertFalse(self.big_case.is_promised)
        self.assertNotIn('Waits for the promise', self.big_case.next_action)

    def test_pages_follow_one_another(self):
        first = self._bench().get_queue(limit=2)['cases']
        rest = self._bench().get_queue(offset=len(first), limit=2)['cases']
        self.assertEqual([row['name'] for row in first + rest], ['Big', 'Middle', 'Small'])

    def test_the_rest_of_a_page_of_refused_ones_is_filled_up(self):
        self.env['cobranza.consent'].create({'partner_id': self.big.id, 'state': 'out'})
        rows = self._bench().get_queue(limit=1)['cases']
        self.assertEqual([row['name'] for row in rows], ['Middle', 'Big'])
        rest = self._bench().get_queue(offset=len(rows), limit=1)['cases']
        self.assertEqual([row['name'] for row in rest], ['Small'])

    def test_paid_and_not_due_debtors_are_not_in_the_queue(self):
        self._pay(self.big, 5000, invoice=self.big_case.item_ids.move_id)
        self._invoice(self._debtor('Punctual'), 10, days_overdue=-5)
        self.env['cobranza.case']._create_missing(self.company)
        self.assertEqual(self._names(), ['Middle', 'Small'])

    def test_the_day_is_counted(self):
        self._say('other')
        self._say('other', case=self.small_case)
        answer = self._bench().get_queue()
        self.assertEqual((answer['done_today'], answer['goal'], answer['total']), (2, 3, 1))
        self.env['cobranza.team'].create(
            {
                'name': 'Team',
                'company_id': self.company.id,
                'member_ids': [Command.create({'user_id': self.collector.id, 'daily_goal': 54})],
            }
        )
        self.assertEqual(self._bench().get_queue()['goal'], 54)

    # === WHOSE === #

    def test_free_cases_are_everybodys_if_the_company_says_so(self):
        self.big_case.user_id = False
        self.small_case.user_id = self.other_collector
        self.assertEqual(self._names(), ['Big', 'Middle'])
        self.assertEqual(self._names(self.other_collector), ['Big', 'Small'])
        self.company.cobranza_queue_unassigned = False
        self.assertEqual(self._names(), ['Middle'])

    def test_a_supervisor_looks_at_the_queue_of_a_collector(self):
        self.assertFalse(self._names(self.supervisor))
        self.assertEqual(len(self._names(self.supervisor, user_id=self.collector.id)), 3)
        with self.assertRaises(UserError):
            self._names(self.other_collector, user_id=self.collector.id)

    def test_a_case_of_another_does_not_exist(self):
        bench = self._bench(self.other_collector)
        outcome, template = self._result('other').id, self.template.id
        calls = {
            'open_case': (),
            'record_outcome': (outcome, {}),
            'get_promise_defaults': (),
            'compose': ('email',),
            'send_message': ('email', template, 'x', 'x'),
        }
        for name, arguments in calls.items():
            for case_id in (self.big_case.id, 10**8, 'x', None, True, -1):
                with (
                    self.subTest(method=name, case=case_id),
                    self.assertRaises(UserError) as refused,
                ):
                    getattr(bench, name)(case_id, *arguments)
                self.assertNotIn('Big', str(refused.exception))
        self.assertTrue(bench.next_case()['empty'])
        self.assertFalse(bench.get_queue()['cases'])
        self.assertFalse(self.env['cobranza.work.lease'].search([]))

    @mute_logger(*MUTED)
    def test_who_is_no_collector_gets_nothing(self):
        case, outcome = self.big_case.id, self._result('other').id
        calls = {
            'compose': (case, 'email'),
            'get_promise_defaults': (case,),
            'get_queue': (),
            'next_case': (),
            'open_case': (case,),
            'peek_next': (case,),
            'record_outcome': (case, outcome),
            'release': ([case],),
            'send_message': (case, 'email', self.template.id, 'x', 'x'),
        }
        public = {
            name
            for cls in type(self.env['cobranza.workbench']).mro()
            if 'cobranza_management' in (cls.__module__ or '')
            for name, member in vars(cls).items()
            if inspect.isfunction(member) and not name.startswith('_')
        }
        self.assertEqual(public, set(calls), 'every method anybody may call is tried here')
        for user in (self.employee, self.portal, self.accountant, self.env.ref('base.public_user')):
            for name, arguments in calls.items():
                with self.subTest(user=user.login, method=name), self.assertRaises(AccessError):
                    getattr(self._bench(user), name)(*arguments)

    def test_two_companies_stay_apart(self):
        other = self._company('Iberia', 'ES', self.usd)
        self._invoice(self.big, 70, company=other)
        self.env['cobranza.case']._create_missing(other)
        theirs = self._case(self.big, other)
        self.assertEqual(len(self._names()), 3)
        with self.assertRaises(UserError):
            self._bench().open_case(theirs.id)
        self.collector.company_ids += other
        both = self._bench().with_context(allowed_company_ids=(self.company + other).ids)
        self.assertEqual(len(both.get_queue()['cases']), 4)
        self.assertEqual(both.open_case(theirs.id)['company'], 'Iberia')
        self.assertEqual(both.open_case(self.big_case.id)['amount_raw'], 5000)

    # === LEASES === #

    def test_two_collectors_never_get_the_same_debtor(self):
        self.cases.user_id = False
        mine = self._bench().next_case()
        ahead = self._bench().peek_next(mine['id'])
        theirs = self._bench(self.other_collector).next_case()
        self.assertEqual([mine['name'], ahead['name'], theirs['name']], ['Big', 'Middle', 'Small'])
        self.assertTrue(self._bench(self.other_collector).next_case(theirs['id'])['empty'])

    def test_a_debtor_at_work_is_busy_until_given_back(self):
        self.cases.user_id = False
        self._bench().open_case(self.big_case.id)
        others = self._bench(self.other_collector)
        self.assertEqual(others.open_case(self.big_case.id), {'busy': 'Collector'})
        row = next(row for row in others.get_queue()['cases'] if row['name'] == 'Big')
        self.assertEqual(row['worked_by'], 'Collector')
        with self.assertRaises(UserError) as refused:
            others.record_outcome(self.big_case.id, self._result('other').id)
        self.assertIn('Collector is working on Big', str(refused.exception))
        others.release([self.big_case.id])
        self.assertEqual(
            others.open_case(self.big_case.id), {'busy': 'Collector'}, 'not theirs to give'
        )
        self._bench().release([self.big_case.id, 'x', None])
        self.assertEqual(others.open_case(self.big_case.id)['name'], 'Big')

    def test_a_closed_browser_keeps_a_debtor_ten_minutes(self):
        self.cases.user_id = False
        self._bench().open_case(self.big_case.id)
        others = self._bench(self.other_collector)
        self._travel(minutes=9)
        self.assertIn('busy', others.open_case(self.big_case.id))
        self._bench().open_case(self.big_case.id)
        self._travel(minutes=9)
        self.assertIn('busy', others.open_case(self.big_case.id), 'any call renews it')
        self._travel(minutes=1)
        self.assertEqual(others.open_case(self.big_case.id)['name'], 'Big')

    def test_a_lease_does_not_touch_the_case(self):
        before = self.big_case.write_date
        self._travel(hours=1)
        self._bench().open_case(self.big_case.id)
        self.env.invalidate_all()
        self.assertEqual(self.big_case.write_date, before)

    # === COST === #

    def test_a_big_debtor_costs_as_much_as_a_small_one(self):
        """Statements do not grow with the documents, and stay within what a screen may cost."""
        for number in range(12):
            self._invoice(self.big, 10 + number, days_overdue=number)
        self._say('third_party', case=self.small_case)
        self._say('third_party', note='the brother')
        self._client().open_case(self.small_case.id)
        small = self._count(lambda: self._client().open_case(self.small_case.id))
        big = self._count(lambda: self._client().open_case(self.big_case.id))
        self.assertLessEqual(big, small)
        self.assertLessEqual(big, 22)

    def test_the_next_debtor_costs_no_second_look(self):
        """Choosing and showing share what they read, of a debtor to call back too, whom the gate is asked of twice."""
        for number in range(12):
            self._invoice(self.big, 10 + number, days_overdue=number)
        self._say('third_party', note='the brother')
        self.big_case._leave_queue(
            None, callback=fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        )
        self._client().next_case()
        count = self._count(lambda: self.assertEqual(self._client().next_case()['name'], 'Big'))
        self.assertLessEqual(count, 23)

    def test_recording_costs_no_second_look(self):
        """The contact and what the screen shows afterwards share whom they read."""
        self._say('other', note='first')
        note = self._result('other').id
        count = self._count(
            lambda: self._client().record_outcome(self.big_case.id, note, {'note': 'second'})
        )
        self.assertLessEqual(count, 27)

    def test_the_queue_costs_the_same_for_many(self):
        self._client().get_queue()
        few = self._count(lambda: self._client().get_queue(limit=2))
        for number in range(10):
            self._invoice(self._debtor(f'Debtor {number}', phone=self.phone), 50 + number)
        self.env['cobranza.case']._create_missing(self.company)
        many = self._count(lambda: self._client().get_queue())
        self.assertLessEqual(many, few)
        self.assertLessEqual(many, 20)

    def _client(self):
        """Return the workbench as the web client asks it: its context has the time zone, never read from the user."""
        return self._bench().with_context(tz='UTC')
