from odoo import api, fields, models
from odoo.tools import SQL, format_amount


class CobranzaReportTie(models.AbstractModel):
    """Whether receivables by item tie to the trial balance, to the cent."""

    _name = 'cobranza.report.tie'
    _description = 'Receivables and Trial Balance'

    @api.model
    @api.readonly
    def get_ties(self, day=None):
        """Return whether the aging of a day adds up to the receivable accounts, by company and currency.

        They are figures of whole companies: whoever sees a part of the debtors is refused.

        :param day: today by default
        :return: [{'company', 'currency', 'items', 'ledger', 'difference', 'without_debtor', 'ties'}]; amounts in words,
            in the currency of the items
        """
        self.env['cobranza.report.board']._check_reader()
        return [self._in_words(*row) for row in self._read_ties(fields.Date.to_date(day))]

    @api.model
    def _read_ties(self, day=None):
        """Return (company, currency, by item, in the ledger, of nobody, difference in company currency) of a day.

        The ledger is the balance of the receivable accounts, each entry in its own currency; what belongs to nobody is
        the part of it without a debtor, which no aging shows. Amounts are in the currency of the items, but for the
        difference: aging is in company currency, and has to add up in it too.
        """
        day = day or fields.Date.context_today(self)
        # before sudo: it refuses companies that are not the user's, and a superuser's are not checked
        companies = self.env.companies
        items = {
            (company, currency): amounts
            for company, currency, *amounts in self.env['cobranza.report.aging']
            .sudo()
            ._read_group(
                [('as_of', '=', day), ('company_id', 'in', companies.ids)],
                ['company_id', 'currency_id'],
                ['amount_currency:sum', 'amount:sum'],
            )
        }
        ledger = {
            (
                self.env['res.company'].browse(company),
                self.env['res.currency'].browse(currency),
            ): sums
            for company, currency, *sums in self.env.execute_query(self._sql_ledger(companies, day))
        }
        rows = []
        for key in sorted(items.keys() | ledger.keys(), key=lambda key: (key[0].id, key[1].id)):
            amount, own = map(float, items.get(key, (0, 0)))
            balance, own_balance, of_nobody = map(float, ledger.get(key, (0, 0, 0)))
            rows.append((*key, amount, balance, of_nobody, own - own_balance))
        return rows

    def _sql_ledger(self, companies, day):
        """Return the SELECT of the receivable accounts: company, currency, in it, in company currency, of nobody."""
        self.env['account.move.line'].flush_model()
        return SQL(
            """
            SELECT company_id, currency_id, SUM(amount_currency), SUM(balance),
                   COALESCE(SUM(amount_currency) FILTER (WHERE partner_id IS NULL), 0)
              FROM account_move_line
             WHERE account_id = ANY(%s) AND parent_state = 'posted' AND company_id = ANY(%s) AND date <= %s
          GROUP BY company_id, currency_id
            """,
            self.env['account.move.line']._receivable_account_ids(),
            companies.ids,
            day,
        )

    def _in_words(self, company, currency, items, ledger, of_nobody, own_difference):
        company_sudo, difference = company.sudo(), currency.round(items - ledger)
        own = company_sudo.currency_id
        ties = currency.is_zero(difference) and own.is_zero(own_difference)
        differs = (difference, currency) if difference else (own_difference, own)
        return {
            'company': company_sudo.name,
            'currency': currency.name,
            'difference': format_amount(self.env, *differs),
            'items': format_amount(self.env, items, currency),
            'ledger': format_amount(self.env, ledger, currency),
            'ties': ties,
            'without_debtor': format_amount(self.env, of_nobody, currency),
        }
