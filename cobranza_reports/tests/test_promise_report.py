"""What became of promises: counted as promises count themselves, in any breakdown."""

from random import Random

from odoo.tests import tagged

from .common import ReportCommon

STATES = ('review', 'open', 'kept', 'late', 'partial', 'broken', 'cancelled')


@tagged('post_install', '-at_install')
class TestPromiseReport(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.Report = cls.env['cobranza.report.promise']
        chance = Random(3)
        for company in (cls.company, cls.iberia):
            for partner in cls.debtors[:2]:
                cls._invoice(partner, 5000, company=company)
            cls.env['cobranza.case']._create_missing(company)
        cls.cases = cls.env['cobranza.case'].search(
            [('partner_id', 'in', [partner.id for partner in cls.debtors])]
        )
        people = [cls.collector, cls.other_collector]
        for number in range(60):
            case = cls.cases[number % len(cls.cases)]
            foreign = {cls.company: cls.clp, cls.iberia: cls.usd}[case.company_id]
            currency = chance.choice([case.company_id.currency_id, foreign])
            cls._promised(
                case, currency, chance.randint(1, 90), chance.choice(STATES), chance.choice(people)
            )

    @classmethod
    def _promised(cls, case, currency, amount, state, user):
        """Take a promise of which half has been paid, or all when it was kept, and that was judged so."""
        amount *= 900 if currency == cls.clp else 1
        promise = cls.env['cobranza.promise'].create(
            {
                'amount': amount,
                'case_id': case.id,
                'currency_id': currency.id,
                'date': cls._day(2),
                'user_id': user.id,
            }
        )
        cls.env.flush_all()
        paid = {'kept': amount, 'late': amount, 'partial': amount / 2}.get(state, 0)
        cls.env.cr.execute(
            'UPDATE cobranza_promise SET state = %s, paid_amount = %s, cancel_reason = %s WHERE id = %s',
            [state, paid, 'replaced' if state == 'cancelled' else None, promise.id],
        )
        cls.env.invalidate_all()
        return promise

    def _promises(self, **values):
        return self.env['cobranza.promise'].search(
            [
                ('case_id', 'in', self.cases.ids),
                *((name, '=', value) for name, value in values.items()),
            ]
        )

    def _figures(self, *names, domain=()):
        (figures,) = self.Report._read_group(
            [('partner_id', 'in', self.cases.partner_id.ids), *domain], [], names
        )
        return figures

    def test_every_promise_is_a_row_of_what_became_of_it(self):
        promises = self._promises()
        self.assertEqual(len(promises), 60)
        counted = {state: len(self._promises(state=state)) for state in STATES}
        self.assertEqual(
            self._figures('promise_count:sum', 'kept_count:sum', 'late_count:sum', 'partial_count:sum',
                          'broken_count:sum', 'renegotiated_count:sum'),
            (60, counted['kept'], counted['late'], counted['partial'], counted['broken'], counted['cancelled']),
        )  # fmt: skip

    def test_rates_are_those_of_the_sums_by_count_and_by_amount(self):
        judged = self._promises().filtered(lambda promise: promise.state in promise._JUDGED)
        kept = judged.filtered(lambda promise: promise.state == 'kept')
        promised = sum(judged.mapped('amount_company'))
        paid = sum(p.amount_company * p.paid_amount / p.amount for p in judged)
        figures = self._figures('kept_rate:avg', 'kept_rate_amount:avg', 'cash_rate:avg')
        expected = (
            len(kept) / len(judged) * 100,
            sum(kept.mapped('amount_company')) / promised * 100,
            paid / promised * 100,
        )
        for figure, value in zip(figures, expected):
            self.assertAlmostEqual(float(figure), value, places=4)

    def test_a_person_has_the_rate_that_promises_show(self):
        for user in (self.collector, self.other_collector):
            (own,) = self.env['cobranza.promise']._read_group(
                [('case_id', 'in', self.cases.ids), ('user_id', '=', user.id)],
                [],
                ['kept_rate:avg'],
            )
            (rate,) = self._figures('kept_rate:avg', domain=[('taken_by_id', '=', user.id)])
            self.assertAlmostEqual(float(rate), own[0] * 100)

    def test_where_no_day_has_come_there_is_no_rate(self):
        self.assertEqual(
            self._figures('kept_rate:avg', 'cash_rate:avg', domain=[('state', '=', 'open')]),
            (False, False),
        )

    def test_a_row_opens_its_promise_and_its_items(self):
        invoice = self._invoice(self.debtors[0], 70)
        promise = self.env['cobranza.promise'].create(
            {
                'amount': 70,
                'case_id': self._case(self.debtors[0]).id,
                'currency_id': invoice.currency_id.id,
                'date': self._day(1),
                'line_ids': self._items(invoice).ids,
            }
        )
        row = self.Report.search([('id', '=', promise.id)])
        action = row.action_open()
        self.assertEqual((action['res_model'], action['res_id']), ('cobranza.promise', promise.id))
        self.assertEqual(
            row.action_open_items()['domain'], [('id', 'in', self._items(invoice).ids)]
        )

    def test_a_collector_sees_their_debtors_and_nobody_another_company(self):
        mine = self.cases.filtered(lambda c: c.company_id == self.company)[:1]
        (self.cases - mine).user_id, mine.user_id = self.other_collector, self.collector
        self.env.flush_all()
        seen = self.Report.with_user(self.collector).with_context(
            allowed_company_ids=self.company.ids
        )
        rows = seen.search([])
        self.assertEqual((rows.partner_id, rows.company_id), (mine.partner_id, self.company))
        self.assertEqual(len(rows), len(self._promises(case_id=mine.id)))
        self.assertEqual(
            seen.with_user(self.supervisor).search([]).company_id,
            self.company,
            'the other one is switched off',
        )
