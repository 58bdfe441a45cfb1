"""Records made without a form, as an integration makes them: sensible defaults or a clear sentence."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestWizardsWithoutAForm(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls._invoice(amount=100)
        cls.env['cobranza.run']._run(cls.company)
        cls.case = cls.env['cobranza.case'].search([('partner_id', '=', cls.debtor.id)])
        cls.case.user_id = cls.collector
        cls.reason = cls.env['cobranza.dispute.reason'].create({'name': 'Price'})
        cls.env.flush_all()

    def _wizard(self, name, **values):
        return self.env[f'cobranza.{name}.wizard'].with_user(self.collector).create(values)

    def test_a_hold_has_a_length_and_a_reason(self):
        self._wizard('hold', case_ids=self.case.ids).action_confirm()
        self.assertRecordValues(
            self.case, [{'hold_until': self._day(7), 'hold_reason': 'The customer asked for time'}]
        )

    def test_a_hold_for_another_reason_says_which(self):
        wizard = self._wizard('hold', case_ids=self.case.ids, reason_choice='other')
        with self.assertRaisesRegex(ValidationError, 'needs a reason'):
            wizard.action_confirm()

    def test_a_promise_is_for_what_is_overdue_on_friday(self):
        self._wizard('promise', case_id=self.case.id).action_confirm()
        promise = self.case.promise_ids
        self.assertRecordValues(promise, [{'amount': 100, 'currency_id': self.usd.id}])
        self.assertEqual(promise.date.isoformat(), '2026-03-06')
        self.assertEqual(promise.line_ids, self.case.item_ids)

    def test_a_promise_keeps_what_it_was_given(self):
        day = self._day(12)
        wizard = self._wizard('promise', case_id=self.case.id, amount=30, day='other', date=day)
        wizard.action_confirm()
        self.assertRecordValues(self.case.promise_ids, [{'amount': 30, 'date': day}])

    def test_another_day_without_a_day_is_the_one_the_form_starts_with(self):
        wizard = self._wizard('promise', case_id=self.case.id, day='other')
        self.assertEqual(wizard.date.isoformat(), '2026-03-06')

    def test_a_dispute_takes_the_only_item(self):
        self._wizard('dispute', case_id=self.case.id, reason_id=self.reason.id).action_confirm()
        self.assertRecordValues(
            self.case.dispute_ids, [{'amount': 100, 'line_id': self.case.item_ids.id}]
        )

    def test_a_dispute_about_nothing_is_refused(self):
        self._invoice(amount=50)
        wizard = self._wizard('dispute', case_id=self.case.id, reason_id=self.reason.id)
        with self.assertRaisesRegex(UserError, 'does not accept'):
            wizard.action_confirm()


@tagged('post_install', '-at_install')
class TestContactsWithoutAForm(CobranzaCommon):
    """A contact belongs to its case, whatever the caller says, and the case knows of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.other_company = cls._company('Iberia', 'ES', cls.usd)
        cls.stranger = cls._debtor('Stranger')
        cls.case = cls.env['cobranza.case']._get_or_create(cls.debtor, cls.company)
        cls.case.user_id = cls.collector
        cls.env.flush_all()

    def _contact(self, user=None, **values):
        Contact = self.env['cobranza.interaction'].with_user(user or self.collector)
        return Contact.create({'case_id': self.case.id, 'channel': 'phone', **values})

    def test_company_and_debtor_are_the_cases(self):
        contact = self._contact(company_id=self.other_company.id, partner_id=self.stranger.id)
        self.assertRecordValues(
            contact, [{'company_id': self.company.id, 'partner_id': self.debtor.id}]
        )

    def test_who_made_it_is_who_notes_it(self):
        contact = self._contact(user_id=self.supervisor.id)
        self.assertEqual(contact.user_id, self.collector)

    def test_nobody_corrects_a_contact_by_hand(self):
        contact = self._contact()
        for context in ({}, {'default_corrects_id': contact.id}):
            Contact = self.env['cobranza.interaction'].with_user(self.collector)
            forged = Contact.with_context(**context).create(
                {'case_id': self.case.id, 'channel': 'phone', 'corrects_id': contact.id}
            )
            self.assertFalse(forged.corrects_id)

    def test_the_case_knows_when_it_was_contacted_last(self):
        contact = self._contact()
        self.assertEqual(self.case.last_contact_date, contact.date)

    def test_a_contact_beside_another_change_loses_neither(self):
        self.case.user_id = self.other_collector
        contact = self._contact(user=self.supervisor)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.case.user_id, self.other_collector)
        self.assertEqual(self.case.last_contact_date, contact.date)

    def test_a_contact_noted_late_does_not_turn_the_clock_back(self):
        latest = self._contact()
        self._contact(date='2026-02-01 10:00:00')
        self.assertEqual(self.case.last_contact_date, latest.date)

    def test_what_the_customer_says_is_not_our_contact(self):
        self._contact(direction='in')
        self.assertFalse(self.case.last_contact_date)

    @mute_logger('odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule')
    def test_nobody_notes_a_contact_on_the_case_of_another(self):
        with self.assertRaises(AccessError):
            self._contact(user=self.other_collector)
