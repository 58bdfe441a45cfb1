"""The programs of PostgreSQL: those of the system, otherwise Debian's, unpacked privately."""

import functools
import os
from pathlib import Path

from . import apt
from .console import Problem, require_space, step
from .locks import build_once
from .paths import cache_dir, ensure_dir

INSTALLED = Path('/usr/lib/postgresql')
PROGRAMS = 'usr/lib/postgresql/*/bin/initdb'
# needed by the package's set-up scripts and its compiler only
UNUSED = ('postgresql-common', 'libllvm', 'perl', 'ssl-cert', 'sysstat', 'netbase')


@functools.cache
def server_binaries():
    """Return the folder of PostgreSQL's programs, the newest major version first."""
    return _newest(INSTALLED.glob('*/bin/initdb')) or _unpacked()


def library_path(binaries):
    """Return the variable that programs outside the system need to find their libraries."""
    if binaries.is_relative_to(INSTALLED):
        return {}
    prefix = binaries.parents[4]
    folders = sorted({str(path.parent) for path in prefix.glob('usr/lib/**/lib*.so.*')})
    return {'LD_LIBRARY_PATH': os.pathsep.join(folders)}


def _newest(programs):
    """Return the folder of the programs with the highest major version, if there is any."""
    ordered = sorted(programs, key=lambda path: float(path.parent.parent.name))
    return ordered[-1].parent if ordered else None


def _unpacked():
    """Return the programs from the user's cache, fetched when they are not there yet."""
    prefix = build_once(_cache() / apt.host_suite(), _fetch)
    found = _newest(prefix.glob(PROGRAMS))
    if not found:
        raise Problem('PostgreSQL is missing: apt-get install postgresql, or set PGHOST.')
    return found


def _cache():
    """Return the cache of the programs; root's own cannot be read by the server's user."""
    return cache_dir('postgresql') if os.geteuid() else ensure_dir(Path('/var/cache/cobranza'))


def _fetch(folder):
    """Unpack the server and the libraries this machine lacks into *folder*."""
    suite = apt.host_suite()
    source = apt.PrivateApt(suite)
    require_space(folder, 500, 'Unpacking PostgreSQL')
    with step("PostgreSQL: fetching Debian's package, which is not installed here"):
        source.update()
        wanted = [name for name in source.absent('postgresql') if not name.startswith(UNUSED)]
        source.unpack(wanted, suite, folder)
