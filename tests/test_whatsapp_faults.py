"""Messages by WhatsApp when processes die or meet: none is lost, none is sent twice."""

from collections import Counter

import pytest
from faults import wait_until
from whatsapp_orders import TEXT

from dev.whatsapp_emulator import Emulator

DEBTORS = ['ana', 'berta', 'carla', 'dora', 'elsa', 'flor']
AGE = "UPDATE cobranza_reminder SET write_date = write_date - INTERVAL '16 minutes'"
LATER = """
UPDATE cobranza_whatsapp_message
   SET create_date = create_date - INTERVAL '25 hours', write_date = write_date - INTERVAL '25 hours'
"""
SILENT = """
UPDATE cobranza_whatsapp_conversation SET last_message_at = last_message_at - INTERVAL '25 hours'
"""


@pytest.fixture
def cloud():
    with Emulator(auto_status=('sent', 'delivered')) as emulator:
        buttons = [{'type': 'URL', 'text': 'Pagar', 'url': 'http://localhost:8069/c/{{1}}'}]
        emulator.add_template('cobranza_d3', 'es', TEXT, buttons=buttons)
        yield emulator


def a_book(lab, cloud, debtors, **options):
    """Make a book whose reminders go by WhatsApp and decide them; return the process."""
    worker = lab.worker()
    worker.do('make_book', debtors=debtors, channels=['whatsapp', 'email'])
    worker.do('set_parameters', web__base__url='http://localhost:8069')
    worker.do('connect_whatsapp', url=cloud.url, **options)
    worker.do('cycle')
    return worker


def receivers(cloud):
    """Return {telephone: how often it was written to}."""
    return Counter(message.to for message in cloud.messages)


def told(cloud):
    """Return the bodies of what the API has told so far."""
    cloud.wait_idle(20)
    return [webhook.body.decode() for webhook in cloud.webhooks]


def test_a_killed_sender_loses_and_doubles_nothing(lab, cloud):
    victim = a_book(lab, cloud, DEBTORS, rate=3)
    survivor = lab.worker()
    cloud.delay_next(60)
    victim.order('dispatch')
    wait_until(lambda: len(cloud.messages) >= 3, 'the first part is at the provider')
    victim.kill()

    survivor.do('dispatch')
    sent_before = receivers(cloud)
    assert set(sent_before.values()) == {1}
    lab.query(AGE)
    survivor.do('dispatch')
    assert receivers(cloud) == sent_before, 'what may have left is not sent again'
    assert set(lab.states().values()) <= {'sent', 'unknown'}

    survivor.do('tell_whatsapp', bodies=told(cloud))
    survivor.do('handle_whatsapp')
    arrived = {name for name, state in lab.states().items() if state == 'delivered'}
    assert len(arrived) == sum(sent_before.values()), 'what had left is known to have arrived'

    lab.query(LATER)
    lab.query(SILENT)
    survivor.do('send_whatsapp')
    survivor.do('dispatch')
    survivor.do('tell_whatsapp', bodies=told(cloud))
    survivor.do('handle_whatsapp')
    assert lab.states() == dict.fromkeys(DEBTORS, 'delivered'), 'what had not left is sent'
    assert set(receivers(cloud).values()) == {1}
    assert len(receivers(cloud)) == len(DEBTORS)


def test_two_senders_share_the_speed_of_the_number(lab, cloud):
    debtors = [f'debtor{number}' for number in range(40)]
    first = a_book(lab, cloud, debtors, rate=20)
    second = lab.worker()
    cloud.rate = 24  # a little more than we keep to: a second is never cut in the same places
    first.do('slow_batches', seconds=0.2)
    second.do('slow_batches', seconds=0.2)
    for worker in (first, second):
        worker.order('dispatch', batch_size=10)
    for worker in (first, second):
        worker.answer()
    assert set(receivers(cloud).values()) == {1}
    assert len(cloud.messages) == len(debtors)
    assert set(lab.states().values()) == {'sent'}, 'nobody was told to slow down'


def test_an_answer_prepared_by_a_process_that_died_is_given_once(lab, cloud):
    victim = a_book(lab, cloud, ['ana'])
    survivor = lab.worker()
    cloud.inbound('+573001000000', text='hola')
    victim.do('tell_whatsapp', bodies=told(cloud))
    victim.order('handle_without_commit', hold=True)
    victim.answer()
    victim.kill()
    survivor.do('handle_whatsapp')
    survivor.do('send_whatsapp')
    survivor.do('handle_whatsapp')
    survivor.do('send_whatsapp')
    texts = [message.text for message in cloud.messages]
    assert len(texts) == len(set(texts)) > 0


def test_two_processes_that_handle_one_conversation_answer_each_message_once(lab, cloud):
    first = a_book(lab, cloud, ['ana'])
    second = lab.worker()
    for number in range(6):
        cloud.inbound('+573001000000', text='saldo' if number % 2 else 'mis facturas')
    first.do('tell_whatsapp', bodies=told(cloud))
    for worker in (first, second):
        worker.order('handle_whatsapp')
    for worker in (first, second):
        worker.answer()
    states = lab.query('SELECT state, COUNT(*) FROM cobranza_whatsapp_event GROUP BY state')
    assert dict(states)['done'] == 6
    rows = lab.query("SELECT COUNT(*) FROM cobranza_whatsapp_message WHERE direction = 'in'")
    assert rows == [(6,)]


NUMBER = "SELECT state, paused_until > now() AT TIME ZONE 'UTC' FROM cobranza_whatsapp_account"


def test_a_number_that_is_told_to_slow_down_rests_and_loses_nothing(lab, cloud):
    worker = a_book(lab, cloud, DEBTORS, rate=2)
    cloud.fail_next(130429)
    worker.do('dispatch')
    assert lab.query(NUMBER) == [('ready', True)]
    states = Counter(lab.states().values())
    assert states['unknown'] == states['sending'] == 0
    assert states['held'] >= 1
    assert set(receivers(cloud).values()) <= {1}


def test_a_key_that_is_refused_stops_the_number_in_the_middle_of_a_queue(lab, cloud):
    worker = a_book(lab, cloud, DEBTORS, rate=2)
    cloud.fail_next(190, times=2)
    worker.do('dispatch')
    assert [row[0] for row in lab.query(NUMBER)] == ['stopped']
    worker.do('dispatch')
    assert set(lab.states().values()) <= {'sent', 'queued', 'held'}
    rows = lab.query("SELECT DISTINCT state FROM cobranza_whatsapp_message WHERE state = 'sending'")
    assert rows == []
