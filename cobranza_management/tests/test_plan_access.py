"""Who may see, change and approve a payment plan; what leaves by e-mail."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import html2plaintext, mute_logger

from .common_plan import SIGNATURE, PlanCommon

MUTED = 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule'


@tagged('post_install', '-at_install')
class TestPlanAccess(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._plan()
        cls.env.flush_all()

    def _as(self, user):
        self.env.invalidate_all()
        return self.plan.with_user(user)

    # === WHO === #

    @mute_logger(*MUTED)
    def test_a_plan_follows_its_case(self):
        for user in (self.collector, self.supervisor, self.accountant):
            self.assertTrue(self._as(user).name)
        for user in (self.other_collector, self.employee, self.portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user).read(['name'])

    @mute_logger(*MUTED)
    def test_nobody_else_takes_a_step(self):
        steps = ('offer', 'approve', 'refuse', 'withdraw', 'cancel', 'reinstate', 'send')
        for user in (self.other_collector, self.employee, self.portal, self.accountant):
            for step in steps:
                with self.subTest(user=user.login, step=step), self.assertRaises(AccessError):
                    getattr(self._as(user), f'action_{step}')()
        self.assertEqual(self.plan.state, 'draft')

    @mute_logger(*MUTED)
    def test_only_supervisors_approve(self):
        self.plan.count = 10
        self._as(self.collector).action_offer()
        for step in ('approve', 'refuse'):
            with self.assertRaises(AccessError):
                getattr(self._as(self.collector), f'action_{step}')()
        self.assertEqual(self.plan.state, 'review')
        self._as(self.supervisor).action_refuse()
        self.assertEqual(self.plan.state, 'draft')

    def test_a_plan_above_the_policy_waits_among_the_approvals(self):
        Approval = self.env['cobranza.approval'].with_user(self.supervisor)
        self.assertNotIn('cobranza.plan', Approval.search([]).mapped('kind'))
        self.plan.count = 10
        self._as(self.collector).action_offer()
        self.env.flush_all()
        waiting = Approval.search([('kind', '=', 'cobranza.plan')])
        self.assertRecordValues(
            waiting,
            [
                {
                    'amount': sum(self.plan.line_ids.mapped('amount_residual')),
                    'case_id': self.plan.case_id.id,
                    'record_id': self.plan.id,
                }
            ],
        )
        waiting.action_approve()
        self.assertEqual(self.plan.state, 'offered')
        self.env.flush_all()
        self.assertFalse(Approval.search([('kind', '=', 'cobranza.plan')]))

    @mute_logger(*MUTED)
    def test_the_steps_are_not_written_by_hand(self):
        for values in (
            {'state': 'active'},
            {'approved_by_id': self.collector.id},
            {'access_token': 'x'},
            {'signed_by': 'x'},
            {'amount_total': 1},
            {'schedule': []},
            {'discount_pending': True},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self._as(self.supervisor).write(values)
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.case.with_user(self.supervisor)._prepare_plan(values)

    def test_terms_stay_as_they_were_offered(self):
        self._as(self.collector).action_offer()
        with self.assertRaises(UserError):
            self._as(self.supervisor).count = 2
        self._as(self.collector).action_withdraw()
        self._as(self.collector).count = 2
        self.assertEqual(self.plan.amount_total, 500)

    def test_a_plan_to_approve_is_not_changed_meanwhile(self):
        self.plan.count = 10
        self._as(self.collector).action_offer()
        with self.assertRaises(UserError):
            self._as(self.collector).count = 60
        self.assertEqual(self.plan.count, 10)

    @mute_logger(*MUTED)
    def test_a_plan_of_another_company_stays_there(self):
        other = self._company('Iberia', 'ES', self.usd)
        self._invoice(amount=400, company=other)
        self._run(other)
        plan = self._plan(self._case(company=other), user=self.env.user)
        for user in (self.supervisor, self.manager, self.accountant):
            self.assertNotIn(plan, self.env['cobranza.plan'].with_user(user).search([]))

    @mute_logger(*MUTED)
    def test_customers_see_their_own_once_offered(self):
        buyer = self._user('buyer', 'base.group_portal')
        buyer.partner_id.parent_id = self.debtor
        Plan = self.env['cobranza.plan'].with_user(buyer)
        self.assertFalse(Plan.search([]))
        self._as(self.collector).action_offer()
        self.assertEqual(Plan.search([]), self.plan)
        with self.assertRaises(AccessError):
            Plan.search([]).read(['review_reason'])
        with self.assertRaises(AccessError):
            Plan.search([]).write({'count': 1})
        self.assertFalse(self.env['cobranza.plan'].with_user(self.portal).search([]))

    # === MESSAGES === #

    def test_the_link_is_sent_as_a_reply(self):
        self._as(self.collector).action_offer()
        self._as(self.collector).action_send()
        mail = self.env['mail.mail'].search([], order='id desc', limit=1)
        self.assertIn(self.plan.access_token, mail.body_html)
        self.assertIn('Your payment plan', html2plaintext(mail.body_html))
        self.assertIn(self.debtor, mail.recipient_ids)
        contact = self.case.interaction_ids[:1]
        self.assertEqual((contact.purpose, contact.direction), ('reply', 'out'))
        self.assertEqual(contact.message_id, mail.mail_message_id)

    def test_whoever_refused_mail_gets_no_link(self):
        self.env['cobranza.consent'].create(
            {'partner_id': self.debtor.id, 'channel': 'email', 'state': 'out', 'source': 'phone'}
        )
        self._as(self.collector).action_offer()
        with self.assertRaises(UserError):
            self._as(self.collector).action_send()

    def test_a_withdrawn_link_is_dead(self):
        self._as(self.collector).action_offer()
        token = self.plan.access_token
        self._as(self.collector).action_withdraw()
        self.assertFalse(self.plan.access_token)
        self._as(self.collector).action_offer()
        self.assertNotEqual(self.plan.access_token, token)
        self.plan._accept({'signed_by': 'Ana', 'signature': SIGNATURE})
        self.assertTrue(self.plan.access_token, 'the agreement can be read after signing')
