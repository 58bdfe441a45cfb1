"""From the invoice to the message in somebody's mailbox and back, over real processes."""

import re
import subprocess
import urllib.error
import urllib.request
from contextlib import contextmanager
from email.message import EmailMessage

import pytest
from faults import PATIENCE, wait_until

from dev.odoo_env import odoo_command
from dev.ports import free_port
from dev.warm_up import answers

STRATEGY = 'cobranza_management.strategy_generic'
INVOICE = 'SELECT name, invoice_date_due FROM account_move WHERE id = %s'
CASE = 'SELECT hold_until > CURRENT_DATE, last_reply_date IS NOT NULL FROM cobranza_case'
CONTACTS = 'SELECT direction, channel FROM cobranza_interaction ORDER BY id'
REASON = 'SELECT reason_code FROM cobranza_reminder'


@pytest.fixture
def worker(lab):
    """The process in which the company works."""
    return lab.worker()


def a_debtor(worker):
    """Make a debtor who speaks Spanish and owes one invoice for a week; return its id."""
    [invoice] = worker.do('make_book', debtors=['ana'], lang='es_419', strategy=STRATEGY, days=7)
    return invoice


@contextmanager
def web_server(database, port, log):
    """Hold Odoo's web server on the database."""
    command = odoo_command('-d', database, '--http-port', port, '--db-filter', f'^{database}$')
    with log.open('w', encoding='utf-8') as output:
        server = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        url = f'http://127.0.0.1:{port}'
        wait_until(lambda: server.poll() is not None or answers(url), 'the web server answers')
        yield
    finally:
        server.terminate()
        server.wait(PATIENCE)


def status(url):
    """Return what the server says to somebody who is not logged in."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return answer.status, answer.geturl(), answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, url, ''


def test_an_invoice_becomes_a_message_in_spanish_with_a_link_that_opens(
    lab, worker, smtp_sink, tmp_path
):
    port = free_port()
    worker.do('set_parameters', web__base__url=f'http://127.0.0.1:{port}')
    invoice = a_debtor(worker)
    assert worker.do('cycle') == ['done', 1]
    worker.do('dispatch')
    worker.do('send_mails')

    [message] = smtp_sink.messages
    name, due = lab.query(INVOICE, invoice)[0]
    assert message['X-Envelope-To'] == 'ana@example.com'
    assert 'andina@example.com' in message['From']
    html = message.get_body(('html',)).get_content()
    assert 'lang="es-419"' in html
    for words in (name, '100,00', f'{due:%d/%m/%Y}', 'Ver y pagar'):
        assert words in html, words
    link = re.search(rf'http://127\.0\.0\.1:{port}/collections/invoice/[^"]+', html)[0]
    with web_server(lab.database, port, tmp_path / 'web.log'):
        code, url, page = status(link)
        assert (code, name in page) == (200, True), url
        assert f'/my/invoices/{invoice}' in url, "it is Odoo's own page, where one pays"
        stranger = status(url.split('?')[0])
        assert name not in stranger[2], 'the invoice needs its token'


def test_a_reply_pauses_what_is_automatic(lab, worker, smtp_sink):
    a_debtor(worker)
    worker.do('serve_replies')
    worker.do('cycle')
    worker.do('dispatch')
    worker.do('send_mails')
    [sent] = smtp_sink.messages

    reply = EmailMessage()
    reply['From'], reply['To'] = 'Ana <ana@example.com>', sent['Reply-To']
    reply['Subject'], reply['Message-Id'] = f'Re: {sent["Subject"]}', '<reply@example.com>'
    reply['References'] = reply['In-Reply-To'] = sent['Message-Id']
    reply.set_content('Pago el viernes.')
    assert worker.do('receive', source=reply.as_string())

    assert lab.query(CASE) == [(True, True)]
    assert lab.states() == {'ana': 'replied'}
    assert lab.query(CONTACTS) == [('out', 'email'), ('in', 'email')]
    assert worker.do('cycle') == ['done', 0]


def test_a_payment_that_comes_first_stops_the_message(lab, worker, smtp_sink):
    invoice = a_debtor(worker)
    worker.do('cycle')
    worker.do('pay', invoice=invoice)
    worker.do('dispatch')
    worker.do('send_mails')
    assert not smtp_sink.messages
    assert lab.states() == {'ana': 'cancelled'}
    assert lab.query(REASON) == [('settled',)]
