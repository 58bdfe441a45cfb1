from odoo import api, models
from odoo.tools import SQL

from odoo.addons.cobranza_management.models.cobranza_template import MessageFormat

from ..tools.statement import Item, make

KINDS = {'out_invoice': 'invoice', 'out_receipt': 'invoice', 'out_refund': 'refund'}
#: What stands in the way of an item, as far as the customer is told.
MARKS = ('disputed', 'promised')


class CobranzaStatement(models.AbstractModel):
    """The statement of account: open items and unapplied credits of debtors on a day, disputed ones included.

    It ties to the ledger, so it is no claim: what may be claimed is decided by `_sql_netted_items`.
    """

    _name = 'cobranza.statement'
    _description = 'Statement of Account'

    @api.model
    def _read(self, cases, day):
        """Return {case: tools.statement.Statement} as of the evening of a day, in a constant number of statements.

        :param cases: cobranza.case the user may read, of any companies
        :param date day: up to which the ledger is read
        """
        cases.check_access('read')
        mine = {(case.company_id.id, case.partner_id.id): case for case in cases.sudo()}
        rows = [row for row in self._read_rows(cases.sudo(), day) if row[1:3] in mine]
        details = self._read_details([row[0] for row in rows], cases.sudo(), day)
        items = {case: [] for case in mine.values()}
        for line_id, company_id, partner_id, currency_id, *amounts in rows:
            currency = self.env['res.currency'].browse(currency_id)
            items[mine[company_id, partner_id]].append(
                self._item(currency, day, amounts, details[line_id])
            )
        return {case.sudo(self.env.su): make(day, found) for case, found in items.items()}

    @api.model
    def _read_today(self, cases):
        """Return {case: Statement} as of today, where the company of each works."""
        statements = {}
        for company, mine in cases.sudo().grouped('company_id').items():
            statements |= self._read(mine.sudo(self.env.su), company._cobranza_today())
        return {case: statements[case] for case in cases}

    def _item(self, currency, day, amounts, details):
        due, residual, net, bucket_id = amounts
        return Item(
            currency=currency,
            due=due,
            days=(day - due).days,
            residual=currency.round(float(residual)),
            net=currency.round(float(net)),
            bucket_id=bucket_id,
            **details,
        )

    # === THE LEDGER === #

    def _read_rows(self, cases, day):
        """Return (item, company, debtor, currency, due, residual, net of credits, bucket) of their open items."""
        cases._flush_ledger()
        self.env['account.partial.reconcile'].flush_model()
        items = self.env['account.move.line'].sudo()._sql_net_of_credits(
            self._sql_open_items(cases.company_id, cases.partner_id, day)
        )  # fmt: skip
        bucket = self.env['cobranza.aging.bucket']._sql_bucket(
            SQL('item.company_id'), SQL('(%s::date - item.due)', day)
        )
        return self.env.execute_query(
            SQL(
                """
                SELECT item.id, item.company_id, item.partner_id, item.currency_id, item.due,
                       item.residual_currency, item.net_currency, %s
                  FROM (%s) item
                """,
                bucket,
                items,
            )
        )

    def _sql_open_items(self, companies, partners, day):
        """Return the SELECT that `_sql_net_of_credits` takes: every debit is claimed, disputed or not."""
        AsOf = self.env['cobranza.report.as.of.mixin'].sudo()
        return SQL(
            """
            SELECT line.id, line.company_id, line.partner_id, line.currency_id, line.move_id,
                   COALESCE(line.date_maturity, line.date) AS due,
                   line.open AS residual, line.open_currency AS residual_currency,
                   GREATEST(line.open_currency, 0) AS claim, GREATEST(-line.open_currency, 0) AS credit
              FROM (%s) line
             WHERE line.partner_id = ANY(%s) AND line.open_currency != 0
            """,
            AsOf._sql_open_on(day, companies.ids),
            partners.ids,
        )

    def _read_details(self, line_ids, cases, day):
        """Return {item id: what it is called, when it was written, what it was for, how it is paid}."""
        lines = self.env['account.move.line'].sudo().browse(line_ids)
        lines.fetch(
            ['amount_currency', 'date', 'display_type', 'move_id', 'move_name', 'name', 'payment_id', 'ref']
        )  # fmt: skip
        moves = lines.move_id
        moves.fetch(['cobranza_import_key', 'company_id', 'invoice_date', 'move_type'])
        urls, marks = self._pay_urls(moves), self._marks(lines, cases, day)
        return {
            line.id: {
                'line_id': line.id,
                'document': line.cobranza_document,
                'kind': KINDS.get(line.move_id.move_type) or self._kind_of_entry(line),
                'date': line.move_id.invoice_date or line.date,
                'original': line.amount_currency,
                'mark': marks.get(line.id, ''),
                'url': urls.get(line.move_id, '') if line.amount_currency > 0 else '',
            }
            for line in lines
        }

    @staticmethod
    def _kind_of_entry(line):
        return 'payment' if line.payment_id or line.amount_currency < 0 else 'entry'

    def _pay_urls(self, moves):
        """Return {invoice: its pay link} on the address of the company that wrote it."""
        urls = {}
        for company, mine in moves.grouped('company_id').items():
            urls |= mine._cobranza_pay_urls(company.get_base_url())
        return urls

    def _marks(self, lines, cases, day):
        """Return {item id: mark} of a statement of today: promises and disputes of another day are not known."""
        if not lines or day < min(company._cobranza_today() for company in cases.company_id):
            return {}
        return {line: mark for line, mark in lines._read_marks().items() if mark in MARKS}

    # === FOR PEOPLE === #

    @api.model
    def _language_of(self, case):
        """Return the language a debtor is written to in, when nobody in particular is."""
        case = case.sudo()
        return case.partner_id.lang or case.company_id.partner_id.lang or self.env.lang or 'en_US'

    @api.model
    def _buckets_of(self, company, lang):
        """Return {bucket id: (name, colour)} of a company, youngest first."""
        pictures = self.env['cobranza.aging.bucket'].with_context(lang=lang)._pictures()
        return {
            bucket_id: (name, color)
            for _level, bucket_id, name, color in pictures.get(company.id, [])
        }

    @api.model
    def _formats(self, lang):
        """Return the MessageFormat of a language; one serves a whole batch."""
        return MessageFormat(self.env(su=True), lang)
