from datetime import date

from odoo import api, models
from odoo.tools import SQL

from ..tools.promises import judge


class CobranzaPromise(models.Model):
    """What became of promises, decided by reconciliations: every night, and at once when one is made or undone.

    One statement reads the facts, the rules are those of `tools/promises.py`, and one statement writes what changed,
    whatever the number of promises.
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
            changes |= self.sudo()._judge_where(company, self._sql_to_judge(company))
        return changes

    def _sql_to_judge(self, company):
        """Return the SELECT of the cases that a night looks at.

        Those with a live promise whose last day has passed, or with an item to which something was applied since the
        last cycle: a payment is looked at when it is applied, but an import may have written it by SQL.
        """
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
        """Judge the promises of the debtors whose items were paid or are owed again.

        Who they are is asked first: told one debtor by name, PostgreSQL reads that debtor and not the whole portfolio.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT promise.case_id
                  FROM cobranza_promise_item_rel promised
                  JOIN cobranza_promise promise ON promise.id = promised.promise_id
                 WHERE promised.line_id = ANY(%s)
                """,
                lines.ids,
                to_flush=[self._fields[name] for name in ('case_id', 'line_ids')],
            )
        )
        return self._judge_cases(self.env['cobranza.case'].browse(row[0] for row in rows))

    @api.model
    def _judge_cases(self, cases):
        """Judge every promise of some cases."""
        changes = {}
        for company, mine in cases.sudo().grouped('company_id').items():
            changes |= self.sudo()._judge_where(company, SQL('SELECT UNNEST(%s)', mine.ids))
        return changes

    def _judge_where(self, company, cases):
        """Judge the promises of some cases of one company.

        :param SQL cases: SELECT of their ids
        """
        judged = self._verdicts(company, cases)
        self._wait_for_money(judged, company)
        return self._write_verdicts(judged)

    def _verdicts(self, company, cases, besides=()):
        """Return a list of (Debtor, {promise id: Verdict}), and write nothing; parameters as of `_read_facts`."""
        today = company._cobranza_today()
        return [
            (debtor, judge(debtor.stands, debtor.items, debtor.credits, today, debtor.disputes))
            for debtor in self._read_facts(company, cases, besides)
        ]

    @api.model
    def _on_judged(self, changes):
        """React to promises whose state changed; add-ons extend it.

        :param dict changes: {promise: (old state, new state)}, as superuser
        """

    # === VERDICTS === #

    def _wait_for_money(self, judged, company):
        """Break no promise of a debtor whose money is on its way: the truth check knows of it, the ledger does not yet.

        Once broken, a promise stays so until a payment is applied.

        :param judged: list of (Debtor, {promise id: Verdict}); the verdicts are changed
        """
        failed = [
            (debtor, verdicts, promise)
            for debtor, verdicts in judged
            for promise, stands in debtor.stands.items()
            if stands.state in self._LIVE and verdicts[promise.id].state in self._BROKEN
        ]
        if not failed:
            return
        Partner = self.env['res.partner']
        partners = Partner.browse({debtor.partner for debtor, _verdicts, _promise in failed})
        arriving = self.env['cobranza.truth.check']._money_on_its_way(partners, company)
        for debtor, verdicts, promise in failed:
            if Partner.browse(debtor.partner) in arriving:
                verdicts[promise.id] = verdicts[promise.id]._replace(state='open', waits=True)

    def _write_verdicts(self, judged):
        """Write what changed, in one statement; the cases follow."""
        fresh, before, cases = {}, {}, set()
        for debtor, verdicts in judged:
            for promise, stands in debtor.stands.items():
                verdict = self._awaiting_approval(verdicts[promise.id], stands)
                if verdict.differs(stands, promise.tolerance):
                    reason = 'settled' if verdict.state == 'cancelled' else None
                    fresh[promise.id] = (*verdict, reason)
                    before[promise.id] = stands.state
                    cases.add(debtor.case)
        if not fresh:
            return {}
        self._write_columns(
            ['state', 'paid_amount', 'paid_on', 'awaits_payment', 'spared_until', 'cancel_reason'],
            fresh,
        )
        self.env['cobranza.case']._refresh_promised(cases)
        changes = {
            promise: (before[promise.id], fresh[promise.id][0])
            for promise in self.browse(fresh)
            if before[promise.id] != fresh[promise.id][0]
        }
        if changes:
            self._on_judged(changes)
        return changes

    def _awaiting_approval(self, verdict, stands):
        """Return the verdict of a promise that nobody has approved yet: it goes on awaiting that while it is open."""
        if verdict.state == 'open' and stands.state == 'review':
            return verdict._replace(state='review')
        return verdict
