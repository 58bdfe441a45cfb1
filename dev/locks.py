"""Building once: a lock between concurrent commands, then an atomic rename."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from contextlib import contextmanager

from .console import say


@contextmanager
def exclusive(path, waiting=''):
    """Hold an exclusive lock on the file *path*, saying so when somebody else has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, 'a+', encoding='utf-8') as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f'… waiting for another run ({waiting or path.name})')
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def build_once(target, build):
    """Return the folder *target*, calling ``build(folder)`` first when it does not exist.

    The work is done in a folder beside it that is renamed at the end, so an interrupted
    build leaves nothing that looks finished.
    """
    if target.is_dir():
        return target
    with exclusive(target.parent / f'.{target.name}.lock', target.name):
        if not target.is_dir():
            for leftover in target.parent.glob(f'.{target.name}.part-*'):
                shutil.rmtree(leftover, ignore_errors=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            part = tempfile.mkdtemp(prefix=f'.{target.name}.part-', dir=target.parent)
            os.chmod(part, 0o755)
            try:
                build(type(target)(part))
                os.rename(part, target)
            except BaseException:
                shutil.rmtree(part, ignore_errors=True)
                raise
    return target


def digest(*parts):
    """Return a short key for *parts* (strings, bytes), order included."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part if isinstance(part, bytes) else str(part).encode())
        total.update(b'\0')
    return total.hexdigest()[:12]
