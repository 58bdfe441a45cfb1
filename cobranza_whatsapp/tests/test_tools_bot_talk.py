"""Who the bot talks to, when it gives up, and when it is quiet."""

from datetime import timedelta

from odoo.tests import BaseCase, tagged

from ..tools.bot import Do, Incoming
from .bot_common import FACTS, NONSENSE, STRANGER, TODAY, UNKNOWN, Chat


@tagged('post_install', '-at_install')
class TestToolsBotTalk(BaseCase):
    # Who it is

    def test_an_unknown_number_is_offered_a_person_once_and_then_gets_one(self):
        chat = Chat(UNKNOWN)
        self.assertEqual(chat.hear('cuánto debo'), ['unknown_number'])
        self.assertEqual(chat.ids(), ['person'])
        self.assertEqual(chat.hear('hola'), ['hand_over', 'handed_over'])
        self.assertEqual(chat.values('hand_over'), {'reason': 'unknown_number'})
        self.assertEqual(chat.hear('baja'), ['opt_out', 'opted_out'])
        self.assertEqual(chat.hear('hola'), ['hand_over', 'handed_over'])

    def test_what_was_wanted_is_answered_once_it_is_clear_who_asks(self):
        chat = Chat(STRANGER)
        self.assertEqual(chat.hear('pago 300 el viernes'), ['ask_tax_id'])
        self.assertEqual(chat.hear('hola, termina en 56-78'), ['verified', 'confirm_promise'])
        self.assertEqual(chat.values('confirm_promise')['amount'], 300)
        chat = Chat(STRANGER)
        self.assertEqual(
            chat.hear('#doc:2', '20 1234567 8'), ['verified', 'send_document', 'document_sent']
        )

    def test_three_wrong_answers_lead_to_a_person_and_no_further_try(self):
        chat = Chat(STRANGER)
        self.assertEqual(chat.hear('saldo', '1111'), ['wrong_tax_id'])
        self.assertEqual(chat.values('wrong_tax_id'), {'left': 2})
        self.assertEqual(chat.hear('pagar', '2222'), ['wrong_tax_id'])
        self.assertEqual(chat.hear('3333'), ['hand_over', 'handed_over'])
        self.assertEqual(chat.values('hand_over'), {'reason': 'not_identified'})
        self.assertEqual(chat.hear('saldo'), ['hand_over', 'handed_over'])
        self.assertNotIn('verified', chat.hear('5678'))
        chat.facts = STRANGER._replace(today=TODAY + timedelta(days=1))
        self.assertEqual(chat.hear('saldo'), ['hand_over', 'handed_over'])

    def test_several_guesses_in_one_message_are_one_wrong_answer(self):
        chat = Chat(STRANGER)
        self.assertEqual(chat.hear('saldo', '1234 4321 5678'), ['wrong_tax_id'])

    def test_without_a_tax_id_a_person_answers_what_is_personal(self):
        for tax_id in ('', '-', '123'):
            chat = Chat(STRANGER._replace(tax_id=tax_id))
            self.assertEqual(chat.hear('saldo'), ['hand_over', 'handed_over'])
            self.assertEqual(chat.values('hand_over'), {'reason': 'no_tax_id'})
        self.assertEqual(Chat(FACTS._replace(tax_id='')).hear('saldo'), ['balance'])

    def test_some_things_need_no_identification(self):
        for text, expected in {
            'baja': 'opt_out',
            'no soy yo': 'wrong_person',
            'asesor': 'hand_over',
            'ya pagué': 'ask_receipt',
        }.items():
            self.assertEqual(Chat(STRANGER).hear(text)[0], expected)

    def test_who_is_somebody_else_is_told_nothing_ever_after(self):
        chat = Chat()
        self.assertEqual(chat.hear('no soy yo'), ['wrong_person', 'sorry_wrong_person'])
        self.assertEqual(chat.hear('gracias'), ['you_are_welcome'])
        self.assertEqual(chat.hear('cuánto debe'), ['hand_over', 'handed_over'])
        self.assertEqual(chat.hear('baja', 'saldo'), ['hand_over', 'handed_over'])

    def test_a_wrong_person_who_wants_no_messages_is_both(self):
        chat = Chat()
        heard = chat.hear('número equivocado, no me escriban más')
        self.assertEqual(heard, ['wrong_person', 'opt_out', 'opted_out'])

    def test_consent_is_given_once_by_whoever_engages(self):
        chat = Chat()
        chat.hear('hola')
        self.assertIn(Do('consent'), chat.outputs)
        chat.hear('saldo')
        self.assertNotIn(Do('consent'), chat.outputs)
        for facts_of, text in ((FACTS, 'baja'), (FACTS, 'no soy yo'), (UNKNOWN, 'hola')):
            chat = Chat(facts_of)
            chat.hear(text)
            self.assertNotIn(Do('consent'), chat.outputs)

    # When it is not understood

    def test_help_then_the_menu_then_a_person(self):
        chat = Chat()
        self.assertEqual(chat.hear(NONSENSE), ['not_understood'])
        self.assertEqual(chat.hear(NONSENSE), ['menu'])
        self.assertEqual(chat.hear(NONSENSE), ['hand_over', 'handed_over'])
        self.assertEqual(chat.values('hand_over'), {'reason': 'not_understood'})
        self.assertEqual(chat.hear(NONSENSE), ['hand_over', 'handed_over'])
        self.assertEqual(chat.hear(NONSENSE), ['hand_over'])

    def test_whatever_is_understood_begins_the_count_again(self):
        for understood in ('hola', 'saldo', 'gracias', '#menu'):
            chat = Chat()
            chat.hear(NONSENSE, NONSENSE, understood)
            self.assertEqual(chat.state.misunderstood, 0)
            self.assertNotIn('hand_over', chat.hear(NONSENSE))

    def test_an_open_question_is_asked_in_other_words(self):
        for asked, code in {
            'factura': 'choose_document',
            'prometo': 'ask_amount',
            'pago 300, lo prometo': 'ask_date',
            'pago 300 el viernes': 'confirm_promise',
            'ya pagué': 'ask_receipt',
            'reclamo': 'ask_dispute_item',
            'no quiero pagar, reclamo por la F001-12': 'ask_dispute_reason',
            'no reconozco la F001-12': 'confirm_dispute',
            'cuotas': 'ask_count',
        }.items():
            chat = Chat()
            self.assertEqual(chat.hear(asked), [code])
            options = chat.outputs[-1].options
            self.assertEqual(chat.hear(NONSENSE), [f'{code}_again'])
            self.assertEqual(chat.outputs[-1].options, options)
            self.assertEqual(chat.hear(NONSENSE, NONSENSE), ['hand_over', 'handed_over'])

    def test_another_wish_in_the_middle_of_a_question_is_followed(self):
        for asked in ('factura', 'prometo', 'pago 300 el viernes', 'ya pagué', 'reclamo', 'cuotas'):
            for wish, expected in {
                'k debo?': 'balance',
                'asesor': 'hand_over',
                'no soy yo': 'wrong_person',
            }.items():
                chat = Chat()
                self.assertEqual(chat.hear(asked, wish)[0], expected, (asked, wish))

    def test_only_text_photos_and_documents_are_read(self):
        chat = Chat()
        for media in ('audio', 'sticker'):
            self.assertEqual(chat.hear(Incoming(media=media)), ['only_text'])
        self.assertEqual(chat.hear(Incoming(media='video')), ['hand_over', 'handed_over'])
        chat = Chat()
        self.assertEqual(
            chat.hear('pago 300', Incoming(media='audio'), 'el viernes'), ['confirm_promise']
        )

    def test_thanks_are_answered_once(self):
        chat = Chat()
        self.assertEqual(chat.hear('gracias'), ['you_are_welcome'])
        self.assertEqual(chat.hear('gracias'), [])
        self.assertEqual(chat.hear('ok'), [])
        self.assertEqual(chat.hear('saldo', 'ok'), ['anything_else'])
        self.assertEqual(chat.hear('no'), ['you_are_welcome'])
        self.assertEqual(
            chat.hear('pago 300 el viernes', 'gracias', 'si'), ['promise', 'promise_made']
        )

    def test_who_goes_round_in_a_circle_gets_to_a_person(self):
        chat = Chat()
        self.assertEqual(chat.hear('hola', 'hola'), ['greeting'])
        self.assertEqual(chat.hear('hola'), ['hand_over', 'handed_over'])
        self.assertEqual(chat.values('hand_over'), {'reason': 'going_round'})
        chat = Chat()
        chat.hear('saldo', 'saldo')
        chat.facts = FACTS._replace(today=TODAY + timedelta(days=1))
        self.assertEqual(chat.hear('saldo'), ['balance'])

    def test_what_is_done_again_is_done_without_words(self):
        chat = Chat()
        chat.hear('#doc:1', '#doc:1')
        self.assertEqual(chat.hear('#doc:1'), ['send_document'])

    def test_a_day_alone_is_a_promise_unless_it_answers_something_else(self):
        self.assertEqual(Chat().hear('el viernes'), ['ask_amount'])
        self.assertEqual(Chat().hear('300 el viernes'), ['confirm_promise'])
        self.assertEqual(Chat(STRANGER).hear('mañana', '5678'), ['verified', 'ask_amount'])
        self.assertEqual(Chat().hear('factura', 'el viernes'), ['choose_document_again'])
