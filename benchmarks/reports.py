"""Reports through the ORM: aging now and as of days past, months, dashboards, statements."""

import dataclasses
import datetime

from . import budgets, ours, prepare
from .child import call
from .measure import best_cold

REPEATS, DEBTORS = 3, 200
RATIOS = ['sales:sum', 'closing:sum', 'overdue:sum', 'dso:avg', 'cei:avg', 'delinquency:avg']
STATEMENTS = 'reports: statements as HTML'


def measure(book_name, database):
    """Return the rows of the results for one book: {measure: Figure}."""
    copy = ours.install(database, f'reports_{book_name}', [*ours.MODULES, 'cobranza_reports'])
    figures = call(measure_reports, copy)
    prepare.drop_copy(copy)
    return figures


def measure_reports(env):
    """Measure what pivots and dashboards ask for the morning after a cycle, both companies switched on."""
    companies = ours.set_up(env)
    for company in companies:
        env['cobranza.run']._run(company, env.cr.commit)
    env.cr.commit()
    ours.vacuum(env.cr.dbname)
    env = env(context={'allowed_company_ids': companies.ids})
    figures = {
        name: best_cold(env, function, 1)
        for name, function in _from_the_ledger(env, companies).items()
    }
    env['cobranza.report.month.kept']._cron_keep()
    env.cr.commit()
    calls = _reports(env, companies) | _dashboards(env)
    figures |= {name: best_cold(env, function, REPEATS) for name, function in calls.items()}
    statements = best_cold(env, _statements(env), REPEATS)
    figures[STATEMENTS] = dataclasses.replace(statements, done=DEBTORS)
    return {name: dataclasses.asdict(figure) for name, figure in figures.items()}


def _from_the_ledger(env, companies):
    """Return {measure: function} of months that nobody has kept: of whole companies, and by something of debtors."""
    month = env['cobranza.report.month']
    return {
        'reports: months, 36, nothing kept': lambda: month._read_months(companies.ids),
        'reports: months by salesperson': lambda: month._read_group(
            [], ['salesperson_id', 'month:month'], RATIOS
        ),
    }


def _reports(env, companies):
    """Return {measure: function} of what reports read."""
    aging, month = env['cobranza.report.aging'], env['cobranza.report.month']
    today = datetime.date.today()

    def age(days):
        asked = [('as_of', '=', today - datetime.timedelta(days=days))]
        return aging._read_group(asked, ['partner_id', 'aging_bucket_id'], ['amount:sum'])

    return {
        'reports: aging now': lambda: age(0),
        'reports: aging as of 90 days ago': lambda: age(90),
        'reports: aging as of 900 days ago': lambda: age(900),
        'reports: months, 36': lambda: month._read_months(companies.ids),
        'reports: months, pivot': lambda: month._read_group([], ['month:month'], RATIOS),
    }


def _dashboards(env):
    """Return {measure: function} of what opening each dashboard reads."""
    models = zip(budgets.DASHBOARDS, ('board', 'operations', 'team', 'strategy'), strict=True)
    return {
        f'dashboard: {name}': env[f'cobranza.report.{model}'].get_board for name, model in models
    }


def _statements(env):
    """Return a function that renders the statements of so many debtors as one page, for print or for mail."""
    cases = env['cobranza.case'].search([('amount_overdue', '>', 0)], limit=DEBTORS)
    report = env.ref('cobranza_reports.action_report_statement')
    return lambda: report._render_qweb_html(report.report_name, cases.ids)
