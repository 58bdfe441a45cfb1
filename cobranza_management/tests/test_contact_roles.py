"""Who is asked first, who is asked by a person only, and who never is."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CobranzaCommon

MUTED = 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule'


@tagged('post_install', '-at_install')
class TestContactRoles(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.debtor.is_company = True
        cls.people = {
            name: cls._debtor(name, parent_id=cls.debtor.id, type=kind, cobranza_role=role)
            for name, kind, role in (
                ('Olga', 'contact', False),
                ('Ines', 'invoice', False),
                ('Abel', 'contact', 'approver'),
                ('Gil', 'contact', 'guarantor'),
                ('Nora', 'contact', 'never'),
                ('Clara', 'contact', 'clerk'),
            )
        }
        cls.case = cls.env['cobranza.case']._get_or_create(cls.debtor, cls.company)
        cls.case.user_id = cls.collector

    def _order(self):
        contacts = self.env['cobranza.channel']._contacts_of(self.debtor)[self.debtor]
        return contacts.mapped('name')

    def _set(self, name, role, user=None):
        person = self.people.get(name, self.debtor)
        self.case.with_user(user or self.collector)._set_roles({person: role})

    def test_the_order_of_contact(self):
        self.assertEqual(self._order(), ['Clara', 'Ines', 'Ana', 'Abel', 'Olga'])

    def test_the_next_in_order_when_one_cannot_be_reached(self):
        email = self.env['cobranza.channel.email']
        reached = []
        for name in ('Clara', 'Ines', 'Ana', 'Abel', 'Olga'):
            reached.append(email._reachable(self.debtor)[self.debtor][0].name)
            self.people.get(name, self.debtor).email = False
        self.assertEqual(reached, ['Clara', 'Ines', 'Ana', 'Abel', 'Olga'])
        self.assertFalse(
            email._reachable(self.debtor), 'neither guarantor nor who is never contacted'
        )

    def test_the_debtor_too_may_be_one_never_to_be_contacted(self):
        self.debtor.cobranza_role = 'never'
        self.assertNotIn('Ana', self._order())

    def test_messages_go_to_the_clerk_and_not_to_who_is_never_contacted(self):
        self._strategy({5: {}})
        self._invoice()
        self._run()
        self._dispatch()
        self.assertEqual(self._reminder().contact_id, self.people['Clara'])

    def test_every_channel_leaves_them_out(self):
        (self.debtor + self.debtor.child_ids).write(
            {'email': False, 'phone': False, 'street': False}
        )
        # of a kind that keeps an address of its own
        self.people['Nora'].type = 'other'
        self.people['Nora'].write(
            {'email': 'n@x.com', 'phone': '+57 601 5550101', 'street': 'Calle'}
        )
        for code in self.env['cobranza.channel']._codes():
            channel = self.env['cobranza.channel']._of_code(code)
            with self.subTest(channel=code):
                self.assertFalse(channel._reachable(self.debtor))

    def _nobody(self):
        self.debtor.child_ids.filtered(lambda c: c.cobranza_role != 'guarantor').write(
            {'cobranza_role': 'never'}
        )
        self.debtor.cobranza_role = 'never'

    def test_the_gate_says_that_nobody_may_be_contacted(self):
        self._nobody()
        verdict = self.env['cobranza.contact.guard']._assess(self.case, ['email'])[
            self.case, 'email'
        ]
        self.assertEqual((verdict.allowed, verdict.code), (False, 'never_contact'))
        self.assertIn('Nora', verdict.detail)
        row = next(row for row in self.case.channel_status if row['code'] == 'email')
        self.assertIn('nobody there may be contacted', row['reason'])

    def test_one_of_them_does_not_stop_the_others(self):
        verdict = self.env['cobranza.contact.guard']._assess(self.case, ['email'])[
            self.case, 'email'
        ]
        self.assertTrue(verdict.allowed)

    def test_a_message_to_nobody_fails_with_that_reason(self):
        self._strategy({5: {}})
        self._invoice()
        self._run()
        self._nobody()
        self._dispatch()
        reminder = self._reminder()
        self.assertEqual((reminder.state, reminder.reason_code), ('failed', 'never_contact'))
        self.assertIn('nobody there may be contacted', reminder.reason)

    def test_queries_do_not_grow_with_debtors(self):
        counts = []
        for many in (1, 8):
            debtors = self.env['res.partner']
            for number in range(many):
                debtor = self._debtor(f'D{many}{number}', is_company=True)
                self._debtor('Boss', parent_id=debtor.id, cobranza_role='never')
                debtors += debtor
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env['cobranza.channel']._contacts_of(debtors)
            self.env['cobranza.channel']._never_of(debtors)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    # === WHO SAYS SO === #

    def test_a_collector_gives_roles_without_a_right_to_edit_contacts(self):
        nora = self.people['Nora'].with_user(self.collector)
        self.assertFalse(nora.has_access('write'))
        self._set('Olga', 'clerk')
        self.assertEqual(self.people['Olga'].cobranza_role, 'clerk')
        self.assertIn('Olga: Payables clerk', self.case.message_ids[0].body)
        self.assertEqual(self.case.message_ids[0].author_id, self.collector.partner_id)

    def test_the_wizard_lists_everybody_and_saves(self):
        Wizard = self.env['cobranza.role.wizard'].with_user(self.collector)
        with Form(Wizard.with_context(default_case_id=self.case.id)) as form:
            self.assertEqual(len(form.line_ids), 7)
            with form.line_ids.edit(0) as line:
                line.role = 'never'
        form.record.action_confirm()
        self.assertEqual(self.people['Clara'].cobranza_role, 'never')
        self.assertEqual(self.people['Ines'].cobranza_role, False)

    def test_the_card_shows_everybody_in_order(self):
        people = self.case.with_user(self.collector).people
        self.assertEqual(
            [person['name'] for person in people],
            ['Clara', 'Ines', 'Ana', 'Abel', 'Olga', 'Gil', 'Nora'],
        )
        self.assertEqual([person['never'] for person in people], [False] * 6 + [True])

    @mute_logger(*MUTED)
    def test_nobody_else_gives_roles(self):
        for user in (self.other_collector, self.accountant, self.employee, self.portal):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._set('Olga', 'never', user)
        self.assertFalse(self.people['Olga'].cobranza_role)

    def test_only_people_of_the_debtor(self):
        with self.assertRaisesRegex(UserError, 'does not belong to Ana'):
            self.case.with_user(self.collector)._set_roles({self._debtor('Luis'): 'never'})

    @mute_logger(*MUTED)
    def test_roles_are_for_those_who_collect(self):
        with self.assertRaises(AccessError):
            self.people['Nora'].with_user(self.employee).read(['cobranza_role'])
