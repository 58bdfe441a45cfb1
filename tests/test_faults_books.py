"""Two processes write to the books at the same moment: what is booked is booked once."""

import pytest
from faults import wait_until

RACE = r'could not serialize access|could not obtain lock|deadlock detected|duplicate key value'
WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
FILE = ['RUC;Cliente;Factura;Vence;Saldo'] + [f'77;Ana;F{n};2026-01-31;10' for n in range(5)]


@pytest.fixture
def workers(lab):
    """Two processes on a book of one debtor; the first gives the invoice."""
    lab.expect(RACE)
    first, second = lab.worker(), lab.worker()
    return first, second, first.do('make_book', debtors=['ana'])[0]


def test_two_approvals_at_once_book_one_entry(lab, workers):
    first, second, invoice = workers
    writeoff = first.do('propose_writeoff', invoice=invoice)
    first.order('approve_writeoff', hold=True, writeoff=writeoff)
    first.answer()
    assert second.do('approve_writeoff', writeoff=writeoff) == 'refused'
    first.go_on()
    assert first.answer() == 'booked'
    assert second.do('approve_writeoff', writeoff=writeoff) == 'refused'
    losses = "SELECT COUNT(*) FROM account_move WHERE ref LIKE 'Write-off%%'"
    assert lab.query(losses) == [(1,)]
    assert lab.query('SELECT amount_residual FROM account_move WHERE id = %s', invoice) == [(0,)]


def test_approvals_that_start_together_book_one_entry(lab, workers):
    first, second, invoice = workers
    writeoff = first.do('propose_writeoff', invoice=invoice)
    for worker in (first, second):
        worker.order('approve_writeoff', writeoff=writeoff)
    assert sorted(worker.answer() for worker in (first, second)) == ['booked', 'refused']


def test_the_same_file_imported_twice_at_once_is_booked_once(lab, workers):
    first, second, _invoice = workers
    first.order('import_portfolio', hold=True, lines=FILE)
    first.answer()
    second.order('import_portfolio', lines=FILE)
    wait_until(lambda: lab.query(WAITING, lab.database), 'the second import waits for the first')
    first.go_on()
    assert first.answer() == ['booked'] * 5
    assert not set(second.answer()) & {'booked', 'new'}
    documents = "SELECT ref, COUNT(*) FROM account_move WHERE ref LIKE 'F_' GROUP BY ref"
    assert {count for _ref, count in lab.query(documents)} == {1}
    assert lab.query("SELECT COUNT(*) FROM res_partner WHERE vat = '77'") == [(1,)]
