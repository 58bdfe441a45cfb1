from odoo import models

from ..tools.report_book import Column, Table
from .cobranza_report_book import CURRENCY


class CobranzaReportAging(models.Model):
    """The workbook of the aging says whether the items tie to the trial balance."""

    _inherit = 'cobranza.report.aging'

    def _book_more_tables(self, domain):
        """Add the sheet of the tie-out of the day, to whoever sees the whole company."""
        days = self._book_days(domain)
        if len(days) != 1 or not self.env['cobranza.report.board']._is_reader():
            return super()._book_more_tables(domain)
        rows = self._tie_rows(days[0])
        return [
            *super()._book_more_tables(domain),
            Table(self._sheet_name(self.env._('Trial Balance')), self._tie_columns(), rows,
                  self._tie_totals(rows)),
        ]  # fmt: skip

    def _tie_columns(self):
        return [
            Column(CURRENCY, self.env._('Currency'), 'currency'),
            Column('company', self.env._('Company')),
            Column('tie_items', self.env._('By Item'), 'money',
                   self.env._('What is open by item, credits included, in the currency of the items.'), adds=True),
            Column('tie_ledger', self.env._('In the Ledger'), 'money',
                   self.env._('Balance of the receivable accounts in that currency.'), adds=True),
            Column('tie_difference', self.env._('Difference'), 'money',
                   self.env._('By item less in the ledger; nothing when they tie.'), adds=True),
            Column('tie_nobody', self.env._('Without a Customer'), 'money',
                   self.env._('The part of the ledger that belongs to nobody, which no aging shows.'), adds=True),
        ]  # fmt: skip

    def _tie_rows(self, day):
        """Return the rows of the tie-out by currency and company."""
        rows = [
            {
                CURRENCY: currency.name,
                'company': company.sudo().name,
                'tie_items': items,
                'tie_ledger': ledger,
                'tie_difference': currency.round(items - ledger),
                'tie_nobody': of_nobody,
            }
            for company, currency, items, ledger, of_nobody, _own in self.env[
                'cobranza.report.tie'
            ]._read_ties(day)
        ]
        return sorted(rows, key=lambda row: (row[CURRENCY], row['company']))

    def _tie_totals(self, rows):
        names = ('tie_items', 'tie_ledger', 'tie_difference', 'tie_nobody')
        return [
            {CURRENCY: code} | {name: sum(row[name] for row in rows if row[CURRENCY] == code) for name in names}
            for code in sorted({row[CURRENCY] for row in rows})
        ]  # fmt: skip
