"""Commands of the environment; see the Makefile for what each is for."""

import sys

from . import python_env
from .console import Problem, main_guard, say


def odoo(arguments):
    """Run Odoo's own command line: `dev/odoo -d DATABASE -i MODULE --stop-after-init`."""
    from . import odoo_env

    with odoo_env.environment() as env:
        return odoo_env.call(odoo_env.odoo_command(*arguments), env)


def run(arguments):
    """Run any program with Odoo, PostgreSQL and Python at hand: `dev/run psql DATABASE`."""
    from . import odoo_env

    with odoo_env.environment() as env:
        return odoo_env.call(arguments, env)


def up(_arguments):
    """Start PostgreSQL and keep it running until `make stop`."""
    from . import postgres

    if not postgres.external():
        postgres.Cluster().keep.touch()
    with postgres.server() as connection:
        say(f'PostgreSQL: {connection["PGHOST"]}:{connection.get("PGPORT", 5432)}')


COMMANDS = {command.__name__: command for command in (odoo, run, up)}


def main():
    """Enter the project's Python environment and run the command asked for."""
    name, *arguments = sys.argv[1:] or ['help']
    if name not in COMMANDS:
        raise Problem(f'Unknown command {name}; known: {", ".join(sorted(COMMANDS))}')
    python_env.enter(sys.argv[1:])
    return COMMANDS[name](arguments)


if __name__ == '__main__':
    sys.exit(main_guard(main))
