"""The customer is told how their dispute ended: shown first, free of the law's counters, answered to the case."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext

from .dispute_common import DisputeCommon


@tagged('post_install', '-at_install')
class TestDisputeReply(DisputeCommon):
    def _wizard(self, dispute, decision='reject', user=None, **values):
        Wizard = self.env['cobranza.dispute.resolve.wizard'].with_user(user or self.collector)
        form = Form(Wizard.with_context(default_dispute_id=dispute.id, default_decision=decision))
        for name, value in values.items():
            form[name] = value
        return form

    def _confirm(self, *args, **values):
        form = self._wizard(*args, **values)
        return form.save().action_confirm()

    def _answers(self):
        return self.case.interaction_ids.filtered(lambda contact: contact.purpose == 'reply')

    def test_a_rejection_is_shown_and_told(self):
        dispute = self._dispute(self._invoice(amount=100))
        form = self._wizard(dispute, note='The price is in your order')
        self.assertEqual(form.send_to, 'Ana <ana@example.com>')
        self.assertIn('The price is in your order', form.body)
        form.save().action_confirm()
        answer = self._answers()
        self.assertEqual((answer.address, answer.user_id), ('ana@example.com', self.collector))
        message = answer.message_id
        self.assertEqual(message.partner_ids, self.debtor)
        self.assertIn('100.00', message.body)
        self.assertIn('The price is in your order', message.body)
        self.assertNotIn('{{', message.subject + message.body)
        mail = self.env['mail.mail'].search([('mail_message_id', '=', message.id)])
        self.assertEqual(mail.recipient_ids, self.debtor)
        self.assertIn('Your account', html2plaintext(mail.body_html))

    def test_what_was_edited_is_what_is_sent(self):
        dispute = self._dispute(self._invoice())
        self._confirm(dispute, subject='About your claim', body='<p>Let us talk</p>')
        message = self._answers().message_id
        self.assertEqual(
            (message.subject, message.body), ('About your claim', '<p>Let us talk</p>')
        )

    def test_nothing_is_sent_when_switched_off(self):
        dispute = self._dispute(self._invoice())
        self._confirm(dispute, notify=False)
        self.assertEqual(dispute.state, 'rejected')
        self.assertFalse(self._answers())

    def test_a_withdrawal_is_not_told(self):
        dispute = self._dispute(self._invoice())
        self._confirm(dispute, 'withdraw')
        self.assertEqual((dispute.state, dispute.withdrawal), ('withdrawn', 'customer'))
        self.assertFalse(self._answers())

    def test_an_answer_does_not_count_as_collection(self):
        self._strategy({5: {}})
        dispute = self._dispute(self._invoice())
        self._confirm(dispute)
        self._run()
        self._dispatch()
        self.assertEqual(self._reminder().state, 'sent')

    def test_outside_contact_hours_a_customer_is_still_answered(self):
        dispute = self._dispute(self._invoice())
        self._travel(hours=12)
        self._confirm(dispute)
        self.assertTrue(self._answers())

    def test_who_refused_email_is_not_written_to(self):
        self.env['mail.blacklist'].create({'email': 'ana@example.com'})
        dispute = self._dispute(self._invoice())
        form = self._wizard(dispute)
        self.assertFalse(form.notify)
        self.assertIn('asked not to be written', form.why_not)
        form.save().action_confirm()
        self.assertFalse(self._answers())
        other = self._dispute(self._invoice())
        with self.assertRaisesRegex(UserError, 'asked not'):
            other._resolve('reject', {'message': {'subject': 'x', 'body': 'y'}})

    def test_it_is_in_the_customers_language(self):
        self.env['res.lang']._activate_lang('es_419')
        template = self.env['cobranza.template']._for_dispute('rejected', self.company)
        template.with_context(lang='es_419').subject = 'Respuesta sobre {{dispute_document}}'
        self.debtor.lang = 'es_419'
        form = self._wizard(self._dispute(self._invoice()))
        self.assertIn('Respuesta sobre', form.subject)

    def test_each_outcome_has_its_words(self):
        dispute = self._dispute(self._invoice(amount=100), 60)
        form = self._wizard(dispute, 'accept', self.biller)
        self.assertEqual((form.template_id.dispute_outcome, form.amount), ('accepted', 60))
        form.amount = 25
        self.assertEqual(form.template_id.dispute_outcome, 'partial')
        self.assertIn('25.00', form.body)
        self.assertIn('75.00', form.body)

    def test_the_biller_is_taken_to_the_draft(self):
        dispute = self._dispute(self._invoice(amount=100), 60)
        action = self._confirm(dispute, 'accept', self.biller, amount=25)
        credit = self.env['account.move'].browse(action['res_id'])
        self.assertEqual((credit, credit.amount_total), (dispute.credit_move_id, 25))
        self.assertIn('25.00', self._answers().message_id.body)

    def test_the_wizard_says_what_will_happen(self):
        dispute = self._dispute(self._invoice(amount=100))
        self.assertIn(
            'draft credit note of $\xa0100.00',
            self._wizard(dispute, 'accept', self.biller).consequence,
        )
        self.assertIn('may not make', self._wizard(dispute, 'accept').consequence)
        self.assertIn('claimed again', self._wizard(dispute).consequence)

    def test_threats_are_not_sent_here_either(self):
        dispute = self._dispute(self._invoice())
        with self.assertRaises(ValidationError):
            self._confirm(dispute, body='<p>You will go to jail</p>')

    # === TEMPLATES === #

    def test_each_kind_of_template_has_its_own_placeholders(self):
        with self.assertRaisesRegex(ValidationError, 'dispute_amount'):
            self._template(body='<p>{{dispute_amount}}</p>')
        with self.assertRaisesRegex(ValidationError, 'items_table'):
            self._template(body='<p>{{items_table}}</p>', subject='x', dispute_outcome='rejected')

    def test_an_answer_is_no_step(self):
        answer = self.env['cobranza.template']._for_dispute('rejected', self.company)
        with self.assertRaisesRegex(ValidationError, 'step of a strategy'):
            self._strategy({5: {'template': answer}})

    def test_a_companys_own_words_come_first(self):
        mine = self._template(
            subject='x', body='<p>y</p>', dispute_outcome='rejected', company_id=self.company.id
        )
        Template = self.env['cobranza.template']
        self.assertEqual(Template._for_dispute('rejected', self.company), mine)
        other = self._company('Iberia', 'ES', self.usd)
        self.assertNotEqual(Template._for_dispute('rejected', other), mine)
