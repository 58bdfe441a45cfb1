"""Background processes of this clone: started once, found again, stopped by name."""

import json
import os
import signal
import subprocess
import time

from .console import Problem
from .paths import state_dir


class Daemon:
    """A background process remembered in ``.dev/run/<name>.json`` with its ports."""

    def __init__(self, name):
        self.record = state_dir('run') / f'{name}.json'
        self.log = state_dir('log') / f'{name}.log'

    @property
    def facts(self):
        """What :meth:`start` was told, or nothing when the process is gone."""
        try:
            facts = json.loads(self.record.read_text(encoding='utf-8'))
        except (FileNotFoundError, ValueError):
            return {}
        return facts if _start_time(facts['pid']) == facts['started'] else {}

    def start(self, command, env=None, **facts):
        """Start *command* detached from this terminal and remember *facts* about it."""
        with self.log.open('w', encoding='utf-8') as output:
            process = subprocess.Popen(
                list(map(str, command)),
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        facts |= {'pid': process.pid, 'started': _start_time(process.pid)}
        self.record.write_text(json.dumps(facts), encoding='utf-8')

    def stop(self):
        """Stop the process and wait until it is gone."""
        facts = self.facts
        if facts:
            os.kill(facts['pid'], signal.SIGTERM)
            deadline = time.monotonic() + 20
            while self.facts and time.monotonic() < deadline:
                time.sleep(0.1)
            if self.facts:
                os.kill(facts['pid'], signal.SIGKILL)
        self.record.unlink(missing_ok=True)

    def wait(self, ready, who, seconds=90):
        """Wait until *ready* or say why *who* did not come up."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.facts or time.monotonic() > deadline:
                raise Problem(f'{who} does not start; the end of {self.log}:\n{self.tail()}')
            time.sleep(0.2)

    def tail(self, lines=15):
        """Return the end of the process's log."""
        text = self.log.read_text(encoding='utf-8', errors='replace')
        return '\n'.join(text.splitlines()[-lines:])


def _start_time(pid):
    """Return when the process started: a number that tells a reused pid from ours."""
    try:
        with open(f'/proc/{pid}/stat', encoding='utf-8') as stat:
            fields = stat.read().rpartition(')')[2].split()
    except FileNotFoundError:
        return None
    return None if fields[0] == 'Z' else fields[19]
