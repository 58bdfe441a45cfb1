"""The bot: what it tells to whom, what it does and never does, and that it always comes to an end."""

import doctest
import json
from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranza_management.tests.properties import given, st

from ..tools import bot, bot_identity, bot_promise, bot_protocol
from ..tools.bot import ACTIONS, SAYINGS, TITLES, Do, Facts, Incoming, Item, Say, State, advance
from ..tools.understanding import find_intent

TODAY = date(2027, 3, 10)  # a Wednesday
FIRST = Item(1, 'F001-12', date(2027, 2, 1), Decimal(600), 'PEN', 'https://pay.example/1')
SECOND = Item(2, 'F001-13', date(2027, 3, 1), Decimal(400), 'PEN', 'https://pay.example/2')
DOLLARS = Item(3, 'X-77', date(2027, 3, 5), Decimal(50), 'USD', 'https://pay.example/3')
FACTS = Facts(TODAY, known=True, verified=True, tax_id='20-1234567-8', items=(FIRST, SECOND))
STRANGER = FACTS._replace(verified=False)
UNKNOWN = Facts(TODAY, known=False, verified=False)
NONSENSE = 'zzz'
#: What may be said to somebody who may be anybody.
IMPERSONAL = {
    'greeting', 'menu', 'anything_else', 'you_are_welcome', 'cancelled', 'not_understood', 'only_text', 'handed_over',
    'unknown_number', 'opted_out', 'opted_in', 'sorry_wrong_person', 'ask_tax_id', 'ask_tax_id_again', 'wrong_tax_id',
    'ask_receipt', 'ask_receipt_again', 'receipt_noted', 'ask_is_receipt', 'ask_is_receipt_again', 'not_a_receipt',
    'payment_claim_thanks',
}  # fmt: skip
#: After these there is nothing to do but wait.
ENDS = {'handed_over', 'opted_out', 'sorry_wrong_person'}
PHOTO = Incoming(media='image', media_ref='photo')


class Chat:
    """A conversation: every state goes through JSON, as it does between two messages."""

    def __init__(self, facts=FACTS):
        self.facts, self.state, self.outputs = facts, State(), []

    def hear(self, *messages):
        """Write or press (#id) one after the other; return the codes of what the last one led to, without consent."""
        for message in messages:
            if isinstance(message, str):
                pressed = message.startswith('#')
                message = Incoming(choice=message[1:]) if pressed else Incoming(message)
            state = State.from_json(json.loads(json.dumps(self.state.to_json())))
            self.state, self.outputs = advance(state, message, self.facts)
        return [output[0] for output in self.outputs if output[0] != 'consent']

    def values(self, code):
        """Return the values of an output of the last message."""
        return next(output.values for output in self.outputs if output[0] == code)

    def ids(self):
        """Return the ids of the options under the last message."""
        return [option[0] for option in self.outputs[-1].options]


messages = st.one_of(
    st.builds(
        Incoming,
        text=st.sampled_from(
            [
                'hola',
                'menu',
                'k debo',
                'factura',
                'F001-12',
                'pagar',
                'prometo',
                'pago 300 el viernes',
                'la mitad',
                '500',
                '15',
                'el viernes',
                '31/02',
                'mañana',
                '01/01/2020',
                '01/01/2030',
                'ya pagué',
                'no tengo',
                'no reconozco',
                'el monto está mal de verdad',
                'cuotas',
                '3',
                'en 4 cuotas',
                '99',
                'baja',
                'alta',
                'asesor',
                'no soy yo',
                'si',
                'no',
                'ok',
                'gracias',
                'cancelar',
                'todo',
                'usd',
                'pen',
                '5678',
                '1111',
                '2',
                'zzz',
                '',
            ]
        ),
    ),
    st.builds(
        Incoming,
        text=st.just('Un botón'),
        choice=st.sampled_from(
            [
                'balance',
                'documents',
                'pay',
                'promise',
                'paid',
                'dispute',
                'instalments',
                'person',
                'menu',
                'yes',
                'no',
                'cancel',
                'all',
                'doc:1',
                'doc:9',
                'doc:',
                'amount:all',
                'amount:half',
                'amount:other',
                'amount:x',
                'currency:PEN',
                'currency:USD',
                'currency:EUR',
                'date:2027-03-15',
                'date:2020-01-01',
                'date:x',
                'count:3',
                'count:99',
                'count:x',
                'dispute:2',
                'dispute:x',
                'reason:goods',
                'reason:other',
                'reason:x',
                'no_receipt',
                'nothing',
                'opt_out',
                'opt_in',
            ]
        ),
    ),
    st.builds(
        Incoming,
        text=st.sampled_from(['', 'ya pagué', 'baja', 'la caja rota']),
        media=st.sampled_from(['image', 'document', 'audio', 'video', 'sticker', 'location']),
        media_ref=st.just('ref'),
    ),
    st.builds(Incoming, text=st.text(max_size=40), choice=st.text(max_size=5)),
)
facts = st.builds(
    Facts,
    today=st.sampled_from([TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=40)]),
    known=st.sampled_from([True, True, True, False]),
    verified=st.sampled_from([True, True, False]),
    tax_id=st.sampled_from(['20-1234567-8', '', '12']),
    items=st.sampled_from(
        [(), (FIRST,), (FIRST, SECOND), (FIRST, DOLLARS), (SECOND._replace(amount=Decimal(-5)),)]
    ),
    decimal_mark=st.sampled_from(',.'),
    max_promise_days=st.sampled_from([0, 3, 30, 10**9]),
    min_promise=st.sampled_from([Decimal(0), Decimal(100), Decimal(10**6)]),
    offers_instalments=st.booleans(),
    can_pay_online=st.booleans(),
)
plain_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.floats()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
states = st.one_of(
    plain_values,
    st.fixed_dictionaries(
        {},
        optional={
            'topic': st.one_of(st.sampled_from(sorted(bot._QUESTIONS)), plain_values),
            'data': st.one_of(
                plain_values,
                st.dictionaries(
                    st.sampled_from(
                        ['amount', 'date', 'currency', 'item', 'reason', 'text', 'choice', 'files']
                    ),
                    st.sampled_from(
                        [
                            '',
                            'x',
                            '300',
                            'NaN',
                            '-1',
                            '1E+99',
                            '2027-03-15',
                            '1',
                            'PEN',
                            'goods',
                            ['a'],
                        ]
                    ),
                ),
            ),
            'misunderstood': st.one_of(st.integers(0, 3), plain_values),
            'tries': st.one_of(st.integers(0, 3), plain_values),
            'said': st.one_of(st.sampled_from(sorted(SAYINGS)), plain_values),
            'repeated': st.one_of(st.integers(0, 3), plain_values),
            'offered': plain_values,
        },
    ),
)


@tagged('post_install', '-at_install')
class TestToolsBot(BaseCase):
    def test_examples(self):
        for module in (bot, bot_identity, bot_promise, bot_protocol):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted, module.__name__)
            self.assertFalse(result.failed, module.__name__)

    # Whatever happens

    def check_outputs(self, outputs):
        """Check that everything said and done is announced, with its values, and can be written."""
        for output in outputs:
            known = SAYINGS if isinstance(output, Say) else ACTIONS
            self.assertIn(output[0], known)
            self.assertEqual({*output.values}, {*known[output[0]]}, output[0])
        says = [output for output in outputs if isinstance(output, Say)]
        self.assertLessEqual(len(says), 1)
        for say in says:
            self.assertLessEqual(len(say.options), bot_protocol.MOST_OPTIONS)
            self.assertEqual(len({option[0] for option in say.options}), len(say.options))
            for _id, title, text in say.options:
                self.assertTrue(text if not title else title in TITLES, say)

    @given(states, st.lists(st.tuples(messages, facts), max_size=8))
    def test_any_message_in_any_state_is_answered_with_what_is_announced(self, content, turns):
        state = State.from_json(content)
        for message, known in turns:
            state, outputs = advance(state, message, known)
            self.check_outputs(outputs)
            if not outputs:
                # one more word of thanks, or one more photo
                self.assertTrue(state.said == 'you_are_welcome' or message.is_file)
            self.assertEqual(State.from_json(json.loads(json.dumps(state.to_json()))), state)

    @given(st.lists(messages, max_size=12), facts)
    def test_after_three_misunderstandings_a_person_takes_over(self, before, known):
        state = State()
        for message in before:
            state, _outputs = advance(state, message, known)
        reasons = []
        for _time in range(3):
            state, outputs = advance(state, Incoming(NONSENSE), known)
            reasons += [output.values['reason'] for output in outputs if output[0] == 'hand_over']
        self.assertTrue(reasons)

    @given(st.lists(messages, max_size=15), facts)
    def test_no_message_is_said_three_times_in_a_row(self, heard, known):
        state, said = State(), []
        for message in heard:
            state, outputs = advance(state, message, known)
            said += [output for output in outputs if isinstance(output, Say)]
        for three in zip(said, said[1:], said[2:]):
            self.assertFalse(three[0][:2] == three[1][:2] == three[2][:2], three)

    @given(st.lists(messages, max_size=12), facts)
    def test_every_message_ends_with_something_to_do(self, heard, known):
        state = State()
        for message in heard:
            state, outputs = advance(state, message, known)
            for say in outputs:
                strange = not known.known or state.topic == 'wrong_person'
                if isinstance(say, Say) and say.code not in ENDS and not strange:
                    self.assertTrue(say.options, say)

    @given(st.lists(messages, max_size=12), facts)
    def test_nothing_personal_is_told_before_it_is_clear_to_whom(self, heard, known):
        known, state = known._replace(verified=False), State()
        for message in heard:
            state, outputs = advance(state, message, known)
            if Do('verified') in outputs:
                break
            for output in outputs:
                if isinstance(output, Say):
                    self.assertIn(output.code, IMPERSONAL)
                else:
                    self.assertNotIn(
                        output.action, ('send_document', 'send_statement', 'promise', 'dispute')
                    )

    @given(st.lists(messages, max_size=12), facts)
    def test_an_unknown_number_is_told_nothing_of_any_debtor(self, heard, known):
        """Whatever the house knows, the answers are those to a number of which it knows nothing."""
        state = other = State()
        for message in heard:
            state, outputs = advance(state, message, known._replace(known=False))
            other, blind = advance(other, message, UNKNOWN._replace(today=known.today))
            self.assertEqual(outputs, blind)

    @given(st.lists(messages, max_size=12), facts)
    def test_nothing_is_promised_or_disputed_without_a_yes(self, heard, known):
        state = State()
        for message in heard:
            asked = state.topic
            state, outputs = advance(state, message, known)
            for output in outputs:
                if output[0] in ('promise', 'dispute') and isinstance(output, Do):
                    self.assertEqual(asked, f'{output[0]}_confirm')
                    self.assertIn('yes', (message.choice, find_intent(message.text)))

    @given(st.lists(messages, max_size=12), facts)
    def test_a_promise_is_within_what_is_owed_and_allowed(self, heard, known):
        state = State()
        for message in heard:
            state, outputs = advance(state, message, known)
            for output in outputs:
                if isinstance(output, Do) and output.action == 'promise':
                    amount, currency, day = (
                        output.values[name] for name in ('amount', 'currency', 'date')
                    )
                    owed = sum(item.amount for item in known.items if item.currency == currency)
                    self.assertTrue(0 < amount <= owed)
                    self.assertGreaterEqual(amount, min(known.min_promise, owed))
                    self.assertTrue(known.today <= day <= bot_promise.last_day(known))

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
            for wish, expected in {'k debo?': 'balance', 'asesor': 'hand_over', 'no soy yo': 'wrong_person'}.items():
                chat = Chat()
                self.assertEqual(chat.hear(asked, wish)[0], expected, (asked, wish))

    def test_only_text_photos_and_documents_are_read(self):
        chat = Chat()
        for media in ('audio', 'sticker'):
            self.assertEqual(chat.hear(Incoming(media=media)), ['only_text'])
        self.assertEqual(chat.hear(Incoming(media='video')), ['hand_over', 'handed_over'])
        chat = Chat()
        self.assertEqual(chat.hear('pago 300', Incoming(media='audio'), 'el viernes'), ['confirm_promise'])

    def test_thanks_are_answered_once(self):
        chat = Chat()
        self.assertEqual(chat.hear('gracias'), ['you_are_welcome'])
        self.assertEqual(chat.hear('gracias'), [])
        self.assertEqual(chat.hear('ok'), [])
        self.assertEqual(chat.hear('saldo', 'ok'), ['anything_else'])
        self.assertEqual(chat.hear('no'), ['you_are_welcome'])
        self.assertEqual(chat.hear('pago 300 el viernes', 'gracias', 'si'), ['promise', 'promise_made'])

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
