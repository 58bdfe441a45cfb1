from odoo import api, fields, models
from odoo.tools import SQL

from .cobranza_report_mixin import ratio, selection_of


class CobranzaReportStep(models.Model):
    """Messages that a strategy made due: which were executed on their day, and why the rest were not."""

    _name = 'cobranza.report.step'
    _inherit = ['cobranza.report.mixin']
    _description = 'Strategy Adherence'
    _auto = False
    _order = 'date DESC, id DESC'

    date = fields.Date(string='Due On', readonly=True)
    strategy_id = fields.Many2one(help='The one that made the message due.')
    step_id = fields.Many2one('cobranza.strategy.step', readonly=True)
    channel = fields.Selection(
        selection=lambda self: self.env['cobranza.channel']._selection(), readonly=True
    )
    state = selection_of('cobranza.reminder', 'state')
    reason_code = fields.Selection(
        selection=lambda self: [
            (code, text.replace('%s', '…'))
            for code, text in self.env['cobranza.reminder']._reason_selection()
        ],
        string='Why Not',
        readonly=True,
        help='Empty: nothing stopped it; it left on its day, or later.',
    )
    due_count = fields.Integer(
        'Due', readonly=True, help='Messages that the daily cycle decided by a strategy.'
    )
    on_day_count = fields.Integer(
        'On Their Day', readonly=True, help='Sent, called or posted on the day they were due.'
    )
    delivered_count = fields.Integer(
        'Delivered', readonly=True, help='Known to have arrived: delivered, read or answered.'
    )
    replied_count = fields.Integer(
        'Answered', readonly=True, help='Messages that the customer answered.'
    )
    failed_count = fields.Integer(
        'Failed', readonly=True, help='Messages that no channel of the step could deliver.'
    )
    adherence = ratio('Adherence %', 'Executed on their day ÷ due × 100.')

    _depends = {
        'cobranza.reminder': [
            'channel', 'company_id', 'currency_id', 'date', 'partner_id', 'reason_code', 'sent_at', 'state', 'step_id',
            'strategy_id',
        ],
    }  # fmt: skip
    _RATIOS = {'adherence': (('on_day_count',), ('due_count',), 100)}
    #: {column that counts: the states it counts}
    _COUNTED = {
        'delivered_count': ('delivered', 'read', 'replied'),
        'replied_count': ('replied',),
        'failed_count': ('failed',),
    }

    _RECORDS = 'cobranza.reminder'
    _BOOK_BY, _BOOK_FIGURE = 'step_id', 'due_count'

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT given.*, %(ratios)s, %(debtor)s
              FROM (%(messages)s) given
                   %(joins)s
            """,
            debtor=self._sql_debtor_columns(),
            joins=self._sql_debtor_joins('given', SQL('given.date')),
            messages=self._sql_messages(),
            ratios=self._sql_ratio_columns('given'),
        )

    @api.model
    def _sql_messages(self):
        """Return the SELECT of the messages due; those that people write are due by no strategy."""
        return SQL(
            """
            SELECT message.id, message.company_id, message.partner_id, message.currency_id, message.date,
                   message.strategy_id AS due_by_id, message.step_id, message.channel, message.state,
                   message.reason_code, 1 AS due_count,
                   (message.state IN %(executed)s AND message.sent_at IS NOT NULL
                    AND (message.sent_at AT TIME ZONE 'UTC' AT TIME ZONE zone.name)::date = message.date)::int
                   AS on_day_count,
                   %(counts)s
              FROM cobranza_reminder message
              JOIN (%(zones)s) zone ON zone.company_id = message.company_id
             WHERE message.strategy_id IS NOT NULL
            """,
            counts=SQL(', ').join(
                SQL('(message.state IN %s)::int AS %s', states, SQL.identifier(name))
                for name, states in self._COUNTED.items()
            ),
            executed=self.env['cobranza.reminder']._EXECUTED,
            zones=self._sql_zones(),
        )

    @api.model
    def _sql_was_columns(self):
        """Return what the debtor was, but for the strategy: it is the one that made the message due."""
        return SQL(', ').join(
            SQL('given.due_by_id AS strategy_id')
            if name == 'strategy_id'
            else SQL.identifier('was', name)
            for name in self.env['cobranza.case.snapshot']._RECORDED
        )

    def _line_ids(self):
        return self._records().item_ids.line_id.ids
