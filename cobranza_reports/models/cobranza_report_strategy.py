from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import formatLang

from ..tools import metrics
from .cobranza_board_mixin import Period

#: Days looked at, compared with as many before them.
PERIODS = (30, 90, 365)
#: What is summed up of contacts, and of the steps that were due.
CONTACT_SUMS = (
    'contact_count', 'reached_count', 'right_party_count', 'promise_count', 'promise_amount',
    'promise_judged_amount', 'promise_paid_amount', 'collected_amount',
)  # fmt: skip
STEP_SUMS = ('due_count', 'on_day_count', 'delivered_count', 'replied_count', 'failed_count')
#: The stages of the funnel, from the widest to the narrowest, each with its colour.
FUNNEL = {
    'contact_count': '#0B4F6C',
    'reached_count': '#2B6CB0',
    'right_party_count': '#6B3FA0',
    'promise_count': '#1D7A3C',
}


class CobranzaReportStrategy(models.AbstractModel):
    """What the strategies achieve: where contacts are lost on the way to money, by channel and by step."""

    _name = 'cobranza.report.strategy'
    _inherit = ['cobranza.board.mixin']
    _description = 'Strategy Dashboard'

    _SOURCES = ('cobranza.report.contact', 'cobranza.report.step')

    @api.model
    @api.readonly
    def get_board(self, days=90, company_id=None):
        """Return all that the dashboard shows, texts in the user's language, amounts in company currency.

        :param days: how many days up to today, one of `PERIODS`
        :param company_id: one of the companies switched on, by default the current one
        :return: {'companies', 'company_id', 'days', 'periods', 'tiles', 'funnel', 'channels', 'steps', 'chart'}
        """
        self._check_reader()
        company = self._company(company_id)
        self = self.with_company(company)
        days = days if days in PERIODS else PERIODS[1]
        now, before = self._ranges(days)
        totals = [self._sums(company, period) for period in (now, before)]
        channels = self._read(company, now, 'cobranza.report.contact', ['channel'], CONTACT_SUMS)
        return {
            **self._companies_shown(company),
            'channels': [self._channel_row(company, *row) for row in channels],
            'chart': self._chart(channels),
            'days': days,
            'funnel': self._funnel(totals[0]),
            'periods': list(PERIODS),
            'steps': self._steps(company, now),
            'tiles': self._tiles(company, *totals),
        }

    @api.model
    def action_open(self, key, value=None, days=90, company_id=None):
        """Open the contacts behind a figure: of everybody, or of one channel or step."""
        self._check_reader()
        company = self._company(company_id)
        period, _before = self._ranges(days if days in PERIODS else PERIODS[1])
        domain = self._domain(company, period)
        if key in ('channel', 'step_id'):
            domain &= Domain(key, '=', value or False)
        elif key in CONTACT_SUMS:
            domain &= Domain(key, '>', 0)
        elif key == 'adherence':
            return self._open(self.env._('Steps'), 'cobranza.report.step', domain)
        else:
            raise UserError(self.env._('There is nothing behind this figure.'))
        return self._open(self.env._('Contacts'), 'cobranza.report.contact', domain)

    # === SUMS === #

    def _ranges(self, days):
        """Return the Period up to today, and the one before it."""
        today = fields.Date.context_today(self)
        first = today - timedelta(days=days - 1)
        return Period(first, today), Period(first - timedelta(days=days), first - timedelta(days=1))

    def _domain(self, company, period):
        return Domain('company_id', '=', company.id) & period.domain('date')

    def _read(self, company, period, model, groupby, names):
        """Return [(group, …, {name: sum})] of a report over a period."""
        rows = self.env[model]._read_group(
            self._domain(company, period), groupby, [f'{name}:sum' for name in names]
        )
        size = len(groupby)
        return [
            (*row[:size], {name: float(value or 0) for name, value in zip(names, row[size:])})
            for row in rows
        ]

    def _sums(self, company, period):
        """Return every sum of a period, contacts and steps, with the rates made of them."""
        [(contacts,)] = self._read(company, period, 'cobranza.report.contact', [], CONTACT_SUMS)
        [(steps,)] = self._read(company, period, 'cobranza.report.step', [], STEP_SUMS)
        return self._rates(contacts) | steps | {'adherence': self._adherence(steps)}

    @staticmethod
    def _rates(sums):
        rate = lambda above, below: metrics.ratio(sums[above], sums[below], 100)  # noqa: E731 - four uses below
        return sums | {
            'reached_rate': rate('reached_count', 'contact_count'),
            'right_rate': rate('right_party_count', 'contact_count'),
            'promise_rate': rate('promise_count', 'right_party_count'),
            'cash_rate': rate('promise_paid_amount', 'promise_judged_amount'),
        }

    @staticmethod
    def _adherence(steps):
        return metrics.ratio(steps['on_day_count'], steps['due_count'], 100)

    # === TILES AND FUNNEL === #

    def _tiles(self, company, now, before):
        def tile(key, label, name, formula, unit='percent', **options):
            return self._tile(
                key, label, now[name], before[name], formula, unit=unit, better='up', **options
            )

        return [
            tile('contact_count', self.env._('Contacts'), 'contact_count',
                 self.env._('Contacts made in the period'), 'count'),
            tile('reached_count', self.env._('Reached'), 'reached_rate',
                 self.env._('Contacts that reached somebody ÷ contacts × 100')),
            tile('right_party_count', self.env._('Right Party'), 'right_rate',
                 self.env._('Contacts in which the debtor answered ÷ contacts × 100')),
            tile('promise_count', self.env._('Contact to Promise'), 'promise_rate',
                 self.env._('Promises ÷ contacts in which the debtor answered × 100')),
            tile('promise_paid_amount', self.env._('Promise to Cash'), 'cash_rate',
                 self.env._('Paid ÷ promised × 100, of those whose day has come.')),
            tile('collected_amount', self.env._('Collected'), 'collected_amount',
                 self.env._('Paid within the days in which a contact counts'), 'money', company=company),
            tile('adherence', self.env._('Adherence'), 'adherence',
                 self.env._('Steps executed on their day ÷ steps due × 100')),
        ]  # fmt: skip

    def _stages(self):
        return {
            'contact_count': self.env._('Contacts'),
            'reached_count': self.env._('Reached somebody'),
            'right_party_count': self.env._('Reached the debtor'),
            'promise_count': self.env._('Promises'),
        }

    def _funnel(self, sums):
        """Return the stages, each with its share of the first and of the one before it."""
        bars, before = [], None
        for name, label in self._stages().items():
            share = metrics.ratio(sums[name], sums[before], 100) if before else None
            bars.append(
                {
                    'amount': formatLang(self.env, sums[name], digits=0),
                    'color': FUNNEL[name],
                    'id': name,
                    'name': label,
                    'note': '' if share is None else self._in_words(share, 'percent'),
                    'size': sums[name],
                }
            )
            before = name
        return self._bars(bars)

    # === CHANNELS AND STEPS === #

    def _channel_name(self, channel):
        labels = dict(self.env['cobranza.channel']._selection())
        return labels.get(channel) or self.env._('None')

    def _channel_row(self, company, channel, sums):
        """Return a channel's line of the table."""
        return {
            'id': channel or '',
            'name': self._channel_name(channel),
            'cells': self._contact_cells(company, self._rates(sums)),
        }

    def _contact_cells(self, company, sums):
        return [
            self._in_words(sums['contact_count'], 'count'),
            self._in_words(sums['reached_rate'], 'percent'),
            self._in_words(sums['right_rate'], 'percent'),
            self._in_words(sums['promise_count'], 'count'),
            self._in_words(sums['cash_rate'], 'percent'),
            self._in_words(sums['collected_amount'], 'money', company),
        ]  # fmt: skip

    def _steps(self, company, period):
        """Return the lines of the steps: how well they were kept to, and what came of them."""
        keys = ['strategy_id', 'step_id']
        done = {
            (strategy, step): sums
            for strategy, step, sums in self._read(company, period, 'cobranza.report.step', keys, STEP_SUMS)
            if step
        }  # fmt: skip
        said = {
            (strategy, step): sums
            for strategy, step, sums in self._read(company, period, 'cobranza.report.contact', keys, CONTACT_SUMS)
            if step
        }  # fmt: skip
        both = sorted(
            {*done, *said}, key=lambda key: (key[0].display_name or '', key[1].offset, key[1].id)
        )
        nothing = dict.fromkeys(CONTACT_SUMS, 0), dict.fromkeys(STEP_SUMS, 0)
        return [
            self._step_row(company, *key, said.get(key, nothing[0]), done.get(key, nothing[1]))
            for key in both
        ]

    def _step_row(self, company, strategy, step, contacts, steps):
        adherence = self._adherence(steps)
        return {
            'id': step.id,
            'name': step.display_name,
            'strategy': strategy.display_name or '',
            'alarm': adherence is not None and adherence < 80,
            'cells': [
                self._in_words(adherence, 'percent'),
                *(self._in_words(steps[name], 'count') for name in STEP_SUMS[2:]),
                self._in_words(contacts['promise_count'], 'count'),
                self._in_words(contacts['collected_amount'], 'money', company),
            ],
        }  # fmt: skip

    def _chart(self, channels):
        """Return the stages of each channel, for the chart."""
        return {
            'labels': [self._channel_name(channel) for channel, _sums in channels],
            'stages': [
                {
                    'name': label,
                    'color': FUNNEL[name],
                    'values': [sums[name] for _channel, sums in channels],
                }
                for name, label in self._stages().items()
            ],
        }
