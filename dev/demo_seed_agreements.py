"""What the demo has agreed with its debtors, and what waits for somebody's approval."""

from odoo import Command


class Agreements:
    """Payment plans, a hand-off to an agency, a write-off."""

    def agree(self):
        """Make them once the first cycle has run: nothing of it chases anybody."""
        late = sorted(
            (
                case
                for case in self.cases.values()
                if case.state == 'open'
                and case.amount_overdue
                and not (case.promise_ids or case.dispute_ids or case.hold_ids)
            ),
            key=lambda case: (case.amount_overdue, case.id),
            reverse=True,
        )
        self._plan(late[1], 'Rosa Elena Paucar', count=6, down=0.2)
        self._plan(late[4], None, count=4, down=0.15)
        oldest = sorted(late[6:], key=lambda case: (case.days_overdue, case.id), reverse=True)
        self._hand_over(oldest[:3])
        self._write_off(oldest[4])
        self.env.cr.commit()

    def _plan(self, case, signer, count, down):
        """Offer a plan over what is open; with a signer it is in force."""
        plan = self.env['cobranza.plan'].create(
            {
                'case_id': case.id,
                'count': count,
                'user_id': (case.user_id or self.users[0]).id,
            }
        )
        plan.down_payment = plan.currency_id.round(plan.amount_items * down)
        plan.action_offer()
        if plan.state == 'review':
            plan.action_approve()
        if signer:
            plan._accept({'signed_by': signer})

    def _hand_over(self, cases):
        """Propose the oldest debts to an agency; a supervisor decides."""
        agency = self.env['cobranza.agency'].create(
            {
                'commission_percent': 12,
                'company_id': self.company.id,
                'kind': 'agency',
                'partner_id': self.env['res.partner']
                .create(
                    {
                        'name': 'Recupera Perú S.A.C.',
                        'is_company': True,
                        'email': 'operaciones@recupera.example',
                        'country_id': self.env.ref('base.pe').id,
                    }
                )
                .id,
                'band_ids': [
                    Command.create({'first_day': 180, 'percent': 18}),
                    Command.create({'first_day': 360, 'percent': 25}),
                ],
            }
        )
        self.env['cobranza.case'].union(*cases)._propose_handoff(agency)

    def _write_off(self, case):
        """Propose to write a small, old debt off."""
        Account = self.env['account.account'].with_company(self.company)
        self.company.write(
            {
                'cobranza_writeoff_account_id': Account.search(
                    [
                        ('account_type', '=', 'expense'),
                        ('company_ids', 'in', self.company.ids),
                    ],
                    limit=1,
                ).id,
                'cobranza_writeoff_journal_id': self.env['account.journal']
                .search([('type', '=', 'general'), ('company_id', '=', self.company.id)], limit=1)
                .id,
                'cobranza_writeoff_limit': 5000,
            }
        )
        item = case.item_ids.filtered(lambda item: item.amount_residual > 0)[:1]
        writeoff = case._propose_writeoff(
            {item: item.amount_residual_currency},
            {
                'reason': 'insolvent',
                'note': 'Empresa cerrada; el local está desocupado desde mayo.',
            },
        )
        writeoff.user_id = case.user_id or self.users[0]
