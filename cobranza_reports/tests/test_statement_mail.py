"""Statements by e-mail: through the gate, in the reader's language, with the PDF, and nobody left out in silence."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_statement import StatementCommon


@tagged('post_install', '-at_install')
class TestStatementMail(StatementCommon):
    def setUp(self):
        super().setUp()
        self.Mail = self.env['cobranza.statement.mail']

    def _queue(self, cases=None, user=None, **options):
        cases = (cases or self.case).with_user(user or self.collector)
        return cases.env['cobranza.statement.mail']._queue(cases, **options).sudo()

    def _send(self):
        with patch.object(
            self.env.registry['ir.cron'], '_commit_progress', lambda *args, **kwargs: float('inf')
        ):
            self.Mail._cron_send_statements()
        self.env.invalidate_all()

    def _wizard(self, cases=None, user=None, **values):
        return (
            self.env['cobranza.statement.wizard']
            .with_user(user or self.collector)
            .create({'case_ids': (cases or self.case).ids, 'day': self._day(), **values})
        )

    def test_it_waits_in_odoos_queue_with_the_pdf(self):
        mail = self._queue()
        self.assertEqual((mail.state, mail.address), ('queued', 'ana@example.com'))
        self._send()
        self.assertEqual((mail.state, mail.reason), ('sent', False))
        message = mail.mail_message_id
        self.assertEqual(message.attachment_ids.mapped('name'), ['Account statement - Ana.pdf'])
        outgoing = self.env['mail.mail'].search([('mail_message_id', '=', message.id)])
        self.assertEqual(outgoing.state, 'outgoing')
        self.assertEqual(outgoing.recipient_ids, self.debtor)
        self.assertIn('1,200.00', message.body)
        self.assertIn('Just answer this message', outgoing.body_html)
        self.assertNotIn('Collection Case', outgoing.body_html)

    def test_it_is_in_the_log_and_counts_for_the_law(self):
        self._queue()
        self._send()
        contact = self.env['cobranza.interaction'].search([('case_id', '=', self.case.id)])
        self.assertEqual(
            (contact.channel, contact.purpose, contact.user_id),
            ('email', 'collection', self.collector),
        )
        again = self._queue()
        self.assertEqual(again.state, 'queued')
        self.assertGreater(again.next_attempt_at, again.create_date)
        self._send()
        self.assertEqual(again.state, 'queued')

    def test_each_is_written_in_the_language_of_who_reads_it(self):
        self._debtor('Luisa', parent_id=self.debtor.id, type='invoice', lang='es_419')
        mail = self._queue()
        self._send()
        self.assertEqual(mail.contact_id.name, 'Luisa')
        self.assertIn('Estado de cuenta', mail.mail_message_id.subject)
        self.assertEqual(
            mail.mail_message_id.attachment_ids.mapped('name'), ['Estado de cuenta - Ana.pdf']
        )
        self.assertIn('Estado de cuenta', mail.mail_message_id.attachment_ids.raw.decode())
        outgoing = self.env['mail.mail'].search([('mail_message_id', '=', mail.mail_message_id.id)])
        self.assertIn('Responda a este mensaje', outgoing.body_html)

    def test_outside_the_hours_of_the_law_it_waits_for_the_next_lawful_minute(self):
        self._travel(hours=12)  # 22:00 in Bogotá
        mail = self._queue()
        self.assertEqual(mail.state, 'queued')
        self.assertIn('outside contact hours', mail.reason)
        self._send()
        self.assertEqual(mail.state, 'queued')
        self.clock.move_to(mail.next_attempt_at)
        self._send()
        self.assertEqual(mail.state, 'sent')

    def test_a_reply_leaves_at_any_hour_but_to_one_customer_only(self):
        self._travel(hours=12)
        mail = self._queue(purpose='reply')
        self._send()
        self.assertEqual(mail.state, 'sent')
        beto = self._debtor('Beto')
        self._invoice(beto)
        with self.assertRaises(UserError):
            self._queue(self.case | self._open_case(beto), purpose='reply')

    def test_who_is_left_out_and_why(self):
        reasons = {}
        for name, values in {'Mute': {'email': False}, 'Shy': {}, 'Paid': {}, 'Held': {}}.items():
            partner = self._debtor(name, **values)
            invoice = self._invoice(partner, 80)
            reasons[name] = self._open_case(partner)
            if name == 'Paid':
                self._pay(amount=80, invoice=invoice)
        self.env['mail.blacklist'].create({'email': 'shy@example.com'})
        reasons['Held']._hold('Asked for time', self._day(7))
        cases = self.env['cobranza.case'].union(*reasons.values())
        mails = self._queue(cases)
        self.assertEqual(set(mails.mapped('state')), {'left_out'})
        said = {mail.partner_id.name: mail.reason for mail in mails}
        self.assertEqual(said['Mute'], 'there is no e-mail address')
        self.assertEqual(said['Shy'], 'asked not to be written to by e-mail')
        self.assertEqual(said['Paid'], 'nothing is open')
        self.assertIn('Asked for time', said['Held'])
        preview = str(self._wizard(cases).preview)
        for reason in said.values():
            self.assertIn(reason.split(';')[0], preview)

    def test_what_is_paid_before_it_leaves_is_not_claimed(self):
        mail = self._queue()
        self._pay(amount=1000, invoice=self.old)
        self._pay(amount=500, invoice=self.young)
        self._pay(amount=90000, invoice=self.pesos, currency=self.clp)
        self._send()
        self.assertEqual(mail.state, 'sent')
        self.assertIn('Balance in your favour', mail.mail_message_id.body)
        self.assertNotIn('Balance to pay', mail.mail_message_id.body)

    def test_two_clicks_send_one(self):
        self.assertEqual(self._queue(), self._queue())
        self._send()
        self.assertEqual(len(self.Mail.search([('case_id', '=', self.case.id)])), 1)

    def test_one_that_fails_leaves_the_others_alone(self):
        beto = self._debtor('Beto')
        self._invoice(beto)
        mails = self._queue(self.case | self._open_case(beto))
        real = type(self.Mail)._pdf

        def fail_for_ana(mail, case, day, lang):
            if case.partner_id == self.debtor:
                raise ValueError('no paper')
            return real(mail, case, day, lang)

        with patch.object(self.env.registry['cobranza.statement.mail'], '_pdf', fail_for_ana):
            self._send()
        self.assertEqual(
            {mail.partner_id.name: mail.state for mail in mails},
            {'Ana': 'failed', 'Beto': 'sent'},
        )

    def test_what_waits_can_be_taken_back(self):
        mail = self._queue()
        mail.with_user(self.collector).action_cancel()
        self._send()
        self.assertEqual(mail.state, 'cancelled')

    def test_companies_send_their_own(self):
        iberia = self._company('Iberia', 'ES', self._currency('EUR'))
        iberia.cobranza_email_from = 'cobros@iberia.example.com'
        self._invoice(amount=70, company=iberia)
        mail = self._queue(self._open_case(company=iberia), user=self.env.user, purpose='reply')
        self._send()
        self.assertEqual(mail.state, 'sent', mail.reason)
        message = mail.mail_message_id
        self.assertIn('cobros@iberia.example.com', message.email_from)
        self.assertIn('70.00', message.body)
        self.assertNotIn('1,200.00', message.body + message.attachment_ids.raw.decode())

    def test_the_reason_is_in_the_language_of_who_sends(self):
        self.collector.lang = 'es_419'
        mail = self._queue()
        self.company.partner_id.tz = 'America/Bogota'
        self._travel(hours=12)
        self._send()
        self.assertEqual((mail.state, mail.reason), ('queued', 'fuera del horario de contacto'))

    def test_others_do_not_send(self):
        for user in (self.other_collector, self.accountant, self.employee):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._queue(user=user)

    def test_a_collector_sees_their_own_only(self):
        mail = self._queue()
        see = lambda user: self.Mail.with_user(user).search([('id', '=', mail.id)])  # noqa: E731
        self.assertTrue(see(self.collector) and see(self.supervisor))
        self.assertFalse(see(self.other_collector))

    def test_the_plan_of_many_takes_the_statements_of_one(self):
        self._assert_many_cost_as_one(self.Mail._plan)
