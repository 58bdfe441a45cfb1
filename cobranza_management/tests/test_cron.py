"""The scheduled actions as they really run, and a copy of the database that keeps quiet."""

from datetime import datetime
from unittest.mock import patch

from psycopg2 import OperationalError
from psycopg2.errors import SerializationFailure

from odoo import Command
from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestCron(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.company'].search([('id', '!=', cls.company.id)]).cobranza_active = False
        cls._strategy({5: {}})

    def _trigger(self, name):
        """Run a scheduled action the way the scheduler does, commits included."""
        with self.enter_registry_test_mode():
            self.env.ref(f'cobranza_management.ir_cron_{name}').method_direct_trigger()

    def test_the_daily_cycle_decides_and_the_dispatcher_sends(self):
        self._invoice()
        self._trigger('daily_cycle')
        self.assertEqual(self._reminder().state, 'queued')
        self._trigger('dispatch_reminders')
        self.assertEqual(self._reminder().state, 'sent')
        self.assertEqual(len(self._sent_mail(self._reminder())), 1)

    def test_the_cycle_runs_once_a_day(self):
        self._invoice()
        self._trigger('daily_cycle')
        self._trigger('daily_cycle')
        runs = self.env['cobranza.run'].search([('company_id', '=', self.company.id)])
        self.assertEqual(len(runs), 1)

    def test_a_company_that_does_not_collect_is_left_alone(self):
        self.company.cobranza_active = False
        self._invoice()
        self._trigger('daily_cycle')
        self.assertFalse(self._case())

    def test_the_day_begins_where_the_company_is(self):
        self.clock.move_to('2026-03-05 04:00:00')  # still the 4th in Bogotá
        self.assertEqual(str(self._run().date), '2026-03-04')

    @mute_logger('odoo.addons.cobranza_management.models.cobranza_run')
    def test_a_company_that_fails_does_not_stop_the_next(self):
        other = self._company('Iberia', 'ES', self.usd)
        self._invoice(company=other)
        self._invoice()
        Run = type(self.env['cobranza.run'])
        honest = Run._phase_stages

        def fails_here(run, company):
            if company == self.company:
                raise ValueError('no stages today')
            return honest(run, company)

        with patch.object(Run, '_phase_stages', fails_here):
            self._trigger('daily_cycle')
        runs = self.env['cobranza.run'].search([])
        self.assertEqual(
            {run.company_id: (run.state, run.error) for run in runs},
            {self.company: ('failed', 'no stages today'), other: ('done', False)},
        )
        case = self._case()
        self.assertTrue(case, 'what came before the phase that failed is kept')
        self.assertFalse(case.situation, 'and nothing of the one that failed')
        self.assertFalse(self._reminders(), 'a failed cycle decides nothing')
        self._trigger('daily_cycle')
        self.assertTrue(case.situation, 'the next one takes up where it stopped')

    def test_a_cycle_that_was_interrupted_does_not_run_for_ever(self):
        stuck = self.env['cobranza.run'].create(
            {'company_id': self.company.id, 'date': self._day(), 'started_at': datetime.now()}
        )
        self._travel(hours=7)
        self._run()
        self.assertEqual((stuck.state, stuck.error), ('failed', 'It was interrupted.'))

    def test_a_company_that_failed_is_tried_again(self):
        self._invoice()
        with (
            mute_logger('odoo.addons.cobranza_management.models.cobranza_run'),
            patch.object(
                type(self.env['cobranza.run']), '_phase_stages', side_effect=ValueError('once')
            ),
        ):
            self._trigger('daily_cycle')
        self._trigger('daily_cycle')
        self.assertEqual(self._reminder().state, 'queued')

    def test_a_conflict_is_raised_so_that_the_cycle_is_tried_again(self):
        with (
            patch.object(
                type(self.env['cobranza.run']),
                '_phase_stages',
                side_effect=OperationalError('could not serialize'),
            ),
            self.assertRaises(OperationalError),
        ):
            self.env['cobranza.run']._run(self.company)

    def test_a_cycle_that_is_started_again_leaves_one_record(self):
        Run, calls = type(self.env['cobranza.run']), []
        honest = Run._phase_segments

        def fail_once(run, company):
            calls.append(company)
            if len(calls) == 1:
                run.env.cr.execute('DO $$ BEGIN RAISE serialization_failure; END $$')
            return honest(run, company)

        with patch.object(Run, '_phase_segments', fail_once), mute_logger('odoo.sql_db'):
            self._trigger('daily_cycle')
        runs = self.env['cobranza.run'].search([('company_id', '=', self.company.id)])
        self.assertEqual(runs.mapped('state'), ['done'])

    def _fails_here(self, statement):
        """Return a patch of the daily cycle: our company's runs into `statement`, outside any savepoint."""
        Run = type(self.env['cobranza.run'])
        honest, company = Run._run_phases, self.company

        def phases(run, commit):
            if run.company_id == company:
                run.env.cr.execute(statement)
            return honest(run, commit)

        return patch.object(Run, '_run_phases', phases)

    def _results(self):
        self.env.invalidate_all()
        return {run.company_id: run.state for run in self.env['cobranza.run'].search([])}

    @mute_logger(
        'odoo.sql_db',
        'odoo.addons.cobranza_management.models.cobranza_run',
        'odoo.addons.cobranza_management.models.cobranza_run_release',
    )
    def test_a_company_whose_transaction_breaks_does_not_stop_the_next(self):
        other = self._company('Iberia', 'ES', self.usd)
        for error, statement in (
            ('query_canceled', 'DO $$ BEGIN RAISE query_canceled; END $$'),
            ('current transaction is aborted', 'SELECT 1 / 0'),
        ):
            with self.subTest(error):
                (self.company + other).cobranza_last_cycle_date = False
                self.env['cobranza.run'].search([]).unlink()
                with self._fails_here(statement):
                    self._trigger('daily_cycle')
                self.assertEqual(self._results(), {self.company: 'failed', other: 'done'})
                run = self.env['cobranza.run'].search([('company_id', '=', self.company.id)])
                self.assertIn(error, run.error)

    @mute_logger('odoo.sql_db', 'odoo.addons.cobranza_management.models.cobranza_run_release')
    def test_a_conflict_that_does_not_end_is_raised_after_the_others_had_their_turn(self):
        other = self._company('Iberia', 'ES', self.usd)
        with (
            patch('odoo.service.model.MAX_TRIES_ON_CONCURRENCY_FAILURE', 1),
            self._fails_here('DO $$ BEGIN RAISE serialization_failure; END $$'),
            self.assertLogs('odoo.addons.base.models.ir_cron', 'ERROR') as heard,
        ):
            self._trigger('daily_cycle')
        self.assertIs(heard.records[0].exc_info[0], SerializationFailure)
        self.assertEqual(self._results(), {self.company: 'failed', other: 'done'})

    def test_the_dispatcher_empties_the_outbox_batch_by_batch(self):
        for number in range(5):
            self._invoice(self._debtor(f'Debtor {number}'))
        self._run()
        self._dispatch(batch_size=2)
        states = self.env['cobranza.reminder'].search([]).mapped('state')
        self.assertEqual(states, ['sent'] * 5)

    def test_messages_held_for_later_do_not_block_the_queue(self):
        waiting = [self._debtor(f'Waiting {number}') for number in range(4)]
        for partner in waiting:
            self._invoice(partner)
        self._run()
        for partner in waiting:
            self._case(partner)._hold('Sick', self._day(2))
        self._dispatch(batch_size=2)
        self._invoice()
        self._travel(hours=1)
        self._run()
        self._dispatch(batch_size=2)
        self.assertEqual(self._reminder().state, 'sent')

    # === PEOPLE WHO ARE AWAY === #

    def _team(self, *users):
        return self.env['cobranza.team'].create(
            {
                'name': 'Team',
                'company_id': self.company.id,
                'member_ids': [Command.create({'user_id': user.id}) for user in users],
            }
        )

    def test_who_is_away_gets_no_new_cases(self):
        self._users()
        team = self._team(self.collector, self.other_collector)
        team.member_ids.filtered(lambda member: member.user_id == self.collector).active = False
        for number in range(3):
            self._invoice(self._debtor(f'Debtor {number}'))
        self._run()
        self.assertEqual(self.env['cobranza.case'].search([]).user_id, self.other_collector)

    def test_who_has_left_gets_no_new_cases(self):
        self._users()
        self._team(self.collector, self.other_collector)
        self.collector.active = False
        for number in range(3):
            self._invoice(self._debtor(f'Debtor {number}'))
        self._run()
        self.assertEqual(self.env['cobranza.case'].search([]).user_id, self.other_collector)

    def test_without_collectors_cases_wait(self):
        self._team()
        self._invoice()
        self._run()
        self.assertFalse(self._case().user_id)

    # === A COPY FOR TESTS === #

    def test_a_restored_copy_keeps_quiet(self):
        self._invoice()
        self._run()
        sent = self._reminder()
        self._dispatch()
        self._travel(days=3)
        waiting = self._debtor('Waiting')
        self._invoice(waiting)
        self._run()
        self.env.flush_all()
        with file_open('cobranza_management/data/neutralize.sql') as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self._dispatch()
        self.assertEqual(self._reminder(waiting).state, 'cancelled')
        self.assertIn('copy', self._reminder(waiting).reason)
        self.assertEqual(self._sent_mail(sent).state, 'cancel')
        self.assertFalse(self.company.cobranza_active)
        self.assertFalse(self.env.ref('cobranza_management.ir_cron_daily_cycle').active)
