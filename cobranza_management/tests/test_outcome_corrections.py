"""What was recorded wrongly is recorded again: what the first outcome set in motion goes with it."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_workbench import WorkbenchCommon


@tagged('post_install', '-at_install')
class TestOutcomeCorrections(WorkbenchCommon):
    def _last(self):
        return self.env['cobranza.interaction'].search(
            [('case_id', '=', self.big_case.id), ('outcome_id', '!=', False)], limit=1
        )

    def _correct(self, name, **values):
        """Record another outcome in place of the last one; return what was said."""
        return self._say(name, replaces_id=self._last().id, **values)['message']

    def _reason(self):
        return self.env['cobranza.dispute.reason'].create({'name': 'Price'})

    def test_a_promise_nobody_made_is_withdrawn(self):
        self._say('promise', amount=5000, date=str(self._day(2)))
        message = self._correct('no_answer')
        self.assertIn('Taken back: the promise of', message)
        self.assertRecordValues(
            self.big_case.promise_ids, [{'state': 'cancelled', 'cancel_reason': 'withdrawn'}]
        )
        self.assertFalse(self.big_case.amount_promised)

    def test_the_promise_that_had_given_way_counts_again(self):
        self._say('promise', amount=5000, date=str(self._day(2)))
        old = self.big_case.promise_ids
        self._say('promise', amount=5000, date=str(self._day(4)))
        self.assertEqual(old.state, 'cancelled')
        self._correct('other')
        self.assertRecordValues(old, [{'state': 'open', 'cancel_reason': False}])
        self.assertEqual(self.big_case.amount_promised, 5000)

    def test_one_beyond_the_policy_is_looked_at_once_more(self):
        self._say('promise', amount=5000, date=str(self._day(2)))
        old = self.big_case.promise_ids
        old.review_reason = 'too late'
        self._say('promise', amount=5000, date=str(self._day(4)))
        self._correct('other')
        self.assertEqual((old.state, old.alert), ('review', 'review'))

    def test_a_promise_that_was_kept_stays_and_that_is_said(self):
        self._say('promise', amount=5000, date=str(self._day(2)))
        self._pay(self.big, 5000, invoice=self.big_case.item_ids.move_id)
        self.env.invalidate_all()
        message = self._correct('other')
        self.assertIn('Too late to take back: the promise of', message)
        self.assertEqual(self.big_case.promise_ids.state, 'kept')

    def test_a_hold_and_its_task_end(self):
        self._say('paid', amount=5000)
        message = self._correct('no_answer')
        self.assertIn('the hold until', message)
        self.assertIn('the task "Check the payment of Big"', message)
        self.assertFalse(self.big_case.is_on_hold or self.big_case.activity_ids)

    def test_a_hold_of_somebody_else_stays(self):
        self.big_case._hold('Away', self._day(5))
        self._say('paid')
        self._correct('no_answer')
        self.assertEqual(self.big_case.hold_reason, 'Away')

    def test_a_task_that_is_done_stays_and_that_is_said(self):
        self._say('instalments')
        self.big_case.activity_ids.action_done()
        message = self._correct('no_answer')
        self.assertIn('Too late to take back: the task "Offer Big a payment plan"', message)

    def test_a_number_that_was_right_is_used_again(self):
        self._say('wrong_number')
        self.assertIn('the stop of +57 300 1112233', self._correct('no_answer'))
        self.assertTrue(self.env['cobranza.channel.phone']._reachable(self.big))
        self.assertFalse(self.big_case.activity_ids)

    def test_a_correction_is_about_whom_the_contact_reached(self):
        self._debtor('Luis', parent_id=self.big.id, type='contact', phone='+57 301 222 3344')
        self._say('wrong_number')
        first = self._last()
        self._correct('no_answer')
        again = self._last()
        self.assertNotEqual(again, first)
        self.assertEqual((again.contact_id, again.address), (self.big, first.address))

    def test_the_task_to_send_invoices_another_way_goes_along(self):
        self.big.email = False
        self._say('not_received')
        self.assertIn('Send the invoices to Big another way', self._correct('no_answer'))
        self.assertFalse(self.big_case.activity_ids)

    def test_a_number_known_to_be_wrong_before_stays_so(self):
        self.env['cobranza.wrong.address']._note(self.big, self.big, '+57 300 999 8877')
        self._say('wrong_number')
        self._correct('no_answer')
        self.assertEqual(
            self.big.cobranza_wrong_address_ids.mapped('address'), ['+57 300 999 8877']
        )

    def test_a_dispute_nobody_raised_is_withdrawn_as_a_mistake(self):
        self._say('dispute', reason_id=self._reason().id)
        dispute = self.big_case.dispute_ids
        dispute.user_id = self.supervisor
        self.assertIn('the dispute of', self._correct('no_answer'))
        self.assertRecordValues(dispute, [{'state': 'withdrawn', 'withdrawal': 'mistake'}])
        self.assertEqual(self.big_case.amount_claim, 5000)

    def test_a_dispute_that_was_decided_stays_and_that_is_said(self):
        self._say('dispute', reason_id=self._reason().id)
        self.big_case.dispute_ids._resolve('accept', {})
        self.assertIn('Too late to take back: the dispute of', self._correct('no_answer'))
        self.assertEqual(self.big_case.dispute_ids.state, 'open')

    def test_a_call_nobody_agreed_on_is_forgotten(self):
        self._say('callback', until='2026-03-06 16:30:00')
        message = self._correct('no_answer')
        self.assertNotIn('agreed', message)
        self.assertFalse(self.big_case.callback_at or self.big_case.activity_ids)

    def test_a_call_agreed_before_outlives_the_correction(self):
        self._say('callback', until='2026-03-06 16:30:00')
        self._say('refuses')
        self.assertIn('The call agreed for', self._correct('other'))
        self.assertTrue(self.big_case.callback_at)

    def test_an_agreed_call_that_the_wrong_outcome_ended_is_agreed_again(self):
        for name in ('refuses', 'stop', 'callback'):
            with self.subTest(name):
                self._say('callback', until='2026-03-04 20:30:00')
                agreed = self.big_case.callback_at
                self._say(name, **({'until': '2026-03-09 15:00:00'} if name == 'callback' else {}))
                self.assertNotEqual(self.big_case.callback_at, agreed)
                self._correct('no_answer')
                self.assertEqual(self.big_case.callback_at, agreed)
                self.assertTrue(self.big_case.callback_activity_id.active)

    def test_a_refusal_is_forgotten_unless_there_was_another(self):
        self._say('refuses')
        self._say('refuses')
        self._correct('other')
        self.assertEqual(self.big_case.refused_date, self._day())
        first = self.big_case.interaction_ids.filtered(lambda c: c.outcome_id.effect == 'refuses')
        self._say('other', replaces_id=first[-1:].id)
        self.assertFalse(self.big_case.refused_date)

    def test_an_e_mail_that_left_stays_and_that_is_said(self):
        self._say('not_received')
        message = self._correct('no_answer')
        self.assertIn('Too late to take back: the e-mail with the invoices', message)
        self.assertFalse(self.big_case.is_on_hold)

    def test_a_call_of_the_strategy_that_nobody_answered_waits_again(self):
        self._strategy({5: {'channels': ('phone',)}})
        self.cases.strategy_id = self.company.cobranza_strategy_id
        self._run()
        self._dispatch()
        call = self._reminder(self.big)
        self._say('refuses')
        self._correct('other')
        self.assertEqual((call.state, self._last().reminder_id), ('sent', call))
        self._correct('no_answer')
        self.assertEqual(call.state, 'ready')
        self.assertTrue(call.activity_id.active)

    def test_the_history_offers_to_correct_ones_own_contacts_of_today(self):
        self._say('other')
        self._correct('no_answer')
        rows = self._bench().open_case(self.big_case.id)['history']
        self.assertEqual([row['can_correct'] for row in rows], [True, False])
        self.assertEqual([row['corrected'] for row in rows], [False, True])
        self.env['cobranza.work.lease'].search([]).unlink()
        self.big_case.user_id = self.other_collector
        rows = self._bench(self.other_collector).open_case(self.big_case.id)['history']
        self.assertFalse(any(row['can_correct'] for row in rows))
        self._travel(days=1)
        self.env['cobranza.work.lease'].search([]).unlink()
        rows = self._bench(self.supervisor).open_case(self.big_case.id)['history']
        self.assertFalse(any(row['can_correct'] for row in rows))

    def test_nobody_hangs_a_record_on_a_contact(self):
        """Whoever could would end with a correction what is not theirs to end."""
        self._say('other')
        contact = self._last()
        promise = self.big_case._take_promise(
            {'amount': 10, 'date': self._day(3), 'line_ids': [Command.set([])]}
        )
        for record in (promise, self.big_case._hold('Away', self._day(5))):
            with self.subTest(record=record), self.assertRaises(AccessError):
                record.with_user(self.collector).interaction_id = contact
        holds = self.env['cobranza.hold'].with_user(self.collector)
        values = {'case_id': self.big_case.id, 'reason': 'x', 'until': self._day(5)}
        with self.assertRaises(AccessError):
            holds.create({**values, 'interaction_id': contact.id})
        hold = holds.with_context(default_interaction_id=contact.id).create(values)
        self.assertFalse(hold.interaction_id)
