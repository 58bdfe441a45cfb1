"""What a supervisor sees: the board, whose every figure opens its records, and all that waits for a decision."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CobranzaCommon

MUTED = 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule'


@tagged('post_install', '-at_install')
class TestTeamBoard(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.company.cobranza_review = True
        cls._strategy({5: {}})
        cls.team = cls.env['cobranza.team'].create(
            {
                'name': 'Team',
                'company_id': cls.company.id,
                'member_ids': [
                    Command.create({'user_id': cls.collector.id, 'capacity': 1}),
                    Command.create({'user_id': cls.other_collector.id}),
                ],
            }
        )
        cls.debtors = [cls._debtor(f'Debtor {number}') for number in range(4)]
        for partner in cls.debtors:
            cls._invoice(partner)
        cls.env['cobranza.run']._run(cls.company)
        found = cls.env['cobranza.case'].search([('company_id', '=', cls.company.id)], order='id')
        cls.first, cls.second, cls.theirs, cls.free = found
        (cls.first + cls.second).user_id = cls.collector
        cls.theirs.user_id = cls.other_collector
        cls.free.user_id = False
        cls.env.flush_all()

    def _row(self, user, reader=None):
        self.env.flush_all()
        self.env.invalidate_all()
        Board = self.env['cobranza.team.board'].with_user(reader or self.supervisor)
        return Board.search(
            [('user_id', '=', user and user.id), ('company_id', '=', self.company.id)]
        )

    def _contact(self, case, user, **values):
        return case.with_user(user)._log_contact({'channel': 'phone', **values})

    def _promise(self, case, **values):
        return self.env['cobranza.promise'].create(
            {
                'amount': 40,
                'case_id': case.id,
                'currency_id': self.usd.id,
                'date': self._day(2),
                'user_id': self.collector.id,
                **values,
            }
        )

    def _opens(self, row, name):
        """Return the records that a figure opens."""
        action = getattr(row, f'action_view_{name}')()
        return self.env[action['res_model']].with_user(self.supervisor).search(action['domain'])

    def test_work_in_hand(self):
        row = self._row(self.collector)
        self.assertRecordValues(
            row,
            [
                {
                    'case_count': 2,
                    'amount_overdue': 200,
                    'capacity': 1,
                    'load': 2,
                    'team_id': self.team.id,
                }
            ],
        )
        self.assertEqual(self._opens(row, 'cases'), self.first + self.second)

    def test_who_has_no_limit_has_no_load(self):
        self.assertRecordValues(
            self._row(self.other_collector), [{'case_count': 1, 'capacity': 0, 'load': 0}]
        )

    def test_the_cases_nobody_has_are_a_row_too(self):
        row = self._row(False)
        self.assertRecordValues(row, [{'case_count': 1, 'amount_overdue': 100}])
        self.assertEqual(self._opens(row, 'cases'), self.free)
        self.assertEqual(row.display_name, 'Nobody')

    def test_contacts_are_those_of_a_person_and_of_their_day(self):
        yesterday = self._contact(self.first, self.collector)
        self._travel(days=1)
        today = self._contact(self.first, self.collector) + self._contact(
            self.second, self.collector, direction='in'
        )
        self._contact(self.theirs, self.other_collector)
        corrected = self._contact(self.first, self.collector)
        self.env['cobranza.interaction']._correct({corrected: 'wrong number'})
        noted = self._contact(self.second, self.collector)
        today += self._contact(self.second, self.collector, replaces_id=noted.id)
        row = self._row(self.collector)
        self.assertRecordValues(row, [{'contact_today': 3, 'contact_yesterday': 1}])
        self.assertEqual(self._opens(row, 'contacts_today'), today)
        self.assertEqual(self._opens(row, 'contacts_yesterday'), yesterday)

    def test_the_day_begins_where_the_reader_is(self):
        self.clock.move_to('2026-03-05 04:00:00')  # still the 4th in Bogotá
        self._contact(self.first, self.collector)
        self.clock.move_to('2026-03-05 06:00:00')
        self.assertRecordValues(
            self._row(self.collector), [{'contact_today': 0, 'contact_yesterday': 1}]
        )

    def test_a_message_that_left_by_itself_is_nobodys_work(self):
        reminder = self.env['cobranza.reminder'].search([('case_id', '=', self.first.id)])
        reminder.action_approve()
        self._dispatch()
        self.assertEqual(self.first.interaction_ids.user_id, self.collector)
        self.assertEqual(self._row(self.collector).contact_today, 0)

    def test_promises_are_added_up_in_the_currency_of_the_books(self):
        pesos = self._invoice(self.second.partner_id, amount=9000, currency=self.clp)
        mine = self._promise(self.first) + self._promise(
            self.second, amount=9000, currency_id=self.clp.id, line_ids=self._items(pesos).ids
        )
        self._promise(self.theirs, user_id=self.other_collector.id)
        row = self._row(self.collector)
        self.assertRecordValues(row, [{'promise_count': 2, 'promise_amount': 50}])
        self.assertEqual(self._opens(row, 'promises'), mine)

    def test_the_kept_rate_is_kept_of_those_judged(self):
        promises = (
            self._promise(self.first) + self._promise(self.second) + self._promise(self.first)
        )
        for promise, state in zip(promises, ('kept', 'broken', 'open')):
            self.env.cr.execute(
                'UPDATE cobranza_promise SET state = %s WHERE id = %s', [state, promise.id]
            )
        row = self._row(self.collector)
        self.assertRecordValues(row, [{'judged_count': 2, 'kept_count': 1, 'kept_rate': 0.5}])
        self.assertEqual(self._opens(row, 'judged'), promises[:2])

    def _judged(self, case, user, *states):
        """Make promises that a person took, one for each of `states`, which says what became of it."""
        for state in states:
            promise = self._promise(case, user_id=user.id)
            self.env.flush_all()
            self.env.cr.execute(
                'UPDATE cobranza_promise SET state = %s WHERE id = %s', [state, promise.id]
            )

    def test_the_kept_rate_is_the_same_on_the_case_on_the_board_and_among_the_measures(self):
        self._judged(
            self.first, self.collector, 'kept', 'late', 'partial', 'broken', 'kept', 'open'
        )
        self._judged(self.theirs, self.other_collector, 'broken', 'broken', 'cancelled')
        for case, user, kept, judged in (
            (self.first, self.collector, 2, 5),
            (self.theirs, self.other_collector, 0, 2),
        ):
            row = self._row(user)
            self.assertEqual(
                (row.kept_count, row.judged_count, row.kept_rate), (kept, judged, kept / judged)
            )
            self.assertEqual(
                (case.promise_kept_rate, case.promise_judged_count), (row.kept_rate, judged)
            )
            self.assertEqual(self._rates('cobranza.promise', case), [(kept / judged, kept, judged)])

    def test_the_kept_rate_of_several_people_is_that_of_all_their_promises(self):
        self._judged(self.first, self.collector, 'kept')
        self._judged(self.theirs, self.other_collector, 'broken', 'broken', 'late')
        self._judged(self.free, self.env['res.users'], 'open')
        self.assertEqual(self._rates('cobranza.promise'), [(0.25, 1, 4)])
        self.assertEqual(self._rates('cobranza.team.board'), [(0.25, 1, 4)])

    def _rates(self, model, case=None):
        """Return [(kept rate, kept, judged)] of a case, or of the company."""
        self.env.flush_all()
        domain = [('company_id', '=', self.company.id)]
        return self.env[model]._read_group(
            domain + ([('case_id', '=', case.id)] if case else []),
            [],
            ['kept_rate:avg', 'kept_count:sum', 'judged_count:sum'],
        )

    def test_what_waits_for_approval(self):
        row = self._row(self.collector)
        self.assertEqual(row.approval_count, 2)
        self.assertEqual(self._opens(row, 'approvals').case_id, self.first + self.second)

    def test_their_cases_can_be_handed_over_at_once(self):
        action = self._row(self.collector).action_reassign()
        wizard = (
            self.env['cobranza.reassign.wizard']
            .with_user(self.supervisor)
            .with_context(**action['context'])
            .create({})
        )
        self.assertEqual(wizard.member_ids.user_id, self.other_collector)
        self.assertEqual(wizard.member_ids.display_name, 'Other_collector')
        self.assertEqual(
            set(action['context']['default_case_ids']), {self.first.id, self.second.id}
        )

    def test_it_costs_the_same_for_many_collectors(self):
        counts = []
        for number in range(2):
            for extra in range(number * 5):
                user = self._user(f'extra{extra}', 'cobranza_management.group_collector')
                self.team.member_ids = [Command.create({'user_id': user.id})]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self.env['cobranza.team.board'].with_user(self.supervisor).search([])
            rows.mapped('cover_note')
            rows.mapped('promise_amount')
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1, counts)

    def test_figures_group_by_team(self):
        rows = self.env['cobranza.team.board']._read_group(
            [('company_id', '=', self.company.id)], ['team_id'], ['case_count:sum']
        )
        self.assertEqual({team.name: count for team, count in rows}, {'Team': 3, False: 1})

    @mute_logger(*MUTED)
    def test_only_supervisors_look_over_shoulders(self):
        for user in (self.collector, self.accountant, self.employee, self.portal):
            for model in ('cobranza.team.board', 'cobranza.approval'):
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_another_company_has_its_own_board(self):
        other = self._company('Iberia', 'ES', self.usd)
        self._invoice(company=other)
        self._run(other)
        stranger = self._user('stranger', 'cobranza_management.group_supervisor', other)
        for model in ('cobranza.team.board', 'cobranza.approval'):
            with self.subTest(model=model):
                elsewhere = self.env[model].with_context(allowed_company_ids=other.ids)
                seen = elsewhere.with_user(stranger).search([])
                self.assertLessEqual(seen.company_id, other)
                ours = self.env[model].with_user(self.supervisor).search([])
                self.assertEqual(ours.company_id, self.company)


@tagged('post_install', '-at_install')
class TestApprovals(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.company.cobranza_review = True
        cls._strategy({5: {}})
        cls._invoice(amount=100)
        cls.env['cobranza.run']._run(cls.company)
        cls.case = cls.env['cobranza.case'].search([('partner_id', '=', cls.debtor.id)])
        cls.case.user_id = cls.collector
        cls.env.flush_all()

    def _waiting(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env['cobranza.approval'].with_user(user or self.supervisor).search([])

    def _promise_above_policy(self):
        pesos = self._invoice(amount=9000, currency=self.clp)
        promise = self.case._take_promise(
            {'amount': 9000, 'currency_id': self.clp.id, 'date': self._day(90),
             'line_ids': [Command.set(self._items(pesos).ids)]}
        )  # fmt: skip
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cobranza_promise SET state = 'review', review_reason = 'far away' WHERE id = %s",
            [promise.id],
        )
        promise.invalidate_recordset()
        return promise

    def test_a_message_to_approve_waits_here(self):
        waiting = self._waiting()
        self.assertRecordValues(
            waiting,
            [
                {
                    'amount': 100,
                    'case_id': self.case.id,
                    'kind': 'cobranza.reminder',
                    'partner_id': self.debtor.id,
                    'record_id': self._reminder().id,
                    'summary': 'Day 5',
                    'user_id': self.collector.id,
                }
            ],
        )
        self.assertEqual(waiting.action_open()['res_id'], self._reminder().id)

    def test_approving_lets_it_go(self):
        self._waiting().action_approve()
        self.assertEqual(self._reminder().state, 'queued')
        self.assertFalse(self._waiting())

    def test_refusing_stops_it(self):
        self._waiting().action_refuse()
        self.assertEqual(
            (self._reminder().state, self._reminder().reason_code), ('cancelled', 'rejected')
        )

    def test_a_promise_above_the_policy_waits_beside_it(self):
        promise = self._promise_above_policy()
        by_kind = self._waiting().grouped('kind')
        self.assertEqual(set(by_kind), {'cobranza.reminder', 'cobranza.promise'})
        row = by_kind['cobranza.promise']
        self.assertEqual((row.record_id, row.amount, row.case_id), (promise.id, 10, self.case))
        self.assertIn('9,000', row.summary)
        self.assertIn('far away', row.summary)

    def test_each_kind_decides_by_its_own_method(self):
        self._promise_above_policy()
        decided = []
        Approval = self.registry['cobranza.approval']
        sources = Approval._sources

        def noting(model):
            found = sources(model)
            found['cobranza.promise'].update(approve='_note_approval')
            return found

        Promise = self.registry['cobranza.promise']
        self.patch(Approval, '_sources', noting)
        Promise._note_approval = lambda promises: decided.append(promises)
        self.addCleanup(delattr, Promise, '_note_approval')
        self._waiting().action_approve()
        self.assertEqual(self._reminder().state, 'queued')
        self.assertEqual([promises._name for promises in decided], ['cobranza.promise'])
        self.assertEqual(decided[0].env.user, self.supervisor)

    @mute_logger(*MUTED)
    def test_a_collector_decides_nothing(self):
        waiting = self._waiting().with_user(self.collector)
        for action in ('action_approve', 'action_refuse'):
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(waiting, action)()
        self.assertEqual(self._reminder().state, 'review')
