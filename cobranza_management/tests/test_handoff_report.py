"""What an agency reports back: previewed, idempotent, and never money in the books."""

import base64
import io

from openpyxl import Workbook, load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_handoff import HandoffCommon


@tagged('post_install', '-at_install')
class TestHandoffReport(HandoffCommon):
    def setUp(self):
        super().setUp()
        self.luis = self._debtor('Luis', ref='L-1')
        self.debtor.ref = 'A-1'
        self.handoff = self._delivered(self.debtor, self.luis)
        self.ana = self._line(self.debtor)

    def _line(self, debtor):
        return self.handoff.line_ids.filtered(lambda line: line.partner_id == debtor)

    def _read(self, *lines, content=None, user=None):
        """Return the previewed report of an agency's file."""
        context = self.handoff.with_user(user or self.supervisor).action_import_report()['context']
        wizard = (
            self.env['cobranza.handoff.report.wizard']
            .with_user(user or self.supervisor)
            .with_context(**context)
            .create(
                {
                    'file': base64.b64encode(content or '\n'.join(lines).encode()),
                    'name': 'report.csv',
                }
            )
        )
        wizard.action_check()
        return wizard

    def _states(self, wizard):
        return [(row.number, row.state) for row in wizard.row_ids.sorted('number')]

    def _tasks(self, debtor):
        return self._case(debtor).activity_ids.filtered(
            lambda task: 'agency reports' in (task.summary or '')
        )

    HEADER = 'Referencia;Cobrado;Estado;Detalles;Devuelto'

    # === PREVIEW === #

    def test_nothing_changes_before_it_was_seen(self):
        wizard = self._read(self.HEADER, 'A-1;40;contacted;Calls on Friday;no')
        self.assertEqual(self._states(wizard), [(2, 'change')])
        self.assertFalse(self.ana.reported_amount)
        self.assertFalse(self.ana.agency_status)

    def test_every_bad_row_says_why_and_the_good_ones_are_taken(self):
        wizard = self._read(
            self.HEADER,
            'A-1;40;;;',
            'A-1;50;;;',
            'ZZZ;10;;;',
            'L-1;mucho;;;',
            'L-1;-5;;;',
            'L-1;;;;quizás',
            ';10;;;',
        )
        reasons = {row.number: row.reason for row in wizard.row_ids}
        self.assertEqual(self._states(wizard)[0], (2, 'change'))
        self.assertEqual({state for _row, state in self._states(wizard)[1:]}, {'error'})
        self.assertIn('stands in row 2', reasons[3])
        self.assertIn('no such case', reasons[4])
        self.assertIn('"mucho" is not an amount', reasons[5])
        self.assertIn('negative', reasons[6])
        self.assertIn('neither yes nor no', reasons[7])
        self.assertIn('which case', reasons[8])
        wizard.action_apply()
        self.assertEqual(self.ana.reported_amount, 40)
        self.assertFalse(self._line(self.luis).reported_amount)

    def test_an_amount_that_can_be_read_in_two_ways_is_asked_about(self):
        wizard = self._read(self.HEADER, 'A-1;150.000;;;')
        self.assertEqual(self._states(wizard), [(2, 'error')])
        self.assertIn('"150.000" can be read in two ways', wizard.row_ids.reason)
        wizard.decimal_mark = ','
        wizard.action_check()
        self.assertEqual(wizard.row_ids.collected, 150000)

    def test_a_file_without_what_is_needed_is_refused_in_plain_words(self):
        for header, words in (
            ('Cobrado;Estado', 'which case'),
            ('Referencia;Ciudad', 'anything new'),
        ):
            with self.assertRaisesRegex(UserError, words):
                self._read(header, 'A-1;x')

    def _workbook(self, **sheets):
        """Return an Excel file of {name of a sheet: its rows}."""
        book, stream = Workbook(), io.BytesIO()
        book.remove(book.active)
        for name, rows in sheets.items():
            page = book.create_sheet(name)
            for row in rows:
                page.append(row)
        book.save(stream)
        return stream.getvalue()

    def test_the_sheet_with_the_columns_is_read_and_the_preview_names_it(self):
        content = self._workbook(
            Portada=[['Informe de octubre'], ['Cliente', 'Andina']],
            Vacia=[],
            Casos=[['Referencia', 'Cobrado'], ['A-1', 40]],
            Anterior=[['Referencia', 'Cobrado'], ['A-1', 10]],
        )
        wizard = self._read(content=content)
        self.assertEqual((wizard.sheet, self._states(wizard)), ('Casos', [(2, 'change')]))
        self.assertEqual(wizard.row_ids.collected, 40)
        self.assertFalse(self._read(self.HEADER, 'A-1;40;;;').sheet, 'text has no sheets')

    def test_when_no_sheet_has_the_columns_the_nearest_one_says_what_it_lacks(self):
        cover, places = [['Informe de octubre']], [['Referencia', 'Ciudad'], ['A-1', 'Lima']]
        for sheets, words in (
            ({'Portada': cover, 'Casos': places}, 'anything new'),
            ({'Portada': cover}, 'which case'),
            ({'Vacia': []}, 'empty|no rows|nothing'),
        ):
            with self.assertRaisesRegex(UserError, words):
                self._read(content=self._workbook(**sheets))

    def test_cases_of_other_agencies_are_not_found(self):
        other = self._agency('Other')
        context = {'default_agency_id': other.id}
        wizard = self.env['cobranza.handoff.report.wizard'].with_context(**context)
        wizard = wizard.create({'file': base64.b64encode(b'Reference;Collected\nA-1;5')})
        wizard.action_check()
        self.assertEqual(self._states(wizard), [(2, 'error')])

    # === APPLYING === #

    def test_what_the_agency_says_is_noted_and_its_file_kept(self):
        self._read(self.HEADER, 'A-1;40;Negociando mucho;Paga el 15;').action_apply()
        self.assertEqual(self.ana.reported_amount, 40)
        self.assertEqual(self.ana.agency_note, 'Negociando mucho · Paga el 15')
        self._read(self.HEADER, 'A-1;;Negotiating;;').action_apply()
        self.assertEqual(
            (self.ana.agency_status, self.ana.status_date), ('negotiating', self._day())
        )
        self.assertEqual(self.ana.reported_amount, 40, 'an empty cell says nothing')
        kept = self.handoff.message_ids.attachment_ids.filtered(lambda a: a.name == 'report.csv')
        self.assertEqual(len(kept), 2)

    def test_the_same_file_again_changes_nothing(self):
        rows = (self.HEADER, 'A-1;40;Contacted;Calls;sí', 'L-1;0;;;')
        self._read(*rows).action_apply()
        again = self._read(*rows)
        self.assertEqual(set(again.row_ids.mapped('state')), {'same'})
        with self.assertRaisesRegex(UserError, 'nothing new'):
            again.action_apply()

    def test_money_is_never_booked_and_the_accountant_looks_for_it_once(self):
        moves = self.env['account.move'].search_count([])
        self._read(self.HEADER, 'A-1;40;;;').action_apply()
        self.assertEqual(self.env['account.move'].search_count([]), moves)
        self.assertEqual((self.ana.recovered, self.ana.commission), (0, 0))
        task = self._tasks(self.debtor)
        self.assertIn('40', task.note)
        self._read(self.HEADER, 'A-1;60;;;').action_apply()
        self.assertEqual(self._tasks(self.debtor), task, 'the open task says the new amount')
        self.assertIn('60', task.note)

    def test_the_task_goes_to_the_accountant_of_the_settings(self):
        self.company.cobranza_plan_accountant_id = self.accountant
        self._read(self.HEADER, 'A-1;40;;;').action_apply()
        self.assertEqual(self._tasks(self.debtor).user_id, self.accountant)

    def test_money_that_the_ledger_shows_is_no_task(self):
        self._pay(self.debtor, 40, invoice=self._case().item_ids.move_id)
        self.assertEqual(self.ana.recovered, 40)
        self._read(self.HEADER, 'A-1;40;;;').action_apply()
        self.assertFalse(self._tasks(self.debtor))

    def test_documents_add_up_in_the_currency_of_the_company(self):
        number = self.ana.item_ids.line_id.cobranza_document
        header = 'Referencia;Documento;Cobrado;Moneda'
        wrong = self._read(header, f'A-1;{number};30;EUR', 'A-1;F-404;5;')
        self.assertEqual(set(wrong.row_ids.mapped('state')), {'error'})
        currency = self.ana.item_ids.currency_id.name
        self._read(header, f'A-1;{number};30;{currency}').action_apply()
        self.assertEqual((self.ana.item_ids.reported_amount, self.ana.reported_amount), (30, 30))

    def test_what_is_given_back_is_taken_back(self):
        self._read(self.HEADER, 'A-1;;Cannot be collected;;x', 'L-1;;;;Sí').action_apply()
        self.assertEqual((self.ana.state, self.ana.return_reason), ('returned', 'uncollectable'))
        self.assertEqual(self._line(self.luis).return_reason, 'given_back')
        late = self._read(self.HEADER, 'A-1;70;;;')
        self.assertEqual(self._states(late), [(2, 'error')])
        self.assertIn('taken back', late.row_ids.reason)

    # === OUR OWN FILE === #

    def _filled_in(self, lang):
        """Return the hand-off's own file as the agency sends it back: collected, status, details, returned."""
        self.agency.partner_id.lang = lang
        book = load_workbook(io.BytesIO(self.handoff._export()))
        page = book.worksheets[0]
        width = page.max_column
        for row in page.iter_rows(min_row=2, max_row=3):
            if row[0].value == 'A-1':
                for cell, value in zip(row[width - 4 :], (25.5, 'Contacted', 'Calls', 'no')):
                    cell.value = value
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def test_our_own_file_comes_back_in_either_language(self):
        self.env['res.lang']._activate_lang('es_419')
        for lang in ('en_US', 'es_419'):
            self.ana.sudo().write({'reported_amount': 0, 'agency_note': False})
            wizard = self._read(content=self._filled_in(lang))
            states = {row.text: row.state for row in wizard.row_ids}
            self.assertEqual(states, {'A-1': 'change', 'L-1': 'same'}, lang)
            wizard.action_apply()
            self.assertEqual(
                (self.ana.reported_amount, self.ana.agency_status, self.ana.agency_note),
                (25.5, 'contacted', 'Calls'),
            )

    def test_our_own_file_as_it_is_says_nothing_new(self):
        self._read(self.HEADER, 'A-1;40;Contacted;Calls;no').action_apply()
        wizard = self._read(content=self.handoff._export())
        self.assertEqual(set(wizard.row_ids.mapped('state')), {'same'})

    # === RIGHTS === #

    def test_only_supervisors_import_and_nobody_writes_the_amount_by_hand(self):
        with self.assertRaises(AccessError):
            self._read(self.HEADER, 'A-1;40;;;', user=self.collector)
        with self.assertRaises(AccessError):
            self.ana.with_user(self.supervisor).write({'reported_amount': 40})

    def test_cases_of_another_company_are_not_found(self):
        self.agency.company_id = False
        abroad = self._company('Iberia', 'ES', self.usd)
        user = self._user('abroad', 'cobranza_management.group_supervisor', abroad)
        report = base64.b64encode(b'Reference;Collected\nA-1;5')
        wizard = self.env['cobranza.handoff.report.wizard'].with_user(user)
        wizard = wizard.with_context(allowed_company_ids=abroad.ids).create(
            {'agency_id': self.agency.id, 'file': report}
        )
        wizard.action_check()
        self.assertEqual(self._states(wizard), [(2, 'error')])
        self.assertFalse(wizard.row_ids.line_id)
