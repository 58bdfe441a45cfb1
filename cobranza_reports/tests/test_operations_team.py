"""The dashboards of supervisors: the day of the company, and each collector beside the others."""

import json

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ReportCommon


@tagged('post_install', '-at_install')
class BoardsCommon(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()

    def setUp(self):
        super().setUp()
        for partner, amount in zip(self.debtors, (1000, 500, 250)):
            self._invoice(partner, amount, days_overdue=20)
        self.env['cobranza.case']._create_missing(self.company)
        self.cases = [self._case_of(partner) for partner in self.debtors]
        self.cases[0].user_id = self.collector
        self.cases[1].user_id = self.other_collector
        self.env.flush_all()

    def _case_of(self, partner):
        return self.env['cobranza.case'].search(
            [('partner_id', '=', partner.id), ('company_id', '=', self.company.id)]
        )

    def _model(self, name, user=None):
        model = self.env[name].with_user(user or self.supervisor)
        return model.with_context(allowed_company_ids=self.company.ids)

    def _promise(self, case, amount, day, user=None):
        return self.env['cobranza.promise'].create(
            {
                'amount': amount,
                'case_id': case.id,
                'date': day,
                'line_ids': [(6, 0, case._open_items().ids)]
                if hasattr(case, '_open_items')
                else [],
                'user_id': (user or self.collector).id,
            }
        )

    def _contact(self, case, user, right_party=False):
        return self.env['cobranza.interaction'].create(
            {
                'case_id': case.id,
                'channel': 'phone',
                'is_right_party': right_party,
                'user_id': user.id,
            }
        )

    def _statements(self, model):
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._model(model).get_board()
        return self.env.cr.sql_log_count - before

    def _more_of_everything(self):
        for number in range(6):
            partner = self._debtor(f'More {number}')
            self._invoice(partner, 100, days_overdue=20)
            user = self._user(f'more_{number}', 'cobranza_management.group_collector')
            self.env['cobranza.case']._create_missing(self.company)
            case = self._case_of(partner)
            case.user_id = user
            self._contact(case, user)
            self._promise(case, 50, self._day(3), user)
        self.env.flush_all()


@tagged('post_install', '-at_install')
class TestOperations(BoardsCommon):
    def _tiles(self):
        board = self._model('cobranza.report.operations').get_board()
        json.dumps(board)
        return {tile['key']: tile for tile in board['tiles']}, board

    def _behind(self, key):
        action = self._model('cobranza.report.operations').action_open(key)
        json.dumps(action, default=str)
        return self.env[action['res_model']].search(action['domain'])

    def test_the_queue_and_who_waits(self):
        self._promise(self.cases[0], 1000, self._day(4))
        self.env.flush_all()
        tiles, board = self._tiles()
        self.assertEqual((tiles['queue']['value'], tiles['available']['value']), ('3', '2'))
        self.assertEqual(tiles['queue']['note'], '1 known to wait')
        self.assertEqual(len(self._behind('queue')), 3)
        self.assertEqual(self._behind('available'), self.cases[1] | self.cases[2])
        people = {row['name']: row['amount'] for row in board['people']}
        self.assertEqual(people, {'Collector': '1', 'Other_collector': '1', 'Nobody': '1'})
        action = self._model('cobranza.report.operations').action_open_queue(0)
        self.assertEqual(self.env['cobranza.case'].search(action['domain']), self.cases[2])

    def test_what_was_worked_today(self):
        self._contact(self.cases[0], self.collector)
        self._contact(self.cases[0], self.collector)
        tiles, _board = self._tiles()
        self.assertEqual(tiles['worked']['value'], '1', 'a debtor called twice is one')
        self.assertEqual(len(self._behind('worked')), 2)
        self._travel(days=1)
        self.assertEqual(self._tiles()[0]['worked']['value'], '0')

    def test_promises_that_fall_due(self):
        today = self._promise(self.cases[0], 300, self._day())
        sunday = 6 - self._day().weekday()
        week = self._promise(self.cases[1], 200, self._day(sunday))
        self._promise(self.cases[2], 100, self._day(sunday + 1))
        tiles, board = self._tiles()
        self.assertEqual(tiles['promises_today']['value'], '2' if not sunday else '1')
        self.assertEqual(tiles['promises_week']['value'], '2')
        self.assertIn('500', tiles['promises_week']['note'])
        self.assertEqual(self._behind('promises_week'), today | week)
        self.assertEqual(sum(board['promises']['amounts']), 600)

    def test_late_tasks_are_an_alarm(self):
        self.assertFalse(self._tiles()[0]['tasks']['alarm'])
        self.cases[0].activity_schedule('mail.mail_activity_data_todo', date_deadline=self._day(-1))
        self.cases[1].activity_schedule('mail.mail_activity_data_todo', date_deadline=self._day())
        self.env.flush_all()
        tile = self._tiles()[0]['tasks']
        self.assertEqual((tile['value'], tile['alarm']), ('1', True))
        self.assertEqual(self._behind('tasks'), self.cases[0])

    def test_the_last_cycle_and_its_messages(self):
        self.assertIsNone(self._tiles()[1]['run'])
        self.company.cobranza_active = True
        run = self.env['cobranza.run']._run(self.company)
        _tiles, board = self._tiles()
        self.assertEqual((board['run']['id'], board['run']['state']), (run.id, 'done'))
        self.assertEqual(len(board['run']['phases']), len(run.phase_ids))
        reminders = self.env['cobranza.reminder'].search([('company_id', '=', self.company.id)])
        self.assertEqual(sum(bar['size'] for bar in board['messages']), len(reminders))
        for bar in board['messages']:
            self.assertEqual(len(self._behind(bar['id'])), bar['size'])

    def test_it_is_the_supervisors(self):
        for user in (self.collector, self.accountant, self.employee, self.portal):
            for model in ('cobranza.report.operations', 'cobranza.report.team'):
                with self.subTest(model, user=user.login), self.assertRaises(AccessError):
                    self._model(model, user).get_board()
                with self.subTest(model, user=user.login), self.assertRaises(AccessError):
                    self._model(model, user).action_open('queue')

    def test_a_company_is_shown_alone(self):
        self._invoice(self.debtors[0], 900, company=self.iberia)
        self.env['cobranza.case']._create_missing(self.iberia)
        self.env.flush_all()
        self.assertEqual(self._tiles()[0]['queue']['value'], '3')

    def test_the_number_of_statements_does_not_grow(self):
        models = ('cobranza.report.operations', 'cobranza.report.team')

        def count():
            for model in models:
                self._statements(model)  # what the registry keeps is read once
            return [self._statements(model) for model in models]

        before = count()
        self._more_of_everything()
        self.assertEqual(count(), before)
        self.assertLess(max(before), 25)


@tagged('post_install', '-at_install')
class TestTeam(BoardsCommon):
    def setUp(self):
        super().setUp()
        # the middle of a week, so that it has a before and an after
        self._travel(days=(2 - self._day().weekday()) % 7)

    def _board(self, **options):
        board = self._model('cobranza.report.team').get_board(**options)
        json.dumps(board)
        rows = {row['name']: {cell['key']: cell for cell in row['cells']} for row in board['rows']}
        return rows, {tile['key']: tile for tile in board['tiles']}, board

    def test_each_person_beside_the_week_before(self):
        self._travel(days=-7)
        self._contact(self.cases[0], self.collector)
        self._travel(days=7)
        for right in (True, True, False, False):
            self._contact(self.cases[0], self.collector, right_party=right)
        self._contact(self.cases[1], self.other_collector)
        rows, tiles, _board = self._board()
        self.assertEqual(rows['Collector']['contacts']['value'], '4')
        self.assertEqual(rows['Collector']['contacts']['note'], '+3')
        self.assertEqual(rows['Collector']['right_party']['value'], '50.0 %')
        self.assertEqual((tiles['contacts']['value'], tiles['contacts']['change']), ('5', '+4'))
        self.assertEqual(tiles['right_party']['value'], '40.0 %')
        self.assertEqual(rows['Collector']['portfolio']['value'], '1')
        self.assertIn('1,000', rows['Collector']['portfolio']['note'])

    def test_the_days_after_today_of_the_week_before_do_not_count(self):
        self._travel(days=-6)
        self._contact(self.cases[0], self.collector)
        self._travel(days=6)
        _rows, tiles, _board = self._board()
        self.assertEqual((tiles['contacts']['value'], tiles['contacts']['change']), ('0', ''))

    def test_promises_taken_and_kept(self):
        kept = self._promise(self.cases[0], 400, self._day())
        broken = self._promise(self.cases[1], 100, self._day(), self.other_collector)
        kept.write({'state': 'kept'})
        broken.write({'state': 'broken'})
        self.env.flush_all()
        rows, tiles, _board = self._board()
        self.assertEqual((tiles['promises']['value'], tiles['kept_rate']['value']), ('2', '50.0 %'))
        self.assertEqual(rows['Collector']['kept_rate']['value'], '100.0 %')
        self.assertEqual(rows['Other_collector']['kept_rate']['value'], '0.0 %')
        self.assertEqual(rows['Nobody']['kept_rate']['value'], '–')

    def test_what_was_collected_is_what_the_payments_say(self):
        self._pay(amount=600, invoice=self._invoice(self.debtors[0], 600))
        self._pay(amount=70, invoice=self._invoice(self.debtors[2], 70))
        self.env.flush_all()
        rows, tiles, board = self._board(period='month')
        [paid] = self.env['cobranza.report.payment']._read_group(
            [('company_id', '=', self.company.id), ('date', '=', self._day())], [], ['paid:sum']
        )[0]
        self.assertIn(f'{paid:,.0f}', tiles['collected']['value'])
        self.assertEqual(sum(board['chart']['now']), paid)
        self.assertIn('600', rows['Collector']['collected']['value'])

    def test_a_figure_opens_what_it_counted(self):
        self._contact(self.cases[0], self.collector)
        self._contact(self.cases[1], self.other_collector)
        Team = self._model('cobranza.report.team')
        for user_id, count in ((None, 2), (self.collector.id, 1), (0, 0)):
            action = Team.action_open('contacts', 'week', self.company.id, user_id)
            self.assertEqual(self.env[action['res_model']].search_count(action['domain']), count)
        action = Team.action_open('portfolio', 'week', self.company.id, self.collector.id)
        self.assertEqual(self.env['cobranza.case'].search(action['domain']), self.cases[0])
