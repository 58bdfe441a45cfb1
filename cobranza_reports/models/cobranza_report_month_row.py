from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: How many companies, currencies and months the ids of rows have room for; a report shows fewer months.
ROOM_COMPANIES, ROOM_CURRENCIES, ROOM_MONTHS = 2048, 1024, 64


class CobranzaReportMonth(models.Model):
    """A row of the months: what it is known by, and what it opens."""

    _inherit = 'cobranza.report.month'

    @api.model
    def _sql_id(self, alias):
        """Return SQL for an id made of what a row is of, so that it stays the row's whatever happens to others.

        Browsers take numbers of 53 bits: debtor, company, currency, and the month, which comes again after 64.
        """
        return SQL(
            """
            ((%(row)s.partner_id::bigint * %(companies)s + %(row)s.company_id) * %(currencies)s + %(row)s.currency_id)
            * %(months)s
            + (EXTRACT(YEAR FROM %(row)s.month)::int * 12 + EXTRACT(MONTH FROM %(row)s.month)::int) %% %(months)s
            """,
            row=SQL.identifier(alias),
            companies=ROOM_COMPANIES,
            currencies=ROOM_CURRENCIES,
            months=ROOM_MONTHS,
        )

    def _line_ids(self):
        """Return the items that were open at the end of these months."""
        today = fields.Date.context_today(self)
        items = [
            Domain('as_of', '=', min(row.month + relativedelta(day=31), today))
            & Domain('company_id', '=', row.company_id.id)
            & Domain('currency_id', '=', row.currency_id.id)
            & Domain('partner_id', '=', row.partner_id.id)
            for row in self
        ]
        return self.env['cobranza.report.aging'].search(Domain.OR(items)).line_id.ids
