"""A promise keeps its items out of automation exactly as long as the ledger may still find it kept."""

from odoo.tests import tagged
from odoo.tools import SQL

from .test_promises import SCENARIOS, PromiseCommon


@tagged('post_install', '-at_install')
class TestPromiseSpares(PromiseCommon):
    def test_an_item_is_left_alone_as_long_as_its_promise_can_be_kept(self):
        invoice = self._invoice(amount=100)
        promise = self._promise(invoice)
        deeds, seen = {3: ('dispute', 100), 9: ('reject', 0)}, set()
        for day in range(1, 15):
            self._travel(days=1)
            self._judge()
            if day in deeds:
                self._do(*deeds[day], invoice)
            self.assertEqual(self._is_live(invoice), promise.state == 'open', f'day {day}')
            seen.add(promise.state)
        self.assertEqual(seen, {'open', 'broken'})

    def test_what_spares_an_item_and_what_judges_its_promise_agree_in_every_scenario(self):
        for name, (deeds, _state, _paid) in SCENARIOS.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                invoice = self._invoice(amount=100)
                promise = self._promise(invoice)
                for day in range(1, 11):
                    self._travel(days=1)
                    self._judge()
                    for _when, deed, amount in (one for one in deeds if one[0] == day):
                        self._do(deed, amount, invoice)
                    self.assertEqual(self._is_live(invoice), promise.state == 'open', f'day {day}')
                savepoint.rollback()
                self.env.invalidate_all()
                self.clock.move_to('2026-03-04 15:00:00')

    def _is_live(self, invoice):
        """Tell whether the promise keeps reminders away from the item of an invoice."""
        self.env.flush_all()
        live = self.env['cobranza.promise']._sql_live_of(
            SQL('%s', self._items(invoice).id), self._day()
        )
        return self.env.execute_query(SQL('SELECT EXISTS (%s)', live))[0][0]
