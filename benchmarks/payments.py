"""What the add-on costs accounting: one payment, a thousand invoices, with and without it."""

import dataclasses

from odoo import api

from . import prepare
from .child import call
from .measure import Meter, best_of
from .ours import install, set_up, vacuum

#: Payments are registered by turns, each process having its own luck with memory; the best counts.
INVOICES, REPEATS, TURNS = 1000, 15, 3


def measure(book_name, database):
    """Return the rows of the results for one book: {measure: Figure}."""
    without = prepare.prepare_copy(database, f'plain_{book_name}')
    with_addon = install(database, f'pay_{book_name}')
    call(prepare_cases, with_addon)
    for copy in (without, with_addon):
        vacuum(copy)
    payments = [
        (call(measure_payment, without), call(measure_payment, with_addon))
        for _turn in range(TURNS)
    ]
    plain, ours = (
        min(figures, key=lambda figure: figure['seconds'])
        for figures in zip(*payments, strict=True)
    )
    figures = {
        'payment: register one, without': plain,
        'payment: register one, with the add-on': ours,
        'posting: 1 000 invoices, without': call(measure_posting, without),
        'posting: 1 000 invoices, with the add-on': call(measure_posting, with_addon),
    }
    for copy in (without, with_addon):
        prepare.drop_copy(copy)
    return figures


def prepare_cases(env):
    """Give every debtor its case and commit."""
    for company in set_up(env):
        env['cobranza.run']._run(company)
    env.cr.commit()


def measure_payment(env):
    """Measure Odoo's register-payment wizard on one invoice of a debtor with several.

    Each in a transaction of its own, as people do it: what one leaves in memory is not the next one's burden.
    """
    invoices = iter(
        env['account.move'].search(_open_invoices(), limit=REPEATS + 2, order='id desc').ids
    )
    for _warm in range(2):
        _measure_pay(env, next(invoices))
    return dataclasses.asdict(best_of(REPEATS, lambda: _measure_pay(env, next(invoices))))


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
    """Measure the posting of a thousand drafts of as many debtors."""
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
    return dataclasses.asdict(meter.figure)
