"""A process is killed in the middle of its work, as by a power cut."""

from faults import wait_until

DEBTORS = ['ana', 'berta', 'carla', 'dora']
ADDRESSES = [f'{debtor}@example.com' for debtor in DEBTORS]
AGE = "UPDATE cobranza_reminder SET write_date = write_date - INTERVAL '16 minutes'"
REASON = "SELECT reason_code FROM cobranza_reminder WHERE reason_code IS NOT NULL"


def handed_over(ledger):
    """Return the addresses that the provider was given, in order."""
    return ledger.read_text(encoding='utf-8').split() if ledger.is_file() else []


def delivered(smtp_sink):
    """Return who got a message, each as often as they got one."""
    return sorted(message['X-Envelope-To'] for message in smtp_sink.messages)


def test_a_message_whose_sender_died_is_unknown_and_never_sent_twice(lab, tmp_path):
    ledger = tmp_path / 'provider'
    victim, survivor = lab.worker(), lab.worker()
    victim.do('make_book', debtors=DEBTORS)
    victim.do('cycle')
    victim.do('use_provider', ledger=str(ledger), hang_at=2, until='never')
    victim.order('dispatch')
    wait_until(lambda: len(handed_over(ledger)) == 2, 'the provider has the second message')
    victim.kill()
    first, second = (address.partition('@')[0] for address in handed_over(ledger))
    queued = dict.fromkeys(DEBTORS, 'queued')
    assert lab.states() == queued | {first: 'sent', second: 'sending'}

    survivor.do('use_provider', ledger=str(ledger))
    survivor.do('dispatch')
    expected = dict.fromkeys(DEBTORS, 'sent')
    assert lab.states() == expected | {second: 'sending'}, 'it may still be on its way'
    lab.query(AGE)
    survivor.do('dispatch')
    expected[second] = 'unknown'
    assert lab.states() == expected
    assert lab.query(REASON) == [('crashed',)]

    survivor.do('cycle')
    survivor.do('dispatch')
    assert lab.states() == expected
    assert sorted(handed_over(ledger)) == ADDRESSES


def test_a_batch_of_mails_whose_writer_died_leaves_nothing_half_sent(lab, smtp_sink, tmp_path):
    sign = tmp_path / 'written'
    victim, survivor = lab.worker(), lab.worker()
    victim.do('make_book', debtors=DEBTORS)
    victim.do('cycle')
    victim.do('hang_after_mails', sign=str(sign))
    victim.order('dispatch')
    wait_until(sign.is_file, 'the mails are written')
    victim.kill()
    assert lab.states() == dict.fromkeys(DEBTORS, 'queued')
    assert lab.query('SELECT COUNT(*) FROM cobranza_interaction') == [(0,)]

    survivor.do('send_mails')
    assert not smtp_sink.messages
    survivor.do('dispatch')
    survivor.do('send_mails')
    survivor.do('send_mails')
    assert lab.states() == dict.fromkeys(DEBTORS, 'sent')
    assert delivered(smtp_sink) == ADDRESSES
    assert lab.query('SELECT COUNT(*) FROM cobranza_interaction') == [(len(DEBTORS),)]


def test_a_mail_queue_that_died_between_two_mails_goes_on_where_it_was(lab, smtp_sink):
    victim, survivor = lab.worker(), lab.worker()
    victim.do('make_book', debtors=DEBTORS)
    victim.do('cycle')
    victim.do('dispatch')
    smtp_sink.faults.delay = 1.5
    victim.order('send_mails')
    wait_until(lambda: sent_mails(lab) == 1, 'the first mail is delivered')
    victim.kill()
    smtp_sink.faults.delay = 0
    survivor.do('send_mails')
    assert delivered(smtp_sink) == ADDRESSES
    assert lab.states() == dict.fromkeys(DEBTORS, 'sent')


def sent_mails(lab):
    """Return how many mails are known to be delivered: those that are no longer waiting."""
    waiting = lab.query("SELECT COUNT(*) FROM mail_mail WHERE state = 'outgoing'")
    return len(DEBTORS) - waiting[0][0]
