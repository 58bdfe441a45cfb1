"""A book in which things happen day after day, and the plain Python that the reports are compared with."""

from collections import defaultdict
from random import Random

from odoo.addons.cobranza_management.tests.common import CobranzaCommon


class ReportCommon(CobranzaCommon):
    """Two companies, two currencies, three debtors, and some months of invoices, credits and payments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.iberia = cls._company('Iberia', 'ES', cls._currency('EUR'))
        cls._rate(cls.iberia, cls.usd, 1.25)
        cls.env = cls.env(
            context={**cls.env.context, 'allowed_company_ids': (cls.company | cls.iberia).ids}
        )
        cls.company, cls.iberia = cls.company.with_env(cls.env), cls.iberia.with_env(cls.env)
        cls.debtors = [cls._debtor(name) for name in ('Quipu', 'Rímac', 'Sur')]

    # === LIFE === #

    def _live(self, seed, days, undo=True):
        """Let something happen every few days; yield after each, on the evening of that day.

        :param undo: reconciliations come undone too, which changes the past
        """
        chance = Random(seed)
        deeds = [self._issue] * 4 + [self._pay_something] * 4 + [self._credit] + [self._prepay]
        deeds += [self._undo] if undo else []
        for step in range(days):
            if step % 10 == 0:
                self._count_rows()
            self._travel(days=chance.randint(2, 9))
            chance.choice(deeds)(chance)
            self.env.flush_all()
            yield self._day()

    def _count_rows(self):
        """Tell the planner of rows that only this transaction sees: it would take the tables for empty."""
        self.env.cr.execute(
            'ANALYZE account_move, account_move_line, account_payment, account_partial_reconcile'
        )

    def _issue(self, chance):
        company = chance.choice([self.company, self.company, self.iberia])
        foreign = chance.random() < 0.3 and {self.company: self.clp, self.iberia: self.usd}[company]
        amount = chance.randint(1000, 90000) / 100
        self._invoice_today(
            chance.choice(self.debtors),
            round(amount * 900) if foreign == self.clp else amount,
            company=company,
            currency=foreign or company.currency_id,
            due_in=chance.choice([0, 15, 30, 60]),
        )

    def _invoice_today(self, partner, amount, company, currency, due_in, move_type='out_invoice'):
        move = self.env['account.move'].with_company(company).create(
            {
                'company_id': company.id,
                'currency_id': currency.id,
                'invoice_date': self._day(),
                'invoice_date_due': self._day(due_in),
                'invoice_line_ids': [
                    (0, 0, {'name': 'Service', 'price_unit': amount, 'tax_ids': []})
                ],
                'invoice_payment_term_id': False,
                'move_type': move_type,
                'partner_id': partner.id,
            }
        )  # fmt: skip
        move.action_post()
        return move

    def _open_invoices(self):
        return self.env['account.move'].search(
            [
                ('partner_id', 'in', [partner.id for partner in self.debtors]),
                ('move_type', '=', 'out_invoice'),
                ('state', '=', 'posted'),
                ('amount_residual', '>', 0),
            ],
            order='id',
        )

    def _pay_something(self, chance):
        invoices = self._open_invoices()
        if invoices:
            invoice = chance.choice(invoices)
            share = chance.choice([1, 1, 0.5, 0.3])
            self._pay(
                amount=invoice.currency_id.round(invoice.amount_residual * share),
                company=invoice.company_id,
                currency=invoice.currency_id,
                invoice=invoice,
            )

    def _prepay(self, chance):
        self._pay(chance.choice(self.debtors), chance.randint(100, 5000) / 100)

    def _credit(self, chance):
        invoices = self._open_invoices()
        if invoices:
            invoice = chance.choice(invoices)
            refund = self._invoice_today(
                invoice.partner_id,
                invoice.currency_id.round(invoice.amount_residual / 4) or 1,
                company=invoice.company_id,
                currency=invoice.currency_id,
                due_in=0,
                move_type='out_refund',
            )
            self._apply(refund, invoice)

    def _undo(self, chance):
        partials = self.env['account.partial.reconcile'].search(
            [('debit_move_id.partner_id', 'in', [partner.id for partner in self.debtors])],
            order='id',
        )
        if partials:
            chance.choice(partials).unlink()

    # === THE SAME IN PLAIN PYTHON === #

    def _lines(self):
        """Return every receivable journal item of the debtors."""
        return self.env['account.move.line'].search(
            [
                ('partner_id', 'in', [partner.id for partner in self.debtors]),
                ('account_id.account_type', '=', 'asset_receivable'),
                ('parent_state', '=', 'posted'),
            ]
        )

    def _open_on(self, day):
        """Return {item: (open in company currency, in its own)} on the evening of a day, nothing settled."""
        amounts = defaultdict(lambda: [0.0, 0.0])
        for line in self._lines().filtered(lambda line: line.date <= day):
            amounts[line][0] += line.balance
            amounts[line][1] += line.amount_currency
            for partial in line.matched_credit_ids.filtered(
                lambda partial: partial.max_date <= day
            ):
                amounts[line][0] -= partial.amount
                amounts[line][1] -= partial.debit_amount_currency
            for partial in line.matched_debit_ids.filtered(lambda partial: partial.max_date <= day):
                amounts[line][0] += partial.amount
                amounts[line][1] += partial.credit_amount_currency
        return {
            line: (line.company_currency_id.round(own), line.currency_id.round(foreign))
            for line, (own, foreign) in amounts.items()
            if not line.company_currency_id.is_zero(own) or not line.currency_id.is_zero(foreign)
        }

    @staticmethod
    def _due(line):
        return line.date_maturity or line.date
