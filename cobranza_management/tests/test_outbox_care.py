"""What the outbox does when delivery goes wrong after a message seemed to have left."""

from unittest.mock import patch

from psycopg2 import errors

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestOutboxCare(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._strategy({5: {'channels': ('email', 'phone')}})

    def _sent(self, *names, **values):
        """Return the messages of debtors made for it, sent by e-mail."""
        for name in names:
            self._invoice(self._debtor(name, **values))
        self._run()
        self._dispatch()
        reminders = self.env['cobranza.reminder'].search([('partner_id.name', 'in', names)])
        self.assertEqual(set(reminders.mapped('state')), {'sent'})
        return reminders

    def _refuse(self, reminders, failure_type='mail_email_invalid', reason='550 no such user'):
        mails = self.env['mail.mail'].search(
            [('mail_message_id', 'in', reminders.mail_message_id.ids)]
        )
        mails._settle_reminders(reason, failure_type)
        self.env.invalidate_all()

    # === A BATCH THAT NEVER ADVANCES === #

    @mute_logger('odoo.addons.cobranza_management.models.cobranza_reminder_stuck')
    def test_messages_that_go_nowhere_step_aside_for_the_others(self):
        channel = self.registry['cobranza.channel.email']
        honest, passes = channel._send, []

        def _send(self, letters):
            passes.append(letters)
            if len(passes) > 50:
                raise AssertionError('the dispatcher goes round in circles')
            if letters[0].address != 'stuck@example.com':
                honest(self, letters)

        for name in ('Stuck', 'Next'):
            self._invoice(self._debtor(name))
            self._run()
        with patch.object(channel, '_send', _send):
            self._dispatch(batch_size=1)
        stuck = self.env['cobranza.reminder'].search([('partner_id.name', '=', 'Stuck')])
        self.assertEqual((stuck.state, stuck.reason_code), ('held', 'stuck'))
        following = self.env['cobranza.reminder'].search([('partner_id.name', '=', 'Next')])
        self.assertEqual(following.state, 'sent')
        self._travel(hours=2)
        self._dispatch()
        self.assertEqual(stuck.state, 'sent', 'it is tried again later')

    # === UNKNOWN === #

    def test_a_message_of_unknown_fate_is_a_task_for_its_collector_once(self):
        self._users()
        reminder = self._sent('Ana')
        reminder.case_id.user_id = self.collector
        reminder.state = 'sending'
        self._travel(hours=1)
        self._dispatch()
        self._dispatch()
        self.assertEqual(reminder.state, 'unknown')
        task = reminder.case_id.activity_ids
        self.assertRecordValues(
            task,
            [{'summary': 'Find out whether a message arrived', 'user_id': self.collector.id}],
        )
        self.assertIn('interrupted', task.note)

    def test_a_mail_cut_off_is_a_task_once(self):
        reminder = self._sent('Ana')
        self._sent_mail(reminder).state = 'exception'
        self._dispatch()
        self._dispatch()
        self.assertEqual(reminder.state, 'unknown')
        self.assertEqual(len(reminder.case_id.activity_ids), 1)

    # === REFUSED === #

    def test_the_log_says_that_a_refused_mail_did_not_arrive(self):
        reminder = self._sent('Ana', phone='+57 601 5550101')
        case = reminder.case_id
        self.assertTrue(case.last_contact_date)
        self._refuse(reminder)
        mail = case.interaction_ids.filtered(lambda contact: not contact.corrects_id)
        self.assertEqual(mail.reminder_state, 'failed')
        self.assertRecordValues(
            mail.correction_ids,
            [{'summary': 'Not delivered: 550 no such user', 'purpose': 'correction'}],
        )
        self.assertFalse(case.last_contact_date, 'a mail that did not arrive was no contact')
        self._dispatch()
        reminder.action_done()
        call = case.interaction_ids.filtered(lambda contact: contact.channel == 'phone')
        self.assertEqual((mail.reminder_state, call.reminder_state), ('failed', 'sent'))
        self.assertEqual(case.last_contact_date, call.date)

    def test_a_mail_that_did_not_arrive_uses_up_no_contact_of_the_day(self):
        self.env['cobranza.contact.rule'].search([]).active = False
        self.env['cobranza.contact.rule'].create({'name': 'One a day', 'max_per_day': 1})
        reminder = self._sent('Ana')
        guard = self.env['cobranza.contact.guard']
        self.assertFalse(
            guard._assess(reminder.case_id, ['phone'])[reminder.case_id, 'phone'].allowed
        )
        self._refuse(reminder)
        reminder.state = 'sent'  # by another channel, of which the log says nothing yet
        self.assertTrue(
            guard._assess(reminder.case_id, ['phone'])[reminder.case_id, 'phone'].allowed
        )

    def test_an_earlier_contact_is_the_last_one_again(self):
        case = self.env['cobranza.case']._get_or_create(self._debtor('Ana'), self.company)
        self.env['cobranza.contact.rule'].search([]).active = False
        call = case._log_contact({'channel': 'phone'})
        self._travel(hours=3)
        self._invoice(case.partner_id)
        self._run()
        self._dispatch()
        self.assertGreater(case.last_contact_date, call.date)
        self._refuse(case.reminder_ids)
        self.assertEqual(case.last_contact_date, call.date)

    def test_a_server_out_of_reach_costs_the_same_for_many_messages(self):
        few = self._sent('Ana', 'Berta')
        many = self._sent(*(f'Debtor {number}' for number in range(8)))
        counts = []
        for reminders in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._refuse(reminders, 'mail_smtp', 'connection refused')
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(reminders.mapped('state')), {'held'})
            self.assertEqual(set(reminders.mapped('attempts')), {1})
        self.assertLessEqual(counts[1], counts[0] + 2, counts)

    def test_refused_addresses_cost_the_same_for_many_messages(self):
        few = self._sent('Ana', 'Berta')
        many = self._sent(*(f'Debtor {number}' for number in range(8)))
        counts = []
        for reminders in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._refuse(reminders)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(reminders.mapped('state')), {'queued'})
        self.assertLessEqual(counts[1], counts[0] + 2, counts)


@tagged('post_install', '-at_install')
class TestConflicts(CobranzaCommon):
    """Two transactions that cannot both be right: the cycle is tried again, not tomorrow but at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.company'].search([('id', '!=', cls.company.id)]).cobranza_active = False
        cls._strategy({5: {}})

    def test_a_conflict_is_tried_again_at_once(self):
        self._invoice()
        Run = self.registry['cobranza.run']
        honest, tries = Run._phase_stages, []

        class Conflict(errors.SerializationFailure):
            pgcode = '40001'

        def conflicts_once(run, company):
            tries.append(company)
            if len(tries) == 1:
                raise Conflict('could not serialize access due to concurrent update')
            return honest(run, company)

        with (
            patch.object(Run, '_phase_stages', conflicts_once),
            patch('odoo.service.model.time.sleep'),
            mute_logger('odoo.service.model'),
            self.enter_registry_test_mode(),
        ):
            self.env.ref('cobranza_management.ir_cron_daily_cycle').method_direct_trigger()
        self.assertEqual(len(tries), 2)
        self.assertEqual(self.company.cobranza_last_cycle_date, self._day())
        runs = self.env['cobranza.run'].search([('company_id', '=', self.company.id)])
        self.assertEqual(runs.mapped('state'), ['done'])
