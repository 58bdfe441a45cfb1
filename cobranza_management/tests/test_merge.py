"""Two contacts turn out to be one debtor: nothing is lost, nothing is doubled."""

from odoo.tests import tagged

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestMerge(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._strategy({5: {}})
        cls.twin = cls._debtor('Ana Maria')

    def _merge(self):
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.twin + self.debtor).ids, self.debtor
        )
        self.env.invalidate_all()

    def test_one_case_with_the_debts_of_both(self):
        self._invoice(amount=100)
        self._invoice(self.twin, amount=40)
        self._run()
        self._case(self.twin)._hold('Sick', self._day(3))
        self._merge()
        case = self._case()
        self.assertEqual((len(case), case.amount_claim), (1, 140))
        self.assertEqual(case.hold_reason, 'Sick')

    def test_the_only_case_moves_to_the_survivor(self):
        self._invoice(self.twin, amount=40)
        self._run()
        case = self._case(self.twin)
        self._merge()
        self.assertEqual(self._case(), case)
        self.assertEqual(case.amount_claim, 40)

    def test_messages_of_the_same_day_are_both_kept(self):
        for partner in (self.debtor, self.twin):
            self._invoice(partner)
        self._run()
        self._dispatch()
        reminders = self._reminder() + self._reminder(self.twin)
        self._merge()
        self.assertEqual(self._case().reminder_ids, reminders)
        self.assertEqual(set(reminders.mapped('state')), {'sent'})
        self.assertEqual(len(self._case().interaction_ids), 2)
        self.assertEqual(reminders.partner_id, self.debtor)

    def test_of_two_that_wait_one_goes(self):
        for partner in (self.debtor, self.twin):
            self._invoice(partner)
        self._run()
        self._merge()
        self.assertEqual(sorted(self._case().reminder_ids.mapped('state')), ['cancelled', 'queued'])
        self._dispatch()
        self.assertEqual(self._case().reminder_ids.sorted('state').mapped('state')[-1], 'sent')

    def test_promises_and_disputes_follow_their_items(self):
        invoice = self._invoice(self.twin, amount=40)
        self._invoice(amount=100)
        self._run()
        case, reason = (
            self._case(self.twin),
            self.env['cobranza.dispute.reason'].create({'name': 'x'}),
        )
        promise = case._take_promise(
            {'amount': 30, 'currency_id': self.usd.id, 'date': self._day(3)}
        )
        dispute = case._open_disputes(self._items(invoice), {'reason_id': reason.id, 'amount': 10})
        self._merge()
        kept = self._case()
        self.assertEqual((promise.case_id, dispute.case_id), (kept, kept))
        self.assertEqual((promise.partner_id, dispute.partner_id), (self.debtor, self.debtor))
        self.assertEqual((kept.amount_promised, kept.amount_disputed), (30, 10))

    def test_a_write_off_follows_its_items(self):
        invoice = self._invoice(self.twin, amount=40)
        self._invoice(amount=100)
        self._run()
        writeoff = self._case(self.twin)._propose_writeoff(
            {self._items(invoice): 40}, {'reason': 'other', 'note': 'x'}
        )
        self._merge()
        kept = self._case()
        self.assertEqual((writeoff.case_id, writeoff.partner_id), (kept, self.debtor))
        self.assertEqual((kept.amount_writeoff, kept.amount_claim), (40, 100))
