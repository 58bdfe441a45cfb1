"""Visits to make; letters printed again, posted, and those that come back."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestLettersAndVisits(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.debtor.write({'street': 'Calle 1', 'city': 'Cali', 'phone': '+57 601 5550101'})

    def _by(self, *channels, debtors=None):
        self._strategy({5: {'channels': channels}})
        for debtor in debtors or self.debtor:
            self._invoice(debtor)
        self._run()
        self._dispatch()
        return self.env['cobranza.reminder'].search([('company_id', '=', self.company.id)])

    # === VISITS === #

    def test_a_visit_is_a_task_with_the_address_and_what_to_say(self):
        visit = self._by('visit')
        self.assertEqual((visit.state, visit.activity_id.summary), ('ready', 'Visit Ana'))
        self.assertIn('Calle 1', visit.activity_id.note)
        self.assertIn('100.00', visit.activity_id.note)
        self.assertIn('Calle+1', visit.map_url)
        self.assertFalse(self._case().interaction_ids, 'a visit not made is not a contact')

    def test_a_visit_made_in_the_chatter_is_logged_once(self):
        visit = self._by('visit')
        visit.activity_id.action_done()
        visit.action_done()
        self.assertEqual(visit.state, 'sent')
        self.assertEqual(self._case().interaction_ids.mapped('channel'), ['visit'])

    def test_visits_to_make_lists_those_that_wait(self):
        visit = self._by('visit')
        action = self.env['ir.actions.actions']._for_xml_id(
            'cobranza_management.cobranza_reminder_action_visits'
        )
        domain = [('state', '=', 'ready'), ('channel', '=', 'visit')]
        self.assertEqual(action['domain'], str(domain))
        self.assertEqual(self.env['cobranza.reminder'].search(domain), visit)
        visit.action_done()
        self.assertFalse(self.env['cobranza.reminder'].search(domain))

    def test_a_supervisor_starts_with_everybodys_calls_and_visits_a_collector_with_their_own(self):
        Reminder = self.env['cobranza.reminder']
        for name in ('calls', 'visits'):
            server = self.env.ref(f'cobranza_management.cobranza_reminder_action_{name}_server')
            for user, starts_with in ((self.supervisor, None), (self.collector, 1)):
                action = server.with_user(user).run()
                self.assertEqual(action['context'].get('search_default_mine'), starts_with)
                self.assertEqual(action['context']['cobranza_queue'], name)
                self.assertEqual(action['res_model'], Reminder._name)

    def test_the_visits_of_a_colleague_one_stands_in_for_are_ones_own(self):
        visit = self._by('visit')
        case = self._case()
        case.user_id = self.supervisor
        mine = [('case_id.is_mine', '=', True)]
        Reminder = self.env['cobranza.reminder'].with_user(self.collector)
        self.assertFalse(Reminder.search(mine))
        self.env['cobranza.absence'].create(
            {
                'user_id': self.supervisor.id,
                'substitute_id': self.collector.id,
                'date_from': self._day(),
                'date_to': self._day(5),
            }
        )
        self.assertEqual(Reminder.search(mine), visit)

    def test_nobody_is_sent_where_post_comes_back_from(self):
        self.debtor.cobranza_mail_returned = self._day()
        self.assertEqual(self._by('visit', 'phone').channel, 'phone')

    # === PRINTING === #

    def test_every_letter_that_waits_prints_in_one_document(self):
        luis = self._debtor('Luis', street='Calle 2')
        letters = self._by('letter', debtors=self.debtor + luis)
        action = letters.browse().action_print_all_letters()
        self.assertEqual(set(action['context']['active_ids']), set(letters.ids))
        self.assertEqual(set(letters.mapped('state')), {'sent'})
        with self.assertRaisesRegex(UserError, 'No letter waits'):
            letters.browse().action_print_all_letters()

    def test_a_collector_prints_their_own_letters_only(self):
        luis = self._debtor('Luis', street='Calle 2')
        letters = self._by('letter', debtors=self.debtor + luis)
        self._case(luis).user_id = self.other_collector
        letters.browse().with_user(self.collector).action_print_all_letters()
        self.assertEqual(self._reminder().state, 'sent')
        self.assertEqual(self._reminder(luis).state, 'ready')

    def test_a_letter_printed_again_is_one_contact(self):
        letter = self._by('letter')
        letter.action_print_letters()
        sent_at = letter.sent_at
        self._travel(hours=2)
        action = letter.action_print_letters()
        self.assertEqual(action['context']['active_ids'], letter.ids)
        self.assertEqual((letter.state, letter.sent_at), ('sent', sent_at))
        self.assertEqual(len(self._case().interaction_ids), 1)

    # === POSTED AND RETURNED === #

    def test_the_day_a_letter_is_posted_is_kept(self):
        letter = self._by('letter')
        with self.assertRaisesRegex(UserError, 'printed letter'):
            letter.action_posted()
        letter.action_print_letters()
        letter.with_user(self.collector).action_posted()
        self._travel(days=3)
        letter.action_posted()
        self.assertEqual(letter.posted_on, self._day(-3))

    def _returned(self, letter, why):
        letter.action_print_letters()
        action = letter.with_user(self.collector).action_returned()
        self.env[action['res_model']].with_user(self.collector).with_context(
            **action['context']
        ).create({'why': why}).action_confirm()

    def test_a_letter_that_comes_back_uses_the_next_channel_and_its_address_no_more(self):
        letter = self._by('letter', 'phone')
        self._returned(letter, 'moved')
        self.assertEqual((letter.state, letter.tried_channels), ('queued', 'letter'))
        self.assertEqual(self.debtor.cobranza_mail_returned, self._day())
        self._dispatch()
        self.assertEqual((letter.state, letter.channel), ('ready', 'phone'))

    def test_the_last_channel_says_why_and_leaves_a_task(self):
        letter = self._by('letter')
        self._returned(letter, 'unknown')
        self.assertEqual(letter.state, 'failed')
        self.assertIn('came back: Unknown at this address', letter.reason)
        self.assertIn('A message could not be sent', self._case().activity_ids.mapped('summary'))

    def test_a_letter_nobody_collected_leaves_the_address_as_it_is(self):
        self._returned(self._by('letter', 'phone'), 'unclaimed')
        self.assertFalse(self.debtor.cobranza_mail_returned)

    def test_a_corrected_address_is_written_to_again(self):
        self.debtor.cobranza_mail_returned = self._day()
        self.debtor.street = 'Calle 99'
        self.assertFalse(self.debtor.cobranza_mail_returned)
        self.assertEqual(self._by('letter').state, 'ready')

    def test_a_letter_returned_is_no_contact_for_the_law(self):
        letter = self._by('letter', 'phone')
        self._returned(letter, 'moved')
        verdict = self.env['cobranza.contact.guard']._assess(self._case(), ['phone'])
        self.assertTrue(verdict[self._case(), 'phone'].allowed)

    def test_a_letter_returned_is_corrected_in_the_contact_log(self):
        letter = self._by('letter')
        self.assertFalse(self._case().last_contact_date)
        self._returned(letter, 'moved')
        log = self._case().interaction_ids.sorted('id')
        self.assertEqual(log.mapped('purpose'), ['collection', 'correction'])
        self.assertEqual(log[1].corrects_id, log[0])
        self.assertIn('the letter came back: Moved away', log[1].summary)
        self.assertFalse(self._case().last_contact_date)

    def test_the_contact_before_a_returned_letter_is_the_last_one_again(self):
        letter = self._by('letter')
        self._case()._log_contact({'channel': 'phone', 'direction': 'out', 'summary': 'Called'})
        called = self._case().last_contact_date
        self._travel(days=2)
        self._returned(letter, 'unclaimed')
        self.assertEqual(self._case().last_contact_date, called)

    def test_others_may_not_say_what_became_of_a_letter(self):
        letter = self._by('letter')
        letter.action_print_letters()
        for user in (self.accountant, self.employee):
            with self.assertRaises(AccessError):
                letter.with_user(user).action_posted()
            with self.assertRaises(AccessError):
                letter.with_user(user)._letter_returned('Moved')

    def test_dates_of_the_post_are_not_written_by_hand(self):
        letter = self._by('letter')
        with self.assertRaises(AccessError):
            letter.with_user(self.collector).write({'posted_on': self._day()})
