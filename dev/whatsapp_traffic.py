"""Webhooks as a campaign brings them: statuses, one a request, at an even pace."""

import http.client
import json
import threading
import time

from .ports import LOOPBACK
from .whatsapp_emulator_webhooks import signature

SENDERS = 8
PATH = '/cobranza/whatsapp/webhook'


def sign_bodies(count, secret, phone_id='100000000000001', business_id='200000000000002'):
    """Return [(body, signature)] of webhooks that tell of a status of a message each."""
    bodies = []
    for number in range(count):
        value = {
            'metadata': {'phone_number_id': phone_id},
            'statuses': [{'id': f'wamid.{number}', 'status': 'sent'}],
        }
        entry = {'id': business_id, 'changes': [{'field': 'messages', 'value': value}]}
        body = json.dumps({'object': 'whatsapp_business_account', 'entry': [entry]}).encode()
        bodies.append((body, signature(secret, body)))
    return bodies


def post_evenly(port, bodies, rate):
    """Post webhooks, `rate` a second, each at its moment whatever became of those before it.

    :return: ([seconds until each was answered, counted from its moment], seconds of all)
    :raise ValueError: one was not answered 200
    """
    start, waits, refused = time.monotonic() + 0.1, [], []
    due = [(start + number / rate, *given) for number, given in enumerate(bodies)]
    threads = [
        threading.Thread(target=_post_each, args=(port, due[n::SENDERS], waits, refused))
        for n in range(SENDERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if refused:
        raise ValueError(f'webhooks were answered {set(refused)}')
    return waits, time.monotonic() - start


def _post_each(port, due, waits, refused):
    """Post one after the other, by a connection each, as the API does."""
    for moment, body, proof in due:
        time.sleep(max(0, moment - time.monotonic()))
        connection = http.client.HTTPConnection(LOOPBACK, port)
        headers = {'Content-Type': 'application/json', 'X-Hub-Signature-256': proof}
        connection.request('POST', PATH, body, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status != 200:
            refused.append(answer.status)
        waits.append(time.monotonic() - moment)
