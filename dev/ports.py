"""Free ports on loopback, so that two clones can run at the same time."""

import socket

from .console import Problem

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


def require_port(port, setting):
    """Return *port*, or stop when something else listens there."""
    if not is_free(port):
        raise Problem(f'Port {port} is taken: choose another one with {setting}=PORT.')
    return port
