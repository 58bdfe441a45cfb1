"""Every outcome of the catalogue and what it sets in motion."""

import psycopg2
import pytz

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_workbench import WorkbenchCommon


@tagged('post_install', '-at_install')
class TestOutcomes(WorkbenchCommon):
    def _contact(self, case=None):
        """Return the latest contact of a case."""
        return self.env['cobranza.interaction'].search(
            [('case_id', '=', (case or self.big_case).id)], limit=1
        )

    def _tasks(self, case=None):
        return (case or self.big_case).activity_ids

    def _queue(self, user=None):
        return [row for row in self._bench(user).get_queue()['cases'] if row['available']]

    def _waiting(self):
        return [row for row in self._bench().get_queue()['cases'] if not row['available']]

    # === WHAT IS LOGGED === #

    def test_an_outcome_is_logged_with_who_answered(self):
        self._say('third_party', note='the neighbour')
        contact = self._contact()
        self.assertEqual(contact.outcome_id, self._result('third_party'))
        self.assertEqual((contact.is_attempt, contact.is_contact), (False, True))
        self.assertFalse(contact.is_right_party)
        self.assertEqual(contact.user_id, self.collector)
        self.assertEqual(contact.contact_id, self.big)
        self.assertIn('the neighbour', contact.summary)

    def test_a_person_may_have_spoken_to_a_guarantor_but_not_to_who_is_never_contacted(self):
        guarantor = self._debtor('Gus', parent_id=self.big.id, cobranza_role='guarantor')
        self._say('other', contact_id=guarantor.id)
        self.assertEqual(self._contact().contact_id, guarantor)
        guarantor.cobranza_role = 'never'
        with self.assertRaisesRegex(UserError, 'not a contact'):
            self._say('other', contact_id=guarantor.id)

    def test_the_log_keeps_its_flags_when_the_catalogue_changes(self):
        self._say('other')
        self._result('other').is_right_party = False
        self.assertTrue(self._contact().is_right_party)

    def test_an_outcome_carries_out_the_call_of_the_strategy(self):
        self._strategy({5: {'channels': ('phone',)}})
        self.cases.strategy_id = self.company.cobranza_strategy_id
        self._run()
        self._dispatch()
        call = self._reminder(self.big)
        self.assertEqual(call.state, 'ready')
        self._say('no_answer')
        self.assertEqual(call.state, 'ready', 'nobody answered: the call is still to be made')
        self._say('other')
        self.assertEqual(call.state, 'sent')
        self.assertEqual(self._contact().reminder_id, call)

    def test_a_correction_is_no_second_contact(self):
        self.rule.max_per_day = 1
        self._say('refuses')
        wrong = self._contact()
        answer = self._say('other', replaces_id=wrong.id)
        self.assertIn('Noted.', answer['message'])
        self.assertEqual(self._contact().replaces_id, wrong)
        self.assertEqual(self._counted(), (1, 0))

    def test_the_law_counts_a_contact_as_it_was_corrected(self):
        self._say('no_answer')
        self.assertEqual(self._counted(), (0, 1))
        self._say('other', replaces_id=self._contact().id)
        self.assertEqual(self._counted(), (1, 0))
        self._say('no_answer', replaces_id=self._contact().id)
        self.assertEqual(self._counted(), (0, 1))

    def _counted(self):
        """Return how many contacts and how many attempts the gate counts."""
        guard = self.env['cobranza.contact.guard']
        found = guard._recent_contacts(self.big_case, pytz.utc.localize(fields.Datetime.now()))
        return tuple(len(dates[self.big_case]) for dates in found)

    def test_only_ones_own_contacts_of_today_are_corrected(self):
        self._say('other')
        mine = self._contact()
        self.big_case.user_id = self.other_collector
        self.env['cobranza.work.lease'].search([]).unlink()
        with self.assertRaisesRegex(UserError, 'your own contacts of today'):
            self._say('other', user=self.other_collector, replaces_id=mine.id)
        self.big_case.user_id = self.collector
        self._travel(days=1)
        with self.assertRaisesRegex(UserError, 'your own contacts of today'):
            self._say('other', replaces_id=mine.id)

    # === EFFECTS === #

    def test_no_answer_comes_back_later_and_then_tomorrow(self):
        answer = self._say('no_answer')
        self.assertIn('Attempt 1', answer['message'])
        self.assertNotIn('Big', [row['name'] for row in self._queue()])
        row = next(row for row in self._waiting() if row['name'] == 'Big')
        self.assertEqual(row['why'], 'Nobody answered')
        self._travel(hours=3)
        self.assertEqual(self._queue()[0]['name'], 'Big')
        self.assertIn('tomorrow', self._say('no_answer')['message'])
        self.assertNotIn('Big', [row['name'] for row in self._queue() + self._waiting()])
        self._travel(hours=21)
        self.assertEqual(self._queue()[0]['name'], 'Big')

    def test_no_answer_late_in_the_day_waits_until_tomorrow(self):
        self._travel(hours=12)  # 22:00 where they are
        self.assertIn('tomorrow', self._say('no_answer')['message'])

    def test_an_attempt_counts_where_the_rule_says_so(self):
        self.rule.write({'min_days': 2, 'count_attempts': False})
        self._say('no_answer')
        verdict = self.env['cobranza.contact.guard']._assess(self.big_case, ['phone'])
        self.assertTrue(verdict[self.big_case, 'phone'].allowed)
        self.rule.count_attempts = True
        verdict = self.env['cobranza.contact.guard']._assess(self.big_case, ['phone'])
        self.assertEqual(verdict[self.big_case, 'phone'].code, 'spacing')

    def test_a_wrong_number_is_never_used_again_for_this_debtor(self):
        answer = self._say('wrong_number')
        self.assertIn('find one', answer['message'])
        channel = self.env['cobranza.channel.phone']
        self.assertFalse(channel._reachable(self.big))
        self.assertTrue(channel._reachable(self.small), 'its real owner may be a debtor too')
        self.assertEqual(self._tasks().summary, 'Find another number')
        self.assertTrue(answer['payload']['contacts'][0]['wrong'])
        self.assertFalse(self.env['phone.blacklist'].search([]))

    def test_after_a_wrong_number_the_next_contact_is_tried_at_once(self):
        self._debtor('Clerk', parent_id=self.big.id, phone='+57 300 999 8877')
        answer = self._say('wrong_number')
        self.assertIn('Clerk', answer['message'])
        self.assertEqual(self._queue()[0]['name'], 'Big')
        phone = next(row for row in answer['payload']['channels'] if row['code'] == 'phone')
        self.assertEqual(phone['contact'], 'Clerk')

    def test_a_corrected_number_is_used_again(self):
        self._say('wrong_number')
        self.big.phone = '+57 300 555 4433'
        self.assertTrue(self.env['cobranza.channel.phone']._reachable(self.big))
        self.big.phone = '(+57) 300-111-2233'
        self.assertFalse(self.env['cobranza.channel.phone']._reachable(self.big))

    def test_a_wrong_number_is_known_however_it_is_written(self):
        self.big.phone = '300 1112233'
        self._debtor('Clerk', parent_id=self.big.id, phone='+57 (300) 111-2233')
        self.assertIn('find one', self._say('wrong_number')['message'])
        self.assertFalse(self.env['cobranza.channel.phone']._reachable(self.big))

    def test_a_promise_is_taken(self):
        answer = self._say('promise', amount=1200.5, date=str(self._day(3)))
        promise = self.big_case.promise_ids
        self.assertRecordValues(
            promise, [{'amount': 1200.5, 'date': self._day(3), 'state': 'open'}]
        )
        self.assertEqual(promise.user_id, self.collector)
        self.assertEqual(promise.line_ids, self.big_case.item_ids)
        self.assertIn('1,200.50', answer['message'])

    def test_a_promise_needs_amount_and_day(self):
        for values in (
            {'date': str(self._day(1))},
            {'amount': -5, 'date': str(self._day(1))},
            {'amount': float('nan'), 'date': str(self._day(1))},
            {'amount': '12', 'date': str(self._day(1))},
            {'amount': 10},
            {'amount': 10, 'date': str(self._day(-1))},
            {'amount': 10, 'date': 'soon'},
            {'amount': 10, 'date': str(self._day(1)), 'currency_id': self.clp.id},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self._say('promise', **values)
        self.assertFalse(self.big_case.promise_ids)

    def test_already_paid_holds_and_asks_somebody_to_look(self):
        answer = self._say('paid', amount=5000, date=str(self._day(-1)), note='transfer 77')
        self.assertEqual(self.big_case.hold_until, self._day(3))
        self.assertIn('paid', self.big_case.hold_reason)
        task = self._tasks()
        self.assertEqual(task.summary, 'Check the payment of Big')
        self.assertIn('transfer 77', task.note)
        self.assertIn('5,000', task.note)
        self.assertTrue(answer['payload']['hold'])
        row = next(row for row in self._queue() + self._waiting() if row['name'] == 'Middle')
        self.assertTrue(row['available'])
        self.assertNotIn('Big', [row['name'] for row in self._queue()])

    def test_a_dispute_takes_the_items_out(self):
        self._invoice(self.big, 40, days_overdue=5)
        reason = self.env['cobranza.dispute.reason'].create({'name': 'Price'})
        line = self.big_case.item_ids.filtered(lambda item: item.amount_residual == 40)
        self._say('dispute', line_ids=line.ids, reason_id=reason.id, note='too much')
        self.assertRecordValues(
            self.big_case.dispute_ids,
            [{'line_id': line.id, 'reason_id': reason.id, 'note': 'too much'}],
        )
        self.assertEqual(self.big_case.amount_claim, 5000)

    def test_a_dispute_needs_a_reason_and_documents_of_this_debtor(self):
        reason = self.env['cobranza.dispute.reason'].create({'name': 'Price'})
        foreign = self.small_case.item_ids
        self._invoice(self.big, 40)
        for values in (
            {'line_ids': self.big_case.item_ids.ids},
            {'reason_id': reason.id},
            {'reason_id': reason.id, 'line_ids': foreign.ids},
            {'reason_id': 'x', 'line_ids': self.big_case.item_ids.ids},
            {'reason_id': reason.id, 'line_ids': 'all'},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self._say('dispute', **values)
        self.assertFalse(self.big_case.dispute_ids)

    def test_the_invoices_are_sent_again_as_a_reply(self):
        answer = self._say('not_received')
        message = self._contact().message_id
        self.assertEqual(len(message.attachment_ids), 1)
        self.assertEqual(message.partner_ids, self.big)
        self.assertEqual(self._contact().purpose, 'reply')
        self.assertEqual(self._contact().channel, 'email')
        self.assertEqual(self.big_case.hold_until, self._day(3))
        self.assertIn('big@example.com', answer['message'])

    def _assert_sent_another_way(self, answer, why):
        """Check that the contact counts, the debtor is left alone, and somebody is told what to send and why."""
        self.assertIn(why, answer['message'])
        self.assertIn('task', answer['message'])
        self.assertEqual(self.big_case.hold_until, self._day(3))
        self.assertEqual(self._tasks().summary, 'Send the invoices to Big another way')
        self.assertEqual(self._tasks().user_id, self.collector)
        self.assertIn(why, self._tasks().note)
        self.assertEqual(self._contact().outcome_id, self._result('not_received'))
        self.assertEqual(self._counted(), (1, 0))

    def test_who_does_not_want_e_mail_gets_the_invoices_another_way(self):
        self.env['cobranza.consent'].create({'partner_id': self.big.id, 'channel': 'email'})
        self._assert_sent_another_way(self._say('not_received'), 'Big does not want e-mail')

    def test_who_has_no_e_mail_gets_the_invoices_another_way(self):
        self.big.email = False
        self._assert_sent_another_way(self._say('not_received'), 'no e-mail address')
        self.assertIn(self.big_case.item_ids.move_name, self._tasks().note)

    def _opening(self):
        """Book an opening document of the debtor, 20 days late."""
        receivable = self.big.with_company(self.company).property_account_receivable_id
        income = self._journal('general').default_account_id
        values = {
            'account_id': receivable.id,
            'date_maturity': self._day(-20),
            'no_followup': False,
            'partner_id': self.big.id,
        }
        entry = self.env['account.move'].create(
            {
                'journal_id': self._journal('general').id,
                'line_ids': [
                    Command.create({**values, 'debit': 300}),
                    Command.create({'account_id': income.id, 'credit': 300}),
                ],
            }
        )
        entry.action_post()
        self.env.invalidate_all()

    def test_an_opening_document_is_sent_another_way(self):
        self._pay(self.big, 5000, invoice=self.big_case.item_ids.move_id)
        self._opening()
        self._assert_sent_another_way(self._say('not_received'), 'no invoice of them to print')

    def test_what_can_be_sent_is_sent_beside_an_opening_document(self):
        invoice = self.big_case.item_ids.move_name
        self._opening()
        answer = self._say('not_received')
        self.assertIn('1 invoice(s) sent', answer['message'])
        self.assertIn('task', answer['message'])
        self.assertNotIn(invoice, self._tasks().note)
        self.assertEqual(self._contact().channel, 'email')

    def test_a_refusal_goes_to_the_supervisor_and_segments_see_it(self):
        self.big_case.team_id = self.env['cobranza.team'].create(
            {'name': 'Team', 'company_id': self.company.id, 'supervisor_id': self.supervisor.id}
        )
        answer = self._say('refuses', note='never')
        self.assertEqual(self._tasks().user_id, self.supervisor)
        self.assertIn('Supervisor', answer['message'])
        self.assertEqual(self.big_case.refused_date, self._day())
        found = self.env['cobranza.case'].search([('refused_date', '>=', self._day(-30))])
        self.assertEqual(found, self.big_case)

    def test_instalments_open_a_task(self):
        self._say('instalments', amount=500, note='monthly')
        self.assertEqual(self._tasks().summary, 'Offer Big a payment plan')
        self.assertIn('500', self._tasks().note)

    def test_the_task_to_offer_a_plan_ends_when_one_is_offered(self):
        answer = self._say('instalments', amount=500)
        self.assertTrue(answer['payload']['can_plan'], 'the screen may offer it at once')
        plan = self.big_case._prepare_plan(
            {'line_ids': [Command.set(self.big_case.item_ids.ids)], 'count': 3}
        )
        task = self._tasks()
        self.assertTrue(task, 'a draft is not yet offered')
        plan.with_user(self.collector).action_offer()
        self.env.invalidate_all()
        self.assertNotIn(task, self._tasks())

    def test_deceased_or_insolvent_stops_everything(self):
        self._say('stop', note='notice of the court')
        self.assertEqual(self.big_case.hold_until, self._day(30))
        self.assertEqual(self._tasks().summary, 'Big: Deceased or insolvent')

    def test_a_note_only_notes(self):
        answer = self._say('other', note='will see')
        self.assertEqual(answer['message'], 'Noted.')
        self.assertFalse(self._tasks() or self.big_case.hold_ids)
        self.assertNotIn('Big', [row['name'] for row in self._queue()])

    def test_every_effect_has_a_method_and_says_what_it_asks(self):
        for code, _label in self.env['cobranza.outcome']._fields['effect'].selection:
            self.assertTrue(hasattr(self.env['cobranza.case'], f'_effect_{code}'), code)
            for name in self.env['cobranza.outcome']._ASKS[code]:
                self.assertTrue(hasattr(self.env['cobranza.case'], f'_read_{name}'), name)

    # === CHECKED INPUT === #

    def test_people_and_channels_are_the_debtors(self):
        for values in ({'contact_id': self.small.id}, {'channel': 'pigeon'}):
            with self.subTest(values=values), self.assertRaises(UserError):
                self._say('other', **values)

    def test_whom_another_company_keeps_to_itself_is_neither_named_nor_called(self):
        theirs = self._company('Iberia', 'ES', self.env.ref('base.EUR'))
        hidden = self._debtor('Hidden', parent_id=self.big.id, phone='+57 300 999 8877')
        hidden.write({'cobranza_role': 'clerk', 'company_id': theirs.id})
        with self.assertRaisesRegex(UserError, 'not a contact'):
            self._say('other', contact_id=hidden.id)
        self._say('other')
        self.assertEqual(self._contact().contact_id, self.big)

    def test_a_named_person_is_logged_with_their_address(self):
        clerk = self._debtor('Clerk', parent_id=self.big.id, phone='+57 300 999 8877')
        self._say('other', contact_id=clerk.id)
        self.assertEqual(self._contact().contact_id, clerk)
        self.assertEqual(self._contact().address, '+57 300 999 8877')

    def test_what_outcomes_decide_is_not_edited(self):
        with self.assertRaises(AccessError):
            self.big_case.with_user(self.supervisor).write({'work_after': False})

    # === THE CATALOGUE === #

    def test_a_manager_adds_an_outcome_of_their_own(self):
        outcome = (
            self.env['cobranza.outcome']
            .with_user(self.manager)
            .create({'name': 'On holiday', 'hotkey': 'v', 'effect': 'stop', 'hold_days': 7})
        )
        self._bench().record_outcome(self.big_case.id, outcome.id, {})
        self.assertEqual(self.big_case.hold_until, self._day(7))
        with self.assertRaises(AccessError):
            outcome.with_user(self.collector).name = 'x'

    @mute_logger('odoo.sql_db')
    def test_keys_are_unique_and_free(self):
        Outcome = self.env['cobranza.outcome']
        with self.assertRaises(psycopg2.errors.UniqueViolation):
            Outcome.create({'name': 'Again', 'hotkey': 't'})
        for key in ('N', 'p', '?', ' '):
            with self.subTest(key=key), self.assertRaises(ValidationError):
                Outcome.create({'name': 'Taken', 'hotkey': key})
        self._result('third_party').active = False
        self.env.flush_all()
        Outcome.create({'name': 'Again', 'hotkey': 't'})

    def test_an_archived_outcome_is_not_offered(self):
        outcome = self._result('stop')
        outcome.active = False
        offered = [row['id'] for row in self._bench().get_queue()['outcomes']]
        self.assertNotIn(outcome.id, offered)
        with self.assertRaisesRegex(UserError, 'no longer in the catalogue'):
            self._say('stop')
