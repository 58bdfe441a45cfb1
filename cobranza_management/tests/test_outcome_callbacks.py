"""Calls agreed on with the debtor: when they come up, and what ends them."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_workbench import WorkbenchCommon


@tagged('post_install', '-at_install')
class TestOutcomeCallbacks(WorkbenchCommon):
    def _tasks(self, case=None):
        return (case or self.big_case).activity_ids

    def _queue(self):
        return [row for row in self._bench().get_queue()['cases'] if row['available']]

    def _waiting(self):
        return [row for row in self._bench().get_queue()['cases'] if not row['available']]

    def test_a_callback_is_on_top_at_its_time_and_not_before(self):
        answer = self._say(
            'callback', case=self.small_case, until='2026-03-04 16:30:00', note='boss'
        )
        self.assertIn('11:30', answer['message'])
        self.assertEqual(self._tasks(self.small_case).summary, 'Call back at 11:30')
        row = next(row for row in self._waiting() if row['name'] == 'Small')
        self.assertEqual(row['why'], 'Asked to be called back')
        self._travel(minutes=89)
        self.assertNotIn('Small', [row['name'] for row in self._queue()])
        self._travel(minutes=1)
        self.assertEqual(self._queue()[0]['name'], 'Small')

    def test_a_callback_is_answered_even_after_a_contact_of_today(self):
        self.rule.max_per_day = 1
        self._say('callback', until='2026-03-04T17:00:00+01:00')
        self.assertEqual(str(self.big_case.callback_at), '2026-03-04 16:00:00')
        self._travel(hours=1)
        self.assertEqual(self._queue()[0]['name'], 'Big')
        self._say('other')
        self.assertEqual(self.big_case.interaction_ids[:1].purpose, 'reply')
        self.assertFalse(self.big_case.callback_at)
        self.assertFalse(self._tasks(), 'the task to call back is done')

    def _agree(self, until):
        """Agree on a call and return its task."""
        self._say('callback', until=until)
        return self.big_case.callback_activity_id

    def test_a_call_agreed_for_another_day_outlives_what_is_noted_before(self):
        task = self._agree('2026-03-06 16:30:00')
        reason = self.env['cobranza.dispute.reason'].create({'name': 'Price'})
        disputed = self._invoice(self.big, 40).line_ids & self.big_case.item_ids
        for name, values in (
            ('other', {}),
            ('no_answer', {}),
            ('refuses', {}),
            ('dispute', {'reason_id': reason.id, 'line_ids': disputed.ids}),
        ):
            with self.subTest(name=name):
                message = self._say(name, **values)['message']
                self.assertIn('The call agreed for Fri 6 Mar, 11:30 stays.', message)
                self.assertNotIn('tomorrow', message)
                self.assertEqual(str(self.big_case.callback_at), '2026-03-06 16:30:00')
                self.assertEqual(self.big_case.work_after, self.big_case.callback_at)
                self.assertTrue(task.exists())
        self._travel(days=2, hours=1.5)
        self.assertEqual(self._queue()[0]['name'], 'Big')

    def test_a_call_agreed_for_today_is_answered_when_the_debtor_answers_and_not_before(self):
        self._agree('2026-03-04 20:00:00')
        self._say('no_answer')
        self._say('third_party')
        self.assertEqual(str(self.big_case.work_after), '2026-03-04 20:00:00')
        answer = self._say('promise', amount=100, date=str(self._day(3)))
        self.assertNotIn('agreed', answer['message'])
        self.assertFalse(self.big_case.callback_at or self._tasks())

    def test_after_its_time_an_attempt_is_the_agreed_call_too(self):
        self._agree('2026-03-04 16:00:00')
        self._travel(hours=2)
        self.assertIn('back at', self._say('no_answer')['message'])
        self.assertFalse(self.big_case.callback_at or self._tasks())

    def test_a_call_agreed_anew_takes_the_place_of_the_other(self):
        old = self._agree('2026-03-06 16:30:00')
        new = self._agree('2026-03-09 16:30:00')
        self.assertEqual((old.exists(), self._tasks()), (old.browse(), new))
        self.assertEqual(str(self.big_case.callback_at), '2026-03-09 16:30:00')

    def test_nobody_calls_back_about_the_deceased(self):
        task = self._agree('2026-03-06 16:30:00')
        self._say('stop')
        self.assertFalse(self.big_case.callback_at or task.exists())

    def test_another_number_is_tried_at_once_and_the_agreed_call_stays(self):
        self._agree('2026-03-06 16:30:00')
        self._debtor('Clerk', parent_id=self.big.id, phone='+57 300 999 8877')
        self._say('wrong_number')
        self.assertEqual(self._queue()[0]['name'], 'Big')
        self.assertTrue(self.big_case.callback_at)

    def test_a_callback_needs_a_moment_to_come(self):
        for until in (None, '', 'later', '2026-03-04 14:00:00', 7):
            with self.subTest(until=until), self.assertRaises(UserError):
                self._say('callback', until=until)
