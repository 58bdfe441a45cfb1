"""The daily cycle before dispatch, and the whole night with its mails queued."""

import dataclasses

from . import budgets, prepare
from .child import call
from .measure import Figure, Meter
from .ours import install, set_up

#: First nights measured besides the one that its mails follow, each on a copy of its own: the best counts, as it does
#: for the floor.
TIMES = 2


def measure(book_name, database):
    """Return the rows of the results for one book: {measure: Figure}."""
    installed = install(database, f'installed_{book_name}')
    copies = (prepare.prepare_copy(installed, f'cycle_{book_name}') for _time in range(TIMES))
    firsts = [call(measure_first, copy) for copy in copies]
    copy = prepare.prepare_copy(installed, f'cycle_{book_name}')
    figures = call(measure_nights, copy)
    for done in (copy, installed):
        prepare.drop_copy(done)
    best = min([figures[budgets.CYCLE], *firsts], key=lambda figure: figure['seconds'])
    return {**figures, budgets.CYCLE: best}


def measure_first(env):
    """Measure the first night alone."""
    companies = set_up(env)
    _warm(env, companies)
    return dataclasses.asdict(_measure_cycle(env, companies))


def measure_nights(env):
    """Measure the first night (every case is new), the one after it, and the dispatch of the first."""
    companies = set_up(env)
    _warm(env, companies)
    first = _measure_cycle(env, companies)
    mails = _measure_dispatch(env)
    env.cr.execute("UPDATE cobranza_reminder SET date = date - 1 WHERE state != 'sent'")
    env.cr.execute("UPDATE cobranza_reminder SET date = date - 1 WHERE state = 'sent'")
    env.invalidate_all()
    second = _measure_cycle(env, companies)
    night = Figure(
        seconds=round(first.seconds + mails.seconds, 4),
        statements=first.statements + mails.statements,
        megabytes=max(first.megabytes, mails.megabytes),
        done=mails.done,
    )
    figures = {budgets.CYCLE: first, 'ours: the next daily cycle': second, budgets.NIGHT: night}
    return {name: dataclasses.asdict(figure) for name, figure in figures.items()}


def _warm(env, companies):
    """Read the ledger once: the server that this copy was made on has not seen it yet, the floor is read thrice."""
    for company in companies:
        env['account.move.line']._keep_netted_items(company)
        env['cobranza.case']._refresh_behaviour(company, None)


def _measure_cycle(env, companies):
    """Run the cycle of every company as the scheduled action does, commits included."""
    commit = env['ir.cron']._commit_progress
    with Meter() as meter:
        runs = env['cobranza.run'].union(*(env['cobranza.run']._run(c, commit) for c in companies))
        meter.done = sum(runs.mapped('reminder_count'))
    assert set(runs.mapped('state')) == {'done'}, runs.mapped('error')
    return meter.figure


def _measure_dispatch(env):
    """Queue every message, a batch at a time, as the cron does; commits into the working copy."""
    with Meter() as meter:
        env['cobranza.reminder']._cron_dispatch()
        meter.done = env['cobranza.reminder'].search_count([('state', '=', 'sent')])
    return meter.figure
