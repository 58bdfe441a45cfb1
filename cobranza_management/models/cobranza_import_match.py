from collections import defaultdict
from dataclasses import dataclass, field

from odoo import models
from odoo.tools import SQL, float_is_zero, format_amount, format_date

from ..tools.import_columns import normalise
from ..tools.import_documents import compact, compact_vat

#: How a customer is recognised, in this order.
WAYS = ('vat', 'reference', 'email')


@dataclass
class Booked:
    """A document that is in Odoo: what is open in each currency, when it is due, when it was issued."""

    open: dict = field(default_factory=lambda: defaultdict(float))
    due: set = field(default_factory=set)
    issued: set = field(default_factory=set)

    def add(self, currency_id, residual, due, issued):
        """Add the items of an entry in one currency."""
        self.open[currency_id] += float(residual or 0)
        self.due |= set(filter(None, due))
        self.issued |= set(filter(None, (issued,)))


class CobranzaImport(models.Model):
    """What is in Odoo already: customers and documents, found in one statement each."""

    _inherit = 'cobranza.import'

    def _refresh_matches(self):
        """Look customers and documents up again; documents that are there are not imported."""
        rows = self.row_ids.filtered(lambda row: row.state in ('new', 'known', 'changed'))
        rows.write({'state': 'new', 'reason': False, 'partner_id': False, 'customer_is_new': True})
        self._match_customers(rows)
        self._match_documents(rows.filtered(lambda row: row.state == 'new' and row.partner_id))

    # === CUSTOMERS === #

    def _match_customers(self, rows):
        """Find the customer of each row by tax number, else code, else e-mail and name, else name alone."""
        by_customer = rows.grouped('customer_key')
        index = self._customer_index(rows)
        found = defaultdict(lambda: self.env['cobranza.import.row'])
        for customer_rows in by_customer.values():
            partner_id, problem = self._find_customer(customer_rows, index)
            if problem:
                customer_rows.write({'state': 'error', 'reason': problem})
            elif partner_id:
                found[partner_id] |= customer_rows
        for partner_id, matched in found.items():
            matched.write({'partner_id': partner_id, 'customer_is_new': False})

    def _customer_index(self, rows):
        """Return {(way, key): {commercial partner id: its tax number}} of the contacts the rows may mean."""
        self.env['res.partner'].flush_model(
            ['active', 'commercial_partner_id', 'company_id', 'email', 'name', 'ref', 'vat']
        )
        index = defaultdict(dict)
        for owner, vat, ref, email, name in self.env.execute_query(self._sql_customers(rows)):
            tax, plain = self._tax_key(vat), normalise(name)
            keys = [('vat', tax), ('reference', compact(ref or '')), ('name', plain)]
            keys.append(('email', f'{(email or "").strip().lower()}|{plain}'))
            for key in keys:
                if key[1]:
                    index[key][owner] = tax
        return index

    def _sql_customers(self, rows):
        """Return the SELECT of the contacts that share a tax number, code, e-mail or name with the rows."""
        country = self.company_id.country_id.code or ''
        taxes = {self._tax_key(vat) for vat in rows.mapped('vat') if vat}
        return SQL(
            """
            SELECT partner.commercial_partner_id, partner.vat, partner.ref, partner.email, partner.name
              FROM res_partner partner
              JOIN res_partner owner ON owner.id = partner.commercial_partner_id AND owner.active
             WHERE partner.active AND (partner.company_id IS NULL OR partner.company_id = %(company)s)
               AND (REGEXP_REPLACE(UPPER(partner.vat), '[^A-Z0-9]', '', 'g') = ANY(%(taxes)s)
                    OR UPPER(REGEXP_REPLACE(partner.ref, '\\s', '', 'g')) = ANY(%(refs)s)
                    OR LOWER(TRIM(partner.email)) = ANY(%(emails)s)
                    OR LOWER(TRIM(partner.name)) = ANY(%(names)s))
            """,
            company=self.company_id.id,
            taxes=list(taxes | {country + tax for tax in taxes}),
            refs=[compact(ref) for ref in rows.mapped('reference') if ref],
            emails=[email.lower() for email in rows.mapped('email') if email],
            names=[name.lower() for name in rows.mapped('name') if name],
        )

    def _tax_key(self, vat):
        """Return a tax number as letters and digits, without the prefix of the company's own country."""
        return compact_vat(vat or '', self.company_id.country_id.code or '')

    def _find_customer(self, rows, index):
        """Return (commercial partner id or None, problem or None) of the rows of one customer."""
        tax = self._tax_key(self._first(rows, 'vat'))
        name = normalise(self._first(rows, 'name'))
        keys = {
            'vat': tax,
            'reference': compact(self._first(rows, 'reference')),
            'email': f'{self._first(rows, "email").lower()}|{name}'
            if self._first(rows, 'email') and name
            else '',
        }
        if not any(keys.values()):
            keys['name'] = name
        for way, key in keys.items():
            owners = index.get((way, key)) if key else None
            if not owners:
                continue
            if len(owners) > 1:
                return None, self.env._(
                    'Several customers in Odoo match; give the tax ID or code of one of them'
                )
            ((owner, their_tax),) = owners.items()
            if tax and their_tax and their_tax != tax:
                return None, self.env._(
                    'In Odoo, "%(customer)s" has another tax ID',
                    customer=self.env['res.partner'].browse(owner).name,
                )
            return owner, None
        return None, None

    def _first(self, rows, name):
        """Return the first value that the rows of a customer give, '' if none does."""
        return next((value for value in rows.mapped(name) if value), '')

    # === DOCUMENTS === #

    def _match_documents(self, rows):
        """Recognise the documents that are in Odoo already and compare what is open."""
        booked = self._booked_documents(rows)
        groups = defaultdict(lambda: self.env['cobranza.import.row'])
        for row in rows:
            number, instalment = compact(row.document), compact(row.instalment or '')
            # a document without instalments is the whole of one with instalments, and the other way round
            ways = (instalment, None) if instalment else ('', None, '*')
            keys = ((row.partner_id.id, number, way) for way in ways)
            key = next((key for key in keys if key in booked), None)
            if key:
                groups[key] |= row
        reasons = defaultdict(lambda: self.env['cobranza.import.row'])
        for key, same in groups.items():
            balance = self._compare(same, booked[key].open)
            for row in same:
                differences = filter(None, (balance, *self._compare_dates(row, booked[key])))
                reasons['changed' if balance else 'known', '; '.join(differences)] |= row
        for (state, reason), same in reasons.items():
            same.write({'state': state, 'reason': reason})

    def _compare_dates(self, row, booked):
        """Yield how the dates in Odoo differ from those of the row."""
        if row.due_date and booked.due and row.due_date not in booked.due:
            yield self.env._(
                'In Odoo it is due on %(ours)s, the file says %(theirs)s; nothing was changed',
                ours=self._show_dates(booked.due),
                theirs=self._show_dates({row.due_date}),
            )
        if row.issue_date and booked.issued and row.issue_date not in booked.issued:
            yield self.env._(
                'In Odoo it was issued on %(ours)s, the file says %(theirs)s; nothing was changed',
                ours=self._show_dates(booked.issued),
                theirs=self._show_dates({row.issue_date}),
            )

    def _show_dates(self, days):
        return ', '.join(format_date(self.env, day) for day in sorted(days))

    def _compare(self, rows, open_in_odoo):
        """Say how what is open in Odoo differs from the rows of one document, None if it does not.

        :param dict open_in_odoo: {currency id: residual}
        """
        currency = rows.currency_id[:1]
        theirs = sum(rows.mapped('balance'))
        ours = open_in_odoo.get(currency.id, 0.0)
        others = [
            amount for other, amount in open_in_odoo.items() if other != currency.id and amount
        ]
        if not others and float_is_zero(theirs - ours, precision_rounding=currency.rounding):
            return None
        shown = ' + '.join(
            format_amount(self.env, amount, self.env['res.currency'].browse(other))
            for other, amount in open_in_odoo.items()
        )
        return self.env._(
            'In Odoo %(ours)s is open, the file says %(theirs)s; nothing was changed',
            ours=shown,
            theirs=format_amount(self.env, theirs, currency),
        )

    def _booked_documents(self, rows):
        """Return {(commercial partner id, number, part): Booked} of what is in Odoo.

        A part is an instalment of an opening document, '*' for all of them, None for a document without instalments.
        """
        if not rows:
            return {}
        self.env['account.move'].flush_model()
        self.env['account.move.line'].flush_model()
        booked = defaultdict(Booked)
        for (
            partner_id,
            opening,
            name,
            ref,
            instalment,
            issued,
            currency_id,
            residual,
            due,
        ) in self.env.execute_query(self._sql_documents(rows)):
            keys = {(partner_id, compact(word), None) for word in (name, ref) if word}
            if opening:
                part = compact(instalment or '')
                keys = {
                    (partner_id, compact(ref or ''), way) for way in (part, '*' if part else None)
                }
            for key in keys:
                booked[key].add(currency_id, residual, due, issued)
        return booked

    def _sql_documents(self, rows):
        """Return the SELECT of the documents of these customers that bear one of the numbers."""
        return SQL(
            """
            SELECT move.commercial_partner_id, move.cobranza_import_key IS NOT NULL, move.name, move.ref,
                   move.cobranza_instalment, move.invoice_date, line.currency_id,
                   SUM(line.amount_residual_currency), ARRAY_AGG(DISTINCT line.date_maturity)
              FROM account_move move
              JOIN account_move_line line ON line.move_id = move.id AND line.account_id = ANY(%(accounts)s)
             WHERE move.company_id = %(company)s AND move.state != 'cancel'
               AND move.commercial_partner_id = ANY(%(partners)s)
               AND (move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                    OR move.move_type = 'entry' AND move.origin_payment_id IS NULL)
               AND (UPPER(REGEXP_REPLACE(move.name, '\\s', '', 'g')) = ANY(%(numbers)s)
                    OR UPPER(REGEXP_REPLACE(move.ref, '\\s', '', 'g')) = ANY(%(numbers)s))
          GROUP BY move.id, line.currency_id
            """,
            accounts=self.env['account.move.line']._receivable_account_ids(),
            company=self.company_id.id,
            partners=rows.partner_id.ids,
            numbers=list({compact(row.document) for row in rows}),
        )
