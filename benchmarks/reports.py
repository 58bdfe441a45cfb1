"""Reports through the ORM: aging now and as of days past, months, the dashboard."""

import dataclasses
import datetime

from . import ours, prepare
from .child import call
from .measure import best_cold

REPEATS = 3


def measure(book_name, database):
    """Return the rows of the results for one book: {measure: Figure}."""
    copy = ours.install(database, f'reports_{book_name}', [*ours.MODULES, 'cobranza_reports'])
    figures = call(measure_reports, copy)
    prepare.drop_copy(copy)
    return figures


def measure_reports(env):
    """Measure what pivots and the dashboard ask for, both companies switched on."""
    companies = ours.set_up(env)
    env = env(context={'allowed_company_ids': companies.ids})
    aging, board = env['cobranza.report.aging'], env['cobranza.report.board']
    today = datetime.date.today()

    def age(days):
        asked = [('as_of', '=', today - datetime.timedelta(days=days))]
        return aging._read_group(asked, ['partner_id', 'aging_bucket_id'], ['amount:sum'])

    calls = {
        'reports: aging now': lambda: age(0),
        'reports: aging as of 90 days ago': lambda: age(90),
        'reports: aging as of 900 days ago': lambda: age(900),
        'reports: months, 36': lambda: env['cobranza.report.month']._read_months(companies.ids),
        'reports: dashboard': board.get_board,
    }
    return {
        name: dataclasses.asdict(best_cold(env, function, REPEATS))
        for name, function in calls.items()
    }
