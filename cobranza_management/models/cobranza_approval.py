from odoo import api, fields, models
from odoo.tools import SQL

#: Sources that fit between the ids of two records.
MOST_SOURCES = 32


class CobranzaApproval(models.Model):
    """Everything that waits for a supervisor, whatever its kind, in one list.

    A model joins by adding itself to `_sources`; nothing else here knows it.
    """

    _name = 'cobranza.approval'
    _description = 'Waits for Approval'
    _auto = False
    _order = 'date, id'
    _rec_name = 'summary'

    kind = fields.Selection(selection='_kind_selection', readonly=True)
    record_id = fields.Many2oneReference(model_field='kind', readonly=True, aggregator=None)
    company_id = fields.Many2one('res.company', readonly=True)
    currency_id = fields.Many2one('res.currency', readonly=True)
    case_id = fields.Many2one('cobranza.case', readonly=True)
    partner_id = fields.Many2one('res.partner', string='Debtor', readonly=True)
    user_id = fields.Many2one('res.users', string='Collector', readonly=True)
    date = fields.Date(string='Since', readonly=True)
    amount = fields.Monetary(readonly=True, help='In company currency.')
    summary = fields.Char(string='What', compute='_compute_summary')
    obstacle = fields.Char(string='Why Not You', compute='_compute_obstacle')

    # === SOURCES === #

    @api.model
    def _sources(self):
        """Return what may wait for a supervisor.

        :return: {model: dict}: `label`; `select`, an SQL of the rows that wait, with record_id, company_id, case_id
            (NULL when it is about several), date and amount in company currency; `summary`, the field that says what
            it is about; `approve` and `refuse`, the names of the methods that decide; `why_not`, if not every
            supervisor may, the method that says why the user may not. The order of the sources is part of the ids.
        """
        return {
            'cobranza.reminder': {
                'approve': 'action_approve',
                'label': self.env._('Message'),
                'refuse': 'action_reject',
                'select': self._select_reminders(),
                'summary': 'step_name',
            },
            'cobranza.promise': {
                'approve': 'action_approve',
                'label': self.env._('Promise'),
                'refuse': 'action_refuse',
                'select': self._select_promises(),
                'summary': 'review_summary',
            },
        }

    @api.model
    def _kind_selection(self):
        return [(model, source['label']) for model, source in self._sources().items()]

    @api.model
    def _select_reminders(self):
        return SQL(
            """
            SELECT id AS record_id, company_id, case_id, date, amount
              FROM cobranza_reminder WHERE state = 'review'
            """,
            to_flush=self._columns_of(
                'cobranza.reminder', 'amount', 'case_id', 'company_id', 'date', 'state'
            ),
        )

    @api.model
    def _select_promises(self):
        """Return the promises above the policy."""
        return SQL(
            """
            SELECT id AS record_id, company_id, case_id, taken_on AS date, amount_company AS amount
              FROM cobranza_promise WHERE state = 'review'
            """,
            to_flush=self._columns_of(
                'cobranza.promise', 'amount_company', 'case_id', 'company_id', 'state', 'taken_on'
            ),
        )

    @api.model
    def _columns_of(self, model, *names):
        """Return the fields that a SELECT reads, so that they are written before it runs."""
        return [self.env[model]._fields[name] for name in names]

    @property
    def _table_query(self):
        """Return the union of the sources; the id of a row holds its record and its source."""
        flushed = (
            *self._columns_of('cobranza.case', 'partner_id', 'user_id'),
            *self._columns_of('res.company', 'currency_id'),
        )
        return SQL(' UNION ALL ').join(
            SQL(
                """
                SELECT source.record_id * %(most)s + %(number)s AS id, %(kind)s AS kind, source.record_id,
                       source.company_id, house.currency_id, source.case_id, debtor.partner_id, debtor.user_id,
                       source.date, source.amount
                  FROM (%(select)s) source
                  JOIN res_company house ON house.id = source.company_id
             LEFT JOIN cobranza_case debtor ON debtor.id = source.case_id
                """,
                most=MOST_SOURCES,
                number=number,
                kind=model,
                select=source['select'],
                to_flush=flushed,
            )
            for number, (model, source) in enumerate(self._sources().items())
        )

    @api.depends('kind', 'record_id')
    def _compute_summary(self):
        sources = self._sources()
        for kind, mine in self.grouped('kind').items():
            records = self.env[kind].browse(mine.mapped('record_id'))
            for approval, record in zip(mine, records):
                approval.summary = record[sources[kind]['summary']]

    @api.depends('kind', 'record_id')
    @api.depends_context('lang', 'uid')
    def _compute_obstacle(self):
        """Say why the user may not decide, for what wants somebody else."""
        sources = self._sources()
        for kind, mine in self.grouped('kind').items():
            why_not = sources[kind].get('why_not')
            records = self.env[kind].browse(mine.mapped('record_id'))
            for approval, record in zip(mine, records):
                approval.obstacle = getattr(record, why_not)() if why_not else ''

    # === DECIDING === #

    def action_approve(self):
        """Let everything selected go ahead, each by its own rules."""
        self._decide('approve')

    def action_refuse(self):
        """Turn everything selected down, each by its own rules."""
        self._decide('refuse')

    def _decide(self, verdict):
        """Hand the records to the method of their kind, as the user, whose rights it checks.

        :param str verdict: 'approve' or 'refuse'
        """
        self.check_access('read')
        sources = self._sources()
        for kind, mine in self.grouped('kind').items():
            records = self.env[kind].browse(mine.mapped('record_id'))
            getattr(records, sources[kind][verdict])()

    def action_open(self):
        """Open what waits, to read it before deciding."""
        self.ensure_one()
        return self.env[self.kind].browse(self.record_id)._get_records_action()
