"""SMS: who can be reached, what it says, what the provider reports, and where a failure goes."""

from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.sms.tools.sms_api import SmsApi

from .common import CobranzaCommon

MOBILE, LANDLINE = '+57 300 123 4567', '+57 601 5550101'


class SmsCommon(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template.sms_text = '{{company_name}}: {{amount}}. {{pay_link}}'
        cls.debtor.phone = MOBILE

    def _text(self, channels=('sms',), **values):
        """Return the message of a debtor, dispatched by SMS."""
        self._strategy({5: {'channels': channels}})
        self.debtor.write(values)
        self._invoice()
        self._run()
        self._dispatch()
        return self._reminder()

    def _carry(self, state='success', error=None):
        """Let Odoo hand its queue to a provider that answers `state` for every text; return what it got."""
        taken = []

        def contact(_api, _endpoint, params, timeout=15):
            if error:
                raise error
            taken.extend(params['messages'])
            return [
                {'uuid': number['uuid'], 'state': state, 'credit': 1}
                for message in params['messages']
                for number in message['numbers']
            ]

        with patch.object(SmsApi, '_contact_iap', contact):
            self.env['sms.sms'].search([('state', '=', 'outgoing')]).send()
        self.env.invalidate_all()
        return taken

    def _sms(self, reminder):
        return self.env['sms.sms'].search([('uuid', '=', reminder.external_id)])


@tagged('post_install', '-at_install')
class TestSms(SmsCommon):
    # === WHO === #

    def test_a_mobile_number_gets_the_short_text(self):
        reminder = self._text()
        text = self._sms(reminder)
        self.assertEqual((reminder.state, reminder.address), ('sent', '+573001234567'))
        self.assertEqual((text.number, text.state), ('+573001234567', 'outgoing'))
        self.assertRegex(text.body, r'^Andina: \$ ?100\.00\. https?://\S+/c/[\w-]+$')
        self.assertEqual(self._case().interaction_ids.channel, 'sms')

    def test_a_landline_is_not_written_to(self):
        self.assertEqual(self._text(('sms', 'email'), phone=LANDLINE).channel, 'email')

    def test_the_first_contact_with_a_mobile_is_used(self):
        self._debtor('Luis', parent_id=self.debtor.id, type='contact', phone='301 222 3344')
        reminder = self._text(phone=LANDLINE)
        self.assertEqual((reminder.contact_id.name, reminder.address), ('Luis', '+573012223344'))

    def test_a_number_is_read_where_its_owner_lives(self):
        spain = self.env.ref('base.es').id
        self.assertEqual(self._text(phone='600 123 456', country_id=spain).address, '+34600123456')

    def test_a_blocked_number_is_left_alone(self):
        self.env['phone.blacklist'].create({'number': '+573001234567'})
        self.assertEqual(self._text(('sms', 'email')).channel, 'email')

    def test_a_refusal_of_texts_leaves_email(self):
        self.env['cobranza.consent'].create({'partner_id': self.debtor.id, 'channel': 'sms'})
        self.assertEqual(self._text(('sms', 'email')).channel, 'email')

    # === WHAT === #

    def test_without_a_short_text_the_message_loses_its_formatting_and_keeps_its_link(self):
        self.template.sms_text = False
        body = self._sms(self._text()).body
        self.assertIn('Dear Ana', body)
        self.assertIn('/c/', body)
        self.assertNotIn('<', body)

    def test_the_text_is_in_the_readers_language(self):
        self.env['res.lang']._activate_lang('es_419')
        self.template.with_context(lang='es_419').sms_text = 'Debe {{amount}}'
        self.assertTrue(self._sms(self._text(lang='es_419')).body.startswith('Debe '))

    def test_a_short_text_is_checked_like_a_long_one(self):
        for text in ('Pay {{nope}}', 'Pay {{pay_button}}', 'Pay or go to jail'):
            with self.subTest(text), self.assertRaises(ValidationError):
                self.template.sms_text = text

    def test_the_form_warns_and_measures_while_it_is_typed(self):
        template = self.env['cobranza.template'].new({'sms_text': 'Pay {{nope}}'})
        self.assertIn('nope', template.warning)
        self.template.sms_text = 'x' * 161
        self.assertIn('161', self.template.sms_size)
        self.assertTrue(self.template.sms_size.startswith('2 SMS'))

    def test_the_preview_shows_the_text_and_writes_nothing(self):
        self.company.cobranza_review = True
        self._strategy({5: {'channels': ('sms',)}})
        self._invoice()
        self._run()
        preview = self._reminder()
        self.assertIn('/c/', preview.preview_body)
        self.assertFalse(self.env['sms.sms'].search([('partner_id', '=', self.debtor.id)]))

    # === HOW IT ENDS === #

    def test_a_report_of_delivery_moves_the_message_forward_and_never_back(self):
        reminder = self._text()
        taken = self._carry()
        self.assertEqual(taken[0]['numbers'][0]['number'], '+573001234567')
        self.assertEqual(reminder.state, 'sent')
        tracker = self.env['sms.tracker'].search([('sms_uuid', '=', reminder.external_id)])
        tracker._action_update_from_sms_state('sent')
        self.assertEqual(reminder.state, 'delivered')
        tracker._action_update_from_sms_state('pending')
        tracker._action_update_from_provider_error('not_delivered')
        self.assertEqual(reminder.state, 'delivered')

    def test_a_text_that_is_refused_uses_the_next_channel(self):
        reminder = self._text(('sms', 'email'))
        self._carry('wrong_number_format')
        self.assertEqual((reminder.state, reminder.tried_channels), ('queued', 'sms'))
        self._dispatch()
        self.assertEqual((reminder.state, reminder.channel), ('sent', 'email'))

    def test_the_last_channel_fails_with_its_reason_in_words_and_a_task(self):
        reminder = self._text()
        self._carry('insufficient_credit')
        self.assertEqual(reminder.state, 'failed')
        self.assertIn('Insufficient Credit', reminder.reason)
        self.assertIn('A message could not be sent', self._case().activity_ids.mapped('summary'))

    def test_a_failed_text_can_not_leave_beside_its_successor(self):
        reminder = self._text(('sms', 'email'))
        text = self._sms(reminder)
        self._carry('wrong_number_format')
        text.resend_failed()
        self.assertEqual(self._carry(), [])

    def test_a_late_report_of_failure_uses_the_next_channel(self):
        reminder = self._text(('sms', 'email'))
        self._carry()
        tracker = self.env['sms.tracker'].search([('sms_uuid', '=', reminder.external_id)])
        tracker._action_update_from_provider_error('invalid_destination')
        self._dispatch()
        self.assertEqual(reminder.channel, 'email')
        sent = self._case().interaction_ids.filtered(lambda contact: not contact.corrects_id)
        text = sent.filtered(lambda contact: contact.channel == 'sms')
        self.assertEqual(text.reminder_state, 'failed')
        self.assertEqual(text.correction_ids.purpose, 'correction', 'one contact, not two')

    @mute_logger('odoo.addons.sms.models.sms_sms')
    def test_a_provider_out_of_reach_may_have_the_text(self):
        reminder = self._text(('sms', 'email'))
        self._carry(error=ConnectionError('timed out'))
        self.assertEqual(reminder.state, 'unknown')
        self.assertEqual(self._carry(), [], 'never a second text by itself')

    def test_a_text_that_somebody_withdraws_was_not_sent(self):
        reminder = self._text()
        self._sms(reminder).action_set_canceled()
        self.assertEqual(reminder.state, 'cancelled')

    def test_a_batch_takes_a_constant_number_of_statements(self):
        self._strategy({5: {'channels': ('sms',)}})
        counts = []
        for batch in (5, 15):
            for number in range(batch):
                self._invoice(
                    self._debtor(f'D{batch}{number}', phone=f'+57300555{batch}{number:02}'[:13])
                )
            self._run()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._dispatch()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1] - counts[0], 60)


@tagged('post_install', '-at_install')
class TestShortLink(SmsCommon, HttpCase):
    def test_the_link_leads_to_where_the_debt_is_paid(self):
        reminder = self._text()
        move = reminder.item_ids.line_id.move_id
        answer = self.url_open(self._path(reminder), allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        token = answer.headers['Location'].rpartition('/')[2]
        self.assertEqual(self.env['account.move']._cobranza_of_pay_link(token), move)

    def test_a_code_that_we_did_not_give_leads_nowhere(self):
        path = self._path(self._text())
        for wrong in (path[:-1], f'{path}1', path.replace('/c/', '/c/A'), '/c/é'):
            self.assertEqual(self.url_open(wrong, allow_redirects=False).status_code, 404, wrong)

    def test_the_link_lives_as_long_as_the_pay_link_it_stands_for(self):
        reminder = self._text()
        path = self._path(reminder)
        self._travel(days=179)
        answer = self.url_open(path, allow_redirects=False)
        self.assertEqual(answer.status_code, 303, 'alive to its last day')
        token = answer.headers['Location'].rpartition('/')[2]
        self._travel(days=1)
        self.assertFalse(
            self.env['account.move']._cobranza_of_pay_link(token), 'what it led to ends with it'
        )
        answer = self.url_open(path, allow_redirects=False)
        self.assertEqual(answer.status_code, 410)
        self.assertIn('no longer works', answer.text)

    def _path(self, reminder):
        return reminder._short_link().removeprefix(self.company.get_base_url())
