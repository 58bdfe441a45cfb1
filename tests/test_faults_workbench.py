"""Two collectors ask for the next debtor at the same moment, each in a process of their own."""

import pytest
from faults import wait_until

DEBTORS = ['biggest', 'second']
#: The loser of a race says so and starts again.
RACE = r'could not serialize access|could not obtain lock|deadlock detected'
WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
LEASES = """
    SELECT users.login, COUNT(*) FROM cobranza_work_lease lease
      JOIN res_users users ON users.id = lease.user_id
  GROUP BY users.login ORDER BY users.login
"""


@pytest.fixture
def collectors(lab):
    """Two processes, a collector each, on a book of two debtors nobody has."""
    lab.expect(RACE)
    first, second = lab.worker(), lab.worker()
    first.do('make_book', debtors=DEBTORS)
    first.do('make_cases')
    for worker, login in ((first, 'first'), (second, 'second')):
        worker.do('make_collector', login=login)
    return first, second


def test_the_next_debtor_of_one_is_not_that_of_the_other(lab, collectors):
    """The second neither waits for the first, who has not committed, nor gets the same debtor."""
    first, second = collectors
    first.order('next_case', login='first', hold=True)
    first.answer()
    theirs = second.do('next_case', login='second')
    first.go_on()
    assert {theirs, first.answer()} == set(DEBTORS)
    assert lab.query(LEASES) == [('first', 1), ('second', 1)]


def test_who_opens_a_debtor_second_learns_who_has_it(lab, collectors):
    """The second asks while the first is taking it, waits for that, and is told."""
    first, second = collectors
    case = lab.query('SELECT id FROM cobranza_case ORDER BY id LIMIT 1')[0][0]
    first.order('open_case', login='first', case=case, hold=True)
    first.answer()
    second.order('open_case', login='second', case=case)
    wait_until(lambda: lab.query(WAITING, lab.database), 'the second waits for the first')
    first.go_on()
    assert first.answer() in DEBTORS
    assert second.answer() == 'busy: first'


def test_many_turns_never_meet(lab, collectors):
    """Both take and give back at once: at any moment a debtor has one collector."""
    for _turn in range(5):
        for worker, login in zip(collectors, ('first', 'second')):
            worker.order('next_case', login=login)
        assert {worker.answer() for worker in collectors} == set(DEBTORS)
        for worker, login in zip(collectors, ('first', 'second')):
            worker.do('release_all', login=login)
    assert lab.query('SELECT COUNT(*) FROM cobranza_work_lease') == [(0,)]
