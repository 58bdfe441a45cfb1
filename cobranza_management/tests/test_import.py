"""The opening portfolio: a spreadsheet becomes posted entries, once, and every bad row says why."""

import base64
import io
from unittest.mock import patch

import openpyxl
from lxml import etree
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import cobranza_import, cobranza_import_book
from .import_common import GROUPS, HEADER, ImportCommon


@tagged('post_install', '-at_install')
class TestImport(ImportCommon):
    GOOD = '20601234567;Comercial Andina;p@andina.example;F001-1;01/01/2026;31/01/2026;USD;1.000,50;900,25'

    # === BOOKING === #

    def test_a_document_becomes_a_posted_entry_that_is_followed_up(self):
        imported = self._import(self.GOOD)
        self.assertFalse(
            self.env['account.move'].search([('ref', '=', 'F001-1')]), 'only a preview'
        )
        imported.action_book()
        self.assertEqual(imported.state, 'done')
        move = self._entries(imported)
        self.assertRecordValues(
            move, [{'ref': 'F001-1', 'state': 'posted', 'move_type': 'entry', 'date': self._day()}]
        )
        item = self._items(move)
        self.assertRecordValues(
            item,
            [
                {
                    'amount_residual': 900.25,
                    'currency_id': self.usd.id,
                    'no_followup': False,
                    'partner_id': move.partner_id.id,
                }
            ],
        )
        self.assertEqual(str(item.date_maturity), '2026-01-31')
        self.assertEqual(str(move.invoice_date), '2026-01-01')
        self.assertEqual((move.line_ids - item).account_id, self.opening)
        self.assertRecordValues(
            move.partner_id,
            [{'name': 'Comercial Andina', 'vat': '20601234567', 'email': 'p@andina.example'}],
        )

    def test_the_cycle_picks_the_documents_up_with_the_latest_step_only(self):
        self._strategy({1: {}, 15: {}, 30: {}})
        self._import(self.GOOD).action_book()
        self._run()
        reminder = self._reminder(self.env['res.partner'].search([('vat', '=', '20601234567')]))
        self.assertEqual((reminder.step_name, reminder.amount), ('Day 30', 900.25))
        self._dispatch()
        self.assertIn('F001-1', str(reminder.mail_message_id.body), 'the number the customer knows')

    def test_a_document_in_another_currency_is_converted_on_the_opening_date(self):
        imported = self._import('1;Ana;;F1;;31/01/2026;EUR;;50')
        imported.action_book()
        item = self._items(self._entries(imported))
        self.assertEqual((item.amount_residual_currency, item.amount_residual), (50, 100))

    def test_what_the_books_say_comes_before_the_rate(self):
        imported = self._import(
            '1;Ana;F1;31/01/2026;EUR;50;88',
            header='RUC;Cliente;Factura;Vence;Moneda;Saldo;Saldo local',
        )
        imported.action_book()
        self.assertEqual(self._items(self._entries(imported)).amount_residual, 88)

    def test_a_negative_balance_is_credit_of_the_customer(self):
        imported = self._import('1;Ana;;NC1;;;USD;;-40', '1;Ana;;F1;;31/01/2026;USD;;100')
        imported.action_book()
        self.env['cobranza.run']._run(self.company)
        case = self._case(self.env['res.partner'].search([('vat', '=', '1')]))
        self.assertEqual((case.amount_credit, case.amount_claim), (40, 60))

    def test_a_negative_balance_is_a_mistake_when_the_person_says_so(self):
        imported = self._import('1;Ana;;NC1;;;USD;;-40', credits=False)
        self.assertEqual(self._states_of(imported), [('NC1', 'error')])

    def test_rows_of_one_customer_make_one_customer(self):
        self._import(
            '1;Ana;;F1;;31/01/2026;;;1', ';Ana;;F2;;31/01/2026;;;1', '1;;;F3;;31/01/2026;;;1'
        ).action_book()
        self.assertEqual(self.env['res.partner'].search_count([('vat', '=', '1')]), 1)

    # === ERRORS === #

    def test_every_bad_row_says_what_is_wrong_and_the_good_ones_are_imported(self):
        imported = self._import(
            '1;Ana;;F1;;;USD;;10',
            '1;Ana;;F2;;31/01/2026;ZZZ;;10',
            '1;Ana;;F3;;31/01/2026;USD;;diez',
            '1;Ana;;F4;;31/02/2026;USD;;10',
            '1;Ana;;;;31/01/2026;USD;;10',
            ';;;F5;;31/01/2026;USD;;10',
            '1;Ana;;F6;;31/01/2026;USD;;',
            '1;Ana;;F7;;31/01/2026;USD;5;10',
            '1;Ana;;F8;;31/01/2026;USD;;10',
            '1;Ana;;F8;;31/01/2026;USD;;10',
            '1;Ana;;F9;;31/01/2026;GTQ;;10',
        )
        reasons = {row.number: row.reason for row in imported.row_ids if row.state == 'error'}
        for number, words in {
            2: 'due date is missing',
            3: 'Unknown currency "ZZZ"',
            4: '"diez" is not an amount',
            5: '"31/02/2026" is not a date',
            6: 'document number is missing',
            7: 'customer is missing',
            8: 'open balance is missing',
            9: 'More is open',
            11: 'stands in row 10',
            12: 'GTQ',
        }.items():
            self.assertIn(words, reasons.pop(number, ''), number)
        self.assertFalse(reasons)
        self.assertEqual(imported.error_count, 10)
        imported.action_book()
        self.assertEqual(self._entries(imported).mapped('ref'), ['F8'])
        self.assertEqual((imported.booked_count, imported.error_count), (1, 10))

    def test_the_same_mistake_in_two_columns_is_said_once(self):
        imported = self._import('1;Ana;;F1;;31/01/2026;USD;diez;diez')
        self.assertEqual(imported.row_ids.reason.count('is not an amount'), 1)

    def test_who_has_to_choose_the_account_is_told_before_being_asked_to_confirm(self):
        view = self.env['cobranza.import'].get_view(view_type='form')
        buttons = etree.fromstring(view['arch']).xpath("//header/button[@name='action_book']")
        self.assertEqual(len(buttons), 2)
        for button in buttons:
            hidden = button.get('invisible')
            asks = 'not account_id' in hidden
            self.assertEqual(bool(button.get('confirm')), asks, hidden)

    def test_a_currency_without_a_rate_is_not_guessed(self):
        self._currency('PEN')
        imported = self._import('1;Ana;;F1;;31/01/2026;PEN;;10')
        self.assertIn('no rate for PEN', imported.row_ids.reason)

    def test_a_balance_in_company_currency_that_cannot_be_is_a_mistake(self):
        imported = self._import(
            '1;Ana;F1;31/01/2026;EUR;90,00;0,00',
            '1;Ana;F2;31/01/2026;EUR;-90,00;180,00',
            '1;Ana;F3;31/01/2026;USD;90,00;180,00',
            '1;Ana;F4;31/01/2026;EUR;90,00;',
            '1;Ana;F5;31/01/2026;EUR;-90,00;-180,00',
            '1;Ana;F6;31/01/2026;USD;90,00;90,00',
            header='RUC;Cliente;Factura;Vence;Moneda;Saldo;Saldo local',
        )
        reasons = {row.document: row.reason for row in imported.row_ids if row.state == 'error'}
        self.assertEqual(list(reasons), ['F1', 'F2', 'F3'])
        for reason, words in zip(
            reasons.values(), ('is zero', 'opposite signs', 'must be the same')
        ):
            self.assertIn(words, reason)
        imported.action_book()
        self.assertEqual(
            self._items(self._entries(imported)).mapped('amount_residual'), [180, -180, 90]
        )

    def test_what_nobody_expected_is_told_in_words_and_logged(self):
        imported = self._import(self.GOOD)
        row = self.env.registry['cobranza.import.row']
        for error in (
            IntegrityError('new row for relation "x" violates check constraint'),
            ValueError('Traceback: x'),
        ):
            with (
                self.subTest(error=error),
                patch.object(row, '_book', side_effect=error),
                self.assertLogs(cobranza_import_book.__name__, 'ERROR') as logs,
            ):
                imported.row_ids._try_to_book(alone=True)
            self.assertEqual(imported.row_ids.state, 'error')
            self.assertIn('could not be booked', imported.row_ids.reason)
            self.assertNotIn(str(error), imported.row_ids.reason)
            self.assertIn(str(error), logs.output[0])

    def test_the_sign_beside_an_amount_is_its_currency_where_no_column_says_it(self):
        imported = self._import(
            '1;Ana;;F1;;31/01/2026;;;€ 50,00',
            '1;Ana;;F2;;31/01/2026;USD;;€ 50,00',
            '1;Ana;;F3;;31/01/2026;;;US$ 50,00',
            '1;Ana;;F4;;31/01/2026;;;ZZ 50,00',
            '1;Ana;;F5;;31/01/2026;USD;;$ 50,00',
            '1;Ana;;F6;;31/01/2026;;-50,00;50,00',
        )
        rows = {row.document: row for row in imported.row_ids}
        self.assertEqual((rows['F1'].currency_id.name, rows['F1'].state), ('EUR', 'new'))
        self.assertIn('"€" is of another currency', rows['F2'].reason)
        self.assertEqual((rows['F3'].currency_id, rows['F5'].currency_id), (self.usd, self.usd))
        self.assertIn('"ZZ" is of no single currency', rows['F4'].note)
        self.assertEqual(rows['F4'].currency_id, self.usd)
        self.assertFalse(rows['F5'].reason or rows['F5'].note)
        self.assertIn('original amount is negative', rows['F6'].reason)

    @mute_logger('odoo.sql_db')
    def test_a_row_that_cannot_be_posted_does_not_stop_the_others(self):
        imported = self._import('1;Ana;;F1;;31/01/2026;;;10', '2;Luis;;F2;;31/01/2026;;;20')
        luis = imported.row_ids.filtered(lambda row: row.document == 'F2')
        # somebody else books the same document at the same moment
        self.env['account.move'].create(
            {'cobranza_import_key': luis._import_key(), 'journal_id': self._journal('general').id}
        )
        imported.action_book()
        self.assertEqual(self._states_of(imported), [('F1', 'booked'), ('F2', 'error')])
        self.assertIn('same time', luis.reason)
        self.assertFalse(self.env['res.partner'].search([('vat', '=', '2')]))

    def test_the_rows_left_out_are_handed_out_without_formulas(self):
        imported = self._import('1;=cmd|calc!A1;;F1;;;USD;;10')
        book = openpyxl.load_workbook(io.BytesIO(imported._problems_file()))
        cells = [cell for row in book.active.iter_rows(values_only=True) for cell in row]
        self.assertIn('The due date is missing', cells)
        self.assertIn("'=cmd|calc!A1", cells)
        self.assertFalse([cell for cell in cells if str(cell).startswith('=')])

    # === ONCE === #

    def test_a_second_import_of_the_same_file_changes_nothing(self):
        lines = (self.GOOD, ';Sin Datos;;F2;;31/01/2026;;;7', '3;Ana;;NC;;;USD;;-4')
        self._import(*lines).action_book()
        partners, moves = (
            self.env[model].search_count([]) for model in ('res.partner', 'account.move')
        )
        again = self._import(*lines)
        self.assertEqual({state for _document, state in self._states_of(again)}, {'known'})
        again.action_book()
        self.assertEqual(self.env['res.partner'].search_count([]), partners)
        self.assertEqual(self.env['account.move'].search_count([]), moves)

    def test_a_changed_balance_is_reported_and_not_applied(self):
        self._import(self.GOOD).action_book()
        again = self._import(self.GOOD.replace('900,25', '800,00'))
        self.assertEqual(self._states_of(again), [('F001-1', 'changed')])
        self.assertIn('900.25', again.row_ids.reason)
        again.action_book()
        self.assertEqual(len(self.env['account.move'].search([('ref', '=', 'F001-1')])), 1)

    def test_changed_dates_are_told_and_not_applied(self):
        self._import(self.GOOD, '2;Luis;;F2;;31/01/2026;;;7').action_book()
        moved = self.GOOD.replace('31/01/2026', '15/02/2026').replace('01/01/2026', '02/01/2026')
        again = self._import('2;Luis;;F2;;31/01/2026;;;7', moved)
        self.assertEqual(self._states_of(again), [('F2', 'known'), ('F001-1', 'known')])
        row, same = again.row_ids.search([('import_id', '=', again.id)])
        self.assertEqual((row.document, row.is_problem), ('F001-1', True), 'it comes first')
        for words in ('due on 01/31/2026', 'says 02/15/2026', 'issued on 01/01/2026'):
            self.assertIn(words, row.reason)
        self.assertFalse(same.reason)
        again.action_book()
        move = self.env['account.move'].search([('ref', '=', 'F001-1')])
        self.assertEqual(str(self._items(move).date_maturity), '2026-01-31')

    def test_an_invoice_of_odoo_is_recognised_by_its_number(self):
        self.debtor.vat = '77'
        invoice = self._invoice(amount=100)
        imported = self._import(f'77;Ana;;{invoice.name};;31/01/2026;;;100')
        self.assertEqual(self._states_of(imported), [(invoice.name, 'known')])

    def test_instalments_are_documents_of_their_own(self):
        header = 'RUC;Cliente;Factura;Cuota;Vence;Saldo'
        lines = ('1;Ana;F1;1;31/01/2026;10', '1;Ana;F1;2;28/02/2026;20')
        self._import(*lines, header=header).action_book()
        again = self._import(*lines, '1;Ana;F1;3;31/03/2026;30', header=header)
        self.assertEqual([state for _d, state in self._states_of(again)], ['known', 'known', 'new'])
        whole = self._import('1;Ana;F1;31/01/2026;30', header='RUC;Cliente;Factura;Vence;Saldo')
        self.assertEqual(self._states_of(whole), [('F1', 'known')])

    def test_a_cancelled_entry_may_be_imported_again(self):
        first = self._import(self.GOOD)
        first.action_book()
        move = self._entries(first)
        move.button_draft()
        move.button_cancel()
        again = self._import(self.GOOD)
        again.action_book()
        self.assertEqual(self._states_of(again), [('F001-1', 'booked')])

    # === MANY === #

    @patch.object(cobranza_import, 'AT_ONCE', 20)
    @patch.object(cobranza_import_book, 'CHUNK', 10)
    def test_many_documents_are_booked_in_the_background(self):
        lines = [f'{n % 7 + 1};Ana {n % 7};;F{n};;31/01/2026;;;10' for n in range(25)]
        imported = self._import(*lines)
        imported.action_book()
        self.assertEqual((imported.state, imported.booked_count), ('running', 0))
        with self.enter_registry_test_mode():
            self.env.ref('cobranza_management.ir_cron_import').method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(
            (imported.state, imported.booked_count, imported.progress), ('done', 25, 100)
        )
        self.assertEqual(self._entries(imported).create_uid, self.importer)
        self.assertEqual(len(self._entries(imported).partner_id), 7)

    # === RIGHTS === #

    def test_only_managers_import(self):
        supervisor = self._user('supervisor', 'cobranza_management.group_supervisor')
        with self.assertRaises(AccessError):
            self.env['cobranza.import'].with_user(supervisor).create({'name': 'x'})

    def test_a_manager_without_invoicing_rights_sees_the_preview_and_books_nothing(self):
        imported = self._import(self.GOOD)
        manager = self._user('manager', 'cobranza_management.group_manager')
        self.assertEqual(imported.with_user(manager).new_count, 1)
        with self.assertRaisesRegex(AccessError, 'invoicing rights'):
            imported.with_user(manager).action_book()

    def test_the_import_decides_its_own_state(self):
        imported = self._import(self.GOOD)
        with self.assertRaises(AccessError):
            imported.write({'state': 'done'})
        with self.assertRaises(AccessError):
            imported.row_ids.write({'balance': 1})
        imported.action_book()
        with self.assertRaises(UserError):
            imported.write({'account_id': False})
        with self.assertRaises(UserError):
            imported.action_book()
        with self.assertRaises(UserError):
            imported.unlink()

    def test_an_import_of_another_company_stays_there(self):
        imported = self._import(self.GOOD)
        other = self._company('Iberia', 'ES', self.usd)
        stranger = self._user('stranger', GROUPS, other)
        theirs = self.env(user=stranger, context={'allowed_company_ids': other.ids})
        self.assertFalse(theirs['cobranza.import'].search([]))
        for records in (imported, imported.row_ids, imported.column_ids):
            with self.assertRaises(AccessError):
                records.with_env(theirs).read(['import_id' if records != imported else 'name'])

    def test_the_same_document_in_another_company_is_another_document(self):
        self._import(self.GOOD).action_book()
        other = self._company('Iberia', 'ES', self.usd)
        self.importer.company_ids = [Command.link(other.id)]
        env = self.env(context={**self.env.context, 'allowed_company_ids': other.ids})
        account = self.opening.copy({'company_ids': other.ids, 'code': '300200'})
        imported = (
            env['cobranza.import']
            .with_user(self.importer)
            .create(
                {
                    'file': base64.b64encode(f'{HEADER}\n{self.GOOD}'.encode()),
                    'account_id': account.id,
                    'journal_id': self._journal('general', other).id,
                }
            )
        )
        imported.action_read()
        imported.action_check()
        imported.action_book()
        self.assertEqual(self._states_of(imported), [('F001-1', 'booked')])
        self.assertEqual(self._entries(imported).company_id, other)
