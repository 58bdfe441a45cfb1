"""Texts by Twilio, Odoo's other carrier: installed beside the add-ons, asked, answering and reporting later."""

TAKEN = (201, {'sid': 'SM0', 'status': 'queued'})
REFUSED = (400, {'code': 21211, 'message': 'not a number'})


def test_twilio_carries_texts_and_what_it_cannot_deliver_goes_another_way(lab):
    first = lab.worker()
    people = ['ana', 'bea', 'eva']
    first.do('make_book', debtors=people, channels=['sms', 'email'], phone='+57 300 123 4567')
    first.do('install', module='sms_twilio')
    worker = lab.worker()
    worker.do('use_twilio')
    worker.do('cycle')
    worker.do('dispatch')
    asked = worker.do('carry_texts', answers=[TAKEN, TAKEN, REFUSED])
    assert {(one['To'], one['From']) for one in asked} == {('+573001234567', '+12025550100')}
    texts = [one['StatusCallback'].rpartition('/sms_twilio/status/')[2] for one in asked]
    assert worker.do('texts_left') == 0, 'what is refused at once may not be sent by hand either'
    worker.do('dispatch')
    assert _messages(lab) == ['email sent', 'sms sent', 'sms sent']
    worker.do('twilio_reports', text=texts[0], status='sent')
    worker.do('twilio_reports', text=texts[0], status='delivered')
    worker.do('twilio_reports', text=texts[1], status='undelivered', code='30003')
    worker.do('dispatch')
    assert _messages(lab) == ['email sent', 'email sent', 'sms delivered']


def _messages(lab):
    return sorted(
        f'{row[0]} {row[1]}' for row in lab.query('SELECT channel, state FROM cobranza_reminder')
    )
