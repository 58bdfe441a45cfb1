"""The funnel of contacts: each counted once, promises where they were taken, payments as their report says."""

from datetime import datetime, timedelta

from odoo.tests import tagged

from ..tools import metrics
from .common import ReportCommon


@tagged('post_install', '-at_install')
class TestContactReport(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.Report = cls.env['cobranza.report.contact']
        cls.mine, cls.theirs, cls.abroad = cls.debtors
        cls.invoice = cls._invoice(cls.mine, 1000)
        cls._invoice(cls.theirs, 1000)
        cls.invoice_abroad = cls._invoice(cls.abroad, 1000, company=cls.iberia)
        for company in cls.company | cls.iberia:
            cls.env['cobranza.case']._create_missing(company)
        find = lambda partner, company: cls.env['cobranza.case'].search(  # noqa: E731
            [('partner_id', '=', partner.id), ('company_id', '=', company.id)]
        )
        cls.case, cls.other = find(cls.mine, cls.company), find(cls.theirs, cls.company)
        cls.case_abroad = find(cls.abroad, cls.iberia)
        cls.case.user_id, cls.other.user_id = cls.collector, cls.other_collector

    def _contact(self, case=None, user=None, answer='', **values):
        """Note a contact; `answer` is 'somebody', 'debtor' or nothing."""
        case = case or self.case
        return (
            self.env['cobranza.interaction']
            .sudo()
            ._log(
                [
                    {
                        'case_id': case.id,
                        'channel': 'phone',
                        'is_contact': bool(answer),
                        'is_right_party': answer == 'debtor',
                        'summary': 'called',
                        'user_id': (user or self.collector).id,
                        **values,
                    }
                ]
            )
        )

    def _promise(self, amount=300, case=None, user=None, currency=None, **values):
        case = case or self.case
        return self.env['cobranza.promise'].create(
            {
                'amount': amount,
                'case_id': case.id,
                'currency_id': (currency or case.company_id.currency_id).id,
                'date': self._day(2),
                'taken_on': self._day(),
                'user_id': (user or self.collector).id,
                **values,
            }
        )

    def _judge(self, promise, state, paid):
        self.env.flush_all()
        self.env.cr.execute(
            'UPDATE cobranza_promise SET state = %s, paid_amount = %s WHERE id = %s',
            [state, paid, promise.id],
        )
        self.env.invalidate_all()

    def _row(self, contact):
        return self.Report.browse(contact.id)

    def _figures(self, *names, domain=()):
        partners = [partner.id for partner in self.debtors]
        (figures,) = self.Report._read_group([('partner_id', 'in', partners), *domain], [], names)
        return figures

    def test_the_rates_are_those_of_the_funnel(self):
        for answer in ('', '', 'somebody', 'debtor', 'debtor'):
            contact = self._contact(answer=answer)
        self._promise()
        self.assertEqual(
            self._figures(
                'contact_count:sum',
                'reached_count:sum',
                'right_party_count:sum',
                'promise_count:sum',
            ),
            (5, 3, 2, 1),
        )
        rates = self._figures('contact_rate:avg', 'right_party_rate:avg', 'promise_rate:avg')
        for rate, expected in zip(rates, metrics.funnel_rates(5, 3, 2, 1)):
            self.assertAlmostEqual(float(rate), expected, places=4)
        self.assertEqual(self._row(contact).promise_count, 1, 'the last one before the promise')

    def test_a_contact_that_was_noted_again_or_did_not_take_place_does_not_count(self):
        wrong, undelivered = self._contact(answer='debtor'), self._contact(channel='email')
        right = self._contact(answer='somebody', replaces_id=wrong.id)
        undelivered._correct({undelivered: 'no such address'})
        rows = self.Report.search([('partner_id', '=', self.mine.id)])
        self.assertEqual(rows.ids, right.ids)

    def test_a_promise_needs_the_debtor_the_person_and_the_day(self):
        self._contact(answer='somebody')
        self._contact(answer='debtor', user=self.other_collector)
        self._contact(answer='debtor', case=self.other)
        self._contact(answer='debtor', date=datetime.now() - timedelta(days=2))
        self._promise()
        self.assertEqual(self._figures('promise_count:sum'), (0,))

    def test_the_day_is_that_of_the_company(self):
        self.clock.move_to('2026-03-05 02:00:00')  # 21:00 of the 4th in Bogotá
        contact = self._contact(answer='debtor')
        self._promise(taken_on='2026-03-04')
        self.assertEqual(
            (str(self._row(contact).date), self._row(contact).promise_count), ('2026-03-04', 1)
        )

    def test_a_cancelled_promise_is_none(self):
        self._contact(answer='debtor')
        self._judge(self._promise(), 'cancelled', 0)
        self.assertEqual(self._figures('promise_count:sum', 'promise_amount:sum'), (0, 0))

    def test_promises_in_other_currencies_add_up_in_the_companys(self):
        contact = self._contact(answer='debtor')
        self._judge(self._promise(300), 'partial', 150)
        self._judge(self._promise(90000, currency=self.clp), 'kept', 90000)  # 100 of the company's
        self._promise(100)
        row = self._row(contact)
        self.assertEqual(
            (row.promise_count, row.promise_amount, row.promise_paid_amount), (3, 500, 250)
        )
        self.assertAlmostEqual(row.cash_rate, 250 / 400 * 100, msg='the day of one has not come')

    def test_payments_count_for_the_last_contact_as_in_the_report_of_payments(self):
        first = self._contact()
        self._travel(days=1)
        second = self._contact()
        self._travel(days=3)
        self._pay(self.mine, amount=400, invoice=self.invoice)
        self._travel(days=60)
        self._pay(self.mine, amount=100, invoice=self.invoice)
        self.assertEqual(
            [row.collected_amount for row in (self._row(first), self._row(second))], [0, 400]
        )
        (attributed,) = self.env['cobranza.report.payment']._read_group(
            [('partner_id', '=', self.mine.id)], [], ['attributed:sum']
        )
        self.assertEqual(self._figures('collected_amount:sum'), attributed)
        lines = self._row(second).action_open_items()['domain'][0][2]
        self.assertIn(self._items(self.invoice).id, lines)

    def test_what_leaves_by_itself_has_no_author_and_an_answer_reaches(self):
        strategy = self._strategy({5: {}})
        step = strategy.step_ids
        message = self.env['cobranza.reminder'].sudo().create(
            {
                'case_id': self.case.id,
                'channel': 'email',
                'company_id': self.company.id,
                'currency_id': self.usd.id,
                'date': self._day(),
                'partner_id': self.mine.id,
                'state': 'sent',
                'step_id': step.id,
            }
        )  # fmt: skip
        sent = self._contact(channel='email', reminder_id=message.id)
        row = self._row(sent)
        self.assertEqual((row.author_id, row.step_id), (self.env['res.users'], step))
        self.assertEqual(row.reached_count, 0)
        message._advance('replied')
        self.env.invalidate_all()
        self.assertEqual(row.reached_count, 1)
        self.assertEqual(self._row(self._contact(direction='in')).reached_count, 1)

    def test_two_companies_stay_apart(self):
        self._contact(answer='debtor')
        abroad = self._contact(answer='debtor', case=self.case_abroad)
        self._promise(125, case=self.case_abroad, currency=self.usd)  # 100 euros
        Report = self.Report.with_context(allowed_company_ids=self.iberia.ids)
        rows = Report.search([('partner_id', 'in', [p.id for p in self.debtors])])
        self.assertEqual(rows.ids, abroad.ids)
        self.assertEqual(
            (rows.promise_amount, rows.company_currency_id), (100, self.iberia.currency_id)
        )

    def test_a_collector_sees_their_own_debtors(self):
        own, others = self._contact(), self._contact(case=self.other)
        self._contact(case=self.case_abroad)
        seen = self.Report.with_context(allowed_company_ids=self.company.ids)
        domain = [('partner_id', 'in', [partner.id for partner in self.debtors])]
        for user, expected in (
            (self.collector, own),
            (self.supervisor, own + others),
            (self.accountant, own + others),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(set(seen.with_user(user).search(domain).ids), set(expected.ids))

    def test_a_row_opens_its_contact(self):
        contact = self._contact()
        action = self._row(contact).action_open()
        self.assertEqual((action['res_model'], action['res_id']), (contact._name, contact.id))
