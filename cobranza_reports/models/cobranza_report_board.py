from odoo import api, models
from odoo.tools import format_amount, format_date

from ..tools import metrics

#: Months the board may show, and those read before them: countback needs some sales to count back through.
PERIODS, BEFORE = (12, 24, 36), 13
#: Debtors in the table.
MOST_DEBTORS = 10


class CobranzaReportBoard(models.AbstractModel):
    """What the executive dashboard shows of one company: where receivables stand, how old they are, who owes them."""

    _name = 'cobranza.report.board'
    _inherit = ['cobranza.board.mixin']
    _description = 'Executive Dashboard'

    @api.model
    @api.readonly
    def get_board(self, months=12, company_id=None):
        """Return all that the dashboard shows, texts in the user's language, amounts in company currency.

        Ratios are those of whole months: of a month that has just begun they say nothing yet.

        :param months: how many months to show, one of `PERIODS`
        :param company_id: one of the companies switched on, by default the current one
        :return: {'companies', 'company_id', 'months', 'tiles', 'series', 'aging', 'debtors'}; whether it ties is asked
            beside, of `cobranza.report.tie`
        """
        self._check_reader()
        company = self._company(company_id)
        months = months if months in PERIODS else PERIODS[0]
        rows = self.env['cobranza.report.month']._read_months(company.ids, months + BEFORE)
        whole = [self._ratios(rows, place) for place in range(len(rows) - 1)]
        shown = whole[-months:]
        return {
            'aging': self._aging(company),
            **self._companies_shown(company),
            'debtors': self._debtors(company),
            'months': months,
            'periods': list(PERIODS),
            'series': self._series(company, shown),
            'tiles': self._tiles(company, rows, whole, shown),
        }

    # === MONTHS === #

    def _ratios(self, rows, place):
        """Return the figures of the month at `place` with the ratios made of them."""
        row = rows[place]
        sales, days = row['sales'], row['days']
        back = [(one['sales'], one['days']) for one in reversed(rows[: place + 1])]
        return row | {
            'add': metrics.average_days_delinquent(
                row['closing'], row['closing_not_due'], sales, days
            ),
            'best_dso': metrics.best_possible_dso(row['closing_not_due'], sales, days),
            'cei': metrics.collection_effectiveness(
                row['opening'], sales, row['closing'], row['closing_not_due']
            ),
            'countback': metrics.countback_dso(row['closing'], back),
            'delinquency': metrics.ratio(row['overdue'], row['closing'], 100),
            'dso': metrics.dso(row['closing'], sales, days),
        }

    def _series(self, company, shown):
        """Return the lines of the chart: labels, and DSO with what it would be at best."""
        return {
            'best_dso': [self._rounded(row['best_dso']) for row in shown],
            'dso': [self._rounded(row['dso']) for row in shown],
            'labels': [self._month(row['month']) for row in shown],
            'target': company.cobranza_target_dso or None,
        }

    def _month(self, day):
        return format_date(self.env, day, date_format='MMM yy')

    # === TILES === #

    def _tiles(self, company, rows, whole, shown):
        """Return the tiles: what stands now, and the ratios of the last whole month beside the one before."""
        now, last, before = rows[-1], whole[-1], whole[-2]
        money = {'company': company, 'unit': 'money'}

        def line(name):
            return [self._rounded(row[name]) for row in shown]

        return [
            self._tile('receivable', self.env._('Receivables'), now['closing'], last['closing'],
                       self.env._('Claims open today less credits that were not applied yet'),
                       spark=line('closing'), better='none', **money),
            self._tile('overdue', self.env._('Overdue'), now['overdue'], last['overdue'],
                       self.env._('What of them is past its due date'), spark=line('overdue'), **money),
            self._tile('dso', self.env._('DSO'), last['dso'], before['dso'],
                       self.env._('Closing receivables ÷ credit sales × days of the month'), spark=line('dso'),
                       target=company.cobranza_target_dso, note=self._countback_note(last)),
            self._tile('add', self.env._('Days Delinquent'), last['add'], before['add'],
                       self.env._('DSO − best possible DSO'), spark=line('add')),
            self._tile('cei', self.env._('CEI'), last['cei'], before['cei'],
                       self.env._('(opening + sales − closing) ÷ (opening + sales − closing not due) × 100'),
                       spark=line('cei'), unit='percent', better='up', target=company.cobranza_target_cei),
            self._tile('delinquency', self.env._('Delinquency'), metrics.ratio(now['overdue'], now['closing'], 100),
                       last['delinquency'], self.env._('Overdue ÷ receivables × 100'), spark=line('delinquency'),
                       unit='percent', target=company.cobranza_target_delinquency),
        ]  # fmt: skip

    def _countback_note(self, last):
        if not last['countback']:
            return ''
        return self.env._('by countback %s', self._in_words(last['countback'], 'days'))

    # === TODAY === #

    def _aging(self, company):
        """Return what is open today by bucket, [{id, name, color, amount, share}], the youngest first."""
        amounts = dict(
            self.env['cobranza.report.aging']._read_group(
                [('company_id', '=', company.id)], ['aging_bucket_id'], ['amount:sum']
            )
        )
        pictures = self.env['cobranza.aging.bucket']._pictures().get(company.id, ())
        sums = {bucket.id: float(amount or 0) for bucket, amount in amounts.items()}
        return self._bars(
            [
                {
                    'amount': format_amount(
                        self.env, sums.get(bucket_id, 0.0), company.currency_id
                    ),
                    'color': color,
                    'id': bucket_id,
                    'name': name,
                    'size': sums.get(bucket_id, 0.0),
                }
                for _level, bucket_id, name, color in pictures
            ]
        )

    def _debtors(self, company):
        """Return whoever owes most past its due date: [{id, name, amount, days, collector, case_id}]."""
        cases = self.env['cobranza.case'].search(
            [('company_id', '=', company.id), ('amount_overdue', '>', 0)],
            order='amount_overdue DESC, id',
            limit=MOST_DEBTORS,
        )
        return [
            {
                'amount': format_amount(self.env, case.amount_overdue, case.currency_id),
                'case_id': case.id,
                'collector': case.user_id.name or '',
                'days': case.days_overdue,
                'name': case.partner_id.name or '',
            }
            for case in cases
        ]
