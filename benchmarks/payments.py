"""What the add-on costs accounting: one payment, a thousand invoices, with and without it."""

import dataclasses
import statistics

from odoo import api

from . import prepare
from .child import call
from .measure import Figure, Meter
from .ours import install, set_up, vacuum

INVOICES, REPEATS = 1000, 15

#: Turns of the databases: as many as make a slow minute of the machine harmless.
PAYING_TURNS, POSTING_TURNS = 6, 3


def measure(book_name, database):
    """Return the rows of the results for one book: {measure: Figure}."""
    without = prepare.prepare_copy(database, f'plain_{book_name}')
    with_addon = install(database, f'pay_{book_name}')
    call(prepare_cases, with_addon)
    for copy in (without, with_addon):
        vacuum(copy)
    names = {
        'payment: register one': _median_of_turns(
            PAYING_TURNS, measure_payments, without, with_addon
        ),
        'posting: 1 000 invoices': _median_of_turns(
            POSTING_TURNS, measure_posting, without, with_addon
        ),
    }
    figures = {
        f'{name}, {how}': dataclasses.asdict(figure)
        for name, pair in names.items()
        for how, figure in zip(('without', 'with the add-on'), pair, strict=True)
    }
    for copy in (without, with_addon):
        prepare.drop_copy(copy)
    return figures


def _median_of_turns(times, function, *databases):
    """Return a Figure for each database: of every thing done the best turn, of those the median.

    The databases take turns, so that a minute in which the machine is slow is everybody's; the things are the same.
    """
    turns = [[call(function, database) for database in databases] for _turn in range(times)]
    return [_get_median(list(zip(*mine, strict=True))) for mine in zip(*turns, strict=True)]


def _get_median(things):
    """Return the median Figure of things, each a sequence of dicts of which the fastest counts."""
    best = [min(turns, key=lambda figure: figure['seconds']) for turns in things]
    return Figure(
        seconds=round(statistics.median(figure['seconds'] for figure in best), 4),
        statements=statistics.median_low(figure['statements'] for figure in best),
        megabytes=max(figure['megabytes'] for figure in best),
    )


def prepare_cases(env):
    """Give every debtor its case and commit."""
    for company in set_up(env):
        env['cobranza.run']._run(company)
    env.cr.commit()


def measure_payments(env):
    """Measure Odoo's register-payment wizard on invoices of debtors with several: [a Figure as a dict].

    Each in a transaction of its own, as people do it: what one leaves in memory is not the next one's burden.
    """
    invoices = iter(
        env['account.move'].search(_open_invoices(), limit=REPEATS + 2, order='id desc').ids
    )
    for _warm in range(2):
        _measure_pay(env, next(invoices))
    return [dataclasses.asdict(_measure_pay(env, invoice)) for invoice in invoices]


def _open_invoices():
    return [
        ('move_type', '=', 'out_invoice'),
        ('payment_state', '=', 'not_paid'),
        ('company_id', '=', 1),
    ]


def _measure_pay(env, invoice_id):
    with env.registry.cursor() as cr:
        mine = api.Environment(cr, env.uid, {'allowed_company_ids': [1]})
        with Meter() as meter:
            _pay(mine, mine['account.move'].browse(invoice_id))
            mine.flush_all()
        cr.rollback()
    return meter.figure


def _pay(env, invoice):
    context = {'active_model': 'account.move', 'active_ids': invoice.ids}
    env['account.payment.register'].with_context(**context).create({})._create_payments()


def measure_posting(env):
    """Measure the posting of a thousand drafts of as many debtors; nothing is committed: [a Figure as a dict]."""
    env = env(context={'allowed_company_ids': [1]})
    partners = env['account.move'].search(_open_invoices(), limit=INVOICES).partner_id
    drafts = env['account.move'].create(
        [
            {
                'invoice_line_ids': [
                    (0, 0, {'name': 'Service', 'price_unit': 100.0, 'tax_ids': []})
                ],
                'move_type': 'out_invoice',
                'partner_id': partners[number % len(partners)].id,
            }
            for number in range(INVOICES)
        ]
    )
    env.flush_all()
    env.invalidate_all()
    with Meter() as meter:
        drafts.action_post()
        env.flush_all()
    return [dataclasses.asdict(meter.figure)]
