from odoo import api, fields, models
from odoo.tools import SQL

from .cobranza_report_mixin import money, ratio


class CobranzaReportRoll(models.Model):
    """What became of the claims open at the end of a month by the end of the next: paid, cured, or a bucket older."""

    _name = 'cobranza.report.roll'
    _inherit = ['cobranza.report.as.of.mixin']
    _description = 'Roll and Cure'
    _auto = False
    _order = 'as_of DESC, id'

    bucket_before_id = fields.Many2one(
        'cobranza.aging.bucket',
        readonly=True,
        help='At the end of the month before.',
    )
    bucket_after_id = fields.Many2one(
        'cobranza.aging.bucket',
        readonly=True,
        help='On the day; none: nothing is left.',
    )
    amount_before = money('Open Before', help='Claims open at the end of the month before.')
    amount_after = money('Still Open', help='What of them is open on the day.')
    amount_paid = money('Settled', help='Paid, credited or written off since.')
    amount_rolled = money('Rolled', help='Still open, in an older bucket than before.')
    roll_rate = ratio('Roll Rate %', 'Rolled ÷ open before × 100.')
    cure_rate = ratio('Cure Rate %', 'Settled ÷ open before × 100.')

    _RATIOS = {
        'roll_rate': (('amount_rolled',), ('amount_before',), 100),
        'cure_rate': (('amount_paid',), ('amount_before',), 100),
    }

    _BOOK_BY, _BOOK_FIGURE = 'bucket_before_id', 'amount_before'

    @api.model
    def _sql_day(self, day):
        before = fields.Date.subtract(day.replace(day=1), days=1)
        return SQL(
            """
            SELECT claim.*, %(ratios)s, %(debtor)s
              FROM (SELECT %(identity)s, %(bucket_before)s AS bucket_before_id,
                           CASE WHEN left_open > 0 THEN %(bucket_after)s END AS bucket_after_id,
                           line.open AS amount_before, left_open AS amount_after, line.open - left_open AS amount_paid,
                           CASE WHEN left_open > 0 AND %(bucket_after)s IS DISTINCT FROM %(bucket_before)s
                                THEN left_open ELSE 0 END AS amount_rolled
                      FROM (%(opening)s) line
                 LEFT JOIN (%(closing)s) later ON later.id = line.id
                      JOIN LATERAL (SELECT COALESCE(later.open, 0) AS left_open,
                                           COALESCE(line.date_maturity, line.date) AS due) stands ON TRUE
                     WHERE line.open > 0) claim
                   %(joins)s
            """,
            bucket_after=self._sql_bucket_on(day),
            bucket_before=self._sql_bucket_on(before),
            closing=self._sql_open_on(day),
            debtor=self._sql_debtor_columns(),
            identity=self._sql_identity(day),
            joins=self._sql_debtor_joins('claim', day),
            opening=self._sql_open_on(before),
            ratios=self._sql_ratio_columns('claim'),
        )

    def _sql_bucket_on(self, day):
        return self.env['cobranza.aging.bucket']._sql_bucket(
            SQL('line.company_id'), SQL('(%s::date - stands.due)', day)
        )
