"""Free ports on loopback, so that two clones can run at the same time."""

import socket

from .console import Problem
from .paths import state_dir

LOOPBACK = '127.0.0.1'


def is_free(port):
    """Tell whether a server could listen on *port* now."""
    with socket.socket() as probe:
        # like servers do: a port whose last connections linger counts as free
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port(*wanted):
    """Return the first of *wanted* that is free, otherwise any port that is."""
    for port in wanted:
        if port and is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def usual_port(name, asked=None, default=None):
    """Return the port asked for, or the one that *name* had the last time: links to it stay good.

    :param default: the port to begin with
    """
    note = state_dir('ports') / name
    known = int(note.read_text(encoding='utf-8')) if note.exists() else None
    port = free_port(asked, known, default)
    note.write_text(str(port), encoding='utf-8')
    return port


def require_port(port, setting):
    """Return *port*, or stop when something else listens there."""
    if not is_free(port):
        raise Problem(f'Port {port} is taken: choose another one with {setting}=PORT.')
    return port
