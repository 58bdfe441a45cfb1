"""A message written by hand goes the way of every other: checked, gated, delivered, logged, once a day."""

import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_workbench import WorkbenchCommon


@tagged('post_install', '-at_install')
class TestWorkbenchMessage(WorkbenchCommon):
    def setUp(self):
        super().setUp()
        self.bench = self._bench()

    def _compose(self, channel='email'):
        draft = self.bench.compose(self.big_case.id, channel, self.template.id)
        json.dumps(draft)
        return draft

    def _send(self, body='<p>Please call us.</p>', subject='About your account', channel='email'):
        answer = self.bench.send_message(self.big_case.id, channel, self.template.id, subject, body)
        json.dumps(answer)
        self.env.invalidate_all()
        return answer

    def _refused(self, **options):
        """Try to send and return why that was refused."""
        with self.assertRaises(UserError) as refused:
            self._send(**options)
        return str(refused.exception)

    def test_the_draft_is_what_would_leave_now(self):
        draft = self._compose()
        self.assertTrue(draft['allowed'], draft['why'])
        self.assertEqual((draft['to'], draft['contact']), ('big@example.com', 'Big'))
        self.assertIn('5,000', draft['subject'])
        self.assertIn('5,000', draft['body'])
        self.assertFalse(self._reminders(self.big), 'nothing is sent yet')

    def test_the_text_is_sent_as_it_was_edited(self):
        draft = self._compose()
        answer = self._send(body=draft['body'] + '<p>As we said on the phone.</p>')
        self.assertEqual(answer['message'], 'Sent to Big, big@example.com.')
        reminder = self._reminder(self.big)
        self.assertEqual(
            (reminder.state, reminder.amount, reminder.channel), ('sent', 5000, 'email')
        )
        mail = self._sent_mail(reminder)
        self.assertEqual(mail.subject, 'About your account')
        self.assertIn('As we said on the phone.', mail.body_html)
        self.assertEqual(reminder.item_ids.line_id, self.big_case.item_ids)

    def test_it_is_logged_and_counts(self):
        self.rule.min_days = 2
        self._send()
        contact = self.env['cobranza.interaction'].search([('case_id', '=', self.big_case.id)])
        self.assertRecordValues(
            contact, [{'channel': 'email', 'purpose': 'collection', 'user_id': self.collector.id}]
        )
        self.assertIn('less than 2 days ago', self._compose()['why'])

    def test_what_does_not_belong_in_a_message_is_taken_out(self):
        self._send(body='<p onclick="x()">Hello<script>alert(1)</script></p>')
        body = self._reminder(self.big).mail_message_id.body
        self.assertIn('Hello', body)
        self.assertNotIn('script', body)
        self.assertNotIn('onclick', body)

    def test_threats_are_refused_with_a_clear_sentence(self):
        self.company.cobranza_forbidden_phrases = 'blacklist'
        self.assertIn('"carcel"', self._refused(body='<p>Irá a la cárcel</p>'))
        self.assertIn('"blacklist"', self._refused(subject='The blacklist'))
        self.assertIn('empty', self._refused(body='<p> </p>'))

    def test_the_gate_is_asked(self):
        self._travel(hours=12)  # 22:00
        self.assertFalse(self._compose()['allowed'])
        self.assertIn('outside contact hours', self._refused())
        self.assertFalse(self._reminders(self.big))

    def test_who_opted_out_is_not_written_to(self):
        self.env['mail.blacklist']._add('big@example.com')
        self.assertIn('asked not to be contacted', self._refused())

    def test_one_message_a_day(self):
        self._send()
        self.assertIn('already has a message today', self._refused())

    def test_it_takes_the_place_of_what_waits(self):
        self.company.cobranza_review = True
        self._strategy({5: {}})
        self._run()
        waiting = self._reminder(self.big)
        self.assertEqual(waiting.state, 'review')
        self._send()
        self.assertEqual((waiting.state, waiting.reason_code), ('cancelled', 'superseded'))
        self._travel(hours=1)
        self._run()
        sent = self._reminders(self.big) - waiting
        self.assertEqual(sent.state, 'sent', 'the cycle adds no second message of the day')

    def test_money_on_its_way_holds_it_back(self):
        self._bank_line(self.big, 5000)
        self.assertIn('money in the bank', self._refused())

    def test_figures_that_went_stale_are_not_sent(self):
        draft = self._compose()
        self._pay(self.big, 1000, invoice=self.big_case.item_ids.move_id)
        self.assertIn('changed since', self._refused(body=draft['body']))
        self._compose()
        self._send()
        self.assertEqual(self._reminder(self.big).amount, 4000)

    def test_nothing_owed_is_nothing_to_write(self):
        self._pay(self.big, 5000, invoice=self.big_case.item_ids.move_id)
        draft = self._compose()
        self.assertFalse(draft['allowed'])
        self.assertIn('Nothing can be claimed', draft['why'])
        self.assertIn('nothing is owed', self._refused())

    def test_a_letter_waits_for_the_printer(self):
        self.big.street = 'Calle 1'
        answer = self._send(channel='letter')
        self.assertIn('ready to print', answer['message'])
        reminder = self._reminder(self.big)
        self.assertEqual((reminder.state, reminder.letter_subject), ('ready', 'About your account'))

    def test_a_call_is_not_written(self):
        with self.assertRaises(UserError):
            self._compose('phone')
        with self.assertRaises(UserError):
            self._compose('cobranza.case')

    def test_without_a_choice_the_words_are_those_of_the_strategy(self):
        soft, hard = (self._template(name=name, body=f'<p>{name}</p>') for name in ('Soft', 'Hard'))
        strategy = self._strategy({1: {'template': soft}, 60: {'template': hard}, 90: {}})
        self.cases.strategy_id = strategy
        self.assertIn('Hard', self.bench.compose(self.big_case.id, 'email')['body'])
        self.assertIn('Soft', self.bench.compose(self.small_case.id, 'email')['body'])

    def test_the_script_of_a_call_is_never_written_to_a_customer(self):
        script, words = (
            self._template(name=name, body=f'<p>{name}</p>') for name in ('Script', 'Words')
        )
        steps = {1: {'template': words}, 60: {'template': script, 'channels': ('phone',)}}
        self.cases.strategy_id = self._strategy(steps)
        self.assertIn('Words', self.bench.compose(self.big_case.id, 'email')['body'])
        offered = {template['id'] for template in self.bench.get_queue()['templates']}
        self.assertIn(words.id, offered)
        self.assertNotIn(script.id, offered)
        with self.assertRaisesRegex(UserError, 'not written to this debtor'):
            self.bench.compose(self.big_case.id, 'email', script.id)
        self._strategy({1: {'template': script, 'channels': ('phone', 'sms')}})
        self.assertIn('Script', self.bench.compose(self.big_case.id, 'email', script.id)['body'])

    def test_the_words_of_the_latest_step_are_those_of_the_channel(self):
        long, short = (
            self._template(name=name, body=f'<p>{name}</p>') for name in ('Long', 'Short')
        )
        strategy = self._strategy(
            {1: {'template': short, 'channels': ('sms',)}, 60: {'template': long}}
        )
        line = {'step_id': strategy.step_ids[-1].id, 'channel': 'letter', 'template_id': short.id}
        self.env['cobranza.strategy.step.channel'].create(line)
        self.cases.strategy_id = strategy
        self.assertIn('Short', self.bench.compose(self.big_case.id, 'letter')['body'])
        self.assertIn('Long', self.bench.compose(self.big_case.id, 'sms')['body'])

    def test_it_speaks_the_readers_language(self):
        self.env['res.lang']._activate_lang('es_419')
        self.template.with_context(lang='es_419').write(
            {'body': '<p>Estimado {{contact_name}}</p>'}
        )
        self.big.lang = 'es_419'
        self.assertIn('Estimado Big', self._compose()['body'])

    # === NOTHING WRITTEN IS LOST === #

    def _refuse(self, failure_type, why):
        """Let the mail server refuse the message sent last."""
        self._sent_mail(self._reminder(self.big))._postprocess_sent_message(
            [], [], failure_type=failure_type, failure_reason=why
        )
        self.env.invalidate_all()

    def test_a_text_waits_for_the_mail_server_and_leaves_as_it_was_written(self):
        self._send(body='<p>As we said on the phone.</p>')
        reminder = self._reminder(self.big)
        first = self._sent_mail(reminder)
        self._refuse('mail_smtp', 'no route')
        self.assertEqual((reminder.state, reminder.reason_code), ('held', 'mail_server'))
        self.assertIn('As we said', reminder.with_user(self.collector).preview_body)
        self._travel(hours=1)
        self._dispatch()
        self.assertEqual(reminder.state, 'sent')
        again = self._sent_mail(reminder)
        self.assertNotEqual(again, first)
        self.assertEqual(again.subject, 'About your account')
        self.assertIn('As we said on the phone.', again.body_html)

    def test_a_text_that_failed_is_kept_and_its_collector_sends_it_again(self):
        self._send(body='<p>As we said on the phone.</p>')
        reminder = self._reminder(self.big)
        self._refuse('mail_email_invalid', '550 no such user')
        self.assertEqual(reminder.state, 'failed')
        self.assertIn('As we said', reminder.with_user(self.collector).preview_body)
        self.assertIn('As we said', self.big_case.activity_ids[-1:].note)
        self.big.email = 'right@example.com'
        reminder.with_user(self.collector).action_send_again()
        self._dispatch()
        self.assertEqual((reminder.state, reminder.address), ('sent', 'right@example.com'))
        self.assertIn('As we said on the phone.', self._sent_mail(reminder).body_html)

    def test_a_text_whose_figures_went_stale_while_it_waited_is_not_sent(self):
        self._send(body='<p>You owe 5,000.</p>')
        reminder = self._reminder(self.big)
        self._refuse('mail_smtp', 'no route')
        self._pay(self.big, 1000, invoice=self.big_case.item_ids.move_id)
        self._travel(hours=1)
        self._dispatch()
        self.assertEqual((reminder.state, reminder.reason_code), ('failed', 'changed'))
        self.assertIn('You owe 5,000.', reminder.preview_body)

    def test_a_text_that_waits_still_asks_the_gate(self):
        self._send()
        reminder = self._reminder(self.big)
        self._refuse('mail_smtp', 'no route')
        self._travel(hours=12)
        self._dispatch()
        self.assertEqual(reminder.state, 'refused')

    def test_only_a_collector_sends_again_and_only_what_was_written_by_hand(self):
        self._send()
        reminder = self._reminder(self.big)
        with self.assertRaisesRegex(UserError, 'written by hand and failed'):
            reminder.with_user(self.collector).action_send_again()
        with self.assertRaises(AccessError):
            reminder.with_user(self.employee).action_send_again()
