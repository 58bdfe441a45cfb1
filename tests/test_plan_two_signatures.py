"""A customer signs twice at the same moment: one agreement, one set of instalments, one invoice."""

import pytest
from faults import wait_until

#: The loser of a race says so and starts again.
RACE = r'could not serialize access|could not obtain lock'
WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"


@pytest.fixture
def workers(lab):
    """Two processes, and a plan that waits to be signed."""
    lab.expect(RACE)
    return lab.worker(), lab.worker()


def check_one_agreement(lab, signer):
    assert lab.query('SELECT state, signed_by FROM cobranza_plan') == [('active', signer)]
    promises = (
        'SELECT COUNT(*), SUM(amount)::float8 FROM cobranza_promise WHERE plan_id IS NOT NULL'
    )
    assert lab.query(promises) == [(4, 108.0)]  # 100 owed, 20 down, 10 % of the rest
    assert lab.query('SELECT COUNT(*) FROM account_move WHERE cobranza_plan_id IS NOT NULL') == [
        (1,)
    ]


def test_the_second_signature_waits_and_finds_the_plan_in_force(lab, workers):
    first, second = workers
    [invoice] = first.do('make_book', debtors=['ana'])
    plan = first.do('offer_plan', invoice=invoice)
    first.order('accept_plan', plan=plan, who='Ana', hold=True)
    first.answer()
    second.order('accept_plan', plan=plan, who='Beto')
    wait_until(lambda: lab.query(WAITING, lab.database), 'the second signature waits for the first')
    first.go_on()
    assert first.answer() is True
    assert second.answer() is False
    check_one_agreement(lab, 'Ana')


def test_two_signatures_together_make_one_agreement(lab, workers):
    [invoice] = workers[0].do('make_book', debtors=['ana'])
    plan = workers[0].do('offer_plan', invoice=invoice)
    names = ('Ana', 'Beto')
    for worker, who in zip(workers, names):
        worker.order('accept_plan', plan=plan, who=who)
    won = [worker.answer() for worker in workers]
    assert sorted(won) == [False, True]
    check_one_agreement(lab, names[won.index(True)])
