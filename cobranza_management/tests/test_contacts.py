"""Calls, letters and replies: what people do with a message, and the log nobody can change."""

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CobranzaCommon

REPLY = """From: Ana <ana@example.com>
To: {to}
Subject: Re: your invoice
Message-Id: <reply-1@example.com>
In-Reply-To: {message_id}
References: {message_id}
Content-Type: text/plain; charset=utf-8

I paid it yesterday.
"""


@tagged('post_install', '-at_install')
class TestContacts(CobranzaCommon):
    def _reminder_by(self, channel, **values):
        self._strategy({5: {'channels': (channel,)}})
        self.debtor.write({'phone': '+57 601 5550101', 'street': 'Calle 1', **values})
        self._invoice()
        self._run()
        self._dispatch()
        return self._reminder()

    # === CALLS AND LETTERS === #

    def test_a_call_is_a_task_with_what_to_say(self):
        reminder = self._reminder_by('phone')
        self.assertEqual(reminder.activity_id.summary, 'Call Ana')
        self.assertIn('100.00', reminder.activity_id.note)
        self.assertFalse(self._case().interaction_ids, 'a call not made is not a contact')

    def test_a_call_made_is_logged_once_and_its_task_done(self):
        reminder = self._reminder_by('phone')
        activity = reminder.activity_id
        reminder.action_done()
        reminder.action_done()
        self.assertEqual(reminder.state, 'sent')
        self.assertFalse(activity.active)
        self.assertEqual(self._case().interaction_ids.channel, 'phone')

    def test_logging_the_call_carries_the_message_out(self):
        reminder = self._reminder_by('phone')
        wizard = self.env['cobranza.contact.wizard'].create(
            {'case_id': self._case().id, 'channel': 'phone', 'summary': 'Will pay on Friday'}
        )
        self.assertEqual(wizard.reminder_id, reminder)
        wizard.action_confirm()
        self.assertEqual(reminder.state, 'sent')
        contact = self._case().interaction_ids
        self.assertEqual((contact.summary, contact.reminder_id), ('Will pay on Friday', reminder))

    def test_a_phone_of_another_country_is_looked_up_where_they_live(self):
        self.env['phone.blacklist'].create({'number': '+34600123456'})
        reminder = self._reminder_by(
            'phone', phone='600 123 456', country_id=self.env.ref('base.es').id
        )
        self.assertEqual((reminder.state, reminder.reason_code), ('failed', 'opt_out'))

    def test_a_phone_without_plus_keeps_every_digit(self):
        self.env['phone.blacklist'].create({'number': '+573001234567'})
        reminder = self._reminder_by('phone', phone='573001234567')
        self.assertEqual((reminder.state, reminder.reason_code), ('failed', 'opt_out'))

    def test_a_letter_waits_to_be_printed_and_says_what_was_decided(self):
        reminder = self._reminder_by('letter')
        self.assertEqual(reminder.state, 'ready')
        self.assertIn('100.00', reminder.letter_body)
        self.template.body = '<p>Something else</p>'
        reminder.action_print_letters()
        self.assertEqual(reminder.state, 'sent')
        self.assertIn('100.00', reminder.letter_body)
        self.assertEqual(self._case().interaction_ids.channel, 'letter')

    def test_only_letters_are_printed(self):
        with self.assertRaisesRegex(UserError, 'letter'):
            self._reminder_by('email').action_print_letters()

    def test_only_what_was_not_sent_is_tried_again(self):
        with self.assertRaisesRegex(UserError, 'not sent'):
            self._reminder_by('email').action_retry()

    def test_trying_again_uses_every_channel_anew(self):
        reminder = self._reminder_by('email', email=False)
        self.assertEqual((reminder.state, reminder.reason_code), ('failed', 'no_address'))
        self.debtor.email = 'new@example.com'
        reminder.action_retry()
        self._dispatch()
        self.assertEqual((reminder.state, reminder.address), ('sent', 'new@example.com'))

    # === REPLIES === #

    @mute_logger('odoo.addons.mail.models.mail_thread')
    def test_an_answer_by_email_reaches_the_case_and_pauses_it(self):
        reminder = self._reminder_by('email')
        text = REPLY.format(
            to='catchall@example.com', message_id=reminder.mail_message_id.message_id
        )
        self.env['mail.thread'].message_process(None, text)
        case = self._case()
        self.assertEqual(reminder.state, 'replied')
        self.assertEqual(case.hold_until, self._day(self.company.cobranza_reply_pause_days))
        incoming = case.interaction_ids.filtered(lambda contact: contact.direction == 'in')
        self.assertEqual(incoming.summary, 'Re: your invoice')

    def test_automation_comes_back_after_the_pause(self):
        self._strategy({5: {}, 12: {}})
        self._invoice(days_overdue=10)
        self._run()
        self._dispatch()
        self._case().message_post(body='?', message_type='email', author_id=self.debtor.id)
        self._travel(days=2)
        self._run()
        self.assertEqual(len(self._reminders()), 1)
        self._travel(days=2)
        self._run()
        self.assertEqual(self._reminders().mapped('step_id.offset'), [5, 12])

    def test_no_pause_when_the_company_wants_none(self):
        self.company.cobranza_reply_pause_days = 0
        self._reminder_by('email')
        self._case().message_post(body='?', message_type='email', author_id=self.debtor.id)
        self.assertFalse(self._case().is_on_hold)
        self.assertTrue(self._case().last_reply_date)

    def test_a_colleagues_email_is_not_a_reply(self):
        self._users()
        self._reminder_by('email')
        self._case().message_post(
            body='FYI', message_type='email', author_id=self.supervisor.partner_id.id
        )
        self.assertFalse(self._case().is_on_hold)
        self.assertEqual(self._reminder().state, 'sent')

    def test_what_the_customer_says_does_not_count_as_our_contact(self):
        case = self.env['cobranza.case']._get_or_create(self.debtor, self.company)
        case._log_contact({'channel': 'phone', 'direction': 'in', 'summary': 'Asks for a copy'})
        self.assertEqual(self._reminder_by('email').state, 'sent')

    def test_a_receipt_does_not_count_as_collection(self):
        case = self.env['cobranza.case']._get_or_create(self.debtor, self.company)
        case._log_contact({'channel': 'email', 'purpose': 'receipt'})
        self.assertEqual(self._reminder_by('email').state, 'sent')

    # === HOLDS === #

    def test_releasing_a_hold_lets_automation_go_on(self):
        self._invoice()
        self._run()
        case = self._case()
        case._hold('Sick', self._day(30))
        self.assertEqual(self.env['cobranza.case'].search([('is_on_hold', '=', True)]), case)
        case.action_release_hold()
        self.assertFalse(case.is_on_hold)
        self.assertFalse(self.env['cobranza.case'].search([('is_on_hold', '=', True)]))

    def test_the_longest_hold_counts(self):
        self._invoice()
        self._run()
        case = self._case()
        case._hold('Sick', self._day(30))
        case._hold('Away', self._day(3))
        self.assertEqual((case.hold_until, case.hold_reason), (self._day(30), 'Sick'))

    # === THE LOG === #

    def test_a_case_with_a_history_is_kept(self):
        self._reminder_by('email')
        with self.assertRaisesRegex(UserError, 'part of the record'):
            self._case().unlink()

    def test_the_log_does_not_keep_the_add_on_from_being_removed(self):
        guard = self.registry['cobranza.interaction']._unlink_except_never
        self.assertFalse(guard._ondelete, 'a rule of deletion that is off while uninstalling')
