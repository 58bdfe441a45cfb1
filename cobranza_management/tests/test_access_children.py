"""What hangs on a case follows its rules, and no public method gives more than they do."""

import inspect
from contextlib import suppress

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CobranzaCommon

MUTED = 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule', 'odoo.sql_db'
#: Models whose records belong to a case.
CHILDREN = (
    'cobranza.hold', 'cobranza.promise', 'cobranza.dispute', 'cobranza.reminder',
    'cobranza.interaction', 'cobranza.segment.change',
)  # fmt: skip


@tagged('post_install', '-at_install')
class TestAccessChildren(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.company.cobranza_review = True
        cls._strategy({5: {}})
        cls.reason = cls.env['cobranza.dispute.reason'].create({'name': 'Price'})
        cls.segment = cls.env['cobranza.segment'].create({'name': 'All'})
        cls.mine, cls.theirs, cls.free = (cls._debtor(n) for n in ('Mine', 'Theirs', 'Free'))
        for partner in (cls.mine, cls.theirs, cls.free):
            cls._invoice(partner)
        cls.env['cobranza.run']._run(cls.company)
        cls.cases = cls.env['cobranza.case'].search([('company_id', '=', cls.company.id)])
        for case in cls.cases:
            cls._give_children(case)
        by_partner = {case.partner_id: case for case in cls.cases}
        by_partner[cls.mine].user_id = cls.collector
        by_partner[cls.theirs].user_id = cls.other_collector
        cls.their_case = by_partner[cls.theirs]
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _give_children(cls, case):
        line = case.item_ids[0]
        case._hold('Sick', cls._day(1))
        cls.env['cobranza.promise'].create(
            {'case_id': case.id, 'amount': 1, 'date': cls._day(), 'currency_id': cls.usd.id}
        )
        case._open_disputes(line, {'reason_id': cls.reason.id, 'amount': 1})
        cls.env['cobranza.interaction']._log([{'case_id': case.id, 'channel': 'phone'}])
        cls.env['cobranza.segment.change'].create(
            {'case_id': case.id, 'date': cls._day(), 'new_segment_id': cls.segment.id}
        )

    def _debtors(self, model, user):
        return set(self.env[model].with_user(user).search([]).case_id.partner_id.mapped('name'))

    # === WHO SEES WHAT === #

    def test_collectors_see_what_hangs_on_their_cases_and_on_free_ones(self):
        for model in CHILDREN:
            with self.subTest(model=model):
                self.assertEqual(self._debtors(model, self.collector), {'Mine', 'Free'})
                self.assertEqual(self._debtors(model, self.supervisor), {'Mine', 'Theirs', 'Free'})

    def test_the_items_of_a_message_follow_the_message(self):
        items = self.env['cobranza.reminder.item']
        seen = items.with_user(self.collector).search([]).sudo().reminder_id.partner_id
        self.assertEqual(set(seen.mapped('name')), {'Mine', 'Free'})
        seen = items.with_user(self.supervisor).search([]).sudo().reminder_id.partner_id
        self.assertEqual(set(seen.mapped('name')), {'Mine', 'Theirs', 'Free'})

    @mute_logger(*MUTED)
    def test_others_see_none_of_it(self):
        for user in (self.employee, self.portal, self.env.ref('base.public_user')):
            for model in ('cobranza.case', 'cobranza.run', 'cobranza.consent', *CHILDREN):
                with self.subTest(model=model, user=user.login), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    @mute_logger(*MUTED)
    def test_an_accountant_reads_and_changes_nothing(self):
        for model in ('cobranza.case', 'cobranza.promise', 'cobranza.dispute', 'cobranza.hold'):
            records = self.env[model].with_user(self.accountant).search([])
            with self.subTest(model=model):
                self.assertEqual(len(records), 3)
                for operation in ('write', 'create', 'unlink'):
                    self.assertFalse(records.has_access(operation), operation)

    def test_a_run_of_another_company_stays_there(self):
        other = self._company('Iberia', 'ES', self.usd)
        self._invoice(company=other)
        self._run(other)
        self._run()
        for model in ('cobranza.run', 'cobranza.run.phase', 'cobranza.run.reason'):
            seen = self.env[model].with_user(self.supervisor).search([])
            runs = seen if model == 'cobranza.run' else seen.sudo().run_id
            self.assertEqual(runs.company_id, self.company, model)

    # === WHO DOES WHAT === #

    @mute_logger(*MUTED)
    def test_nothing_can_be_hung_on_the_case_of_another(self):
        for model, values in {
            'cobranza.hold': {'reason': 'x', 'until': self._day(9)},
            'cobranza.promise': {'amount': 1, 'date': self._day(9), 'currency_id': self.usd.id},
            'cobranza.dispute': {
                'line_id': self.their_case.item_ids[0].id,
                'reason_id': self.reason.id,
            },
            'cobranza.interaction': {
                'channel': 'phone',
                'company_id': self.company.id,
                'partner_id': self.theirs.id,
            },
        }.items():
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.collector).create(
                    {'case_id': self.their_case.id, **values}
                )

    @mute_logger(*MUTED)
    def test_a_wizard_is_no_way_around(self):
        context = {'active_id': self.their_case.id, 'active_ids': self.their_case.ids}
        for name in ('hold', 'promise', 'dispute', 'contact'):
            Wizard = self.env[f'cobranza.{name}.wizard'].with_context(**context)
            with self.subTest(wizard=name), self.assertRaises(AccessError):
                with Form(Wizard.with_user(self.collector)) as form:
                    if name == 'contact':
                        form.summary = 'x'
                form.record.action_confirm()

    @mute_logger(*MUTED)
    def test_a_call_of_another_is_not_mine_to_report(self):
        reminder = self.their_case.reminder_ids
        reminder.state = 'ready'
        with self.assertRaises(AccessError):
            reminder.with_user(self.collector).action_done()
        self.assertEqual(reminder.state, 'ready')

    def test_a_collector_reports_a_call_of_their_own(self):
        reminder = self._reminder(self.mine)
        reminder.write({'state': 'ready', 'channel': 'phone'})
        reminder.with_user(self.collector).action_done()
        self.assertEqual(reminder.state, 'sent')

    def test_a_supervisor_approves(self):
        self._reminder(self.mine).with_user(self.supervisor).action_approve()
        self.assertEqual(self._reminder(self.mine).state, 'queued')

    # === EVERY PUBLIC METHOD, AS THE WEAKEST === #

    def _public_methods(self, model):
        """Return the names of the methods of ours that anyone may call over RPC."""
        found = set()
        for cls in type(self.env[model]).mro():
            if 'cobranza_management' not in (cls.__module__ or ''):
                continue
            for name, method in vars(cls).items():
                if inspect.isfunction(method) and not name.startswith('_'):
                    found.add(name)
        return sorted(found - set(dir(models.BaseModel)))

    def _snapshot(self):
        """Return everything a method could have changed."""
        self.env.flush_all()
        queries = (
            'SELECT id, state, next_attempt_at, channel FROM cobranza_reminder ORDER BY id',
            'SELECT id, stage_id, user_id, strategy_id, hold_until FROM cobranza_case ORDER BY id',
            'SELECT id, active FROM cobranza_hold ORDER BY id',
            'SELECT id, state FROM cobranza_promise ORDER BY id',
            'SELECT id, state FROM cobranza_dispute ORDER BY id',
            'SELECT count(*) FROM cobranza_interaction',
            'SELECT count(*) FROM cobranza_run',
            'SELECT id, cobranza_active FROM res_company ORDER BY id',
        )
        rows = []
        for query in queries:
            self.env.cr.execute(query)
            rows += self.env.cr.fetchall()
        return rows

    @mute_logger(*MUTED)
    def test_no_public_method_changes_anything_for_who_may_not(self):
        before = self._snapshot()
        for model in sorted(self.registry):
            if not model.startswith('cobranza.') or self.registry[model]._transient:
                continue
            methods = self._public_methods(model)
            if model == 'cobranza.workbench':
                continue  # every one of its methods is refused in test_workbench
            if not methods or self.registry[model]._abstract:
                self.assertFalse(methods, f'{model} offers {methods} to everybody')
                continue
            for user in (self.employee, self.portal, self.other_collector):
                records = self.env[model]
                if 'case_id' in records._fields:
                    records = records.search([('case_id.partner_id', '=', self.mine.id)])
                elif model == 'cobranza.case':
                    records = self._case(self.mine)
                for name in methods:
                    with self.subTest(method=f'{model}.{name}', user=user.login):
                        self._try(records.with_user(user), name)
                        self.assertEqual(self._snapshot(), before)

    def _try(self, records, name):
        # refused, or not for so many records
        refusals = AccessError, UserError, TypeError, ValueError
        with suppress(*refusals), self.env.cr.savepoint():
            getattr(records, name)()
        self.env.invalidate_all()
