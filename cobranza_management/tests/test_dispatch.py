"""Dispatch: what is owed is read again, the gate is asked, one failure never stops the others."""

from unittest.mock import patch

from psycopg2 import OperationalError

from odoo import Command, fields
from odoo.tests import tagged

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestDispatch(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._strategy({5: {}})

    def _decided(self, **options):
        """Return an overdue invoice and its message, decided and not sent."""
        invoice = self._invoice(**options)
        self._run()
        return invoice, self._reminder(options.get('partner'))

    # === MISTAKE 1: CHASED AFTER PAYING, WRONG TOTAL === #

    def test_a_message_leaves_with_what_is_owed(self):
        _invoice, reminder = self._decided(amount=100)
        self._dispatch()
        self.assertEqual((reminder.state, reminder.address), ('sent', 'ana@example.com'))
        self.assertIn('100.00', reminder.mail_message_id.subject)
        self.assertEqual(self._sent_mail(reminder).recipient_ids, self.debtor)

    def test_paid_since_it_was_decided_is_not_sent(self):
        invoice, reminder = self._decided()
        self._pay(invoice=invoice)
        self._dispatch()
        self.assertEqual((reminder.state, reminder.reason_code), ('cancelled', 'settled'))
        self.assertFalse(reminder.mail_message_id)

    def test_a_partial_payment_since_then_claims_the_residual(self):
        invoice, reminder = self._decided(amount=100)
        self._pay(amount=40, invoice=invoice)
        self._dispatch()
        self.assertEqual(reminder.amount, 60)
        self.assertIn('60.00', reminder.mail_message_id.subject)

    def test_an_unapplied_credit_since_then_is_netted(self):
        _invoice, reminder = self._decided(amount=100)
        self._refund(amount=30)
        self._dispatch()
        self.assertEqual(reminder.amount, 70)

    def test_money_in_the_bank_that_looks_like_theirs_holds_the_message_and_raises_one_task(self):
        _invoice, reminder = self._decided()
        self._bank_line(self.debtor, 100)
        self._dispatch()
        self.assertEqual((reminder.state, reminder.reason_code), ('held', 'bank_line'))
        self.assertIn('TRANSFER 77', reminder.reason)
        self._travel(days=1)
        self._dispatch()
        self.assertEqual(len(self._case().activity_ids), 1)

    def test_a_payment_nobody_has_applied_settles_it(self):
        _invoice, reminder = self._decided(amount=100)
        self._pay(amount=100)
        self._dispatch()
        self.assertEqual((reminder.state, reminder.reason_code), ('cancelled', 'settled'))

    def test_a_pending_online_payment_holds_the_message(self):
        _invoice, reminder = self._decided()
        method = self.env['payment.method'].with_context(active_test=False).search([], limit=1)
        provider = self.env['payment.provider'].create(
            {'name': 'Wire', 'company_id': self.company.id}
        )
        self.env['payment.transaction'].create(
            {
                'amount': 100,
                'currency_id': self.usd.id,
                'last_state_change': fields.Datetime.now(),
                'partner_id': self.debtor.id,
                'payment_method_id': method.id,
                'provider_id': provider.id,
                'reference': 'WEB-9',
                'state': 'pending',
            }
        )
        self._dispatch()
        self.assertEqual((reminder.state, reminder.reason_code), ('held', 'transaction_pending'))

    # === MISTAKE 3: LIVE PROMISE OR DISPUTE === #

    def test_a_promise_made_since_then_holds_the_message_until_it_has_run_out(self):
        invoice, reminder = self._decided()
        self.env['cobranza.promise'].create(
            {
                'amount': 100,
                'case_id': self._case().id,
                'currency_id': self.usd.id,
                'date': self._day(3),
                'line_ids': [Command.set(self._items(invoice).ids)],
            }
        )
        self._dispatch()
        self.assertEqual((reminder.state, reminder.reason_code), ('held', 'promised'))
        self._travel(days=6)  # the day and its grace have passed, nothing was paid
        self._dispatch()
        self.assertEqual(reminder.state, 'sent')

    def test_a_hold_waits_and_comes_back_by_itself(self):
        _invoice, reminder = self._decided()
        self._case()._hold('On holiday', self._day(2))
        self._dispatch()
        self.assertEqual((reminder.state, reminder.reason_code), ('refused', 'hold'))
        self.assertIn('On holiday', reminder.reason)
        self._travel(days=3)
        self._dispatch()
        self.assertEqual(reminder.state, 'sent')

    # === MISTAKE 5: STARVATION === #

    def test_the_longest_due_goes_first_whatever_its_priority(self):
        small, large = self._debtor('Small'), self._debtor('Large')
        self._invoice(small, amount=10)
        self._invoice(large, amount=99999)
        self._run()
        waiting = self._reminder(small)
        waiting.next_attempt_at = fields.Datetime.subtract(fields.Datetime.now(), hours=5)
        self.assertEqual(self.env['cobranza.reminder']._claim(1), waiting)

    # === MISTAKE 9: THE READER'S LANGUAGE === #

    def test_dates_money_and_table_are_in_the_readers_language(self):
        self.debtor.lang = 'es_419'
        _invoice, reminder = self._decided(amount=1234.5, days_overdue=10)
        self._dispatch()
        body = self._sent_mail(reminder).body_html
        self.assertIn('lang="es-419"', body)
        self.assertIn('22/02/2026', body)
        self.assertIn('Vencimiento', body)

    # === FAULTS === #

    def test_one_that_fails_never_takes_the_others(self):
        bad, good = self._debtor('Bad'), self._debtor('Good')
        self._invoice(bad)
        self._invoice(good)
        self._run()
        Email = self.env.registry['cobranza.channel.email']
        deliver = Email._deliver

        def fail_for_bad(channel, letters):
            if any(letter.reminder.partner_id == bad for letter in letters):
                raise ValueError('mailbox on fire')
            return deliver(channel, letters)

        with patch.object(Email, '_deliver', fail_for_bad):
            self._dispatch()
        self.assertEqual(self._reminder(good).state, 'sent')
        self.assertEqual(self._reminder(bad).state, 'failed')
        self.assertIn('mailbox on fire', self._reminder(bad).reason)
        self.assertTrue(self._case(bad).activity_ids, 'nothing is lost in silence')

    def test_the_outbox_says_what_the_message_claimed(self):
        invoice, reminder = self._decided(amount=300)
        reminder.write({'amount': 1, 'channel': False})
        self._dispatch()
        self.assertEqual((reminder.channel, reminder.amount), ('email', 300))
        message = reminder.mail_message_id
        self.assertEqual((message.model, message.res_id), ('cobranza.case', self._case().id))
        self.assertIn(f'-openerp-{self._case().id}-cobranza.case@', message.message_id)
        self.assertIn(message, self._case().message_ids, 'it is in the chatter at once')
        self.assertIn(invoice.name, message.body)

    def test_a_failure_says_which_channel_it_was(self):
        _invoice, reminder = self._decided()
        reminder.write({'amount': 1, 'channel': False})
        Email = self.env.registry['cobranza.channel.email']
        with patch.object(Email, '_deliver', side_effect=ValueError('mailbox on fire')):
            self._dispatch()
        self.assertEqual((reminder.channel, reminder.tried_channels), ('email', 'email'))

    def test_a_batch_takes_a_constant_number_of_statements(self):
        counts = []
        for size in (2, 2, 10):
            for number in range(size):
                self._invoice(self._debtor(f'Debtor {len(counts)} {number}'))
            self._run()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._dispatch()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1], counts)

    def test_a_concurrency_error_is_never_swallowed(self):
        self._decided()
        Email = self.env.registry['cobranza.channel.email']
        with patch.object(Email, '_deliver', side_effect=OperationalError('serialize')):
            with self.assertRaises(OperationalError):
                self._dispatch()

    def test_without_an_address_on_any_channel_it_fails_with_a_task(self):
        self.debtor.write({'email': False})
        _invoice, reminder = self._decided()
        self._dispatch()
        self.assertEqual((reminder.state, reminder.reason_code), ('failed', 'no_address'))
        self.assertTrue(self._case().activity_ids)

    def test_a_deleted_template_fails_with_its_reason(self):
        strategy = self.company.cobranza_strategy_id
        _invoice, reminder = self._decided()
        strategy.step_ids.channel_ids.template_id = False
        self._dispatch()
        self.assertEqual((reminder.state, reminder.reason_code), ('failed', 'no_template'))

    def test_an_interrupted_message_is_unknown_and_never_sent_again(self):
        _invoice, reminder = self._decided()
        reminder.state = 'sending'
        self._travel(hours=1)
        self._dispatch()
        self.assertEqual((reminder.state, reminder.reason_code), ('unknown', 'crashed'))

    def test_a_mail_server_out_of_reach_is_tried_again_without_a_second_mail(self):
        _invoice, reminder = self._decided()
        self._dispatch()
        first = self._sent_mail(reminder)
        first._postprocess_sent_message([], [], failure_type='mail_smtp', failure_reason='no route')
        self.assertEqual((reminder.state, reminder.reason_code), ('held', 'mail_server'))
        self.assertEqual(first.state, 'cancel')
        self.company.cobranza_minimum_amount = 0
        self.env['cobranza.contact.rule'].search([]).min_days = 0
        self._travel(hours=2)
        self._dispatch()
        self.assertEqual(reminder.state, 'sent')
        self.assertNotEqual(self._sent_mail(reminder), first)

    def test_a_failed_message_is_not_a_contact(self):
        _invoice, reminder = self._decided()
        self._dispatch()
        self._sent_mail(reminder)._postprocess_sent_message(
            [], [], failure_type='mail_email_invalid', failure_reason='550 unknown user'
        )
        self.assertEqual(reminder.state, 'failed')
        self.assertIn('550', reminder.reason)
        verdict = self.env['cobranza.contact.guard']._assess(self._case(), ['phone'])
        self.assertTrue(verdict[self._case(), 'phone'].allowed)

    # === AFTER === #

    def test_cancelling_an_invoice_is_not_blocked_by_its_message(self):
        invoice, reminder = self._decided()
        self._dispatch()
        invoice.button_draft()
        invoice.button_cancel()
        self.assertEqual(invoice.state, 'cancel')
        invoice.with_context(force_delete=True).unlink()
        self.assertEqual(reminder.state, 'sent')
        self.assertFalse(reminder.item_ids.line_id)

    def test_a_reply_pauses_automation(self):
        self._decided()
        self._dispatch()
        case = self._case()
        case.message_post(body='I paid yesterday', message_type='email', author_id=self.debtor.id)
        self.assertTrue(case.is_on_hold)
        self.assertEqual(self._reminder().state, 'replied')
        self.assertIn('in', case.interaction_ids.mapped('direction'))

    def test_the_outbox_sends_once(self):
        _invoice, reminder = self._decided()
        self._dispatch()
        sent_at = reminder.sent_at
        self._travel(minutes=30)
        self._dispatch()
        self.assertEqual(reminder.sent_at, sent_at)
        self.assertEqual(len(self._case().interaction_ids), 1)

    def test_messages_wait_for_approval_when_asked(self):
        self.company.cobranza_review = True
        _invoice, reminder = self._decided()
        self._dispatch()
        self.assertEqual(reminder.state, 'review')
        reminder.action_approve()
        self._dispatch()
        self.assertEqual(reminder.state, 'sent')

    def test_a_rejected_message_does_not_come_back(self):
        self.company.cobranza_review = True
        _invoice, reminder = self._decided()
        reminder.action_reject()
        self._travel(days=1)
        self._run()
        self.assertEqual(self._reminder().reason_code, 'rejected')
