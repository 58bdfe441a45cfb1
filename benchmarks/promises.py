"""What judging promises costs: every live promise of a big portfolio, and a payment of an item that is promised."""

import dataclasses

from . import prepare
from .child import call
from .measure import Meter, best_of
from .ours import install, set_up
from .payments import pay_once

PROMISES, PAYMENTS = 50_000, 15
#: One in so many has its last day yesterday; the rest are spread over the next weeks.
DUE_EVERY, WEEKS = 50, 6


def measure(book_name, database):
    """Return the rows of the results for one book: {measure: Figure}."""
    copy = install(database, f'promises_{book_name}')
    figures = call(measure_judging, copy) | {
        'promises: register a payment of a promised item': call(measure_payment, copy)
    }
    prepare.drop_copy(copy)
    return figures


def measure_judging(env):
    """Measure the night after a day without nights (payments came, days passed), and a night without news."""
    companies = set_up(env)
    for company in companies:
        env['cobranza.run']._run(company)
    _promise(env)
    env.cr.commit()
    env.cr.execute('ANALYZE')
    figures = {
        'promises: judge 50 000 open ones': _measure_judge(env, companies),
        'promises: judge them again, nothing new': _measure_judge(env, companies),
    }
    return {name: dataclasses.asdict(figure) for name, figure in figures.items()}


def _promise(env):
    """Write promises of the debtors over their items, open or paid, as many over each debtor as it takes."""
    env.cr.execute(
        """
        WITH item AS (
            SELECT line.id AS line_id, debtor.id AS case_id, line.company_id, line.partner_id, line.currency_id,
                   line.amount_currency AS amount, line.date AS issued,
                   ROW_NUMBER() OVER (ORDER BY line.id) - 1 AS place, COUNT(*) OVER () AS total
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
              JOIN cobranza_case debtor ON debtor.company_id = line.company_id AND debtor.partner_id = line.partner_id
             WHERE account.account_type = 'asset_receivable' AND line.balance > 0 AND line.parent_state = 'posted'
               AND line.date > CURRENT_DATE - 200
        ), given AS (
            SELECT number, number %% %(every)s = 0 AS due, item.*
              FROM GENERATE_SERIES(1, %(promises)s) AS number
              JOIN item ON item.place = number %% item.total
        ), written AS (
            INSERT INTO cobranza_promise (case_id, company_id, partner_id, currency_id, amount, amount_company, date,
                   deadline, grace_days, taken_on, state, source, user_id, create_date, write_date)
            SELECT case_id, company_id, partner_id, currency_id, amount, amount, day, day + 2, 2,
                   issued, 'open', 'collector', 2, NOW(), NOW()
              FROM (SELECT *, CASE WHEN due THEN CURRENT_DATE - 3
                                   ELSE CURRENT_DATE + number %% (7 * %(weeks)s) END AS day
                      FROM given ORDER BY number) promise
            RETURNING id
        ), numbered AS (
            SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS number FROM written
        )
        INSERT INTO cobranza_promise_item_rel (promise_id, line_id)
        SELECT numbered.id, given.line_id FROM numbered JOIN given USING (number)
        """,
        {'every': DUE_EVERY, 'promises': PROMISES, 'weeks': WEEKS},
    )
    env.invalidate_all()


def _measure_judge(env, companies):
    env['cobranza.run']._tune_planner()  # as a night does
    with Meter() as meter:
        env['cobranza.promise']._judge(companies)
        env.flush_all()
        meter.done = PROMISES
    return meter.figure


def measure_payment(env):
    """Measure Odoo's register-payment wizard on an invoice whose item is promised."""
    env = env(context={'allowed_company_ids': [1]})
    live = [('state', '=', 'open'), ('company_id', '=', 1)]
    promised = (
        env['cobranza.promise']
        .search(live)
        .line_ids.move_id.filtered(
            lambda move: move.payment_state == 'not_paid' and move.move_type == 'out_invoice'
        )
    )
    invoices = iter(promised[: PAYMENTS + 1].ids)
    pay_once(env.registry, next(invoices))
    return dataclasses.asdict(best_of(PAYMENTS, lambda: pay_once(env.registry, next(invoices))))
