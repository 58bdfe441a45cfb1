"""Command line of the benchmarks; `make bench` calls it without arguments."""

import argparse
import os
import sys

from dev.console import main_guard, say

from .books import SIZES, get_book


def generate(options):
    """Fill a database with a book: the one of --database, or a cached one of its own."""
    from . import prepare

    book = get_book(options.book)
    if options.database:
        prepare.fill(options.database, book)
    else:
        say(prepare.prepare_book(book))


def verify(options):
    """Check a book: recompute its stored fields through the ORM, expect no change."""
    from . import prepare
    from .child import call
    from .verify import verify_database

    database = options.database or prepare.prepare_book(get_book(options.book))
    return int(call(verify_database, database) > 0)


def parse(arguments):
    """Return the parsed command line."""
    parser = argparse.ArgumentParser(prog='python -m benchmarks', description=__doc__)
    commands = parser.add_subparsers(required=True)
    for command in (generate, verify):
        sub = commands.add_parser(command.__name__, help=command.__doc__)
        sub.set_defaults(command=command)
        sub.add_argument('--book', choices=SIZES, default='10k')
        sub.add_argument('--database', help='an existing database to work on')
    return parser.parse_args(arguments)


def main():
    """Enter the project's environment when called from outside it, then run the command."""
    if 'COBRANZA_ODOO_KEY' not in os.environ:
        command = [sys.executable, '-m', 'dev', 'run', 'python', '-m', 'benchmarks']
        os.execv(sys.executable, [*command, *sys.argv[1:]])
    options = parse(sys.argv[1:])
    return options.command(options)


if __name__ == '__main__':
    sys.exit(main_guard(main))
