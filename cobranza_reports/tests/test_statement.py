"""What a statement of account says: every open item, what it adds up to, on any day."""

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged

from .common_statement import StatementCommon


@tagged('post_install', '-at_install')
class TestStatement(StatementCommon):
    def test_items_are_listed_by_due_date_with_their_age(self):
        claims = self._statement().claims
        self.assertEqual(
            [(claim.document, claim.days, claim.residual, claim.currency.name) for claim in claims],
            [
                (self.old.name, 40, 1000.0, 'USD'),
                (self.pesos.name, 10, 90000.0, 'CLP'),
                (self.young.name, -5, 500.0, 'USD'),
            ],
        )

    def test_credits_pay_the_oldest_claim_of_their_currency(self):
        balances = self._balances(self._statement())
        dollars, pesos = balances['USD'], balances['CLP']
        self.assertEqual(
            (dollars.claims, dollars.credits, dollars.balance, dollars.overdue),
            (1500.0, 300.0, 1200.0, 700.0),
        )
        self.assertEqual(self._bucket_names(dollars), {'31-60 days': 700.0, 'Not due': 500.0})
        self.assertEqual((pesos.balance, pesos.credits), (90000.0, 0))

    def test_a_part_paid_document_shows_both_amounts(self):
        self._pay(amount=250, invoice=self.old)
        claim = self._statement().claims[0]
        self.assertEqual((claim.original, claim.residual), (1000.0, 750.0))

    def test_more_credit_than_debt_is_a_balance_in_favour(self):
        self._pay(amount=2000)
        dollars = self._balances(self._statement())['USD']
        self.assertEqual((dollars.favour, dollars.balance, dollars.overdue), (800.0, -800.0, 0))
        self.assertEqual(sum(dollars.buckets.values()) - dollars.favour, dollars.balance)

    def test_a_disputed_document_stays_on_the_statement_and_says_so(self):
        reason = self.env['cobranza.dispute.reason'].search([], limit=1)
        line = self.old.line_ids.filtered(lambda line: line.debit and line.date_maturity)
        self.env['cobranza.dispute'].create(
            {'case_id': self.case.id, 'line_id': line.id, 'amount': 1000, 'reason_id': reason.id}
        )
        statement = self._statement()
        self.assertEqual(statement.claims[0].mark, 'disputed')
        dollars = self._balances(statement)['USD']
        self.assertEqual((dollars.balance, dollars.disputed), (1200.0, 1000.0))

    def test_a_past_day_is_told_as_it_was(self):
        before = self._statement()
        self._travel(days=40)
        self._pay(amount=1000, invoice=self.old)
        self._invoice(amount=77, days_overdue=-30)
        day = self._day(-40)
        self.assertEqual(
            [claim[:9] for claim in self._statement(day=day).claims],
            [claim[:9] for claim in before.claims],
        )
        self.assertEqual(self._balances(self._statement(day=day))['USD'].balance, 1200.0)
        self.assertNotIn(self.old.name, [claim.document for claim in self._statement().claims])

    def test_it_ties_to_the_ledger(self):
        lines = self.env['account.move.line'].search(
            self.env['account.move.line']._open_item_domain()
            & self._domain_of(self.debtor, self.company)
        )
        for currency, balance in self._balances(self._statement()).items():
            mine = lines.filtered(lambda line, code=currency: line.currency_id.name == code)
            self.assertEqual(
                balance.balance,
                balance.currency.round(sum(mine.mapped('amount_residual_currency'))),
            )

    def _domain_of(self, partner, company):
        return Domain('partner_id', '=', partner.id) & Domain('company_id', '=', company.id)

    def test_every_invoice_has_a_link_to_pay_it(self):
        claims, credits = self._statement().claims, self._statement().credits
        self.assertTrue(all('/collections/invoice/' in claim.url for claim in claims))
        self.assertFalse(any(credit.url for credit in credits))

    def test_companies_are_never_mixed(self):
        iberia = self._company('Iberia', 'ES', self._currency('EUR'))
        self._invoice(amount=70, company=iberia, days_overdue=5)
        abroad = self._open_case(company=iberia)
        cases = self.case | abroad
        found = self.env['cobranza.statement']._read(cases, self._day())
        self.assertEqual([b.currency.name for b in found[abroad].balances], ['EUR'])
        self.assertEqual(self._bucket_names(found[abroad].balances[0], iberia), {'1-30 days': 70.0})
        self.assertEqual({b.currency.name for b in found[self.case].balances}, {'CLP', 'USD'})

    def test_many_debtors_take_the_statements_of_one(self):
        Statement, day = self.env['cobranza.statement'].with_user(self.supervisor), self._day()
        self._assert_many_cost_as_one(
            lambda cases: Statement._read(cases.with_user(self.supervisor), day)
        )

    def test_a_collector_reads_their_own_only(self):
        Statement = self.env['cobranza.statement']
        mine = self.case.with_user(self.collector)
        self.assertTrue(Statement.with_user(self.collector)._read(mine, self._day())[mine].claims)
        for user in (self.other_collector, self.employee, self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                Statement.with_user(user)._read(self.case.with_user(user), self._day())

    def test_an_accountant_reads_every_one(self):
        case = self.case.with_user(self.accountant)
        self.assertTrue(self.env['cobranza.statement']._read(case, self._day())[case].claims)
