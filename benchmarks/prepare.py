"""The databases that measures run on, built once and copied.

    base    Odoo's accounting, two companies with a chart, two currencies, payment terms
    book    a copy of base filled with a generated ledger
    others  copies of a book, some with add-ons installed

All are named bench_… after what they were built from, so that a change builds them anew.
"""

import inspect
import os

import psycopg2

from dev import databases, templates
from dev.console import say, step
from dev.locks import digest

from . import base, ledger
from .child import addons_path_option, call

PREFIX = 'bench_'


def get_connection():
    """Return the `PG…` variables of the server."""
    return {key: value for key, value in os.environ.items() if key.startswith('PG')}


def connect(database):
    """Open a plain psycopg2 connection; the server comes from the environment."""
    return psycopg2.connect(dbname=database)


def prepare_base():
    """Return the name of the base database, building it when it is missing."""
    source = templates.base_template(os.environ)

    def build(draft):
        with step('Benchmark base: companies, charts, currencies, terms'):
            databases.copy(get_connection(), source, draft)
            call(base.set_up, draft)

    # What base.py does is what the database holds: its source is part of the key.
    return _ensure(f'{PREFIX}base_{digest(source, inspect.getsource(base))}', build)


def prepare_book(book):
    """Return the name of the database with `book`, generating it when it is missing."""
    source = prepare_base()

    def build(draft):
        databases.copy(get_connection(), source, draft)
        with step(f'Benchmark book {book.name}: {book.invoices} invoices'):
            fill(draft, book)

    return _ensure(
        f'{PREFIX}book_{book.name}_{digest(source, book, _read_ledger())}'.lower(), build
    )


def prepare_copy(source, purpose, modules=(), addons_path=''):
    """Replace and return the working copy of database `source` for `purpose`.

    :param modules: add-ons to install on it
    """
    target = f'{PREFIX}work_{purpose}'.lower()
    databases.copy(get_connection(), source, target)
    if modules:
        options = ['-i', ','.join(modules), *addons_path_option(addons_path)]
        with step(f'Installing {", ".join(modules)} on {source}'):
            templates.install(os.environ, target, *options)
    return target


def drop_copy(database):
    """Drop a working copy."""
    databases.drop(get_connection(), database)


def fill(database, book):
    """Generate `book` into `database`, saying what was written."""
    connection = connect(database)
    try:
        summary = ledger.generate(connection, book, log=say)
    finally:
        connection.close()
    for name, count in summary.items():
        say(f'{count:>12,}  {name.replace("_", " ")}')


def _read_ledger():
    """Return the sources of the generator, part of the key of a book."""
    folder = ledger.SQL_DIR.parent
    files = [*folder.glob('*.py'), *folder.glob('sql/*.sql')]
    return ''.join(path.read_text(encoding='utf-8') for path in sorted(files))


def _ensure(name, build):
    """Return database `name`, built under another name first and renamed when complete.

    Its predecessors, whose key no longer holds, are dropped.
    """
    connection = get_connection()
    if not databases.exists(connection, name):
        for old in databases.names(connection, name.rpartition('_')[0] + '_'):
            databases.drop(connection, old)
        draft = f'{PREFIX}draft'
        databases.drop(connection, draft)
        build(draft)
        databases.rename(connection, draft, name)
    return name
