"""Who may hand cases over, see them and write what, in one company and in two."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_handoff import HandoffCommon


@tagged('post_install', '-at_install')
class TestHandoffAccess(HandoffCommon):
    def test_a_collector_proposes_their_own_and_decides_nothing(self):
        case = self._owing()
        case.user_id = self.collector
        mine = case.with_user(self.collector)._propose_handoff(self.agency)
        self.assertEqual(mine.line_ids.case_id, case)
        for action in (
            'action_approve',
            'action_deliver',
            'action_cancel',
            'action_close',
            'action_download',
        ):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(mine.with_user(self.collector), action)()
        with self.assertRaises(AccessError):
            case.with_user(self.other_collector)._propose_handoff(self.agency)

    def test_who_sees_what_was_handed_over(self):
        luis = self._debtor('Luis')
        handoff = self._proposed(self.debtor, luis)
        self._case().user_id = self.collector
        self._case(luis).user_id = self.other_collector
        Line = self.env['cobranza.handoff.line']
        for user, expected in (
            (self.collector, self.debtor),
            (self.supervisor, self.debtor + luis),
            (self.accountant, self.debtor + luis),
        ):
            with self.subTest(user=user.name):
                lines = Line.with_user(user).search([('handoff_id', '=', handoff.id)])
                self.assertEqual(lines.partner_id, expected)
        for user in (self.employee, self.portal):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                Line.with_user(user).search([])

    @mute_logger('odoo.addons.base.models.ir_model')
    def test_amounts_and_states_are_not_written_by_hand(self):
        handoff = self._proposed()
        for record, values in (
            (handoff, {'state': 'delivered'}),
            (handoff, {'date': self._day()}),
            (handoff.line_ids, {'amount': 1}),
            (handoff.line_ids, {'recovered': 1}),
            (handoff.line_ids, {'state': 'handed'}),
            (handoff.line_ids.item_ids, {'amount': 1}),
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                record.with_user(self.manager).write(values)

    def test_another_company_has_its_own_proposal_and_does_not_see_this_one(self):
        other = self._company('Iberia', 'ES', self.usd)
        self.agency.company_id = False
        self._invoice(company=other)
        self.env['cobranza.run']._run(other)
        proposals = (self._owing() + self._case(company=other))._propose_handoff(self.agency)
        self.assertEqual(proposals.company_id, self.company + other)
        outsider = self._user('outsider', 'cobranza_management.group_manager', other)
        seen = (
            self.env['cobranza.handoff']
            .with_user(outsider)
            .with_context(allowed_company_ids=other.ids)
            .search([])
        )
        self.assertEqual(seen.company_id, other)
        self.assertEqual(seen.agency_id, self.agency)

    def test_an_agency_of_another_company_gets_no_escalation_of_this_one(self):
        other = self._company('Iberia', 'ES', self.usd)
        self.agency.company_id = other
        found = self.env['cobranza.agency']._default_for('agency', self.company)
        self.assertFalse(found)
