import io

from odoo import api, models
from odoo.tools import format_date

from odoo.addons.cobranza_management.tools.buckets import NO_END, NO_START
from odoo.addons.cobranza_management.tools.workbook import open_book

from ..tools.statement_book import Account, Bucket, fill

#: Formulas of the figures in terms of columns, named by their keys.
FORMULAS = {
    'aging': 'SUMIFS({items}!{net}; {case}; {currency}; {days})',
    'balance': 'SUMIFS({items}!{open}; {case}; {currency})',
    'favour': 'MIN(0; {balance})',
    'overdue': 'SUMIFS({items}!{net}; {case}; {currency}; {days} > 0)',
    'total': 'SUBTOTAL(109; …)',
}


class CobranzaStatement(models.AbstractModel):
    """Statements of account as a spreadsheet: a customer's in their language, those of many in the user's."""

    _inherit = 'cobranza.statement'

    @api.model
    def _workbook(self, cases, day):
        """Return the bytes of an XLSX file with the statements of cases on a day, two sheets a company."""
        statements = self._read(cases, day)
        lang = self._language_of(cases) if len(cases) == 1 else self.env.lang
        localised = self.with_context(lang=lang)
        accounts = [
            localised._account(company, {case: statements[case] for case in mine}, day)
            for company, mine in cases.sudo().grouped('company_id').items()
        ]
        stream = io.BytesIO()
        with open_book(stream) as book:
            fill(book, accounts, localised._book_words(), localised._book_formulas())
        return stream.getvalue()

    def _account(self, company, statements, day):
        pairs = [
            (case, balance)
            for case, statement in statements.items()
            for balance in statement.balances
        ]
        items = [
            (case, item)
            for case, statement in statements.items()
            for item in (*statement.claims, *statement.credits)
        ]
        buckets = company._aging_buckets().with_context(lang=self.env.lang)
        names, words = {bucket.id: bucket.name for bucket in buckets}, self._item_words()
        return Account(
            company.name,
            self.env._('Account statement as of %s', format_date(self.env, day)),
            [self._book_bucket(bucket) for bucket in buckets],
            [self._debtor_row(case, balance, buckets) for case, balance in pairs],
            [self._item_row(case, item, names, words) for case, item in items],
            {balance.currency.name: balance.currency.decimal_places for _case, balance in pairs},
        )

    @staticmethod
    def _book_bucket(bucket):
        first = None if bucket.first_day <= NO_START else bucket.first_day
        last = None if bucket.last_day >= NO_END else bucket.last_day
        return Bucket(bucket.name, bucket.color, first, last)

    @staticmethod
    def _debtor_row(case, balance, buckets):
        return {
            'case': case.id,
            'debtor': case.partner_id.name,
            'vat': case.partner_id.vat or '',
            'currency': balance.currency.name,
            'buckets': [balance.buckets.get(bucket.id, 0) for bucket in buckets],
            'favour': -balance.favour,
            'balance': balance.balance,
            'overdue': balance.overdue,
        }

    @staticmethod
    def _item_row(case, item, names, words):
        claim = item.residual > 0
        return {
            'case': case.id,
            'debtor': case.partner_id.name,
            'document': item.document,
            'kind': words[item.kind],
            'date': item.date,
            'due': item.due,
            'days': item.days if claim else None,
            'bucket': names.get(item.bucket_id) if claim else None,
            'currency': item.currency.name,
            'original': item.original,
            'open': item.residual,
            'net': item.net if claim else None,
            'mark': words[item.mark],
        }

    def _item_words(self):
        """Return the names of kinds and marks of documents."""
        return {
            '': '',
            'disputed': self.env._('In dispute'),
            'entry': self.env._('Entry'),
            'invoice': self.env._('Invoice'),
            'payment': self.env._('Payment'),
            'promised': self.env._('Promised'),
            'refund': self.env._('Credit note'),
        }

    def _book_words(self):
        """Return the titles of sheets and columns by key."""
        return {
            'aging': self.env._('Aging'),
            'balance': self.env._('Balance'),
            'bucket': self.env._('Aging'),
            'case': self.env._('Case'),
            'currency': self.env._('Currency'),
            'date': self.env._('Date'),
            'days': self.env._('Days late'),
            'debtor': self.env._('Customer'),
            'document': self.env._('Document'),
            'due': self.env._('Due date'),
            'favour': self.env._('In favour'),
            'figure': self.env._('Figure'),
            'formula': self.env._('In this file'),
            'formulas': self.env._('Formulas'),
            'items': self.env._('Documents'),
            'kind': self.env._('Kind'),
            'mark': self.env._('Mark'),
            'meaning': self.env._('How it is worked out'),
            'net': self.env._('Net of credits'),
            'open': self.env._('Open'),
            'original': self.env._('Original amount'),
            'overdue': self.env._('Overdue'),
            'total': self.env._('Total'),
            'vat': self.env._('Tax ID'),
        }

    def _book_formulas(self):
        """Return [(figure, how it is worked out, formula in terms of columns)]."""
        words = self._book_words()
        return [
            (words[key], meaning, FORMULAS.get(key, '').format(**words))
            for key, meaning in self._book_meanings().items()
        ]

    def _book_meanings(self):
        """Return {key of a column: how its figure is worked out}."""
        return {
            'open': self.env._(
                'The amount of the document, less what had been applied to it on the day of the statement.'
                ' Credits are negative.'
            ),
            'days': self.env._(
                'Days from the due date to the day of the statement; negative while it is not due.'
            ),
            'net': self.env._(
                'What is left of a document once payments and credit notes that are not applied yet have paid the'
                ' oldest ones in its currency.'
            ),
            'aging': self.env._(
                'Net of credits, over the documents whose days late are those of the column.'
            ),
            'balance': self.env._(
                'Everything that is open: documents less credits. It ties to the ledger.'
            ),
            'favour': self.env._(
                'Credits beyond everything that is owed. The columns of the aging and this one add up to the balance.'
            ),
            'overdue': self.env._(
                'Net of credits, over the documents that are past their due date.'
            ),
            'total': self.env._(
                'The sum of each currency. Of a single currency, it follows the filter.'
            ),
        }
