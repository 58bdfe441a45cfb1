"""Whoever is handed over is answered by a person in Discuss, within the window."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import MOBILE, WhatsappCommon


@tagged('post_install', '-at_install')
class TestInbox(WhatsappCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.account.ask_tax_id = False

    def setUp(self):
        super().setUp()
        self._invoice()
        self._run()
        self._case().user_id = self.collector
        self._write('quiero hablar con una persona')
        self._answers()
        self.talk = self.env['cobranza.whatsapp.conversation'].search([])
        self.chat = self.talk.channel_id

    def _post(self, body, user=None, **values):
        return self.chat.with_user(user or self.collector).message_post(
            body=body, message_type='comment', subtype_xmlid='mail.mt_comment', **values
        )

    def test_the_collector_of_the_case_gets_the_chat_with_the_context(self):
        self.assertEqual((self.talk.handler, self.talk.user_id), ('person', self.collector))
        self.assertIn(self.collector.partner_id, self.chat.channel_member_ids.partner_id)
        context = str(self.chat.message_ids[-1:].body)
        for what in ('Ana', '100.00', 'quiero hablar con una persona'):
            self.assertIn(what, context)

    def test_whoever_stands_in_for_the_collector_is_called(self):
        self.talk.with_user(self.collector).action_give_back()
        self.env['cobranza.absence'].create(
            {'user_id': self.collector.id, 'substitute_id': self.other_collector.id}
        )
        self._write('quiero hablar con una persona')
        self.assertEqual(self.talk.user_id, self.other_collector)
        self._post('Buenas tardes', user=self.other_collector)
        self.assertTrue(self._answers())

    def test_the_button_opens_this_chat_and_no_other(self):
        self.env['discuss.channel'].create({'name': 'Another', 'channel_type': 'group'})
        action = self.talk.with_user(self.collector).action_open_chat()
        self.assertEqual(action['context']['active_id'], f'discuss.channel_{self.chat.id}')
        members = self.chat.channel_member_ids.partner_id
        self.assertEqual(members, self.collector.partner_id)

    def test_a_person_is_called_in_their_language(self):
        self.env['res.lang']._activate_lang('es_419')
        self.collector.lang = 'es_419'
        self.talk.with_user(self.collector).action_give_back()
        self._write('quiero hablar con una persona')
        self.assertEqual(self.talk.hand_over_reason, 'pidió hablar con una persona')

    def test_who_wants_no_messages_is_not_written_to_by_a_person_either(self):
        self._write('BAJA')
        consent = self.env['cobranza.consent'].search(
            [('partner_id', '=', self.debtor.id)], limit=1
        )
        self.assertEqual(consent.state, 'out')
        with self.assertRaises(UserError):
            self._post('¿Cuándo paga?')

    def test_what_was_sent_is_not_changed_in_the_chat_alone(self):
        message = self._post('Buenas tardes')
        with self.assertRaises(UserError):
            self.chat.with_user(self.collector)._message_update_content(message, body='otra cosa')

    def test_nobody_from_outside_takes_part(self):
        with self.assertRaises(AccessError):
            self.chat.with_user(self.collector).add_members(partner_ids=self.portal.partner_id.ids)
        with self.assertRaises(AccessError):
            self._post('hola', user=self.portal)

    def test_a_stranger_appears_under_the_name_they_gave_themselves(self):
        self._write('hola', phone='+573005550000')
        self._write('quiero un asesor', phone='+573005550000')
        talk = self.env['cobranza.whatsapp.conversation'].search([('phone', '=', '573005550000')])
        self.assertEqual(talk.handler, 'person')
        self._write('¿hay alguien?', phone='+573005550000')
        last = talk.channel_id.message_ids[:1]
        self.assertIn('hay alguien', str(last.body))
        self.assertEqual((last.author_id, last.email_from), (self.env['res.partner'], 'Ana María'))
        self.assertFalse([m for m in self._answers() if 'hay alguien' in str(m)])

    def test_what_the_collector_writes_goes_to_the_customer(self):
        self._post('Buenas tardes, ¿en qué le ayudo?')
        [sent] = self._answers()
        self.assertEqual(sent['text']['body'], 'Buenas tardes, ¿en qué le ayudo?')
        log = self.env['cobranza.interaction'].search(
            [('purpose', '=', 'reply'), ('direction', '=', 'out')]
        )
        self.assertEqual(log.user_id, self.collector)

    def test_what_the_customer_writes_appears_in_the_chat_and_goes_nowhere(self):
        self._write('gracias', phone=MOBILE)
        self.assertIn('gracias', str(self.chat.message_ids[:1].body))
        self.assertEqual(self.chat.message_ids[:1].author_id, self.debtor)
        self.assertFalse(self._answers())

    def test_after_a_day_only_a_template_may_be_sent(self):
        self.talk.last_inbound_at = fields.Datetime.now() - timedelta(hours=25)
        before = len(self.chat.message_ids)
        with self.assertRaisesRegex(UserError, '24 hours'):
            self._post('¿Sigue ahí?')
        self.assertEqual(len(self.chat.message_ids), before)
        self.assertFalse(self._answers())

    def test_what_may_not_be_said_is_refused(self):
        with self.assertRaises(UserError):
            self._post('va a ir a la cárcel')
        self.assertFalse(self._answers())

    def test_what_is_longer_than_whatsapp_takes_is_refused_with_the_length(self):
        with self.assertRaisesRegex(UserError, '4096'):
            self._post('a' * 4097)
        self._post('a' * 4096)
        [sent] = self._answers()
        self.assertEqual(len(sent['text']['body']), 4096)

    def test_notes_of_the_house_do_not_go_to_the_customer(self):
        self.talk._note('an internal note')
        self.assertFalse(self._answers())

    def test_given_back_it_is_answered_by_itself_again(self):
        self.talk.with_user(self.collector).action_give_back()
        self._write('saldo')
        self.assertTrue(self._answers())

    def test_a_file_of_the_customer_is_shown_as_what_it_is_or_not_at_all(self):
        self.cloud.files['m1'] = (b'<script>alert(1)</script>', 'text/html')
        self._write(
            type='document', document={'id': 'm1', 'filename': 'x.html', 'mime_type': 'text/html'}
        )
        self._answers()
        file = self.chat.message_ids.attachment_ids
        self.assertEqual(file.mimetype, 'application/x-binary')

    def test_automation_pauses_while_a_person_is_talking(self):
        self.assertTrue(self._case().hold_until)

    def test_a_collector_sees_their_conversations_and_no_others(self):
        other = self._user('other', 'cobranza_management.group_collector')
        self.assertEqual(self.talk.with_user(self.collector).phone, '573001234567')
        self.assertFalse(self.env['cobranza.whatsapp.conversation'].with_user(other).search([]))
        with self.assertRaises(AccessError):
            self.talk.with_user(other).read(['phone'])
        with self.assertRaises(AccessError):
            self.talk.with_user(other).action_open_chat()

    def test_keys_are_for_the_administrator_of_the_server_alone(self):
        for user in (self.collector, self.supervisor, self.manager):
            for name in ('token', 'app_secret', 'verify_token'):
                with self.assertRaises(AccessError):
                    self.account.with_user(user).read([name])

    def test_another_company_sees_nothing(self):
        stranger = self._user(
            'stranger', 'cobranza_management.group_manager', self._company('Boreal', 'CO', self.usd)
        )
        for model in ('account', 'template', 'conversation', 'message'):
            found = (
                self.env[f'cobranza.whatsapp.{model}']
                .with_user(stranger)
                .with_context(allowed_company_ids=stranger.company_ids.ids)
                .search([])
            )
            self.assertFalse(found, model)
