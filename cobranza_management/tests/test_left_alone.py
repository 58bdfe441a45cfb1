"""Debtors the cycle leaves alone: a live promise, a dispute, money that is on its way."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestLeftAlone(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._strategy({5: {}, 30: {}})
        cls.reason = cls.env['cobranza.dispute.reason'].create({'name': 'Price'})
        cls.case = cls.env['cobranza.case']._get_or_create(cls.debtor, cls.company)

    def _promise(self, invoice, days, **values):
        return self.env['cobranza.promise'].create(
            {
                'amount': 100,
                'case_id': self.case.id,
                'currency_id': self.usd.id,
                'date': self._day(days),
                'line_ids': self._items(invoice).ids,
                **values,
            }
        )

    def _reasons(self):
        return {reason.code: reason.count for reason in self._run().reason_ids}

    # === PROMISES === #

    def test_a_live_promise_is_not_chased(self):
        self._promise(self._invoice(), days=3)
        self.assertEqual(self._reasons(), {'promised': 1})
        self.assertFalse(self._reminders())
        self.assertEqual(self.case.stage_id.kind, 'promised')
        self.assertEqual((self.case.amount_promised, self.case.promise_date), (100, self._day(3)))

    def test_grace_counts_as_live(self):
        self._promise(self._invoice(), days=3, grace_days=2)
        self._travel(days=5)
        self.assertEqual(self._reasons(), {'promised': 1})
        self._travel(days=1)
        self._run()
        self.assertEqual(len(self._reminders()), 1)

    def test_a_promise_that_waits_for_its_money_to_be_applied_is_not_chased(self):
        invoice = self._invoice(amount=300)
        promise = self._promise(invoice, days=3, grace_days=2)
        payment = self._pay(amount=100)
        self._travel(days=8)
        self.assertEqual(self._reasons(), {'promised': 1})
        self.assertEqual((promise.state, promise.awaits_payment), ('open', True))
        self.assertFalse(self._reminders())
        self._apply(payment.move_id, invoice)
        self._travel(days=1)
        self._run()
        self.assertEqual(promise.state, 'kept')
        self.assertEqual(self._reminder().amount, 200, 'the rest was not promised')

    def test_a_promise_on_one_item_leaves_the_others(self):
        self._promise(self._invoice(amount=100), days=3)
        other = self._invoice(amount=40)
        self._run()
        reminder = self._reminder()
        self.assertEqual(reminder.item_ids.line_id, self._items(other))
        self.assertEqual(reminder.amount, 40)

    def test_a_withdrawn_promise_is_chased_again(self):
        self._promise(self._invoice(), days=3).action_cancel()
        self._run()
        self.assertEqual(len(self._reminders()), 1)

    def test_a_promise_covers_what_is_open_unless_told(self):
        self._invoice()
        promise = self.env['cobranza.promise'].create(
            {'amount': 5, 'case_id': self.case.id, 'date': self._day(1)}
        )
        self.assertEqual(promise.line_ids, self.case.item_ids)

    def test_a_promise_is_about_the_debtors_own_items(self):
        theirs = self._invoice(self._debtor('Luis'))
        with self.assertRaisesRegex(ValidationError, 'Ana'):
            self._promise(theirs, days=3)

    def test_a_dispute_is_about_the_debtors_own_items(self):
        theirs = self._invoice(self._debtor('Luis'))
        with self.assertRaisesRegex(ValidationError, 'Ana'):
            self.case._open_disputes(self._items(theirs), {'reason_id': self.reason.id})

    # === DISPUTES === #

    def _dispute(self, invoice, **values):
        return self.case._open_disputes(
            self._items(invoice), {'reason_id': self.reason.id, **values}
        )

    def test_what_is_in_dispute_is_not_chased(self):
        dispute = self._dispute(self._invoice())
        self._run()
        self.assertFalse(self._reminders())
        dispute._resolve('reject', {})
        self._travel(days=1)
        self._run()
        self.assertEqual(len(self._reminders()), 1)

    def test_the_rest_of_an_item_in_dispute_is_claimed(self):
        self._dispute(self._invoice(amount=100), amount=30)
        self._run()
        self._dispatch()
        self.assertEqual(self._reminder().amount, 70)
        self.assertIn('70.00', self._reminder().mail_message_id.subject)

    def test_a_dispute_opened_since_then_stops_the_message(self):
        invoice = self._invoice()
        self._run()
        self._dispute(invoice)
        self._dispatch()
        self.assertEqual(self._reminder().state, 'cancelled')

    # === HOLDS === #

    def test_a_hold_is_a_reason_and_ends_by_itself(self):
        self._invoice()
        self.case._hold('Sick', self._day(2))
        self.assertEqual(self._reasons(), {'hold': 1})
        self._travel(days=2)
        self.assertEqual(self._reasons(), {'hold': 1}, 'its last day counts')
        self._travel(days=1)
        self._run()
        self.assertEqual(len(self._reminders()), 1)

    def test_a_hold_cannot_end_before_it_begins(self):
        with self.assertRaisesRegex(ValidationError, 'end before'):
            self.case._hold('Sick', self._day(-1))

    def test_a_hold_until_today_is_made_in_the_evening_too(self):
        self.clock.move_to('2026-03-05 02:00:00')  # 21:00 of the 4th in Bogotá
        self.assertEqual(str(self.case._hold('Sick', '2026-03-04').until), '2026-03-04')
        with self.assertRaisesRegex(ValidationError, 'end before'):
            self.case._hold('Sick', '2026-03-03')

    # === MONEY ON ITS WAY === #

    def test_a_payment_without_an_entry_yet_holds_the_message(self):
        self._invoice()
        self._run()
        payment = self.env['account.payment'].create(
            {
                'amount': 100,
                'journal_id': self._journal('bank').id,
                'partner_id': self.debtor.id,
                'payment_type': 'inbound',
            }
        )
        self.env.flush_all()
        # as payments stand in a journal without an outstanding account
        self.env.cr.execute(
            "UPDATE account_payment SET state = 'in_process', move_id = NULL WHERE id = %s",
            [payment.id],
        )
        self.env.invalidate_all()
        self._dispatch()
        reminder = self._reminder()
        self.assertEqual((reminder.state, reminder.reason_code), ('held', 'payment_pending'))
        self.assertIn(payment.display_name, reminder.reason)
        self.assertEqual(reminder.activity_id, self.env['mail.activity'])
        self.assertIn('Apply a payment', self.case.activity_ids.summary)

    def test_a_payment_with_an_entry_is_a_credit_and_holds_nothing(self):
        self._invoice(amount=100)
        self._pay(amount=30)
        self._run()
        self._dispatch()
        self.assertEqual((self._reminder().state, self._reminder().amount), ('sent', 70))

    def test_an_old_bank_line_is_a_backlog_not_a_payment(self):
        self._bank_line(self.debtor, 100)
        self._travel(days=31)
        self._invoice()
        self._run()
        self._dispatch()
        self.assertEqual(self._reminder().state, 'sent')

    def test_money_of_another_debtor_holds_nothing(self):
        self._bank_line(self._debtor('Luis'), 100)
        self._invoice()
        self._run()
        self._dispatch()
        self.assertEqual(self._reminder().state, 'sent')

    def test_a_held_message_leaves_when_the_money_turns_out_to_be_somebody_elses(self):
        self._invoice()
        self._run()
        line = self._bank_line(self.debtor, 100)
        self._dispatch()
        self.assertEqual(self._reminder().state, 'held')
        line.partner_id = self._debtor('Luis')
        self._travel(days=1)
        self._dispatch()
        self.assertEqual(self._reminder().state, 'sent')
