"""What the add-on costs accounting: one payment, a thousand invoices, with and without it.

The two databases are opened in one process and take turns document by document, so that a slow minute of the machine
is everybody's. Whichever is opened second is some 5 % slower, even when it is a copy of the first: both are opened
second once. Of every document the fastest turn counts; their mean compares each with itself, as a median would not.
"""

import dataclasses
import statistics

from odoo import api
from odoo.orm.registry import Registry

from . import prepare
from .child import call
from .measure import Figure, Meter
from .ours import install, set_up, vacuum

PAYMENTS, INVOICES, BATCH = 20, 1000, 100

#: How often each payment is made, and each batch posted, on each of the databases, in each of the two orders.
PAYING_TURNS, POSTING_TURNS = 6, 1


def measure(book_name, database):
    """Return the rows of the results for one book: {measure: Figure}."""
    without = prepare.prepare_copy(database, f'plain_{book_name}')
    with_addon = install(database, f'pay_{book_name}')
    call(prepare_cases, with_addon)
    for copy in (without, with_addon):
        vacuum(copy)
    copies = {'without': without, 'with the add-on': with_addon}
    figures = {
        f'payment: register one, {how}': _sum_up(best, statistics.fmean)
        for how, best in _measure_both_ways(measure_payments, copies).items()
    } | {
        f'posting: 1 000 invoices, {how}': _sum_up(best, sum)
        for how, best in _measure_both_ways(measure_posting, copies).items()
    }
    for copy in copies.values():
        prepare.drop_copy(copy)
    return figures


def _measure_both_ways(function, copies):
    """Return {name of the copy: best Figure of each thing}, either copy having been opened first."""
    (first, one), (second, other) = copies.items()
    there, back = call(function, one, other=other), call(function, other, other=one)
    return {
        first: _best_of_each(there[0], back[1]),
        second: _best_of_each(there[1], back[0]),
    }


def _best_of_each(*runs):
    return [
        Figure(**min(same, key=lambda figure: figure['seconds']))
        for same in zip(*runs, strict=True)
    ]


def prepare_cases(env):
    """Give every debtor its case and commit."""
    for company in set_up(env):
        env['cobranza.run']._run(company)
    env.cr.commit()


def measure_payments(env, other):
    """Measure Odoo's register-payment wizard on invoices, one by one: a list of Figures as dicts for each database.

    :param str other: the database that takes turns with that of `env`
    """
    invoices = env['account.move'].search(_open_invoices(), limit=PAYMENTS, order='id desc').ids
    return _take_turns(_pay, invoices, PAYING_TURNS, env.registry, Registry(other))


def measure_posting(env, other):
    """Measure the posting of drafts of as many debtors, batch by batch: a list of Figures as dicts for each database.

    :param str other: the database that takes turns with that of `env`
    """
    partners = env['account.move'].search(_open_invoices(), limit=INVOICES).partner_id.ids
    batches = [
        [partners[number % len(partners)] for number in range(start, start + BATCH)]
        for start in range(0, INVOICES, BATCH)
    ]
    return _take_turns(_post, batches, POSTING_TURNS, env.registry, Registry(other))


def pay_once(registry, invoice_id):
    """Return the Figure of registering the payment of one invoice, which is undone."""
    return _measure(_pay, invoice_id, registry)


def _open_invoices():
    return [
        ('move_type', '=', 'out_invoice'),
        ('payment_state', '=', 'not_paid'),
        ('company_id', '=', 1),
    ]


def _take_turns(function, things, times, *registries):
    """Return [best Figure of each thing, as a dict] for each registry; the first thing is done once to warm up."""
    for registry in registries:
        _measure(function, things[0], registry)
    best = [[] for _registry in registries]
    for thing in things:
        turns = [
            [_measure(function, thing, registry) for registry in registries]
            for _turn in range(times)
        ]
        for mine, figures in zip(best, zip(*turns, strict=True), strict=True):
            mine.append(dataclasses.asdict(min(figures, key=lambda figure: figure.seconds)))
    return best


def _measure(function, thing, registry):
    """Return the Figure of the Meter that the function yields to; each thing in a transaction that is undone.

    As people do it: what one leaves in memory is not the next one's burden.
    """
    with registry.cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {'allowed_company_ids': [1]})
        meter = function(env, thing)
        cr.rollback()
    return meter.figure


def _pay(env, invoice_id):
    context = {'active_model': 'account.move', 'active_ids': [invoice_id]}
    with Meter() as meter:
        wizard = env['account.payment.register'].with_context(**context).create({})
        wizard._create_payments()
        env.flush_all()
    return meter


def _post(env, partner_ids):
    drafts = env['account.move'].create(
        [
            {
                'invoice_line_ids': [
                    (0, 0, {'name': 'Service', 'price_unit': 100.0, 'tax_ids': []})
                ],
                'move_type': 'out_invoice',
                'partner_id': partner_id,
            }
            for partner_id in partner_ids
        ]
    )
    env.flush_all()
    env.invalidate_all()
    with Meter() as meter:
        drafts.action_post()
        env.flush_all()
    return meter


def _sum_up(figures, summary):
    """Return one Figure as a dict: seconds and statements by the summary, the peak of memory."""
    return dataclasses.asdict(
        Figure(
            seconds=round(summary(figure.seconds for figure in figures), 4),
            statements=round(summary(figure.statements for figure in figures)),
            megabytes=max(figure.megabytes for figure in figures),
        )
    )
