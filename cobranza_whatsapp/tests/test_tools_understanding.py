"""What people write, and what is made of it: the ways of saying a day, an amount and a wish in Spanish."""

import doctest
import re
from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranza_management.tests.properties import given, st

from ..tools import (
    understanding,
    understanding_amounts,
    understanding_dates,
    understanding_intents,
    understanding_items,
    understanding_words,
)
from ..tools.understanding import (
    INTENTS,
    find_amount,
    find_date,
    find_intent,
    find_intents,
    find_item,
    find_promise,
)

WEDNESDAY = date(2027, 3, 10)
OWED = Decimal(3000)

#: Said on a Wednesday, 10 March 2027.
DATES = {
    'hoy': '2027-03-10', 'mañana': '2027-03-11', 'manana': '2027-03-11', 'pasado mañana': '2027-03-12',
    'el viernes': '2027-03-12', 'este viernes': '2027-03-12', 'viernes que viene': '2027-03-12',
    'próximo lunes': '2027-03-15', 'el miércoles': '2027-03-17', 'miercoles': '2027-03-17', 'el sabado': '2027-03-13',
    '15/03': '2027-03-15', '15-3': '2027-03-15', '15/03/2027': '2027-03-15', '15.03.27': '2027-03-15',
    '9/3': '2028-03-09', '10/3': '2027-03-10', 'el 15': '2027-03-15', 'el 9': '2027-04-09', 'el 31': '2027-03-31',
    'el 15 de marzo': '2027-03-15', '15 de marzo de 2027': '2027-03-15', '15 de marzo del 2028': '2028-03-15',
    'fin de mes': '2027-03-31', 'a fin de mes': '2027-03-31', 'fines de mes': '2027-03-31', 'quincena': '2027-03-15',
    'la quincena': '2027-03-15', 'en 3 días': '2027-03-13', 'en una semana': '2027-03-17',
    'la semana que viene': '2027-03-15', 'en 15 dias': '2027-03-25', 'dentro de dos semanas': '2027-03-24',
    '29/02': '2028-02-29', '2027-03-15': '2027-03-15', '01/02/2026': '2026-02-01', '2026-01-01': '2026-01-01',
    'el viernes por la mañana': '2027-03-12', 'mañana en la mañana': '2027-03-11',
    'hoy no puedo, el viernes': '2027-03-12', 'hoy no puedo pagar, mañana sí': '2027-03-11',
    'no puedo mañana, el lunes': '2027-03-15', 'viernes 19': '2027-03-19', 'el lunes 15 de marzo': '2027-03-15',
    'viernes de la semana que viene': '2027-03-19', 'el 5 del mes que viene': '2027-04-05',
    'fin del mes que viene': '2027-04-30', 'el mes que viene': '2027-04-01', 'en un mes': '2027-04-10',
    'el quince': '2027-03-15', 'el primero': '2027-04-01', 'tomorrow': '2027-03-11', 'next friday': '2027-03-12',
    'in 3 days': '2027-03-13', 'end of month': '2027-03-31', 'in a week': '2027-03-17', 'biernes': '2027-03-12',
    'el finde': '2027-03-13', '15/3/27': '2027-03-15', '15 marzo': '2027-03-15', '1 de abril': '2027-04-01',
    'en 999 dias': '2029-12-03', 'en veinte dias': '2027-03-30', 'el veinte': '2027-03-20',
    'para el 20': '2027-03-20', 'el dia 20': '2027-03-20', 'dia 20': '2027-03-20',
    'pago el 15 200 pesos': '2027-03-15', 'principios de mes': '2027-04-01', 'proxima semana': '2027-03-15',
    'pago mañana o pasado': '2027-03-11', 'el treinta y uno': '2027-03-31', 'hasta el viernes': '2027-03-12',
    'el 15/03 o el 20/03': '2027-03-15',
}  # fmt: skip
NO_DATES = (
    '31/02', 'el 31 de abril', 'el 40', 'el 0', 'el 30%', '500', 'hola', '1.200', '1.200,50', '10.50', 'el 500', '',
    '99/99/9999', '9999-99-99', 'F001-123', 'a la mañana',
)  # fmt: skip
PAST_DATES = {
    'ayer': '2027-03-09', 'anteayer': '2027-03-08', 'el viernes': '2027-03-05', 'el miercoles': '2027-03-03',
    'hace 3 dias': '2027-03-07', 'hace una semana': '2027-03-03', '15/03': '2026-03-15', 'el 15': '2027-02-15',
    'hoy': '2027-03-10', '9 de marzo': '2027-03-09', 'el 31': '2027-01-31',
}  # fmt: skip
#: Where 3000 are owed and the decimal mark is a comma.
AMOUNTS = {
    'todo': '3000', 'el total': '3000', 'completo': '3000', 'la mitad': '1500.00', 'un tercio': '1000.00',
    'el 30%': '900.00', '1.200,50': '1200.50', '1,200.50': '1200.50', '1200': '1200.00', '1 200': '1200.00',
    'S/ 1,200': '1200.00', 'S/.500': '500.00', 'S/500': '500.00', '$ 500': '500.00', '$500': '500.00',
    'USD 300': '300.00', 'usd300': '300.00', '500 pesos': '500.00', '500soles': '500.00', '2 mil': '2000.00',
    '1.5 mil': '1500.00', '1,5 mil': '1500.00', '300k': '300000.00', 'quinientos': '500.00',
    'dos mil quinientos': '2500.00', 'mil': '1000.00', 'cincuenta por ciento': '1500.00',
    'pago 500 y el resto luego': '500.00', 'no puedo todo, 300': '300.00',
    'no puedo pagar el total, solo 300': '300.00', '12,5': '12.50', '0': '0.00', '1.200.300': '1200300.00',
    '1.200.300,55': '1200300.55', 'unos 400': '400.00', 'US$ 1,000.00': '1000.00', '500.': '500.00', '500,': '500.00',
    '(500)': '500.00', '500!': '500.00', 'cien soles': '100.00', 'diez soles': '10.00', '500 mil': '500000.00',
    '50 lucas': '50000.00', '1 millon': '1000000.00', 'treinta y cinco mil': '35000.00', 'dos tercios': '2000.00',
    '1’200': '1200.00', "1'200": '1200.00', 'Bs 200': '200.00', 'Q500': '500.00', '500usd': '500.00',
    'half': '1500.00', 'all': '3000', '1200.5': '1200.50', '0.500': '0.50', '1.20': '1.20',
    '99999999999999': '99999999999999.00',
}  # fmt: skip
NO_AMOUNTS = (
    'sobre todo', 'todo bien', 'todavía no', 'mil gracias', 'en 3 cuotas', '15/03', '15/03/2027', '2027-03-15',
    'F001-123', 'a las 5', 'un pago', 'dos facturas', 'operacion 123456', '-500', '10:30', '10 am', 'hola', '', '٣٤',
)  # fmt: skip
PROMISES = {
    'pago 500 el 15/03': ('500.00', '2027-03-15'),
    'la mitad el viernes y el resto después': ('1500.00', '2027-03-12'), 'el 15': (None, '2027-03-15'),
    '15/03': (None, '2027-03-15'), '500': ('500.00', None), 'el 15 pago 200': ('200.00', '2027-03-15'),
    'pago el 15 200 pesos': ('200.00', '2027-03-15'), 'pago 200 en 15 dias': ('200.00', '2027-03-25'),
    '500 el 31/02': ('500.00', None), '500 el 31 de febrero': ('500.00', None),
    'puedo pagar el viernes': (None, '2027-03-12'), 'pago todo a fin de mes': ('3000', '2027-03-31'),
    'quinientos el quince de abril': ('500.00', '2027-04-15'), '15 de marzo de 2027, 300': ('300.00', '2027-03-15'),
    'pagare 1.200,50 soles el lunes 15/03/2027': ('1200.50', '2027-03-15'),
    '1,000 on friday': ('1000.00', '2027-03-12'), '100 mañana y 200 el viernes': ('100.00', '2027-03-11'),
    '300 el 20 y 400 el 30': ('300.00', '2027-03-20'), 'el viernes 500': ('500.00', '2027-03-12'),
    'viernes 500': ('500.00', '2027-03-12'), 'viernes 50 soles': ('50.00', '2027-03-12'),
    '20 soles el viernes': ('20.00', '2027-03-12'),
}  # fmt: skip
INTENTS_OF = {
    'opt_out': (
        'no quiero recibir mensajes', 'BAJA', 'baja por favor', 'stop', 'STOP!!', 'alto', 'Alto por favor',
        'no me escriban más', 'dejen de molestar', 'ya no me escriban', 'no me manden mas mensajes',
        'quiero darme de baja', 'deja de escribirme', 'no quiero mas mensajes', 'por favor no me contacten',
        'no me llamen', 'no soy esa persona, no me escriban mas', 'unsubscribe', 'dont text me', 'hola stop', 'basta',
        'no quiero que me escriban', 'nunca me escriban', 'no deseo recibir más avisos', 'borrenme',
        'paren de molestar', 'vaja',
    ),
    'wrong_person': (
        'numero equivocado', 'no soy yo', 'no soy esa persona', 'se equivocó de número', 'Wrong number',
        'me confunden con otra persona', 'no conozco a esa persona', 'este numero ya no es de Juan', 'equivocado',
        'se equivocaron',
    ),
    'opt_in': (
        'alta', 'ALTA', 'quiero recibir mensajes', 'acepto recibir avisos',
    ),
    'paid': (
        'ya pagué', 'ya page', 'ya pague ayer', 'transferí', 'adjunto comprobante', 'transferi ayer',
        'hice la transferencia', 'ya la pague', 'les envio el comprobante', 'aqui esta el voucher', 'comprobante',
        'he pagado', 'ya cancelé', 'deposité ayer', 'ya pague esa factura', 'acabo de pagar', 'I already paid',
        'ya está pagada', 'hola, ya pagué', 'pague el lunes', 'pagué 500 ayer', 'ya deposite', 'ya hice el pago',
    ),
    'person': (
        'asesor', 'humano', 'hablar con alguien', 'quiero hablar con una persona', 'quiero hablar con un asesor',
        'agent', 'que me llamen', 'necesito hablar con alguien', 'comunicarme con un agente', 'acesor', 'persona',
    ),
    'balance': (
        'k debo', 'cuanto debo', 'cuánto debo?', 'saldo', 'que debo', 'cuanto les debo', 'mi deuda',
        'cuanto es mi deuda', 'balance', 'how much do I owe', 'slado', 'hola cuanto debo', 'cuantas cuotas debo',
        'saldo a pagar', 'cuánto tengo que pagar', 'devo',
    ),
    'documents': (
        'factura', 'facturas', 'estado de cuenta', 'mandame la factura', 'quiero mi recibo', 'no me llegó la factura',
        'mi boleta', 'invoice', 'necesito el comprobante', 'pdf',
    ),
    'pay': (
        'pagar', 'link de pago', 'quiero pagar', 'como pago', 'donde puedo pagar', 'quiero pagar la factura',
        'como pago la factura', 'puedo pagar con tarjeta', 'numero de cuenta', 'quiero pagar mi deuda',
        'quiero cancelar mi deuda', 'link', 'pagar ahora', 'pay', 'quiero pagar hoy',
    ),
    'promise': (
        'prometo', 'puedo pagar el viernes', 'pago el 15', 'voy a pagar mañana', 'prometo pagar', 'pagare el lunes',
        'promesa de pago', 'no puedo pagar hasta el viernes', 'no puedo pagar hoy, pago el viernes',
        'pago la mitad el viernes', 'hoy pago', 'pago hoy', 'el viernes pago', 'te deposito mañana',
        'cancelo el viernes', 'no tengo plata, te pago el viernes', 'puedo pagar?', '15/03 pago 500', 'voy a pagar',
        'quiero pagar el viernes',
    ),
    'dispute': (
        'no reconozco', 'reclamo', 'cobro indebido', 'no reconozco esa factura', 'no debo nada',
        'la factura está mal', 'me cobran de más', 'no es mía', 'no compre eso', 'el monto es incorrecto',
        'no me llego la mercaderia', 'no recibi el producto', 'I dont owe that', 'quiero hacer un reclamo',
        'la mercadería llegó dañada', 'no voy a pagar', 'reclamacion',
    ),
    'instalments': (
        'cuotas', 'plan de pagos', 'refinanciar', 'no puedo pagar', 'quiero pagar en cuotas', 'en 3 cuotas',
        'no tengo dinero', 'fraccionar', 'puedo pagar en cuotas', 'facilidades de pago', 'acuerdo de pago',
        'payment plan', 'coutas', 'no voy a poder pagar', 'no puedo pagar el viernes', 'pagar en partes',
        'quiero un plan de pago', 'puedo pagar en 3 cuotas',
    ),
    'yes': (
        'si', 'sí', 'SI!', 'ok', 'dale', 'claro', 'de acuerdo', 'si por favor', '👍', 'si confirmo', 'está bien', 'ya',
        'yes', 'siii', 'por supuesto que si',
    ),
    'no': (
        'no', 'nop', 'mejor no', 'no gracias', 'no está bien', '👎', 'todavía no', 'no, está mal', 'nooo', 'no tengo',
        'no quiero', 'no es correcto',
    ),
    'thanks': (
        'gracias', 'muchas gracias', 'ok muchísimas gracias señor juan', 'thanks', 'mil gracias', '🙏',
    ),
    'greeting': (
        'hola', 'holaaaa', 'buenas tardes', 'buenos días', 'hello', '👋', 'ola',
    ),
    'menu': (
        'menu', 'menú', 'ayuda', 'opciones', 'help', 'volver al menu',
    ),
    'cancel': (
        'cancelar', 'salir', 'olvidalo', 'cancel',
    ),
    '': (
        'trabaja', 'alto riesgo', 'asdf', 'el trabajo está alto', 'si pero el lunes', '500', '', '...', '😀',
        'trabajo', 'todavia no pague',
    ),
}  # fmt: skip

typed = st.text(
    alphabet=st.one_of(st.characters(codec='utf-8'), st.sampled_from('0123456789 .,/-$%aeiouñ'))
)
PIECES = (
    'el', '15', 'de', 'marzo', '31', '32', 'viernes', 'pago', '1.200,50', '500', 'mil', 'la', 'mitad', 'todo',
    'no', 'puedo', 'hasta', 'en', '3', 'días', 'semanas', '999999999999', 'millones', '31/02', '2027-02-30',
    '$', 'S/', '30%', 'y', 'ya', 'pagué', 'baja', 'hoy', 'mañana', 'que', 'viene', 'próximo', 'fin', 'mes',
)  # fmt: skip
said = st.lists(st.sampled_from(PIECES), max_size=12).map(' '.join)
anything = st.one_of(typed, said)
days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
amounts = st.decimals(Decimal('0.01'), Decimal(10**9), places=2)


@tagged('post_install', '-at_install')
class TestToolsUnderstanding(BaseCase):
    def test_examples(self):
        for module in (
            understanding,
            understanding_amounts,
            understanding_dates,
            understanding_intents,
            understanding_items,
            understanding_words,
        ):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted, module.__name__)
            self.assertFalse(result.failed, module.__name__)

    def test_days_as_people_say_them(self):
        for text, expected in DATES.items():
            with self.subTest(text):
                self.assertEqual(find_date(text, WEDNESDAY), date.fromisoformat(expected))

    def test_what_is_no_day_or_none_that_exists(self):
        for text in NO_DATES:
            with self.subTest(text):
                self.assertIsNone(find_date(text, WEDNESDAY))

    def test_days_of_payments_made_lie_behind(self):
        for text, expected in PAST_DATES.items():
            with self.subTest(text):
                found = find_date(text, WEDNESDAY, past=True)
                self.assertEqual(found, date.fromisoformat(expected))

    def test_the_end_of_the_month_and_the_pay_day_are_today_on_that_day(self):
        last, fifteenth = date(2027, 3, 31), date(2027, 3, 15)
        self.assertEqual(find_date('a fin de mes', last), last)
        self.assertEqual(find_date('en la quincena', fifteenth), fifteenth)
        self.assertEqual(find_date('la próxima quincena', fifteenth), last)
        self.assertEqual(find_date('quincena', date(2027, 3, 16)), last)

    def test_months_that_are_too_short_are_passed_over(self):
        self.assertEqual(find_date('el 31', date(2027, 4, 1)), date(2027, 5, 31))
        self.assertEqual(find_date('en un mes', date(2027, 1, 31)), date(2027, 2, 28))

    @given(days, st.sampled_from(['lunes', 'martes', 'miércoles', 'jueves', 'viernes', 'sábado']))
    def test_a_weekday_is_the_next_one_after_today(self, today, name):
        found = find_date(f'el {name}', today)
        self.assertTrue(today < found <= today + timedelta(days=7))
        self.assertEqual(
            found.weekday(), understanding_dates.WEEKDAYS[understanding_words.plain(name)]
        )

    @given(days, days)
    def test_a_day_of_a_year_is_never_behind_and_its_full_date_is_itself(self, today, day):
        found = find_date(f'el {day.day}/{day.month}', today)
        self.assertGreaterEqual(found, today)
        self.assertEqual((found.day, found.month), (day.day, day.month))
        self.assertEqual(find_date(f'{day:%d/%m/%Y}', today), day)
        self.assertEqual(find_date(day.isoformat(), today), day)

    def test_amounts_as_people_write_them(self):
        for text, expected in AMOUNTS.items():
            with self.subTest(text):
                self.assertEqual(find_amount(text, OWED, ','), Decimal(expected))

    def test_what_is_no_amount(self):
        for text in NO_AMOUNTS:
            with self.subTest(text):
                self.assertIsNone(find_amount(text, OWED, ','))

    def test_three_digits_after_the_only_mark_are_read_as_what_makes_sense(self):
        for text, owed, mark, expected in (
            ('1.200', 3000, ',', '1200'),
            ('1.200', 3000, '.', '1200'),
            ('1,200', 3000, '.', '1200'),
            ('1.200', 2, '.', '1.20'),
            ('1.200', 2, ',', '1200'),
            ('1,200', 2, ',', '1.20'),
        ):
            with self.subTest(text=text, owed=owed, mark=mark):
                self.assertEqual(find_amount(text, Decimal(owed), mark), Decimal(expected))

    def test_shares_mean_nothing_where_nobody_knows_of_what(self):
        for text in ('todo', 'la mitad', 'el 50%', 'cincuenta por ciento'):
            self.assertIsNone(find_amount(text))

    @given(amounts)
    def test_an_amount_is_read_back_however_it_is_written(self, amount):
        english = f'{amount:,.2f}'
        spanish = english.translate(str.maketrans(',.', '.,'))
        for text in (english, spanish, f'{amount:.2f}', f'pago {spanish} soles', f'S/ {english}'):
            self.assertEqual(find_amount(text, OWED, ','), amount, text)

    def test_a_sentence_gives_its_amount_and_its_day(self):
        for text, expected in PROMISES.items():
            with self.subTest(text):
                found = find_promise(text, WEDNESDAY, OWED, '.')
                self.assertEqual(tuple(value and str(value) for value in found), expected)

    @given(days, days, st.integers(1, 10**6))
    def test_the_words_of_a_day_are_never_an_amount(self, today, day, amount):
        for written in (
            f'{day.day}/{day.month}',
            f'{day:%d/%m/%Y}',
            day.isoformat(),
            f'el {day.day}',
        ):
            self.assertEqual(find_promise(written, today, OWED)[0], None, written)
            self.assertEqual(find_promise(f'pago {amount} soles {written}', today, OWED)[0], amount)

    def test_wishes_as_people_write_them(self):
        for intent, texts in INTENTS_OF.items():
            for text in texts:
                with self.subTest(text):
                    self.assertEqual(find_intent(text), intent or None)

    def test_whoever_wants_no_messages_is_heard_whatever_else_is_said(self):
        for text in (
            'no soy yo, no me escriban más',
            'ya pagué, dejen de molestar',
            'quiero pagar y darme de baja',
        ):
            self.assertEqual(find_intents(text)[0], 'opt_out')
        self.assertIn('wrong_person', find_intents('número equivocado, no me escriban más'))

    def test_every_wish_is_tried_and_named(self):
        self.assertEqual({*INTENTS_OF} - {''}, {*INTENTS})

    def test_a_document_is_found_by_its_name_or_the_number_at_its_end(self):
        items = [
            type('Item', (), {'name': name}) for name in ('F001-12', 'F001-123', 'INV/2027/00077')
        ]
        for text, expected in {
            'la f001-12': 'F001-12',
            'factura F001 123': 'F001-123',
            'inv 2027 00077': 'INV/2027/00077',
            'la 77': 'INV/2027/00077',
            'la 0123': 'F001-123',
            'la 7': None,
            'F001': None,
            '12 y 123': None,
        }.items():
            found = find_item(text, items)
            self.assertEqual(found and found.name, expected, text)

    @given(anything, days, st.booleans(), st.sampled_from([None, ',', '.']))
    def test_nothing_that_is_typed_is_too_much(self, text, today, past, mark):
        amount, day = find_promise(text, today, OWED, mark, past)
        self.assertIsInstance(amount, (Decimal, type(None)))
        self.assertIsInstance(day, (date, type(None)))
        self.assertIn(find_intent(text), (None, *INTENTS))
        if amount is not None:
            self.assertGreaterEqual(amount, 0)
            self.assertEqual(amount, round(amount, 2))

    @given(said)
    def test_case_and_accents_do_not_matter(self, text):
        plain = understanding_words.plain(text)
        for written in (text.upper(), plain, f'¡¡{text}!!'):
            self.assertEqual(find_intent(written), find_intent(text))
            self.assertEqual(find_date(written, WEDNESDAY), find_date(text, WEDNESDAY))

    def test_a_wall_of_text_takes_no_time(self):
        for part in (
            '1 ',
            '1.',
            'el ',
            'no me ',
            'para el viernes ',
            'ya la ',
            '111 ',
            'mil y ',
            'quiero pagar ',
            'ﷺ',
        ):
            self.assertLessEqual(
                len(understanding_words.plain(part * 5000)), understanding_words.MAX_LENGTH
            )
            find_intents(part * 5000)
            find_promise(part * 5000, WEDNESDAY, OWED)

    def test_the_vocabulary_is_written_as_it_is_compared(self):
        """A pattern with an accent or a capital would never fit."""
        known = understanding_intents.vocabulary
        for row in (value for value in vars(known).values() if isinstance(value, known.Row)):
            for pattern in (*row.anywhere, *row.whole):
                letters = re.sub(r'\\[bwsd]', '', pattern)
                self.assertTrue(letters.isascii() and letters == letters.lower(), pattern)
