"""Fill an Odoo 19 database with a realistic receivables ledger, in seconds.

What is made
    Firms and consumers in Latin America and Spain, some with an invoice contact, buying from
    the first company, the second or both. Posted customer invoices in the company's currency
    and a foreign one (at a constant rate, so that no exchange difference arises), on terms of
    15 to 60 days or in 2 to 4 instalments, due from 36 months ago to 60 days ahead. Four payer
    behaviours, payment runs on Fridays, part payments, credit notes applied and open, payments
    on account, with journal entries and partial and full reconciles.

How
    Temporary tables plan everything, then bulk inserts write it, in one transaction: it lands
    completely or not at all. Every stored field holds what the ORM would compute
    (`benchmarks.verify` proves it). The database needs what `benchmarks.base` sets up.
"""

import pathlib
import time

from .setup import prepare_parameters

SQL_DIR = pathlib.Path(__file__).parent / 'sql'
TABLES = (
    'res_partner',
    'account_move',
    'account_move_line',
    'account_payment',
    'account_move__account_payment',
    'account_full_reconcile',
    'account_partial_reconcile',
)
# Below this many invoices, dropping and building the indexes costs more than it saves.
REBUILD_FROM = 50_000


def generate(connection, book, log=print):
    """Write `book` (benchmarks.books.Book) through a psycopg2 `connection`.

    :return: dict of counts of what was written
    """
    started = time.monotonic()

    def report(what):
        log(f'{time.monotonic() - started:8.1f} s  {what}')

    with connection, connection.cursor() as cr:
        _tune(cr)
        parameters = prepare_parameters(cr, book)
        _run_files(cr, parameters, '[1-6]?_*.sql', report)
        indexes = _drop_indexes(cr) if book.invoices >= REBUILD_FROM else []
        _run_files(cr, parameters, '[7-8]?_*.sql', report)
        _run_files(cr, parameters, '90_*.sql', report)
        _fill_optional_columns(cr, parameters)
        _move_sequences(cr)
        for definition in indexes:
            cr.execute(definition)
        report(f'rebuilt {len(indexes)} indexes')
        summary = _read_summary(cr, parameters)
    _vacuum(connection)
    report('vacuumed')
    return summary


def _tune(cr):
    """Trade safety that a throw-away load does not need for speed."""
    cr.execute("SELECT current_setting('is_superuser') = 'on'")
    if cr.fetchone()[0]:
        # Skips the foreign-key triggers: the plan already joins on existing rows.
        cr.execute('SET LOCAL session_replication_role = replica')
    cr.execute(
        "SET LOCAL work_mem = '256MB'; SET LOCAL maintenance_work_mem = '1GB';"
        ' SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0;'
        ' SET LOCAL synchronous_commit = off'
    )


def _run_files(cr, parameters, pattern, report):
    for path in sorted(SQL_DIR.glob(pattern)):
        cr.execute(path.read_text(), parameters)
        report(path.stem.partition('_')[2].replace('_', ' '))


def _read_summary(cr, parameters):
    cr.execute((SQL_DIR / '95_summary.sql').read_text(), parameters)
    return dict(zip((column.name for column in cr.description), cr.fetchone(), strict=True))


def _drop_indexes(cr):
    """Drop the secondary indexes of the loaded tables; return their definitions."""
    cr.execute(
        'SELECT i.indexrelid::regclass, pg_get_indexdef(i.indexrelid) FROM pg_index i'
        ' WHERE i.indrelid = ANY(%s::regclass[]) AND NOT EXISTS'
        ' (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)',
        [list(TABLES)],
    )
    indexes = cr.fetchall()
    for name, _definition in indexes:
        cr.execute(f'DROP INDEX {name}')
    return [definition for _name, definition in indexes]


def _fill_optional_columns(cr, parameters):
    """Fill what modules beside `account` store on partners, where they are installed."""
    cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'res_partner'"
    )
    columns = {row[0] for row in cr.fetchall()}
    if 'phone_sanitized' in columns:
        cr.execute(
            'UPDATE res_partner SET phone_sanitized = phone WHERE id > %(partner0)s', parameters
        )
    if 'peppol_eas' in columns:
        cr.execute(
            "UPDATE res_partner p SET peppol_eas = '9920' FROM res_country c"
            " WHERE c.id = p.country_id AND c.code = 'ES' AND p.id > %(partner0)s",
            parameters,
        )


def _move_sequences(cr):
    for table in TABLES:
        if table != 'account_move__account_payment':
            cr.execute(
                f"SELECT setval('{table}_id_seq', greatest((SELECT max(id) FROM {table}), 1))"
            )


def _vacuum(connection):
    connection.autocommit = True
    with connection.cursor() as cr:
        for table in TABLES:
            cr.execute(f'VACUUM ANALYZE {table}')
