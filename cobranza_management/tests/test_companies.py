"""Two companies, two currencies: nobody's numbers or minimum depend on who is looking."""

from odoo.tests import tagged

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestCompanies(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chile = cls._company('Sur', 'CL', cls.clp)
        cls._rate(cls.chile, cls.usd, 1 / 900)
        cls.both = cls.company + cls.chile
        cls.chile.cobranza_strategy_id = cls._strategy({5: {}})
        cls.boss = cls._user('boss', 'cobranza_management.group_supervisor', cls.both)

    def _seen(self, records, companies, names):
        """Return what the boss reads with these companies switched on."""
        self.env.flush_all()
        self.env.invalidate_all()
        records = records.with_user(self.boss).with_context(allowed_company_ids=companies.ids)
        return [tuple(record[name] for name in names) for record in records]

    # === MISTAKE 10: THE ACTIVE COMPANY === #

    def test_a_case_reads_the_same_from_either_company(self):
        self._invoice(amount=100, days_overdue=40)
        self._pay(amount=30)
        self._run()
        names = (
            'amount_open', 'amount_claim', 'amount_overdue', 'amount_credit', 'days_overdue',
            'aging_kind', 'priority_score', 'item_count', 'invoice_count', 'payment_count',
        )  # fmt: skip
        seen = {
            tuple(self._seen(self._case(), companies, names))
            for companies in (self.company, self.both, self.chile + self.company)
        }
        self.assertEqual(len(seen), 1, seen)
        self.assertEqual(seen.pop()[0][:2], (70, 70))

    def test_an_invoice_reads_the_same_from_either_company(self):
        invoice = self._invoice(amount=100, days_overdue=40)
        names = 'days_overdue', 'aging_bucket_id'
        seen = {
            tuple(self._seen(invoice, companies, names))
            for companies in (self.company, self.both, self.chile + self.company)
        }
        self.assertEqual(len(seen), 1, seen)

    def test_each_company_has_its_own_case_of_a_debtor(self):
        self._invoice(amount=100)
        self._invoice(amount=50000, company=self.chile, days_overdue=90)
        self._run()
        self._run(self.chile)
        ours, theirs = self._case(), self._case(company=self.chile)
        self.assertEqual((ours.amount_claim, ours.currency_id), (100, self.usd))
        self.assertEqual((theirs.amount_claim, theirs.currency_id), (50000, self.clp))
        self.assertEqual(theirs.aging_bucket_id.company_id, self.chile)
        self.assertEqual(self.debtor.days_overdue, 90, 'a contact shows the worst')

    def test_a_credit_of_one_company_pays_nothing_in_the_other(self):
        self._invoice(amount=100)
        self._pay(amount=90000, company=self.chile)
        self._run()
        self._run(self.chile)
        self.assertEqual(self._case().amount_claim, 100)
        self.assertFalse(self._case(company=self.chile))

    def test_the_message_names_its_own_company_and_currency(self):
        self._invoice(amount=50000, company=self.chile)
        self.env['cobranza.run'].with_company(self.company)._run(self.chile)
        self._dispatch()
        reminder = self._reminder()
        body = self._sent_mail(reminder).body_html
        self.assertEqual((reminder.company_id, reminder.currency_id), (self.chile, self.clp))
        self.assertIn('Sur', body)
        self.assertNotIn('Andina', body)
        self.assertIn('50,000', body)
        self.assertNotIn('50,000.00', body, 'pesos have no cents')

    # === MISTAKE 6: PESOS WITHOUT CENTS, BOTH WAYS === #

    def test_dollars_count_in_pesos_for_a_company_in_pesos(self):
        self.chile.cobranza_minimum_amount = 50000
        small, large = self._debtor('Small'), self._debtor('Large')
        self._invoice(small, amount=50, currency=self.usd, company=self.chile)  # 45 000 pesos
        self._invoice(large, amount=60, currency=self.usd, company=self.chile)  # 54 000 pesos
        self._run(self.chile)
        self.assertFalse(self._reminders(small))
        self.assertEqual(self._reminder(large).amount, 54000)

    def test_pesos_count_in_dollars_for_a_company_in_dollars(self):
        self.company.cobranza_minimum_amount = 50
        small, large = self._debtor('Small'), self._debtor('Large')
        self._invoice(small, amount=44000, currency=self.clp)  # 48.89 dollars
        self._invoice(large, amount=46000, currency=self.clp)  # 51.11 dollars
        self._run()
        self.assertFalse(self._reminders(small))
        self.assertEqual(self._reminder(large).amount, 51.11)

    def test_the_minimum_is_asked_again_when_sending(self):
        self.company.cobranza_minimum_amount = 50
        invoice = self._invoice(amount=90000, currency=self.clp)
        self._run()
        self._pay(amount=60000, currency=self.clp, invoice=invoice)
        self._dispatch()
        reminder = self._reminder()
        self.assertEqual((reminder.state, reminder.reason_code), ('cancelled', 'below_minimum'))

    def test_a_message_shows_each_currency(self):
        self._invoice(amount=90000, currency=self.clp)
        self._invoice(amount=10)
        self._run()
        self._dispatch()
        reminder = self._reminder()
        self.assertEqual(reminder.amount, 110)
        self.assertIn('90,000', reminder.mail_message_id.subject)
        self.assertIn('10.00', reminder.mail_message_id.subject)

    # === STRATEGIES AND RULES OF ONE COMPANY === #

    def test_a_segment_of_one_company_leaves_the_other_alone(self):
        segment = self.env['cobranza.segment'].create(
            {'name': 'Chilean', 'company_id': self.chile.id}
        )
        self._invoice()
        self._invoice(amount=50000, company=self.chile)
        self._run()
        self._run(self.chile)
        self.assertFalse(self._case().segment_id)
        self.assertEqual(self._case(company=self.chile).segment_id, segment)

    def test_a_contact_in_one_company_is_no_contact_of_the_other(self):
        self._invoice()
        self._invoice(amount=50000, company=self.chile)
        self._run()
        self._run(self.chile)
        self._dispatch()
        self.assertEqual(set(self._reminders().mapped('state')), {'sent'})
