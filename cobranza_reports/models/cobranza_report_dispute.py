from odoo import api, fields, models
from odoo.tools import SQL

from .cobranza_report_mixin import money, ratio, selection_of


class CobranzaReportDispute(models.Model):
    """Disputes by reason, owner and debtor: how much, how long until an answer, and what it was."""

    _name = 'cobranza.report.dispute'
    _inherit = ['cobranza.report.mixin']
    _description = 'Disputes Analysis'
    _auto = False
    _order = 'date DESC, id DESC'

    date = fields.Date(string='Opened On', readonly=True)
    resolved_date = fields.Date(readonly=True)
    line_id = fields.Many2one('account.move.line', string='Item', readonly=True)
    reason_id = fields.Many2one('cobranza.dispute.reason', readonly=True)
    owner_id = fields.Many2one('res.users', readonly=True)
    state = selection_of('cobranza.dispute', 'state')
    source = selection_of('cobranza.dispute', 'source')
    dispute_count = fields.Integer('Disputes', readonly=True)
    open_count = fields.Integer('Still Open', readonly=True)
    overdue_count = fields.Integer(
        'Past Their Deadline', readonly=True, help='Still open after the day of the answer.'
    )
    resolved_count = fields.Integer(
        'Resolved', readonly=True, help='Accepted, in part, rejected or withdrawn.'
    )
    on_time_count = fields.Integer('Resolved on Time', readonly=True, help='By their deadline.')
    days = fields.Integer(
        'Days Until Resolved', readonly=True, help='Days from opening to resolution, added up.'
    )
    disputed = money('Disputed', help='Part of the items that customers do not accept.')
    resolved_amount = money('Disputed, Resolved', help='Disputed by those that are resolved.')
    accepted = money('Accepted', help='What was credited, or is to be.')
    days_to_resolve = ratio(
        'Days to Resolve', 'Σ days from opening to resolution ÷ disputes resolved.'
    )
    on_time_rate = ratio('On Time %', 'Resolved by their deadline ÷ resolved × 100.')
    accepted_rate = ratio('Accepted %', 'Accepted ÷ disputed × 100, of those that are resolved.')

    _depends = {
        'cobranza.dispute': [
            'amount', 'amount_accepted', 'amount_company', 'company_id', 'create_date', 'currency_id',
            'days_to_resolve', 'deadline', 'line_id', 'partner_id', 'reason_id', 'resolved_date', 'source', 'state',
            'user_id',
        ],
    }  # fmt: skip
    _RATIOS = {
        'days_to_resolve': (('days',), ('resolved_count',), 1),
        'on_time_rate': (('on_time_count',), ('resolved_count',), 100),
        'accepted_rate': (('accepted',), ('resolved_amount',), 100),
    }

    _RECORDS = 'cobranza.dispute'
    _BOOK_BY, _BOOK_FIGURE = 'reason_id', 'disputed'

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT raised.*, %(ratios)s, %(debtor)s
              FROM (SELECT opened.*, %(measures)s
                      FROM (%(disputes)s) opened) raised
                   %(joins)s
            """,
            debtor=self._sql_debtor_columns(),
            disputes=self._sql_disputes(),
            joins=self._sql_debtor_joins('raised', SQL('raised.date')),
            measures=self._sql_measures(fields.Date.context_today(self)),
            ratios=self._sql_ratio_columns('raised'),
        )

    @api.model
    def _sql_disputes(self):
        """Return the SELECT of the disputes of the companies; the day of opening is that of where the company works."""
        return SQL(
            """
            SELECT dispute.id, dispute.company_id, dispute.partner_id,
                   COALESCE(dispute.currency_id, owning.currency_id) AS currency_id, dispute.line_id,
                   (dispute.create_date AT TIME ZONE 'UTC' AT TIME ZONE zone.name)::date AS date, dispute.resolved_date,
                   dispute.deadline, dispute.days_to_resolve AS waited, dispute.reason_id, dispute.user_id AS owner_id,
                   dispute.state, dispute.source,
                   dispute.amount_company AS disputed, 1 AS dispute_count, (dispute.state = 'open')::int AS open_count,
                   dispute.amount_company * COALESCE(dispute.amount_accepted, 0) / dispute.amount AS accepted
              FROM cobranza_dispute dispute
              JOIN res_company owning ON owning.id = dispute.company_id
              JOIN (%(zones)s) zone ON zone.company_id = dispute.company_id
            """,
            zones=self._sql_zones(),
        )

    @api.model
    def _sql_measures(self, today):
        """Return the columns made of those of `_sql_disputes`."""
        return SQL(
            """
            1 - open_count AS resolved_count,
            CASE WHEN open_count = 0 THEN disputed END AS resolved_amount,
            CASE WHEN open_count = 0 THEN waited END AS days,
            (open_count = 0 AND resolved_date <= deadline)::int AS on_time_count,
            (open_count = 1 AND deadline < %s)::int AS overdue_count
            """,
            today,
        )

    def _line_ids(self):
        return self.line_id.ids
