"""The mail server that the demo and the fault tests deliver to."""

import re
import smtplib
import time
from email.message import EmailMessage

import pytest


def send(sink, recipient='ana@example.com', subject='Recordatorio de pago'):
    message = EmailMessage()
    message['From'], message['To'], message['Subject'] = 'x@example.com', recipient, subject
    message.set_content('Cuota <3> vencida')
    with smtplib.SMTP('127.0.0.1', sink.port, timeout=5) as connection:
        connection.send_message(message)


def test_it_keeps_every_message_where_a_person_can_open_it(smtp_sink):
    send(smtp_sink)
    send(smtp_sink, 'luis@example.com', 'Año & más')
    assert [message['X-Envelope-To'] for message in smtp_sink.messages] == [
        'ana@example.com',
        'luis@example.com',
    ]
    index = (smtp_sink.folder / 'index.html').read_text(encoding='utf-8')
    assert '2 messages' in index
    assert 'Año &amp; más' in index
    for page in re.findall(r'href="(\d+\.\w+)"', index):
        assert (smtp_sink.folder / page).exists()
    assert '&lt;3&gt;' in (smtp_sink.folder / '0001.html').read_text(encoding='utf-8')


@pytest.mark.parametrize(('fault', 'code'), [('refuse', 550), ('defer', 451)])
def test_it_refuses_the_recipients_it_is_told_to(smtp_sink, fault, code):
    setattr(smtp_sink.faults, fault, r'^ana@')
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        send(smtp_sink)
    assert refusal.value.recipients['ana@example.com'][0] == code
    send(smtp_sink, 'luis@example.com')
    assert len(smtp_sink.messages) == 1


def test_it_drops_the_connection_in_the_middle_of_a_message(smtp_sink):
    smtp_sink.faults.drop = True
    with pytest.raises((smtplib.SMTPException, ConnectionError)):
        send(smtp_sink)
    assert not smtp_sink.messages


def test_it_can_be_slow(smtp_sink):
    smtp_sink.faults.delay = 0.3
    start = time.monotonic()
    send(smtp_sink)
    assert time.monotonic() - start >= 0.3
    assert len(smtp_sink.messages) == 1
