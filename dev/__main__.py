"""Commands of the environment; see the Makefile for what each is for."""

import importlib
import sys

from . import python_env
from .console import Problem, main_guard

# command: (module, function), imported only inside the project's Python environment
COMMANDS = {
    'bench': ('commands', 'bench'),
    'clean': ('commands', 'clean'),
    'demo': ('demo', 'demo'),
    'i18n': ('translations', 'i18n'),
    'lint': ('commands', 'lint'),
    'odoo': ('commands', 'odoo'),
    'run': ('commands', 'run'),
    'shell': ('demo', 'shell'),
    'shots': ('commands', 'shots'),
    'stop': ('demo', 'stop'),
    'test': ('testing', 'test'),
    'test-odoo': ('testing', 'test_odoo'),
    'up': ('commands', 'up'),
    'update-odoo': ('commands', 'update_odoo'),
}


def main():
    """Enter the project's Python environment and run the command asked for."""
    name, *arguments = sys.argv[1:] or ['']
    if name == 'lock':
        return python_env.lock()
    if name not in COMMANDS:
        raise Problem(f'Unknown command {name!r}; known: lock, {", ".join(COMMANDS)}.')
    python_env.enter(sys.argv[1:])
    module, function = COMMANDS[name]
    return getattr(importlib.import_module(f'dev.{module}'), function)(arguments)


if __name__ == '__main__':
    sys.exit(main_guard(main))
