"""Whose document it is, and what kind of file it came in."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools.import_files import write_workbook
from .import_common import ImportCommon


@tagged('post_install', '-at_install')
class TestImportFiles(ImportCommon):
    # === CUSTOMERS === #

    def test_a_known_customer_is_completed_and_never_overwritten(self):
        self.debtor.write({'vat': '20.601-1', 'phone': False})
        header = 'RUC;Cliente;Correo;Teléfono;Vendedor;Etiqueta;Factura;Vence;Saldo'
        line = (
            f'206011;Otro Nombre;otro@x.example;+57 601 1;{self.importer.name};Oro;F1;31/01/2026;10'
        )
        imported = self._import(line, header=header)
        self.assertEqual(imported.row_ids.partner_id, self.debtor)
        imported.action_book()
        self.assertRecordValues(
            self.debtor,
            [
                {
                    'name': 'Ana',
                    'email': 'ana@example.com',
                    'vat': '20.601-1',
                    'phone': '+57 601 1',
                    'user_id': self.importer.id,
                }
            ],
        )
        self.assertEqual(self.debtor.category_id.mapped('name'), ['Oro'])

    def test_customers_are_found_by_code_then_by_mail_and_name(self):
        self.debtor.ref = 'C-1'
        luis = self._debtor('Luis')
        imported = self._import(
            'c-1;x;;F1;31/01/2026;1', ';LUIS;Luis@example.com;F2;31/01/2026;1',
            ';Luis;otro@example.com;F3;31/01/2026;1',
            header='Código;Cliente;Correo;Factura;Vence;Saldo',
        )  # fmt: skip
        self.assertEqual(
            [row.partner_id for row in imported.row_ids.sorted('number')],
            [self.debtor, luis, self.env['res.partner']],
        )

    def test_a_contact_stands_for_its_company(self):
        self.debtor.write({'is_company': True, 'vat': '55'})
        self._debtor('Clerk', parent_id=self.debtor.id)
        imported = self._import('55;Ana;;F1;;31/01/2026;;;1')
        self.assertEqual(imported.row_ids.partner_id, self.debtor)

    def test_an_ambiguous_customer_is_an_error(self):
        self._debtor('Twin', vat='9')
        self._debtor('Other Twin', vat='9')
        imported = self._import('9;Twin;;F1;;31/01/2026;;;1')
        self.assertIn('Several customers', imported.row_ids.reason)

    def test_a_code_that_belongs_to_another_tax_id_is_an_error(self):
        self.debtor.write({'ref': 'C-1', 'vat': '9'})
        imported = self._import(
            '8;C-1;Ana;F1;31/01/2026;1', header='RUC;Código;Cliente;Factura;Vence;Saldo'
        )
        self.assertIn('another tax ID', imported.row_ids.reason)

    def test_one_tax_number_written_in_two_ways_is_one_customer(self):
        self.company.country_id = self.env.ref('base.pe')
        imported = self._import(
            '20.601-1;Eva;;F1;;31/01/2026;;;1',
            'PE206011;Eva;;F2;;31/01/2026;;;1',
            'pe 206011;Eva;;F1;;31/01/2026;;;1',
        )
        self.assertEqual(len(set(imported.row_ids.mapped('customer_key'))), 1)
        self.assertEqual(self._states_of(imported), [('F1', 'new'), ('F2', 'new'), ('F1', 'error')])
        imported.action_book()
        self.assertEqual(len(imported.row_ids.partner_id), 1)

    def test_customers_without_a_tax_number_are_not_one(self):
        words = ('-', 'N/A', 'S/N', '.')
        lines = (f'{word};Eva {n};;F1;;31/01/2026;;;1' for n, word in enumerate(words))
        imported = self._import(*lines)
        self.assertEqual(len(set(imported.row_ids.mapped('customer_key'))), 4)
        self.assertFalse(any(imported.row_ids.mapped('vat')))
        notes = [row.note for row in imported.row_ids.sorted('number')]
        self.assertEqual(notes, ['', '"N/A" is no tax ID', '"S/N" is no tax ID', ''])

    def test_what_excel_made_of_a_code_is_a_mistake(self):
        imported = self._import(
            '2.06012E+10;Ana;;F1;;31/01/2026;;;1',
            '2;#N/A;;F2;;31/01/2026;;;1',
            '#¡REF!;Luis;;F3;;31/01/2026;;;1',
            '4;Eva;;4,5E+15;;31/01/2026;;;1',
            '5;Eva\u200b;;F5;;31/01/2026;;;\u200e1',
        )
        self.assertEqual(
            [row.state for row in imported.row_ids.sorted('number')], ['error'] * 4 + ['new']
        )
        reasons = [row.reason for row in imported.row_ids.sorted('number')]
        self.assertIn('"2.06012E+10" is what Excel made of a code', reasons[0])
        self.assertIn('"#N/A" is an error of Excel', reasons[1])
        self.assertEqual(imported.row_ids.sorted('number')[-1].name, 'Eva')

    def test_a_tax_number_that_another_row_contradicts_is_noted(self):
        imported = self._import(
            '01234567;Ana;;F1;;31/01/2026;;;1',
            '1234567;ANA;;F2;;31/01/2026;;;1',
            '1234567;Luis;;F3;;31/01/2026;;;1',
        )
        notes = [row.note for row in imported.row_ids.sorted('number')]
        self.assertFalse(notes[0])
        self.assertIn('another tax ID in row 2', notes[1])
        self.assertIn('Row 3 gives this tax ID to another name', notes[2])

    # === FILES === #

    def test_the_template_can_be_imported_as_it_is(self):
        self._currency('PEN')
        for lang in ('en_US', 'es_ES'):
            self.env['res.lang']._activate_lang(lang)
            with self.subTest(lang=lang):
                content = self.env['cobranza.import'].with_context(lang=lang)._template_file()
                imported = self._import(content=content, check=False)
                self.assertTrue(imported.is_complete)
                self.assertEqual(len(imported.column_ids.filtered('meaning')), 16)

    def test_an_excel_file_with_a_title_above(self):
        content = write_workbook(
            [
                (
                    'Cartera',
                    ['Cartera al 28/02'],
                    [
                        (),
                        ('NIT', 'Cliente', 'Factura', 'Vence', 'Saldo'),
                        (900123, 'Ana', 77, 46053, 12.5),
                    ],
                )
            ]
        )
        imported = self._import(content=content)
        row = imported.row_ids
        self.assertEqual(
            (row.number, row.vat, row.document, row.balance), (4, '900123', '77', 12.5)
        )
        self.assertEqual(str(row.due_date), '2026-01-31')

    def test_an_amount_that_can_be_read_in_two_ways_is_asked_about(self):
        line = '1;Ana;;F1;;31/01/2026;;;1.000'
        imported = self._import(line)
        self.assertEqual(self._states_of(imported), [('F1', 'error')])
        self.assertIn('"1.000" can be read in two ways', imported.row_ids.reason)
        imported.action_back()
        imported.decimal_mark = ','
        imported.action_check()
        self.assertEqual(imported.row_ids.balance, 1000)

    def test_the_language_of_who_imports_tells_what_the_file_does_not(self):
        self.env['res.lang']._activate_lang('es_ES')
        self.importer.lang = 'es_ES'
        imported = self._import('1;Ana;;F1;;31/01/2026;;;1.000')
        self.assertEqual(imported.row_ids.balance, 1000)

    def test_the_currency_of_a_document_tells_how_its_amounts_are_written(self):
        imported = self._import(
            '1;Ana;;F1;;31/01/2026;CLP;;150.000', '1;Ana;;F2;;31/01/2026;CLP;;85.990'
        )
        self.assertEqual(imported.row_ids.mapped('balance'), [150000, 85990])

    def test_dates_that_nothing_explains_are_asked_about_where_people_put_the_month_first(self):
        imported = self._import('1;Ana;;F1;;03/04/2026;;;1')
        self.assertIn('"03/04/2026" can be read in two ways', imported.row_ids.reason)
        imported.action_back()
        imported.date_order = 'mdy'
        imported.action_check()
        self.assertEqual(str(imported.row_ids.due_date), '2026-03-04')
        self.env['res.lang']._activate_lang('es_ES')
        self.importer.lang = 'es_ES'
        imported = self._import('1;Ana;;F1;;03/04/2026;;;1')
        self.assertEqual(str(imported.row_ids.due_date), '2026-04-03')

    def test_the_meaning_of_columns_can_be_corrected(self):
        imported = self._import('7;Ana;F1;31/01/2026;5', header='A;B;C;D;E', check=False)
        with self.assertRaisesRegex(UserError, 'Document number'):
            imported.action_check()
        for column, meaning in zip(
            imported.column_ids, ('vat', 'name', 'number', 'due_date', 'balance')
        ):
            column.meaning = meaning
        imported.action_check()
        self.assertEqual(self._states_of(imported), [('F1', 'new')])

    def test_a_file_that_is_no_table_is_refused_in_plain_words(self):
        for content, words in {
            b'%PDF-1.4 x': 'no table',
            b'\xd0\xcf\x11\xe0': 'old Excel',
            b'PK\x03\x04broken': 'damaged',
            b'  \n': 'empty',
        }.items():
            with self.subTest(words=words), self.assertRaisesRegex(UserError, words):
                self._import(content=content)
