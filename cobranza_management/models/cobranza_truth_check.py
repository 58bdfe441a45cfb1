from collections import defaultdict
from datetime import timedelta
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: A transfer announced longer ago than this no longer holds a message back.
PENDING_DAYS = 7
#: A bank line older than this is an accounting backlog, not a payment that just arrived.
BANK_LINE_DAYS = 30


class Finding(NamedTuple):
    """What keeps a message from leaving."""

    state: str  # of the reminder: held or cancelled
    code: str
    detail: str = ''
    retry_hours: float = 24


class Claim(NamedTuple):
    """An item as it may be claimed at this minute."""

    line: Any  # account.move.line
    due: Any
    amount: float  # in the item's currency, net of credits
    company_amount: float


class CobranzaTruthCheck(models.AbstractModel):
    """The check at the moment of sending: is it still owed? Under lock, in a constant number of queries."""

    _name = 'cobranza.truth.check'
    _description = 'Check of the Debt Before Sending'

    @api.model
    def _check(self, reminders):
        """Read again what each message claims.

        :param reminders: cobranza.reminder of one company, their rows locked
        :return: ({reminder: list of Claim}, {reminder: Finding})
        """
        company = reminders.company_id
        locked = self._lock_items(reminders)
        claims, promised = self._claims_and_promised(reminders, company)
        money = self._money_on_its_way(reminders.partner_id, company)
        minimum = company.cobranza_minimum_amount
        good, stopped = {}, {}
        for reminder in reminders:
            owed = claims[reminder]
            finding = (
                self._find_lock(reminder, locked)
                or (None if owed else self._find_nothing_owed(reminder, promised))
                or self._find_minimum(reminder, owed, minimum)
                or money.get(reminder.partner_id)
            )
            if finding:
                stopped[reminder] = finding
            else:
                good[reminder] = owed
        return good, stopped

    # === LOCK === #

    def _lock_items(self, reminders):
        """Lock the items against payments and return the ids that somebody else is changing now."""
        line_ids = reminders.item_ids.line_id.ids
        if not line_ids:
            return set()
        rows = self.env.execute_query(
            SQL(
                'SELECT id FROM account_move_line WHERE id = ANY(%s) ORDER BY id FOR SHARE SKIP LOCKED',
                line_ids,
            )
        )
        return set(line_ids) - {row[0] for row in rows}

    def _find_lock(self, reminder, locked):
        if locked and locked.intersection(reminder.item_ids.line_id.ids):
            return Finding('held', 'locked', retry_hours=0.1)
        return None

    # === WHAT IS OWED === #

    def _claims(self, reminders, company):
        """Return {reminder: claims}: its items net of credits, without promised ones."""
        return self._claims_and_promised(reminders, company)[0]

    def _claims_and_promised(self, reminders, company):
        """Return ({reminder: claims}, ids of the items left alone for a live promise)."""
        rows = self._owed_items(reminders, company)
        owed = {row[0]: row[1:4] for row in rows if not row[4]}
        claims = defaultdict(list)
        # these and no more: a night reads tens of thousands of items, each row of a hundred columns
        reminders.item_ids.line_id.fetch(['cobranza_document', 'currency_id', 'move_id'])
        for reminder in reminders:
            for line in reminder.item_ids.line_id:
                if line.id in owed and not line.currency_id.is_zero(owed[line.id][1]):
                    claims[reminder].append(Claim(line, *owed[line.id]))
            claims[reminder].sort(key=lambda claim: (claim.due, claim.line.id))
        return claims, {row[0] for row in rows if row[4]}

    def _owed_items(self, reminders, company):
        """Return (item id, due, net in its currency, in company currency, promised) rows of the debtors."""
        self.env['cobranza.case']._flush_ledger()
        items = self.env['account.move.line']._sql_netted_items(
            company.ids, SQL('%s', tuple(reminders.partner_id.ids))
        )
        return self.env.execute_query(
            SQL(
                """
                SELECT item.id, item.due, item.net_currency::float8, item.net::float8, EXISTS (%(live)s)
                  FROM (%(items)s) item
                 WHERE item.net_currency > 0
                """,
                items=items,
                live=self.env['cobranza.promise']._sql_live_of(
                    SQL.identifier('item', 'id'), company._cobranza_today()
                ),
            )
        )

    def _find_nothing_owed(self, reminder, promised):
        """Tell a promise, which may yet be broken, from a debt that is gone."""
        if promised.intersection(reminder.item_ids.line_id.ids):
            return Finding('held', 'promised')
        return Finding('cancelled', 'settled')

    def _find_minimum(self, reminder, owed, minimum):
        smallest = max(minimum, reminder.step_id.minimum_amount)
        if sum(claim.company_amount for claim in owed) < smallest:
            return Finding('cancelled', 'below_minimum')
        return None

    # === MONEY ON ITS WAY === #

    def _money_on_its_way(self, partners, company):
        """Return {debtor: Finding} for payments the ledger does not show yet."""
        return {
            **self._bank_lines(partners, company),
            **self._pending_transactions(partners, company),
            **self._payments_in_process(partners, company),
        }

    def _payments_in_process(self, partners, company):
        """Payments registered without a journal entry yet; those with one are credits already."""
        domain = Domain('partner_id.commercial_partner_id', 'in', partners.ids) & Domain(
            [
                ('company_id', '=', company.id),
                ('payment_type', '=', 'inbound'),
                ('state', '=', 'in_process'),
                ('move_id', '=', False),
            ]
        )
        payments = self.env['account.payment'].sudo().search(domain)
        return {
            p.partner_id.commercial_partner_id: Finding('held', 'payment_pending', p.display_name)
            for p in payments
        }

    def _pending_transactions(self, partners, company):
        since = fields.Datetime.now() - timedelta(days=PENDING_DAYS)
        transactions = (
            self.env['payment.transaction']
            .sudo()
            .search(
                Domain(
                    [
                        ('company_id', '=', company.id),
                        ('state', 'in', ('pending', 'authorized')),
                        ('last_state_change', '>=', since),
                    ]
                )
                & Domain('partner_id.commercial_partner_id', 'in', partners.ids)
            )
        )
        return {
            t.partner_id.commercial_partner_id: Finding('held', 'transaction_pending', t.reference)
            for t in transactions
        }

    def _bank_lines(self, partners, company):
        """Bank lines not matched yet that name this debtor."""
        since = fields.Date.subtract(company._cobranza_today(), days=BANK_LINE_DAYS)
        lines = (
            self.env['account.bank.statement.line']
            .sudo()
            .search(
                Domain(
                    [
                        ('company_id', '=', company.id),
                        ('is_reconciled', '=', False),
                        ('amount', '>', 0),
                        ('date', '>=', since),
                    ]
                )
                & Domain('partner_id.commercial_partner_id', 'in', partners.ids)
            )
        )
        return {
            line.partner_id.commercial_partner_id: Finding(
                'held', 'bank_line', line.payment_ref or line.display_name
            )
            for line in lines
        }
