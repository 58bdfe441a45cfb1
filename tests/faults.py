"""What the fault tests share: a database of their own, and real Odoo processes on it."""

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from dev import databases

SCRIPT = Path(__file__).with_name('fault_worker.py')
PATIENCE = 90
RECORD = re.compile(r'^(?=\d{4}-\d\d-\d\d [\d:,]+ \d+ [A-Z]+ )', re.MULTILINE)
COMPLAINT = re.compile(r'^[\d:, -]+ (?:WARNING|ERROR|CRITICAL) ')


class Worker:
    """An Odoo process that carries out the orders of fault_worker.py."""

    def __init__(self, database, log, port):
        self.log = log
        command = [sys.executable, SCRIPT, database, '--smtp=127.0.0.1', f'--smtp-port={port}']
        with log.open('w', encoding='utf-8') as output:
            self.process = subprocess.Popen(
                list(map(str, command)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
                bufsize=1,
            )
        self.ready = False

    def order(self, name, hold=False, **arguments):
        """Give an order without waiting for its result."""
        if not self.ready:
            self.answer()
            self.ready = True
        self._tell(json.dumps({'name': name, 'arguments': arguments, 'hold': hold}))

    def answer(self):
        """Return what the process says next; its result if it has one."""
        assert select.select([self.process.stdout], [], [], PATIENCE)[0], self._tail()
        line = self.process.stdout.readline()
        answer = json.loads(line) if line else {'error': 'the process ended'}
        assert 'error' not in answer, f'{answer["error"]}\n{self._tail()}'
        return answer.get('result')

    def do(self, name, **arguments):
        """Give an order and return its result."""
        self.order(name, **arguments)
        return self.answer()

    def go_on(self):
        """Let a process that holds commit."""
        self._tell('')

    def kill(self):
        """End the process as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)
        self._close()

    def stop(self):
        """Let the process come to its end."""
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(PATIENCE)
        self._close()

    def complaints(self):
        """Return the warnings and errors of its log."""
        records = RECORD.split(self.log.read_text(encoding='utf-8'))
        return list(filter(COMPLAINT.match, records))

    def _tell(self, line):
        self.process.stdin.write(f'{line}\n')
        self.process.stdin.flush()

    def _tail(self):
        return '\n'.join(self.log.read_text(encoding='utf-8').splitlines()[-40:])

    def _close(self):
        self.process.stdout.close()
        self.process.stdin.close()


class Lab:
    """A throw-away database and the processes of one test on it."""

    def __init__(self, database, folder, port):
        self.database, self.folder, self.port = database, folder, port
        self.workers, self.expected = [], []

    def worker(self, port=None):
        """Start one more process; its mail goes to `port`, or else to the sink."""
        log = self.folder / f'worker-{len(self.workers)}.log'
        worker = Worker(self.database, log, port or self.port)
        self.workers.append(worker)
        return worker

    def query(self, statement, *values):
        """Run one statement, committed, and return its rows."""
        session = psycopg2.connect(dbname=self.database)
        try:
            session.autocommit = True
            with session.cursor() as cursor:
                cursor.execute(statement, values or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            session.close()

    def states(self):
        """Return {address before the @: state} of the messages, one for each debtor."""
        rows = self.query(
            """
            SELECT split_part(partner.email, '@', 1), reminder.state
              FROM cobranza_reminder reminder
              JOIN res_partner partner ON partner.id = reminder.partner_id
          ORDER BY 1
            """
        )
        assert len(dict(rows)) == len(rows), 'a debtor has two messages'
        return dict(rows)

    def expect(self, *patterns):
        """Say which complaints the processes may log."""
        self.expected += patterns

    def check_logs(self):
        """Return the complaints that no test expected."""
        return [
            line
            for worker in self.workers
            for line in worker.complaints()
            if not any(re.search(pattern, line) for pattern in self.expected)
        ]


@contextmanager
def laboratory(source, folder, port):
    """Hold a copy of the database `source`; what its processes log must be expected."""
    from odoo.sql_db import close_db

    name, connection = f'{source}_fault', databases.connection_of(os.environ)
    close_db(source)  # a database in use cannot be copied
    databases.copy(connection, source, name)
    lab = Lab(name, folder, port)
    try:
        yield lab
        for worker in lab.workers:
            worker.stop()
        assert not lab.check_logs()
    finally:
        for worker in lab.workers:
            worker.process.kill()
        databases.drop(connection, name)


def wait_until(ready, what, seconds=PATIENCE):
    """Wait until `ready()` is true."""
    deadline = time.monotonic() + seconds
    while not (found := ready()):
        assert time.monotonic() < deadline, f'{what} did not happen in {seconds} seconds'
        time.sleep(0.05)
    return found
