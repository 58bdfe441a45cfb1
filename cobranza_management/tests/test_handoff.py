"""Cases that an agency or lawyers take over: proposed, approved, delivered, paid, taken back, settled."""

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import CobranzaCommon


class HandoffCommon(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.company.cobranza_handoff_limit = 1000
        cls.agency = cls._agency('Recovery', commission_percent=10)
        cls.legal_stage = cls.env['cobranza.stage']._of_kind()['agency']

    @classmethod
    def _agency(cls, name, **values):
        return cls.env['cobranza.agency'].create(
            {
                'partner_id': cls.env['res.partner'].create({'name': name, 'lang': 'en_US'}).id,
                'company_id': cls.company.id,
                **values,
            }
        )

    def _owing(self, *debtors, **options):
        """Return the cases of debtors with an overdue invoice."""
        for debtor in debtors or [self.debtor]:
            self._invoice(debtor, **options)
        self._run()
        cases = self.env['cobranza.case']
        for debtor in debtors or [self.debtor]:
            cases += self._case(debtor)
        return cases

    def _proposed(self, *debtors, **options):
        return self._owing(*debtors, **options)._propose_handoff(self.agency)

    def _delivered(self, *debtors, **options):
        handoff = self._proposed(*debtors, **options)
        handoff.action_approve()
        handoff.action_deliver()
        return handoff


@tagged('post_install', '-at_install')
class TestHandoff(HandoffCommon):
    # === PROPOSING === #

    def test_a_proposal_says_what_is_owed_today_by_currency(self):
        self._invoice(currency=self.clp, amount=90000)
        line = self._proposed(amount=50).line_ids
        self.assertEqual((line.amount, line.days_overdue, len(line.item_ids)), (150, 10, 2))
        self.assertEqual(set(line.item_ids.mapped('amount_currency')), {50, 90000})
        self.assertIn(' + ', line.amounts)

    def test_credits_and_what_is_not_due_stay_at_home(self):
        self._invoice(amount=40, days_overdue=-5)
        self._refund(amount=30)
        line = self._proposed(amount=100).line_ids
        self.assertEqual((line.amount, len(line.item_ids)), (70, 1))

    def test_what_is_promised_stays_at_home(self):
        case = self._owing(amount=100)
        promised = case.item_ids
        self._invoice(amount=30)
        case._take_promise(
            {
                'amount': 100,
                'currency_id': self.usd.id,
                'date': self._day(3),
                'line_ids': promised.ids,
            }
        )
        line = case._propose_handoff(self.agency).line_ids
        self.assertEqual((line.amount, line.item_ids.line_id & promised), (30, promised.browse()))

    def test_more_cases_join_the_proposal_of_the_same_agency(self):
        first = self._proposed()
        luis = self._debtor('Luis')
        self.assertEqual(self._proposed(luis), first)
        self.assertEqual(first.case_count, 2)

    def test_a_case_is_in_one_hand_off_at_a_time(self):
        handoff = self._proposed()
        self.assertFalse(self._case()._propose_handoff(self._agency('Other')).line_ids)
        self.assertEqual(
            self._case()._handoff_refusals(), {self._case(): f'already in {handoff.name}'}
        )

    def test_the_assistant_shows_what_leaves_and_what_stays(self):
        cases = self._owing()
        paid = self.env['cobranza.case']._get_or_create(self._debtor('Paid'), self.company)
        gone = self._delivered(self._debtor('Gone')).line_ids.case_id
        selected = (cases + paid + gone).ids
        wizard = self.env['cobranza.handoff.wizard'].with_context(active_ids=selected)
        with Form(wizard) as form:
            form.agency_id = self.agency
            self.assertEqual((form.leaving_ids.ids, form.amount), (cases.ids, 100))
            shown = self.env['cobranza.case'].new(origin=cases)
            self.assertEqual(shown.days_overdue, 10, 'what is shown before it is saved is late too')
            self.assertIn('Paid: nothing overdue', form.staying)
            self.assertIn('Gone: already in', form.staying)
            self.assertIn('Phone', form.personal)
            self.agency.column_ids = self.agency.column_ids.filtered(lambda c: not c.is_personal)
            form.agency_id = self.agency.browse()
            form.agency_id = self.agency
            self.assertFalse(form.personal)
        action = form.record.action_confirm()
        self.assertEqual(action['res_model'], 'cobranza.handoff')

    def test_nothing_to_hand_over_is_said(self):
        paid = self.env['cobranza.case']._get_or_create(self._debtor('Paid'), self.company)
        wizard = self.env['cobranza.handoff.wizard'].create(
            {'case_ids': [Command.set(paid.ids)], 'agency_id': self.agency.id}
        )
        with self.assertRaisesRegex(UserError, 'None of these cases'):
            wizard.action_confirm()

    def test_a_batch_takes_a_constant_number_of_statements(self):
        counts = []
        for size in (3, 12):
            cases = self._owing(*(self._debtor(f'D{size}-{n}') for n in range(size)))
            agency = self._agency(f'A{size}')
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            handoff = cases._propose_handoff(agency)
            handoff.action_approve()
            handoff.action_deliver()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    # === APPROVING AND DELIVERING === #

    def test_a_supervisor_approves_up_to_the_limit_and_a_manager_beyond(self):
        handoff = self._proposed(amount=1500)
        self.assertTrue(handoff.needs_manager)
        with self.assertRaisesRegex(AccessError, 'manager'):
            handoff.with_user(self.supervisor).action_approve()
        handoff.with_user(self.manager).action_approve()
        self.assertEqual((handoff.state, handoff.approved_by_id), ('approved', self.manager))

    def test_only_who_may_approve_is_offered_the_button(self):
        for user, offers in ((self.supervisor, [False]), (self.manager, [False, True])):
            arch = self.env['cobranza.handoff'].with_user(user).get_view(view_type='form')['arch']
            buttons = etree.fromstring(arch).xpath('//header/button[@name="action_approve"]')
            beyond = {'state': 'draft', 'needs_manager': True}
            shown = [not safe_eval(button.get('invisible'), dict(beyond)) for button in buttons]
            self.assertEqual(shown, offers, user.login)

    def test_a_delivery_stops_automation_and_moves_the_card(self):
        self._strategy({5: {}, 20: {}})
        handoff = self._delivered()
        case = self._case()
        self.assertEqual((handoff.state, handoff.date), ('delivered', self._day()))
        self.assertEqual((case.stage_id.kind, case.agency_id), ('agency', self.agency))
        self.assertTrue(case.is_on_hold)
        self.assertIn('With Recovery since', case.next_action)
        self.assertEqual(case.next_best, 'none')
        self._travel(days=15)
        self._run()
        self.assertEqual(case.stage_id.kind, 'agency', 'the daily cycle leaves the card alone')
        self.assertNotIn(20, self._reminders().step_id.mapped('offset'))

    def test_a_case_paid_since_the_approval_stays(self):
        luis = self._debtor('Luis')
        handoff = self._proposed(self.debtor, luis)
        handoff.action_approve()
        invoice = handoff.line_ids.item_ids.line_id.move_id.filtered(lambda m: m.partner_id == luis)
        self._pay(invoice=invoice)
        handoff.action_deliver()
        self.assertEqual(handoff.line_ids.partner_id, self.debtor)

    def test_a_debt_that_grew_is_approved_again(self):
        handoff = self._proposed()
        handoff.action_approve()
        self._invoice(amount=500)
        with self.assertRaisesRegex(UserError, 'grown'):
            handoff.action_deliver()
        handoff.action_back_to_draft()
        handoff.action_approve()
        handoff.action_deliver()
        self.assertEqual(handoff.amount, 600)

    def test_what_was_delivered_is_on_record(self):
        handoff = self._delivered()
        for attempt in (handoff.unlink, handoff.action_cancel, handoff.action_approve):
            with self.assertRaises(UserError):
                attempt()

    def test_cases_of_a_cancelled_proposal_may_be_proposed_again(self):
        self._proposed().action_cancel()
        self.assertTrue(self._case()._propose_handoff(self.agency).line_ids)

    def test_a_case_can_be_left_out_of_a_proposal(self):
        handoff = self._proposed(self.debtor, self._debtor('Luis'))
        handoff.line_ids[0].with_user(self.supervisor).action_leave_out()
        self.assertEqual(handoff.case_count, 1)

    # === WHILE THEY HAVE IT === #

    def test_nobody_starts_automation_while_an_agency_has_the_case(self):
        self._delivered()
        hold = self._case().hold_ids
        for attempt in (
            self._case().action_release_hold,
            lambda: hold.write({'until': self._day(1)}),
            hold.unlink,
        ):
            with self.assertRaisesRegex(UserError, 'Recovery'):
                attempt()

    def test_payments_are_seen_and_earn_commission(self):
        handoff = self._delivered()
        line = handoff.line_ids
        self._travel(days=5)
        self._pay(amount=40, invoice=line.item_ids.line_id.move_id)
        self.assertEqual((line.recovered, line.commission), (40, 4))
        self.assertEqual((handoff.recovered, handoff.commission), (40, 4))

    def test_a_payment_undone_is_not_recovered(self):
        line = self._delivered().line_ids
        item = line.item_ids.line_id
        self._pay(amount=40, invoice=item.move_id)
        item.remove_move_reconcile()
        self.assertEqual((line.recovered, line.commission), (0, 0))

    def test_a_credit_note_is_not_recovered(self):
        line = self._delivered().line_ids
        self._refund(amount=40, invoice=line.item_ids.line_id.move_id)
        self.assertEqual(line.recovered, 0)

    def test_a_write_off_is_not_recovered(self):
        line = self._delivered().line_ids
        self.company.write(
            {
                'cobranza_writeoff_account_id': self._journal('general').default_account_id.id,
                'cobranza_writeoff_journal_id': self._journal('general').id,
                'cobranza_writeoff_limit': 500,
            }
        )
        writeoff = line.case_id.with_user(self.collector)._propose_writeoff(
            {line.item_ids.line_id: 40}, {'reason': 'insolvent', 'note': 'Wound up'}
        )
        writeoff.with_user(self._user('booker', 'account.group_account_invoice')).action_approve()
        self.assertEqual(writeoff.state, 'booked')
        self.assertEqual((line.recovered, line.commission), (0, 0))

    def test_a_payment_from_before_earns_nothing_when_it_is_applied(self):
        line = self._proposed().line_ids
        payment = self._pay(amount=40)
        self._travel(days=1)
        line.handoff_id.action_approve()
        line.handoff_id.action_deliver()
        self._apply(payment.move_id, line.item_ids.line_id.move_id)
        self.assertEqual(line.recovered, 0)

    def test_a_payment_in_another_currency_counts_in_the_companys(self):
        line = self._delivered(currency=self.clp, amount=90000).line_ids
        self._pay(amount=45000, currency=self.clp, invoice=line.item_ids.line_id.move_id)
        self.assertEqual((line.recovered, line.commission), (50, 5))

    def test_the_age_when_handed_over_decides_the_commission(self):
        self.agency.band_ids = [
            Command.create({'first_day': day, 'percent': percent})
            for day, percent in ((60, 20), (120, 30))
        ]
        line = self._delivered(days_overdue=90).line_ids
        self.assertEqual(line.commission_percent, 20)
        self._travel(days=60)
        self._pay(amount=50, invoice=line.item_ids.line_id.move_id)
        self.assertEqual(line.commission, 10)

    def test_what_the_agency_says_is_dated(self):
        line = self._delivered().line_ids.with_user(self.supervisor)
        line.write({'agency_status': 'agreement', 'agency_note': 'Half on the 15th'})
        self.assertEqual(line.status_date, self._day())

    # === BACK === #

    def _take_back(self, line, reason='recalled'):
        action = line.with_user(self.supervisor).action_take_back()
        self.env[action['res_model']].with_user(self.supervisor).with_context(
            **action['context']
        ).create({'reason': reason}).action_confirm()

    def test_a_case_taken_back_is_where_it_was_and_automation_starts_again(self):
        handoff = self._proposed()
        stage = self._case().stage_id
        handoff.action_approve()
        handoff.action_deliver()
        self._take_back(handoff.line_ids, 'uncollectable')
        case = self._case()
        self.assertEqual((case.stage_id, case.is_on_hold, case.agency_id.id), (stage, False, False))
        self.assertEqual(
            (handoff.state, handoff.line_ids.return_reason), ('returned', 'uncollectable')
        )
        self.assertTrue(case._propose_handoff(self.agency), 'and it may be handed over again')

    def test_a_card_that_moved_meanwhile_stays(self):
        handoff = self._delivered()
        negotiating = self.env['cobranza.stage']._of_kind()['negotiating']
        self._case().stage_id = negotiating
        self._take_back(handoff.line_ids)
        self.assertEqual(self._case().stage_id, negotiating)

    def test_what_comes_later_earns_nothing(self):
        line = self._delivered().line_ids
        self._take_back(line)
        self._travel(days=1)
        self._pay(amount=40, invoice=line.item_ids.line_id.move_id)
        self.assertEqual(line.recovered, 0)

    def test_a_settled_commission_does_not_change(self):
        handoff = self._delivered()
        line = handoff.line_ids
        with self.assertRaisesRegex(UserError, 'still with the agency'):
            handoff.action_close()
        self._pay(amount=100, invoice=line.item_ids.line_id.move_id)
        handoff.action_close()
        self.assertEqual(
            (handoff.state, line.state, line.return_reason), ('closed', 'returned', 'paid')
        )
        line.item_ids.line_id.remove_move_reconcile()
        self.assertEqual((line.recovered, line.commission), (100, 10))

    def test_of_two_merged_debtors_the_one_with_the_agency_stays_there(self):
        twin = self._debtor('Ana Maria')
        handed, proposed = self._delivered(twin), self._proposed()
        self.env['base.partner.merge.automatic.wizard']._merge(
            (twin + self.debtor).ids, self.debtor
        )
        self.env.invalidate_all()
        lines = self._case().handoff_line_ids
        self.assertEqual((lines.handoff_id, lines.state), (handed, 'handed'))
        self.assertFalse(proposed.line_ids)
        self.assertTrue(self._case().is_on_hold)

    # === ESCALATION === #

    def test_a_step_that_escalates_proposes_the_case(self):
        self._strategy({5: {'escalate_to': 'agency'}})
        self._owing()
        self._dispatch()
        line = self._case().handoff_line_ids
        self.assertEqual((line.agency_id, line.state, line.amount), (self.agency, 'proposed', 100))
        self.assertTrue(self._case().activity_ids, 'and the supervisor has a task')

    def test_without_an_agency_of_that_kind_there_is_only_the_task(self):
        self._strategy({5: {'escalate_to': 'legal'}})
        self._owing()
        self._dispatch()
        self.assertFalse(self._case().handoff_line_ids)
        self.assertTrue(self._case().activity_ids)

    def test_a_case_with_an_agency_is_not_among_the_holds_that_people_end(self):
        self._delivered()
        action = self.env.ref('cobranza_management.cobranza_hold_action')
        held = self._case().hold_ids
        self.assertTrue(held)
        for user in (self.collector, self.supervisor):
            domain = safe_eval(action.domain)
            self.assertFalse(self.env['cobranza.hold'].with_user(user).search(domain) & held)
