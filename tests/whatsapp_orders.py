"""Orders about WhatsApp for the processes of the fault tests; see fault_worker.py."""

import json
import time

ORDERS = {}

TEXT = 'Hola {{1}}, le recordamos que debe {{2}} desde el {{3}}. Puede pagar aquí abajo.'
SOURCES = {'1': 'debtor_name', '2': 'amount', '3': 'oldest_due_date'}


def order(function):
    """Let the tests call `function` by its name."""
    ORDERS[function.__name__] = function
    return function


@order
def connect_whatsapp(env, url, rate=80, secret='app-secret'):
    """Connect the company's number to a Cloud API; give every debtor a telephone of their own."""
    company = env['res.company'].search([('cobranza_active', '=', True)], limit=1)
    account = env['cobranza.whatsapp.account'].create(
        {
            'name': 'Collections',
            'company_id': company.id,
            'phone_id': '100000000000001',
            'business_id': '200000000000002',
            'base_url': url,
            'token': 'token',
            'app_secret': secret,
            'rate': rate,
            'ask_tax_id': False,
        }
    )
    account.action_connect()
    step = env['cobranza.strategy.step.channel'].search([('channel', '=', 'whatsapp')], limit=1)
    for approved in account.template_ids:
        approved.template_id = step.template_id
        for variable in approved.variable_ids:
            button = 'button' in variable.place
            variable.source = 'pay_link' if button else SOURCES[variable.name]
    partners = env['res.partner'].search([('email', 'like', '@example.com'), ('ref', '=', False)])
    for number, partner in enumerate(partners):
        partner.phone = f'+57 300 {1000000 + number}'


@order
def tell_whatsapp(env, bodies):
    """Hand over webhooks as the server stores them; return how many events are new."""
    from odoo.addons.cobranza_whatsapp.tools import envelope

    signers = env['cobranza.whatsapp.account']._signing_numbers()
    Event = env['cobranza.whatsapp.event']
    return sum(Event._store(envelope.read(body.encode()), signers) for body in bodies)


@order
def wake_whatsapp(env):
    """Ask for the job that handles what WhatsApp told."""
    env.ref('cobranza_whatsapp.ir_cron_handle')._cobranza_wake()


@order
def wake_as_it_is_taken(env):
    """Ask for the job after a run that has ended took the request away, which this transaction does not see."""
    job = env.ref('cobranza_whatsapp.ir_cron_handle')
    env['ir.cron.trigger'].search_count([])
    with env.registry.cursor() as run:
        run.execute('DELETE FROM ir_cron_trigger WHERE cron_id = %s', [job.id])
    job._cobranza_wake()


@order
def handle_whatsapp(env):
    """Handle what WhatsApp told, committing as the scheduled action does."""
    env['cobranza.whatsapp.event']._cron_handle()


@order
def handle_without_commit(env):
    """Handle what WhatsApp told in one transaction: its end is the test's business."""
    for event in env['cobranza.whatsapp.event']._claim(100):
        event._handle()
    env.flush_all()


@order
def send_whatsapp(env):
    """Send the answers that wait, committing as the scheduled action does."""
    env['cobranza.whatsapp.message']._cron_send()


@order
def timed_dispatch(env, **options):
    """Send what is due; return the seconds it took."""
    start = time.monotonic()
    env['cobranza.reminder']._cron_dispatch(**options)
    return time.monotonic() - start


@order
def whatsapp_log(env):
    """Return [state, error] of every message that went out, as JSON can hold it."""
    messages = env['cobranza.whatsapp.message'].search([('direction', '=', 'out')])
    return json.loads(json.dumps([[m.state, m.error] for m in messages]))
