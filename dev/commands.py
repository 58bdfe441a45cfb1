"""The small commands: running programs in the environment, linting, cleaning."""

import sys

from . import odoo_source, postgres
from .console import say
from .odoo_env import DATA_DIR, call, environment, odoo_command
from .paths import ROOT, our_addons


def odoo(arguments):
    """Run Odoo's own command line: ``dev/odoo -d DATABASE -i MODULE --stop-after-init``."""
    with environment() as env:
        return call(odoo_command(*arguments), env)


def run(arguments):
    """Run any program with Odoo, PostgreSQL and Python at hand: ``dev/run psql DATABASE``."""
    with environment() as env:
        return call(arguments, env)


def bench(arguments):
    """Run the benchmarks; their own ``--help`` lists the books."""
    with environment() as env:
        return call([sys.executable, '-m', 'benchmarks', *arguments], env, cwd=ROOT)


def shots(arguments):
    """Take the pictures of the README from the running demo."""
    with environment() as env:
        return call([sys.executable, '-m', 'dev.screenshots', *arguments], env, cwd=ROOT)


def lint(arguments):
    """Check style and formatting; ``--fix`` repairs what can be."""
    fix = ['--fix'] if '--fix' in arguments else []
    names = [folder.name for folder in our_addons()]
    checks = [
        ['-m', 'ruff', 'check', *fix, '.'],
        ['-m', 'ruff', 'format', *([] if fix else ['--check']), '.'],
        ['-m', 'pylint', '--rcfile=.pylintrc', *names],
    ]
    with environment() as env:
        return max(call([sys.executable, *check], env, cwd=ROOT) for check in checks)


def up(_arguments):
    """Start PostgreSQL and keep it running until ``make stop``."""
    if not postgres.external():
        postgres.Cluster().keep.touch()
    with postgres.server() as connection:
        say(f'PostgreSQL: {connection["PGHOST"]}:{connection.get("PGPORT", 5432)}')


def clean(_arguments):
    """Stop everything and remove the databases and files of this clone; caches stay."""
    from .demo import stop

    stop(())
    if not postgres.external():
        postgres.Cluster().remove()
    call(['rm', '-rf', DATA_DIR.parent], env=None)


def update_odoo(_arguments):
    """Take the newest revision of Debian's package and drop the older ones."""
    odoo_source.find_odoo(refresh=True)
    odoo_source.forget_others()
