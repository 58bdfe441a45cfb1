"""A channel is one model: selections list it, steps offer it, dispatch finds it."""

from contextlib import suppress

from psycopg2 import OperationalError

from odoo import api, models
from odoo.orm.model_classes import add_to_registry
from odoo.tests import tagged

from .common import CobranzaCommon

FAKE = 'cobranza.channel.fake'


class FakeChannel(models.AbstractModel):
    """A provider outside of the database that answers what a test tells it to."""

    _module = None
    _name = FAKE
    _inherit = ['cobranza.channel']
    _description = 'Fake Channel'
    _transactional = False
    _sequence = 90

    outbox, answers, refused = [], [], set()

    @api.model
    def _addresses(self, partners):
        return self._first_with(partners, 'ref')

    @api.model
    def _opted_out(self, addresses):
        return addresses & self.refused

    @api.model
    def _deliver(self, letters):
        answer = self.answers.pop(0) if self.answers else None
        if answer:
            raise answer
        self.outbox.extend(letters)
        return {letter.reminder: {'external_id': f'id-{letter.address}'} for letter in letters}


@tagged('post_install', '-at_install')
class TestChannelSeam(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        add_to_registry(cls.registry, FakeChannel)
        cls.registry._setup_models__(cls.env.cr, [FAKE])
        cls.addClassCleanup(cls._forget_channel)
        cls._strategy({5: {'channels': ('fake', 'email')}})
        cls.debtor.ref = 'handle-1'

    @classmethod
    def _forget_channel(cls):
        del cls.registry.models[FAKE]
        cls.registry['cobranza.channel']._inherit_children.discard(FAKE)
        cls.registry['base']._inherit_children.discard(FAKE)
        cls.registry._setup_models__(cls.env.cr, ['cobranza.channel'])

    def setUp(self):
        super().setUp()
        FakeChannel.outbox.clear()
        FakeChannel.answers.clear()
        FakeChannel.refused.clear()

    def _sent(self):
        self._invoice()
        self._run()
        self._dispatch()
        return self._reminder()

    def test_selections_offer_it_last(self):
        codes = [code for code, _label in self.env['cobranza.channel']._selection()]
        self.assertEqual(codes[-1], 'fake')
        for model in ('cobranza.strategy.step.channel', 'cobranza.consent', 'cobranza.reminder'):
            values = self.env[model].fields_get(['channel'])['channel']['selection']
            self.assertIn('fake', dict(values), model)

    def test_it_delivers_and_its_reference_is_kept(self):
        reminder = self._sent()
        self.assertEqual((reminder.state, reminder.channel), ('sent', 'fake'))
        self.assertEqual((reminder.external_id, reminder.address), ('id-handle-1', 'handle-1'))
        letter = FakeChannel.outbox[0]
        self.assertIn('100.00', letter.subject)
        self.assertEqual(self._case().interaction_ids.channel, 'fake')

    def test_a_failure_uses_the_next_channel(self):
        FakeChannel.answers.append(ValueError('no such handle'))
        reminder = self._sent()
        self.assertEqual((reminder.state, reminder.channel), ('sent', 'email'))
        self.assertEqual(reminder.tried_channels, 'fake')

    def test_without_an_address_the_next_channel_is_used(self):
        self.debtor.ref = False
        self.assertEqual(self._sent().channel, 'email')

    def test_opting_out_of_it_leaves_the_others(self):
        FakeChannel.refused.add('handle-1')
        self.assertEqual(self._sent().channel, 'email')

    def test_a_consent_names_it(self):
        self.env['cobranza.consent'].create({'partner_id': self.debtor.id, 'channel': 'fake'})
        self.assertEqual(self._sent().channel, 'email')

    def test_a_lock_conflict_is_raised_and_leaves_the_message_claimed(self):
        FakeChannel.answers.append(OperationalError('could not serialize access'))
        self._invoice()
        self._run()
        # not assertRaises, which would roll the claim back
        with suppress(OperationalError):
            self._dispatch()
            self.fail('the conflict was swallowed')
        self.assertEqual(self._reminder().state, 'sending')
        self._travel(hours=1)
        self._dispatch()
        self.assertEqual((self._reminder().state, FakeChannel.outbox), ('unknown', []))

    def test_one_that_fails_does_not_stop_the_next(self):
        luis = self._debtor('Luis', ref='handle-2')
        self._invoice(luis)
        FakeChannel.answers.append(ValueError('out of order'))
        first = self._sent()
        self.assertEqual({first.channel, self._reminder(luis).channel}, {'email', 'fake'})

    def test_delivery_states_only_move_forward(self):
        reminder = self._sent()
        for state, expected in (('read', 'read'), ('delivered', 'read'), ('replied', 'replied')):
            reminder._advance(state)
            self.assertEqual(reminder.state, expected)

    def test_an_unknown_message_can_be_tried_again_by_a_person(self):
        reminder = self._sent()
        reminder._stop('unknown', 'crashed')
        self.assertIn('interrupted', reminder.reason)
        reminder.action_retry()
        self.assertEqual(reminder.state, 'queued')

    def test_a_channel_that_delivers_nothing_is_not_a_channel(self):
        with self.assertRaises(NotImplementedError):
            self.env['cobranza.channel']._deliver([])
