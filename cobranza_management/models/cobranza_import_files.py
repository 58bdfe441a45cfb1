from datetime import date

from odoo import api, models

from ..tools.import_files import write_workbook

#: Meaning → examples of the template.
EXAMPLES = {
    'vat': ('20601234567', '20601234567', '900123456'),
    'reference': ('C-001', 'C-001', 'C-002'),
    'name': ('Comercial Andina S.A.C.', 'Comercial Andina S.A.C.', 'Textiles del Norte S.A.S.'),
    'email': ('pagos@andina.example', 'pagos@andina.example', 'tesoreria@norte.example'),
    'phone': ('+51 1 555 0100', '+51 1 555 0100', '+57 601 555 0100'),
    'country': ('PE', 'PE', 'CO'),
    'number': ('F001-231', 'F001-240', 'NC-18'),
    'instalment': ('1', '1', ''),
    'issue_date': (date(2026, 9, 1), date(2026, 10, 3), date(2026, 10, 20)),
    'due_date': (date(2026, 10, 1), date(2026, 11, 2), date(2026, 10, 20)),
    'currency': ('PEN', 'USD', 'USD'),
    'amount': (1500.0, 820.5, -90.0),
    'balance': (1200.0, 820.5, -90.0),
    'book_balance': ('', 3085.08, -338.4),
    'salesperson': ('', '', ''),
    'tag': ('Mayorista', 'Mayorista', ''),
}


class CobranzaImport(models.Model):
    """The files an import hands out."""

    _inherit = 'cobranza.import'

    @api.model
    def _template_file(self):
        """Return the workbook to fill in, as bytes: titles with examples, and instructions."""
        meanings = self.env['cobranza.import.column']._meanings()
        titles = [label for _code, label in meanings]
        rows = zip(*(EXAMPLES[code] for code, _label in meanings))
        return write_workbook(
            [
                (self.env._('Portfolio'), titles, rows),
                (self.env._('Instructions'), None, self._instructions()),
            ]
        )

    @api.model
    def _instructions(self):
        """Return the lines of the instructions sheet: (what, explanation)."""
        labels = dict(self.env['cobranza.import.column']._meanings())
        explained = {
            'vat': self.env._(
                'RUC, NIT, RUT, CUIT, RFC… Customers are recognised by it, else by their code,'
                ' else by e-mail and name.'
            ),
            'number': self.env._(
                'As printed on the document: your customer will see it in messages.'
                ' Importing the same document again changes nothing.'
            ),
            'instalment': self.env._(
                'Only when a document has several due dates: one row for each.'
            ),
            'due_date': self.env._(
                'Needed, except for credits. Dates: 31/12/2026, 2026-12-31, or dates of Excel.'
            ),
            'currency': self.env._(
                'ISO code, such as PEN, COP, CLP, MXN or USD. Empty: the currency of your company.'
            ),
            'balance': self.env._(
                'What is still open, in the currency of the document.'
                ' Negative: credit of the customer that is not applied yet.'
            ),
            'book_balance': self.env._(
                'Only for documents in another currency: what the books say.'
                ' Empty: converted with the rate of the opening date.'
            ),
        }
        general = self.env._(
            'Replace the examples. Columns may stand in any order, and those you do not need may go.'
            ' The titles may also be your own: you say later what each means.'
        )
        return [
            (self.env._('One row a document'), general),
            *((labels[code], text) for code, text in explained.items()),
        ]

    def _problems_file(self):
        """Return the workbook of the rows that were not imported, as bytes."""
        self.ensure_one()
        titles = [self.env._('Row'), self.env._('Status'), self.env._('Reason')]
        titles += [label for _code, label in self.env['cobranza.import.column']._meanings()]
        rows = self.row_ids.filtered('is_problem')
        return write_workbook([(self.env._('Rows not imported'), titles, rows._problem_cells())])


class CobranzaImportRow(models.Model):
    _inherit = 'cobranza.import.row'

    def _problem_cells(self):
        """Yield the cells of each row: its number, what is wrong, and the document as it was understood."""
        states = dict(self._fields['state']._description_selection(self.env))
        for row in self:
            yield (
                row.number, states[row.state], row.reason or '', row.vat or '', row.reference or '', row.name or '',
                row.email or '', row.phone or '', row.country_id.code or '', row.document or '', row.instalment or '',
                row.issue_date or '', row.due_date or '', row.currency_id.name or '', row.amount, row.balance,
                row.book_balance if row.has_book_balance else '', row.salesperson_id.name or '', row.tag or '',
            )  # fmt: skip
