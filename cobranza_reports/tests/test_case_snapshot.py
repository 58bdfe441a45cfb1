"""What a debtor was: recorded night by night, and read by the reports of days past."""

from datetime import date
from random import Random

from odoo.tests import tagged

from .common import ReportCommon

WAS = ('user_id', 'team_id', 'segment_id', 'strategy_id', 'stage_id')


class SnapshotCommon(ReportCommon):
    """Debtors in two companies, and hands between which they change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.Snapshot = cls.env['cobranza.case.snapshot']
        cls.companies = cls.company | cls.iberia
        for company in cls.companies:
            for partner in cls.debtors[:2]:
                cls._invoice(partner, 500, company=company)
            cls.env['cobranza.case']._create_missing(company)
        cls.cases = cls.env['cobranza.case'].search([('company_id', 'in', cls.companies.ids)])
        cls.choices = {
            'user_id': cls.collector | cls.other_collector,
            'team_id': cls.env['cobranza.team'].create(
                [{'name': name, 'company_id': cls.company.id} for name in ('North', 'South')]
            ),
            'segment_id': cls.env['cobranza.segment'].create(
                [{'name': name, 'active': False} for name in ('Calm', 'Slow')]
            ),
            'strategy_id': cls._strategy({5: {}}, default=False)
            | cls._strategy({9: {}}, default=False),
            'stage_id': cls.env['cobranza.stage'].search([], limit=4),
        }
        cls.env.flush_all()

    def _night(self):
        """Sleep, and run the cycles of the morning."""
        self._travel(days=1)
        for company in self.companies:
            self._run(company)

    def _state(self, record):
        return tuple(record[name].id for name in WAS)

    def _now(self):
        return {(case.company_id.id, case.partner_id.id): self._state(case) for case in self.cases}

    def _reported(self, model, domain):
        """Return {(company, debtor): {what it was}} of a report's rows."""
        seen = {}
        for row in self.env[model].search(domain):
            seen.setdefault((row.company_id.id, row.partner_id.id), set()).add(self._state(row))
        return seen

    def _aging(self, day):
        return {
            key: state
            for key, states in self._reported(
                'cobranza.report.aging', [('as_of', '=', day)]
            ).items()
            for state in states
        }


@tagged('post_install', '-at_install')
class TestCaseSnapshot(SnapshotCommon):
    def _change_something(self, chance):
        for case in self.cases:
            if chance.random() < 0.4:
                name = chance.choice(WAS)
                case[name] = chance.choice([*self.choices[name], False])
        self.env.flush_all()

    def _live_a_month(self, seed):
        """Return {day: what every debtor was on its evening}."""
        chance, evenings = Random(seed), {}
        self.Snapshot._record_all()
        for _day in range(30):
            self._change_something(chance)
            invoice = self._open_invoices()[chance.randint(0, 3)]
            self._pay(amount=5, invoice=invoice, company=invoice.company_id)
            evenings[self._day()] = self._now()
            self._night()
        evenings[self._day()] = self._now()
        return evenings

    # === WHAT THE REPORTS SAY OF DAYS PAST === #

    def test_every_report_says_what_was_seen_on_each_evening(self):
        evenings = self._live_a_month(seed=5)
        self.assertGreater(len({str(seen) for seen in evenings.values()}), 20, 'too quiet a month')
        for day, seen in evenings.items():
            self.assertEqual(self._aging(day), seen, day)
        payments = self.env['cobranza.report.payment'].search(
            [('company_id', 'in', self.companies.ids)]
        )
        self.assertEqual(len(payments), 30)
        for row in payments:
            seen = evenings[row.date][row.company_id.id, row.partner_id.id]
            self.assertEqual(self._state(row), seen, row.date)
        march, today = date(2026, 3, 31), self._day()
        for model, domain, day in (
            ('cobranza.report.month', [('month', '=', '2026-03-01')], march),
            ('cobranza.report.month', [('month', '=', '2026-04-01')], today),
            ('cobranza.report.roll', [('as_of', '=', march)], march),
            ('cobranza.report.roll', [('as_of', '=', today)], today),
        ):
            with self.subTest(model, day=day):
                expected = {key: {state} for key, state in evenings[day].items()}
                self.assertEqual(self._reported(model, domain), expected)

    def test_figures_are_broken_down_by_what_the_debtor_was(self):
        case = self._case(self.debtors[0])
        case.user_id = self.collector
        self.Snapshot._record_all()
        before = self._day()
        self._travel(days=1)
        case.user_id = self.other_collector
        sums = {}
        for day in (before, self._day()):
            rows = self.env['cobranza.report.aging']._read_group(
                [('as_of', '=', day), ('partner_id', '=', case.partner_id.id),
                 ('company_id', '=', self.company.id)],
                ['user_id'],
                ['amount:sum'],
            )  # fmt: skip
            sums[day] = dict(rows)
        self.assertEqual(
            sums, {before: {self.collector: 500}, self._day(): {self.other_collector: 500}}
        )

    def test_before_the_first_record_the_first_record_speaks(self):
        case = self._case(self.debtors[0])
        case.user_id = self.collector
        self.Snapshot._record_all()
        first = self._day()
        self._travel(days=1)
        case.user_id = self.other_collector
        self._night()
        long_ago = self.env['cobranza.report.aging'].search(
            [('as_of', '=', self._day(-30)), ('line_id.partner_id', '=', case.partner_id.id)]
        )
        mine = long_ago.filtered(lambda row: row.company_id == self.company)
        self.assertEqual(mine.user_id, self.collector)
        self.assertEqual(
            self._aging(first)[self.company.id, case.partner_id.id][0], self.collector.id
        )

    def test_a_case_that_was_not_there_yet_is_not_written_down(self):
        self._night()
        partner = self._debtor('Recent')
        self._invoice(partner, 100)
        self._run()
        case = self._case(partner)
        case.user_id = self.collector
        self.env.flush_all()
        self.Snapshot._record(self.company, self._day(-1))
        self.assertFalse(self.Snapshot.search([('case_id', '=', case.id)]))
        self._night()
        (row,) = self.Snapshot.search([('case_id', '=', case.id)])
        self.assertEqual(
            (row.user_id, row.is_first), (self.collector, True), 'and so it was before'
        )

    def test_without_a_record_the_case_speaks(self):
        self.Snapshot.sudo().search([]).unlink()
        self.cases.user_id = self.collector
        self.env.flush_all()
        self.assertEqual(self._aging(self._day(-3)), self._now())

    def test_after_a_missed_night_a_change_counts_from_the_evening_before_the_next(self):
        case = self._case(self.debtors[0])
        case.user_id = self.collector
        self.Snapshot._record_all()
        case.user_id = self.other_collector
        changed = self._day()
        self._travel(days=3)
        self._night()
        key = self.company.id, case.partner_id.id
        self.assertEqual(self._aging(changed)[key][0], self.collector.id)
        self.assertEqual(self._aging(self._day(-1))[key][0], self.other_collector.id)

    # === THE RECORDS === #

    def test_a_record_ends_on_the_evening_before_the_next_one(self):
        self._live_a_month(seed=8)
        for case in self.cases:
            rows = self.Snapshot.search([('case_id', '=', case.id)], order='date_from')
            self.assertGreater(len(rows), 3)
            self.assertEqual(rows.mapped('is_first'), [True] + [False] * (len(rows) - 1))
            self.assertFalse(rows[-1].date_to)
            self.assertEqual(rows.company_id, case.company_id)
            for row, following in zip(rows, rows[1:]):
                self.assertEqual((following.date_from - row.date_to).days, 1)
                self.assertLessEqual(row.date_from, row.date_to)

    def test_an_idle_night_writes_nothing(self):
        self._night()  # moves the cards and picks collectors
        self._night()
        before = self._table()
        for _night in range(3):
            self._night()
        self.assertEqual(self._table(), before)
        self.assertEqual(self._phase().mapped('count'), [0])

    def _table(self):
        """Return the rows with the transaction that wrote each: one written again is another one."""
        self.env.cr.execute('SELECT ctid::text, id FROM cobranza_case_snapshot ORDER BY id')
        return self.env.cr.fetchall()

    def _phase(self):
        run = self.env['cobranza.run'].search([('company_id', '=', self.company.id)], limit=1)
        return run.phase_ids.filtered(lambda phase: phase.name == 'snapshots')

    def test_it_takes_two_statements_whatever_the_cases(self):
        self._night()
        for partners in (1, 12):
            for number in range(partners):
                self._invoice(self._debtor(f'Debtor {partners} {number}'), 100)
            self._night()  # opens their cases
            self._travel(days=1)
            run = self.env['cobranza.run'].create(
                {'company_id': self.company.id, 'date': self._day()}
            )
            self.env.flush_all()
            self.company._cobranza_today()  # the cycle has begun with it
            with self.assertQueryCount(2):  # one asks whether this day was recorded
                self.assertEqual(run._phase_snapshots(self.company), partners)

    def test_the_last_state_of_a_day_wins(self):
        case, today = self._case(self.debtors[0]), self._day()
        self.Snapshot._record(self.company, today)
        for user in (self.collector, self.other_collector):
            case.user_id = user
            self.Snapshot._record(self.company, today)
        row = self.Snapshot.search([('case_id', '=', case.id)])
        self.assertRecordValues(
            row,
            [{'date_from': today, 'date_to': False, 'is_first': True, 'user_id': user.id}],
        )

    def test_a_second_cycle_of_the_day_does_not_change_yesterday(self):
        case = self._case(self.debtors[0])
        case.user_id = self.collector
        self._night()
        case.user_id = self.other_collector
        self._run()
        self.assertEqual(self._aging(self._day(-1))[self.company.id, case.partner_id.id][0],
                         self.collector.id)  # fmt: skip

    def test_a_cycle_that_dies_on_the_way_leaves_what_a_night_would(self):
        case = self._case(self.debtors[0])
        case.user_id = self.collector
        self.Snapshot._record_all()
        case.user_id = self.other_collector
        self._travel(days=1)
        self.patch(self.registry['cobranza.run'], '_phase_segments', lambda *args: 1 / 0)
        with self.assertLogs('odoo.addons.cobranza_management.models.cobranza_run', 'ERROR'):
            run = self.env['cobranza.run']._run(self.company)
        self.assertEqual(run.state, 'failed')
        case.user_id = self.collector  # while somebody mends it
        self.registry['cobranza.run']._phase_segments = lambda *args: 0
        self._run()
        self.assertEqual(self._aging(self._day(-1))[self.company.id, case.partner_id.id][0],
                         self.other_collector.id)  # fmt: skip

    def test_a_phase_that_is_rolled_back_leaves_no_half_state(self):
        self._night()
        self._case(self.debtors[0]).user_id = self.collector
        self.env.flush_all()
        before, record = self._table(), self.registry['cobranza.case.snapshot']._record

        def record_and_die(*args):
            record(*args)
            raise ZeroDivisionError

        self.patch(self.registry['cobranza.case.snapshot'], '_record', record_and_die)
        self._travel(days=1)
        with self.assertLogs('odoo.addons.cobranza_management.models.cobranza_run', 'ERROR'):
            self.assertEqual(self.env['cobranza.run']._run(self.company).state, 'failed')
        self.assertEqual(self._table(), before)
        self.patch(self.registry['cobranza.case.snapshot'], '_record', record)
        self._run()
        self.assertNotEqual(self._table(), before)

    def test_each_company_records_its_own(self):
        self.cases.user_id = self.collector
        self._travel(days=1)
        self._run(self.company)
        rows = self.Snapshot.search([('case_id', 'in', self.cases.ids)])
        self.assertEqual(rows.case_id.company_id, self.company)
        self._run(self.iberia)
        rows = self.Snapshot.search([('case_id', 'in', self.cases.ids)])
        self.assertEqual(rows.case_id, self.cases)

    def test_a_record_opens_its_case(self):
        self.Snapshot._record_all()
        row = self.Snapshot.search([('case_id', '=', self.cases[0].id)])
        self.assertEqual(row.action_open_case()['res_id'], self.cases[0].id)

    # === WHAT BECOMES OF THEM === #

    def test_of_merged_debtors_the_surviving_case_keeps_its_record(self):
        kept, gone = (self._case(partner) for partner in self.debtors[:2])
        kept.user_id, gone.user_id = self.collector, self.other_collector
        self.Snapshot._record_all()
        day, partner = self._day(), kept.partner_id
        self._travel(days=1)
        gone_ids = gone.ids
        self.env['base.partner.merge.automatic.wizard']._merge(
            (gone.partner_id + partner).ids, partner
        )
        self.env.invalidate_all()
        self.assertFalse(self.Snapshot.search([('case_id', 'in', gone_ids)]))
        self.assertEqual(self.Snapshot.search([('case_id', '=', kept.id)]).partner_id, partner)
        rows = self.env['cobranza.report.aging'].search(
            [('as_of', '=', day), ('company_id', '=', self.company.id)]
        )
        self.assertEqual((len(rows), rows.partner_id, rows.user_id), (2, partner, self.collector))

    def test_an_archived_collector_is_still_who_it_was(self):
        case, day = self._case(self.debtors[0]), self._day()
        case.user_id = self.collector
        self.Snapshot._record_all()
        self._travel(days=1)
        case.user_id = False
        self.collector.active = False
        self._night()
        self.assertEqual(
            self._aging(day)[self.company.id, case.partner_id.id][0], self.collector.id
        )

    def test_a_deleted_segment_leaves_the_rest_of_the_record(self):
        case, day = self._case(self.debtors[0]), self._day()
        segment = self.choices['segment_id'][0]
        case.write({'segment_id': segment.id, 'user_id': self.collector.id})
        self.Snapshot._record_all()
        self._travel(days=1)
        segment.unlink()
        self.env.invalidate_all()
        seen = dict(zip(WAS, self._aging(day)[self.company.id, case.partner_id.id]))
        self.assertEqual((seen['segment_id'], seen['user_id']), (False, self.collector.id))
