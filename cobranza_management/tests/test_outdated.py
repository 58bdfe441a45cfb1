"""What waits with a collector is checked again; customers and collectors see and write only what is theirs."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestOutdated(CobranzaCommon):
    def _letter(self, amount=100):
        """Return an invoice and its letter, waiting to be printed."""
        self.debtor.write({'street': 'Calle 1'})
        self._strategy({5: {'channels': ('letter',)}})
        invoice = self._invoice(amount=amount)
        self._run()
        self._dispatch()
        self.assertEqual(self._reminder().state, 'ready')
        return invoice, self._reminder()

    def test_a_letter_about_a_paid_debt_is_not_printed(self):
        invoice, letter = self._letter()
        self._pay(invoice=invoice)
        letter.action_print_letters()
        self.assertEqual((letter.state, letter.reason_code), ('cancelled', 'settled'))
        self.assertFalse(letter.case_id.interaction_ids)

    def test_a_letter_about_another_amount_is_written_again(self):
        invoice, letter = self._letter()
        self._pay(amount=40, invoice=invoice)
        letter.action_print_letters()
        self.assertEqual(letter.state, 'queued')
        self._dispatch()
        self.assertIn('60.00', letter.letter_subject)

    def test_a_call_about_a_paid_debt_is_taken_back_the_next_day(self):
        self.debtor.phone = '+57 601 5550101'
        self._strategy({5: {'channels': ('phone',)}})
        invoice = self._invoice()
        self._run()
        self._dispatch()
        self.assertTrue(self._case().activity_ids)
        self._pay(invoice=invoice)
        self._travel(days=1)
        self._run()
        self.assertEqual(self._reminder().state, 'cancelled')
        self.assertFalse(self._case().activity_ids)

    def test_a_letter_is_not_printed_while_the_case_is_on_hold(self):
        _invoice, letter = self._letter()
        hold = letter.case_id._hold('Says they have paid', self._day(5))
        action = letter.action_print_letters()
        self.assertEqual(action['tag'], 'display_notification')
        self.assertEqual((letter.state, letter.reason_code), ('refused', 'hold'))
        self.assertFalse(letter.case_id.interaction_ids)
        hold.action_release()
        self._dispatch()
        letter.action_print_letters()
        self.assertEqual(letter.state, 'sent', 'and printed when it is over')

    def test_a_call_is_taken_back_while_the_case_is_on_hold(self):
        self.debtor.phone = '+57 601 5550101'
        self._strategy({5: {'channels': ('phone',)}})
        self._invoice()
        self._run()
        self._dispatch()
        self._case()._hold('Says they have paid', self._day(2))
        self._travel(days=1)
        self._run()
        self.assertEqual(
            (self._reminder().state, self._reminder().reason_code), ('refused', 'hold')
        )
        self.assertFalse(self._case().activity_ids)
        self._travel(days=2)
        self._dispatch()
        self.assertEqual(self._reminder().state, 'ready')
        self.assertEqual(self._case().activity_ids.summary, 'Call Ana')

    def test_a_hold_lasts_as_long_as_its_day_where_the_company_works(self):
        _invoice, letter = self._letter()
        case = letter.case_id
        case._hold('Says they have paid', self._day())
        self.clock.move_to('2026-03-05 02:00:00')  # 21:00 of the 4th in Bogotá
        self.env.invalidate_all()
        for zone in ('UTC', 'Europe/Madrid', False):
            with self.subTest(zone=zone):
                elsewhere = case.with_context(tz=zone)
                elsewhere.invalidate_recordset()
                self.assertTrue(elsewhere.is_on_hold)
                self.assertEqual(elsewhere.search([('is_on_hold', '=', True)]), case)
        letter.with_context(tz='UTC').action_print_letters()
        self.assertEqual(letter.reason_code, 'hold')

    def test_a_hold_of_some_days_begins_where_the_company_works(self):
        self._invoice()
        self._run()
        self.clock.move_to('2026-03-05 02:00:00')
        wizard = self.env['cobranza.hold.wizard'].with_context(tz='Europe/Madrid')
        wizard = wizard.create({'case_ids': self._case().ids, 'length': '3'})
        self.assertEqual(str(wizard.until), '2026-03-07')

    def test_contact_hours_are_those_of_the_country_whoever_typed_the_contact(self):
        spaniard = self._debtor('Palma', country_id=self.env.ref('base.es').id, tz='America/Lima')
        zone = self.env['cobranza.contact.guard']._zone_of(spaniard, self.company)
        self.assertEqual(str(zone), 'Europe/Madrid')

    def test_a_customer_cannot_read_how_they_are_chased(self):
        self._users()
        invoice = self._invoice(self.portal.partner_id).with_user(self.portal)
        for name in ('cobranza_stage_id', 'cobranza_case_id', 'cobranza_promise_ids'):
            with self.subTest(name=name), self.assertRaises(AccessError):
                invoice.read([name])

    def test_a_collector_does_not_assign_cases_nor_write_totals(self):
        self._users()
        self._invoice()
        self._run()
        case = self._case().with_user(self.collector)
        for values in (
            {'user_id': self.collector.id},
            {'strategy_manual': True},
            {'state': 'settled'},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                case.write(values)
