"""A few accounts to write statements of."""

from odoo.addons.cobranza_management.tests.common import CobranzaCommon


class StatementCommon(CobranzaCommon):
    """Ana owes in two currencies and has paid something on account; Beto owes in another company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('es_419')
        cls._users()
        cls.old = cls._invoice(amount=1000, days_overdue=40)
        cls.young = cls._invoice(amount=500, days_overdue=-5)
        cls.pesos = cls._invoice(amount=90000, days_overdue=10, currency=cls.clp)
        cls.advance = cls._pay(amount=300)
        cls.case = cls._open_case()

    @classmethod
    def _open_case(cls, partner=None, company=None, user=None):
        cls.env['cobranza.case']._create_missing(company or cls.company)
        case = cls.env['cobranza.case'].search(
            [
                ('partner_id', '=', (partner or cls.debtor).id),
                ('company_id', '=', (company or cls.company).id),
            ]
        )
        case.user_id = user or cls.collector
        cls.env.flush_all()
        return case

    def _statement(self, case=None, day=None):
        case = case or self.case
        return self.env['cobranza.statement']._read(case, day or self._day())[case]

    def _balances(self, statement):
        return {balance.currency.name: balance for balance in statement.balances}

    def _bucket_names(self, balance, company=None):
        names = {bucket.id: bucket.name for bucket in (company or self.company)._aging_buckets()}
        return {names[bucket]: amount for bucket, amount in balance.buckets.items() if amount}

    def _assert_many_cost_as_one(self, function):
        """Check that a function of cases sends as many statements for ten as for one, its caches warm."""
        cases = self.case
        for number in range(9):
            partner = self._debtor(f'Customer {number}')
            self._invoice(partner, 100 + number)
            cases |= self._open_case(partner)
        counts = []
        for some in (cases[:1], cases):
            function(some)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            function(some)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
