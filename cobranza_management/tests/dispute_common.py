"""What tests of disputes share."""

from .common import CobranzaCommon


class DisputeCommon(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.biller = cls._user('biller', 'account.group_account_invoice')
        cls.reason = cls.env['cobranza.dispute.reason'].create({'name': 'Price'})
        cls.case = cls.env['cobranza.case']._get_or_create(cls.debtor, cls.company)
        cls.case.user_id = cls.collector

    def _dispute(self, invoice, amount=None, number=0, **values):
        return self.case._open_disputes(
            self._items(invoice)[number], {'amount': amount, 'reason_id': self.reason.id, **values}
        )

    def _opening(self, amount, credit=False):
        side, other = ('credit', 'debit') if credit else ('debit', 'credit')
        receivable = self.debtor.with_company(self.company).property_account_receivable_id
        income = self._journal('general').default_account_id
        entry = self.env['account.move'].create(
            {
                'journal_id': self._journal('general').id,
                'line_ids': [
                    (
                        0,
                        0,
                        {'account_id': receivable.id, 'partner_id': self.debtor.id, side: amount},
                    ),
                    (0, 0, {'account_id': income.id, other: amount}),
                ],
            }
        )
        entry.action_post()
        return entry
