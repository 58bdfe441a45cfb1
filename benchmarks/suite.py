"""Which parts a run measures, and on which books."""

import importlib

from dev.console import say, step

from . import prepare, results
from .books import SIZES, get_book

# part → the books that it makes sense on; each module has measure(book_name, database)
PARTS = {
    'floor': tuple(SIZES),
    'cycle': tuple(SIZES),
    'mail': ('100k', 'T'),
    'payments': ('10k', 'T'),
    'promises': ('10k', '100k'),
    'plans': ('10k',),
    'screens': ('100k', 'T'),
    'workbench': ('10k', '100k', 'T'),
    'whatsapp': ('100k',),
    'reports': ('10k', '100k', 'T', '1M'),
    'oca_aged': tuple(SIZES),
    # Hours on the larger books.
    'oca': ('10k', '100k'),
}
DEFAULT_BOOKS = ('10k', '100k')


def run(books, parts):
    """Measure `parts` on `books`, keep the figures, and print the page."""
    for book_name in books:
        database = prepare.prepare_book(get_book(book_name))
        for part in parts:
            if book_name in PARTS[part]:
                module = importlib.import_module(f'.{part}', __package__)
                with step(f'Measuring {part} on {book_name}'):
                    results.store(book_name, module.measure(book_name, database))
    page, missed = results.show()
    say(page)
    say(f'{missed} limits not kept' if missed else 'All limits are kept.')
