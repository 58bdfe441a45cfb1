"""The day a case leaves for an agency, or comes back: which payments are theirs, and what we no longer say."""

from odoo.tests import tagged

from .test_handoff import HandoffCommon


@tagged('post_install', '-at_install')
class TestHandoffDay(HandoffCommon):
    def test_a_payment_of_the_same_day_before_it_left_earns_nothing(self):
        handoff = self._proposed()
        handoff.action_approve()
        move = handoff.line_ids.item_ids.line_id.move_id
        self._pay(amount=40, invoice=move)
        unapplied = self._pay(amount=10)
        self._travel(hours=2)
        handoff.action_deliver()
        line = handoff.line_ids
        self._apply(unapplied.move_id, move)
        self._pay(amount=1, invoice=move)
        self.assertEqual((line.amount, line.recovered, line.commission), (50, 1, 0.1))

    def test_a_payment_of_the_day_it_changed_agencies_earns_once(self):
        first = self._delivered().line_ids
        move = first.item_ids.line_id.move_id
        self._travel(days=3)
        self._pay(amount=10, invoice=move)
        self._travel(hours=1)
        first.with_user(self.supervisor)._take_back('recalled')
        other = self._case()._propose_handoff(self._agency('Other', commission_percent=20))
        other.action_approve()
        other.action_deliver()
        self._travel(hours=1)
        self._pay(amount=50, invoice=move)
        self.assertEqual((first.recovered, first.commission), (10, 1))
        self.assertEqual((other.recovered, other.commission), (50, 10))

    def test_where_the_hour_is_not_known_the_whole_day_counts(self):
        line = self._delivered().line_ids
        line.sudo().handed_at = False
        self._pay(amount=40, invoice=line.item_ids.line_id.move_id)
        self.assertEqual(line.recovered, 40)

    # === WHAT WE HAD YET TO SAY === #

    def test_what_waits_is_withdrawn_when_the_case_is_handed_over(self):
        luis = self._debtor('Luis')
        self.debtor.write({'phone': '+57 601 5550101'})
        self._strategy({5: {'channels': ('phone', 'email')}})
        cases = self._owing(self.debtor)
        self._dispatch()
        cases += self._owing(luis)
        self.assertEqual(
            [self._reminder(debtor).state for debtor in (self.debtor, luis)], ['ready', 'queued']
        )
        handoff = cases._propose_handoff(self.agency)
        handoff.action_approve()
        handoff.action_deliver()
        for debtor in (self.debtor, luis):
            message = self._reminder(debtor)
            self.assertEqual((message.state, message.reason_code), ('cancelled', 'handed_over'))
            self.assertIn('Recovery', message.reason)
        self.assertFalse(cases.activity_ids)
        self._travel(days=1)
        self._run()
        self._dispatch()
        self.assertFalse(cases.activity_ids)
