"""What the generator reads from the database, and the parameters it computes from it."""

import dataclasses

from psycopg2.extras import execute_values

from dev.console import Problem

# Where debtors live: country, share, language, time zone, city, then the head of a valid
# mobile number and how many random digits follow it.
LOCALES = (
    ('MX', 0.22, 'es_419', 'America/Mexico_City', 'Ciudad de México', '+5255', 8),
    ('CO', 0.15, 'es_419', 'America/Bogota', 'Bogotá', '+57310', 7),
    ('PE', 0.12, 'es_419', 'America/Lima', 'Lima', '+519', 8),
    ('CL', 0.10, 'es_419', 'America/Santiago', 'Santiago', '+5698', 7),
    ('EC', 0.10, 'es_419', 'America/Guayaquil', 'Guayaquil', '+59399', 7),
    ('AR', 0.08, 'es_419', 'America/Argentina/Buenos_Aires', 'Buenos Aires', '+549115', 7),
    ('UY', 0.03, 'es_419', 'America/Montevideo', 'Montevideo', '+59899', 6),
    ('ES', 0.15, 'es_ES', 'Europe/Madrid', 'Madrid', '+346', 8),
    ('US', 0.05, 'en_US', 'America/New_York', 'Miami', '+13054', 6),
)
# Payment terms by external id, and the share of debtors on each.
TERMS = (
    ('account.account_payment_term_15days', 0.10),
    ('account.account_payment_term_30days', 0.45),
    ('account.account_payment_term_45days', 0.18),
    ('benchmarks.payment_term_60days', 0.15),
    ('benchmarks.payment_term_2_instalments', 0.05),
    ('benchmarks.payment_term_3_instalments', 0.04),
    ('benchmarks.payment_term_4_instalments', 0.03),
)
# Tables that get rows, with the parameter that holds their first free id.
ID_TABLES = {
    'partner0': 'res_partner',
    'move0': 'account_move',
    'line0': 'account_move_line',
    'payment0': 'account_payment',
    'full0': 'account_full_reconcile',
    'partial0': 'account_partial_reconcile',
}


def prepare_parameters(cr, book):
    """Fill the gen_company, gen_money, gen_locale, gen_term and gen_user temporary tables.

    Return the parameters of the SQL files.
    """
    companies = _create_companies(cr)
    _create_money(cr)
    _create_locales(cr)
    _create_terms(cr)
    return {
        **dataclasses.asdict(book),
        'days': book.days,
        'companies': companies,
        'users': _create_users(cr),
        **{name: _get_last_id(cr, table) for name, table in ID_TABLES.items()},
    }


def _fetch(cr, query, args, what):
    """Return the only row of `query`, or say what is missing."""
    cr.execute(query, args)
    row = cr.fetchone()
    if row is None or row[0] is None:
        raise Problem(f'The database has no {what}; “python -m benchmarks generate” makes one.')
    return row


def _get_last_id(cr, table):
    # After both the highest id and the sequence: gaps are harmless, clashes are not.
    return _fetch(
        cr,
        f'SELECT greatest((SELECT coalesce(max(id), 0) FROM {table}),'
        f' (SELECT last_value FROM {table}_id_seq))',
        (),
        table,
    )[0]


def _create_companies(cr):
    """Describe the first two companies that have a chart of accounts."""
    cr.execute(
        """
        CREATE TEMP TABLE gen_company (slot int, id int, currency_id int, sale_journal int,
            sale_code text, bank_journal int, bank_code text, method_line int, method int,
            bank_account int, bank_reconcile bool, matched bool, receivable int, income int
        ) ON COMMIT DROP;
        SELECT c.id FROM res_company c
         WHERE c.active AND EXISTS (SELECT FROM account_journal j WHERE j.company_id = c.id
                                       AND j.type = 'sale' AND j.active)
         ORDER BY c.id LIMIT 2
        """
    )
    companies = [row[0] for row in cr.fetchall()]
    rows = [(slot, *_read_company(cr, company)) for slot, company in enumerate(companies, 1)]
    if not rows:
        raise Problem('The database has no company with a chart of accounts.')
    execute_values(cr, 'INSERT INTO gen_company VALUES %s', rows)
    return len(rows)


def _read_company(cr, company):
    """Return the row of gen_company without its slot."""
    (currency,) = _fetch(
        cr, 'SELECT currency_id FROM res_company WHERE id = %s', [company], 'company'
    )
    sale_journal, sale_code = _fetch(
        cr,
        "SELECT id, code FROM account_journal WHERE type = 'sale' AND company_id = %s AND active"
        ' ORDER BY sequence, id LIMIT 1',
        [company],
        'sale journal',
    )
    bank = _read_bank(cr, company)
    receivable = _get_default_receivable(cr, company) or _get_account(
        cr, company, 'asset_receivable'
    )
    return (
        company,
        currency,
        sale_journal,
        sale_code,
        *bank,
        receivable,
        _get_account(cr, company, 'income'),
    )


def _read_bank(cr, company):
    """Return journal, code, method line, method, account, whether it keeps a residual and
    whether a payment on it counts as matched with the bank."""
    journal, code, default_account = _fetch(
        cr,
        "SELECT id, code, default_account_id FROM account_journal WHERE type = 'bank'"
        ' AND company_id = %s AND active AND default_account_id IS NOT NULL'
        ' ORDER BY sequence, id LIMIT 1',
        [company],
        'bank journal',
    )
    method_line, method = _fetch(
        cr,
        'SELECT l.id, m.id FROM account_payment_method_line l'
        ' JOIN account_payment_method m ON m.id = l.payment_method_id'
        " WHERE l.journal_id = %s AND m.payment_type = 'inbound' ORDER BY l.sequence, l.id LIMIT 1",
        [journal],
        'inbound payment method',
    )
    # Without an account on the method line Odoo makes payments that have no journal entry.
    (account,) = _fetch(
        cr,
        'UPDATE account_payment_method_line'
        ' SET payment_account_id = coalesce(payment_account_id, %s) WHERE id = %s'
        ' RETURNING payment_account_id',
        [default_account, method_line],
        'payment account',
    )
    (reconcile,) = _fetch(
        cr,
        "SELECT reconcile OR account_type IN ('asset_cash', 'liability_credit_card')"
        ' FROM account_account WHERE id = %s',
        [account],
        'bank account',
    )
    return journal, code, method_line, method, account, reconcile, account == default_account


def _get_default_receivable(cr, company):
    # The company's default receivable account wins over the first one found.
    cr.execute(
        'SELECT d.json_value::int FROM ir_default d JOIN ir_model_fields f ON f.id = d.field_id'
        " WHERE f.model = 'res.partner' AND f.name = 'property_account_receivable_id'"
        ' AND d.company_id = %s AND d.user_id IS NULL',
        [company],
    )
    row = cr.fetchone()
    return row and row[0]


def _get_account(cr, company, account_type):
    return _fetch(
        cr,
        'SELECT a.id FROM account_account a'
        ' JOIN account_account_res_company_rel r ON r.account_account_id = a.id'
        ' WHERE r.res_company_id = %s AND a.account_type = %s AND a.active ORDER BY a.id LIMIT 1',
        [company, account_type],
        f'{account_type} account',
    )[0]


def _create_money(cr):
    """Each company invoices in its own currency and in one foreign currency.

    `rate` is how many units of the currency one unit of the company's currency buys.
    """
    cr.execute(
        """
        CREATE TEMP TABLE gen_money ON COMMIT DROP AS
        WITH rate AS (
            SELECT c.id, coalesce((SELECT r.rate FROM res_currency_rate r
                                    WHERE r.currency_id = c.id ORDER BY r.name LIMIT 1), 1) AS rate
              FROM res_currency c WHERE c.active
        )
        SELECT c.slot, r.id <> c.currency_id AS is_foreign, r.id AS currency_id,
               round(r.rate / own.rate, 6) AS rate
          FROM gen_company c
          JOIN rate own ON own.id = c.currency_id
          JOIN LATERAL (
                (SELECT own.id, own.rate)
                UNION ALL
                (SELECT f.id, f.rate FROM rate f WHERE f.id <> own.id
                  ORDER BY f.id IN (SELECT currency_id FROM gen_company) DESC, f.id LIMIT 1)
               ) r ON true;
        SELECT count(*) = 2 * (SELECT count(*) FROM gen_company) FROM gen_money
        """
    )
    if not cr.fetchone()[0]:
        raise Problem('The database has only one active currency.')


def _create_locales(cr):
    cr.execute(
        'CREATE TEMP TABLE gen_locale (country_id int, low float8, high float8, lang text,'
        ' tz text, city text, phone text, digits int) ON COMMIT DROP;'
        ' SELECT code, id FROM res_country'
    )
    countries = dict(cr.fetchall())
    rows = [
        (countries[code], low, high, *rest) for (code, _share, *rest), low, high in _stack(LOCALES)
    ]
    execute_values(cr, 'INSERT INTO gen_locale VALUES %s', rows)


def _create_terms(cr):
    cr.execute(
        'CREATE TEMP TABLE gen_term (id int, low float8, high float8, lines int, span int)'
        ' ON COMMIT DROP'
    )
    for (xmlid, _share), low, high in _stack(TERMS):
        (term,) = _fetch(
            cr,
            'SELECT res_id FROM ir_model_data WHERE module = %s AND name = %s',
            xmlid.split('.'),
            f'payment term {xmlid}',
        )
        cr.execute('INSERT INTO gen_term VALUES (%s, %s, %s)', [term, low, high])
    cr.execute(
        """
        CREATE TEMP TABLE gen_term_line ON COMMIT DROP AS
        SELECT l.payment_id AS term, l.nb_days AS days, l.value_amount::numeric AS percent,
               row_number() OVER w AS n,
               -- The last instalment takes what the percentages before it leave.
               CASE WHEN lead(l.id) OVER w IS NULL THEN
                    coalesce((SELECT array_agg(p.value_amount::numeric)
                                FROM account_payment_term_line p
                               WHERE p.payment_id = l.payment_id AND p.id < l.id), '{}')
               END AS rest
          FROM account_payment_term_line l JOIN gen_term t ON t.id = l.payment_id
        WINDOW w AS (PARTITION BY l.payment_id ORDER BY l.id);
        UPDATE gen_term t SET lines = l.lines, span = l.span
          FROM (SELECT term, count(*) AS lines, max(days) AS span
                  FROM gen_term_line GROUP BY term) l
         WHERE l.term = t.id
        """
    )


def _create_users(cr):
    """List the people that invoices and debtors belong to; return how many."""
    cr.execute(
        """
        CREATE TEMP TABLE gen_user ON COMMIT DROP AS
        SELECT id, row_number() OVER (ORDER BY id) - 1 AS rank
          FROM res_users WHERE active AND NOT share;
        SELECT count(*) FROM gen_user
        """
    )
    return cr.fetchone()[0]


def _stack(rows):
    """Yield each row with the slice of [0, 1) that its share, the second item, takes.

    >>> [(row[0], round(low, 2), round(high, 2)) for row, low, high in _stack([('a', 1), ('b', 3)])]
    [('a', 0.0, 0.25), ('b', 0.25, 1.0)]
    """
    total = sum(row[1] for row in rows)
    low = 0.0
    for row in rows:
        high = low + row[1] / total
        yield row, low, 1.0 if row is rows[-1] else high
        low = high
