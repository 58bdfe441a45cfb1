"""The daily cycle on the ladder: which step, once, for whom, and why not."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestLadder(CobranzaCommon):
    def _reasons(self, run):
        return {reason.code: reason.count for reason in run.reason_ids}

    def _step_days(self, partner=None):
        return self._reminders(partner).mapped('step_id.offset')

    # === WHICH STEP === #

    def test_a_due_step_becomes_one_message_for_all_items(self):
        self._strategy({5: {}})
        moves = self._invoice(amount=100, days_overdue=5) + self._invoice(amount=30, days_overdue=9)
        run = self._run()
        reminder = self._reminder()
        self.assertEqual(reminder.item_ids.line_id, self._items(moves))
        self.assertEqual((reminder.amount, reminder.state), (130, 'queued'))
        self.assertEqual((run.reminder_count, run.case_count, run.amount_overdue), (1, 1, 130))

    def test_an_old_invoice_gets_only_the_latest_step(self):
        self._strategy({-3: {}, 5: {}, 30: {}, 90: {}})
        self._invoice(days_overdue=120)
        self._run()
        self._dispatch()
        for _day in range(3):
            self._travel(days=1)
            self._run()
        self.assertEqual(self._step_days(), [90])

    def test_the_action_is_the_highest_step_of_any_item(self):
        self._strategy({1: {}, 30: {}})
        young, old = self._invoice(days_overdue=2), self._invoice(days_overdue=31)
        self._run()
        reminder = self._reminder()
        self.assertEqual(reminder.step_id.offset, 30)
        marks = {item.line_id.move_id: item.step_id.offset for item in reminder.item_ids}
        self.assertEqual(marks, {young: 1, old: 30})

    def test_an_item_already_chased_is_mentioned_not_marked(self):
        self._strategy({5: {}, 30: {}})
        old = self._invoice(days_overdue=31)
        self._run()
        self._dispatch()
        self._travel(days=3)
        young = self._invoice(days_overdue=5)
        self._run()
        latest = self._reminders()[-1]
        self.assertEqual(latest.step_id.offset, 5)
        marks = {item.line_id.move_id: item.step_id.offset for item in latest.item_ids}
        self.assertEqual(marks, {old: False, young: 5})

    def test_before_on_and_after_the_due_date(self):
        self._strategy({-3: {}, 0: {}, 4: {}})
        self._invoice(days_overdue=-4)
        for _day in range(10):
            self._run()
            self._dispatch()
            self._travel(days=1)
        first, second, third = self._reminders()
        self.assertEqual(self._step_days(), [-3, 0, 4])
        self.assertEqual((second.date - first.date).days, 3)
        self.assertEqual((third.date - second.date).days, 4)

    def test_before_and_after_are_words_and_the_sign_follows(self):
        step = self._strategy({5: {}}).step_ids
        self.assertEqual((step.days, step.when), (5, 'after'))
        step.write({'when': 'before', 'days': 3})
        self.assertEqual(step.offset, -3)
        step.write({'when': 'after', 'days': -7})
        self.assertEqual(step.offset, 7)
        step.write({'when': 'on', 'days': 7})
        self.assertEqual(step.offset, 0)

    def test_each_instalment_climbs_by_itself(self):
        self._strategy({1: {}, 30: {}})
        move = self._invoice(amount=100, instalments=[(35, 50), (-10, 50)])
        self._run()
        reminder = self._reminder()
        self.assertEqual(reminder.item_ids.line_id, self._items(move)[0])
        self.assertEqual(reminder.amount, 50)

    # === REPEAT === #

    def test_a_step_repeats_until_its_last_day(self):
        self._strategy({10: {'repeat_every': 7, 'repeat_until': 25}})
        self._invoice(days_overdue=9)
        for _day in range(30):
            self._run()
            self._dispatch()
            self._travel(days=1)
        days = [(reminder.date - self._reminders()[0].date).days for reminder in self._reminders()]
        self.assertEqual(days, [0, 7, 14])
        self.assertEqual(self._reminders().item_ids.sorted('id').mapped('occurrence'), [0, 1, 2])

    def test_missed_repetitions_are_not_made_up_for(self):
        self._strategy({10: {'repeat_every': 7}})
        self._invoice(days_overdue=10)
        self._run()
        self._dispatch()
        self._travel(days=40)
        self._run()
        self.assertEqual(self._reminders().item_ids.sorted('id').mapped('occurrence'), [0, 5])

    def test_the_next_action_is_written_on_the_case(self):
        strategy = self._strategy({5: {}, 30: {}})
        self._invoice(days_overdue=10)
        self._run()
        case = self._case()
        self.assertEqual(case.next_step_id, strategy.step_ids.filtered(lambda s: s.offset == 30))
        self.assertEqual(case.next_action_date, self._day(20))

    # === ONCE === #

    def test_a_second_run_on_the_same_day_changes_nothing(self):
        self._strategy({5: {}})
        self._invoice()
        self._run()
        case = self._case()
        before = case.write_date, self._reminder().write_date
        self._travel(hours=2)
        run = self._run()
        self.assertEqual((self._case().write_date, self._reminder().write_date), before)
        self.assertEqual(self._reasons(run), {'waiting': 1})
        self._dispatch()
        self._run()
        self.assertEqual(len(self._reminders()), 1)

    def test_the_database_refuses_a_second_message_a_day(self):
        self._strategy({5: {}})
        self._invoice()
        self._run()
        with mute_logger('odoo.sql_db'), self.assertRaises(Exception) as caught:
            self._reminder().copy()
        self.assertIn('one_a_day', str(caught.exception))

    def test_the_database_refuses_the_same_step_twice(self):
        self._strategy({5: {}})
        self._invoice()
        self._run()
        mark = self._reminder().item_ids
        with mute_logger('odoo.sql_db'), self.assertRaises(Exception) as caught:
            mark.copy()
        self.assertIn('once', str(caught.exception))

    def test_a_message_a_day_even_when_two_steps_fall_due(self):
        self._strategy({5: {}, 6: {}, 7: {}})
        self._invoice(days_overdue=5)
        for _hour in range(4):
            self._run()
            self._dispatch()
            self._invoice(days_overdue=6)
            self._travel(hours=1)
        self.assertEqual(len(self._reminders()), 1)

    def test_a_given_step_does_not_come_back(self):
        self._strategy({5: {}})
        self._invoice()
        self._run()
        self._dispatch()
        self._travel(days=1)
        run = self._run()
        self.assertEqual(self._reasons(run), {'given': 1})

    def test_a_later_step_takes_the_place_of_one_that_still_waits(self):
        self.company.cobranza_review = True
        self._strategy({5: {}, 8: {}})
        self._invoice(days_overdue=5)
        self._run()
        self._travel(days=3)
        self._run()
        first, second = self._reminders()
        self.assertEqual((first.state, first.reason_code), ('cancelled', 'superseded'))
        self.assertEqual((second.state, second.step_id.offset), ('review', 8))

    def test_a_rejected_message_does_not_come_back(self):
        self.company.cobranza_review = True
        self._strategy({5: {}})
        self._invoice()
        self._run()
        self._reminder().action_reject()
        self._travel(days=1)
        self._run()
        self.assertEqual(self._reminder().state, 'cancelled')

    # === WHO NOT, AND WHY === #

    def test_below_the_companys_minimum_nothing_is_said(self):
        self.company.cobranza_minimum_amount = 50
        self._strategy({5: {}})
        self._invoice(amount=49)
        self.assertEqual(self._reasons(self._run()), {'below_minimum': 1})
        self._invoice(amount=1)
        self._travel(days=1)
        self._run()
        self.assertEqual(self._reminder().amount, 50)

    def test_below_a_steps_minimum_the_step_before_it_stands(self):
        self._strategy({5: {}, 30: {'minimum_amount': 1000}})
        self._invoice(amount=999, days_overdue=40)
        self._run()
        self.assertEqual(self._step_days(), [5])

    def test_a_condition_leaves_cases_out(self):
        self._strategy({5: {}, 30: {'condition': "[('partner_id.name', '=', 'Luis')]"}})
        luis = self._debtor('Luis')
        self._invoice(days_overdue=40)
        self._invoice(luis, days_overdue=40)
        self._run()
        self.assertEqual(self._step_days(), [5])
        self.assertEqual(self._step_days(luis), [30])

    def test_a_case_keeps_the_strategy_a_person_chose(self):
        self._strategy({5: {}})
        other = self._strategy({2: {}}, default=False)
        self._invoice()
        self.company.cobranza_active = False
        case = self.env['cobranza.case']._get_or_create(self.debtor, self.company)
        case.write({'strategy_id': other.id, 'strategy_manual': True})
        self._run()
        self.assertEqual(self._step_days(), [2])
        self.assertEqual(case.strategy_id, other)

    def test_without_a_strategy_the_run_says_so(self):
        self._invoice()
        self.assertEqual(self._reasons(self._run()), {'no_strategy': 1})

    def test_nothing_due_yet(self):
        self._strategy({5: {}})
        self._invoice(days_overdue=1)
        self.assertEqual(self._reasons(self._run()), {'not_due': 1})

    def test_the_run_tells_its_phases(self):
        self._strategy({5: {}})
        self._invoice()
        phases = {phase.name: phase.count for phase in self._run().phase_ids}
        self.assertEqual(phases['cases'], 1)
        self.assertEqual(phases['decisions'], 1)
        self.assertEqual(list(phases), list(self.env['cobranza.run']._PHASES))
