"""The shipped words and policy: templates, strategies, segments, the letter."""

from odoo.tests import tagged

from ..tools.languages import language_of
from ..tools.phrases import find_forbidden
from ..tools.placeholders import names
from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestContent(CobranzaCommon):
    def _shipped(self, model):
        """Return the records of `model` that come with the add-on."""
        data = self.env['ir.model.data'].search(
            [('module', '=', 'cobranza_management'), ('model', '=', model)]
        )
        return self.env[model].with_context(active_test=False).browse(data.mapped('res_id'))

    def _installed(self):
        return [code for code, _name in self.env['res.lang'].get_installed()]

    def test_every_language_of_a_template_keeps_its_placeholders(self):
        """Translations come from files, past the checks of a person's own words."""
        for template in self._shipped('cobranza.template'):
            for field in ('subject', 'body'):
                texts = {
                    lang: template.with_context(lang=lang)[field] for lang in self._installed()
                }
                expected = sorted(names(template.with_context(lang='en_US')[field]))
                for lang, text in texts.items():
                    with self.subTest(template=template.name, field=field, lang=lang):
                        self.assertEqual(sorted(names(text)), expected)
                        self.assertFalse(find_forbidden(text))

    def test_every_channel_of_a_step_has_words_for_its_business(self):
        strategies = self._shipped('cobranza.strategy')
        self.assertEqual(len(strategies), 4)
        for step in strategies.step_ids:
            with self.subTest(strategy=step.strategy_id.name, step=step.name):
                self.assertTrue(step.channel_ids)
                self.assertTrue(all(line.template_id for line in step.channel_ids))
                self.assertEqual(len(set(step.channel_ids.template_id.mapped('category'))), 1)

    def test_the_first_shipped_segment_that_matches_wins(self):
        self._shipped('cobranza.segment').active = True
        newcomer = self._debtor('Nadia')
        self._invoice(self.debtor, days_overdue=200)
        self._invoice(newcomer, days_overdue=3)
        self.env['cobranza.run']._run(self.company)
        expected = {self.debtor: 'segment_high_risk', newcomer: 'segment_new'}
        for debtor, segment in expected.items():
            case = self.env['cobranza.case'].search([('partner_id', '=', debtor.id)])
            self.assertEqual(case.segment_id, self.env.ref(f'cobranza_management.{segment}'))

    def test_letters_print_in_one_document_each_in_its_readers_language(self):
        self.env['res.lang']._activate_lang('es_419')
        reminders = self.env['cobranza.reminder']
        for lang, name in (('en_US', 'Ana'), ('es_419', 'Elvira')):
            debtor = self._debtor(name)
            debtor.lang = lang
            case = self.env['cobranza.case']._get_or_create(debtor, self.company)
            reminders += reminders.create(
                {
                    'case_id': case.id,
                    'company_id': self.company.id,
                    'partner_id': debtor.id,
                    'contact_id': debtor.id,
                    'currency_id': self.company.currency_id.id,
                    'date': '2026-03-04',
                    'letter_subject': f'About {name}',
                    'letter_body': '<p>Words</p>',
                    'letter_address': f'Street 1\n\n{name}ville',
                }
            )
        html = (
            self.env['ir.actions.report']
            ._render_qweb_html('cobranza_management.action_report_letter', reminders.ids)[0]
            .decode()
        )
        self.assertEqual(html.count('class="article"'), 1)
        self.assertIn('March 4, 2026', html)
        self.assertIn('4 de marzo de 2026', html)

    def test_the_mail_says_its_language_and_its_subject(self):
        html = self.env['ir.qweb']._render(
            'cobranza_management.mail_layout',
            {
                'body': 'Words',
                'company': self.company,
                'lang': language_of('es_419'),
                'signature': '',
                'subject': 'A <subject>',
            },
            minimal_qcontext=True,
        )
        self.assertIn('<html lang="es-419">', html)
        self.assertIn('<title>A &lt;subject&gt;</title>', html)
