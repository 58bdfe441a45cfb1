"""PostgreSQL: the server of ``PGHOST`` when set, otherwise a private throw-away cluster.

The cluster listens on a free loopback port with a password of its own. It runs while a
command needs it and stops with the last one, unless ``make demo`` or ``make up`` keep it.
"""

import fcntl
import os
import pwd
import secrets
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from .console import Problem, require_space, step
from .locks import digest, exclusive
from .paths import ROOT, STATE, state_dir
from .ports import free_port
from .postgres_programs import library_path, server_binaries

USER = 'cobranza'
OWNERS = ('postgres', 'nobody')
# Throw-away data: durability is traded for speed. The rest keeps test databases quick.
SETTINGS = {
    'listen_addresses': "'127.0.0.1'",
    'unix_socket_directories': "''",
    'max_connections': '100',
    'shared_buffers': '512MB',
    'work_mem': '32MB',
    'maintenance_work_mem': '256MB',
    'max_wal_size': '4GB',
    'fsync': 'off',
    'synchronous_commit': 'off',
    'full_page_writes': 'off',
    'wal_level': 'minimal',
    'max_wal_senders': '0',
    'timezone': "'UTC'",
    'log_timezone': "'UTC'",
    'shared_preload_libraries': "''",
}


def external():
    """Tell whether the caller brought a server."""
    return bool(os.environ.get('PGHOST'))


@contextmanager
def server():
    """Hold a running server; yield the variables that connect to it."""
    if external():
        yield {k: v for k, v in os.environ.items() if k.startswith('PG')}
        return
    cluster = Cluster()
    with open(state_dir('pg') / 'users.lock', 'a+', encoding='utf-8') as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        env = cluster.start()
        try:
            yield env
        finally:
            cluster.stop_if_last(users)


class Cluster:
    """The private cluster of this clone."""

    def __init__(self):
        self.state = state_dir('pg')
        self.keep = self.state / 'keep'
        self.bin = server_binaries()
        self.owner = _owner() if os.geteuid() == 0 else None
        self.data = self._home() / 'data'

    def start(self):
        """Start the cluster unless it runs; return the variables that connect to it."""
        with exclusive(self.state / 'start.lock', 'PostgreSQL'):
            if not (self.data / 'PG_VERSION').exists():
                self._init()
            if not self.running():
                self._start_on_free_port()
        env = {'PGHOST': '127.0.0.1', 'PGPORT': self._read('port'), 'PGUSER': USER}
        return {**env, 'PGPASSWORD': self._read('password')}

    def running(self):
        """Tell whether the server is up."""
        return self._as_owner([self.bin / 'pg_ctl', '-D', self.data, 'status']).returncode == 0

    def stop(self):
        """Stop the server at once, whoever uses it."""
        self.keep.unlink(missing_ok=True)
        if (self.data / 'PG_VERSION').exists() and self.running():
            self._as_owner([self.bin / 'pg_ctl', '-D', self.data, '-m', 'fast', '-w', 'stop'])

    def stop_if_last(self, users):
        """Stop the server when nobody else uses it and nobody asked to keep it."""
        if self.keep.exists():
            return
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        self.stop()

    def remove(self):
        """Stop the server and delete its files, which may belong to another user."""
        self.stop()
        shutil.rmtree(self.data.parent, ignore_errors=True)
        shutil.rmtree(self.state, ignore_errors=True)

    def _home(self):
        """Return the folder of the data: ours, or one that the cluster's user can reach."""
        home = self.state / 'cluster'
        if self.owner and not self._reachable(STATE):
            return Path('/var/tmp') / f'cobranza-pg-{digest(str(ROOT))}'
        return home

    def _reachable(self, folder):
        return self._as_owner(['test', '-x', folder]).returncode == 0

    def _init(self):
        """Create the data files, readable by their owner only, with a random password."""
        require_space(STATE, 1500, 'PostgreSQL')
        shutil.rmtree(self.data.parent, ignore_errors=True)
        self.data.parent.mkdir(parents=True, mode=0o755)
        password = secrets.token_urlsafe(16)
        secret = self.data.parent / 'pw'
        secret.touch(mode=0o600)
        secret.write_text(password, encoding='utf-8')
        if self.owner:
            for path in (self.data.parent, secret):
                os.chown(path, self.owner.pw_uid, self.owner.pw_gid)
        command = [self.bin / 'initdb', '-D', self.data, '-U', USER, '-E', 'UTF8']
        command += ['--locale=C.UTF-8', '-A', 'scram-sha-256', f'--pwfile={secret}', '--no-sync']
        with step('PostgreSQL: creating a private cluster'):
            self._checked(command, 'PostgreSQL could not create its cluster.')
        secret.unlink()
        self._write('password', password)

    def _start_on_free_port(self):
        log = self.data.parent / 'server.log'
        command = [self.bin / 'pg_ctl', '-D', self.data, '-l', log, '-w', '-t', '60', 'start', '-o']
        for _attempt in range(3):
            port = free_port(int(self._read('port') or 0))
            options = ' '.join(f'-c {key}={value}' for key, value in SETTINGS.items())
            if self._as_owner([*command, f'-p {port} {options}']).returncode == 0:
                self._write('port', str(port))
                return
        tail = '\n'.join(log.read_text(errors='replace').splitlines()[-5:])
        raise Problem(f'PostgreSQL does not start:\n{tail}')

    def _as_owner(self, command):
        """Run *command*, as root under the name of the cluster's user."""
        switch = ['runuser', '-u', self.owner.pw_name, '--'] if self.owner else []
        env = {'PATH': os.environ.get('PATH', ''), 'LC_ALL': 'C.UTF-8', 'TZ': 'UTC'}
        env |= library_path(self.bin)
        return subprocess.run(
            switch + [str(part) for part in command],
            env=env,
            cwd='/',
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=open(self.state / 'last-error.log', 'w', encoding='utf-8'),
            check=False,
        )

    def _checked(self, command, problem):
        if self._as_owner(command).returncode:
            reason = (self.state / 'last-error.log').read_text(errors='replace').strip()
            raise Problem(f'{problem}\n{reason}')

    def _read(self, name):
        path = self.state / name
        return path.read_text(encoding='utf-8') if path.exists() else ''

    def _write(self, name, text):
        path = self.state / name
        path.touch(mode=0o600)
        path.write_text(text, encoding='utf-8')


def _owner():
    """Return the user that runs the server when root asks: PostgreSQL refuses root."""
    for name in OWNERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Problem('As root a user named postgres or nobody is needed to run PostgreSQL.')
