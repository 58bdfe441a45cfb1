"""Properties of buckets, assignment, placeholders and phrases."""

from markupsafe import Markup

from odoo.tests import BaseCase, tagged

from ..tools.assignment import Member, distribute
from ..tools.buckets import NO_END, NO_START, Bucket, find_problem
from ..tools.phrases import FORBIDDEN, find_forbidden
from ..tools.placeholders import fill, names, one_stop, unknown
from .properties import given, st

days = st.integers(-200, 400)
members = st.lists(
    st.builds(Member, st.integers(1, 50), st.integers(0, 30), st.sampled_from([0, 1, 5, 40])),
    max_size=6,
    unique_by=lambda member: member.id,
)


@tagged('post_install', '-at_install')
class TestToolsWords(BaseCase):
    # === BUCKETS === #

    @given(st.sets(days, max_size=6), st.randoms())
    def test_contiguous_ranges_have_no_problem(self, cuts, dice):
        ends = [*sorted(cuts), NO_END]
        starts = [NO_START, *(day + 1 for day in sorted(cuts))]
        buckets = [Bucket(str(start), start, end) for start, end in zip(starts, ends)]
        dice.shuffle(buckets)
        self.assertIsNone(find_problem(buckets))

    @given(st.lists(st.tuples(days, days), min_size=1, max_size=4))
    def test_no_problem_means_every_day_falls_in_exactly_one(self, ranges):
        buckets = [Bucket(str(number), *pair) for number, pair in enumerate(ranges)]
        buckets[0] = buckets[0]._replace(first_day=NO_START)
        buckets[-1] = buckets[-1]._replace(last_day=NO_END)
        hits = {
            sum(bucket.first_day <= day <= bucket.last_day for bucket in buckets)
            for day in (*range(-202, 403), NO_START, NO_END)
        }
        whole = hits == {1} and all(bucket.first_day <= bucket.last_day for bucket in buckets)
        self.assertEqual(find_problem(buckets) is None, whole)

    def test_problems_have_names(self):
        self.assertEqual(find_problem([])[0], 'empty')
        self.assertEqual(find_problem([Bucket('x', 5, 1)])[0], 'reversed')
        self.assertEqual(find_problem([Bucket('x', 0, NO_END)])[0], 'open_start')

    # === ASSIGNMENT === #

    @given(st.lists(st.integers(), unique=True, max_size=60), members)
    def test_nobody_gets_more_than_they_can_carry(self, cases, team):
        handed = distribute(cases, team)
        self.assertLessEqual(set(handed), set(cases))
        for member in team:
            got = list(handed.values()).count(member.id)
            if member.capacity:
                self.assertLessEqual(got, max(0, member.capacity - member.load))

    @given(st.lists(st.integers(), unique=True, max_size=60), members)
    def test_nothing_is_left_while_somebody_has_room(self, cases, team):
        room = sum(max(0, member.capacity - member.load) for member in team if member.capacity)
        without_limit = any(not member.capacity for member in team)
        handed = distribute(cases, team)
        self.assertEqual(len(handed), len(cases) if without_limit else min(len(cases), room))

    @given(st.integers(0, 60), st.integers(1, 5))
    def test_equals_get_equal_shares(self, count, people):
        handed = distribute(range(count), [Member(number, 0) for number in range(people)])
        shares = [list(handed.values()).count(number) for number in range(people)]
        self.assertLessEqual(max(shares) - min(shares), 1)

    # === PLACEHOLDERS === #

    @given(st.dictionaries(st.sampled_from(['amount', 'name', 'today']), st.text(max_size=10)))
    def test_known_placeholders_are_all_filled(self, values):
        text = ' '.join('{{' + name + '}}' for name in values)
        self.assertFalse(unknown(text, values))
        self.assertEqual(fill(text, values), ' '.join(values.values()))

    def test_a_sentence_that_ends_with_an_abbreviation_has_one_full_stop(self):
        name = {'name': 'Sol S.A.C.'}
        for text, whole in (
            ('From {{name}}. Am I', 'From Sol S.A.C. Am I'),
            ('From {{name}}.', 'From Sol S.A.C.'),
            ('From {{name}}... and', 'From Sol S.A.C.... and'),
            ('From {{name}}, as', 'From Sol S.A.C., as'),
        ):
            self.assertEqual(fill(text, name), whole)
            self.assertEqual(fill(Markup(text), name), Markup(whole))
        self.assertEqual(fill('From {{name}}.', {'name': 'Ana'}), 'From Ana.')
        self.assertEqual(one_stop('On top at 9:00 a.m.. Wait...'), 'On top at 9:00 a.m. Wait...')

    @given(st.text(alphabet='{} ab', max_size=30))
    def test_what_passes_the_check_leaves_no_braces(self, text):
        if not unknown(text, {'a', 'b', 'ab'}):
            filled = fill(text, {'a': '1', 'b': '2', 'ab': '3'})
            self.assertNotIn('{{', filled)
            self.assertNotIn('}}', filled)

    @given(st.text(max_size=40))
    def test_a_name_can_never_bring_code_into_a_message(self, name):
        filled = fill(Markup('<p>{{name}}</p>'), {'name': f'<script>{name}</script>'})
        self.assertNotIn('<script', filled)

    def test_a_value_is_not_read_as_a_template(self):
        self.assertEqual(fill('{{a}}', {'a': '{{b}}', 'b': 'no'}), '{{b}}')
        self.assertEqual(names('{{ a }} {{b}}'), ['a', 'b'])

    # === PHRASES === #

    @given(st.sampled_from(FORBIDDEN), st.sampled_from(['%s', 'Sr., %s.', '<b>%s</b>ias', '(%s']))
    def test_every_phrase_is_found_in_any_dress(self, phrase, dress):
        for text in (phrase, phrase.upper(), phrase.replace(' ', '\n  ')):
            self.assertIn(phrase, find_forbidden(dress % text))

    def test_phrases_of_ones_own(self):
        self.assertEqual(find_forbidden('Le pondremos en Buró', ['buró']), ['buro'])
        self.assertEqual(find_forbidden('Nada', ['', '  ']), [])

    def test_harmless_words_pass(self):
        for text in ('Impresión de la factura', 'Expolicía', 'Comprisonable', 'Embarque 12'):
            self.assertEqual(find_forbidden(text), [], text)
