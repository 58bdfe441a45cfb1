from odoo import api, models
from odoo.tools import SQL


class CobranzaCase(models.Model):
    """Making cases: the daily cycle for every debtor who owes something, a person for the one they ask about."""

    _inherit = 'cobranza.case'

    def init(self):
        """Leave room beside each case: payments and nightly phases write it over and over, in place and without
        touching its indexes (PostgreSQL's "heap-only" update), which takes a third of the time.
        """
        self.env.cr.execute('ALTER TABLE cobranza_case SET (fillfactor = 50)')

    @api.model
    def _open_for(self, partner, company):
        """Return the action that opens the case of a debtor, made first if need be."""
        case = self._get_or_create(partner, company)
        return case._get_records_action() if case else {}

    @api.model
    def _get_or_create(self, partner, company):
        """Return the case of a commercial partner in a company; two people asking at once get the same one."""
        self.check_access('read')
        domain = [('partner_id', '=', partner.id), ('company_id', '=', company.id)]
        case = self.search(domain)
        if not case:
            self._insert_cases(company, ['state'], SQL("SELECT %s, 'settled'", partner.id))
            case = self.search(domain)
            for name in self._TOTALS:
                self.env.add_to_compute(self._fields[name], case)
        return case

    @api.model
    def _create_missing(self, company, items=None):
        """Create the cases of the debtors that have none and owe something net of credits, with their totals.

        :param SQL items: SELECT of the company's netted items, read from the ledger when left out
        :return: number of cases made
        """
        items = items or self.env['account.move.line']._sql_netted_items(company.ids)
        totals = self._sql_totals(
            company,
            SQL(
                """
                SELECT item.* FROM (%s) item
                 WHERE NOT EXISTS (SELECT FROM cobranza_case known
                                    WHERE known.company_id = item.company_id
                                      AND known.partner_id = item.partner_id)
                """,
                items,
            ),
        )
        names = list(self._TOTALS)
        debtors = SQL(
            "SELECT partner_id, %s FROM (%s) debtor WHERE state = 'open'",
            SQL(', ').join(map(SQL.identifier, names)),
            totals,
        )
        return self._insert_cases(company, names, debtors)

    def _insert_cases(self, company, names, debtors):
        """Insert the cases of `debtors` in one statement; those that exist stay as they are.

        :param names: columns given beside the debtor's id
        :param SQL debtors: SELECT of the partner's id and those columns
        :return: number of cases made
        """
        stage = self.env['cobranza.stage']._of_kind().get('up_to_date')
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
            INSERT INTO cobranza_case (company_id, currency_id, stage_id, create_uid, create_date, write_uid,
                                       write_date, partner_id, %(names)s)
                 SELECT %(company)s, %(currency)s, %(stage)s, %(uid)s, %(now)s, %(uid)s, %(now)s, debtor.*
                   FROM (%(debtors)s) debtor
            ON CONFLICT DO NOTHING
              RETURNING id
            """,
                names=SQL(', ').join(map(SQL.identifier, names)),
                company=company.id,
                currency=company.currency_id.id,
                stage=stage.id if stage else None,
                uid=self.env.uid,
                now=self.env.cr.now(),
                debtors=debtors,
            )
        )
        self.env['res.partner'].invalidate_model(['cobranza_case_ids'])
        return len(rows)
