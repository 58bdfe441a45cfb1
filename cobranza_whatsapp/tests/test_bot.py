"""A customer who writes is served: the case moves, and nobody else learns what they owe."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..models.cobranza_whatsapp_bot import DISPUTE_REASONS as REASONS
from ..tools.bot_protocol import ACTIONS, DISPUTE_REASONS, HAND_OVER_REASONS, SAYINGS, TITLES
from ..tools.buttons import ROW_TITLE
from .common import MOBILE, WhatsappCommon


def words(sent):
    """Return the text of a message to the API."""
    return sent.get('text', {}).get('body') or sent['interactive']['body']['text']


@tagged('post_install', '-at_install')
class TestBot(WhatsappCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor.vat = '900123456'
        cls.account.ask_tax_id = False

    @property
    def talk(self):
        return self.env['cobranza.whatsapp.conversation'].search(
            [('account_id', '=', self.account.id)], limit=1
        )

    def _ask(self, text='', **values):
        """Write, and return what is answered."""
        self._write(text, **values)
        return [words(sent) for sent in self._answers() if sent['type'] != 'document']

    def _owing(self, amount=100):
        invoice = self._invoice(amount=amount)
        self._run()
        return invoice

    def test_every_word_of_the_bot_is_there(self):
        talk = self.env['cobranza.whatsapp.conversation']
        sayings, titles = talk._bot_sayings(), talk._bot_titles()
        self.assertEqual(set(sayings), {*SAYINGS, 'promise_review'})
        self.assertEqual(set(titles), set(TITLES))
        for code, names in SAYINGS.items():
            given = {name: name for name in (*names, 'company', 'how_to_pay', 'tax_number')}
            self.assertTrue(sayings[code] % given, code)
        self.assertEqual(
            {name[4:] for name in dir(talk) if name.startswith('_do_')} & set(ACTIONS), set(ACTIONS)
        )
        self.assertEqual(set(REASONS), set(DISPUTE_REASONS))
        self.assertLessEqual(set(HAND_OVER_REASONS), set(talk._reasons()))

    def test_titles_fit_in_every_language(self):
        for lang in ('en_US', 'es_ES', 'es_419'):
            self.env['res.lang']._activate_lang(lang)
            titles = (
                self.env['cobranza.whatsapp.conversation'].with_context(lang=lang)._bot_titles()
            )
            for code, title in titles.items():
                self.assertLessEqual(
                    len(title), ROW_TITLE if code in self._IN_LISTS else 20, (lang, title)
                )

    #: Only ever shown in a list, whose rows are longer than buttons.
    _IN_LISTS = frozenset(
        ('balance', 'documents', 'pay', 'promise', 'paid', 'dispute', 'instalments', 'person')
    )

    def test_a_customer_asks_what_they_owe(self):
        invoice = self._owing(100)
        answer = '\n'.join(self._ask('cuánto debo?'))
        self.assertIn('100.00', answer)
        self.assertIn(invoice.name, answer)

    def test_a_promise_is_taken_once_it_is_confirmed(self):
        self._owing(100)
        answer = self._ask('pago la mitad el viernes')
        self.assertIn('50.00', answer[-1])
        self.assertFalse(self._case().promise_ids)
        self._ask('si')
        promise = self._case().promise_ids
        self.assertEqual((promise.amount, promise.source, promise.state), (50, 'message', 'open'))
        self.assertEqual(promise.date, fields.Date.to_date('2026-03-06'))
        self.assertTrue(promise.line_ids)

    def test_a_promise_beyond_the_policy_waits_for_a_supervisor(self):
        self.env['cobranza.promise.policy'].search([]).active = False
        self.env['cobranza.promise.policy'].create(
            {'name': 'Strict', 'max_days': 30, 'min_share': 0.9}
        )
        self._owing(100)
        self._ask('pago 10 el viernes')
        answer = self._ask('si')
        self.assertEqual(self._case().promise_ids.state, 'review')
        self.assertIn('confirm', answer[-1])

    def test_what_a_customer_writes_is_text_and_nothing_else(self):
        self._owing()
        self._ask('ya pagué')
        self._ask(
            'pagué ayer <a href="https://evil.example">ver</a>', type='image', image={'id': 'x'}
        )
        for task in self._case().activity_ids:
            self.assertNotIn('<a ', str(task.note or ''))

    def test_the_digits_that_show_who_somebody_is_are_not_kept_in_the_log(self):
        self.account.ask_tax_id = True
        self._owing()
        self._ask('saldo')
        self._ask('3456')
        log = self.env['cobranza.interaction'].search([('direction', '=', 'in')])
        self.assertNotIn('3456', log.mapped('summary'))

    def test_a_stranger_who_said_so_is_not_linked_again(self):
        self._owing(100)
        self._ask('numero equivocado')
        self._ask('quién es usted?')
        self.assertFalse(self.talk.case_id)

    def test_whoever_shows_to_be_one_debtor_is_not_another(self):
        self.account.ask_tax_id = True
        self._owing(100)
        self._ask('saldo')
        self._ask('3456')
        self.assertTrue(self.talk.verified_until)
        other = self._debtor('Berta', vat='800999888')
        self._invoice(other)
        self._run()
        self.talk._belongs_to(other, self._case(other))
        self.assertFalse(self.talk.verified_until)
        for answer in self._ask('saldo'):
            self.assertNotIn('100', answer)

    def test_whoever_has_to_show_who_they_are_is_told_nothing_before(self):
        self.account.ask_tax_id = True
        invoice = self._owing(100)
        for answer in self._ask('cuanto debo'):
            self.assertNotIn('100', answer)
            self.assertNotIn(invoice.name, answer)
        self.assertIn('100.00', '\n'.join(self._ask('3456')))
        self.assertTrue(self.talk.verified_until)
        self.assertIn('100.00', '\n'.join(self._ask('saldo')))

    def test_a_stranger_learns_nothing_and_gets_a_person(self):
        invoice = self._owing(100)
        answers = self._ask('cuanto debo', phone='+573009999999')
        answers += self._ask('si, cuanto debo', phone='+573009999999')
        for answer in answers:
            self.assertNotIn('100', answer)
            self.assertNotIn(invoice.name, answer)
            self.assertNotIn('Ana', answer)
        self.assertEqual(self.talk.handler, 'person')

    def test_a_number_that_two_debtors_share_is_nobodys(self):
        self._debtor('Berta', phone=MOBILE)
        self._owing(100)
        self._invoice(self._debtor('Carla', phone=MOBILE))
        self._run()
        self._ask('saldo')
        self.assertFalse(self.talk.case_id)

    def test_the_pdf_of_an_invoice_is_sent(self):
        self._owing()
        self._write('mandame la factura')
        documents = [sent for sent in self._answers() if sent['type'] == 'document']
        self.assertEqual(len(documents), 1)
        self.assertIn('/cobranza/whatsapp/document/', documents[0]['document']['link'])

    def test_who_asks_for_all_gets_the_statement_or_every_invoice(self):
        self._invoice(amount=50)
        self._owing(100)
        self._ask('mis facturas')
        self._write(
            'Todas', type='interactive', interactive={'list_reply': {'id': 'all', 'title': 'Todas'}}
        )
        documents = [sent for sent in self._answers() if sent['type'] == 'document']
        with_reports = 'cobranza.statement' in self.env
        self.assertEqual(len(documents), 1 if with_reports else 2)
        for document in documents:
            place = 'statement' if with_reports else 'document'
            self.assertIn(f'/cobranza/whatsapp/{place}/', document['document']['link'])

    def test_a_link_to_pay_leads_to_the_invoice(self):
        self._owing()
        provider = self.env['payment.provider'].search([], limit=1)
        provider.copy({'company_id': self.company.id, 'state': 'test', 'name': 'Pay'})
        answer = '\n'.join(self._ask('quiero pagar'))
        self.assertIn('/collections/invoice/', answer)

    def test_says_they_have_paid(self):
        self._owing()
        self._ask('ya pagué')
        self.cloud.files['m1'] = (b'\x89PNG', 'image/png')
        self._ask(type='image', image={'id': 'm1', 'mime_type': 'image/png', 'caption': '100 ayer'})
        case = self._case()
        self.assertTrue(case.hold_until)
        self.assertTrue(case.activity_ids)
        message = self._message(kind='image')
        self.assertEqual(message.attachment_id.raw, b'\x89PNG')
        self.assertIn(b'\x89PNG', case.message_ids.attachment_ids.mapped('raw'))

    def test_a_dispute_takes_the_invoice_out_of_dunning(self):
        self._owing()
        self._ask('no reconozco esta factura')
        for _turn in range(5):
            if self._case().dispute_ids:
                break
            state = self.talk.bot_state
            self._ask('si' if 'confirm' in state['said'] else 'nunca recibí la mercadería')
        dispute = self._case().dispute_ids
        self.assertEqual((dispute.source, dispute.state), ('message', 'open'))

    def test_opting_out_is_written_down_and_kept(self):
        self._owing()
        self._ask('BAJA')
        consent = self.env['cobranza.consent'].search(
            [('partner_id', '=', self.debtor.id)], limit=1
        )
        self.assertEqual((consent.channel, consent.state), ('whatsapp', 'out'))
        self._dispatch()
        self.assertEqual(self._reminder().channel, 'email')

    def test_who_engages_has_consented(self):
        self._owing()
        self._ask('hola')
        consent = self.env['cobranza.consent'].search([('partner_id', '=', self.debtor.id)])
        self.assertEqual(consent.state, 'in')
        self._ask('saldo')
        self.assertEqual(
            len(self.env['cobranza.consent'].search([('partner_id', '=', self.debtor.id)])), 1
        )

    def test_it_is_somebody_elses_number(self):
        self._owing()
        self._ask('numero equivocado')
        self.assertFalse(self.talk.case_id)
        self.assertTrue(self._case().activity_ids)
        self._dispatch()
        self.assertEqual(self._reminder().channel, 'email')

    def test_an_answer_marks_the_reminder_answered(self):
        self._invoice()
        reminder = self._send()
        self._ask('ok', context={'id': reminder.external_id})
        self.assertEqual(reminder.state, 'replied')
        self.assertTrue(self._case().last_reply_date)

    def test_a_message_told_twice_is_answered_once(self):
        self._owing()
        self._write('hola', reference='wamid.same')
        first = self._answers()
        self._write('hola', reference='wamid.same')
        self.assertTrue(first)
        self.assertFalse(self._answers())

    def test_a_user_without_a_number_is_known_by_their_id(self):
        self._owing()
        self._ask(
            'hola', contact={'wa_id': '573001234567', 'user_id': 'CO.1', 'profile': {'name': 'A'}}
        )
        talk = self.talk
        self._write(
            'saldo', contact={'user_id': 'CO.1', 'profile': {'name': 'A'}}, **{'from': None}
        )
        [sent] = self._answers()
        self.assertEqual(self.env['cobranza.whatsapp.conversation'].search_count([]), 1)
        self.assertIn('100.00', words(sent))
        self.assertEqual(talk.user_key, 'CO.1')

    def test_outside_the_window_nothing_free_is_sent(self):
        self._owing()
        self._ask('hola')
        self.talk._say('later')
        self.talk.last_inbound_at = fields.Datetime.now() - timedelta(hours=25)
        self.assertFalse(self._answers())
        self.assertEqual(self._message(body='later').state, 'failed')

    def test_three_misunderstandings_bring_a_person(self):
        self._owing()
        for _turn in range(3):
            self._ask('xyzzy plugh')
        self.assertEqual(self.talk.handler, 'person')
