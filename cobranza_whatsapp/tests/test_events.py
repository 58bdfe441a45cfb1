"""What WhatsApp says of templates, numbers and the account reaches who has to know."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from .cloud import template
from .common import WhatsappCommon


@tagged('post_install', '-at_install')
class TestEvents(WhatsappCommon):
    def _about_template(self, field, **values):
        self._tell(
            field,
            message_template_name=self.approved.name,
            message_template_language=self.approved.language,
            **values,
        )

    def test_a_paused_template_is_not_used_until_it_is_reinstated(self):
        self._about_template('message_template_status_update', event='PAUSED')
        self.assertFalse(self.approved.is_usable)
        self.assertTrue(self.account.activity_ids)
        self._about_template('message_template_status_update', event='REINSTATED')
        self.assertTrue(self.approved.is_usable)

    def test_a_template_that_becomes_marketing_is_blocked(self):
        self._about_template('template_category_update', new_category='MARKETING')
        self.assertTrue(self.approved.blocked_reason)
        self.assertFalse(self.approved.is_usable)

    def test_a_template_whose_text_changed_is_read_again_before_it_is_used(self):
        self._about_template('message_template_components_update')
        self.assertFalse(self.approved.is_usable)
        self.cloud.templates = [
            template(
                'cobranza_d3', 'x', components=[{'type': 'BODY', 'text': 'Hola {{1}} y {{2}}.'}]
            )
        ]
        self.account.action_sync_templates()
        self.assertEqual(self.approved.variable_ids.mapped('name'), ['1', '2'])
        self.assertFalse(self.approved.is_usable, 'somebody looks at it first')
        self.approved.action_unblock()
        self.assertTrue(self.approved.is_usable)

    def test_quality_is_shown(self):
        self._about_template('message_template_quality_update', new_quality_score='RED')
        self.assertEqual(self.approved.quality, 'RED')
        self._tell('phone_number_quality_update', event='FLAGGED', current_limit='TIER_1K')
        self.assertEqual(self.account.quality, 'RED')

    def test_a_disabled_account_stops_its_numbers(self):
        self._tell('account_update', event='DISABLED_UPDATE')
        self.assertEqual(self.account.state, 'stopped')

    def test_who_stops_messages_in_whatsapp_is_not_written_to(self):
        self._invoice()
        self._run()
        self._tell(
            'user_preferences',
            user_preferences=[{'wa_id': '573001234567', 'value': 'stop', 'detail': 'User stopped'}],
        )
        self._dispatch()
        self.assertEqual(self._reminder().channel, 'email')
        consent = self.env['cobranza.consent'].search([('partner_id', '=', self.debtor.id)])
        self.assertEqual((consent.state, consent.channel), ('out', 'whatsapp'))

    def test_a_status_quicker_than_the_answer_waits_for_it(self):
        self._invoice()
        reminder = self._send()
        message = self._message()
        reference = message.external_id
        reminder.state = 'sending'
        message.write({'external_id': False, 'state': 'sending'})
        self._tell(
            statuses=[{'id': reference, 'status': 'read', 'biz_opaque_callback_data': message.uuid}]
        )
        self.assertEqual(message.state, 'sending')
        message.write({'external_id': reference, 'state': 'sent'})
        self._travel(minutes=1)
        self._handle()
        self.assertEqual(message.state, 'read')

    def test_a_status_of_a_message_that_is_not_ours_is_given_up(self):
        self._tell(statuses=[{'id': 'wamid.foreign', 'status': 'read'}])
        event = self.env['cobranza.whatsapp.event'].search([('kind', '=', 'status')])
        self.assertEqual(event.state, 'new')
        for _attempt in range(8):
            self._travel(days=2)
            self._handle()
        self.assertEqual(event.state, 'ignored')

    def test_one_bad_event_stops_no_other(self):
        self._invoice()
        self._send()
        message = self._message()
        self.env['cobranza.whatsapp.event'].create(
            {'key': 'bad', 'kind': 'status', 'payload': {'id': ['x'], 'pricing': 'x'}}
        )
        with mute_logger('odoo.addons.cobranza_whatsapp.models.cobranza_whatsapp_event'):
            self._status(message, 'delivered')
        self.assertEqual(message.state, 'delivered')
        bad = self.env['cobranza.whatsapp.event'].search([('key', '=', 'bad')])
        self.assertIn(bad.state, ('failed', 'new'))

    def test_what_was_handled_long_ago_is_forgotten(self):
        self._tell('unheard_of', a=1)
        event = self.env['cobranza.whatsapp.event'].search([])
        self._travel(days=31)
        self.env['cobranza.whatsapp.event']._gc_events()
        self.assertFalse(event.exists())

    def _talk(self, **values):
        """Return the conversation with these values, one at most."""
        return self.env['cobranza.whatsapp.conversation'].search(
            [(name, '=', value) for name, value in values.items()]
        )

    def _write_as(self, phone, user, text='Hola', **message):
        """Write as a customer whom WhatsApp knows by an id."""
        contact = {'wa_id': phone, 'user_id': user, 'profile': {'name': 'Ana María'}}
        self._write(text, phone=phone, contact=contact, **message)

    def test_a_number_given_to_somebody_else_begins_another_conversation(self):
        self._write_as('573001234567', 'CO.1')
        self._write_as('573001234567', 'CO.2')
        self.assertFalse(self._talk(user_key='CO.1').phone)
        self.assertEqual(self._talk(user_key='CO.2').phone, '573001234567')
        self.assertFalse(self.env['cobranza.whatsapp.event'].search([('state', '=', 'failed')]))

    def test_who_moves_to_a_number_that_was_of_somebody_else_keeps_their_conversation(self):
        self._write_as('573001234567', 'CO.1')
        self._write_as('573009999999', 'CO.2')
        for mover, other in (('CO.1', 'CO.2'), ('CO.2', 'CO.1')):
            self._write_as('573009999999', mover)
            self.assertEqual(self._talk(user_key=mover).phone, '573009999999')
            self.assertFalse(self._talk(user_key=other).phone)
        self.assertFalse(self.env['cobranza.whatsapp.event'].search([('state', '=', 'failed')]))

    def test_a_customer_with_a_new_number_keeps_their_conversation(self):
        self._invoice()
        self._run()
        self._write('hola', contact={'wa_id': '573001234567', 'user_id': 'CO.1'})
        talk = self.env['cobranza.whatsapp.conversation'].search([])
        moved = {'wa_id': '573009998877', 'user_id': 'CO.2', 'type': 'user_changed_number'}
        self._write(
            type='system', system=moved, contact={'wa_id': '573001234567', 'user_id': 'CO.1'}
        )
        self._write(
            'saldo', phone='+573009998877', contact={'wa_id': '573009998877', 'user_id': 'CO.2'}
        )
        self.assertEqual(self.env['cobranza.whatsapp.conversation'].search([]), talk)
        self.assertEqual((talk.phone, talk.user_key), ('573009998877', 'CO.2'))

    def test_two_who_hide_their_numbers_are_told_apart(self):
        contacts = [
            {'user_id': 'CO.1', 'profile': {'name': 'A'}},
            {'user_id': 'CO.2', 'profile': {'name': 'B'}},
        ]
        texts = [
            {'id': f'w{n}', 'type': 'text', 'text': {'body': f'soy {n}'}, 'from_user_id': f'CO.{n}'}
            for n in (1, 2)
        ]
        self._tell(contacts=contacts, messages=texts)
        talks = self.env['cobranza.whatsapp.conversation'].search([], order='user_key')
        said = [talk.message_ids.filtered(lambda m: m.direction == 'in').body for talk in talks]
        self.assertEqual(said, ['soy 1', 'soy 2'])
