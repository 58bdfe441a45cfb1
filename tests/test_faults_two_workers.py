"""Two processes work on the same company at the same moment."""

import pytest
from faults import wait_until

DEBTORS = [f'debtor{number:02}' for number in range(24)]
#: The loser of a race says so and starts again.
RACE = r'could not serialize access|could not obtain lock|deadlock detected'

OCCURRENCES = """
    SELECT mark.line_id, mark.step_key, mark.occurrence, COUNT(*)
      FROM cobranza_reminder_item mark
     WHERE mark.step_key IS NOT NULL
  GROUP BY mark.line_id, mark.step_key, mark.occurrence
"""
WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"


@pytest.fixture
def workers(lab):
    """Two processes on a book of two dozen debtors."""
    lab.expect(RACE)
    first, second = lab.worker(), lab.worker()
    first.do('make_book', debtors=DEBTORS)
    return first, second


def check_one_decision_each(lab):
    assert lab.states() == dict.fromkeys(DEBTORS, 'queued')
    occurrences = lab.query(OCCURRENCES)
    assert len(occurrences) == len(DEBTORS)
    assert {row[-1] for row in occurrences} == {1}


def test_a_cycle_that_meets_an_uncommitted_one_decides_nothing_twice(lab, workers):
    first, second = workers
    first.order('cycle', hold=True)
    first.answer()
    second.order('cycle')
    wait_until(lambda: lab.query(WAITING, lab.database), 'the second cycle waits for the first')
    first.go_on()
    assert first.answer() == ['done', len(DEBTORS)]
    assert second.answer() == ['done', 0]
    check_one_decision_each(lab)


def test_two_cycles_that_start_together_decide_nothing_twice(lab, workers):
    for worker in workers:
        worker.order('cycle')
    results = [worker.answer() for worker in workers]
    assert sorted(results) == [['done', 0], ['done', len(DEBTORS)]]
    check_one_decision_each(lab)
    assert lab.query('SELECT COUNT(*), COUNT(DISTINCT partner_id) FROM cobranza_case') == [
        (len(DEBTORS), len(DEBTORS))
    ]


def test_two_dispatchers_share_the_outbox(lab, workers, smtp_sink):
    workers[0].do('cycle')
    for worker in workers:
        worker.do('slow_batches', seconds=0.05)
        worker.order('dispatch', batch_size=2)
    for worker in workers:
        worker.answer()
    assert lab.states() == dict.fromkeys(DEBTORS, 'sent')
    for worker in workers:
        worker.do('send_mails')
    recipients = sorted(message['X-Envelope-To'] for message in smtp_sink.messages)
    assert recipients == [f'{debtor}@example.com' for debtor in DEBTORS]


def test_two_dispatchers_never_hand_a_provider_the_same_message(lab, workers, tmp_path):
    """The first waits for the provider with its batch claimed; the second empties the outbox meanwhile."""
    ledger, answered = tmp_path / 'provider', tmp_path / 'answered'
    slow, quick = workers
    slow.do('cycle')
    slow.do('use_provider', ledger=str(ledger), hang_at=1, until=str(answered))
    quick.do('use_provider', ledger=str(ledger))
    slow.order('dispatch')
    wait_until(ledger.is_file, 'the first message is with the provider')
    quick.do('dispatch')
    answered.touch()
    slow.answer()
    assert lab.states() == dict.fromkeys(DEBTORS, 'sent')
    assert sorted(ledger.read_text(encoding='utf-8').split()) == [
        f'{debtor}@example.com' for debtor in DEBTORS
    ]
