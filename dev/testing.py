"""``make test``: every test of the repository in one pytest run on a throw-away database."""

import os
import sys
from contextlib import contextmanager

from . import databases, system_tools, templates
from .locks import digest, exclusive
from .odoo_env import call, environment, odoo_command
from .paths import ROOT, STATE, our_addons
from .ports import free_port

# clones may share an external server, so the name tells them apart
DATABASE = f'cobranza_test_{digest(ROOT)}'


def test(arguments):
    """Run all tests, or those that *arguments* (pytest's own) select."""
    with _test_database() as env:
        command = [sys.executable, '-m', 'pytest', '-p', 'dev.pytest_plugin', '--doctest-modules']
        command += [f'--odoo-database={DATABASE}', '--odoo-http', '--odoo-log-level=warn']
        return call([*command, *(arguments or _everything())], env, cwd=ROOT)


def test_odoo(arguments):
    """Run the add-ons' tests under Odoo's own runner."""
    with _test_database() as env:
        tags = ','.join(f'/{folder.name}' for folder in our_addons())
        options = ['-d', DATABASE, '--test-tags', tags, '--stop-after-init']
        options += ['--http-port', str(free_port())]
        return call(odoo_command(*options, *arguments), env, cwd=ROOT)


@contextmanager
def _test_database():
    """Hold a fresh copy of the template; yield the environment to test in."""
    absent = system_tools.check()
    with exclusive(STATE / 'test.lock', 'tests in this clone'), environment() as env:
        connection = databases.connection_of(env)
        databases.copy(connection, templates.addons_template(env), DATABASE)
        yield {**env, 'COBRANZA_MISSING_TOOLS': ' '.join(absent), 'COBRANZA_DB': DATABASE}
        # kept when a test run was interrupted or crashed, to look at it
        databases.drop(connection, DATABASE)


def _everything():
    """Return the folders with tests, and the pure modules whose doctests are tests too."""
    folders = [folder / name for folder in our_addons() for name in ('tools', 'tests')]
    found = [folder for folder in [*folders, ROOT / 'tests'] if folder.is_dir()]
    return [os.path.relpath(folder, ROOT) for folder in found]
