"""WhatsApp at speed, on real processes: the number's limit is reached and kept, and webhooks are taken as they come."""

import statistics
import subprocess

import psycopg2
import pytest
from faults import PATIENCE, wait_until
from test_whatsapp_faults import a_book, cloud

from dev.odoo_env import odoo_command
from dev.ports import free_port
from dev.warm_up import answers
from dev.whatsapp_traffic import post_evenly, sign_bodies

__all__ = ['cloud']

EVENTS, EVENTS_PER_SECOND, WARM = 1000, 200, 100
RATE, DEBTORS = 40, 100
REQUESTS = """
SELECT COUNT(*) FROM ir_cron_trigger JOIN ir_model_data ON res_id = cron_id
 WHERE module = 'cobranza_whatsapp' AND name = 'ir_cron_handle'
"""
FORGET_REQUESTS = """
DELETE FROM ir_cron_trigger USING ir_model_data
 WHERE res_id = cron_id AND module = 'cobranza_whatsapp' AND name = 'ir_cron_handle'
"""
ASK_IN_SILENCE = """
INSERT INTO ir_cron_trigger (cron_id, call_at)
SELECT res_id, NOW() AT TIME ZONE 'UTC' FROM ir_model_data
 WHERE module = 'cobranza_whatsapp' AND name = 'ir_cron_handle'
"""
STORED = 'SELECT COUNT(*), COUNT(DISTINCT key) FROM cobranza_whatsapp_event'


def test_a_queue_leaves_at_the_speed_of_the_number_from_batch_to_batch(lab, cloud):
    cloud.auto_status = ()
    worker = a_book(lab, cloud, [f'debtor{number}' for number in range(DEBTORS)], rate=RATE)
    worker.do('timed_dispatch', batch_size=DEBTORS // 2)
    moments = sorted(message.time for message in cloud.messages)
    assert len(moments) == DEBTORS
    speed = (DEBTORS - 1) / (moments[-1] - moments[0])
    assert 0.9 * RATE < speed < 1.1 * RATE


@pytest.fixture
def server(lab, tmp_path):
    """Hold Odoo's web server on the lab's database; return its port."""
    port = free_port()
    command = odoo_command('-d', lab.database, '--http-port', port, '--max-cron-threads', 0)
    command += ['--workers', 2, '--gevent-port', free_port()]
    with (tmp_path / 'web.log').open('w', encoding='utf-8') as output:
        process = subprocess.Popen(list(map(str, command)), stdout=output, stderr=output)
    url = f'http://127.0.0.1:{port}'
    wait_until(lambda: process.poll() is not None or answers(url), 'the web server answers')
    yield port
    process.terminate()
    process.wait(PATIENCE)


def test_webhooks_are_stored_as_fast_as_a_campaign_brings_them_and_none_is_lost(lab, cloud, server):
    a_book(lab, cloud, ['ana'])
    bodies = sign_bodies(EVENTS, 'app-secret')
    post_evenly(server, bodies[:WARM], EVENTS_PER_SECOND)  # each process loads the registry
    waits, seconds = post_evenly(server, bodies[WARM:], EVENTS_PER_SECOND)
    assert lab.query(STORED) == [(EVENTS, EVENTS)]
    assert len(waits) / seconds > 0.95 * EVENTS_PER_SECOND
    assert statistics.median(waits) < 0.05


def test_a_campaign_asks_for_the_job_once_until_it_has_begun(lab, cloud):
    """The request that waits is held until the event is committed: whoever takes it away sees the event."""
    worker = a_book(lab, cloud, ['ana'])
    lab.query(FORGET_REQUESTS)
    worker.do('wake_whatsapp')
    worker.order('wake_whatsapp', hold=True)
    worker.answer()  # it holds
    with pytest.raises(psycopg2.errors.LockNotAvailable):
        lab.query(f"SET lock_timeout = '200ms'; {FORGET_REQUESTS}")
    worker.go_on()
    worker.answer()
    assert lab.query(REQUESTS) == [(1,)]
    with psycopg2.connect(dbname=lab.database) as running, running.cursor() as cursor:
        cursor.execute(FORGET_REQUESTS)  # as a job that has begun, and may have looked already
        worker.do('wake_whatsapp')
    running.close()
    assert lab.query(REQUESTS) == [(1,)]
    worker.do('wake_as_it_is_taken')
    assert lab.query(REQUESTS) == [(1,)]


def test_a_request_that_nobody_may_have_been_told_of_is_not_relied_on(lab, cloud):
    """Odoo asks again for a job that was not done in one run, without a word to its workers."""
    worker = a_book(lab, cloud, ['ana'])
    lab.query(FORGET_REQUESTS)
    lab.query(ASK_IN_SILENCE)
    worker.do('wake_whatsapp')
    assert lab.query(REQUESTS) == [(2,)]
