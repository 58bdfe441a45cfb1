from collections import defaultdict
from datetime import date

from odoo import api, models
from odoo.tools import SQL

from ..tools.promises import Credit, Dispute, Promise, judge


class CobranzaPromise(models.Model):
    """What became of promises, decided by reconciliations: every night, and at once when one is made or undone.

    Facts are read for whole companies, the rules are those of `tools/promises.py`, and only what changed is written:
    a handful of statements, whatever the number of promises.
    """

    _inherit = 'cobranza.promise'

    # === WHEN === #

    @api.model
    def _judge(self, companies=None):
        """Judge the promises of companies, all of those that collect by default.

        :return: {promise: (old state, new state)} of those whose state changed
        """
        companies = companies or self.env['res.company'].search([('cobranza_active', '=', True)])
        changes = {}
        for company in companies:
            rows = self.env.execute_query(self._sql_to_judge(company))
            changes |= self.sudo()._judge_where(company, [row[0] for row in rows])
        return changes

    def _sql_to_judge(self, company):
        """Return the SELECT of the cases that a night looks at.

        Those with a live promise whose last day has passed, or with an item to which something was applied since the
        last cycle: a payment is looked at when it is applied, but an import may have written it by SQL.
        """
        self.flush_model(['awaits_payment', 'case_id', 'deadline', 'line_ids', 'state'])
        return SQL(
            """
            SELECT case_id FROM cobranza_promise
             WHERE company_id = %(company)s AND state IN %(live)s AND deadline < %(today)s
             UNION
            SELECT promise.case_id
              FROM account_partial_reconcile recent
              JOIN cobranza_promise_item_rel promised ON promised.line_id = recent.debit_move_id
              JOIN cobranza_promise promise ON promise.id = promised.promise_id
             WHERE recent.company_id = %(company)s AND recent.create_date >= %(since)s
               AND promise.company_id = %(company)s AND promise.state IN %(live)s
            """,
            company=company.id,
            live=self._LIVE,
            today=company._cobranza_today(),
            since=company.cobranza_last_cycle_date or date.min,
        )

    @api.model
    def _judge_items(self, lines):
        """Judge the promises of the debtors whose items were paid or are owed again; one query when there are none."""
        if not lines:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT promise.case_id
                  FROM cobranza_promise_item_rel promised
                  JOIN cobranza_promise promise ON promise.id = promised.promise_id
                 WHERE promised.line_id = ANY(%s) AND %s
                """,
                lines.ids,
                self._sql_judgeable('promise'),
                to_flush=[
                    self._fields[name] for name in ('cancel_reason', 'case_id', 'line_ids', 'state')
                ],
            )
        )
        return self._judge_cases(self.env['cobranza.case'].browse(row[0] for row in rows))

    @api.model
    def _judge_cases(self, cases):
        """Judge every promise of some cases."""
        changes = {}
        for company, mine in cases.sudo().grouped('company_id').items():
            changes |= self.sudo()._judge_where(company, mine.ids)
        return changes

    def _judge_where(self, company, case_ids):
        """Judge the promises of some cases of one company: whole cases, since promises share a debtor's payments."""
        if not case_ids:
            return {}
        cases = SQL('SELECT UNNEST(%s)', case_ids)
        rows = self._read_promises(cases)
        if not rows:
            return {}
        verdicts = self._judge_rows(rows, cases, company)
        self._wait_for_money(rows, verdicts, company)
        return self._write_verdicts(rows, verdicts)

    @api.model
    def _on_judged(self, changes):
        """React to promises whose state changed; add-ons extend it.

        :param dict changes: {promise: (old state, new state)}, as superuser
        """

    # === FACTS === #

    @api.model
    def _sql_judgeable(self, alias):
        """Return the condition of promises the ledger has a say in: all but those that people ended."""
        return SQL(
            "(%(state)s != 'cancelled' OR %(reason)s = 'settled')",
            state=SQL.identifier(alias, 'state'),
            reason=SQL.identifier(alias, 'cancel_reason'),
        )

    def _read_promises(self, cases):
        """Return {promise id: row} of the promises of cases; a row is a dict of columns."""
        self.flush_model()
        names = ('id', 'case_id', 'partner_id', 'amount', 'currency_id', 'date', 'grace', 'taken_on', 'state',
                 'paid_amount', 'paid_on', 'awaits_payment', 'spared_until', 'tolerance')  # fmt: skip
        rows = self.env.execute_query(
            SQL(
                """
                SELECT promise.id, promise.case_id, promise.partner_id, promise.amount::float8, promise.currency_id,
                       promise.date, COALESCE(promise.grace_days, 0), promise.taken_on, promise.state,
                       COALESCE(promise.paid_amount, 0)::float8, promise.paid_on,
                       COALESCE(promise.awaits_payment, FALSE), promise.spared_until, currency.rounding::float8 / 2
                  FROM cobranza_promise promise
                  JOIN res_currency currency ON currency.id = promise.currency_id
                 WHERE promise.case_id IN (%s) AND %s
                """,
                cases,
                self._sql_judgeable('promise'),
            )
        )
        return {row[0]: dict(zip(names, row)) for row in rows}

    def _judge_rows(self, rows, cases, company):
        """Return {promise id: Verdict}, debtor by debtor."""
        self.env['account.move.line'].flush_model()
        self.env['account.partial.reconcile'].flush_model()
        promised = SQL(
            'SELECT id FROM cobranza_promise promise WHERE case_id IN (%s) AND %s',
            cases,
            self._sql_judgeable('promise'),
        )
        own, today = company.currency_id.id, company._cobranza_today()
        lines_of, items, case_of = defaultdict(list), {}, {}
        for promise_id, line_id, currency_id, amount, balance in self._read_items(promised):
            lines_of[promise_id].append(line_id)
            items[line_id] = {own: balance, currency_id: amount}
            case_of[line_id] = rows[promise_id]['case_id']
        credits = defaultdict(list)
        for line_id, day, currency_id, amount, balance, is_payment in self._read_credits(promised):
            amounts = {own: balance, currency_id: amount}
            credits[case_of[line_id]].append(Credit(line_id, day, amounts, is_payment))
        for case_id, day, currency_id, amount, balance in self._read_unapplied(cases):
            credits[case_id].append(Credit(None, day, {own: balance, currency_id: amount}))
        disputes = defaultdict(list)
        for line_id, began, currency_id, amount, balance, settled in self._read_disputes(
            promised, company
        ):
            amounts = {own: balance, currency_id: amount}
            disputes[case_of[line_id]].append(Dispute(line_id, began, amounts, settled))
        by_case, verdicts = defaultdict(list), {}
        for promise_id, row in rows.items():
            by_case[row['case_id']].append(self._as_promise(row, lines_of[promise_id]))
        for case_id, promises in by_case.items():
            verdicts |= judge(promises, items, credits[case_id], today, disputes[case_id])
        return verdicts

    def _as_promise(self, row, lines):
        return Promise(
            id=row['id'],
            amount=row['amount'],
            date=row['date'],
            items=tuple(lines),
            taken=row['taken_on'],
            grace=row['grace'],
            currency=row['currency_id'],
            tolerance=row['tolerance'],
        )

    def _read_items(self, promised):
        """Return (promise, item, currency, amount in it, in company currency); nothing for what is not posted."""
        return self.env.execute_query(
            SQL(
                """
                SELECT promised.promise_id, line.id, line.currency_id,
                       line.amount_currency::float8, line.balance::float8
                  FROM cobranza_promise_item_rel promised
                  JOIN account_move_line line ON line.id = promised.line_id
                 WHERE promised.promise_id IN (%s) AND line.parent_state = 'posted'
                """,
                promised,
            )
        )

    def _read_disputes(self, promised, company):
        """Return (item, day it began, currency, amount in it, in company currency, day it was settled) of disputes.

        Without what was accepted once that is credited: it is owed no more.
        """
        self.env['cobranza.dispute'].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT line.id, (dispute.create_date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date, line.currency_id,
                       given.amount::float8, (given.amount * line.balance / line.amount_currency)::float8,
                       CASE WHEN dispute.state != 'open' THEN dispute.resolved_date END
                  FROM cobranza_dispute dispute
                  JOIN account_move_line line ON line.id = dispute.line_id AND line.parent_state = 'posted'
                  JOIN LATERAL (SELECT CASE WHEN dispute.state = 'open' THEN dispute.amount
                                ELSE dispute.amount - COALESCE(dispute.amount_accepted, 0) END AS amount) given ON TRUE
                 WHERE given.amount > 0 AND line.amount_currency != 0 AND line.id IN (
                       SELECT line_id FROM cobranza_promise_item_rel WHERE promise_id IN (%(promised)s))
              ORDER BY dispute.id
                """,
                promised=promised,
                zone=str(company._cobranza_zone()),
            )
        )

    def _read_credits(self, promised):
        """Return (item, day, currency, amount in it, in company currency, is a payment) of what was applied."""
        return self.env.execute_query(
            SQL(
                """
                SELECT partial.debit_move_id, partial.max_date, partial.debit_currency_id,
                       partial.debit_amount_currency::float8, partial.amount::float8, %(is_payment)s
                  FROM account_partial_reconcile partial
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id
                  JOIN account_move_line claim ON claim.id = partial.debit_move_id AND claim.parent_state = 'posted'
                 WHERE partial.debit_move_id IN (
                       SELECT line_id FROM cobranza_promise_item_rel WHERE promise_id IN (%(promised)s))
              ORDER BY partial.max_date, partial.id
                """,
                is_payment=self._sql_is_payment('credit'),
                promised=promised,
            )
        )

    def _read_unapplied(self, cases):
        """Return (case, day, currency, amount in it, in company currency) of payments that nobody has applied."""
        return self.env.execute_query(
            SQL(
                """
                SELECT debtor.id, line.date, line.currency_id,
                       -line.amount_residual_currency::float8, -line.amount_residual::float8
                  FROM cobranza_case debtor
                  JOIN account_move_line line
                    ON line.partner_id = debtor.partner_id AND line.company_id = debtor.company_id
                 WHERE debtor.id IN (%s) AND line.account_id = ANY(%s) AND line.parent_state = 'posted'
                   AND line.reconciled IS NOT TRUE AND line.amount_residual_currency < 0 AND %s
                """,
                cases,
                self.env['account.move.line']._receivable_account_ids(),
                self._sql_is_payment('line'),
            )
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

    # === VERDICTS === #

    def _wait_for_money(self, rows, verdicts, company):
        """Break no promise of a debtor whose money is on its way: the truth check knows of it, the ledger does not yet.

        Once broken, a promise stays so until a payment is applied.
        """
        failed = {
            promise_id: verdict
            for promise_id, verdict in verdicts.items()
            if verdict.state in self._BROKEN and rows[promise_id]['state'] in self._LIVE
        }
        if not failed:
            return
        partners = self.env['res.partner'].browse({rows[i]['partner_id'] for i in failed})
        arriving = self.env['cobranza.truth.check']._money_on_its_way(partners, company)
        for promise_id, verdict in failed.items():
            if self.env['res.partner'].browse(rows[promise_id]['partner_id']) in arriving:
                verdicts[promise_id] = verdict._replace(state='open', waits=True)

    def _write_verdicts(self, rows, verdicts):
        """Write what changed, in one statement; the cases follow."""
        fresh = {
            promise_id: (state, verdict.paid, verdict.paid_on, verdict.waits, verdict.until, reason)
            for promise_id, verdict in verdicts.items()
            for state, reason in [self._state_of(verdict, rows[promise_id]['state'])]
            if self._differs(rows[promise_id], verdict, state)
        }
        if not fresh:
            return {}
        self._write_columns(
            ['state', 'paid_amount', 'paid_on', 'awaits_payment', 'spared_until', 'cancel_reason'],
            fresh,
        )
        promises = self.browse(fresh)
        self.env['cobranza.case']._refresh_promised({rows[i]['case_id'] for i in fresh})
        changes = {
            promise: (rows[promise.id]['state'], fresh[promise.id][0])
            for promise in promises
            if rows[promise.id]['state'] != fresh[promise.id][0]
        }
        if changes:
            self._on_judged(changes)
        return changes

    def _state_of(self, verdict, current):
        """Return (state, reason of a cancellation): one that awaits approval goes on awaiting it while it is open."""
        if verdict.state == 'open' and current == 'review':
            return 'review', None
        return verdict.state, 'settled' if verdict.state == 'cancelled' else None

    def _differs(self, row, verdict, state):
        return (
            row['state'] != state
            or row['paid_on'] != verdict.paid_on
            or row['awaits_payment'] != verdict.waits
            or row['spared_until'] != verdict.until
            or abs(row['paid_amount'] - verdict.paid) >= row['tolerance']
        )
