"""What nobody writes or deletes by RPC: messages, judged promises, what a contact counts as; whose data is whose."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_plan import PlanCommon

MUTED = 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule'


@tagged('post_install', '-at_install')
class TestGuardedWrites(PlanCommon):
    # === MESSAGES === #

    @mute_logger(*MUTED)
    def test_no_role_writes_a_message(self):
        reminder = self._reminder()
        for user in (self.collector, self.supervisor, self.manager):
            for values in (
                {'state': 'sent'},
                {'amount': 1},
                {'letter_body': 'x'},
                {'address': 'x'},
            ):
                with self.subTest(user=user.login, **values), self.assertRaises(AccessError):
                    reminder.with_user(user).write(values)

    @mute_logger(*MUTED)
    def test_a_supervisor_decides_on_messages_by_their_buttons(self):
        reminder = self._reminder()
        for state, action, expected in (
            ('review', 'approve', 'queued'),
            ('queued', 'reject', 'cancelled'),
            ('failed', 'retry', 'queued'),
        ):
            with self.subTest(action):
                reminder.state = state
                button = f'action_{action}'
                with self.assertRaises(AccessError):
                    getattr(reminder.with_user(self.collector), button)()
                getattr(reminder.with_user(self.supervisor), button)()
                self.assertEqual(reminder.state, expected)

    @mute_logger(*MUTED)
    def test_a_supervisor_decides_nothing_in_another_company(self):
        other = self._company('Iberia', 'ES', self.usd)
        stranger = self._user('stranger', 'cobranza_management.group_supervisor', other)
        theirs = self._reminder().with_user(stranger).with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            theirs.action_reject()

    # === PROMISES === #

    def _promise(self, state='open'):
        promise = self.case._take_promise(
            {'amount': 40, 'currency_id': self.usd.id, 'date': self._day(2)}
        )
        promise.state = state
        return promise

    def test_what_became_of_a_promise_stays(self):
        for state in ('kept', 'late', 'partial', 'broken', 'cancelled'):
            with self.subTest(state), self.assertRaisesRegex(UserError, 'part of the record'):
                self._promise(state).with_user(self.supervisor).unlink()

    def test_a_promise_taken_by_mistake_may_go(self):
        promise = self._promise()
        promise.with_user(self.supervisor).unlink()
        self.assertFalse(promise.exists())

    def test_an_instalment_stays(self):
        instalments = self._signed().promise_ids
        with self.assertRaisesRegex(UserError, 'agreed'):
            instalments[0].with_user(self.supervisor).unlink()

    def test_a_case_does_not_take_its_judged_promises_along(self):
        self._promise('broken')
        with self.assertRaisesRegex(UserError, 'part of the record'):
            self.case.with_user(self.manager).unlink()

    # === CONTACTS === #

    def _note(self, **values):
        return (
            self.env['cobranza.interaction']
            .with_user(self.collector)
            .create({'case_id': self.case.id, 'channel': 'phone', **values})
        )

    def test_a_collector_does_not_say_what_a_contact_counts_as(self):
        first = self._note()
        again = self._note(purpose='receipt', replaces_id=first.id, corrects_id=first.id)
        self.assertRecordValues(
            again, [{'purpose': 'collection', 'replaces_id': False, 'corrects_id': False}]
        )
        by_context = self.env['cobranza.interaction'].with_context(default_purpose='reply')
        self.assertEqual(
            by_context.with_user(self.collector)
            .create({'case_id': self.case.id, 'channel': 'phone'})
            .purpose,
            'collection',
        )

    def test_a_contact_to_come_is_none(self):
        for values in ({'date': self._day(1)}, {'date': '2026-03-04 15:00:01'}):
            with self.subTest(**values), self.assertRaisesRegex(UserError, 'has happened'):
                self._note(**values)
        self.assertEqual(str(self._note(date='2026-03-03 15:00:00').date), '2026-03-03 15:00:00')
        with self.assertRaisesRegex(UserError, 'has happened'):
            self.case.with_user(self.collector)._log_contact(
                {'channel': 'phone', 'date': self._day(1)}
            )

    @mute_logger(*MUTED)
    def test_the_houses_own_methods_say_it_for_those_who_see_the_case(self):
        values = {'channel': 'phone', 'purpose': 'reply', 'user_id': self.manager.id}
        contact = self.case.with_user(self.collector)._log_contact(values)
        self.assertRecordValues(contact, [{'purpose': 'reply', 'user_id': self.collector.id}])
        self.assertFalse(contact.env.su)
        with self.assertRaises(AccessError):
            self.case.with_user(self.other_collector)._log_contact(values)

    # === COMPANIES === #

    def test_a_consent_is_its_debtors_companys(self):
        other = self._company('Iberia', 'ES', self.usd)
        ours, theirs, shared = (
            self.env['cobranza.consent'].create(
                {'partner_id': self._debtor(f'Debtor {company.id}', company_id=company.id).id}
            )
            for company in (self.company, other, self.env['res.company'])
        )
        Consent = self.env['cobranza.consent'].with_user(self.collector)
        found = Consent.search([('id', 'in', (ours + theirs + shared).ids)])
        self.assertEqual(found, ours + shared)

    # === WIZARDS === #

    @mute_logger(*MUTED)
    def test_a_plan_is_prepared_only_by_who_sees_the_case(self):
        Wizard = self.env['cobranza.plan.wizard'].with_context(active_id=self.case.id)
        with Form(Wizard.with_user(self.collector)) as form:
            self.assertEqual(form.amount_items, 500)
        with self.assertRaises(AccessError):
            Form(Wizard.with_user(self.other_collector))
        theirs = Wizard.with_user(self.other_collector)
        values = {
            'case_id': self.case.id,
            'currency_id': self.usd.id,
            'line_ids': [Command.set(self._items(self.first).ids)],
        }
        with self.assertRaises(AccessError):
            theirs.create(values).amount_items  # noqa: B018
