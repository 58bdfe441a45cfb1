"""A reminder leaves by an approved template, once, and what WhatsApp says of it comes back."""

import time
from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .cloud import refused
from .common import MOBILE, WhatsappCommon


@tagged('post_install', '-at_install')
class TestOutgoing(WhatsappCommon):
    def test_a_reminder_leaves_by_the_template_that_carries_its_message(self):
        self._invoice(amount=100)
        reminder = self._send()
        [sent] = self.cloud.sent
        self.assertEqual(sent['to'], MOBILE.lstrip('+'))
        self.assertEqual(sent['template']['name'], 'cobranza_d3')
        body, button = sent['template']['components']
        self.assertEqual(body['parameters'][0]['text'], 'Ana')
        link = f'{self.company.get_base_url()}/c/{button["parameters"][0]["text"]}'
        self.assertEqual(link, reminder._short_link())
        self.assertEqual((reminder.state, reminder.channel), ('sent', 'whatsapp'))
        self.assertEqual(reminder.external_id, self._message().external_id)
        log = self.env['cobranza.interaction'].search([('reminder_id', '=', reminder.id)])
        self.assertEqual((log.channel, log.address), ('whatsapp', MOBILE))

    def test_statuses_bring_it_forward_whatever_their_order(self):
        self._invoice()
        reminder = self._send()
        message = self._message()
        for status, expected in (
            ('read', 'read'),
            ('delivered', 'read'),
            ('sent', 'read'),
            ('read', 'read'),
        ):
            self._status(message, status)
            self.assertEqual((message.state, reminder.state), (expected, expected), status)
        self._status(message, 'failed', errors=[{'code': 131026}])
        self.assertEqual((message.state, reminder.state), ('read', 'read'))

    def test_a_number_that_is_not_on_whatsapp_gets_the_next_channel(self):
        self._invoice()
        reminder = self._send()
        self._status(self._message(), 'failed', errors=[{'code': 131026, 'title': 'Undeliverable'}])
        self.assertEqual((reminder.state, reminder.tried_channels), ('queued', 'whatsapp'))
        log = self.env['cobranza.interaction'].search([('reminder_id', '=', reminder.id)])
        self.assertIn('correction', log.mapped('purpose') + log.correction_ids.mapped('purpose'))
        self._dispatch()
        self.assertEqual((reminder.state, reminder.channel), ('sent', 'email'))

    def test_an_error_that_passes_is_tried_again_and_sent_once(self):
        self._invoice()
        self.cloud.answers.append(refused(131016, status=500))
        reminder = self._send()
        self.assertEqual((reminder.state, reminder.reason_code), ('held', 'whatsapp_retry'))
        self._dispatch()
        self.assertEqual(len(self.cloud.sent), 1, 'not before its time')
        self._travel(minutes=2)
        self._dispatch()
        self.assertEqual((reminder.state, len(self.cloud.sent)), ('sent', 2))

    def test_a_number_that_is_too_fast_rests(self):
        self._invoice()
        self.cloud.answers.append(refused(130429))
        reminder = self._send()
        self.assertTrue(self.account._is_paused())
        self.assertEqual(reminder.state, 'held')
        self._travel(minutes=1)
        self._dispatch()
        self.assertEqual(reminder.state, 'sent')
        self.assertFalse(self.account.pauses)

    def test_a_key_that_is_refused_stops_the_number_and_everybody_gets_another_channel(self):
        other = self._debtor('Berta', phone='+573007654321')
        self._invoice()
        self._invoice(other)
        self.cloud.answers += [refused(190, 'Token expired', 401)] * 2
        self._send()
        self.assertEqual(self.account.state, 'stopped')
        self.assertIn('Token expired', self.account.activity_ids.summary)
        self.assertEqual(len(self.account.activity_ids), 1)
        self._dispatch()
        reminders = self._reminder() + self._reminder(other)
        self.assertEqual(set(reminders.mapped('channel')), {'email'})

    def test_a_template_that_does_not_fit_is_blocked_until_mended(self):
        self._invoice()
        self.cloud.answers.append(refused(132000, 'Number of parameters'))
        reminder = self._send()
        self.assertIn('Number of parameters', self.approved.blocked_reason)
        self.assertFalse(self.approved.is_usable)
        self._dispatch()
        self.assertEqual(reminder.channel, 'email')
        self.approved.action_unblock()
        self.assertTrue(self.approved.is_usable)

    def test_an_answer_that_does_not_come_is_unknown_and_never_sent_again(self):
        self._invoice()
        self.cloud.answers.append(lambda body: None)
        reminder = self._send()
        self.assertEqual(reminder.state, 'unknown')
        self._travel(days=1)
        self._dispatch()
        self.assertEqual(len(self.cloud.sent), 1)

    def test_a_status_settles_what_was_unknown(self):
        self._invoice()
        self.cloud.answers.append(lambda body: None)
        reminder = self._send()
        self._status(self._message(), 'delivered')
        self.assertEqual(reminder.state, 'delivered')
        self.assertEqual(reminder.external_id, 'wamid.lost')
        logged = self.env['cobranza.interaction'].search_count(
            [('reminder_id', '=', reminder.id), ('direction', '=', 'out')]
        )
        self.assertEqual(logged, 1)

    def test_an_api_that_is_out_of_reach_is_tried_again(self):
        self._invoice()
        self.account.base_url = 'http://127.0.0.1:1'
        reminder = self._send()
        self.assertEqual((reminder.state, reminder.reason_code), ('held', 'whatsapp_retry'))

    def test_a_payment_in_the_meantime_stops_the_message(self):
        invoice = self._invoice()
        self._run()
        self._pay(invoice=invoice)
        self._dispatch()
        self.assertFalse(self.cloud.sent)
        self.assertEqual(self._reminder().state, 'cancelled')

    def test_a_fixed_line_gets_the_next_channel(self):
        self.debtor.phone = '+576015550101'
        self._invoice()
        self.assertEqual(self._send().channel, 'email')

    def test_a_refused_number_is_refused_with_the_reason(self):
        self._strategy({5: {'channels': ('whatsapp',)}})
        for phone, words in (('+576015550101', 'no mobile'), ('12', 'no valid number')):
            debtor = self._debtor(f'Debtor {words}', phone=phone, email=False)
            self._invoice(debtor)
            self._run()
            self._dispatch()
            self.assertIn(words, self._reminder(debtor).reason)
            self.assertIn(words, self._case(debtor)._way_out('whatsapp')[2])

    def test_who_wants_no_messages_gets_none_by_whatsapp(self):
        self._invoice()
        talk = self.env['cobranza.whatsapp.conversation']._of_sender(self.account, {}, MOBILE)
        talk._link_debtor()
        talk._opt('out', 'BAJA')
        self.assertEqual(self._send().channel, 'email')

    def test_only_those_who_accepted_are_written_to_where_the_company_asks_first(self):
        self.account.opt_in = 'explicit'
        self._invoice()
        self.assertEqual(self._send().channel, 'email')
        other = self._debtor('Berta', phone='+573007654321')
        self.env['cobranza.consent'].create(
            {'partner_id': other.id, 'channel': 'whatsapp', 'state': 'in'}
        )
        self._invoice(other)
        self._run()
        self._dispatch()
        self.assertEqual(self._reminder(other).channel, 'whatsapp')

    def test_a_message_without_an_approved_template_uses_the_next_channel(self):
        self.approved.status = 'PAUSED'
        self._invoice()
        self.assertEqual(self._send().channel, 'email')

    def test_two_debtors_with_one_telephone_are_not_written_to_at_once(self):
        other = self._debtor('Berta', phone=MOBILE)
        self._invoice()
        self._invoice(other)
        self._run()
        self._dispatch()
        states = sorted((self._reminder() + self._reminder(other)).mapped('state'))
        self.assertEqual(states, ['held', 'sent'])
        self._travel(seconds=10)
        self._dispatch()
        self.assertEqual(len(self.cloud.sent), 2)

    def test_it_costs_what_the_price_list_says(self):
        self.env['cobranza.whatsapp.price'].create(
            {'account_id': self.account.id, 'category': 'utility', 'price': 0.01}
        )
        self._invoice()
        self._send()
        message = self._message()
        self._status(message, 'sent', pricing={'billable': True, 'category': 'utility'})
        self._status(message, 'delivered', pricing={'billable': True, 'category': 'utility'})
        self.assertEqual((message.cost, message.price_category), (0.01, 'utility'))

    def test_a_message_interrupted_is_unknown_later(self):
        self._invoice()
        reminder = self._send()
        message = self._message()
        message.write({'state': 'sending', 'reminder_id': False})
        self.env.flush_all()
        self.env.cr.execute(
            'UPDATE cobranza_whatsapp_message SET write_date = %s WHERE id = %s',
            (fields.Datetime.now() - timedelta(minutes=16), message.id),
        )
        self.env.invalidate_all()
        self.env['cobranza.whatsapp.message']._cron_send()
        self.assertEqual((message.state, reminder.state), ('unknown', 'sent'))

    def test_each_company_writes_from_its_own_number(self):
        other = self._company('Boreal', 'CO', self.usd)
        strategy = self._strategy({5: {'channels': ('whatsapp', 'email')}}, default=False)
        other.cobranza_strategy_id = strategy
        self.env.user.company_ids |= other
        debtor = self._debtor('Berta', phone='+573007654321')
        self._invoice(debtor, company=other)
        self._invoice()
        self._run()
        self._run(other)
        self._dispatch()
        self.assertEqual([sent['to'] for sent in self.cloud.sent], [MOBILE.lstrip('+')])
        reminder = self.env['cobranza.reminder'].search([('company_id', '=', other.id)])
        self.assertEqual((reminder.state, reminder.channel), ('sent', 'email'))

    def test_a_batch_takes_a_constant_number_of_statements(self):
        for number in range(20):
            self._invoice(self._debtor(f'Debtor {number}', phone=f'+57 300 1{number:06d}'))
        self._run()
        due = self.env['cobranza.reminder'].search([])
        few, many = due[:4], due[4:20]
        counts = []
        for batch in (due[20:], few, many):  # the first one warms the caches
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            under_way = {}
            batch._dispatch(under_way)
            batch._finish(under_way)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(set(due.mapped('state')), {'sent'})
        self.assertLessEqual(counts[2], counts[1] + 2, counts)

    def test_what_has_left_is_written_down_though_the_next_batch_fails(self):
        self._invoice()
        self._invoice(self._debtor('Berta', phone='+57 300 7654321'))
        self._run()
        reminders = self.env.registry['cobranza.reminder']
        honest, routed = reminders._route, []

        def _route(self, claims):
            routed.append(self)
            if len(routed) > 1:
                raise ValueError('the second batch')
            return honest(self, claims)

        # not assertRaises, which would roll back what was written
        with patch.object(reminders, '_route', _route), suppress(ValueError):
            self._dispatch(batch_size=1)
            self.fail('the failure was swallowed')
        states = self.env['cobranza.reminder'].search([]).mapped('state')
        self.assertEqual(sorted(states), ['queued', 'sent'])

    def test_what_was_sent_is_in_the_history_of_the_case(self):
        self._invoice()
        reminder = self._send()
        self.assertIn('Ana', reminder.mail_message_id.body)
        self.assertEqual(reminder.mail_message_id.res_id, reminder.case_id.id)
        self.assertIn('Ana', reminder.preview_body or '')

    def test_words_of_a_person_go_as_they_are_while_the_customer_may_be_answered(self):
        self._invoice()
        self._run()
        case = self._case()
        case._send_written('whatsapp', self.template, '', 'Don Ana, ¿hablamos hoy?')
        reminder = self._reminders()[-1:]
        self.assertEqual((reminder.state, reminder.reason_code), ('failed', 'whatsapp_window'))
        self.assertFalse(self.cloud.sent)
        self._travel(days=1)
        self._write('hola')
        self.env['cobranza.whatsapp.message']._cron_send()
        self.cloud.requests.clear()
        case._send_written('whatsapp', self.template, '', 'Don Ana, ¿hablamos hoy?')
        [sent] = self.cloud.sent
        self.assertEqual(sent['text']['body'], 'Don Ana, ¿hablamos hoy?')

    def test_an_approved_text_may_be_sent_by_hand_as_it_is(self):
        self._invoice()
        self._run()
        case = self._case()
        draft = case._compose('whatsapp', self.template)
        self.assertTrue(draft['allowed'], draft['why'])
        case._send_written('whatsapp', self.template, '', draft['body'])
        self.assertEqual(self.cloud.sent[0]['type'], 'template')

    def test_the_speed_of_the_number_is_kept(self):
        self.account.rate = 10
        start = time.time()
        first, second = self.account._reserve(5), self.account._reserve(5)
        places = first + second
        self.assertGreaterEqual(places[0], start - 1)
        gaps = [later - sooner for sooner, later in zip(places, places[1:])]
        for gap in gaps:
            self.assertAlmostEqual(gap, 0.1, places=4)
