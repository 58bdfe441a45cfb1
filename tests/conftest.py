"""What the tests across add-ons share."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


@pytest.fixture
def smtp_sink(tmp_path):
    """A mail server that keeps every message; ``smtp_sink.faults`` makes it misbehave."""
    from dev.smtp_sink import SmtpSink

    with SmtpSink(tmp_path / 'mail') as sink:
        yield sink


@pytest.fixture(scope='session')
def database():
    """The name of the throw-away database that ``make test`` prepared."""
    return os.environ['COBRANZA_DB']


@pytest.fixture
def lab(database, smtp_sink, tmp_path):
    """A copy of the database for processes that commit, crash and meet; see faults.py."""
    from faults import laboratory

    with laboratory(database, tmp_path, smtp_sink.port) as laboratory_of_test:
        yield laboratory_of_test
