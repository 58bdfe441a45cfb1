"""Check that a generated ledger is what Odoo itself would have written; changes nothing.

Whole-table invariants are counted in SQL; every stored computed field of the models that the
generator writes is computed anew by the ORM on samples of each kind of record.
"""

from collections import Counter

# How many records of each kind are recomputed.
SAMPLE = 60
# model → (fields that tell the kinds apart)
KINDS = {
    'res.partner': "is_company, parent_id IS NULL, country_id",
    'account.move': "company_id, currency_id, move_type, payment_state,"
    " (SELECT count(*) > 1 FROM account_payment_term_line t"
    " WHERE t.payment_id = invoice_payment_term_id)",
    'account.payment': "company_id, currency_id, is_reconciled",
    'account.partial.reconcile': "company_id, debit_currency_id, full_reconcile_id IS NULL",
}
# Values that a user or a document gives and a compute only proposes, as a domain per field.
GIVEN = {
    # A reversal drops the term: its credit note falls due at once.
    ('account.move', 'invoice_payment_term_id'): [('move_type', '=', 'out_refund')],
    ('account.move', 'invoice_date_due'): [('move_type', '=', 'out_refund')],
    ('account.payment', 'currency_id'): [],
    # Computed only when nobody said how much.
    ('account.move.line', 'balance'): [],
}
# Each query counts rows that break the rule.
INVARIANTS = {
    'every entry balances, in both currencies': """
        SELECT count(*) FROM (
            SELECT 1 FROM account_move_line WHERE parent_state = 'posted' GROUP BY move_id
            HAVING sum(balance) <> 0 OR sum(amount_currency) <> 0) x""",
    'debit - credit = balance': """
        SELECT count(*) FROM account_move_line WHERE debit - credit <> balance""",
    'amount in currency = balance in the own currency': """
        SELECT count(*) FROM account_move_line
         WHERE currency_id = company_currency_id AND amount_currency <> balance""",
    'currency amounts follow the rate exactly': """
        SELECT count(*) FROM account_move_line l JOIN account_move m ON m.id = l.move_id
         WHERE m.move_type <> 'entry' AND l.balance * m.invoice_currency_rate
               <> l.amount_currency""",
    'residual = amount - what was matched, in both currencies': """
        SELECT count(*)
          FROM account_move_line l
          JOIN account_account a ON a.id = l.account_id AND a.account_type = 'asset_receivable'
          LEFT JOIN (SELECT debit_move_id AS id, sum(amount) AS s, sum(debit_amount_currency) AS c
                       FROM account_partial_reconcile GROUP BY 1) d ON d.id = l.id
          LEFT JOIN (SELECT credit_move_id AS id, sum(amount) AS s, sum(credit_amount_currency) AS c
                       FROM account_partial_reconcile GROUP BY 1) k ON k.id = l.id
         WHERE l.amount_residual <> l.balance - coalesce(d.s, 0) + coalesce(k.s, 0)
            OR l.amount_residual_currency
               <> l.amount_currency - coalesce(d.c, 0) + coalesce(k.c, 0)""",
    'a partial joins lines of one company, account, debtor and currency': """
        SELECT count(*)
          FROM account_partial_reconcile p
          JOIN account_move_line d ON d.id = p.debit_move_id
          JOIN account_move_line k ON k.id = p.credit_move_id
         WHERE (d.company_id, d.account_id, d.partner_id, d.currency_id)
            IS DISTINCT FROM (k.company_id, k.account_id, k.partner_id, k.currency_id)
            OR d.company_id <> p.company_id""",
    'sequences have no gap': """
        SELECT count(*) FROM (
            SELECT 1 FROM account_move WHERE state = 'posted'
             GROUP BY journal_id, sequence_prefix
            HAVING count(*) <> max(sequence_number) - min(sequence_number) + 1) x""",
    'full reconciles have their lines settled and numbered': """
        SELECT count(*) FROM account_move_line
         WHERE full_reconcile_id IS NOT NULL
           AND (NOT reconciled OR matching_number <> full_reconcile_id::text)""",
    'no full reconcile is empty': """
        SELECT count(*) FROM account_full_reconcile f
         WHERE NOT EXISTS (SELECT FROM account_partial_reconcile p
                            WHERE p.full_reconcile_id = f.id)""",
}


def verify_database(env):
    """Run every check on the database of `env`, print each; return how many failed."""
    env = env(
        context={
            'allowed_company_ids': env['res.company'].search([], order='id').ids,
            'lang': 'es_ES',
            'tracking_disable': True,
        }
    )
    results = [
        *_check_invariants(env),
        *_check_foreign_keys(env),
        *_check_stored_fields(env),
        *_check_instalments(env),
        *_check_partners(env),
        *_check_settling_again(env),
    ]
    failed = 0
    for name, problem in results:
        failed += bool(problem)
        print(f'{"FAIL" if problem else "ok  "} {name}{f": {problem}" if problem else ""}')
    print(f'{len(results)} checks, {failed} failed')
    return failed


def _fetch(env, query, *values):
    env.cr.execute(query, values)
    return env.cr.fetchall()


def _check_invariants(env):
    for name, query in INVARIANTS.items():
        ((count,),) = _fetch(env, query)
        yield name, count and f'{count} rows'


def _check_foreign_keys(env):
    """Look for dangling references: the load skips the triggers that would refuse them."""
    tables = tuple(env[model]._table for model in KINDS) + ('account_move_line',)
    keys = _fetch(
        env,
        """
        SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text
          FROM pg_constraint c
          JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
         WHERE c.contype = 'f' AND c.conrelid::regclass::text IN %s
        """,
        tables,
    )
    dangling = []
    for table, column, target in keys:
        ((count,),) = _fetch(
            env,
            f'SELECT count(*) FROM {table} s WHERE {column} IS NOT NULL'
            f' AND NOT EXISTS (SELECT FROM {target} t WHERE t.id = s.{column})',
        )
        if count:
            dangling.append(f'{table}.{column} {count}')
    yield f'{len(keys)} foreign keys hold', ', '.join(dangling)


def _sample(env, model):
    """Return up to SAMPLE records of each kind of `model`."""
    table = env[model]._table
    rows = _fetch(
        env,
        f"""
        SELECT id FROM (
            SELECT id, row_number() OVER (PARTITION BY {KINDS[model]}
                                          ORDER BY md5(id::text)) AS rank
              FROM {table}) s
         WHERE rank <= %s ORDER BY id
        """,
        SAMPLE,
    )
    return env[model].browse([row[0] for row in rows])


def _check_stored_fields(env):
    """Compute the stored fields of samples anew and compare."""
    for model in KINDS:
        yield _recompute(_sample(env, model))
        env.cr.rollback()
    yield _recompute(_sample(env, 'account.move').line_ids)
    env.cr.rollback()


def _recompute(records):
    """Return the name of the check and what differs after computing every stored field."""
    fields = [
        field
        for field in records._fields.values()
        if field.store and field.compute and field.column_type
    ]
    computed = {field: _get_computed_records(records, field) for field in fields}
    before = {field: [_get_value(record, field) for record in computed[field]] for field in fields}
    for field in fields:
        records.env.add_to_compute(field, computed[field])
    differences, examples = Counter(), {}
    for field in fields:
        for record, old in zip(computed[field], before[field], strict=True):
            new = _get_value(record, field)
            if not _is_same(old, new):
                differences[field.name] += 1
                examples[field.name] = f'{record.id}: {old!r} → {new!r}'
    name = f'{len(fields)} stored fields of {len(records)} {records._name}'
    return name, differences and f'{dict(differences)} {examples}'


def _get_computed_records(records, field):
    """Return the records whose `field` is nothing but computed."""
    given = GIVEN.get((records._name, field.name))
    return records if given is None else records - records.filtered_domain(given)


def _get_value(record, field):
    value = record[field.name]
    return value.ids if field.relational else value


def _is_same(old, new):
    if isinstance(old, float) and isinstance(new, float):
        return abs(old - new) < 0.005
    return old == new


def _check_instalments(env):
    """Compare receivable lines with what their payment terms ask for."""
    wrong = []
    invoices = _sample(env, 'account.move').filtered('invoice_payment_term_id')
    for invoice in invoices:
        lines = invoice.line_ids.filtered(lambda line: line.display_type == 'payment_term')
        actual = {
            (x.date_maturity, round(x.balance, 2), round(x.amount_currency, 2)) for x in lines
        }
        needed = {
            (key['date_maturity'], round(x['balance'], 2), round(x['amount_currency'], 2))
            for key, x in invoice.needed_terms.items()
        }
        if actual != needed:
            wrong.append(f'{invoice.name}: {actual} instead of {needed}')
    yield f'instalments of {len(invoices)} invoices', wrong and f'{len(wrong)}, {wrong[0]}'


def _check_partners(env):
    """Compare what Odoo shows on a debtor with the ledger, in each company."""
    partners = _sample(env, 'res.partner').filtered(lambda partner: not partner.parent_id)
    for company in env['res.company'].search([]):
        open_amounts = dict(
            _fetch(
                env,
                """
                SELECT l.partner_id, sum(l.amount_residual)
                  FROM account_move_line l JOIN account_account a ON a.id = l.account_id
                 WHERE a.account_type = 'asset_receivable' AND l.parent_state = 'posted'
                   AND l.company_id = %s GROUP BY 1
                """,
                company.id,
            )
        )
        wrong = [
            partner.id
            for partner in partners.with_company(company)
            if abs(partner.credit - float(open_amounts.get(partner.id, 0))) > 0.005
        ]
        yield f'credit of {len(partners)} partners in {company.name}', wrong and wrong[:5]


def _check_settling_again(env):
    """Undo and redo reconciliations through the ORM: same residuals, no exchange entry."""
    rows = _fetch(
        env,
        """
        SELECT f FROM (
            SELECT full_reconcile_id AS f, row_number() OVER (
                       PARTITION BY company_id, debit_currency_id ORDER BY md5(id::text)) AS rank
              FROM account_partial_reconcile WHERE full_reconcile_id IS NOT NULL) x
         WHERE rank <= 5
        """,
    )
    entries = env['account.move'].search_count([])
    wrong = []
    for reconcile in env['account.full.reconcile'].browse([row[0] for row in rows]):
        lines = reconcile.reconciled_line_ids
        lines.remove_move_reconcile()
        lines.reconcile()
        if not all(lines.mapped('reconciled')) or len(lines.full_reconcile_id) != 1:
            wrong.append(reconcile.id)
    if env['account.move'].search_count([]) != entries:
        wrong.append('exchange entries were made')
    yield f'{len(rows)} reconciliations done again', wrong
