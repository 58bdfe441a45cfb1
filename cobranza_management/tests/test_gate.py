"""The gate in the flow: channels in order, opt-outs, hours, holidays, days between contacts."""

from odoo import Command
from odoo.tests import tagged

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestGate(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._strategy({5: {'channels': ('email', 'phone', 'letter')}})

    def _sent(self, **values):
        """Return the message of the debtor after one cycle and one dispatch."""
        self.debtor.write({'phone': '+57 601 5550101', 'street': 'Calle 1', **values})
        self._invoice()
        self._run()
        self._dispatch()
        return self._reminder()

    def test_the_first_channel_with_an_address_is_used(self):
        self.assertEqual(self._sent().channel, 'email')

    def test_without_an_email_the_call_is_next(self):
        reminder = self._sent(email=False)
        self.assertEqual((reminder.channel, reminder.state), ('phone', 'ready'))
        self.assertEqual(reminder.activity_id.res_id, reminder.case_id.id)

    def test_without_email_and_phone_a_letter_is_next(self):
        reminder = self._sent(email=False, phone=False)
        self.assertEqual((reminder.channel, reminder.state), ('letter', 'ready'))
        self.assertIn('Calle 1', reminder.letter_address)

    def test_a_blacklisted_email_is_not_used(self):
        self.env['mail.blacklist'].create({'email': self.debtor.email})
        self.assertEqual(self._sent().channel, 'phone')

    def test_a_blacklisted_phone_is_not_called(self):
        self.env['phone.blacklist'].create({'number': '+576015550101'})
        self.assertEqual(self._sent(email=False).channel, 'letter')

    def test_a_refused_channel_is_not_used(self):
        self.env['cobranza.consent'].create({'partner_id': self.debtor.id, 'channel': 'email'})
        self.assertEqual(self._sent().channel, 'phone')

    def test_a_debtor_who_refused_every_channel_is_left_alone(self):
        self.env['cobranza.consent'].create({'partner_id': self.debtor.id})
        reminder = self._sent()
        self.assertEqual((reminder.state, reminder.reason_code), ('failed', 'opt_out'))

    def test_the_latest_word_on_a_channel_counts(self):
        Consent = self.env['cobranza.consent']
        Consent.create({'partner_id': self.debtor.id, 'channel': 'email', 'date': '2026-01-01'})
        Consent.create(
            {'partner_id': self.debtor.id, 'channel': 'email', 'state': 'in', 'date': '2026-02-01'}
        )
        self.assertEqual(self._sent().channel, 'email')

    def test_a_refused_delivery_uses_the_next_channel(self):
        reminder = self._sent()
        self._sent_mail(reminder)._postprocess_sent_message(
            [], [], failure_type='mail_email_invalid', failure_reason='550'
        )
        self._dispatch()
        self.assertEqual((reminder.channel, reminder.state), ('phone', 'ready'))

    # === WHEN === #

    def test_hours_are_the_debtors_own(self):
        self.debtor.country_id = self.env.ref('base.jp')  # midnight there
        reminder = self._sent()
        self.assertEqual((reminder.state, reminder.reason_code), ('refused', 'hours'))
        self.assertEqual(str(reminder.next_attempt_at), '2026-03-05 00:00:00')  # 09:00 in Tokyo
        self._travel(hours=9)
        self._dispatch()
        self.assertEqual(reminder.state, 'sent')

    def test_a_holiday_where_they_live_waits_for_the_next_working_day(self):
        self.clock.move_to('2026-07-20 15:00:00')  # Independence Day of Colombia, a Monday
        reminder = self._sent()
        self.assertEqual((reminder.state, reminder.reason_code), ('refused', 'holiday'))
        self.assertIn('Independ', reminder.reason)
        self.assertEqual(str(reminder.next_attempt_at), '2026-07-21 14:00:00')

    def test_days_between_contacts_are_kept(self):
        self.env['cobranza.interaction']._log(
            [{'case_id': self._known_case().id, 'channel': 'phone'}]
        )
        reminder = self._sent()
        self.assertEqual((reminder.state, reminder.reason_code), ('refused', 'spacing'))

    def test_a_rule_says_its_law_and_binds_only_whom_it_names(self):
        self.env['cobranza.contact.rule'].create(
            {
                'name': 'Ley 2300',
                'law': 'Ley 2300 de 2023',
                'country_ids': [Command.set(self.env.ref('base.co').ids)],
                'applies_to': 'consumer',
                'window_ids': [Command.create({'weekday': '5', 'start': 8, 'end': 15})],
            }
        )
        company_debtor = self._debtor('Firm', is_company=True)
        self._invoice(company_debtor)
        reminder = self._sent()
        self.assertEqual((reminder.state, reminder.law), ('refused', 'Ley 2300 de 2023'))
        self.assertIn('Ley 2300', reminder.reason)
        self.assertEqual(self._reminder(company_debtor).state, 'sent')

    def test_an_answer_to_a_customer_is_not_collection(self):
        self.clock.move_to('2026-03-08 08:00:00')  # Sunday, before dawn
        case = self._known_case()
        verdicts = self.env['cobranza.contact.guard']._assess(case, ['email'], purpose='reply')
        self.assertTrue(verdicts[case, 'email'].allowed)
        verdicts = self.env['cobranza.contact.guard']._assess(case, ['email'])
        self.assertFalse(verdicts[case, 'email'].allowed)

    def _known_case(self):
        return self.env['cobranza.case']._get_or_create(self.debtor, self.company)
