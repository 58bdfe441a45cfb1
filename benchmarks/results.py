"""Keep the figures of every book in results.json and show them in results.md.

A run replaces the rows that it measured and leaves the others; on another machine everything
starts anew, since its figures do not compare.
"""

import json
import math
import os
import pathlib
import platform
import statistics

from . import prepare
from .books import SIZES
from .budgets import BUDGETS, GROWTH_LIMIT, GROWTH_MEASURE, check

FOLDER = pathlib.Path(__file__).parent
DATA, PAGE = FOLDER / 'results.json', FOLDER / 'results.md'
HEADER = """# Results

Written by `make bench`; see the package for what each measure does. Warm, boot excluded, each
measure in a process of its own; MB is the peak resident memory of that process. Payments and
posting (in batches of 100), with the add-on and without, take turns in one process, so their MB
are those of both. Figures are compared within the run: with the floor (plain SQL and Python) and
with the alternative.

"""


def store(book_name, rows):
    """Put the rows of one book, {measure: Figure as a dict}, in the place of their old ones."""
    data = _load()
    data['books'].setdefault(book_name, {}).update(rows)
    DATA.write_text(json.dumps(data, indent=1, ensure_ascii=False) + '\n', encoding='utf-8')
    PAGE.write_text(render(data), encoding='utf-8')


def show():
    """Return the page and how many limits are not kept."""
    page = render(_load())
    return page, page.count('✗')


def _load():
    machine = describe_machine()
    try:
        data = json.loads(DATA.read_text(encoding='utf-8'))
    except FileNotFoundError:
        data = {}
    return data if data.get('machine') == machine else {'machine': machine, 'books': {}}


def describe_machine():
    """Return what the figures depend on, by name."""
    from odoo import release

    return {
        'processor': f'{_read_processor()}, {os.cpu_count()} cores',
        'memory': f'{os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30:.0f} GiB',
        'Python': platform.python_version(),
        'PostgreSQL': _describe_server(),
        'Odoo': release.version,
    }


def _read_processor():
    lines = pathlib.Path('/proc/cpuinfo').read_text(encoding='utf-8').splitlines()
    names = (line.partition(':')[2].strip() for line in lines if line.startswith('model name'))
    return next(names, platform.machine())


def _describe_server():
    connection = prepare.connect('postgres')
    with connection, connection.cursor() as cr:
        cr.execute("SELECT current_setting('server_version'), current_setting('fsync')")
        version, fsync = cr.fetchone()
    connection.close()
    return f'{version.split()[0]}, fsync {fsync}'


def render(data):
    """Return results.md for the content of results.json."""
    machine = ''.join(f'- {name}: {value}\n' for name, value in data['machine'].items())
    table = '| measure | book | seconds | statements | MB | done | limits |\n'
    table += '|---|---|--:|--:|--:|--:|---|\n'
    books = [name for name in SIZES if name in data['books']]
    measures = dict.fromkeys(measure for name in books for measure in data['books'][name])
    for measure in sorted(measures, key=_get_rank):
        for book in books:
            rows = data['books'][book]
            if measure in rows:
                table += _render_row(measure, book, rows)
    return HEADER + machine + '\n' + table + _render_growth(data['books'])


def _get_rank(measure):
    """Order measures by their part: floor and alternatives first."""
    part = measure.partition(':')[0]
    parts = ('floor', 'OCA', 'ours', 'payment', 'posting', 'screen')
    return parts.index(part) if part in parts else len(parts)


def _render_row(measure, book, rows):
    row = rows[measure]
    limits = [
        f'{"✓" if kept else "✗"} {text}'
        for budget in BUDGETS
        if budget.measure == measure and book in budget.books
        for text, kept in check(budget, row, rows)
    ]
    cells = (
        measure,
        book,
        _format_seconds(row['seconds']),
        f'{row["statements"]:,}',
        f'{row["megabytes"]:,}',
        _format_done(row),
        '; '.join(limits),
    )
    return f'| {" | ".join(cells)} |\n'


def _format_done(row):
    """Show how much was done and how fast, for measures that count it."""
    done = row.get('done')
    return '' if done is None else f'{done:,} ({done / row["seconds"]:,.0f}/s)'


def _format_seconds(seconds):
    """Show three significant digits.

    >>> _format_seconds(0.01234), _format_seconds(2.4), _format_seconds(548.2)
    ('0.0123', '2.40', '548')
    """
    digits = max(0, 2 - math.floor(math.log10(seconds))) if seconds > 0 else 0
    return f'{seconds:.{digits}f}'


def _render_growth(books):
    """Return how the cycle grows with the book: from each to the next, and by one slope through all of them.

    A book differs from its neighbour in more than size: T has few debtors, who owe much.
    """
    measured = [name for name in SIZES if GROWTH_MEASURE in books.get(name, {})]
    points = [(SIZES[name][0], books[name][GROWTH_MEASURE]['seconds']) for name in measured]
    pairs = zip(zip(measured, measured[1:]), zip(points, points[1:]), strict=True)
    rows = [(' → '.join(names), get_exponent(pair)) for names, pair in pairs]
    if not rows:
        return ''
    rows.append((f'all, {measured[0]} → {measured[-1]}', get_exponent(points)))
    lines = [
        f'- {"✓" if exponent <= GROWTH_LIMIT else "✗"} {GROWTH_MEASURE}, {names}: {exponent:.2f}\n'
        for names, exponent in rows
    ]
    title = f'\nGrowth exponent (seconds ~ invoices ^ exponent, ≤ {GROWTH_LIMIT}):\n\n'
    return title + ''.join(lines)


def get_exponent(points):
    """Return b where seconds grow with size ^ b: the slope through (size, seconds), both by their logarithm.

    >>> round(get_exponent([(100, 1.0), (400, 4.0), (1600, 16.0)]), 2)
    1.0
    """
    sizes, seconds = zip(*points, strict=True)
    return statistics.linear_regression(
        list(map(math.log, sizes)), list(map(math.log, seconds))
    ).slope
