"""Cash forecast: the SQL equals `tools.forecast` on books in which anything happened, today and in the past weeks."""

import doctest
from collections import defaultdict
from datetime import timedelta

from odoo.tests import tagged

from ..models.cobranza_report_forecast import HORIZON, LOOK_BACK, WEEK, YEAR
from ..tools import forecast
from .common import ReportCommon


def monday_of(day):
    return day - timedelta(days=day.weekday())


@tagged('post_install', '-at_install')
class TestForecast(ReportCommon):
    # === THE SAME IN PLAIN PYTHON === #

    def _claims(self, company):
        return self._lines().filtered(
            lambda line: (
                line.company_id == company and line.balance > 0 and not line.no_followup
                and line.move_id.payment_state != 'blocked'
            )
        )  # fmt: skip

    @staticmethod
    def _is_payment(partial):
        """Tell money from credit notes and exchange differences, as this book makes them."""
        move = partial.credit_move_id.move_id
        return move.move_type == 'entry' and move.journal_id.type == 'bank'

    def _open_before(self, line, day):
        """Return what a claim had when a day began."""
        if line.date >= day:
            return 0.0
        applied = line.matched_credit_ids.filtered(lambda partial: partial.max_date < day)
        return line.balance - sum(applied.mapped('amount'))

    def _applied_within(self, line, week):
        return line.matched_credit_ids.filtered(
            lambda partial: week <= partial.max_date < week + WEEK
        )

    def _rates(self, company, monday):
        """Return the life table of the 52 weeks before a Monday."""
        history = []
        claims = self._claims(company)
        for number in range(YEAR // 7):
            week = monday - (number + 1) * WEEK
            for line in claims.filtered_domain([('date', '<', week)]):
                left = self._applied_within(line, week)
                history.append(
                    (
                        forecast.age_of(monday_of(self._due(line)), week),
                        self._open_before(line, week),
                        sum(left.filtered(self._is_payment).mapped('amount')),
                        sum(left.mapped('amount')),
                    )
                )
        return forecast.weekly_rates(history)

    def _expected(self, company, monday, before, left, weeks, promises=(), disputed=None, kept=1.0):
        """Return {(partner, week, source): amount} of the forecast made on a Monday, or today."""
        rates = self._rates(company, monday)
        free, own = {}, {}
        for line in self._claims(company):
            amount = self._open_before(line, before)
            if amount > 0:
                free[line] = own[line] = max(0.0, amount - (disputed or {}).get(line, 0.0))
        believed = {
            promise: (rest, [i for i in promise.line_ids if i in free])
            for promise, rest in promises
        }
        found = defaultdict(float)
        for (promise, line), amount in forecast.spread(believed, free).items():
            own[line] -= amount
            week = max(monday_of(promise.date), monday)
            if week < monday + weeks * WEEK:
                found[line.partner_id, week, 'promise'] += amount * kept
        for line, amount in own.items():
            age = forecast.age_of(monday_of(self._due(line)), monday)
            for step, chance in enumerate(forecast.chances(rates, age, weeks, left)):
                found[line.partner_id, monday + step * WEEK, 'item'] += amount * chance
        return found

    def _past(self, company, **options):
        found = {}
        for number in range(1, LOOK_BACK + 1):
            monday = monday_of(self._day()) - number * WEEK
            found |= self._expected(company, monday, monday, 1.0, 1, **options)
        return found

    def _coming(self, company, **options):
        today = self._day()
        left = (7 - today.weekday()) / 7
        before = today + timedelta(days=1)
        return self._expected(company, monday_of(today), before, left, HORIZON, **options)

    def _paid(self, company):
        found, oldest = defaultdict(float), monday_of(self._day()) - LOOK_BACK * WEEK
        for line in self._lines().filtered(lambda line: line.company_id == company):
            for partial in line.matched_credit_ids.filtered(self._is_payment):
                if oldest <= partial.max_date < monday_of(self._day()):
                    found[line.partner_id, monday_of(partial.max_date), 'paid'] += partial.amount
        return found

    def _read(self, company, domain=()):
        self.env.flush_all()
        groups = self.env['cobranza.report.forecast']._read_group(
            [('company_id', '=', company.id), *domain],
            ['partner_id', 'week:day', 'source'],
            ['amount:sum'],
        )
        return {tuple(key): amount for *key, amount in groups}

    def _assert_equal(self, found, expected):
        expected = {key: amount for key, amount in expected.items() if abs(amount) > 0.005}
        self.assertTrue(expected)
        for key in {*found, *expected}:
            self.assertAlmostEqual(found.get(key, 0), expected.get(key, 0), 2, key)

    # === BEHAVIOUR === #

    def test_the_examples_of_the_formulas_hold(self):
        self.assertFalse(doctest.testmod(forecast).failed)

    def test_any_book_equals_the_oracle(self):
        for seed in (61, 62):
            list(self._live(seed=seed, days=80))
            self._travel(days=seed % 7)
            for company in (self.company, self.iberia):
                expected = self._past(company) | self._coming(company) | self._paid(company)
                self._assert_equal(self._read(company), expected)

    def test_promises_count_on_their_day_as_far_as_promises_are_kept(self):
        list(self._live(seed=63, days=60))
        partner = self.debtors[0]
        case = self.env['cobranza.case']._get_or_create(partner, self.company)
        items = self._claims(self.company).filtered(
            lambda line: line.partner_id == partner and line.amount_residual > 0
        )
        Promise = self.env['cobranza.promise'].sudo()
        for amount, state in ((300, 'kept'), (100, 'broken')):
            Promise.create(
                {'amount': amount, 'case_id': case.id, 'date': self._day(-20), 'line_ids': items.ids,
                 'state': state, 'taken_on': self._day()}
            )  # fmt: skip
        live = Promise.create(
            {'amount': 50, 'case_id': case.id, 'date': self._day(10), 'line_ids': items.ids,
             'taken_on': self._day()}
        )  # fmt: skip
        far = live.copy({'amount': 10**6, 'date': self._day(200), 'line_ids': items.ids})
        for promises in ([(live, 50)], [(live, 50), (far, 10**6)]):
            far.state = 'open' if len(promises) > 1 else 'cancelled'
            expected = self._coming(self.company, promises=promises, kept=0.75)
            self.assertTrue([key for key in expected if key[2] == 'promise'])
            self._assert_equal(self._read(self.company, [('period', '=', 'coming')]), expected)

    def test_a_promise_counts_in_the_weeks_that_believed_it(self):
        invoice = self._invoice(self.debtors[0], 100)
        case = self.env['cobranza.case']._get_or_create(self.debtors[0], self.company)
        promise = self.env['cobranza.promise'].create(
            {
                'amount': 100,
                'case_id': case.id,
                'date': self._day(8),
                'line_ids': self._items(invoice).ids,
            }
        )
        due = promise.date
        self._travel(days=8)
        self._pay(amount=100, invoice=invoice)
        self._travel(days=14)
        rows = self._read(
            self.company, [('period', '=', 'past'), ('partner_id', '=', self.debtors[0].id)]
        )
        week = monday_of(due)
        self.assertEqual(promise.state, 'kept')
        self.assertEqual(
            {key[1:]: round(amount, 2) for key, amount in rows.items()},
            {(week, 'promise'): 100.0, (week, 'paid'): 100.0},
        )

    def test_what_is_in_dispute_or_excluded_is_not_expected(self):
        for amount in (100, 200, 300):
            self._pay(amount=amount, invoice=self._invoice(self.debtors[1], amount, days_overdue=3))
        self._travel(days=14)
        disputed, excluded, plain = (
            self._items(self._invoice(self.debtors[number], 100, days_overdue=9))
            for number in range(3)
        )
        case = self.env['cobranza.case']._get_or_create(self.debtors[0], self.company)
        case._open_disputes(
            disputed, {'reason_id': self.env['cobranza.dispute.reason'].search([], limit=1).id}
        )
        excluded.no_followup = True
        rows = self._read(self.company, [('period', '=', 'coming')])
        self.assertEqual({key[0] for key in rows}, {plain.partner_id})

    def test_what_will_come_is_never_more_than_what_is_open(self):
        list(self._live(seed=64, days=50))
        rows = self._read(self.company, [('period', '=', 'coming')])
        for partner in self.debtors:
            claims = self._claims(self.company).filtered_domain([('partner_id', '=', partner.id)])
            owed = sum(self._open_before(line, self._day(1)) for line in claims)
            expected = sum(amount for key, amount in rows.items() if key[0] == partner)
            self.assertLessEqual(round(expected, 2), round(owed, 2))

    def test_accuracy_is_that_of_whole_weeks_of_the_company(self):
        list(self._live(seed=65, days=60))
        self.env.flush_all()
        Forecast = self.env['cobranza.report.forecast']
        domain = [('company_id', '=', self.company.id), ('period', '=', 'past')]
        weeks = Forecast._read_group(
            domain, ['week:week'], ['expected:sum', 'actual:sum', 'mape:avg']
        )
        pairs = [(expected or 0, actual or 0) for _week, expected, actual, _mape in weeks]
        self.assertGreater(len(pairs), 8)
        for pair, (*_rest, found) in zip(pairs, weeks):
            self.assertAlmostEqual(found or 0, forecast.mape([pair]) or 0, 4)
        # what is still to come says nothing of accuracy
        ((mape, bias),) = Forecast._read_group(domain[:1], [], ['mape:avg', 'bias:avg'])
        self.assertAlmostEqual(mape, forecast.mape(pairs), 4)
        self.assertAlmostEqual(bias, forecast.bias(pairs), 4)

    def test_a_row_opens_what_is_behind_it(self):
        paid, owed = self._invoice(self.debtors[0], 100), self._invoice(self.debtors[0], 100)
        self._pay(amount=100, invoice=paid)
        self._travel(days=10)
        rows = self.env['cobranza.report.forecast'].search(
            [('partner_id', '=', self.debtors[0].id)]
        )
        of_payment = rows.filtered(lambda row: row.source == 'paid')
        self.assertEqual(of_payment.actual, 100)
        self.assertIn(self._items(paid).id, of_payment._line_ids())
        self.assertNotIn(self._items(owed).id, of_payment._line_ids())
        self.assertIn(self._items(owed).id, (rows - of_payment)._line_ids())

    def test_it_is_one_query_whatever_the_weeks(self):
        list(self._live(seed=66, days=10))
        Forecast = self.env['cobranza.report.forecast']
        Forecast._read_group([], ['week:week'], ['expected:sum'])
        self.env.flush_all()
        with self.assertQueryCount(2):  # the other says how to plan it
            Forecast._read_group([], ['week:week'], ['expected:sum'])
