"""The floor: how fast plain SQL and Python do the same work on this machine, without Odoo.

Our measures are compared with these, taken in the same run, so that the machine cancels out.
"""

import dataclasses
import datetime

import psycopg2.extensions

from . import night, prepare
from .child import call_plain
from .measure import Meter, best_of
from .night import AGE, OPEN_ITEMS

BUCKETS = """
    sum(l.amount_residual) FILTER (WHERE age <= 0), sum(l.amount_residual) FILTER (WHERE age > 0
        AND age <= 30), sum(l.amount_residual) FILTER (WHERE age > 30 AND age <= 60),
    sum(l.amount_residual) FILTER (WHERE age > 60 AND age <= 90),
    sum(l.amount_residual) FILTER (WHERE age > 90 AND age <= 180),
    sum(l.amount_residual) FILTER (WHERE age > 180)"""
AGING = f"""
SELECT l.company_id, l.partner_id, {BUCKETS}
  FROM account_move_line l
  JOIN account_account a ON a.id = l.account_id AND a.account_type = 'asset_receivable'
 {AGE}
 WHERE {OPEN_ITEMS} GROUP BY l.company_id, l.partner_id"""
AGING_LITERAL = f"""
SELECT l.company_id, l.partner_id, {BUCKETS}
  FROM account_move_line l {AGE}
 WHERE l.account_id IN %(accounts)s AND {OPEN_ITEMS} GROUP BY l.company_id, l.partner_id"""


def measure(book_name, database):
    """Return the rows of the results for one book: {measure: Figure}."""
    figures = {}
    for function in (measure_aging, measure_aging_literal, measure_night):
        figures.update(call_plain(function, database=database))
    return figures


class CountingCursor(psycopg2.extensions.cursor):
    """A cursor that counts what it sends."""

    count = 0

    def execute(self, query, values=None):
        """Send one statement."""
        CountingCursor.count += 1
        return super().execute(query, values)


def _open(database):
    connection = prepare.connect(database)
    connection.cursor_factory = CountingCursor
    return connection


def _measure(function):
    """Return the Figure of one call of `function`."""
    with Meter(counter=lambda: CountingCursor.count) as meter:
        function()
    return meter.figure


def _read_accounts(cr):
    cr.execute("SELECT id FROM account_account WHERE account_type = 'asset_receivable'")
    return tuple(row[0] for row in cr.fetchall())


def measure_aging(database):
    """Measure six buckets per debtor, joined on the type of account."""
    return _measure_query(database, 'floor: aging, account type joined', AGING)


def measure_aging_literal(database):
    """Measure the same with literal account ids, so that Odoo's own index serves."""
    return _measure_query(database, 'floor: aging, literal account ids', AGING_LITERAL)


def _measure_query(database, name, query):
    connection = _open(database)
    with connection, connection.cursor() as cr:
        values = {'today': datetime.date.today(), 'accounts': _read_accounts(cr)}

        def run():
            cr.execute(query, values)
            cr.fetchall()

        run()
        figure = best_of(3, lambda: _measure(run))
    connection.close()
    return {name: dataclasses.asdict(figure)}


def measure_night(database):
    """Measure a minimal night: features, decisions in Python, rows written in batches.

    Twice: into bare tables, which is the floor, and into tables with the foreign keys that Odoo's have.
    """
    return {
        'floor: prototype of a night': _measure_night(database, night.TABLES, night.DROP),
        'floor: the same, with foreign keys': _measure_night(
            database, night.TABLES + night.FOREIGN_KEYS, night.DROP_KEYS
        ),
    }


def _measure_night(database, tables, drop):
    connection = _open(database)
    with connection, connection.cursor() as cr:
        accounts = _read_accounts(cr)
        figures = []
        for _run in range(3):
            cr.execute(tables)
            figures.append(_measure(lambda: night.run(cr, accounts)))
            cr.execute(drop)
        connection.rollback()
    connection.close()
    return dataclasses.asdict(min(figures, key=lambda figure: figure.seconds))
