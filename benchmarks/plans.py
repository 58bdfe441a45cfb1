"""What payment plans cost the nightly judge: thousands that default in one night, and a night without news."""

import dataclasses

from . import prepare
from .child import call
from .measure import Meter
from .ours import install, set_up

PLANS, INSTALMENTS = 5_000, 6


def measure(book_name, database):
    """Return the rows of the results for one book: {measure: Figure}."""
    copy = install(database, f'plans_{book_name}')
    figures = call(measure_judging, copy)
    prepare.drop_copy(copy)
    return figures


def measure_judging(env):
    """Measure the night in which the second instalment of every plan is missed, and the one after it."""
    companies = set_up(env)
    for company in companies:
        env['cobranza.run']._run(company)
    _agree(env)
    env.cr.commit()
    env.cr.execute('ANALYZE')
    figures = {
        'plans: 5 000 default in one night': _measure_judge(env, companies),
        'plans: judge them again, nothing new': _measure_judge(env, companies),
    }
    return {name: dataclasses.asdict(figure) for name, figure in figures.items()}


def _agree(env):
    """Write plans in force over open items, one item each, with one instalment missed and the next one overdue."""
    env.cr.execute(
        """
        WITH item AS (
            SELECT line.id AS line_id, debtor.id AS case_id, line.company_id, line.partner_id, line.currency_id,
                   line.amount_residual_currency AS amount, ROW_NUMBER() OVER (ORDER BY line.id) - 1 AS place,
                   COUNT(*) OVER () AS total
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
              JOIN cobranza_case debtor ON debtor.company_id = line.company_id AND debtor.partner_id = line.partner_id
             WHERE account.account_type = 'asset_receivable' AND line.amount_residual_currency > 1
               AND line.parent_state = 'posted'
        ), given AS (
            SELECT 'BENCH/' || number AS name, item.*
              FROM GENERATE_SERIES(1, %(plans)s) AS number
              JOIN item ON item.place = number %% item.total
        ), agreed AS (
            INSERT INTO cobranza_plan (name, case_id, company_id, partner_id, currency_id, state, tolerance, grace_days,
                   count, frequency, first_date, interest, amount_items, amount_total, signed_on, user_id,
                   create_date, write_date)
            SELECT name, case_id, company_id, partner_id, currency_id, 'active', 1, 2, %(instalments)s, 'monthly',
                   CURRENT_DATE - 33, 'none', amount, amount, NOW() - INTERVAL '60 days', 2, NOW(), NOW()
              FROM given
            RETURNING id, name
        ), covered AS (
            INSERT INTO cobranza_plan_item_rel (plan_id, line_id)
            SELECT agreed.id, given.line_id FROM agreed JOIN given USING (name)
        ), written AS (
            INSERT INTO cobranza_promise (plan_id, plan_number, case_id, company_id, partner_id, currency_id, amount,
                   amount_company, date, deadline, grace_days, taken_on, state, source, user_id, create_date,
                   write_date)
            SELECT agreed.id, number, case_id, company_id, partner_id, currency_id, amount / %(instalments)s,
                   amount / %(instalments)s, CURRENT_DATE - 63 + 30 * number, CURRENT_DATE - 61 + 30 * number, 2,
                   CURRENT_DATE - 60, CASE WHEN number = 1 THEN 'broken' ELSE 'open' END, 'portal', 2, NOW(), NOW()
              FROM agreed JOIN given USING (name) CROSS JOIN GENERATE_SERIES(1, %(instalments)s) AS number
            RETURNING id, plan_id
        )
        INSERT INTO cobranza_promise_item_rel (promise_id, line_id)
        SELECT written.id, given.line_id
          FROM written JOIN agreed ON agreed.id = written.plan_id JOIN given USING (name)
        """,
        {'instalments': INSTALMENTS, 'plans': PLANS},
    )
    env.invalidate_all()


def _measure_judge(env, companies):
    def count():
        return env['cobranza.plan'].search_count([('state', '=', 'defaulted')])

    before = count()
    env['cobranza.run']._tune_planner()  # as a night does
    with Meter() as meter:
        env['cobranza.promise']._judge(companies)
        env.flush_all()
    return dataclasses.replace(meter.figure, done=count() - before)
