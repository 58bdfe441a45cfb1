"""How late claims were paid, and after which contact."""

from datetime import datetime

from odoo.tests import tagged

from ..tools import metrics
from .common import ReportCommon


@tagged('post_install', '-at_install')
class TestPayments(ReportCommon):
    def _rows(self, partner=None):
        return self.env['cobranza.report.payment'].search(
            [('partner_id', '=', (partner or self.debtor).id)], order='id'
        )

    def test_days_are_weighted_by_what_was_paid(self):
        for amount, late in ((300, 10), (100, -2)):
            invoice = self._invoice(amount=amount, days_overdue=late)
            self._pay(amount=amount, invoice=invoice)
        (figure,) = self.env['cobranza.report.payment']._read_group(
            [('partner_id', '=', self.debtor.id)], [], ['days_late:avg', 'paid:sum']
        )
        self.assertEqual(figure, (metrics.weighted_days([(10, 300), (-2, 100)]), 400))

    def test_credit_notes_are_no_payments(self):
        invoice = self._invoice(amount=100)
        self._refund(amount=40, invoice=invoice)
        self._pay(amount=60, invoice=invoice)
        self.assertEqual(self._rows().mapped('paid'), [60])

    def test_a_payment_is_the_result_of_the_last_contact_while_that_counts(self):
        case = self.env['cobranza.case']._get_or_create(self.debtor, self.company)
        first, second = self._invoice(amount=100), self._invoice(amount=50)
        self.env['cobranza.interaction'].sudo()._log(
            [{'case_id': case.id, 'channel': 'phone', 'date': datetime.now(), 'summary': 'called'}]
        )
        self._travel(days=5)
        self._pay(amount=100, invoice=first)
        self._travel(days=30)
        self._pay(amount=50, invoice=second)
        self.assertRecordValues(
            self._rows(),
            [
                {'attributed': 100, 'channel': 'phone', 'self_cured': 0},
                {'attributed': 0, 'channel': False, 'self_cured': 50},
            ],
        )
        (figure,) = self.env['cobranza.report.payment']._read_group(
            [('partner_id', '=', self.debtor.id)], [], ['attributed_share:avg']
        )
        self.assertAlmostEqual(figure[0], 100 / 150 * 100)

    def test_a_payment_undone_is_gone(self):
        invoice = self._invoice(amount=100)
        self._pay(amount=100, invoice=invoice)
        self.assertTrue(self._rows())
        self._items(invoice).remove_move_reconcile()
        self.assertFalse(self._rows())
