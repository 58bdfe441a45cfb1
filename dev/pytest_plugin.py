"""What makes a run of ours fail although every test passed.

- a warning or an error in Odoo's log that no test expected (a test that provokes one says
  so with ``assertLogs`` or ``mute_logger``, which keep it from getting here);
- a Python warning, such as a deprecation, that code of this repository causes;
- a skipped test: pytest-odoo skips browser tests silently when it is called wrongly.
"""

import logging
import os
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Reviewed: lines that say nothing about our code. (logger prefix, text in the message)
HARMLESS = (
    # the demo user's avatar and the like are fetched by no test of ours
    ('odoo.service.server', 'Thread'),
    ('asyncio', ''),
)


class LogWatch(logging.Handler):
    """Collects the records of level WARNING and above that reach the root logger."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []
        self._guard = threading.Lock()

    def emit(self, record):
        message = record.getMessage()
        if any(record.name.startswith(name) and text in message for name, text in HARMLESS):
            return
        with self._guard:
            self.lines.append(f'{record.levelname} {record.name}: {message}')

    def take(self):
        """Return the lines collected so far and forget them."""
        with self._guard:
            lines, self.lines = self.lines, []
        return lines


class Strictness:
    """The hooks; one instance per run."""

    def __init__(self):
        self.watch = LogWatch()
        self.problems = []
        self.skipped = []

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item, call):
        """Turn a passed phase into a failed one when the log complained during it."""
        report = yield
        lines = self.watch.take()
        if lines and report.passed:
            report.outcome = 'failed'
            report.longrepr = 'Unexpected in the log:\n' + '\n'.join(lines)
        return report

    def pytest_runtest_logreport(self, report):
        """Remember the tests that did not run."""
        if report.skipped:
            self.skipped.append((report.nodeid, str(report.longrepr)))

    def pytest_warning_recorded(self, warning_message, nodeid):
        """Remember the Python warnings caused by code of this repository."""
        if Path(warning_message.filename).is_relative_to(ROOT):
            text = f'{warning_message.category.__name__}: {warning_message.message}'
            self.problems.append(
                f'{warning_message.filename}:{warning_message.lineno} {text} ({nodeid})'
            )

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session):
        """Fail the run for what belongs to no single test."""
        self.problems += [f'log: {line}' for line in self.watch.take()]
        self.problems += [
            f'skipped: {nodeid} {reason}' for nodeid, reason in self.skipped if not _excused(reason)
        ]
        if self.problems and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        """Say why."""
        for problem in self.problems:
            terminalreporter.write_line(f'✗ {problem}', red=True)


def _excused(reason):
    """Tell whether a skip is due to a program that ``make test`` announced as missing."""
    missing = os.environ.get('COBRANZA_MISSING_TOOLS', '').split()
    words = {'chromium': 'chrome', 'npm': 'npm', 'wkhtmltopdf': 'wkhtmltopdf'}
    return any(words[program] in reason.lower() for program in missing)


def pytest_configure(config):
    """Install the watch; Odoo's loggers propagate to the root logger."""
    strictness = Strictness()
    config.pluginmanager.register(strictness, 'cobranza-strictness')
    logging.getLogger().addHandler(strictness.watch)
