"""Two years of invoices, instalments, payments and credit notes of the demo's company."""

from datetime import timedelta

from odoo import Command

from .demo_seed_company import (
    RATES,
    STUBBORN,
    receivable,
)
from .demo_seed_people import PROFILES


class Trade:
    """What the customers bought and paid."""

    # === INVOICES AND PAYMENTS === #

    def trade(self):
        """Sell, get paid (late, in part, too early), and take goods back."""
        paid, unpaid = [], []
        for debtor in self.debtors:
            profile = PROFILES[debtor.profile]
            for count, late in enumerate(profile.paid):
                due = self.today - timedelta(
                    days=40 + 75 * count + self.random.randrange(35) + late
                )
                paid.append((debtor, due, due + timedelta(days=late)))
            for days in self.random.choice(profile.open):
                unpaid.append((debtor, self.today - timedelta(days=days), None))
        plans = sorted(paid + unpaid, key=lambda plan: plan[1])
        invoices = self._create_invoices([plan[:2] for plan in plans])
        paid, open_moves = [], []
        for move, (debtor, _due, day) in zip(invoices, plans):
            if day:
                paid.append((move, move.amount_total, min(day, self.today)))
                continue
            open_moves.append(move.id)
            if debtor.profile not in STUBBORN:
                paid += self._instalments_before_last(move)
        self._pay(paid)
        pending = self.env['account.move'].browse(open_moves)
        self._pay_in_part(pending)
        self._give_credit(pending)

    def _create_invoices(self, sales):
        """Create and post an invoice for each (debtor, last due date), numbered in the order of their dates."""
        moves = self.env['account.move'].create([self._invoice_values(*sale) for sale in sales])
        moves = moves.sorted(lambda move: (move.invoice_date, move.id))
        moves[0].name = 'F001-00002417'
        moves.action_post()
        return self.env['account.move'].browse(sorted(moves.ids))

    def _invoice_values(self, debtor, due):
        term = self._term_of(debtor)
        days = max(term.line_ids.mapped('nb_days'))
        # What is open now falls due on the day asked for; instalments before it have fallen due by then.
        return {
            'move_type': 'out_invoice',
            'partner_id': self.partners[debtor.name].id,
            'journal_id': self.journal.id,
            'currency_id': self.env.ref(f'base.{debtor.currency}').id,
            'invoice_date': min(due - timedelta(days=days), self.today),
            'invoice_payment_term_id': term.id,
            'invoice_line_ids': self._lines(debtor),
        }

    def _term_of(self, debtor):
        if debtor.person:
            return self.terms['3 cuotas mensuales']
        if debtor.scale > 20000:
            return self.terms['60 días']
        return self.terms['50 % adelanto y saldo a 30 días' if debtor.scale < 3500 else '30 días']

    def _lines(self, debtor):
        """Return lines that add up to about the debtor's scale."""
        total = debtor.scale * self.random.uniform(0.55, 1.35)
        rate = 1 if debtor.currency == 'PEN' else RATES[-1]
        product, service = (
            self.random.choice(self.products[:5]),
            self.random.choice(self.products[5:]),
        )
        price = round(product.list_price / rate, 2)
        taxes = [Command.set(self.tax.ids if debtor.country == 'PE' else [])]
        units = max(1, round(total / price))
        lines = [{'product_id': product.id, 'quantity': units, 'price_unit': price}]
        if self.random.random() < 0.5:
            lines.append(
                {
                    'product_id': service.id,
                    'quantity': 1,
                    'price_unit': round(service.list_price / rate, 2),
                }
            )
        return [Command.create({**line, 'tax_ids': taxes}) for line in lines]

    def _instalments_before_last(self, move):
        """Return what somebody who keeps up with their instalments has paid of `move`."""
        *before, _last = receivable(move).sorted('date_maturity')
        return [
            (move, line.amount_currency, min(line.date_maturity, self.today)) for line in before
        ]

    def _pay(self, rows):
        """Pay and apply each (invoice, amount, day); in a batch, or it takes half a minute."""
        payments = self._create_payments(
            (move, amount, day, f'Transferencia {move.name}') for move, amount, day in rows
        )
        for payment, (move, _amount, _day) in zip(payments, rows):
            receivable(payment.move_id + move).filtered(
                lambda line: not line.reconciled
            ).reconcile()

    def _create_payments(self, rows):
        """Create and post a payment for each (invoice, amount, day, memo), not yet applied."""
        payments = self.env['account.payment'].create(
            [
                {
                    'payment_type': 'inbound',
                    'partner_type': 'customer',
                    'partner_id': move.commercial_partner_id.id,
                    'amount': amount,
                    'currency_id': move.currency_id.id,
                    'date': day,
                    'journal_id': self.bank.id,
                    'memo': memo,
                }
                for move, amount, day, memo in rows
            ]
        )
        payments.action_post()
        return payments

    def _register(self, move, day, share):
        """Pay `share` of an invoice through Odoo's wizard."""
        wizard = (
            self.env['account.payment.register']
            .with_context(active_model='account.move', active_ids=move.ids)
            .create({'payment_date': day, 'journal_id': self.bank.id})
        )
        wizard.amount = move.currency_id.round(share * move.amount_residual)
        wizard.payment_difference_handling = 'open'
        wizard._create_payments()

    def _pay_in_part(self, pending):
        """Let some of the overdue invoices be paid in part, and some customers pay without saying what for."""
        late = pending.filtered(lambda move: move.invoice_date_due < self.today)
        for move in late[::7]:
            day = move.invoice_date_due + timedelta(days=self.random.randrange(9))
            self._register(
                move, min(day, self.today), share=self.random.choice((0.25, 0.4, 0.5, 0.6))
            )
        self._create_payments(
            (
                move,
                round(move.amount_total * share, -1),
                self.today - timedelta(days=age),
                'Abono sin identificar',
            )
            for move, share, age in zip(
                late[3::11], (0.2, 0.35, 0.15, 2.6, 0.3, 0.25), (9, 4, 21, 2, 13, 6)
            )
        )

    def _give_credit(self, pending):
        """Take goods back: some credit notes applied to their invoice, some still open."""
        chosen = pending.filtered(
            lambda move: len(move.line_ids) < 6 and move.payment_state == 'not_paid'
        )[5::13]
        refunds = self.env['account.move'].create(
            [
                {
                    'move_type': 'out_refund',
                    'partner_id': move.partner_id.id,
                    'journal_id': self.journal.id,
                    'currency_id': move.currency_id.id,
                    'invoice_date': max(move.invoice_date, self.today - timedelta(days=12)),
                    # Odoo applies a credit note to the entry it reverses.
                    'reversed_entry_id': number % 2 and move.id,
                    'ref': f'Devolución de {move.name}',
                    'invoice_line_ids': [
                        Command.create(
                            {
                                'product_id': line.product_id.id,
                                'quantity': 1,
                                'price_unit': round(line.price_unit * 0.4, 2),
                                'tax_ids': [Command.set(line.tax_ids.ids)],
                            }
                        )
                        for line in move.invoice_line_ids[:1]
                    ],
                }
                for number, move in enumerate(chosen)
            ]
        )
        refunds = refunds.sorted('invoice_date')
        refunds[0].name = 'FC001-00000041'
        refunds.action_post()
