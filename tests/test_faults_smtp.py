"""The mail server refuses, is down, or hangs up."""

import pytest

from dev.ports import free_port

DEBTORS = ['ana', 'berta', 'carla']
#: Odoo logs each mail that fails.
FAILED = r'failed sending mail|Exception while processing mail|Failed processing mail queue'
FACTS = """
    SELECT reminder.state, reminder.channel, reminder.reason_code, reminder.reason_detail, reminder.attempts
      FROM cobranza_reminder reminder
      JOIN res_partner partner ON partner.id = reminder.partner_id
     WHERE partner.email = %s
"""
TASKS = """
    SELECT partner.email, activity.note FROM mail_activity activity
      JOIN cobranza_case debtor ON debtor.id = activity.res_id AND activity.res_model = 'cobranza.case'
      JOIN res_partner partner ON partner.id = debtor.partner_id
"""
WAIT = 'SELECT MIN(next_attempt_at) - now()::timestamp, MAX(next_attempt_at) - now()::timestamp FROM cobranza_reminder'
LATER = "UPDATE cobranza_reminder SET next_attempt_at = now() - INTERVAL '1 minute' WHERE state = 'held'"


@pytest.fixture
def worker(lab):
    """A process that sends to the sink."""
    lab.expect(FAILED)
    return lab.worker()


def recipients(smtp_sink):
    return sorted(message['X-Envelope-To'].split('@')[0] for message in smtp_sink.messages)


def a_day(worker, **book):
    worker.do('make_book', debtors=DEBTORS, **book)
    worker.do('cycle')
    worker.do('dispatch')
    worker.do('send_mails')


def test_a_refused_address_fails_with_a_reason_and_a_task_and_stops_nobody_else(
    lab, worker, smtp_sink
):
    smtp_sink.faults.refuse = '^berta@'
    a_day(worker)
    assert lab.states() == {'ana': 'sent', 'berta': 'failed', 'carla': 'sent'}
    assert recipients(smtp_sink) == ['ana', 'carla']
    [(_state, _channel, code, detail, _attempts)] = lab.query(FACTS, 'berta@example.com')
    assert code == 'delivery'
    assert '550' in detail
    assert 'No such user here' in detail
    [(debtor, note)] = lab.query(TASKS)
    assert debtor == 'berta@example.com'
    assert 'No such user here' in note

    smtp_sink.faults.refuse = ''
    worker.do('dispatch')
    worker.do('send_mails')
    assert recipients(smtp_sink) == ['ana', 'carla'], (
        'an address that was refused is not insisted on'
    )


def test_a_refused_address_is_called_when_the_step_says_so(lab, worker, smtp_sink):
    smtp_sink.faults.refuse = '^berta@'
    a_day(worker, channels=['email', 'phone'], phone='+57 601 555 0100')
    worker.do('dispatch')
    assert lab.states() == {'ana': 'sent', 'berta': 'ready', 'carla': 'sent'}
    [(_state, channel, *_rest)] = lab.query(FACTS, 'berta@example.com')
    assert channel == 'phone'
    worker.do('send_mails')
    assert recipients(smtp_sink) == ['ana', 'carla']


def test_messages_wait_for_a_server_that_is_down_and_leave_once(lab, worker, smtp_sink):
    outage = lab.worker(port=free_port())
    a_day(outage)
    assert lab.states() == dict.fromkeys(DEBTORS, 'held')
    [(_state, _channel, code, _detail, attempts)] = lab.query(FACTS, 'ana@example.com')
    assert (code, attempts) == ('mail_server', 1)
    soonest, latest = lab.query(WAIT)[0]
    assert 0 < soonest.total_seconds() <= latest.total_seconds() < 24 * 3600

    worker.do('dispatch')
    worker.do('send_mails')
    assert lab.states() == dict.fromkeys(DEBTORS, 'held'), 'it is too early to insist'
    assert not smtp_sink.messages
    lab.query(LATER)
    for _again in range(2):
        worker.do('dispatch')
        worker.do('send_mails')
    assert lab.states() == dict.fromkeys(DEBTORS, 'sent')
    assert recipients(smtp_sink) == DEBTORS
    assert not lab.query(TASKS)


def test_a_server_that_hangs_up_leaves_no_message_that_only_looks_sent(lab, worker, smtp_sink):
    smtp_sink.faults.drop = True
    a_day(worker)
    smtp_sink.faults.drop = False
    for _again in range(2):
        worker.do('dispatch')
        worker.do('send_mails')
    states = lab.states()
    assert recipients(smtp_sink) == sorted(
        name for name, state in states.items() if state == 'sent'
    )
    assert sorted(states.values()) == ['sent', 'sent', 'unknown']
