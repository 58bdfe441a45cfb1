"""Command line of the benchmarks; `make bench` calls it without arguments."""

import argparse
import os
import sys

from dev.console import main_guard, say
from dev.locks import exclusive
from dev.paths import state_dir

from .books import SIZES, get_book


def run(options):
    """Measure everything, or some parts on some books; results.md is written anew."""
    from . import suite

    suite.run(options.book or suite.DEFAULT_BOOKS, options.only or suite.PARTS)


def generate(options):
    """Fill --database with a book, or make the cached one that measures start from."""
    from . import prepare

    for name in options.book or ['10k']:
        if options.database:
            prepare.fill(options.database, get_book(name))
        else:
            say(prepare.prepare_book(get_book(name)))


def verify(options):
    """Recompute the stored fields of a book through the ORM and expect no change."""
    from . import prepare
    from .child import call
    from .verify import verify_database

    names = options.book or ['10k']
    databases = [options.database] if options.database else None
    databases = databases or [prepare.prepare_book(get_book(name)) for name in names]
    return int(any(call(verify_database, database) for database in databases))


def parse(arguments):
    """Return the parsed command line."""
    parser = argparse.ArgumentParser(prog='python -m benchmarks', description=__doc__)
    commands = parser.add_subparsers()
    for command in (run, generate, verify):
        sub = commands.add_parser(command.__name__, help=command.__doc__)
        _add_options(sub, command)
    # Without a command: run.
    _add_options(parser, run)
    return parser.parse_args(arguments)


def _add_options(parser, command):
    parser.set_defaults(command=command)
    parser.add_argument('--book', choices=SIZES, action='append', help='may be given again')
    if command is run:
        from .suite import PARTS

        parser.add_argument('--only', choices=PARTS, action='append', help='may be given again')
    else:
        parser.add_argument('--database', help='an existing database to work on')


def main():
    """Enter the project's environment when called from outside it, then run the command."""
    if 'COBRANZA_ODOO_KEY' not in os.environ:
        command = [sys.executable, '-m', 'dev', 'run', 'python', '-m', 'benchmarks']
        os.execv(sys.executable, [*command, *sys.argv[1:]])
    options = parse(sys.argv[1:])
    # Two measures at a time would measure each other.
    with exclusive(state_dir() / 'bench.lock', 'benchmarks'):
        return options.command(options)


if __name__ == '__main__':
    sys.exit(main_guard(main))
