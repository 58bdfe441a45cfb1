"""Recovery and cost by month: the SQL equals `tools.metrics` on books in which anything happened."""

from collections import defaultdict
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from odoo.tests import tagged

from ..tools import metrics
from .common import ReportCommon

SUMS = ('receivable', 'unapplied', 'sales', 'written_off', 'to_recover', 'recovered', 'collected')


@tagged('post_install', '-at_install')
class TestRecovery(ReportCommon):
    # === THE SAME IN PLAIN PYTHON === #

    @staticmethod
    def _is_payment(partial):
        move = partial.credit_move_id.move_id
        return move.move_type == 'entry' and move.journal_id.type == 'bank'

    def _oracle(self, company, partner, month):
        """Return the sums of a month of a debtor."""
        end = min(month + relativedelta(day=31), self._day())
        before = month - timedelta(days=1)
        lines = self._lines().filtered_domain(
            [('company_id', '=', company.id), ('partner_id', '=', partner.id)]
        )
        opening, closing = self._open_on(before), self._open_on(end)
        found = defaultdict(float)
        for line in lines:
            found['receivable'] += closing.get(line, (0,))[0]
            found['unapplied'] -= min(0, closing.get(line, (0,))[0])
            if line.display_type == 'payment_term' and month <= line.date <= end:
                found['sales'] += line.balance
            if line.balance <= 0:
                continue
            overdue = max(self._due(line) + timedelta(days=1), line.date)
            if overdue < month:
                found['to_recover'] += opening.get(line, (0,))[0]
            if month <= overdue <= end:
                found['to_recover'] += line.balance - sum(
                    line.matched_credit_ids.filtered(
                        lambda p, day=overdue: p.max_date < day
                    ).mapped('amount')
                )
            self._add_payments(found, line, month, end)
        return found

    def _add_payments(self, found, line, month, end):
        for partial in line.matched_credit_ids.filtered(self._is_payment):
            if month <= partial.max_date <= end:
                found['collected'] += partial.amount
                found['recovered'] += partial.amount if partial.max_date > self._due(line) else 0

    def _rows(self, company, *names):
        """Return {(partner, month): values}."""
        self.env.flush_all()
        groups = self.env['cobranza.report.recovery']._read_group(
            [('company_id', '=', company.id)], ['partner_id', 'month:month'], list(names)
        )
        return {(partner, month): values for partner, month, *values in groups}

    # === BEHAVIOUR === #

    def test_any_book_equals_the_oracle(self):
        for seed in (71, 72):
            list(self._live(seed=seed, days=50))
            compared = 0
            for company in (self.company, self.iberia):
                rows = self._rows(company, *(f'{name}:sum' for name in SUMS))
                for (partner, month), values in rows.items():
                    expected = self._oracle(company, partner, month)
                    for name, value in zip(SUMS, values):
                        self.assertAlmostEqual(
                            value or 0, expected[name], 2, f'{name} {month} {partner.name}'
                        )
                    compared += bool(expected['to_recover'])
            self.assertGreater(compared, 10)

    def test_the_ratios_are_those_of_the_metrics(self):
        list(self._live(seed=73, days=50))
        self.company.cobranza_collection_cost = 310
        names = ('recovery_rate', 'unapplied_ratio', 'bad_debt_ratio', 'unit_cost')
        sums = ('commission', 'team_cost', *SUMS)
        measures = [*(f'{n}:avg' for n in names), *(f'{n}:sum' for n in sums)]
        self.env.flush_all()
        groups = self.env['cobranza.report.recovery']._read_group(
            [('company_id', '=', self.company.id)], ['month:month'], measures
        )
        compared = 0
        for month, *values in groups:
            row = {name: value or 0 for name, value in zip((*names, *sums), values)}
            expected = [
                metrics.recovery_rate(row['to_recover'], 0, row['recovered']),
                metrics.unapplied_cash_ratio(row['unapplied'], row['receivable']),
                metrics.bad_debt_ratio(row['written_off'], row['sales']),
                metrics.cost_per_unit(row['commission'], row['team_cost'], row['collected']),
            ]
            for name, right in zip(names, expected):
                self.assertAlmostEqual(row[name], right or 0, 6, f'{name} of {month}')
                compared += right is not None
        self.assertGreater(compared, 20)

    def test_the_team_costs_what_the_settings_say(self):
        list(self._live(seed=74, days=30))
        self.company.cobranza_collection_cost = 310
        totals = defaultdict(float)
        for (_partner, month), (cost,) in self._rows(self.company, 'team_cost:sum').items():
            totals[month] += float(cost)
        this_month = self._day().replace(day=1)
        days = (this_month + relativedelta(day=31)).day
        for month, cost in totals.items():
            part = self._day().day / days if month == this_month else 1
            self.assertAlmostEqual(cost, 310 * part, 2)

    def test_a_write_off_is_a_loss_of_its_month_and_no_recovery(self):
        invoice = self._invoice(self.debtors[0], 100)
        writeoff = self._written_off(invoice, 40)
        month = self._day().replace(day=1)
        row = self._rows(self.company, 'written_off:sum', 'recovered:sum')
        self.assertEqual(row[self.debtors[0], month], [40, 0])
        writeoff._reverse()
        row = self._rows(self.company, 'written_off:sum')
        self.assertEqual(row[self.debtors[0], month], [0])

    def _written_off(self, invoice, amount):
        expense = self.env['account.account'].search(
            [('account_type', '=', 'expense'), ('company_ids', 'in', self.company.ids)], limit=1
        )
        self.company.write(
            {
                'cobranza_writeoff_account_id': expense.id,
                'cobranza_writeoff_journal_id': self._journal('general').id,
            }
        )
        case = self.env['cobranza.case']._get_or_create(invoice.partner_id, self.company)
        items = [(0, 0, {'amount': amount, 'line_id': self._items(invoice).id})]
        writeoff = self.env['cobranza.writeoff'].sudo().create(
            {'case_id': case.id, 'item_ids': items, 'note': 'Wound up', 'reason': 'insolvent'}
        )  # fmt: skip
        self.env.user.group_ids += self.env.ref('account.group_account_invoice')
        writeoff._book()
        return writeoff

    def test_commissions_count_in_the_month_they_are_settled(self):
        invoice = self._invoice(self.debtors[0], 100)
        case = self.env['cobranza.case']._get_or_create(self.debtors[0], self.company)
        agency = self.env['cobranza.agency'].create({'partner_id': self._debtor('Agencia').id})
        handoff = self.env['cobranza.handoff'].sudo().create(
            {'agency_id': agency.id, 'company_id': self.company.id, 'state': 'returned'}
        )  # fmt: skip
        item = {'amount': 100, 'currency_id': self.usd.id, 'line_id': self._items(invoice).id}
        handoff.line_ids.create(
            {'case_id': case.id, 'commission_percent': 10, 'handed_on': self._day(),
             'handoff_id': handoff.id, 'item_ids': [(0, 0, item)], 'state': 'returned'}
        )  # fmt: skip
        self._pay(amount=100, invoice=invoice)
        self._travel(days=31)
        handoff.action_close()
        self.assertEqual(handoff.settled_on, self._day())
        rows = self._rows(self.company, 'commission:sum', 'unit_cost:avg')
        this_month = self._day().replace(day=1)
        self.assertEqual(rows[self.debtors[0], this_month], [10, False])
        self.assertFalse(rows[self.debtors[0], this_month - relativedelta(months=1)][0])

    def test_coverage_counts_the_debtors_with_something_overdue(self):
        for debtor in self.debtors[:2]:
            self._invoice(debtor, 100, days_overdue=5)
        self._invoice(self.debtors[2], 100, days_overdue=-60)
        cases = [
            self.env['cobranza.case']._get_or_create(debtor, self.company)
            for debtor in self.debtors
        ]
        contact = {'channel': 'phone', 'date': datetime.now(), 'summary': 'called'}
        self.env['cobranza.interaction'].sudo()._log(
            [contact | {'case_id': cases[0].id}, contact | {'case_id': cases[2].id},
             contact | {'case_id': cases[1].id, 'direction': 'in'}]
        )  # fmt: skip
        self.env.flush_all()
        ((found,),) = self.env['cobranza.report.recovery']._read_group(
            [('company_id', '=', self.company.id), ('month', '=', self._day().replace(day=1))],
            [], ['coverage:avg'],
        )  # fmt: skip
        contacted, overdue = {self.debtors[0], self.debtors[2]}, set(self.debtors[:2])
        self.assertEqual(found, metrics.coverage(contacted, overdue))

    def test_disputes_count_in_the_month_they_are_opened_beside_what_was_invoiced_in_it(self):
        debtor, reason = (
            self.debtors[0],
            self.env['cobranza.dispute.reason'].create({'name': 'Price'}),
        )
        invoice = self._invoice_today(debtor, 200, self.company, self.usd, due_in=0)
        case = self.env['cobranza.case']._get_or_create(debtor, self.company)
        dispute = case._open_disputes(self._items(invoice), {'amount': 50, 'reason_id': reason.id})
        month = self._day().replace(day=1)
        self._travel(days=31)
        dispute._resolve('reject', {})
        self._invoice_today(debtor, 80, self.company, self.usd, due_in=0)
        self.env.flush_all()
        rows = self.env['cobranza.report.recovery'].search(
            [
                ('partner_id', '=', debtor.id),
                ('month', '>=', month),
                ('company_id', '=', self.company.id),
            ],
            order='month',
        )
        self.assertEqual(
            [(row.disputed, row.sales, row.dispute_rate) for row in rows],
            [(50, 200, 25), (0, 80, 0)],
        )

    def test_what_collecting_costs_is_not_a_collectors_to_read(self):
        self._users()
        bookkeeper = self._user('bookkeeper', 'account.group_account_user')
        cost = self.company._fields['cobranza_collection_cost']
        for user, reads in ((self.collector, False), (self.supervisor, True), (bookkeeper, True)):
            with self.subTest(user.login):
                context = {'allowed_company_ids': self.company.ids}
                mine = self.env['cobranza.report.recovery'].with_user(user).with_context(**context)
                for name in ('commission', 'team_cost', 'unit_cost'):
                    self.assertEqual(mine._has_field_access(mine._fields[name], 'read'), reads)
                arch = mine.get_view(view_type='pivot')['arch']
                self.assertEqual('name="unit_cost"' in arch, reads)
                company = self.company.with_user(user)
                self.assertFalse(company._has_field_access(cost, 'read'), 'a manager enters it')

    def test_a_row_keeps_its_id_and_opens_its_payments(self):
        paid = self._invoice_today(self.debtors[1], 100, self.company, self.usd, due_in=0)
        self._pay(amount=60, invoice=paid, company=self.company)
        asked = [
            ('partner_id', '=', self.debtors[1].id),
            ('month', '=', self._day().replace(day=1)),
        ]
        row = self.env['cobranza.report.recovery'].search(asked)
        self._travel(days=40)
        for other in self.debtors:
            self._invoice_today(other, 5, self.company, self.usd, due_in=0)
        self.assertEqual(self.env['cobranza.report.recovery'].search(asked), row)
        opened = self.env['account.move.line'].search(row.action_open_items()['domain'])
        self.assertEqual(sorted(opened.mapped('balance')), [-60, 100])

    def test_it_is_one_query_whatever_the_months(self):
        list(self._live(seed=75, days=10))
        Recovery = self.env['cobranza.report.recovery']
        Recovery._read_group([], ['month:month'], ['recovered:sum'])
        self.env.flush_all()
        with self.assertQueryCount(2):  # the other says how to plan it
            Recovery._read_group([], ['month:month'], ['recovered:sum'])
