"""The alternative: one night of OCA's `account_credit_control` on the same book.

The add-on is AGPL: it is fetched into the user's cache when measured, runs in a database of its
own beside ours, and is neither copied nor shipped.
"""

import dataclasses
import datetime
import importlib.metadata
import sys

from dev.console import run, step
from dev.locks import build_once
from dev.paths import cache_dir

from . import prepare
from .child import call
from .measure import Figure, Meter

DISTRIBUTION = 'odoo-addon-account-credit-control'
MODULE = 'account_credit_control'


def measure(book_name, database):
    """Return the rows of the results for one book: {measure: Figure as a dict}."""
    return run_beside(run_night, MODULE, [DISTRIBUTION], book_name, database)


def run_beside(function, module, distributions, book_name, database):
    """Return what `function(env)` measures on a copy of a book with an add-on of the alternative.

    :param distributions: the add-on's, first, and those it needs
    """
    folder = fetch(module, distributions)
    addons = str(folder / 'odoo' / 'addons')
    copy = prepare.prepare_copy(database, f'{module}_{book_name}', [module], addons)
    try:
        with step(f'OCA {module} {get_version(folder, distributions[0])} on {book_name} (slow)'):
            return call(function, copy, addons_path=addons)
    finally:
        prepare.drop_copy(copy)


def fetch(module, distributions):
    """Return the folder that holds an add-on and what it needs, fetching them when they are missing."""

    def install(folder):
        command = [sys.executable, '-m', 'pip', 'install', '--no-deps', '--no-compile', '--target']
        problem = f'{distributions[0]} could not be fetched (no network?).'
        run([*command, folder, *distributions], problem)

    with step(f'Fetching {", ".join(distributions)}'):
        return build_once(cache_dir('bench') / module, install)


def get_version(folder, distribution):
    """Return the version of a fetched distribution, named as for pip."""
    name = distribution.partition('=')[0]
    return next(iter(importlib.metadata.distributions(name=name, path=[str(folder)]))).version


def run_night(env):
    """Measure a first night in each company, as its three parts add up.

    Lines are decided, then grouped into one communication per debtor, then written as mails
    without the PDF. Nothing is committed, so nothing is delivered.
    """
    env.ref(f'{MODULE}.email_template_credit_control_base').report_template_ids = False
    policy = env.ref(f'{MODULE}.credit_control_3_time')
    companies = env['res.company'].search([])
    companies.credit_policy_id = policy
    policy.account_ids = env['account.account'].search([('account_type', '=', 'asset_receivable')])
    # Letters would need the PDF.
    policy.level_ids.channel = 'email'
    env.flush_all()
    parts = [_run_company(env, company, policy) for company in companies]
    lines, communications, mails = (add(*figures) for figures in zip(*parts, strict=True))
    return {
        'OCA: lines': dataclasses.asdict(lines),
        'OCA: decided, one communication per debtor': dataclasses.asdict(
            add(lines, communications)
        ),
        'OCA: whole night, mails without PDF': dataclasses.asdict(
            add(lines, communications, mails)
        ),
    }


def _run_company(env, company, policy):
    """Return the figures of lines, communications and mails of one company."""
    env = env(context={'allowed_company_ids': company.ids, 'lang': 'es_ES'})
    night = env['credit.control.run'].create(
        {
            'date': datetime.date.today(),
            'policy_ids': [(6, 0, policy.ids)],
            'company_id': company.id,
        }
    )
    with Meter() as lines_meter:
        night.generate_credit_lines()
        env.flush_all()
    with Meter() as communications_meter:
        night.set_to_ready_lines()
        communications = env['credit.control.communication']._generate_comm_from_credit_lines(
            night.line_ids
        )
        env.flush_all()
    with Meter() as mails_meter:
        communications._generate_emails()
        env.flush_all()
    print(f'  {company.name}: {len(night.line_ids)} lines, {len(communications)} communications')
    return lines_meter.figure, communications_meter.figure, mails_meter.figure


def add(*figures):
    """Return what the figures cost one after the other."""
    return Figure(
        seconds=round(sum(figure.seconds for figure in figures), 2),
        statements=sum(figure.statements for figure in figures),
        megabytes=max(figure.megabytes for figure in figures),
    )
