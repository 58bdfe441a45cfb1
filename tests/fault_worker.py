"""One Odoo process of the fault tests: takes orders on its input, answers on its output.

An order is a line of JSON, {"name": a function below, "arguments": {…}, "hold": bool}; so is the
answer, {"result": …} or {"error": …}. With "hold" the process says {"holding": true} before it
commits and goes on at the next line, so that a test decides what happens in between.
"""

import base64
import itertools
import json
import os
import sys
import time
from pathlib import Path

import sms_orders
import whatsapp_orders

import odoo.tools
from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying

ORDERS = sms_orders.ORDERS | whatsapp_orders.ORDERS


def order(function):
    """Let the tests call `function` by its name."""
    ORDERS[function.__name__] = function
    return function


# === THE BOOK === #


@order
def make_book(env, debtors, channels=('email',), strategy=None, days=10, **values):
    """Commit a company that collects and debtors who each owe one overdue invoice.

    :param list[str] debtors: addresses before the @; `values` goes to the contacts
    """
    from odoo.addons.cobranza_management.tests.common import CobranzaCommon

    class Book(CobranzaCommon):
        """The factories of the add-on's own tests, on data that is committed."""

    Book.env = env(context={**env.context, 'tracking_disable': True})
    Book.usd = Book._currency('USD')
    Book.company = Book._company('Andina', 'CO', Book.usd)
    env.user.company_id = Book.company
    if strategy:
        Book.company.cobranza_strategy_id = env.ref(strategy)
    else:
        Book.template = Book._template()
        Book._strategy({5: {'channels': channels}})
    # the clock is real, and it may be night
    env['cobranza.contact.rule'].search([]).active = False
    env['cobranza.segment'].search([]).active = False
    invoices = [
        Book._invoice(Book._debtor(name, **values), 100 + number, days_overdue=days)
        for number, name in enumerate(debtors)
    ]
    return [invoice.id for invoice in invoices]


@order
def pay(env, invoice):
    """Register and reconcile the payment of an invoice."""
    company = env['account.move'].browse(invoice).company_id
    wizard = env['account.payment.register'].with_company(company)
    wizard.with_context(active_model='account.move', active_ids=[invoice]).create(
        {'payment_date': fields.Date.today()}
    )._create_payments()


@order
def prepare_plan(env, invoice):
    """Draft a plan in which the debtor of an invoice pays it in three instalments; return its id."""
    move = env['account.move'].browse(invoice)
    case = env['cobranza.case']._get_or_create(move.partner_id, move.company_id)
    values = {'interest': 'flat', 'interest_rate': 10, 'down_payment': 20}
    return case._prepare_plan(values).id


@order
def offer_plan(env, invoice, plan=None):
    """Offer a draft, a new one by default, to the debtor of an invoice; return its id."""
    plan = plan or prepare_plan(env, invoice)
    env['cobranza.plan'].browse(plan).action_offer()
    return plan


@order
def accept_plan(env, plan, who):
    """Sign an offered plan; return whether this was the one that put it into force."""
    return env['cobranza.plan'].browse(plan)._accept({'signed_by': who})


@order
def attempt(env, what, **arguments):
    """Carry out an order; return what it says when it refuses."""
    try:
        with env.cr.savepoint():
            return ORDERS[what](env, **arguments)
    except UserError as error:
        return str(error)


# === THE DAY === #


@order
def cycle(env):
    """Run the daily cycle; return its state and how many messages it decided."""
    run = env['cobranza.run']._run(_company(env))
    return [run.state, run.reminder_count]


@order
def dispatch(env, **options):
    """Send what is due, committing as the scheduled action does."""
    env['cobranza.reminder']._cron_dispatch(**options)


@order
def send_mails(env):
    """Empty the mail queue as its scheduled action does."""
    env['mail.mail'].process_email_queue()


@order
def receive(env, source):
    """Take in an e-mail as the mail gateway does."""
    return env['mail.thread'].message_process(None, source)


@order
def set_parameters(env, **parameters):
    """Set system parameters whose dots are written as underscores twice."""
    for name, value in parameters.items():
        env['ir.config_parameter'].set_param(name.replace('__', '.'), value)


@order
def serve_replies(env):
    """Give the company the domain and catch-all that replies come back through."""
    domain = env['mail.alias.domain'].create({'name': 'andina.example.com'})
    _company(env).alias_domain_id = domain


# === THE WORKBENCH === #


@order
def make_cases(env):
    """Give every debtor their case, a telephone, and no strategy in the way."""
    company = _company(env)
    env['cobranza.case']._create_missing(company)
    env['cobranza.case'].search([]).partner_id.phone = '+57 300 111 2233'


@order
def make_collector(env, login):
    """Make a collector of the company."""
    company = _company(env)
    env['res.users'].with_context(no_reset_password=True).create(
        {
            'name': login,
            'login': login,
            'email': f'{login}@example.com',
            'company_id': company.id,
            'company_ids': [(6, 0, company.ids)],
            'group_ids': [(4, env.ref('cobranza_management.group_collector').id)],
        }
    )


@order
def next_case(env, login):
    """Take the next debtor; return their name."""
    answer = _workbench(env, login).next_case()
    return answer.get('name') or answer['message']


@order
def open_case(env, login, case):
    """Open a case; return the debtor's name or who has it."""
    answer = _workbench(env, login).open_case(case)
    return f'busy: {answer["busy"]}' if 'busy' in answer else answer['name']


@order
def release_all(env, login):
    """Give everything back."""
    _workbench(env, login).release(env['cobranza.case'].search([]).ids)


def _workbench(env, login):
    user = env['res.users'].search([('login', '=', login)])
    return env(user=user, context={'allowed_company_ids': user.company_ids.ids})[
        'cobranza.workbench'
    ]


# === THE BOOKS === #


@order
def propose_writeoff(env, invoice):
    """Let the administrator propose to write an invoice off; return the proposal."""
    company = _company(env)
    account = env['account.account'].with_company(company)
    company.write(
        {
            'cobranza_writeoff_account_id': account.search(
                [('account_type', '=', 'expense'), ('company_ids', 'in', company.ids)], limit=1
            ).id,
            'cobranza_writeoff_journal_id': _general_journal(env).id,
            'cobranza_writeoff_limit': 10000,
        }
    )
    move = env['account.move'].browse(invoice)
    item = move.line_ids.filtered(lambda line: line.account_id.account_type == 'asset_receivable')
    case = env['cobranza.case']._get_or_create(move.commercial_partner_id, company)
    writeoff = case._propose_writeoff(
        {item: item.amount_residual}, {'reason': 'other', 'note': 'Gone'}
    )
    writeoff.user_id = env.ref('base.user_admin')
    return writeoff.id


@order
def approve_writeoff(env, writeoff):
    """Approve and book a write-off; tell whether it was taken or refused."""
    try:
        env['cobranza.writeoff'].browse(writeoff).action_approve()
    except UserError:
        return 'refused'
    return 'booked'


@order
def import_portfolio(env, lines):
    """Import documents of a file; return the state of each row."""
    company = _company(env)
    account = env['account.account'].search(
        [('account_type', '=', 'income'), ('company_ids', 'in', company.ids)], limit=1
    )
    imported = env['cobranza.import'].create(
        {
            'account_id': account.id,
            'company_id': company.id,
            'file': base64.b64encode('\n'.join(lines).encode()),
            'journal_id': _general_journal(env).id,
        }
    )
    imported.action_read()
    imported.action_check()
    imported.action_book()
    return imported.row_ids.mapped('state')


def _general_journal(env):
    return env['account.journal'].search(
        [('type', '=', 'general'), ('company_id', '=', _company(env).id)], limit=1
    )


@order
def take_back(env, invoice):
    """Take a posted invoice back to draft."""
    env['account.move'].browse(invoice).button_draft()
    env.flush_all()


@order
def keep_months(env):
    """Keep the months that are over, as they can be seen now."""
    env['cobranza.report.month.kept']._keep(_company(env))


@order
def read_months(env):
    """Return what was open at the end of last month, and whether that is what was kept."""
    Kept, company = env['cobranza.report.month.kept'], _company(env)
    rows = env['cobranza.report.month']._read_months(company.ids)
    return [rows[-2]['closing'], Kept._holds(company.ids, *Kept._span())]


# === FAULTS === #


@order
def slow_batches(env, seconds):
    """Let each batch last a little, so that two dispatchers meet."""
    reminders = type(env['cobranza.reminder'])
    original = reminders._dispatch

    def _dispatch(self, under_way):
        time.sleep(seconds)
        return original(self, under_way)

    reminders._dispatch = _dispatch


@order
def use_provider(env, ledger, hang_at=0, until=''):
    """Replace e-mail by a provider outside the database, which notes each address it was given.

    :param hang_at: the letter, counted from 1, that it does not answer until the file `until` exists
    """
    channel = type(env['cobranza.channel.email'])
    number = itertools.count(1)

    def _deliver(self, letters):
        for letter in letters:
            with open(ledger, 'a', encoding='utf-8') as book:
                book.write(f'{letter.address}\n')
            hangs = next(number) == hang_at
            while hangs and not Path(until).is_file():
                time.sleep(0.02)
        return {letter.reminder: {'external_id': letter.address} for letter in letters}

    channel._transactional, channel._deliver = False, _deliver


@order
def hang_after_mails(env, sign):
    """Never come back once the mails of a batch are written, and leave a sign of it."""
    channel = type(env['cobranza.channel.email'])
    original = channel._deliver

    def _deliver(self, letters):
        original(self, letters)
        self.env.flush_all()
        Path(sign).touch()
        time.sleep(600)

    channel._deliver = _deliver


def _company(env):
    return env['res.company'].search([('cobranza_active', '=', True)], limit=1)


# === THE PROCESS === #


def _say(**answer):
    print(json.dumps(answer), flush=True)


def _carry_out(registry, name, arguments, hold=False):
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})

        def work():
            result = ORDERS[name](env, **arguments)
            if hold:
                env.flush_all()
                _say(holding=True)
                sys.stdin.readline()
            return result

        return retrying(work, env)  # commits


def main(database, *options):
    """Carry out the orders until the input ends."""
    odoo.tools.config.parse_config(['-d', database, '--log-level=warn', *options])
    odoo.tools.config['email_from'] = 'cobros@example.com'
    registry = Registry(database)
    _say(ready=os.getpid())
    for line in iter(sys.stdin.readline, ''):
        try:
            _say(result=_carry_out(registry, **json.loads(line)))
        except Exception as error:
            _say(error=f'{type(error).__name__}: {error}')


if __name__ == '__main__':
    main(*sys.argv[1:])
