"""Segments, cards on the board, assignment, escalation."""

from odoo import Command
from odoo.tests import tagged

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestCards(CobranzaCommon):
    def _segment(self, name, condition, **values):
        return self.env['cobranza.segment'].create(
            {'name': name, 'condition': condition, 'company_id': self.company.id, **values}
        )

    def _stage(self, kind):
        return self.env['cobranza.stage']._of_kind()[kind]

    # === SEGMENTS === #

    def test_the_first_segment_that_matches_wins_and_brings_its_strategy(self):
        strategy = self._strategy({5: {}}, default=False)
        first = self._segment(
            'Large', "[('amount_open', '>', 50)]", sequence=1, strategy_id=strategy.id
        )
        self._segment('All', '[]', sequence=2)
        self._invoice(amount=100)
        self._run()
        self.assertEqual(self._case().segment_id, first)
        self.assertEqual(self._case().strategy_id, strategy)

    def test_a_change_of_segment_is_logged_once(self):
        large = self._segment('Large', "[('amount_open', '>', 50)]", sequence=1)
        others = self._segment('All', '[]', sequence=2)
        invoice = self._invoice(amount=100)
        self._run()
        self._pay(amount=80, invoice=invoice)
        self._travel(days=1)
        self._run()
        self._travel(days=1)
        self._run()
        change = self._case().segment_change_ids
        self.assertEqual((change.old_segment_id, change.new_segment_id), (large, others))

    def test_attributes_of_ones_own_serve_in_a_condition(self):
        self.company.cobranza_debtor_attributes_definition = [
            {'name': 'sector', 'string': 'Sector', 'type': 'char'}
        ]
        self._invoice()
        self._run()
        self._case().debtor_attributes = {'sector': 'mining'}
        mining = self._segment('Mining', "[('debtor_attributes.sector', '=', 'mining')]")
        self._travel(days=1)
        self._run()
        self.assertEqual(self._case().segment_id, mining)

    # === CARDS === #

    def test_cards_follow_the_debt(self):
        invoice = self._invoice(days_overdue=-2)
        self._run()
        self.assertEqual(self._case().stage_id.kind, 'pre_due')
        for days, kind in ((10, 'early'), (60, 'late')):
            self._travel(days=days)
            self._run()
            self.assertEqual(self._case().stage_id.kind, kind)
        self._pay(invoice=invoice)
        self.assertEqual(self._case().state, 'settled', 'at once, not tomorrow')
        self._travel(days=1)
        self._run()
        self.assertEqual(self._case().stage_id.kind, 'up_to_date')

    def test_a_card_stays_where_a_person_put_it_until_its_situation_changes(self):
        self._invoice(days_overdue=10)
        self._run()
        self._case().stage_id = self._stage('negotiating')
        self._travel(days=1)
        self._run()
        self.assertEqual(self._case().stage_id.kind, 'negotiating')
        self._travel(days=60)
        self._run()
        self.assertEqual(self._case().stage_id.kind, 'late')

    def test_a_card_moves_as_soon_as_its_debtor_promises(self):
        self._invoice(days_overdue=10)
        self._run()
        promise = {'amount': 100, 'currency_id': self.usd.id, 'date': self._day(3)}
        self._case()._take_promise(promise)
        self.assertEqual(self._case().stage_id.kind, 'promised')
        self._case().stage_id = self._stage('negotiating')
        self._case()._take_promise(promise)
        self._run()
        self.assertEqual(self._case().stage_id.kind, 'negotiating', 'a person put it there')
        self._travel(days=20)
        self._run()
        self.assertEqual(self._case().stage_id.kind, 'broken')

    def test_a_promise_does_not_take_a_case_from_the_lawyer(self):
        self._invoice(days_overdue=10)
        self._run()
        self._case().stage_id = self._stage('legal')
        self._case()._take_promise(
            {'amount': 100, 'currency_id': self.usd.id, 'date': self._day(3)}
        )
        self.assertEqual(self._case().stage_id.kind, 'legal')

    def test_legal_holds_until_the_debt_is_paid(self):
        invoice = self._invoice(days_overdue=10)
        self._run()
        self._case().stage_id = self._stage('legal')
        self._travel(days=60)
        self._run()
        self.assertEqual(self._case().stage_id.kind, 'legal')
        self._pay(invoice=invoice)
        self._travel(days=1)
        self._run()
        self.assertEqual(self._case().stage_id.kind, 'up_to_date')

    def test_a_net_credit_never_enters_and_zero_is_never_claimed(self):
        self._strategy({5: {}})
        self._invoice(amount=100)
        self._refund(amount=130)
        self._run()
        self.assertFalse(self._case())
        self.assertFalse(self._reminders())

    def test_a_new_debt_after_paying_starts_at_the_friendly_step(self):
        strategy = self._strategy({5: {}, 60: {}})
        invoice = self._invoice(days_overdue=70)
        self._run()
        self._dispatch()
        self._pay(invoice=invoice)
        self._travel(days=30)
        self._invoice(days_overdue=6)
        self._run()
        self.assertEqual(self._reminders().step_id, strategy.step_ids)
        self.assertEqual(self._reminders()[-1].step_id.offset, 5)

    def test_priority_gives_its_reasons(self):
        self._invoice(amount=1000, days_overdue=40)
        self._run()
        case = self._case()
        self.assertGreater(case.priority_score, 0)
        self.assertIn('1,000.00', case.priority_reasons)
        self.assertIn('40 days late', case.priority_reasons)

    # === ASSIGNMENT === #

    def test_cases_go_by_rule_first_then_by_load_within_capacity(self):
        self._users()
        chile = self._debtor('Chile', country_id=self.env.ref('base.cl').id)
        others = [self._debtor(f'Other {number}') for number in range(3)]
        for partner in (chile, *others):
            self._invoice(partner)
        self.env['cobranza.team'].create(
            {
                'name': 'Team',
                'company_id': self.company.id,
                'member_ids': [
                    Command.create(
                        {
                            'user_id': self.supervisor.id,
                            'condition': "[('partner_id.country_id.code', '=', 'CL')]",
                        }
                    ),
                    Command.create({'user_id': self.collector.id, 'capacity': 1}),
                    Command.create({'user_id': self.other_collector.id, 'capacity': 1}),
                ],
            }
        )
        self._run()
        users = [self._case(partner).user_id for partner in others]
        self.assertEqual(self._case(chile).user_id, self.supervisor)
        self.assertEqual(set(filter(None, users)), {self.collector, self.other_collector})
        self.assertEqual(sum(not user for user in users), 1, 'nobody is loaded above capacity')

    # === ESCALATION === #

    def test_a_step_escalates_to_the_supervisor_with_a_task(self):
        self._users()
        self.env['cobranza.team'].create(
            {
                'name': 'Team',
                'company_id': self.company.id,
                'supervisor_id': self.supervisor.id,
                'member_ids': [Command.create({'user_id': self.collector.id})],
            }
        )
        self._strategy({5: {'escalate_to': 'supervisor'}})
        self._invoice()
        self._run()
        self._dispatch()
        case = self._case()
        self.assertEqual(case.stage_id.kind, 'escalated')
        self.assertEqual(case.activity_ids.user_id, self.supervisor)

    # === STATEMENTS === #

    def test_statements_do_not_grow_with_debtors(self):
        self._strategy({5: {}})

        def count(debtors):
            for number in range(debtors):
                self._invoice(self._debtor(f'D{debtors}-{number}'))
            return self._run().statement_count

        count(2)
        self._travel(days=1)
        few = count(3)
        self._travel(days=1)
        self.assertLessEqual(count(30), few + 2)

    def test_a_second_run_of_the_day_writes_nothing(self):
        self._strategy({5: {}})
        self._invoice()
        self._run()
        case = self._case()
        written = case.write_date
        self.clock.tick(60)
        run = self._run()
        self.env.invalidate_all()
        self.assertEqual((run.reminder_count, case.write_date), (0, written))
        self.assertEqual(len(self._reminders()), 1)
