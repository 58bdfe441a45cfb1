from datetime import date

from odoo import api, models
from odoo.tools import SQL

from ..tools.promises import Credit, Debtor, Dispute, Promise, Verdict


class CobranzaPromise(models.Model):
    """What the ledger knows of promises, in one statement and one row for each debtor, whatever the number of them."""

    _inherit = 'cobranza.promise'

    @api.model
    def _read_facts(self, company, cases, besides=()):
        """Return what is needed to judge the promises of cases: whole cases, since promises share a debtor's payments.

        :param SQL cases: SELECT of the ids of cases of `company`
        :param besides: ids of promises that people ended, to be judged as if they had not
        :return: list of tools.promises.Debtor
        """
        self._flush_facts()
        rows = self.env.execute_query(
            SQL(
                """
                WITH debtor AS (SELECT id, partner_id, company_id FROM cobranza_case WHERE id IN (%(cases)s)),
                     promise AS MATERIALIZED (%(promises)s),
                     promised AS MATERIALIZED (%(promised)s),
                     item AS MATERIALIZED (SELECT DISTINCT case_id, id, currency_id, amount, balance FROM promised)
                SELECT debtor.id, debtor.partner_id, promises.facts, items.facts, credits.facts, disputes.facts
                  FROM debtor
                  JOIN (%(promise_facts)s) promises ON promises.case_id = debtor.id
             LEFT JOIN (%(item_facts)s) items ON items.case_id = debtor.id
             LEFT JOIN (%(credit_facts)s) credits ON credits.case_id = debtor.id
             LEFT JOIN (%(dispute_facts)s) disputes ON disputes.case_id = debtor.id
                """,
                cases=cases,
                promises=self._sql_promises(besides),
                promised=self._sql_promised_items(),
                promise_facts=self._sql_promise_facts(),
                item_facts=self._sql_facts(
                    SQL('item'), ('id', 'currency_id', 'amount', 'balance'), by=('id',)
                ),
                credit_facts=self._sql_facts(
                    SQL('(%s UNION ALL %s) credit', self._sql_applied(), self._sql_unapplied()),
                    ('item_id', 'day', 'currency_id', 'amount', 'balance', 'is_payment'),
                    by=('day', 'id'),
                ),
                dispute_facts=self._sql_facts(
                    SQL('(%s) dispute', self._sql_disputes(company)),
                    ('item_id', 'began', 'currency_id', 'amount', 'balance', 'settled'),
                    by=('id',),
                ),
            )
        )
        return [_as_debtor(row, company.currency_id.id) for row in rows]

    def _flush_facts(self):
        """Write the pending values that the statement reads."""
        self.flush_model()
        for name in ('account.move.line', 'account.partial.reconcile', 'cobranza.dispute'):
            self.env[name].flush_model()

    @api.model
    def _sql_facts(self, source, names, by):
        """Return the SELECT of (case, its facts): an array of arrays of the columns `names`, in the order of `by`."""
        return SQL(
            'SELECT case_id, JSON_AGG(JSON_BUILD_ARRAY(%s) ORDER BY %s) AS facts FROM %s GROUP BY case_id',
            SQL(', ').join(map(SQL.identifier, names)),
            SQL(', ').join(map(SQL.identifier, by)),
            source,
        )

    # === WHAT WAS PROMISED === #

    @api.model
    def _sql_judgeable(self, alias):
        """Return the condition of promises the ledger has a say in: all but those that people ended."""
        return SQL(
            "(%(state)s != 'cancelled' OR %(reason)s = 'settled')",
            state=SQL.identifier(alias, 'state'),
            reason=SQL.identifier(alias, 'cancel_reason'),
        )

    def _sql_promises(self, besides=()):
        return SQL(
            """
            SELECT promise.id, promise.case_id, promise.amount::float8 AS amount, promise.currency_id, promise.date,
                   COALESCE(promise.grace_days, 0) AS grace, promise.taken_on, promise.state,
                   COALESCE(promise.paid_amount, 0)::float8 AS paid, promise.paid_on,
                   COALESCE(promise.awaits_payment, FALSE) AS waits, promise.spared_until,
                   currency.rounding::float8 / 2 AS tolerance
              FROM cobranza_promise promise
              JOIN debtor ON debtor.id = promise.case_id
              JOIN res_currency currency ON currency.id = promise.currency_id
             WHERE %s OR promise.id = ANY(%s)
            """,
            self._sql_judgeable('promise'),
            list(besides),
        )

    def _sql_promised_items(self):
        """Return the SELECT of the items of each promise; nothing for what is not posted."""
        return SQL(
            """
            SELECT promise.id AS promise_id, promise.case_id, line.id, line.currency_id,
                   line.amount_currency::float8 AS amount, line.balance::float8 AS balance
              FROM promise
              JOIN cobranza_promise_item_rel rel ON rel.promise_id = promise.id
              JOIN account_move_line line ON line.id = rel.line_id AND line.parent_state = 'posted'
            """
        )

    def _sql_promise_facts(self):
        """Return the SELECT of (case, its promises), each with how it stands and, at the end, its items."""
        names = ('id', 'amount', 'date', 'taken_on', 'grace', 'currency_id', 'tolerance',
                 'state', 'paid', 'paid_on', 'waits', 'spared_until', 'items')  # fmt: skip
        return self._sql_facts(
            SQL(
                """
                promise LEFT JOIN (SELECT promise_id, JSON_AGG(id ORDER BY id) AS items
                                     FROM promised GROUP BY promise_id) covered ON covered.promise_id = promise.id
                """
            ),
            names,
            by=('id',),
        )

    # === WHAT BECAME OF IT === #

    def _sql_applied(self):
        """Return the SELECT of what was applied to the items, and whether it was a payment."""
        return SQL(
            """
            SELECT item.case_id, partial.id, item.id AS item_id, partial.max_date AS day,
                   partial.debit_currency_id AS currency_id, partial.debit_amount_currency::float8 AS amount,
                   partial.amount::float8 AS balance, %s AS is_payment
              FROM item
              JOIN account_partial_reconcile partial ON partial.debit_move_id = item.id
              JOIN account_move_line credit ON credit.id = partial.credit_move_id
            """,
            self._sql_is_payment('credit'),
        )

    def _sql_unapplied(self):
        """Return the SELECT of the payments that nobody has applied."""
        return SQL(
            """
            SELECT debtor.id, line.id, NULL, line.date, line.currency_id, -line.amount_residual_currency::float8,
                   -line.amount_residual::float8, TRUE
              FROM debtor
              JOIN account_move_line line
                ON line.partner_id = debtor.partner_id AND line.company_id = debtor.company_id
             WHERE line.account_id = ANY(%s) AND line.parent_state = 'posted'
               AND line.reconciled IS NOT TRUE AND line.amount_residual_currency < 0 AND %s
            """,
            self.env['account.move.line']._receivable_account_ids(),
            self._sql_is_payment('line'),
        )

    def _sql_disputes(self, company):
        """Return the SELECT of the disputes of the items, from the day each began to the day it was settled.

        Without what was accepted once that is credited: it is owed no more; nor those that were noted by mistake.
        """
        return SQL(
            """
            SELECT item.case_id, dispute.id, item.id AS item_id, item.currency_id, given.amount::float8 AS amount,
                   given.amount * item.balance / item.amount AS balance,
                   (dispute.create_date AT TIME ZONE 'UTC' AT TIME ZONE %s)::date AS began,
                   CASE WHEN dispute.state != 'open' THEN dispute.resolved_date END AS settled
              FROM item
              JOIN cobranza_dispute dispute ON dispute.line_id = item.id
              JOIN LATERAL (SELECT CASE WHEN dispute.state = 'open' THEN dispute.amount
                            ELSE dispute.amount - COALESCE(dispute.amount_accepted, 0) END AS amount) given ON TRUE
             WHERE given.amount > 0 AND item.amount != 0 AND dispute.withdrawal IS DISTINCT FROM 'mistake'
            """,
            str(company._cobranza_zone()),
        )

    @api.model
    def _sql_is_payment(self, alias):
        """Return the condition that a credit on a receivable account is money, and not a credit note or a write-off.

        A credit note books its receivable as `payment_term`. An entry by hand is a payment (a netting, a withholding
        certificate, money taken at a till) unless it books to profit and loss, as write-offs and exchange
        differences do.
        """
        return SQL(
            """
            (%(alias)s.display_type IS DISTINCT FROM 'payment_term' AND (
                EXISTS (SELECT FROM account_journal journal
                         WHERE journal.id = %(alias)s.journal_id AND journal.type IN ('bank', 'cash', 'credit'))
                OR NOT EXISTS (SELECT FROM account_move_line result
                                 JOIN account_account account ON account.id = result.account_id
                                WHERE result.move_id = %(alias)s.move_id
                                  AND account.account_type ~ '^(income|expense)')))
            """,
            alias=SQL.identifier(alias),
        )


# === FROM JSON === #


def _as_debtor(row, own):
    """Return the tools.promises.Debtor of a row of facts.

    :param own: id of the company's currency, in which every amount is known beside its own
    """
    case_id, partner_id, promises, items, credits, disputes = row
    return Debtor(
        case=case_id,
        partner=partner_id,
        stands=dict(map(_as_promise, promises)),
        items={
            item: {own: balance, currency: amount}
            for item, currency, amount, balance in items or ()
        },
        credits=[
            Credit(item, _day(day), {own: balance, currency: amount}, is_payment)
            for item, day, currency, amount, balance, is_payment in credits or ()
        ],
        disputes=[
            Dispute(item, _day(began), {own: balance, currency: amount}, _day(settled))
            for item, began, currency, amount, balance, settled in disputes or ()
        ],
    )


def _as_promise(facts):
    """Return (the promise, how it stands)."""
    (
        number,
        amount,
        day,
        taken,
        grace,
        currency,
        tolerance,
        state,
        paid,
        paid_on,
        waits,
        until,
        items,
    ) = facts
    promise = Promise(
        id=number,
        amount=amount,
        date=_day(day),
        items=tuple(items or ()),
        taken=_day(taken),
        grace=grace,
        currency=currency,
        tolerance=tolerance,
    )
    return promise, Verdict(state, paid, _day(paid_on), waits, _day(until))


def _day(text):
    return text and date.fromisoformat(text)
