from odoo import api, fields, models
from odoo.tools.image import image_data_uri


class CobranzaStatementReport(models.AbstractModel):
    """Statements of account on paper: each in its customer's language, all of a batch read at once."""

    _name = 'report.cobranza_reports.report_statement'
    _description = 'Statement of Account'

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the statements to print.

        :param dict data: `ids` of the cases, where `docids` is empty; `day` as of which, today by default; `lang` to
            write in, each customer's own by default
        """
        data = data or {}
        cases = self.env['cobranza.case'].browse(docids or data.get('ids') or [])
        day = fields.Date.to_date(data.get('day'))
        Statement = self.env['cobranza.statement']
        found = Statement._read(cases, day) if day else Statement._read_today(cases)
        return {
            'doc_ids': cases.ids,
            'doc_model': 'cobranza.case',
            'docs': cases,
            'pages': self._pages(found, data.get('lang')),
        }

    def _pages(self, statements, lang=None):
        """Return what the template writes on the pages of each statement, formatted in the reader's language."""
        writers, pages = {}, []
        for case, statement in statements.items():
            case = case.sudo()
            language = lang or self.env['cobranza.statement']._language_of(case)
            if language not in writers:
                writers[language] = StatementWriter(self.env(su=True), language)
            pages.append(writers[language].page(case, statement))
        return pages


class StatementWriter:
    """Writes statements in one language; what a batch repeats is written once."""

    def __init__(self, env, lang):
        self.lang, self.env = lang, env(context={**env.context, 'lang': lang})
        self._statement = env['cobranza.statement']
        self._formats = self._statement._formats(lang)
        self._heads, self._collectors = {}, {}

    def page(self, case, statement):
        """Return the values of one statement: everything is text, nothing is left to compute."""
        company = case.company_id
        buckets = self._statement._buckets_of(company, self.lang)
        return {
            'lang': self.lang,
            'head': self._letterhead(company),
            'layout': f'o_company_{company.id}_layout',
            'accent': company.primary_color or company.email_secondary_color,
            'debtor': case.partner_id.name,
            'vat': case.partner_id.vat or '',
            'address': self._address(case.partner_id),
            'day': self.env._('As of %s', self._formats.date(statement.day)),
            'owes': statement.owes,
            'sections': [
                self._section(statement, balance, buckets) for balance in statement.balances
            ],
            'how_to_pay': self._formats.html(company, 'cobranza_how_to_pay'),
            'asks': self._who_to_ask(case),
        }

    def _section(self, statement, balance, buckets):
        """Return the values of what is owed in one currency."""
        money = lambda amount: self._formats.amount(amount, balance.currency)  # noqa: E731
        rows = [
            [self._row(item, buckets, money) for item in items if item.currency == balance.currency]
            for items in (statement.claims, statement.credits)
        ]
        return {
            'currency': balance.currency.name,
            'claims': rows[0],
            'credits': rows[1],
            'aging': self._aging(balance, buckets, money),
            'total_claims': money(balance.claims),
            'total_credits': money(-balance.credits),
            'total': money(abs(balance.balance)),
            'in_favour': balance.favour > 0,
            'overdue': money(balance.overdue) if balance.overdue else '',
            'disputed': money(balance.disputed) if balance.disputed else '',
        }

    def _row(self, item, buckets, money):
        name, color = buckets.get(item.bucket_id, ('', '#8f8f8f'))
        return {
            'document': item.document,
            'url': item.url,
            'kind': item.kind,
            'mark': item.mark,
            'date': self._formats.date(item.date),
            'due': self._formats.date(item.due),
            'days': item.days if item.days > 0 else '',
            'bucket': name,
            'color': color,
            'original': money(item.original),
            'open': money(item.residual),
        }

    def _aging(self, balance, buckets, money):
        """Return (name, colour, amount, share in percent of the bar) of every bucket, youngest first."""
        total = sum(balance.buckets.values())
        return [
            {
                'name': name,
                'color': color,
                'amount': money(balance.buckets.get(bucket_id, 0)),
                'share': round(100 * balance.buckets.get(bucket_id, 0) / total, 2) if total else 0,
            }
            for bucket_id, (name, color) in buckets.items()
        ]

    def _letterhead(self, company):
        if company not in self._heads:
            self._heads[company] = self.env['ir.qweb']._render(
                'cobranza_management.report_letterhead',
                {'company': company.with_env(self.env), 'image_data_uri': image_data_uri},
                minimal_qcontext=True,
            )
        return self._heads[company]

    def _address(self, partner):
        """Return the lines of a debtor's address."""
        state = partner.state_id
        city = ' '.join(filter(None, (partner.zip, partner.city)))
        place = ', '.join(filter(None, (city, state.name)))
        country = partner.country_id.with_env(self.env).name
        return [line for line in (partner.street, partner.street2, place, country) if line]

    def _who_to_ask(self, case):
        """Return the name, telephone and e-mail of who looks after the account."""
        company, collector = case.company_id, case.user_id
        key = collector or company
        if key not in self._collectors:
            self._collectors[key] = {
                'name': (collector or company).name,
                'phone': collector.phone or company.phone or '',
                'email': collector.email or company.cobranza_email_from or company.email or '',
            }
        return self._collectors[key]
