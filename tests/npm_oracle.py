"""The WhatsApp client in JavaScript that ours is compared with: installed once, asked line by line."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from dev.console import run
from dev.locks import build_once, digest
from dev.paths import cache_dir

FOLDER = Path(__file__).parent / 'oracle_npm'
LOCKED = ('package.json', 'package-lock.json')
# Odoo limits the memory of its process; node reserves much more than it uses
UNLIMITED = ('sh', '-c', 'ulimit -S -v "$(ulimit -H -v)"; exec "$@"', 'sh')


class Oracle:
    """The running script."""

    def __init__(self, folder):
        self._process = subprocess.Popen(
            [*UNLIMITED, 'node', str(FOLDER / 'oracle.mjs')],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding='utf-8',
        )

    def ask(self, **request):
        """Return what the script answers to a request: ``{'answer': …}`` or ``{'error': …}``."""
        self._process.stdin.write(json.dumps(request) + '\n')
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f'the script ended with {self._process.wait(10)}'
        return json.loads(line)

    def verify(self, body, header, secret):
        """Tell whether the client believes that *secret* signed *body* (text)."""
        return self.ask(verify={'body': body, 'header': header, 'secret': secret})['answer']

    def normalize(self, payload):
        """Return what the client makes of a webhook's JSON."""
        return self.ask(normalize=payload)['answer']

    def send(self, cloud, method, message=None, **more):
        """Have the client send a message to the emulator; return what it says."""
        known = {'url': cloud.url, 'version': 'v23.0', 'token': cloud.token, 'method': method}
        given = {'phoneNumberId': cloud.phone_id, **(message or {})}
        return self.ask(send={**known, 'input': given, **more})

    def stop(self):
        """End the script."""
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


@pytest.fixture(scope='module')
def oracle():
    """Return the client, installed when it is not yet."""
    if not (shutil.which('npm') and shutil.which('node')):
        pytest.skip('npm is not installed')
    running = Oracle(build_once(cache_dir('npm') / f'oracle-{_key()}', _install))
    yield running
    running.stop()


def _key():
    return digest(*((FOLDER / name).read_bytes() for name in LOCKED))


def _install(folder):
    for name in LOCKED:
        shutil.copy(FOLDER / name, folder)
    command = [*UNLIMITED, 'npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund']
    run(command, 'The packages of npm could not be installed (no network?).', cwd=folder)
