"""What the system decides is not decided by a caller's context, a saved default, or a write by RPC."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_plan import PlanCommon

MUTED = 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule'


@tagged('post_install', '-at_install')
class TestDecidedDefaults(PlanCommon):
    def _as_collector(self, **defaults):
        context = {f'default_{name}': value for name, value in defaults.items()}
        return self.case.with_user(self.collector).with_context(**context)

    def _promise_values(self):
        lines = self.case.item_ids
        return {
            'amount': 10,
            'currency_id': self.usd.id,
            'date': self._day(2),
            'line_ids': self._set(lines),
        }

    def test_a_context_offers_no_plan(self):
        case = self._as_collector(state='offered', amount_total=1, discount_share=90)
        plan = self._plan(case.with_user(self.collector))
        self.assertEqual((plan.state, plan.amount_total), ('draft', 50))
        plan.with_user(self.collector).action_offer()
        self.assertEqual(plan.state, 'review')

    def test_a_saved_default_offers_no_plan(self):
        self.env['ir.default'].with_user(self.collector).set(
            'cobranza.plan', 'state', 'active', user_id=True
        )
        self.assertEqual(self._plan().state, 'draft')

    def test_a_context_keeps_no_promise_and_gives_no_grace(self):
        case = self._as_collector(state='kept', paid_amount=10, grace_days=900, plan_id=1)
        promise = case._take_promise(self._promise_values())
        self.assertRecordValues(
            promise, [{'state': 'open', 'paid_amount': 0, 'grace_days': 2, 'plan_id': False}]
        )

    def test_a_context_decides_no_instalment(self):
        plan = self._plan()
        plan.with_user(self.collector).action_offer()
        mine = plan.with_user(self.collector).with_context(default_state='kept')
        mine._accept_on_paper({'signed_by': 'Ana', 'signed_paper': b'eA=='})
        self.assertEqual(set(plan.promise_ids.mapped('state')), {'open'})

    def test_a_context_approves_no_write_off_and_makes_none_small(self):
        self.company.cobranza_writeoff_limit = 50
        case = self._as_collector(state='approved', amount=1, amount_company=1)
        writeoff = case._propose_writeoff(
            {self._items(self.first): 300}, {'reason': 'other', 'note': 'Gone'}
        )
        self.assertRecordValues(
            writeoff.sudo(), [{'state': 'proposed', 'amount': 300, 'needs_manager': True}]
        )

    def test_a_context_approves_no_hand_off(self):
        agency = self.env['cobranza.agency'].create({'partner_id': self._debtor('Agency').id})
        case = self._as_collector(state='approved', commission_percent=99)
        handoff = case._propose_handoff(agency).sudo()
        self.assertEqual(handoff.state, 'draft')
        self.assertEqual(handoff.line_ids.commission_percent, 0)

    def test_a_context_signs_no_contact_in_the_name_of_another(self):
        case = self._as_collector(user_id=self.other_collector.id)
        contact = (
            case.env['cobranza.interaction'].sudo()._log([{'case_id': case.id, 'channel': 'phone'}])
        )
        self.assertEqual(contact.user_id, self.collector)

    # === WRITES === #

    @mute_logger(*MUTED)
    def test_instalments_stay_with_their_plan(self):
        instalment = self._signed().promise_ids[:1]
        for user in (self.collector, self.supervisor):
            for values in ({'plan_id': False}, {'plan_number': 9}):
                with self.subTest(user=user.login, **values), self.assertRaises(AccessError):
                    instalment.with_user(user).write(values)

    @mute_logger(*MUTED)
    def test_a_dispute_brings_no_task_of_somebody_else(self):
        task = self.case._schedule(
            [
                {
                    'case': self.case,
                    'date': self._day(),
                    'summary': 'Call',
                    'type': 'mail.mail_activity_data_todo',
                    'user': self.supervisor,
                }
            ]
        )
        reason = self.env['cobranza.dispute.reason'].create({'name': 'Price'})
        values = {
            'activity_id': task.id,
            'case_id': self.case.id,
            'line_id': self._items(self.first).id,
            'reason_id': reason.id,
        }
        with self.assertRaises(AccessError):
            self.env['cobranza.dispute'].with_user(self.collector).create(values)

    @mute_logger(*MUTED)
    def test_what_a_case_is_told_is_not_written_by_hand(self):
        for values in (
            {'hold_until': self._day(99)},
            {'last_contact_date': False},
            {'next_action_date': self._day(99)},
            {'amount_promised': 1},
            {'paid_late_days': 0},
        ):
            with self.subTest(**values), self.assertRaises(AccessError):
                self.case.with_user(self.manager).write(values)

    @mute_logger(*MUTED)
    def test_holds_and_plans_stay_with_their_case(self):
        other = self.env['cobranza.case']._get_or_create(self._debtor('Luis'), self.company)
        hold = self.env['cobranza.hold'].create(
            {'case_id': self.case.id, 'reason': 'Wait', 'until': self._day(5)}
        )
        for record in (hold, self._plan()):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_user(self.collector).case_id = other

    # === PATIENCE === #

    def test_more_patience_than_the_policy_has_needs_approval(self):
        for values in ({'tolerance': 9}, {'grace_days': 900}):
            with self.subTest(**values):
                plan = self._plan(**values)
                plan.with_user(self.collector).action_offer()
                self.assertEqual(plan.state, 'review')
                self.assertIn('grace', plan.review_reason)
                plan.action_cancel()
