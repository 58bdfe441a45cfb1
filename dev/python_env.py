"""The Python environment of the project: its own, locked, cached per user by its lock file."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

from .console import Problem, require_space, run, step
from .locks import build_once, digest
from .paths import ROOT, cache_dir

LOCK = ROOT / 'requirements.lock'
SOURCES = ('dev/odoo-requirements.txt', 'requirements.txt', 'test-requirements.txt')
SUPPORTED = ((3, 10), (3, 13))


def python():
    """Return the interpreter of the environment, which is built when it is missing."""
    _check_version()
    tag = f'cp{sys.version_info[0]}{sys.version_info[1]}-{sysconfig.get_platform()}'
    home = os.path.realpath(sys._base_executable)
    folder = cache_dir('venv') / f'{tag}-{digest(LOCK.read_bytes(), home)}'
    return build_once(folder, _build) / 'bin' / 'python'


def _check_version():
    lowest, highest = SUPPORTED
    if not lowest <= sys.version_info[:2] <= highest:
        here = '.'.join(map(str, sys.version_info[:2]))
        raise Problem(f'Odoo 19 runs on Python 3.10 to 3.13, this is {here}: set PYTHON=python3.12')


def _build(folder):
    """Create the environment in *folder*; scripts are not used, so it may be renamed."""
    for module in ('venv', 'ensurepip'):
        if subprocess.run([sys.executable, '-c', f'import {module}'], check=False).returncode:
            raise Problem(f'Python lacks {module}: apt-get install python3-venv')
    require_space(folder, 1000, 'The Python environment')
    with step('Python environment: about 100 locked packages (half a minute)'):
        run([sys.executable, '-m', 'venv', folder], 'The Python environment could not be made.')
        install = [folder / 'bin' / 'python', '-m', 'pip', 'install', '--quiet']
        install += ['--disable-pip-version-check', '--no-compile']
        install += ['--require-hashes', '-r', LOCK]
        run(install, 'The Python packages could not be installed (no network?).')
    _fix_scripts(folder)


def _fix_scripts(folder):
    """Point the scripts' first line to where the folder will be after the rename."""
    final = folder.parent / folder.name.split('.part-')[0].lstrip('.')
    for script in (folder / 'bin').iterdir():
        if script.is_symlink() or not script.is_file():
            continue
        text = script.read_bytes()
        if str(folder).encode() in text:
            script.write_bytes(text.replace(str(folder).encode(), str(final).encode()))


def enter(arguments):
    """Run ``python -m dev`` again inside the environment unless this is it already."""
    wanted = python()
    if Path(sys.prefix).resolve() != wanted.parent.parent.resolve():
        os.chdir(os.getcwd())
        env = {**os.environ, 'PYTHONPATH': str(ROOT)}
        os.execve(wanted, [str(wanted), '-m', 'dev', *arguments], env)


def lock():
    """Write the lock file anew from the three requirement files (``make lock``)."""
    tool = build_once(cache_dir('venv') / f'uv-{digest(sys.version)}', _build_locker)
    command = [tool / 'bin' / 'python', '-m', 'uv', 'pip', 'compile', '--quiet', '--upgrade']
    command += ['--universal', '--python-version', '3.10', '--generate-hashes']
    # no host name of a package index may end up in the repository
    command += ['--no-emit-index-url', '--no-emit-find-links', '--custom-compile-command']
    command += ['make lock', '-o', LOCK.name, *SOURCES]
    with step(f'Resolving {", ".join(SOURCES)} into {LOCK.name}'):
        run(command, 'The requirements could not be resolved.', cwd=ROOT)


def _build_locker(folder):
    run([sys.executable, '-m', 'venv', folder], 'The Python environment could not be made.')
    run([folder / 'bin' / 'python', '-m', 'pip', 'install', '-q', 'uv'], 'uv is not available.')
