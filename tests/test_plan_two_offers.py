"""Two plans on the same items at the same moment: one of them is agreed."""

import pytest
from faults import wait_until

#: The loser of a race says so and starts again.
RACE = r'could not serialize access|could not obtain lock'
WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
STATES = 'SELECT state FROM cobranza_plan ORDER BY id'


@pytest.fixture
def workers(lab):
    """Two processes on a book of one debtor; the first gives the invoice."""
    lab.expect(RACE)
    first, second = lab.worker(), lab.worker()
    return first, second, first.do('make_book', debtors=['ana'])[0]


def test_the_second_offer_waits_and_finds_the_items_taken(lab, workers):
    first, second, invoice = workers
    drafts = [first.do('prepare_plan', invoice=invoice) for _draft in range(2)]
    first.order('offer_plan', invoice=invoice, plan=drafts[0], hold=True)
    first.answer()
    second.order('attempt', what='offer_plan', invoice=invoice, plan=drafts[1])
    wait_until(lambda: lab.query(WAITING, lab.database), 'the second offer waits for the first')
    first.go_on()
    assert first.answer() == drafts[0]
    assert 'in another plan' in second.answer()
    assert lab.query(STATES) == [('offered',), ('draft',)]


def test_of_two_offers_that_stand_one_is_signed(lab, workers):
    *signers, invoice = workers
    plans = []
    for _offer in range(2):
        plans.append(signers[0].do('offer_plan', invoice=invoice))
        lab.query("UPDATE cobranza_plan SET state = 'draft'")
    lab.query("UPDATE cobranza_plan SET state = 'offered'")
    for worker, plan in zip(signers, plans):
        worker.order('attempt', what='accept_plan', plan=plan, who='Ana')
    answers = [worker.answer() for worker in signers]
    [refusal] = [answer for answer in answers if answer is not True]
    assert 'Another plan' in refusal
    assert sorted(lab.query(STATES)) == [('active',), ('offered',)]
    assert lab.query("SELECT SUM(amount)::float8 FROM cobranza_promise WHERE state = 'open'") == [
        (108.0,)
    ]
