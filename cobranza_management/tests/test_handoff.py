"""Cases that an agency or lawyers take over: proposed, approved, delivered, paid, taken back, settled."""

import io

from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

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
        wizard = self.env['cobranza.handoff.wizard'].create(
            {'case_ids': [Command.set((cases + paid).ids)], 'agency_id': self.agency.id}
        )
        self.assertEqual((wizard.leaving_ids, wizard.amount), (cases, 100))
        self.assertEqual(wizard.staying, 'Paid: nothing overdue')
        self.assertIn('Phone', wizard.personal)
        self.agency.column_ids = self.agency.column_ids.filtered(lambda c: not c.is_personal)
        wizard.invalidate_recordset()
        self.assertFalse(wizard.personal)
        action = wizard.action_confirm()
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

    def test_a_delivery_stops_automation_and_moves_the_card(self):
        self._strategy({5: {}, 20: {}})
        handoff = self._delivered()
        case = self._case()
        self.assertEqual((handoff.state, handoff.date), ('delivered', self._day()))
        self.assertEqual((case.stage_id.kind, case.agency_id), ('agency', self.agency))
        self.assertTrue(case.is_on_hold)
        self.assertIn('With Recovery since', case.next_action)
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


@tagged('post_install', '-at_install')
class TestHandoffAccess(HandoffCommon):
    def test_a_collector_proposes_their_own_and_decides_nothing(self):
        case = self._owing()
        case.user_id = self.collector
        mine = case.with_user(self.collector)._propose_handoff(self.agency)
        self.assertEqual(mine.line_ids.case_id, case)
        for action in (
            'action_approve',
            'action_deliver',
            'action_cancel',
            'action_close',
            'action_download',
        ):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(mine.with_user(self.collector), action)()
        with self.assertRaises(AccessError):
            case.with_user(self.other_collector)._propose_handoff(self.agency)

    def test_who_sees_what_was_handed_over(self):
        luis = self._debtor('Luis')
        handoff = self._proposed(self.debtor, luis)
        self._case().user_id = self.collector
        self._case(luis).user_id = self.other_collector
        Line = self.env['cobranza.handoff.line']
        for user, expected in (
            (self.collector, self.debtor),
            (self.supervisor, self.debtor + luis),
            (self.accountant, self.debtor + luis),
        ):
            with self.subTest(user=user.name):
                lines = Line.with_user(user).search([('handoff_id', '=', handoff.id)])
                self.assertEqual(lines.partner_id, expected)
        for user in (self.employee, self.portal):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                Line.with_user(user).search([])

    @mute_logger('odoo.addons.base.models.ir_model')
    def test_amounts_and_states_are_not_written_by_hand(self):
        handoff = self._proposed()
        for record, values in (
            (handoff, {'state': 'delivered'}),
            (handoff, {'date': self._day()}),
            (handoff.line_ids, {'amount': 1}),
            (handoff.line_ids, {'recovered': 1}),
            (handoff.line_ids, {'state': 'handed'}),
            (handoff.line_ids.item_ids, {'amount': 1}),
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                record.with_user(self.manager).write(values)

    def test_another_company_has_its_own_proposal_and_does_not_see_this_one(self):
        other = self._company('Iberia', 'ES', self.usd)
        self.agency.company_id = False
        self._invoice(company=other)
        self.env['cobranza.run']._run(other)
        proposals = (self._owing() + self._case(company=other))._propose_handoff(self.agency)
        self.assertEqual(proposals.company_id, self.company + other)
        outsider = self._user('outsider', 'cobranza_management.group_manager', other)
        seen = (
            self.env['cobranza.handoff']
            .with_user(outsider)
            .with_context(allowed_company_ids=other.ids)
            .search([])
        )
        self.assertEqual(seen.company_id, other)
        self.assertEqual(seen.agency_id, self.agency)

    def test_an_agency_of_another_company_gets_no_escalation_of_this_one(self):
        other = self._company('Iberia', 'ES', self.usd)
        self.agency.company_id = other
        found = self.env['cobranza.agency']._default_for('agency', self.company)
        self.assertFalse(found)


@tagged('post_install', '-at_install')
class TestHandoffFile(HandoffCommon, HttpCase):
    def _book(self, content):
        return load_workbook(io.BytesIO(content))

    def test_the_file_has_the_cases_documents_and_contacts_of_the_hand_off(self):
        self.debtor.write({'phone': '+57 300 123 4567', 'ref': '=HYPERLINK("x")'})
        self._debtor('Luis', parent_id=self.debtor.id, type='invoice')
        self._invoice(currency=self.clp, amount=90000)
        book = self._book(self._proposed(amount=50)._export())
        self.assertEqual(book.sheetnames, ['Cases', 'Documents', 'Contacts'])
        cases = {cell.value: place for place, cell in enumerate(book['Cases'][1])}
        row = [cell.value for cell in book['Cases'][2]]
        self.assertEqual(row[cases['Debtor']], 'Ana')
        self.assertEqual(row[cases['Amount handed over']], 150)
        self.assertEqual(row[cases['Reference']], '=HYPERLINK("x")')
        self.assertEqual(book['Cases'].cell(2, 1).data_type, 's', 'a text, not a formula')
        self.assertEqual(book['Documents'].max_row, 5)
        names = [row[2].value for row in book['Contacts'].iter_rows(min_row=2)]
        self.assertEqual(names, ['Luis', 'Ana'])

    def test_titles_stay_rows_filter_and_totals_add_up(self):
        page = self._book(self._proposed(self.debtor, self._debtor('Luis'))._export())['Cases']
        self.assertEqual(page.freeze_panes, 'B2')
        self.assertEqual(page.auto_filter.ref, 'A1:L3')
        titles = [cell.value for cell in page[1]]
        letter = page.cell(1, titles.index('Amount handed over') + 1).column_letter
        self.assertEqual(page[f'{letter}5'].value, f'=SUBTOTAL(109,{letter}2:{letter}3)')
        due = page.cell(2, titles.index('Oldest due date') + 1)
        self.assertTrue(due.is_date)

    def test_columns_that_the_agency_is_not_told_stay_at_home(self):
        self.debtor.vat = '12345'
        self.agency.column_ids = self.agency.column_ids.filtered(lambda c: not c.is_personal)
        book = self._book(self._proposed()._export())
        values = {cell.value for page in book for row in page.iter_rows() for cell in row}
        self.assertFalse({'Ana', 'ana@example.com', '12345'} & values)

    def test_the_file_that_left_is_kept_as_it_was(self):
        handoff = self._delivered()
        kept = self.env['ir.attachment'].search(
            [('res_model', '=', 'cobranza.handoff'), ('res_id', '=', handoff.id)]
        )
        self.debtor.name = 'Somebody else'
        new_test_user(
            self.env,
            'boss_of_files',
            groups='cobranza_management.group_supervisor',
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.authenticate('boss_of_files', 'boss_of_files')
        answer = self.url_open(handoff.action_download()['url'])
        self.assertEqual(answer.content, kept.raw)
        self.assertIn('.xlsx', answer.headers['Content-Disposition'])

    @mute_logger('odoo.http')
    def test_a_collector_does_not_download_it(self):
        handoff = self._proposed()
        self.authenticate(self.collector.login, self.collector.login)
        self.assertEqual(self.url_open(f'/cobranza/handoff/{handoff.id}').status_code, 403)
