"""Days overdue and bucket are expressions: searched, grouped and sorted like columns, never stored."""

from odoo.fields import Domain
from odoo.tests import tagged

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestAging(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.future = cls._invoice(amount=10, days_overdue=-5)
        cls.early = cls._invoice(amount=20, days_overdue=10)
        cls.late = cls._invoice(amount=40, days_overdue=75)
        cls.moves = cls.future + cls.early + cls.late
        cls.items = cls._items(cls.moves)
        cls.env['cobranza.run']._run(cls.company)
        cls.env.invalidate_all()

    def _bucket(self, first_day):
        return self.company.cobranza_bucket_ids.filtered(lambda b: b.first_day == first_day)

    def _found(self, *conditions, model='account.move'):
        domain = Domain(list(conditions)) & Domain('partner_id', '=', self.debtor.id)
        return self.env[model].search(domain, order='id')

    # === VALUES === #

    def test_days_count_from_the_due_date_and_are_negative_before_it(self):
        self.assertEqual(self.moves.mapped('days_overdue'), [-5, 10, 75])
        self.assertEqual(self.items.sorted('id').mapped('days_overdue'), [-5, 10, 75])

    def test_bucket_follows_the_days(self):
        self.assertEqual(self.early.aging_bucket_id, self._bucket(1))
        self.assertEqual(self.late.aging_bucket_id.kind, 'late')
        self.assertEqual(self.future.aging_bucket_id.kind, 'pre_due')

    def test_the_due_date_itself_is_not_late(self):
        move = self._invoice(days_overdue=0)
        self.assertEqual((move.days_overdue, move.aging_bucket_id.kind), (0, 'pre_due'))

    def test_an_invoice_is_as_old_as_its_oldest_open_instalment(self):
        move = self._invoice(amount=100, instalments=[(40, 50), (5, 50)])
        self.assertEqual(move.days_overdue, 40)
        payment = self._pay(amount=50)
        (self._items(payment.move_id) + self._items(move)[0]).reconcile()
        move.invalidate_recordset()
        self.assertEqual(move.days_overdue, 5)

    def test_what_is_paid_has_no_age(self):
        self._pay(amount=20, invoice=self.early)
        self.env.invalidate_all()
        self.assertFalse(self.early.aging_bucket_id)
        self.assertFalse(self.early.days_overdue)
        self.assertNotIn(self.early, self._found(('days_overdue', '>', 0)))

    def test_drafts_and_other_accounts_have_no_age(self):
        draft = self._invoice(post=False)
        self.assertFalse(draft.days_overdue)
        income = self.early.line_ids - self._items(self.early)
        self.assertEqual(income.mapped('days_overdue'), [0])
        self.assertFalse(income.aging_bucket_id)

    def test_a_new_record_on_screen_has_no_age(self):
        new = self.env['account.move'].new({'move_type': 'out_invoice'})
        self.assertFalse(new.days_overdue)
        self.assertFalse(new.aging_bucket_id)

    def test_the_case_and_the_contact_show_the_oldest(self):
        case = self._case()
        self.assertEqual((case.days_overdue, case.aging_kind), (75, 'late'))
        self.assertEqual(self.debtor.days_overdue, 75)
        self.assertEqual(self.debtor.aging_bucket_id, self._bucket(61))
        self.assertEqual(self.late.cobranza_case_id, case)
        self.assertEqual(self.late.cobranza_stage_id.kind, 'late')
        self.assertEqual(self.debtor.cobranza_stage_id, case.stage_id)

    def test_time_passes_without_any_write(self):
        self._travel(days=20)
        self.assertEqual(self.moves.mapped('days_overdue'), [15, 30, 95])
        self.assertEqual(self.late.aging_bucket_id, self._bucket(91))
        self.assertEqual(self._found(('days_overdue', '>', 90)), self.late)

    def test_they_are_columns_of_no_table(self):
        for model in ('account.move', 'account.move.line', 'res.partner', 'cobranza.case'):
            self.env.cr.execute(
                'SELECT column_name FROM information_schema.columns WHERE table_name = %s'
                " AND column_name IN ('days_overdue', 'aging_bucket_id', 'aging_kind')",
                [self.env[model]._table],
            )
            self.assertFalse(self.env.cr.fetchall(), model)

    # === SEARCH === #

    def test_search_by_days(self):
        for operator, value, found in (
            ('=', 10, self.early),
            ('!=', 10, self.future + self.late),
            ('>', 10, self.late),
            ('>=', 10, self.early + self.late),
            ('<', 0, self.future),
            ('<=', 10, self.future + self.early),
            ('in', [10, 75], self.early + self.late),
            ('not in', [10], self.future + self.late),
        ):
            self.assertEqual(
                self._found(('days_overdue', operator, value)), found, f'{operator} {value}'
            )

    def test_search_by_bucket(self):
        early, late = self._bucket(1), self._bucket(61)
        for operator, value, found in (
            ('=', early.id, self.early),
            ('in', (early + late).ids, self.early + self.late),
            ('!=', early.id, self.future + self.late),
            ('not in', early.ids, self.future + self.late),
            ('any', [('kind', '=', 'late')], self.late),
            ('any', [('kind', '!=', 'pre_due')], self.early + self.late),
            ('not any', [('kind', '=', 'late')], self.future + self.early),
            ('ilike', '61-90', self.late),
            ('ilike', 'no such bucket', self.env['account.move']),
        ):
            self.assertEqual(
                self._found(('aging_bucket_id', operator, value)), found, f'{operator} {value}'
            )

    def test_search_through_the_bucket(self):
        self.assertEqual(self._found(('aging_bucket_id.kind', '=', 'late')), self.late)
        self.assertEqual(self._found(('line_ids.aging_bucket_id.first_day', '=', 1)), self.early)

    def test_search_journal_items_cases_and_contacts(self):
        self.assertEqual(
            self._found(('days_overdue', '>', 10), model='account.move.line'),
            self._items(self.late),
        )
        self.assertEqual(
            self._found(('aging_kind', '=', 'late'), model='cobranza.case'), self._case()
        )
        Partner = self.env['res.partner']
        self.assertIn(self.debtor, Partner.search([('days_overdue', '>', 70)]))
        self.assertIn(self.debtor, Partner.search([('aging_bucket_id.kind', '=', 'late')]))
        self.assertNotIn(self.debtor, Partner.search([('days_overdue', '>', 75)]))

    def test_search_for_none(self):
        self._pay(amount=20, invoice=self.early)
        self.assertEqual(
            self._found(('aging_bucket_id', '=', False), ('move_type', '=', 'out_invoice')),
            self.early,
        )
        self.assertEqual(self._found(('aging_bucket_id', '!=', False)), self.future + self.late)

    def test_items_of_a_case_can_be_searched(self):
        Case = self.env['cobranza.case']
        self.assertEqual(Case.search([('item_ids', 'in', self.items[:1].ids)]), self._case())
        self.assertEqual(Case.search([('item_ids.amount_residual', '=', 40)]), self._case())
        self.assertFalse(Case.search([('item_ids.amount_residual', '=', 41)]))

    # === GROUP, SORT, SUM === #

    def test_group_and_sum_by_bucket(self):
        self._invoice(amount=5, days_overdue=12)
        rows = self.env['account.move.line']._read_group(
            [('partner_id', '=', self.debtor.id), ('aging_bucket_id', '!=', False)],
            ['aging_bucket_id'],
            ['amount_residual:sum', '__count'],
        )
        self.assertEqual(
            {bucket.first_day: (amount, count) for bucket, amount, count in rows if bucket},
            {self.future.aging_bucket_id.first_day: (10, 1), 1: (25, 2), 61: (40, 1)},
        )

    def test_group_cases_by_delinquency(self):
        rows = self.env['cobranza.case']._read_group(
            [('company_id', '=', self.company.id)],
            ['aging_kind'],
            ['amount_overdue:sum', 'days_overdue:max'],
        )
        self.assertEqual(rows, [('late', 60, 75)])

    def test_the_web_client_groups_too(self):
        rows = self.env['account.move'].formatted_read_group(
            [('partner_id', '=', self.debtor.id), ('aging_bucket_id.kind', '=', 'late')],
            ['aging_bucket_id'],
            ['days_overdue:max'],
        )
        self.assertEqual([row['days_overdue:max'] for row in rows], [75])

    def test_sort(self):
        Move = self.env['account.move']
        domain = [('partner_id', '=', self.debtor.id)]
        self.assertEqual(
            Move.search(domain, order='days_overdue desc'), self.late + self.early + self.future
        )
        self.assertEqual(
            Move.search(domain, order='aging_bucket_id'), self.future + self.early + self.late
        )

    # === OTHER === #

    def test_each_company_ages_by_its_own_buckets(self):
        other = self._company('Sur', 'CL', self.clp)
        move = self._invoice(amount=1000, days_overdue=10, company=other)
        self.assertEqual(move.aging_bucket_id.company_id, other)
        self.assertEqual(self.early.aging_bucket_id.company_id, self.company)
