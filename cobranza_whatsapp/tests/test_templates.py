"""Templates are read from WhatsApp, or written here and sent to it; what fills their gaps can be seen."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .cloud import refused, template
from .common import WhatsappCommon


@tagged('post_install', '-at_install')
class TestTemplates(WhatsappCommon):
    def _draft(self, **values):
        return self.env['cobranza.whatsapp.template'].create(
            {
                'account_id': self.account.id,
                'draft_button': 'Pagar',
                'draft_text': 'Hola {{debtor_name}}, le recordamos que debe {{amount}}. Gracias.',
                'name': 'recordatorio_1',
                'template_id': self.template.id,
                **values,
            }
        )

    def _asked(self):
        return [
            body for _m, path, body in self.cloud.requests if path.endswith('/message_templates')
        ][-1]

    def test_a_text_written_here_is_sent_for_approval_and_knows_what_fills_it(self):
        draft = self._draft()
        self.assertIn('Maria Gonzalez', draft.preview)
        self.cloud.answers.append((200, {'id': '77', 'status': 'PENDING', 'category': 'UTILITY'}))
        draft.action_submit()
        body, buttons = self._asked()['components']
        self.assertEqual(body['text'], 'Hola {{1}}, le recordamos que debe {{2}}. Gracias.')
        self.assertTrue(buttons['buttons'][0]['url'].endswith('/c/{{1}}'))
        self.assertEqual(draft.variable_ids.mapped('source'), ['debtor_name', 'amount', 'pay_link'])
        self.assertFalse(draft.is_usable)
        self._tell(
            'message_template_status_update',
            event='APPROVED',
            message_template_name='recordatorio_1',
            message_template_language='es',
        )
        self.assertTrue(draft.is_usable)

    def test_it_is_shown_with_its_button_and_document_and_in_words(self):
        draft = self._draft(
            draft_document=True, draft_text='Vence el {{oldest_due_date}}, pague ya.'
        )
        for part in ('Vence el ', 'Pagar', 'PDF'):
            self.assertIn(part, draft.preview)
        self.assertNotIn('2026-', draft.preview)
        self.assertIn('Pagar', self.approved.preview)
        self.approved.status = 'SOMETHING_NEW'
        self.assertEqual(
            (draft.status_label, self.approved.category_label, self.approved.status_label),
            ('Draft', 'Utility', 'SOMETHING_NEW'),
        )

    def test_what_is_written_in_a_text_is_text(self):
        draft = self._draft(draft_text='Hola <b>x</b> {{debtor_name}}, debe dinero.')
        self.assertIn('&lt;b&gt;', draft.preview)

    def test_what_whatsapp_would_refuse_is_said_before_it_is_sent(self):
        for values, words in (
            ({'name': 'Con Espacios'}, 'name'),
            ({'draft_text': 'Hola, le recordamos que usted debe {{amount}}'}, 'end with'),
            ({'draft_text': 'Hola {{amount}} y {{debtor_name}} ok.'}, 'mostly placeholders'),
        ):
            draft = self._draft(**{'name': f'x{len(words)}', **values})
            with self.assertRaisesRegex(UserError, words):
                draft.action_submit()
        self.assertFalse(self.cloud.requests)

    def test_what_whatsapp_refuses_is_said_in_its_words(self):
        draft = self._draft()
        self.cloud.answers.append(refused(100, 'Duplicate name'))
        with self.assertRaisesRegex(UserError, 'Duplicate name'):
            draft.action_submit()
        self.assertEqual(draft.status, 'DRAFT')

    def test_an_unknown_placeholder_or_a_threat_is_refused(self):
        for text in ('Hola, debe {{nope}} a la casa.', 'Pague o irá a la cárcel hoy mismo.'):
            with self.assertRaises(ValidationError):
                self._draft(draft_text=text)

    def test_a_draft_begins_with_the_short_text_of_its_message(self):
        self.template.sms_text = 'Hola {{debtor_name}}, debe {{amount}}.'
        form = Form(self.env['cobranza.whatsapp.template'])
        form.account_id = self.account
        form.template_id = self.template
        self.assertEqual(form.draft_text, self.template.sms_text)

    def test_the_language_nearest_to_the_readers_is_used(self):
        base = self.company.get_base_url()
        self.cloud.templates = [
            template('cobranza_d3', base, language=language) for language in ('en', 'es', 'es_MX')
        ]
        self.account.action_sync_templates()
        self._map(self.account.template_ids)
        for lang, expected in (
            ('es_MX', 'es_MX'),
            ('es_AR', 'es'),
            ('en_US', 'en'),
            ('fr_FR', 'es'),
        ):
            found = self.template._whatsapp_template(self.account, lang)
            self.assertEqual(found.language, expected, lang)

    def test_a_template_whose_button_leads_elsewhere_is_not_used(self):
        self.cloud.templates = [template('cobranza_d3', 'https://elsewhere.example')]
        self.account.action_sync_templates()
        self._map(self.account.template_ids)
        self._invoice()
        self.approved.action_unblock()
        reminder = self._send()
        self.assertIn('button', self.approved.why_not)
        self.assertEqual((reminder.state, reminder.channel), ('sent', 'email'))
        self.assertFalse(self.cloud.sent)

    def test_a_gap_that_nothing_fills_keeps_a_template_out_of_use(self):
        self.approved.variable_ids[:1].source = False
        self.assertFalse(self.approved.is_usable)
        self.assertTrue(self.approved.why_not)

    def _sent_document(self, kind):
        """Send a message whose header is a document; return that as the API got it."""
        header = {'type': 'HEADER', 'format': 'DOCUMENT'}
        row = template('cobranza_d3', self.company.get_base_url())
        row['components'] = [header, *row['components']]
        self.cloud.templates = [row]
        self.account.action_sync_templates()
        self.approved.action_unblock()
        self.assertFalse(self.approved.is_usable, 'nobody has said which document')
        self.approved.document = kind
        self.invoice = self._invoice()
        self._send()
        [sent] = self.cloud.sent
        return sent['template']['components'][0]['parameters'][0]['document']

    def test_a_document_in_the_header_is_the_oldest_invoice(self):
        document = self._sent_document('invoice')
        self.assertEqual(document['filename'], f'{self.invoice.name.replace("/", "-")}.pdf')
        self.assertIn('/cobranza/whatsapp/document/', document['link'])

    def test_a_document_in_the_header_is_the_statement_where_there_are_statements(self):
        choices = dict(self.approved._fields['document']._description_selection(self.env))
        installed = self.env['cobranza.case']._has_statement()
        self.assertEqual('statement' in choices, installed)
        if installed:
            self.env['res.lang']._activate_lang('es_419')
            self.debtor.lang = 'es_419'
            document = self._sent_document('statement')
            self.assertEqual(document['filename'], 'Estado de cuenta.pdf')
            token = document['link'].rpartition('/cobranza/whatsapp/statement/')[2]
            self.assertEqual(self.env['cobranza.case']._of_whatsapp_statement(token), self._case())

    def test_a_template_that_is_gone_at_whatsapp_is_not_used(self):
        self.cloud.templates = []
        self.account.action_sync_templates()
        self.assertFalse(self.approved.is_usable)
