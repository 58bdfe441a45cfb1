"""WhatsApp at speed, on real processes: the number's limit is reached and kept, and webhooks are taken as they come."""

import http.client
import json
import statistics
import subprocess
import threading
import time

import pytest
from faults import PATIENCE, wait_until
from test_whatsapp_faults import a_book, cloud

from dev.odoo_env import odoo_command
from dev.ports import free_port
from dev.warm_up import answers

__all__ = ['cloud']

EVENTS, SENDERS = 600, 4
RATE, DEBTORS = 40, 100
STORED = 'SELECT COUNT(*), COUNT(DISTINCT key) FROM cobranza_whatsapp_event'


def test_a_queue_leaves_at_the_speed_of_the_number(lab, cloud):
    cloud.auto_status = ()
    worker = a_book(lab, cloud, [f'debtor{number}' for number in range(DEBTORS)], rate=RATE)
    worker.do('dispatch')
    moments = sorted(message.time for message in cloud.messages)
    assert len(moments) == DEBTORS
    speed = (DEBTORS - 1) / (moments[-1] - moments[0])
    assert 0.85 * RATE < speed < 1.1 * RATE


@pytest.fixture
def server(lab, tmp_path):
    """Hold Odoo's web server on the lab's database; return its port."""
    port = free_port()
    command = odoo_command('-d', lab.database, '--http-port', port, '--max-cron-threads', 0)
    with (tmp_path / 'web.log').open('w', encoding='utf-8') as output:
        process = subprocess.Popen(list(map(str, command)), stdout=output, stderr=output)
    url = f'http://127.0.0.1:{port}'
    wait_until(lambda: process.poll() is not None or answers(url), 'the web server answers')
    yield port
    process.terminate()
    process.wait(PATIENCE)


def signed_bodies():
    """Return (body, signature) of webhooks that tell of one status each."""
    from odoo.addons.cobranza_whatsapp.tools.signature import sign

    bodies = []
    for number in range(EVENTS):
        value = {
            'metadata': {'phone_number_id': '100000000000001'},
            'statuses': [{'id': f'wamid.{number}', 'status': 'sent'}],
        }
        changes = [{'field': 'messages', 'value': value}]
        entry = [{'id': '200000000000002', 'changes': changes}]
        body = json.dumps({'object': 'whatsapp_business_account', 'entry': entry}).encode()
        bodies.append((body, sign(body, 'app-secret')))
    return bodies


def post_all(port, bodies, waits):
    """Post webhooks one after the other, and note how long each answer took."""
    connection = http.client.HTTPConnection('127.0.0.1', port)
    for body, signature in bodies:
        start = time.monotonic()
        headers = {'Content-Type': 'application/json', 'X-Hub-Signature-256': signature}
        connection.request('POST', '/cobranza/whatsapp/webhook', body, headers)
        answer = connection.getresponse()
        answer.read()
        waits.append((time.monotonic() - start, answer.status))


def test_webhooks_are_stored_as_they_come_and_none_is_lost(lab, cloud, server):
    a_book(lab, cloud, ['ana'])
    bodies, waits = signed_bodies(), []
    post_all(server, bodies[:20], [])  # the first requests load the registry
    threads = [
        threading.Thread(target=post_all, args=(server, bodies[number::SENDERS], waits))
        for number in range(SENDERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {status for _wait, status in waits} == {200}
    assert lab.query(STORED) == [(EVENTS, EVENTS)]
    assert statistics.median(wait for wait, _status in waits) < 0.05
