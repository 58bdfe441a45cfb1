from odoo import api, fields, models
from odoo.tools import SQL


class CobranzaCaseSnapshot(models.Model):
    """What a debtor was from one evening to another: whose, and where. The ledger tells the rest of the past.

    The daily cycle adds a row to the cases that changed since the last one, and nothing to the others. A case that has
    rows has them for every day since the first, and the last one without an end.
    """

    _name = 'cobranza.case.snapshot'
    _description = 'Debtor as Recorded'
    _order = 'date_from DESC, id DESC'
    _rec_name = 'case_id'
    _log_access = False

    case_id = fields.Many2one('cobranza.case', required=True, readonly=True, ondelete='cascade')
    company_id = fields.Many2one(related='case_id.company_id', store=True)
    partner_id = fields.Many2one(related='case_id.partner_id', string='Debtor')
    date_from = fields.Date(
        string='From', required=True, readonly=True, help='The first evening on which it was so.'
    )
    date_to = fields.Date(
        string='Until',
        readonly=True,
        help='The last evening on which it was so; empty: it still is.',
    )
    is_first = fields.Boolean(
        string='First Record', readonly=True, help='It also counts for the days before.'
    )
    user_id = fields.Many2one('res.users', string='Collector', readonly=True)
    team_id = fields.Many2one('cobranza.team', readonly=True)
    segment_id = fields.Many2one('cobranza.segment', readonly=True, ondelete='set null')
    strategy_id = fields.Many2one('cobranza.strategy', readonly=True, ondelete='set null')
    stage_id = fields.Many2one('cobranza.stage', readonly=True, ondelete='set null')

    #: Columns of a case that change without a trace in the ledger.
    _RECORDED = ('user_id', 'team_id', 'segment_id', 'strategy_id', 'stage_id')

    _one_a_day = models.UniqueIndex('(case_id, date_from)', 'A debtor has one record a day.')
    _last_idx = models.Index('(case_id) WHERE date_to IS NULL')

    # === RECORDING === #

    @api.model
    def _record_all(self):
        """Record the debtors of every company as they are today."""
        for (company,) in self.env['cobranza.case'].sudo()._read_group([], ['company_id']):
            self._record(company, company._cobranza_today())

    @api.model
    def _record(self, company, day):
        """Write down, in one statement, the debtors that are not what their last record says.

        A case that was not there on that evening is not written down: its first record counts for the days before.

        :param day: the evening that it is of; what was recorded of the same one before is replaced
        :return: how many they were
        """
        self.env['cobranza.case'].flush_model(['company_id', *self._RECORDED])
        self.flush_model()
        names = [SQL.identifier(name) for name in self._RECORDED]
        self.env.cr.execute(
            SQL(
                """
                WITH changed AS MATERIALIZED (
                    SELECT debtor.id AS case_id, debtor.company_id, %(now)s, last.id AS last_id, last.date_from
                      FROM cobranza_case debtor
                 LEFT JOIN cobranza_case_snapshot last ON last.case_id = debtor.id AND last.date_to IS NULL
                     WHERE debtor.company_id = %(company)s
                       AND (last.id IS NULL AND
                            (debtor.create_date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date <= %(day)s
                            OR last.date_from <= %(day)s AND (%(now)s) IS DISTINCT FROM (%(then)s))
                ), ended AS (
                    UPDATE cobranza_case_snapshot last SET date_to = %(day)s::date - 1
                      FROM changed WHERE last.id = changed.last_id AND last.date_from < %(day)s
                )
                INSERT INTO cobranza_case_snapshot (case_id, company_id, date_from, is_first, %(names)s)
                SELECT case_id, company_id, %(day)s, last_id IS NULL, %(names)s FROM changed
                    ON CONFLICT (case_id, date_from) DO UPDATE SET (%(names)s) = ROW(%(new)s)
                """,
                company=company.id,
                day=day,
                names=SQL(', ').join(names),
                new=self._sql_recorded('excluded'),
                now=self._sql_recorded('debtor'),
                then=self._sql_recorded('last'),
                zone=str(company._cobranza_zone()),
            )
        )
        count = self.env.cr.rowcount
        self.invalidate_model()
        return count

    @api.model
    def _sql_recorded(self, alias):
        """Return the columns that are recorded, of the row `alias`."""
        return SQL(', ').join(SQL.identifier(alias, name) for name in self._RECORDED)

    # === READING === #

    def action_open_case(self):
        """Open the debtor's case."""
        return self.case_id._get_records_action()

    @api.model
    def _sql_valid_on(self, alias, day):
        """Return the condition that the record `alias` tells of a day; it holds for one record of a case at most."""
        row = SQL.identifier(alias)
        return SQL(
            '(%(row)s.is_first OR %(row)s.date_from <= %(day)s)'
            ' AND (%(row)s.date_to IS NULL OR %(row)s.date_to >= %(day)s)',
            row=row,
            day=day,
        )
