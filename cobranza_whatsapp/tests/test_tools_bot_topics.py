"""What the bot does for a debtor: the balance, documents, promises, receipts, disputes, instalments."""

from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..tools.bot import Incoming
from .bot_common import DOLLARS, FACTS, FIRST, PHOTO, SECOND, STRANGER, TODAY, Chat

FRIDAY = date(2027, 3, 12)


@tagged('post_install', '-at_install')
class TestToolsBotTopics(BaseCase):
    # What they ask for

    def test_the_menu_offers_what_the_house_offers(self):
        chat = Chat()
        self.assertEqual(chat.hear('hola'), ['greeting'])
        self.assertIn('instalments', chat.ids())
        chat.facts = FACTS._replace(offers_instalments=False)
        self.assertEqual(chat.hear('menu'), ['menu'])
        self.assertNotIn('instalments', chat.ids())
        self.assertEqual(chat.hear('cuotas'), ['no_instalments'])

    def test_the_place_of_an_option_can_be_typed(self):
        chat = Chat()
        self.assertEqual(chat.hear('hola', '1'), ['balance'])
        self.assertEqual(chat.hear('2'), ['ask_amount'])

    def test_a_number_that_ends_a_name_is_the_document_not_its_place(self):
        first, second = FIRST._replace(name='F-2'), SECOND._replace(name='F-1')
        chat = Chat(FACTS._replace(items=(first, second)))
        chat.hear('factura', '1')
        self.assertEqual(chat.values('send_document'), {'item': second.id})

    def test_a_credit_is_neither_paid_nor_promised(self):
        credit = DOLLARS._replace(amount=Decimal(-50), due=FIRST.due)
        chat = Chat(FACTS._replace(items=(credit, FIRST)))
        chat.hear('pagar')
        self.assertEqual(chat.values('pay_link')['item'], FIRST)
        self.assertEqual(chat.hear('prometo'), ['ask_amount'])
        self.assertEqual(Chat(FACTS._replace(items=(credit,))).hear('saldo'), ['nothing_owed'])

    def test_the_balance_is_told_by_currency(self):
        chat = Chat(FACTS._replace(items=(FIRST, DOLLARS, SECOND)))
        self.assertEqual(chat.hear('k debo'), ['balance'])
        self.assertEqual(chat.values('balance')['totals'], {'PEN': 1000, 'USD': 50})
        self.assertEqual(chat.values('balance')['items'], [FIRST, DOLLARS, SECOND])

    def test_who_owes_nothing_is_told_so(self):
        for text in ('saldo', 'factura', 'pagar', 'prometo', 'reclamo', 'cuotas'):
            self.assertEqual(Chat(FACTS._replace(items=())).hear(text), ['nothing_owed'])

    def test_documents_are_sent_or_chosen(self):
        chat = Chat(FACTS._replace(items=(FIRST,)))
        self.assertEqual(chat.hear('factura'), ['send_document', 'document_sent'])
        chat = Chat()
        self.assertEqual(chat.hear('factura'), ['choose_document'])
        self.assertEqual(chat.ids(), ['doc:1', 'doc:2', 'all'])
        self.assertEqual(chat.hear('la 13'), ['send_document', 'document_sent'])
        self.assertEqual(chat.values('send_document'), {'item': 2})
        self.assertEqual(chat.hear('la factura F001-12'), ['send_document', 'document_sent'])
        self.assertEqual(chat.hear('#all'), ['send_statement', 'statement_sent'])
        self.assertEqual(chat.hear('estado de cuenta'), ['send_statement', 'statement_sent'])
        self.assertEqual(chat.hear('#doc:99'), ['choose_document'])

    def test_a_long_list_keeps_the_oldest_and_the_way_to_all(self):
        many = tuple(FIRST._replace(id=number, name=f'F-{number}') for number in range(20))
        chat = Chat(FACTS._replace(items=many))
        chat.hear('facturas')
        self.assertEqual(chat.ids(), [*(f'doc:{number}' for number in range(9)), 'all'])
        chat.hear('reclamo')
        self.assertEqual(chat.ids(), [*(f'dispute:{number}' for number in range(9)), 'person'])

    def test_the_oldest_is_paid_first_online_or_as_the_house_says(self):
        chat = Chat()
        self.assertEqual(chat.hear('quiero pagar'), ['pay_link'])
        self.assertEqual(chat.values('pay_link'), {'item': FIRST, 'url': FIRST.url})
        self.assertEqual(Chat(FACTS._replace(can_pay_online=False)).hear('pagar'), ['how_to_pay'])
        without = FACTS._replace(items=(FIRST._replace(url=''),))
        self.assertEqual(Chat(without).hear('pagar'), ['how_to_pay'])

    # Promises

    def test_a_promise_in_one_sentence_is_repeated_and_made_after_a_yes(self):
        chat = Chat()
        self.assertEqual(chat.hear('pago la mitad el viernes'), ['confirm_promise'])
        promise = {'amount': Decimal(500), 'currency': 'PEN', 'date': FRIDAY}
        self.assertEqual(chat.values('confirm_promise'), promise)
        self.assertEqual(chat.hear('sí'), ['promise', 'promise_made'])
        self.assertEqual(chat.values('promise'), promise)
        self.assertEqual(chat.hear('sí'), ['anything_else'])

    def test_what_is_missing_is_asked_for(self):
        chat = Chat()
        self.assertEqual(chat.hear('#promise'), ['ask_amount'])
        self.assertEqual(chat.ids(), ['amount:all', 'amount:half', 'amount:other'])
        self.assertEqual(chat.hear('#amount:other'), ['ask_amount_other'])
        self.assertEqual(chat.hear('300'), ['ask_date'])
        self.assertEqual(chat.ids(), ['date:2027-03-11', 'date:2027-03-12', 'date:2027-03-31'])
        self.assertEqual(chat.hear('15'), ['confirm_promise'])
        self.assertEqual(chat.values('confirm_promise')['date'], date(2027, 3, 15))
        chat = Chat()
        self.assertEqual(
            chat.hear('puedo pagar el viernes', '#amount:all', '#yes'), ['promise', 'promise_made']
        )
        self.assertEqual(
            chat.values('promise'), {'amount': 1000, 'currency': 'PEN', 'date': FRIDAY}
        )

    def test_no_day_is_offered_beyond_the_last(self):
        chat = Chat(FACTS._replace(max_promise_days=1))
        chat.hear('pago 300, lo prometo')
        self.assertEqual(chat.ids(), ['date:2027-03-10', 'date:2027-03-11'])
        self.assertEqual(chat.values('ask_date')['last_day'], date(2027, 3, 11))

    def test_a_day_that_is_past_or_too_far_is_refused_with_the_last_one(self):
        chat = Chat()
        self.assertEqual(chat.hear('pago 300 el 15/06'), ['date_too_far'])
        last = TODAY + timedelta(days=30)
        self.assertEqual(chat.values('date_too_far'), {'date': date(2027, 6, 15), 'last_day': last})
        self.assertEqual(chat.hear('01/03/2027'), ['date_past'])
        self.assertEqual(chat.hear(f'{last:%d/%m/%Y}'), ['confirm_promise'])
        chat = Chat(FACTS._replace(max_promise_days=0))
        self.assertEqual(chat.hear('pago 300 el 15/06'), ['confirm_promise'])

    def test_an_amount_that_is_too_much_or_too_little_is_refused(self):
        chat = Chat(FACTS._replace(min_promise=Decimal(100)))
        self.assertEqual(chat.hear('pago 5000 el viernes'), ['amount_too_big'])
        self.assertIn('amount:all', chat.ids())
        self.assertEqual(chat.hear('50'), ['amount_too_small'])
        self.assertEqual(chat.values('amount_too_small')['minimum'], 100)
        self.assertEqual(chat.hear('100'), ['confirm_promise'])
        self.assertEqual(Chat().hear('pago 0 soles el viernes'), ['amount_too_small'])

    def test_less_than_the_least_can_be_promised_when_no_more_is_owed(self):
        chat = Chat(FACTS._replace(items=(DOLLARS,), min_promise=Decimal(100)))
        self.assertEqual(chat.hear('pago todo el viernes'), ['confirm_promise'])

    def test_of_several_currencies_one_is_chosen_first(self):
        chat = Chat(FACTS._replace(items=(FIRST, DOLLARS)))
        self.assertEqual(chat.hear('pago la mitad el viernes'), ['ask_currency'])
        self.assertEqual(chat.ids(), ['currency:PEN', 'currency:USD'])
        self.assertEqual(chat.hear('#currency:USD'), ['confirm_promise'])
        self.assertEqual(
            chat.values('confirm_promise'), {'amount': 25, 'currency': 'USD', 'date': FRIDAY}
        )
        self.assertEqual(chat.hear('prometo', 'en usd'), ['ask_amount'])

    def test_a_promise_can_be_changed_or_dropped_before_the_yes(self):
        chat = Chat()
        chat.hear('pago 300 el viernes')
        self.assertEqual(chat.hear('sí, pero el lunes'), ['confirm_promise'])
        self.assertEqual(chat.values('confirm_promise')['date'], date(2027, 3, 15))
        self.assertEqual(chat.hear('mejor 200'), ['confirm_promise'])
        self.assertEqual(chat.hear('mejor 250'), ['confirm_promise'])
        for refusal in ('no', '#no', 'cancelar', 'no, así no era'):
            chat = Chat()
            self.assertEqual(chat.hear('pago 300 el viernes', refusal), ['cancelled'])
            self.assertNotIn('promise', chat.hear('sí'))
        self.assertEqual(Chat().hear('prometo', 'no'), ['cancelled'])

    def test_what_is_confirmed_too_late_is_asked_again(self):
        chat = Chat()
        chat.hear('pago 700 mañana')
        chat.facts = FACTS._replace(items=(SECOND,))
        self.assertEqual(chat.hear('sí'), ['amount_too_big'])
        chat = Chat()
        chat.hear('pago 300 mañana')
        chat.facts = FACTS._replace(today=TODAY + timedelta(days=2))
        self.assertEqual(chat.hear('sí'), ['date_past'])
        chat.facts = FACTS._replace(items=())
        self.assertEqual(chat.hear('el lunes'), ['nothing_owed'])

    def test_who_is_not_identified_any_more_is_asked_before_the_promise_goes_on(self):
        chat = Chat()
        chat.hear('pago 300 el viernes')
        chat.facts = STRANGER
        self.assertEqual(chat.hear('sí'), ['ask_tax_id'])

    def test_a_question_about_the_total_is_no_amount(self):
        self.assertEqual(Chat().hear('prometo', '¿cuánto debo en total?'), ['balance'])
        self.assertEqual(Chat().hear('prometo', 'todo el saldo'), ['ask_date'])

    # Receipts

    def test_a_receipt_is_handed_on_with_what_was_said(self):
        chat = Chat(STRANGER)
        self.assertEqual(chat.hear('ya pagué 300 ayer'), ['ask_receipt'])
        self.assertEqual(chat.hear(PHOTO), ['payment_claim', 'payment_claim_thanks'])
        claim = {
            'media_ref': 'photo',
            'text': 'ya pagué 300 ayer',
            'amount': 300,
            'date': date(2027, 3, 9),
        }
        self.assertEqual(chat.values('payment_claim'), claim)
        self.assertEqual(chat.hear(PHOTO), ['payment_claim', 'payment_claim_thanks'])

    def test_who_has_no_receipt_claims_without(self):
        for answer in ('no tengo', '#no_receipt', 'no'):
            chat = Chat()
            self.assertEqual(
                chat.hear('ya pagué', answer), ['payment_claim', 'payment_claim_thanks']
            )
            self.assertEqual(chat.values('payment_claim')['media_ref'], '')

    def test_more_of_the_payment_is_noted_while_the_receipt_is_awaited(self):
        chat = Chat()
        self.assertEqual(chat.hear('ya pagué', 'fueron 300 el lunes'), ['receipt_noted'])
        self.assertEqual(chat.values('receipt_noted'), {'amount': 300, 'date': date(2027, 3, 8)})
        self.assertEqual(chat.hear('ok'), ['ask_receipt_again'])
        chat.hear(PHOTO)
        self.assertEqual(chat.values('payment_claim')['text'], 'ya pagué / fueron 300 el lunes')

    def test_a_file_out_of_the_blue_is_asked_about(self):
        chat = Chat(STRANGER)
        self.assertEqual(chat.hear(PHOTO), ['ask_is_receipt'])
        self.assertEqual(chat.hear('sí'), ['payment_claim', 'payment_claim_thanks'])
        self.assertEqual(chat.values('payment_claim')['text'], '')
        self.assertEqual(Chat().hear(PHOTO, 'no'), ['not_a_receipt'])
        announced = PHOTO._replace(text='adjunto comprobante')
        self.assertEqual(Chat().hear(announced), ['payment_claim', 'payment_claim_thanks'])

    def test_no_photo_of_an_album_is_lost(self):
        chat = Chat()
        album = [Incoming(media='image', media_ref=ref) for ref in 'abcd']
        self.assertEqual(chat.hear(*album), [])
        chat.hear('sí')
        claims = [
            output.values['media_ref'] for output in chat.outputs if output[0] == 'payment_claim'
        ]
        self.assertEqual(claims, ['a', 'b', 'c', 'd'])

    # Disputes

    def test_a_dispute_is_written_down_and_confirmed(self):
        chat = Chat()
        self.assertEqual(chat.hear('reclamo'), ['ask_dispute_item'])
        self.assertEqual(chat.hear('#dispute:2'), ['ask_dispute_reason'])
        self.assertEqual(chat.hear('me aplicaron mal el descuento'), ['confirm_dispute'])
        self.assertEqual(chat.hear('sí'), ['dispute', 'dispute_made'])
        self.assertEqual(
            chat.values('dispute'),
            {
                'item': 2,
                'reason': 'wrong_amount',
                'text': 'me aplicaron mal el descuento',
                'media_refs': [],
            },
        )

    def test_what_was_said_at_first_is_not_asked_for(self):
        chat = Chat()
        self.assertEqual(chat.hear('no reconozco la factura F001-12'), ['confirm_dispute'])
        self.assertEqual(chat.values('confirm_dispute')['reason'], 'not_mine')
        self.assertEqual(
            Chat(FACTS._replace(items=(FIRST,))).hear('reclamo'), ['ask_dispute_reason']
        )

    def test_reasons_can_be_pressed_and_another_one_is_written(self):
        chat = Chat()
        self.assertEqual(chat.hear('reclamo', '13', '#reason:other'), ['ask_dispute_reason_again'])
        self.assertEqual(chat.hear('nadie me avisó de esto'), ['confirm_dispute'])
        self.assertEqual(chat.values('confirm_dispute')['reason'], 'other')
        self.assertEqual(chat.hear('#no'), ['cancelled'])
        self.assertEqual(chat.hear('reclamo', '13', '#reason:goods'), ['confirm_dispute'])

    def test_words_of_a_complaint_are_not_taken_for_wishes(self):
        chat = Chat()
        chat.hear('reclamo', '13')
        self.assertEqual(chat.hear('el asesor me dijo que el saldo era menos'), ['confirm_dispute'])
        self.assertEqual(
            chat.values('confirm_dispute')['text'], 'el asesor me dijo que el saldo era menos'
        )

    def test_photos_of_what_is_wrong_go_with_the_dispute(self):
        chat = Chat()
        broken = PHOTO._replace(text='llegó roto')
        self.assertEqual(chat.hear('reclamo', '13', broken), ['confirm_dispute'])
        self.assertEqual(chat.hear(PHOTO, 'sí'), ['dispute', 'dispute_made'])
        self.assertEqual(chat.values('dispute')['media_refs'], ['photo', 'photo'])
        self.assertEqual(chat.values('dispute')['reason'], 'goods')

    # Instalments

    def test_instalments_are_asked_for_in_a_number_the_house_knows(self):
        chat = Chat()
        self.assertEqual(chat.hear('no puedo pagar'), ['ask_count'])
        self.assertEqual(chat.ids(), [f'count:{count}' for count in range(2, 7)])
        self.assertEqual(chat.hear('10'), ['count_out_of_range'])
        self.assertEqual(chat.hear('en 3'), ['ask_instalments', 'instalments_asked'])
        self.assertEqual(chat.values('ask_instalments'), {'count': 3})
        self.assertEqual(
            Chat().hear('quiero pagar en 4 cuotas'), ['ask_instalments', 'instalments_asked']
        )
        self.assertEqual(
            Chat().hear('cuotas', '#count:6'), ['ask_instalments', 'instalments_asked']
        )
        self.assertEqual(Chat().hear('no puedo pagar 500'), ['ask_count'])

    # Being left alone

    def test_opting_out_and_in_takes_no_questions(self):
        chat = Chat(STRANGER)
        self.assertEqual(chat.hear('BAJA'), ['opt_out', 'opted_out'])
        self.assertEqual(chat.hear('alta'), ['opt_in', 'opted_in'])
        self.assertEqual(
            Chat().hear('pago 300 el viernes', 'no me escriban más'), ['opt_out', 'opted_out']
        )

    def test_buttons_of_old_messages_do_what_they_say(self):
        self.assertEqual(Chat().hear('#date:2027-03-15'), ['ask_amount'])
        self.assertEqual(Chat().hear('#amount:half'), ['ask_date'])
        self.assertEqual(Chat().hear('#reason:goods'), ['ask_dispute_item'])
        self.assertEqual(Chat().hear('#yes'), ['anything_else'])
        self.assertEqual(Chat().hear('#bought:long:ago'), ['not_understood'])
        self.assertEqual(Chat(STRANGER).hear('#amount:half', '5678'), ['verified', 'ask_date'])

    def test_a_button_of_which_nobody_knows_is_read_by_its_title(self):
        self.assertEqual(Chat().hear(Incoming('Ver saldo', choice='template-7')), ['balance'])
