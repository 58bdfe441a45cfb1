"""The strategy dashboard says what the reports of contacts and steps say, period against period."""

import json

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.cobranza_report_strategy import CONTACT_SUMS
from .test_operations_team import BoardsCommon


@tagged('post_install', '-at_install')
class TestStrategyBoard(BoardsCommon):
    def _board(self, user=None, **options):
        board = self._model('cobranza.report.strategy', user).get_board(**options)
        json.dumps(board)
        return board, {tile['key']: tile for tile in board['tiles']}

    def _live_through_some_contacts(self):
        self._contact(self.cases[0], self.collector)
        self._travel(days=40)
        for case in self.cases:
            self._contact(case, self.collector, right_party=case != self.cases[2])
        self._promise(self.cases[0], 400, self._day(3))
        self.env.flush_all()

    def _sums(self, days):
        since = fields.Date.subtract(self._day(), days=days - 1)
        [sums] = self.env['cobranza.report.contact']._read_group(
            [('company_id', '=', self.company.id), ('date', '>=', since)],
            [],
            [f'{name}:sum' for name in CONTACT_SUMS],
        )
        return dict(zip(CONTACT_SUMS, sums))

    def test_it_says_what_the_reports_say(self):
        self._live_through_some_contacts()
        for days in (30, 90):
            board, tiles = self._board(days=days)
            sums = self._sums(days)
            self.assertTrue(sums['contact_count'], 'no contacts would prove nothing')
            self.assertEqual(tiles['contact_count']['value'], f'{sums["contact_count"]:.0f}')
            self.assertEqual(
                [bar['size'] for bar in board['funnel']],
                [
                    sums[n]
                    for n in (
                        'contact_count',
                        'reached_count',
                        'right_party_count',
                        'promise_count',
                    )
                ],
            )
            stages = board['chart']['stages']
            self.assertEqual(sum(stages[0]['values']), sums['contact_count'])

    def test_the_period_before_is_beside_it(self):
        self._live_through_some_contacts()
        _board, tiles = self._board(days=30)
        self.assertEqual(
            (tiles['contact_count']['value'], tiles['contact_count']['change']), ('3', '+2')
        )

    def test_a_figure_opens_what_it_counted(self):
        self._live_through_some_contacts()
        Board = self._model('cobranza.report.strategy')
        for key, value in (('contact_count', None), ('channel', 'phone')):
            action = Board.action_open(key, value, 30, self.company.id)
            rows = self.env[action['res_model']].search(action['domain'])
            self.assertEqual(sum(rows.mapped('contact_count')), self._sums(30)['contact_count'])
        with self.assertRaises(UserError):
            Board.action_open('nonsense')

    def test_an_empty_book_shows_dashes(self):
        board, tiles = self._board()
        self.assertEqual(tiles['reached_count']['value'], '–')
        self.assertEqual((board['channels'], board['steps']), ([], []))

    def test_collectors_see_nothing_of_it(self):
        self.assertTrue(self._board(self.accountant))
        invoicer = self._user('invoicer', 'base.group_user,account.group_account_invoice')
        for user in (self.collector, invoicer, self.employee, self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._board(user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._model('cobranza.report.strategy', user).action_open('contact_count')

    def test_the_number_of_statements_does_not_grow(self):
        model = 'cobranza.report.strategy'

        def count():
            self._statements(model)  # what the registry keeps is read once
            return self._statements(model)

        self._live_through_some_contacts()
        before = count()
        self._more_of_everything()
        self.assertLessEqual(count(), before)
        self.assertLess(before, 25)
