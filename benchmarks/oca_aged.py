"""The alternative's aged balance: OCA's `account_financial_report` on the same book, as its wizard asks for it.

AGPL, fetched when measured and run in a database of its own, as in `oca`.
"""

import dataclasses
import datetime

from . import budgets, oca
from .measure import Meter

MODULE = 'account_financial_report'
DISTRIBUTIONS = (
    'odoo-addon-account-financial-report==19.0.*',
    'odoo-addon-date-range==19.0.*',
    'odoo-addon-report-xlsx==19.0.*',
)


def measure(book_name, database):
    """Return the rows of the results for one book: {measure: Figure as a dict}."""
    return oca.run_beside(run_report, MODULE, DISTRIBUTIONS, book_name, database)


def run_report(env):
    """Measure the figures of the report, without page or file, of every company one after the other."""
    companies = env['res.company'].search([('chart_template', '!=', False)])
    figures = [_run_company(env, company) for company in companies]
    return {budgets.OCA_AGED: dataclasses.asdict(oca.add(*figures))}


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
