"""Run a function in a fresh process, on Odoo or without it, and bring its result back."""

import importlib
import json
import os
import subprocess
import sys
import tempfile

from dev.console import Problem
from dev.paths import cache_dir


def call(function, database, *, addons_path='', **arguments):
    """Return `function(env, **arguments)` as computed by a new process.

    The process starts clean, so that neither memory nor caches of another measure count.
    Nothing is committed unless the function does it.

    :param function: module-level function; its arguments and result go through JSON
    :param str addons_path: a folder of add-ons beside those of the environment
    """
    return _spawn(function, database, addons_path, arguments)


def call_plain(function, **arguments):
    """Return `function(**arguments)` as computed by a new process without Odoo."""
    return _spawn(function, '', '', arguments)


def _spawn(function, database, addons_path, arguments):
    name = f'{function.__module__}:{function.__qualname__}'
    with tempfile.NamedTemporaryFile(suffix='.json') as result:
        command = [sys.executable, '-m', 'benchmarks.child', name, database, addons_path]
        command += [json.dumps(arguments), result.name]
        if subprocess.run(command, env=_environment(), check=False).returncode:
            raise Problem(f'{name} failed ({database or arguments}); its error is above.')
        return json.load(result)


def _environment():
    """Keep compiled Python out of the clone, but keep it: Odoo starts in half the time."""
    env = {**os.environ, 'PYTHONPYCACHEPREFIX': str(cache_dir('pycache'))}
    env.pop('PYTHONDONTWRITEBYTECODE', None)
    return env


def addons_path_option(extra=''):
    """Return the command-line options of Odoo for `extra` beside the usual add-ons."""
    return ['--addons-path', f'{os.environ["COBRANZA_ADDONS_PATH"]},{extra}'] if extra else []


def main(name, database, addons_path, arguments, result_path):
    """Be the new process."""
    module, _colon, function = name.partition(':')
    function = getattr(importlib.import_module(module), function)
    arguments = json.loads(arguments)
    if database:
        result = _run_in_odoo(function, database, addons_path, arguments)
    else:
        result = function(**arguments)
    with open(result_path, 'w', encoding='utf-8') as handle:
        json.dump(result, handle)


def _run_in_odoo(function, database, addons_path, arguments):
    import odoo.modules.registry
    from odoo import api, tools

    tools.config.parse_config(
        ['--no-http', '--log-level=warn', *addons_path_option(addons_path)], setup_logging=True
    )
    registry = odoo.modules.registry.Registry(database)
    with registry.cursor() as cr:
        result = function(api.Environment(cr, api.SUPERUSER_ID, {}), **arguments)
        cr.rollback()
    return result


if __name__ == '__main__':
    main(*sys.argv[1:])
