"""The bot: what it tells to whom, what it does and never does, and that it always comes to an end."""

import doctest
import json
from datetime import timedelta
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranza_management.tests.properties import given, st

from ..tools import bot, bot_identity, bot_promise, bot_protocol
from ..tools.bot import ACTIONS, SAYINGS, TITLES, Do, Facts, Incoming, Say, State, advance
from ..tools.understanding import find_intent
from .bot_common import DOLLARS, FIRST, NONSENSE, SECOND, TODAY, UNKNOWN

#: What may be said to somebody who may be anybody.
IMPERSONAL = {
    'greeting', 'menu', 'anything_else', 'you_are_welcome', 'cancelled', 'not_understood', 'only_text', 'handed_over',
    'unknown_number', 'opted_out', 'opted_in', 'sorry_wrong_person', 'ask_tax_id', 'ask_tax_id_again', 'wrong_tax_id',
    'ask_receipt', 'ask_receipt_again', 'receipt_noted', 'ask_is_receipt', 'ask_is_receipt_again', 'not_a_receipt',
    'payment_claim_thanks',
}  # fmt: skip
#: After these there is nothing to do but wait.
ENDS = {'handed_over', 'opted_out', 'sorry_wrong_person'}

TYPED = (
    'hola', 'menu', 'k debo', 'factura', 'F001-12', 'pagar', 'prometo', 'pago 300 el viernes', 'la mitad',
    '500', '15', 'el viernes', '31/02', 'mañana', '01/01/2020', '01/01/2030', 'ya pagué', 'no tengo',
    'no reconozco', 'el monto está mal de verdad', 'cuotas', '3', 'en 4 cuotas', '99', 'baja', 'alta',
    'asesor', 'no soy yo', 'si', 'no', 'ok', 'gracias', 'cancelar', 'todo', 'usd', 'pen', '5678', '1111', '2',
    'zzz', '',
)  # fmt: skip
PRESSED = (
    'balance', 'documents', 'pay', 'promise', 'paid', 'dispute', 'instalments', 'person', 'menu', 'yes', 'no',
    'cancel', 'all', 'doc:1', 'doc:9', 'doc:', 'amount:all', 'amount:half', 'amount:other', 'amount:x',
    'currency:PEN', 'currency:USD', 'currency:EUR', 'date:2027-03-15', 'date:2020-01-01', 'date:x', 'count:3',
    'count:99', 'count:x', 'dispute:2', 'dispute:x', 'reason:goods', 'reason:other', 'reason:x', 'no_receipt',
    'nothing', 'opt_out', 'opt_in',
)  # fmt: skip
messages = st.one_of(
    st.builds(
        Incoming,
        text=st.sampled_from(TYPED),
    ),
    st.builds(
        Incoming,
        text=st.just('Un botón'),
        choice=st.sampled_from(PRESSED),
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
