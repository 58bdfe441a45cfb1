"""WhatsApp: a queue that leaves at the speed of a number, and webhooks that come as fast as they do in a campaign."""

import dataclasses
import statistics
import subprocess
import time

from dev.odoo_env import odoo_command
from dev.ports import free_port
from dev.warm_up import answers
from dev.whatsapp_emulator import Emulator
from dev.whatsapp_traffic import post_evenly, sign_bodies

from . import prepare
from .child import call
from .measure import Figure, Meter
from .ours import MODULES, install, set_up

MESSAGES, RATE = 1000, 80
#: Three statuses come of each message.
EVENTS, EVENTS_PER_SECOND, WARM = 2000, 200, 100
SECRET = 'app-secret'
SITE = 'http://localhost:8069'
TEXT = 'Hola {{1}}, le recordamos que debe {{2}} desde el {{3}}. Puede pagar aquí abajo.'
BUTTONS = ({'type': 'URL', 'text': 'Pagar', 'url': f'{SITE}/c/{{{{1}}}}'},)
SOURCES = {'1': 'debtor_name', '2': 'amount', '3': 'oldest_due_date'}


def measure(book_name, database):
    """Return the rows of the results for one book: {measure: Figure}."""
    copy = install(database, f'whatsapp_{book_name}', [*MODULES, 'cobranza_whatsapp'])
    with Emulator(auto_status=(), app_secret=SECRET, rate=0) as cloud:
        cloud.add_template('aviso', 'es', TEXT, buttons=BUTTONS)
        call(fill_queue, copy, url=cloud.url)
        cost = call(dispatch, copy)
        moments = sorted(message.time for message in cloud.messages)
    sent = {'seconds': round(moments[-1] - moments[0], 4), 'done': len(moments) - 1}
    figures = {
        f'WhatsApp: {MESSAGES:,} sent at {RATE} a second': cost | sent,
        **measure_webhooks(copy),
    }
    prepare.drop_copy(copy)
    return figures


def fill_queue(env, url):
    """Connect a number, give every debtor a telephone, and decide; the longest due MESSAGES are left in the queue."""
    company, account = connect_number(env, url)
    template = env.ref('cobranza_management.strategy_generic').step_ids.channel_ids.template_id[:1]
    account.template_ids.template_id = template
    for variable in account.template_ids.variable_ids:
        button = variable.place.startswith('button')
        variable.source = 'pay_link' if button else SOURCES[variable.name]
    lines = env['cobranza.strategy.step.channel'].search([])
    steps = lines.step_id
    lines.unlink()
    lines.create(
        [{'channel': 'whatsapp', 'step_id': step.id, 'template_id': template.id} for step in steps]
    )
    env.flush_all()
    env.cr.execute(
        "UPDATE res_partner SET phone = '+57 300 ' || 1000000 + id, phone_sanitized = '+57300' || 1000000 + id"
    )
    env.invalidate_all()
    env['cobranza.run']._run(company, env.cr.commit)
    reminders = env['cobranza.reminder'].search([('state', '=', 'queued')], order='id')
    if len(reminders) < MESSAGES:
        raise ValueError(f'only {len(reminders)} messages are due')
    reminders[MESSAGES:].write({'state': 'cancelled'})
    env.cr.commit()


def connect_number(env, url):
    """Return the company and its number, connected."""
    company = set_up(env).sorted('id')[0]
    env['ir.config_parameter'].set_param('web.base.url', SITE)
    account = env['cobranza.whatsapp.account'].create(
        {
            'name': 'Collections',
            'app_secret': SECRET,
            'base_url': url,
            'business_id': '200000000000002',
            'company_id': company.id,
            'phone_id': '100000000000001',
            'rate': RATE,
            'token': 'token',
        }
    )
    account.action_connect()
    env.cr.commit()
    return company, account


def dispatch(env):
    """Measure what sending the queue costs; it commits as the scheduled action does."""
    with Meter() as meter:
        env['cobranza.reminder']._cron_dispatch()
    return dataclasses.asdict(meter.figure)


def measure_webhooks(database):
    """Measure webhooks at an even pace while the job handles them: how fast they are taken, how soon answered."""
    bodies = sign_bodies(EVENTS, SECRET)
    port = free_port()
    command = odoo_command('-d', database, '--http-port', port, '--workers', 2)
    command += ['--gevent-port', free_port(), '--max-cron-threads', 1, '--log-level', 'warn']
    with subprocess.Popen(list(map(str, command))) as server:
        try:
            while not answers(f'http://127.0.0.1:{port}'):
                time.sleep(0.2)
            post_evenly(port, bodies[:WARM], EVENTS_PER_SECOND)  # each process loads the registry
            waits, seconds = post_evenly(port, bodies[WARM:], EVENTS_PER_SECOND)
        finally:
            server.terminate()
    stored = call(count_events, database)
    if stored != EVENTS:
        raise ValueError(f'{stored} of {EVENTS} events were stored')
    return {
        f'WhatsApp: webhooks, {EVENTS_PER_SECOND} a second': dataclasses.asdict(
            Figure(round(seconds, 4), 0, 0, len(waits))
        ),
        'WhatsApp: a webhook is answered (median)': dataclasses.asdict(
            Figure(round(statistics.median(waits), 4), 0, 0)
        ),
    }


def count_events(env):
    """Return how many events are stored."""
    return env['cobranza.whatsapp.event'].search_count([])
