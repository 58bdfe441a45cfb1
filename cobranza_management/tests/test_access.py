"""Who may see and do what, as the weakest user, and with two companies."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestAccess(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.company.cobranza_review = True
        cls._strategy({5: {}})
        cls.mine, cls.theirs, cls.free = (cls._debtor(n) for n in ('Mine', 'Theirs', 'Free'))
        for partner in (cls.mine, cls.theirs, cls.free):
            cls._invoice(partner)
        cls.env['cobranza.run']._run(cls.company)
        cls.env.invalidate_all()
        Case = cls.env['cobranza.case']
        cls.cases = {case.partner_id: case for case in Case.search([])}
        cls.cases[cls.mine].user_id = cls.collector
        cls.cases[cls.theirs].user_id = cls.other_collector
        cls.env['cobranza.interaction']._log(
            [{'case_id': case.id, 'channel': 'phone'} for case in cls.cases.values()]
        )
        cls.env.flush_all()

    def _names(self, model, user):
        return set(self.env[model].with_user(user).search([]).mapped('partner_id.name'))

    def test_a_collector_sees_their_own_cases_and_those_nobody_has(self):
        for model in ('cobranza.case', 'cobranza.reminder', 'cobranza.interaction'):
            with self.subTest(model=model):
                self.assertEqual(self._names(model, self.collector), {'Mine', 'Free'})

    def test_a_supervisor_and_an_accountant_see_all(self):
        for user in (self.supervisor, self.manager, self.accountant):
            with self.subTest(user=user.name):
                self.assertEqual(self._names('cobranza.case', user), {'Mine', 'Theirs', 'Free'})

    def test_others_see_nothing(self):
        for user in (self.employee, self.portal):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.env['cobranza.case'].with_user(user).search([])

    @mute_logger('odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule')
    def test_a_collector_cannot_approve_reject_or_send_again(self):
        reminder = self._reminder(self.mine).with_user(self.collector)
        for action in ('action_approve', 'action_reject'):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(reminder, action)()
        self.assertEqual(reminder.sudo().state, 'review')

    @mute_logger('odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule')
    def test_a_collector_cannot_run_the_cycle(self):
        with self.assertRaises(AccessError):
            self.env['cobranza.run'].with_user(self.collector).action_run_now()

    @mute_logger('odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule')
    def test_a_collector_cannot_touch_the_case_of_another(self):
        theirs = self.cases[self.theirs].with_user(self.collector)
        with self.assertRaises(AccessError):
            theirs.stage_id = self.env['cobranza.stage'].search([], limit=1)
        with self.assertRaises(AccessError):
            self.env['cobranza.hold'].with_user(self.collector).create(
                {'case_id': theirs.id, 'reason': 'x', 'until': self._day(1)}
            )

    def test_a_collector_holds_and_promises_on_their_own_case(self):
        case = self.cases[self.mine].with_user(self.collector)
        self.env['cobranza.hold'].with_user(self.collector).create(
            {'case_id': case.id, 'reason': 'Sick', 'until': self._day(1)}
        )
        self.assertTrue(case.is_on_hold)

    @mute_logger('odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule')
    def test_a_supervisor_does_not_configure(self):
        with self.assertRaises(AccessError):
            self.env['cobranza.strategy'].with_user(self.supervisor).create({'name': 'Mine'})

    def test_the_contact_log_is_append_only_even_for_a_manager(self):
        contact = self.cases[self.mine].interaction_ids[:1].with_user(self.manager)
        for attempt in (lambda: contact.sudo().write({'summary': 'x'}), contact.sudo().unlink):
            with self.assertRaises(UserError):
                attempt()

    # === TWO COMPANIES === #

    def test_numbers_do_not_change_with_the_active_company(self):
        other = self._company('Iberia', 'ES', self.usd)
        self._invoice(self.mine, amount=70, company=other, days_overdue=40)
        self.env['cobranza.run']._run(other)
        user = self._user('both', 'cobranza_management.group_supervisor', self.company + other)
        seen = set()
        for companies in (self.company, other, self.company + other):
            partner = self.mine.with_user(user).with_context(allowed_company_ids=companies.ids)
            self.env.invalidate_all()
            seen.add((partner.days_overdue, partner.aging_bucket_id.name))
        self.assertEqual(len(seen), 1, seen)
        self.assertEqual(seen.pop()[0], 40)

    def test_another_companys_cases_stay_there(self):
        other = self._company('Iberia', 'ES', self.usd)
        self._invoice(self.mine, amount=70, company=other)
        self.env['cobranza.run']._run(other)
        companies = self.env['cobranza.case'].with_user(self.supervisor).search([]).company_id
        self.assertEqual(companies, self.company)
        self.assertEqual(self.cases[self.mine].amount_open, 100)
