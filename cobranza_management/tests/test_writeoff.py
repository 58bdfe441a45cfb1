"""Giving up a debt: proposed by one, decided by another, a loss in the books and never a payment."""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CobranzaCommon

MUTED = 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule', 'odoo.sql_db'
OURS = 'cobranza_management.group_%s'


@tagged('post_install', '-at_install')
class TestWriteoff(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls._strategy({5: {}})
        cls.booker = cls._user('booker', 'account.group_account_invoice')
        cls.boss = cls._user('boss', f'{OURS % "manager"},account.group_account_invoice')
        cls.loss = cls.env['account.account'].create(
            {'name': 'Bad debt', 'code': '650100', 'account_type': 'expense'}
        )
        cls.company.write(
            {
                'cobranza_writeoff_account_id': cls.loss.id,
                'cobranza_writeoff_journal_id': cls._journal('general').id,
                'cobranza_writeoff_limit': 500,
            }
        )

    def _propose(self, invoices, user=None, amount=None):
        """Return a proposal of the collector for the items of invoices."""
        case = self.env['cobranza.case']._get_or_create(self.debtor, self.company)
        amounts = {line: amount or line.amount_residual_currency for line in self._items(invoices)}
        return case.with_user(user or self.collector)._propose_writeoff(
            amounts, {'reason': 'insolvent', 'note': 'Wound up'}
        )

    def _as(self, writeoff, user):
        return writeoff.with_user(user)

    # === BOOKING === #

    def test_what_is_approved_becomes_a_loss_and_the_item_is_closed(self):
        invoice = self._invoice(amount=100)
        writeoff = self._propose(invoice)
        self._as(writeoff, self.booker).action_approve()
        self.assertEqual((writeoff.state, writeoff.approver_id), ('booked', self.booker))
        self.assertTrue(self._items(invoice).reconciled)
        self.assertRecordValues(
            writeoff.move_id.line_ids.sorted('balance'),
            [
                {'balance': -100, 'account_id': self._items(invoice).account_id.id},
                {'balance': 100, 'account_id': self.loss.id},
            ],
        )
        self.assertEqual(writeoff.move_id.create_uid, self.booker)
        self.assertEqual(self._case().state, 'settled')

    def test_part_of_an_item_leaves_the_rest_to_be_claimed(self):
        invoice = self._invoice(amount=100)
        self._as(self._propose(invoice, amount=30), self.booker).action_approve()
        self.assertEqual(invoice.amount_residual, 70)
        self._run()
        self.assertEqual(self._reminder().amount, 70)

    def test_another_currency_is_written_off_at_its_value_in_the_books(self):
        invoice = self._invoice(amount=9000, currency=self.clp)
        self._rate(self.company, self.clp, 1000, self._day())
        writeoff = self._propose(invoice, amount=4500)
        self.assertEqual(writeoff.amount, 5)
        self._as(writeoff, self.booker).action_approve()
        item = self._items(invoice)
        self.assertEqual((item.amount_residual_currency, item.amount_residual), (4500, 5))
        self._as(self._propose(invoice), self.booker).action_approve()
        self.assertTrue(item.reconciled)
        partials = item.matched_credit_ids
        self.assertFalse(partials.exchange_move_id, 'no difference of exchange')

    def test_several_items_make_one_entry(self):
        invoices = self._invoice(amount=10) + self._invoice(amount=900, currency=self.clp)
        writeoff = self._propose(invoices)
        self._as(writeoff, self.booker).action_approve()
        self.assertEqual(len(writeoff.move_id.line_ids), 4)
        self.assertEqual(set(self._items(invoices).mapped('reconciled')), {True})

    def test_what_was_paid_meanwhile_is_not_written_off(self):
        invoice = self._invoice(amount=100)
        writeoff = self._propose(invoice)
        self._pay(amount=60, invoice=invoice)
        self._as(writeoff, self.booker).action_approve()
        self.assertEqual((writeoff.item_ids.amount_booked, invoice.amount_residual), (40, 0))

    def test_nothing_left_is_nothing_booked(self):
        invoice = self._invoice(amount=100)
        writeoff = self._propose(invoice)
        self._pay(amount=100, invoice=invoice)
        with self.assertRaisesRegex(UserError, 'nothing is left'):
            self._as(writeoff, self.booker).action_approve()

    def test_it_is_booked_once(self):
        writeoff = self._propose(self._invoice())
        self._as(writeoff, self.booker).action_approve()
        for action in ('action_approve', 'action_book', 'action_reject', 'action_withdraw'):
            with self.subTest(action=action), self.assertRaisesRegex(UserError, 'any more'):
                getattr(self._as(writeoff, self.boss), action)()
        self.assertEqual(self.env['account.move'].search_count([('ref', 'like', 'Write-off')]), 1)

    def test_the_loss_has_an_account_of_its_own(self):
        self.company.cobranza_writeoff_account_id = False
        with self.assertRaisesRegex(UserError, 'settings'):
            self._as(self._propose(self._invoice()), self.booker).action_approve()

    # === NO PAYMENT === #

    def test_a_loss_is_no_payment_in_the_paying_habit(self):
        self._as(self._propose(self._invoice(amount=100)), self.booker).action_approve()
        self.env.flush_all()
        self._run()
        self.assertEqual(self._case().paid_count, 0)
        self._pay(amount=50, invoice=self._invoice(amount=50, days_overdue=4))
        self._run()
        self.assertEqual((self._case().paid_count, self._case().paid_late_days), (1, 4))

    # === RECOVERY === #

    def test_a_recovered_debt_is_claimed_again(self):
        invoice = self._invoice(amount=100)
        writeoff = self._propose(invoice)
        self._as(writeoff, self.booker).action_approve()
        self._as(writeoff, self.booker).action_reverse()
        self.assertEqual((writeoff.state, invoice.amount_residual), ('reversed', 100))
        self.assertEqual(
            sum((writeoff.move_id + writeoff.reversal_id).line_ids.mapped('balance')), 0
        )
        self.assertEqual(self._case().amount_claim, 100)
        self._as(self._propose(invoice), self.booker).action_approve()
        self.assertEqual(invoice.amount_residual, 0)

    # === LEFT ALONE === #

    def test_what_waits_for_a_decision_is_not_claimed(self):
        invoice = self._invoice(amount=100)
        writeoff = self._propose(invoice, amount=30)
        case = self._case()
        self.assertEqual((case.amount_claim, case.amount_excluded), (70, 30))
        self.assertEqual(case.amount_writeoff, 30)
        self.assertEqual(self._items(invoice).cobranza_mark, 'writeoff')
        self._run()
        self.assertEqual(self._reminder().amount, 70)
        self._as(writeoff, self.booker).action_reject()
        self.assertEqual((case.amount_claim, self._items(invoice).cobranza_mark), (100, False))

    def test_a_message_does_not_leave_once_it_is_proposed(self):
        invoice = self._invoice()
        self._run()
        self._propose(invoice)
        self._dispatch()
        self.assertEqual(self._reminder().state, 'cancelled')

    def test_a_proposal_taken_back_is_claimed_again(self):
        writeoff = self._propose(self._invoice(amount=100))
        self.assertEqual(self._case().state, 'settled')
        self._as(writeoff, self.collector).action_withdraw()
        self.assertEqual((self._case().state, self._case().amount_claim), ('open', 100))

    @mute_logger('odoo.sql_db')
    def test_an_item_waits_in_one_proposal_only(self):
        invoice = self._invoice()
        self._propose(invoice, amount=10)
        with self.assertRaises(UniqueViolation):
            self._propose(invoice, amount=10)
            self.env.flush_all()

    # === WHO DECIDES === #

    def test_nobody_approves_what_they_proposed(self):
        writeoff = self._propose(self._invoice(), user=self.boss)
        self.assertFalse(self._as(writeoff, self.boss).can_approve)
        with self.assertRaisesRegex(AccessError, 'proposes'):
            self._as(writeoff, self.boss).action_approve()

    def test_an_accountant_approves_up_to_the_limit_and_a_manager_above(self):
        writeoff = self._propose(self._invoice(amount=501))
        self.assertTrue(writeoff.needs_manager)
        with self.assertRaisesRegex(AccessError, 'manager'):
            self._as(writeoff, self.booker).action_approve()
        self._as(writeoff, self.boss).action_approve()
        self.assertEqual(writeoff.state, 'booked')

    def test_a_manager_without_invoicing_rights_approves_and_an_accountant_books(self):
        writeoff = self._propose(self._invoice(amount=501))
        self._as(writeoff, self.manager).action_approve()
        self.assertEqual(writeoff.state, 'approved')
        self.assertFalse(writeoff.move_id)
        with self.assertRaises(AccessError):
            self._as(writeoff, self.manager).action_book()
        self._as(writeoff, self.booker).action_book()
        self.assertEqual((writeoff.state, writeoff.approver_id), ('booked', self.manager))

    @mute_logger(*MUTED)
    def test_others_decide_nothing(self):
        writeoff = self._propose(self._invoice())
        for user in (
            self.other_collector,
            self.supervisor,
            self.accountant,
            self.employee,
            self.portal,
        ):
            for action in ('action_approve', 'action_reject', 'action_book'):
                with (
                    self.subTest(user=user.login, action=action),
                    self.assertRaises(UserError),
                ):
                    getattr(self._as(writeoff, user), action)()
        with self.assertRaises(AccessError):
            self._as(writeoff, self.other_collector).action_withdraw()
        self.assertEqual(writeoff.state, 'proposed')

    def test_the_approver_has_a_task_until_it_is_decided(self):
        self.company.cobranza_writeoff_user_id = self.boss
        writeoff = self._propose(self._invoice())
        task = writeoff.activity_id
        self.assertEqual((task.user_id, task.res_id), (self.boss, self._case().id))
        self._as(writeoff, self.booker).action_approve()
        self.assertFalse(task.active)

    # === ACCESS === #

    @mute_logger(*MUTED)
    def test_nothing_of_it_is_written_by_hand(self):
        writeoff = self._propose(self._invoice())
        for user in (self.collector, self.manager, self.booker):
            for records in (writeoff, writeoff.item_ids):
                for operation in ('write', 'create', 'unlink'):
                    with self.subTest(user=user.login, operation=operation):
                        self.assertFalse(records.with_user(user).has_access(operation))

    def test_a_collector_sees_their_own(self):
        writeoff = self._propose(self._invoice())
        self._case().user_id = self.other_collector
        Writeoff = self.env['cobranza.writeoff']
        self.assertFalse(Writeoff.with_user(self.collector).search([]))
        for user in (self.other_collector, self.supervisor, self.booker):
            self.assertEqual(Writeoff.with_user(user).search([]), writeoff)

    @mute_logger(*MUTED)
    def test_nobody_proposes_on_the_case_of_another(self):
        invoice = self._invoice()
        self._run()
        self._case().user_id = self.other_collector
        with self.assertRaises(AccessError):
            self._propose(invoice)

    @mute_logger(*MUTED)
    def test_another_company_neither_sees_nor_decides(self):
        other = self._company('Iberia', 'ES', self.usd)
        stranger = self._user(
            'stranger', f'{OURS % "manager"},account.group_account_invoice', other
        )
        theirs = self.env(user=stranger, context={'allowed_company_ids': other.ids})
        writeoff = self._propose(self._invoice())
        self.assertFalse(theirs['cobranza.writeoff'].search([]))
        with self.assertRaises(AccessError):
            writeoff.with_env(theirs).action_approve()

    def test_a_write_off_is_about_the_debtors_own_open_items(self):
        case = self.env['cobranza.case']._get_or_create(self.debtor, self.company)
        theirs = self._items(self._invoice(self._debtor('Luis')))
        self.assertFalse(case._propose_writeoff({theirs: 5}, {'reason': 'other', 'note': 'x'}))
        with self.assertRaisesRegex(ValidationError, 'No more than'):
            self._propose(self._invoice(amount=100), amount=100.01)

    # === SCREENS === #

    def test_the_wizard_proposes_what_is_late(self):
        late, later = self._invoice(amount=10), self._invoice(amount=20, days_overdue=-5)
        self._run()
        form = Form(
            self.env['cobranza.writeoff.wizard']
            .with_user(self.collector)
            .with_context(active_ids=self._case().ids)
        )
        form.reason, form.note = 'cost', 'Ten dollars'
        form.save().action_confirm()
        writeoff = self._case().writeoff_ids
        self.assertEqual(writeoff.item_ids.line_id, self._items(late))
        self.assertEqual((writeoff.amount, writeoff.user_id), (10, self.collector))
        self.assertNotIn(self._items(later), writeoff.item_ids.line_id)
