"""Who notes, reads and settles disputes."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .dispute_common import DisputeCommon

MUTED = 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule'


@tagged('post_install', '-at_install')
class TestDisputeAccess(DisputeCommon):
    def test_a_collector_notes_a_dispute_with_documents(self):
        invoice = self._invoice()
        attachment = (
            self.env['ir.attachment']
            .with_user(self.collector)
            .create({'name': 'photo.txt', 'raw': b'x'})
        )
        Wizard = self.env['cobranza.dispute.wizard'].with_user(self.collector)
        with Form(Wizard.with_context(default_case_id=self.case.id)) as form:
            form.reason_id = self.reason
            form.amount = 40
            form.note = 'Too expensive'
            form.attachment_ids.add(attachment)
        form.record.action_confirm()
        dispute = self._items(invoice).cobranza_dispute_ids
        self.assertEqual((dispute.amount, dispute.note), (40, 'Too expensive'))
        self.assertEqual(dispute.create_uid, self.collector)
        self.assertEqual((attachment.res_model, attachment.res_id), (dispute._name, dispute.id))

    def test_a_document_opens_the_wizard_on_itself(self):
        self._invoice()
        invoice = self._invoice(amount=50)
        action = invoice.with_user(self.collector).action_dispute()
        form = Form(
            self.env[action['res_model']]
            .with_user(self.collector)
            .with_context(**action['context'])
        )
        self.assertEqual(form.amount, 50)
        self._dispute(invoice)
        self.assertEqual(invoice.with_user(self.accountant).cobranza_dispute_count, 1)

    @mute_logger(*MUTED)
    def test_decisions_cannot_be_written(self):
        dispute = self._dispute(self._invoice())
        for user in (self.collector, self.supervisor, self.manager):
            mine = dispute.with_user(user)
            for values in (
                {'state': 'accepted'},
                {'amount_accepted': 1},
                {'amount_held': 0},
                {'credit_move_id': False},
                {'resolved_date': self._day()},
                {'line_id': False},
                {'source': 'portal'},
            ):
                with self.subTest(user=user.name, values=values), self.assertRaises(AccessError):
                    mine.write(values)

    @mute_logger(*MUTED)
    def test_nobody_creates_a_decided_one(self):
        line = self._items(self._invoice())
        values = {'case_id': self.case.id, 'line_id': line.id, 'reason_id': self.reason.id}
        for decided in ({'state': 'accepted'}, {'amount_accepted': 5}, {'decision': 'accepted'}):
            with self.subTest(**decided), self.assertRaises(AccessError):
                self.env['cobranza.dispute'].with_user(self.supervisor).create(values | decided)

    @mute_logger(*MUTED)
    def test_a_collector_who_is_not_the_owner_does_not_settle(self):
        dispute = self._dispute(self._invoice(), user_id=self.supervisor.id)
        mine = dispute.with_user(self.collector)
        self.assertEqual(mine.amount, 100, 'it can be read')
        for attempt in (
            lambda: mine._resolve('reject', {}),
            mine.action_accept,
            mine.action_reject,
            mine.action_withdraw,
            lambda: mine.write({'user_id': self.collector.id}),
            lambda: mine.write({'amount': 5}),
        ):
            with self.assertRaises(AccessError):
                attempt()
        mine.note = 'They called again'

    def test_the_owner_sees_and_settles_a_dispute_of_anothers_case(self):
        dispute = self._dispute(self._invoice(), user_id=self.other_collector.id)
        theirs = dispute.with_user(self.other_collector)
        self.assertEqual(
            theirs.case_id.partner_id, self.debtor, 'the case is read while it is open'
        )
        theirs._resolve('reject', {})
        self.env.flush_all()
        self.env.invalidate_all()
        Case = self.env['cobranza.case'].with_user(self.other_collector)
        self.assertFalse(Case.search([('id', '=', self.case.id)]))

    @mute_logger(*MUTED)
    def test_the_owner_does_not_change_the_case(self):
        self._dispute(self._invoice(), user_id=self.other_collector.id)
        self.env.flush_all()
        with self.assertRaises(AccessError):
            self.case.with_user(self.other_collector).stage_id = False

    @mute_logger(*MUTED)
    def test_owning_it_is_no_way_into_anothers_case(self):
        line = self._items(self._invoice())
        with self.assertRaises(AccessError):
            self.env['cobranza.dispute'].with_user(self.other_collector).create(
                {
                    'case_id': self.case.id,
                    'line_id': line.id,
                    'reason_id': self.reason.id,
                    'user_id': self.other_collector.id,
                }
            )

    @mute_logger(*MUTED)
    def test_a_reader_of_the_books_settles_nothing(self):
        dispute = self._dispute(self._invoice()).with_user(self.accountant)
        with self.assertRaises(AccessError):
            dispute._resolve('reject', {})
        with self.assertRaises(AccessError):
            dispute.note = 'x'

    def test_what_was_decided_is_kept(self):
        dispute = self._dispute(self._invoice())
        dispute._resolve('reject', {})
        with self.assertRaisesRegex(UserError, 'part of the record'):
            dispute.with_user(self.supervisor).unlink()

    @mute_logger(*MUTED)
    def test_another_company_sees_none(self):
        other = self._company('Iberia', 'ES', self.usd)
        stranger = self._user('stranger', 'cobranza_management.group_manager', other)
        dispute = self._dispute(self._invoice()).with_user(stranger)
        dispute = dispute.with_context(allowed_company_ids=other.ids)
        self.assertFalse(dispute.search([]))
        with self.assertRaises(AccessError):
            dispute._resolve('reject', {})
