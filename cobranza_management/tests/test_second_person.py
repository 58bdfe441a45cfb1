"""Write-offs and hand-offs wait for a second person, in one list; who stands in for a colleague sees theirs."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_handoff import HandoffCommon

MUTED = 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule'


@tagged('post_install', '-at_install')
class TestSecondPerson(HandoffCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.cobranza_writeoff_limit = 500

    def _handoff(self, user):
        return self._owing().with_user(user)._propose_handoff(self.agency).with_user(user)

    def _writeoff(self, user):
        case = self._owing()
        amounts = {line: line.amount_residual_currency for line in case.item_ids}
        return case.with_user(user)._propose_writeoff(
            amounts, {'reason': 'insolvent', 'note': 'Wound up'}
        )

    def _waiting(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        Approval = self.env['cobranza.approval'].with_user(user or self.manager)
        return Approval.search([('kind', 'in', ('cobranza.writeoff', 'cobranza.handoff'))])

    # === HAND-OFFS === #

    def test_nobody_approves_the_hand_off_they_proposed(self):
        for user in (self.supervisor, self.manager):
            handoff = self._handoff(user)
            with self.subTest(user=user.login):
                self.assertFalse(handoff.can_approve)
                with self.assertRaisesRegex(AccessError, 'proposes'):
                    handoff.action_approve()
                self.assertEqual(handoff.state, 'draft')
            handoff.action_cancel()

    def test_who_added_one_of_its_cases_proposed_it_too(self):
        handoff = self._handoff(self.collector)
        self.assertTrue(handoff.with_user(self.supervisor).can_approve)
        more = self._owing(self._debtor('Luis')).with_user(self.supervisor)
        self.assertEqual(more._propose_handoff(self.agency), handoff)
        with self.assertRaisesRegex(AccessError, 'proposes'):
            handoff.with_user(self.supervisor).action_approve()
        handoff.with_user(self.manager).action_approve()
        self.assertEqual((handoff.state, handoff.approved_by_id), ('approved', self.manager))

    # === THE LIST === #

    def test_a_hand_off_waits_in_the_list_of_approvals(self):
        handoff = self._handoff(self.collector)
        row = self._waiting(self.supervisor)
        self.assertRecordValues(
            row,
            [
                {
                    'amount': 100,
                    'case_id': False,
                    'company_id': self.company.id,
                    'currency_id': self.usd.id,
                    'kind': 'cobranza.handoff',
                    'obstacle': '',
                    'record_id': handoff.id,
                    'summary': 'Cases for Recovery: 1',
                }
            ],
        )
        self.assertEqual(row.action_open()['res_id'], handoff.id)
        row.action_approve()
        self.assertEqual(handoff.sudo().state, 'approved')
        self.assertFalse(self._waiting(self.supervisor))

    def test_a_hand_off_is_refused_from_the_list(self):
        handoff = self._handoff(self.collector)
        self._waiting(self.supervisor).action_refuse()
        self.assertEqual(handoff.sudo().state, 'cancelled')

    def test_a_write_off_waits_in_the_list_of_approvals(self):
        writeoff = self._writeoff(self.collector)
        row = self._waiting()
        self.assertRecordValues(
            row,
            [
                {
                    'amount': 100,
                    'case_id': self._case().id,
                    'kind': 'cobranza.writeoff',
                    'obstacle': '',
                    'partner_id': self.debtor.id,
                    'record_id': writeoff.id,
                    'summary': 'Wound up',
                }
            ],
        )
        row.action_approve()
        self.assertEqual(writeoff.state, 'approved')
        self.assertFalse(self._waiting())

    def test_a_write_off_is_refused_from_the_list(self):
        writeoff = self._writeoff(self.collector)
        self._waiting().action_refuse()
        self.assertEqual(writeoff.state, 'rejected')

    def test_who_may_not_decide_sees_it_and_is_told_why(self):
        self._writeoff(self.manager)
        for user, why in ((self.manager, 'proposes'), (self.supervisor, 'accountant')):
            row = self._waiting(user)
            with self.subTest(user=user.login):
                self.assertIn(why, row.obstacle)
                with self.assertRaisesRegex(AccessError, why):
                    row.action_approve()

    def test_another_company_has_its_own_list(self):
        self._handoff(self.collector)
        self._writeoff(self.collector)
        other = self._company('Iberia', 'ES', self.usd)
        stranger = self._user('stranger', 'cobranza_management.group_manager', other)
        self.assertEqual(len(self._waiting()), 2)
        elsewhere = self.env['cobranza.approval'].with_context(allowed_company_ids=other.ids)
        self.assertFalse(elsewhere.with_user(stranger).search([]))

    def test_a_hand_off_is_nobodys_row_on_the_team_board(self):
        self._handoff(self.collector)
        self._case().user_id = self.collector
        self.env.flush_all()
        rows = self.env['cobranza.team.board'].with_user(self.supervisor).search([])
        self.assertEqual(sum(rows.mapped('approval_count')), 0)

    # === SUBSTITUTES === #

    @mute_logger(*MUTED)
    def test_who_stands_in_sees_write_offs_and_hand_offs_meanwhile(self):
        handoff = self._handoff(self.manager)
        writeoff = self._writeoff(self.manager)
        self._case().user_id = self.collector
        self.env['cobranza.absence'].create(
            {
                'user_id': self.collector.id,
                'date_from': self._day(1),
                'date_to': self._day(2),
                'substitute_id': self.other_collector.id,
            }
        )
        theirs = (handoff, handoff.line_ids, handoff.line_ids.item_ids, writeoff, writeoff.item_ids)

        def seen():
            return [
                record.with_user(self.other_collector).search([('id', 'in', record.ids)])
                for record in theirs
            ]

        self.assertFalse(any(seen()), 'not before')
        self._travel(days=1)
        self.assertEqual([found.ids for found in seen()], [record.ids for record in theirs])
        self.assertTrue(writeoff.with_user(self.other_collector).note)
        self._travel(days=2)
        self.assertFalse(any(seen()), 'nor afterwards')
        with self.assertRaises(AccessError):
            writeoff.with_user(self.other_collector).read(['note'])
