"""Running Odoo: its configuration file and the variables every child process gets."""

import configparser
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from . import postgres
from .odoo_source import find_odoo
from .paths import ROOT, STATE, our_addons, state_dir
from .postgres_programs import library_path, server_binaries

DATA_DIR = STATE / 'odoo-data'
BOOT = Path(__file__).parent / 'bin' / 'odoo-bin'


@contextmanager
def environment(**options):
    """Hold a running PostgreSQL and yield the variables to run Odoo against it.

    :param options: entries of the configuration file that differ from ours
    """
    odoo = find_odoo()
    with postgres.server() as connection:
        name = options.pop('rc', 'odoo.conf')
        rc = write_config(odoo, connection, state_dir() / name, **options)
        yield variables(odoo, connection, rc)


def variables(odoo, connection, rc):
    """Return the process environment: what `dev/run` promises to the commands it runs."""
    path = [str(Path(sys.executable).parent)]
    env = {**os.environ, **connection, 'ODOO_RC': str(rc)}
    if not postgres.external():
        path.append(str(server_binaries()))
        env |= library_path(server_binaries())
    env['PATH'] = os.pathsep.join([*path, os.environ.get('PATH', os.defpath)])
    env['PYTHONPATH'] = os.pathsep.join([str(odoo.python_path), str(ROOT)])
    env['COBRANZA_ADDONS_PATH'] = addons_path(odoo)
    env['COBRANZA_DATA_DIR'] = str(DATA_DIR)
    env['COBRANZA_ODOO_KEY'] = odoo.key
    # a colour or a locale of the caller must not change what the log says
    env.update(LC_ALL='C.UTF-8', PYTHONDONTWRITEBYTECODE='1')
    return env


def addons_path(odoo):
    """Return the add-ons path: Odoo's, ours, and ``COBRANZA_EXTRA_ADDONS``."""
    paths = [str(path) for path in odoo.addons_paths]
    paths += [str(ROOT)] if our_addons() else []
    paths += list(filter(None, os.environ.get('COBRANZA_EXTRA_ADDONS', '').split(',')))
    return ','.join(paths)


def write_config(odoo, connection, path, **options):
    """Write Odoo's configuration to *path*, readable by its owner only, and return it."""
    config = configparser.RawConfigParser()
    config['options'] = {
        'addons_path': addons_path(odoo),
        'data_dir': str(DATA_DIR),
        'db_host': connection.get('PGHOST', ''),
        'db_port': connection.get('PGPORT', '5432'),
        'db_user': connection.get('PGUSER', ''),
        'db_password': connection.get('PGPASSWORD', ''),
        'db_template': 'template0',
        'http_interface': '127.0.0.1',
        'admin_passwd': 'admin',
        # jobs run when a command asks for them, not in the middle of it
        'max_cron_threads': '0',
        'list_db': 'True',
        **options,
    }
    path.touch(mode=0o600)
    with path.open('w', encoding='utf-8') as handle:
        config.write(handle)
    return path


def odoo_command(*arguments):
    """Return the command line that runs Odoo in this environment."""
    return [sys.executable, str(BOOT), *map(str, arguments)]


def call(command, env, **options):
    """Run *command* in the foreground and return its exit code."""
    return subprocess.run(list(map(str, command)), env=env, check=False, **options).returncode
