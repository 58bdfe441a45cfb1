"""The alternative's aged balance: OCA's `account_financial_report` on the same book, as its wizard asks for it.

AGPL, fetched when measured and run in a database of its own, as in `oca`.
"""

import dataclasses
import datetime

from dev.console import step

from . import budgets, oca, prepare
from .child import call
from .measure import Figure, Meter

MODULE = 'account_financial_report'
DISTRIBUTIONS = (
    'odoo-addon-account-financial-report==19.0.*',
    'odoo-addon-date-range==19.0.*',
    'odoo-addon-report-xlsx==19.0.*',
)


def measure(book_name, database):
    """Return the rows of the results for one book: {measure: Figure as a dict}."""
    folder = oca.fetch(MODULE, *DISTRIBUTIONS)
    addons = str(folder / 'odoo' / 'addons')
    copy = prepare.prepare_copy(database, f'oca_aged_{book_name}', [MODULE], addons)
    try:
        with step(f'OCA {MODULE}: aged balance of {book_name}'):
            return call(run_report, copy, addons_path=addons)
    finally:
        prepare.drop_copy(copy)


def run_report(env):
    """Measure the figures of the report, without page or file, of every company one after the other."""
    companies = env['res.company'].search([('chart_template', '!=', False)])
    figures = [_run_company(env, company) for company in companies]
    total = Figure(
        seconds=round(sum(figure.seconds for figure in figures), 3),
        statements=sum(figure.statements for figure in figures),
        megabytes=max(figure.megabytes for figure in figures),
    )
    return {budgets.OCA_AGED: dataclasses.asdict(total)}


def _run_company(env, company):
    env = env(context={'allowed_company_ids': company.ids})
    wizard = env['aged.partner.balance.report.wizard'].create(
        {'company_id': company.id, 'receivable_accounts_only': True}
    )
    wizard.onchange_type_accounts_only()
    data = wizard._prepare_report_data() | {'date_at': str(datetime.date.today())}
    report = env['report.account_financial_report.aged_partner_balance']
    env.flush_all()
    with Meter() as meter:
        report._get_report_values(wizard.ids, data)
    return meter.figure
