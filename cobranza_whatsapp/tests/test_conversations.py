"""What a conversation does to its case, and its case to it."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .cloud import refused
from .common import WhatsappCommon

QUESTION = 'saldo'


@tagged('post_install', '-at_install')
class TestConversations(WhatsappCommon):
    def setUp(self):
        super().setUp()
        self.account.ask_tax_id = False
        self._invoice()
        self._run()

    def _talk(self):
        return self.env['cobranza.whatsapp.conversation'].search([])

    def test_who_asks_for_a_person_again_and_again_is_held_once_a_day(self):
        for _time in range(2):
            self._write('quiero hablar con una persona')
            self._talk().action_give_back()
        [hold] = self._case().hold_ids
        days = self.company.cobranza_reply_pause_days
        self.assertEqual(hold.until, fields.Date.add(self.company._cobranza_today(), days=days))
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            self._write('quiero hablar con una persona')
        self.assertEqual(len(self._case().hold_ids), 2)

    def test_another_hold_that_ends_sooner_than_it_said_does_not_take_the_pause_along(self):
        other = self._case()._hold('With an agency', self._day(60))
        self._write('quiero hablar con una persona')
        other.action_release()
        self.assertTrue(self._case().is_on_hold)

    def test_a_company_that_wants_no_pause_has_none(self):
        self.company.cobranza_reply_pause_days = 0
        self._write('quiero hablar con una persona')
        self.assertFalse(self._case().hold_ids)

    def test_a_conversation_stays_with_the_debtor_that_another_was_merged_into(self):
        kept = self._debtor('Berta')
        self._invoice(kept)
        self._run()
        self._write(QUESTION)
        self._talk().verified_until = fields.Datetime.now() + timedelta(hours=1)
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.debtor | kept).ids, dst_partner=kept
        )
        self.env.invalidate_all()
        self.assertEqual(self._talk().case_id.partner_id, kept)
        self.assertFalse(self._talk().verified_until)

    def test_what_is_said_later_does_not_arrive_before_what_waits_for_its_next_attempt(self):
        self._write(QUESTION)
        self.cloud.answers.append(refused(131000, 'Something went wrong'))
        self._answers()
        self._talk()._say('y después esto')
        self.assertFalse(self._answers())
        later = fields.Datetime.now() + timedelta(hours=1)
        with freeze_time(later):
            texts = [str(sent) for sent in self._answers()]
        self.assertIn('y después esto', texts[-1])
        self.assertGreater(len(texts), 1)
