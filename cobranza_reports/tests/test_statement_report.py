"""Statements on paper: in each customer's language, two milliseconds each."""

import io
import time

from pypdf import PdfReader

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .common_statement import StatementCommon

REPORT = 'cobranza_reports.action_report_statement'


class ReportCommon(StatementCommon):
    def _html(self, cases=None, user=None, **data):
        cases = (cases or self.case).with_user(user or self.supervisor)
        Report = cases.env['ir.actions.report']
        return Report._render_qweb_html(REPORT, cases.ids, data)[0].decode()


@tagged('post_install', '-at_install')
class TestStatementReport(ReportCommon):
    def test_it_says_what_is_owed_how_to_pay_and_who_to_ask(self):
        self.company.cobranza_how_to_pay = '<p>Bank of the Andes 123-456</p>'
        self.collector.phone = '+57 601 555 0101'
        html = self._html().replace('\xa0', ' ')
        for text in (
            'Account statement',
            'As of 03/04/2026',
            self.old.name,
            '$ 1,200.00',
            '31-60 days',
            'Payments and credit notes not applied yet',
            'Bank of the Andes 123-456',
            'Collector',
            '+57 601 555 0101',
        ):
            self.assertIn(text, html)

    def test_each_customer_reads_their_own_language(self):
        beto = self._debtor('Beto', lang='es_419')
        self._invoice(beto, 80, days_overdue=12)
        html = self._html(self.case | self._open_case(beto))
        english, spanish = html.index('Account statement'), html.index('Estado de cuenta')
        self.assertLess(english, spanish)
        for text in ('Vencimiento', 'Días de atraso', 'A quién preguntar'):
            self.assertIn(text, html)
        self.assertIn('20/02/2026', html)

    def test_a_past_day_may_be_asked_for(self):
        self._travel(days=20)
        self._pay(amount=1000, invoice=self.old)
        self.assertNotIn(self.old.name, self._html())
        self.assertIn(self.old.name, self._html(day='2026-03-04'))

    def test_a_balance_in_favour_claims_nothing(self):
        self._pay(amount=2000)
        self._pay(amount=90000, currency=self.clp)
        self.company.cobranza_how_to_pay = '<p>Bank of the Andes</p>'
        html = self._html()
        self.assertIn('Balance in your favour', html)
        self.assertNotIn('Bank of the Andes', html)

    def test_the_button_prints_the_case_and_the_selection_prints_all(self):
        action = self.case.with_user(self.collector).action_print_statement()
        self.assertEqual(action['type'], 'ir.actions.report')
        self.assertEqual(action['context']['active_ids'], self.case.ids)
        bound = self.env['ir.actions.actions'].get_bindings('cobranza.case')['report']
        self.assertIn(self.env.ref(REPORT).id, [report['id'] for report in bound])

    def test_nobody_prints_anothers_case(self):
        for user in (self.other_collector, self.employee, self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._html(user=user)

    def test_a_batch_takes_two_milliseconds_of_processor_for_each_customer(self):
        cases = self.case
        for number in range(30):
            partner = self._debtor(f'Customer {number}')
            for days in (95, 40, 3):
                self._invoice(partner, 100 + number, days_overdue=days)
            cases |= self._open_case(partner)
        self._html(cases)  # templates compile once
        start = time.process_time()
        self._html(cases)
        each = 1000 * (time.process_time() - start) / len(cases)
        self.assertLess(each, 2)

    def test_a_batch_takes_the_statements_of_one(self):
        self._assert_many_cost_as_one(self._html)


@tagged('post_install', '-at_install')
class TestStatementPdf(HttpCase, ReportCommon):
    def _pdf(self, cases, **data):
        # styles are fetched from this very server
        self.env['ir.config_parameter'].sudo().set_param('report.url', self.base_url())
        Report = cases.env['ir.actions.report'].with_context(force_report_rendering=True)
        content, kind = Report._render_qweb_pdf(REPORT, cases.ids, data)
        self.assertEqual(kind, 'pdf')
        return [
            ' '.join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages
        ]

    def test_each_customer_begins_on_a_page_of_their_own(self):
        beto = self._debtor('Beto', lang='es_419')
        self._invoice(beto, 80, days_overdue=12)
        pages = self._pdf(self.case | self._open_case(beto))
        self.assertEqual(len(pages), 2)
        self.assertIn('Account statement', pages[0])
        self.assertIn(self.old.name, pages[0])
        self.assertIn('Estado de cuenta', pages[1])
        self.assertNotIn('Ana', pages[1])
