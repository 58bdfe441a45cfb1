"""Disputes: what they hold back, who settles them, and what the books say of it."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CobranzaCommon

MUTED = 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule'


@tagged('post_install', '-at_install')
class DisputeCommon(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.biller = cls._user('biller', 'account.group_account_invoice')
        cls.reason = cls.env['cobranza.dispute.reason'].create({'name': 'Price'})
        cls.case = cls.env['cobranza.case']._get_or_create(cls.debtor, cls.company)
        cls.case.user_id = cls.collector

    def _dispute(self, invoice, amount=None, number=0, **values):
        return self.case._open_disputes(
            self._items(invoice)[number], {'amount': amount, 'reason_id': self.reason.id, **values}
        )


@tagged('post_install', '-at_install')
class TestDisputes(DisputeCommon):
    # === WHAT IS HELD BACK === #

    def test_the_whole_item_by_default_and_then_the_rest(self):
        invoice = self._invoice(amount=100)
        self._dispute(invoice, 30)
        self.assertEqual(self._dispute(invoice).amount, 70)
        self.assertEqual(self.case.amount_disputed, 100)
        self.assertEqual(self.case.amount_claim, 0)

    def test_never_more_than_what_is_left(self):
        invoice = self._invoice(amount=100)
        with (
            self.assertRaisesRegex(ValidationError, r'Only \$.100\.00'),
            self.env.cr.savepoint(),
        ):
            self._dispute(invoice, 100.01)
        self._dispute(invoice, 60)
        with self.assertRaisesRegex(ValidationError, r'Only \$.40\.00'):
            self._dispute(invoice, 50)

    def test_two_at_once_do_not_slip_above_the_item_together(self):
        line = self._items(self._invoice(amount=100))
        values = {
            'amount': 60,
            'case_id': self.case.id,
            'line_id': line.id,
            'reason_id': self.reason.id,
        }
        with self.assertRaises(ValidationError):
            self.env['cobranza.dispute'].create([values, values])

    def test_a_payment_leaves_no_more_in_dispute_than_is_owed(self):
        invoice = self._invoice(amount=100)
        first, second = self._dispute(invoice, 50), self._dispute(invoice, 30)
        self._pay(amount=45, invoice=invoice)
        self.assertEqual((first.amount_held, second.amount_held), (50, 5))
        self.assertEqual((self.case.amount_disputed, self.case.amount_claim), (55, 0))
        self.assertEqual((first.amount, second.amount), (50, 30), 'what was disputed is kept')

    def test_undoing_the_payment_puts_it_back(self):
        invoice = self._invoice(amount=100)
        dispute = self._dispute(invoice, 50)
        payment = self._pay(amount=80, invoice=invoice)
        self.assertEqual(dispute.amount_held, 20)
        self._items(payment.move_id).remove_move_reconcile()
        self.assertEqual((dispute.amount_held, self.case.amount_disputed), (50, 50))

    def test_a_part_in_another_currency_counts_at_the_documents_rate(self):
        dispute = self._dispute(self._invoice(amount=90000, currency=self.clp), 45000)
        self.assertEqual(dispute.currency_id, self.clp)
        self.assertAlmostEqual(dispute.amount_company, 50)
        self.assertAlmostEqual(self.case.amount_disputed, 50)
        self.assertAlmostEqual(self.case.amount_claim, 50)

    def test_a_closed_dispute_holds_nothing(self):
        invoice = self._invoice(amount=100)
        dispute = self._dispute(invoice, 30)
        dispute._resolve('reject', {})
        self.assertEqual((dispute.amount_held, self.case.amount_disputed), (0, 0))
        self.assertEqual(self.case.amount_claim, 100)
        self._dispute(invoice, 100)

    # === REASONS === #

    def test_a_reason_names_owner_deadline_and_instructions(self):
        self.reason.write(
            {'answer_days': 3, 'instructions': 'Ask for the order', 'user_id': self.supervisor.id}
        )
        dispute = self._dispute(self._invoice())
        self.assertEqual((dispute.user_id, dispute.deadline), (self.supervisor, self._day(3)))
        self.assertEqual(dispute.instructions, 'Ask for the order')

    def test_without_an_owner_the_teams_supervisor_and_then_the_collector(self):
        self.assertEqual(self._dispute(self._invoice()).user_id, self.collector)
        self.reason.team_id = self.env['cobranza.team'].create(
            {'name': 'Claims', 'company_id': self.company.id, 'supervisor_id': self.supervisor.id}
        )
        self.assertEqual(self._dispute(self._invoice()).user_id, self.supervisor)

    def test_the_owner_of_a_reason_is_each_companys_own(self):
        other = self._company('Iberia', 'ES', self.usd)
        self.reason.with_company(other).user_id = self.supervisor
        self.assertEqual(self._dispute(self._invoice()).user_id, self.collector)

    # === SETTLING: WITHOUT MONEY === #

    def test_rejecting_keeps_who_when_and_why(self):
        dispute = self._dispute(self._invoice())
        self._travel(days=4)
        dispute.with_user(self.collector)._resolve('reject', {'note': 'The price was agreed'})
        self.assertRecordValues(
            dispute,
            [
                {
                    'days_to_resolve': 4,
                    'resolution_note': 'The price was agreed',
                    'resolved_by_id': self.collector.id,
                    'resolved_date': self._day(),
                    'state': 'rejected',
                }
            ],
        )

    def test_it_is_settled_once(self):
        dispute = self._dispute(self._invoice())
        dispute._resolve('withdraw', {})
        self.assertEqual(dispute.withdrawal, 'customer')
        with self.assertRaisesRegex(UserError, 'settled already'):
            dispute._resolve('reject', {})

    def test_what_was_rejected_can_be_opened_again(self):
        dispute = self._dispute(self._invoice(amount=100), 40)
        dispute._resolve('reject', {})
        dispute.action_reopen()
        self.assertEqual((dispute.state, dispute.amount_held), ('open', 40))
        self.assertFalse(dispute.resolved_date)

    def test_an_item_that_is_paid_cannot_be_opened_again(self):
        invoice = self._invoice(amount=100)
        dispute = self._dispute(invoice)
        dispute._resolve('reject', {})
        self._pay(invoice=invoice, amount=100)
        with self.assertRaisesRegex(UserError, 'Nothing is left'):
            dispute.action_reopen()

    # === SETTLING: WITH A CREDIT NOTE === #

    def test_the_whole_invoice_is_credited_by_odoos_assistant(self):
        invoice = self._invoice(amount=100)
        dispute = self._dispute(invoice)
        credit = dispute.with_user(self.biller)._resolve('accept', {'note': 'Agreed'})
        self.assertEqual((credit.move_type, credit.state), ('out_refund', 'draft'))
        self.assertEqual((credit.reversed_entry_id, credit.amount_total), (invoice, 100))
        self.assertIn('Price', credit.ref)
        self.assertEqual((dispute.state, dispute.waits_for), ('open', 'credit_note'))
        self.assertEqual(self.case.amount_claim, 0, 'not claimed while the draft waits')
        credit.action_post()
        self.assertEqual((dispute.state, dispute.amount_accepted), ('accepted', 100))
        self.assertEqual(dispute.resolved_by_id, self.biller)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(self.case.amount_open, 0)

    def test_a_part_is_credited_and_the_rest_is_claimed_at_once(self):
        invoice = self._invoice(amount=100)
        dispute = self._dispute(invoice, 60)
        credit = dispute.with_user(self.biller)._resolve('accept', {'amount': 25})
        self.assertEqual(credit.amount_total, 25)
        self.assertEqual(self.case.amount_claim, 75)
        credit.action_post()
        self.assertEqual((dispute.state, dispute.amount_accepted), ('partial', 25))
        self.assertEqual((invoice.amount_residual, self.case.amount_claim), (75, 75))

    def test_a_part_is_exact_with_taxes_and_many_lines(self):
        values = {'company_id': self.company.id, 'country_id': self.env.ref('base.co').id}
        group = self.env['account.tax.group'].create({'name': 'VAT', **values})
        tax = self.env['account.tax'].create(
            {'amount': 19, 'name': '19%', 'tax_group_id': group.id, **values}
        )
        invoice = self._invoice(amount=33.33, post=False)
        invoice.invoice_line_ids.tax_ids = tax
        for price in (7.77, 12.49):
            invoice.invoice_line_ids[0].copy(
                {'move_id': invoice.id, 'price_unit': price, 'quantity': 3}
            )
        invoice.action_post()
        for amount in (0.03, 10, 17.53, 41.01):
            with self.subTest(amount=amount):
                dispute = self._dispute(invoice, amount)
                credit = dispute.with_user(self.biller)._resolve('accept', {})
                self.assertAlmostEqual(credit.amount_total, amount)
                self.assertAlmostEqual(credit.amount_tax, amount - amount / 1.19, delta=0.03)
                credit.action_post()
                self.assertEqual(dispute.state, 'accepted')

    def test_a_part_in_pesos(self):
        invoice = self._invoice(amount=90001, currency=self.clp)
        credit = self._dispute(invoice, 45001).with_user(self.biller)._resolve('accept', {})
        self.assertEqual((credit.currency_id, credit.amount_total), (self.clp, 45001))
        credit.action_post()
        self.assertEqual(invoice.amount_residual, 45000)

    def test_the_disputed_instalment_is_credited_and_no_other(self):
        invoice = self._invoice(amount=100, instalments=[(40, 50), (10, 50)])
        credit = self._dispute(invoice, 30, number=1).with_user(self.biller)._resolve('accept', {})
        credit.action_post()
        self.assertEqual(self._items(invoice).mapped('amount_residual'), [50, 20])

    def test_a_draft_that_is_deleted_leaves_the_dispute_open(self):
        dispute = self._dispute(self._invoice())
        credit = dispute.with_user(self.biller)._resolve('accept', {})
        with self.assertRaisesRegex(UserError, 'being prepared'):
            dispute._resolve('reject', {})
        credit.unlink()
        self.assertEqual((dispute.state, dispute.waits_for), ('open', 'credit_note'))
        action = dispute.with_user(self.biller).action_make_credit_note()
        self.assertEqual(dispute.credit_move_id.id, action['res_id'])

    def test_a_credit_note_that_is_undone_opens_the_dispute_again(self):
        dispute = self._dispute(self._invoice())
        credit = dispute.with_user(self.biller)._resolve('accept', {})
        credit.action_post()
        credit.button_draft()
        self._run()
        self.assertEqual((dispute.state, dispute.resolved_date), ('open', False))
        credit.action_post()
        self.assertEqual(dispute.state, 'accepted')
        credit.button_draft()
        credit.unlink()
        self.assertEqual((dispute.waits_for, dispute.amount_held), ('credit_note', 100))

    def test_a_smaller_credit_note_accepts_a_part(self):
        dispute = self._dispute(self._invoice(amount=100))
        credit = dispute.with_user(self.biller)._resolve('accept', {})
        credit.invoice_line_ids.price_unit = 80
        credit.action_post()
        self.assertEqual((dispute.state, dispute.amount_accepted), ('partial', 80))

    def test_only_what_is_in_dispute_can_be_accepted(self):
        dispute = self._dispute(self._invoice(amount=100), 60)
        for amount in (60.01, -1):
            with self.subTest(amount=amount), self.assertRaisesRegex(UserError, r'up to \$.60'):
                dispute._resolve('accept', {'amount': amount})

    def test_an_owner_who_may_not_invoice_leaves_a_task(self):
        dispute = self._dispute(self._invoice())
        credit = dispute.with_user(self.collector)._resolve('accept', {'accountant': self.biller})
        self.assertFalse(credit)
        self.assertEqual((dispute.state, dispute.waits_for), ('open', 'credit_note'))
        self.assertEqual(self.case.activity_ids.user_id, self.biller)
        self.assertIn('100.00', self.case.activity_ids.summary)
        dispute.with_user(self.biller).action_make_credit_note()
        dispute.credit_move_id.with_user(self.biller).action_post()
        self.assertEqual(dispute.state, 'accepted')

    @mute_logger(*MUTED)
    def test_a_credit_note_takes_the_right_to_invoice(self):
        dispute = self._dispute(self._invoice())
        dispute.with_user(self.collector)._resolve('accept', {})
        with self.assertRaises(AccessError):
            dispute.with_user(self.collector).action_make_credit_note()

    # === ITEMS THAT ARE NO INVOICE === #

    def _opening(self, amount, credit=False):
        side, other = ('credit', 'debit') if credit else ('debit', 'credit')
        receivable = self.debtor.with_company(self.company).property_account_receivable_id
        income = self._journal('general').default_account_id
        entry = self.env['account.move'].create(
            {
                'journal_id': self._journal('general').id,
                'line_ids': [
                    (
                        0,
                        0,
                        {'account_id': receivable.id, 'partner_id': self.debtor.id, side: amount},
                    ),
                    (0, 0, {'account_id': income.id, other: amount}),
                ],
            }
        )
        entry.action_post()
        return entry

    def test_an_opening_entry_is_taken_off_with_an_entry(self):
        opening = self._opening(100)
        dispute = self._dispute(opening, 40)
        dispute.with_user(self.biller)._resolve('accept', {'accountant': self.biller})
        self.assertEqual((dispute.state, dispute.waits_for), ('open', 'entry'))
        entry = self._opening(40, credit=True)
        dispute.with_user(self.biller)._resolve('accept', {'entry': entry})
        self.assertEqual((dispute.state, dispute.credit_move_id), ('accepted', entry))
        self.assertEqual(self._items(opening).amount_residual, 60)

    def test_an_entry_that_credits_nothing_is_refused(self):
        dispute = self._dispute(self._opening(100))
        with self.assertRaisesRegex(UserError, 'credits this customer'):
            dispute._resolve('accept', {'entry': self._opening(5)})

    # === THE DAILY CYCLE === #

    def test_a_dispute_of_a_paid_item_is_withdrawn_as_settled(self):
        invoice = self._invoice(amount=100)
        dispute = self._dispute(invoice, 30)
        self._pay(amount=100, invoice=invoice)
        self.assertEqual(dispute.amount_held, 0)
        self._run()
        self.assertEqual((dispute.state, dispute.withdrawal), ('withdrawn', 'settled'))

    def test_an_accepted_one_whose_item_is_settled_ends_accepted(self):
        opening = self._opening(100)
        dispute = self._dispute(opening)
        dispute._resolve('accept', {})
        entry = self._opening(100, credit=True)
        self._items(opening + entry).reconcile()
        self._run()
        self.assertEqual(dispute.state, 'accepted')

    def test_its_owner_is_told_once_that_it_is_late(self):
        dispute = self._dispute(self._invoice(), deadline=self._day(2), user_id=self.supervisor.id)
        for _day in range(5):
            self._run()
            self._travel(days=1)
        self.assertTrue(dispute.is_late)
        self.assertEqual(self.case.activity_ids.user_id, self.supervisor)
        self.assertEqual(len(self.case.activity_ids), 1)
        dispute.deadline = self._day(1)
        self._travel(days=2)
        self._run()
        self.assertEqual(len(self.case.activity_ids), 2, 'a new deadline is a new promise')
        dispute._resolve('reject', {})
        self.assertEqual(len(self.case.activity_ids), 1, 'the alert goes with the dispute')

    def test_statements_do_not_grow_with_disputes(self):
        counts = []
        for many in (2, 12):
            for _number in range(many):
                paid, late = self._invoice(), self._invoice()
                self._dispute(paid)
                self._dispute(late, deadline=self._day(-1))
                self._pay(amount=100, invoice=paid)
            run = self._run()
            counts.append(run.phase_ids.filtered(lambda p: p.name == 'disputes').statement_count)
        self.assertLessEqual(counts[1], counts[0] + 4)

    def test_another_companys_disputes_are_left_alone(self):
        other = self._company('Iberia', 'ES', self.usd)
        invoice = self._invoice()
        dispute = self._dispute(invoice)
        self._pay(amount=100, invoice=invoice)
        self._run(other)
        self.assertEqual(dispute.state, 'open')


@tagged('post_install', '-at_install')
class TestDisputeAccess(DisputeCommon):
    def test_a_collector_notes_a_dispute_with_documents(self):
        invoice = self._invoice()
        attachment = (
            self.env['ir.attachment']
            .with_user(self.collector)
            .create({'name': 'photo.txt', 'raw': b'x'})
        )
        Wizard = self.env['cobranza.dispute.wizard'].with_user(self.collector)
        with Form(Wizard.with_context(default_case_id=self.case.id)) as form:
            form.reason_id = self.reason
            form.amount = 40
            form.note = 'Too expensive'
            form.attachment_ids.add(attachment)
        form.record.action_confirm()
        dispute = self._items(invoice).cobranza_dispute_ids
        self.assertEqual((dispute.amount, dispute.note), (40, 'Too expensive'))
        self.assertEqual(dispute.create_uid, self.collector)
        self.assertEqual((attachment.res_model, attachment.res_id), (dispute._name, dispute.id))

    def test_a_document_opens_the_wizard_on_itself(self):
        self._invoice()
        invoice = self._invoice(amount=50)
        action = invoice.with_user(self.collector).action_dispute()
        form = Form(
            self.env[action['res_model']]
            .with_user(self.collector)
            .with_context(**action['context'])
        )
        self.assertEqual(form.amount, 50)
        self._dispute(invoice)
        self.assertEqual(invoice.with_user(self.accountant).cobranza_dispute_count, 1)

    @mute_logger(*MUTED)
    def test_decisions_cannot_be_written(self):
        dispute = self._dispute(self._invoice())
        for user in (self.collector, self.supervisor, self.manager):
            mine = dispute.with_user(user)
            for values in (
                {'state': 'accepted'},
                {'amount_accepted': 1},
                {'amount_held': 0},
                {'credit_move_id': False},
                {'resolved_date': self._day()},
                {'line_id': False},
                {'source': 'portal'},
            ):
                with self.subTest(user=user.name, values=values), self.assertRaises(AccessError):
                    mine.write(values)

    @mute_logger(*MUTED)
    def test_nobody_creates_a_decided_one(self):
        line = self._items(self._invoice())
        values = {'case_id': self.case.id, 'line_id': line.id, 'reason_id': self.reason.id}
        for decided in ({'state': 'accepted'}, {'amount_accepted': 5}, {'decision': 'accepted'}):
            with self.subTest(**decided), self.assertRaises(AccessError):
                self.env['cobranza.dispute'].with_user(self.supervisor).create(values | decided)

    @mute_logger(*MUTED)
    def test_a_collector_who_is_not_the_owner_does_not_settle(self):
        dispute = self._dispute(self._invoice(), user_id=self.supervisor.id)
        mine = dispute.with_user(self.collector)
        self.assertEqual(mine.amount, 100, 'it can be read')
        for attempt in (
            lambda: mine._resolve('reject', {}),
            mine.action_accept,
            mine.action_reject,
            mine.action_withdraw,
            lambda: mine.write({'user_id': self.collector.id}),
            lambda: mine.write({'amount': 5}),
        ):
            with self.assertRaises(AccessError):
                attempt()
        mine.note = 'They called again'

    def test_the_owner_sees_and_settles_a_dispute_of_anothers_case(self):
        dispute = self._dispute(self._invoice(), user_id=self.other_collector.id)
        theirs = dispute.with_user(self.other_collector)
        self.assertEqual(
            theirs.case_id.partner_id, self.debtor, 'the case is read while it is open'
        )
        theirs._resolve('reject', {})
        self.env.flush_all()
        self.env.invalidate_all()
        Case = self.env['cobranza.case'].with_user(self.other_collector)
        self.assertFalse(Case.search([('id', '=', self.case.id)]))

    @mute_logger(*MUTED)
    def test_the_owner_does_not_change_the_case(self):
        self._dispute(self._invoice(), user_id=self.other_collector.id)
        self.env.flush_all()
        with self.assertRaises(AccessError):
            self.case.with_user(self.other_collector).stage_id = False

    @mute_logger(*MUTED)
    def test_owning_it_is_no_way_into_anothers_case(self):
        line = self._items(self._invoice())
        with self.assertRaises(AccessError):
            self.env['cobranza.dispute'].with_user(self.other_collector).create(
                {
                    'case_id': self.case.id,
                    'line_id': line.id,
                    'reason_id': self.reason.id,
                    'user_id': self.other_collector.id,
                }
            )

    @mute_logger(*MUTED)
    def test_a_reader_of_the_books_settles_nothing(self):
        dispute = self._dispute(self._invoice()).with_user(self.accountant)
        with self.assertRaises(AccessError):
            dispute._resolve('reject', {})
        with self.assertRaises(AccessError):
            dispute.note = 'x'

    def test_what_was_decided_is_kept(self):
        dispute = self._dispute(self._invoice())
        dispute._resolve('reject', {})
        with self.assertRaisesRegex(UserError, 'part of the record'):
            dispute.with_user(self.supervisor).unlink()

    @mute_logger(*MUTED)
    def test_another_company_sees_none(self):
        other = self._company('Iberia', 'ES', self.usd)
        stranger = self._user('stranger', 'cobranza_management.group_manager', other)
        dispute = self._dispute(self._invoice()).with_user(stranger)
        dispute = dispute.with_context(allowed_company_ids=other.ids)
        self.assertFalse(dispute.search([]))
        with self.assertRaises(AccessError):
            dispute._resolve('reject', {})
