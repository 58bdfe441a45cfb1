"""Server time of the screens people wait for: the board, a big case, the open items by bucket."""

import dataclasses

from lxml import etree

from . import prepare
from .child import call
from .measure import Meter, best_of
from .ours import install, set_up

CARDS, REPEATS = 80, 3


def measure(book_name, database):
    """Return the rows of the results for one book: {measure: Figure}."""
    copy = install(database, f'screen_{book_name}')
    figures = call(measure_screens, copy)
    prepare.drop_copy(copy)
    return figures


def measure_screens(env):
    """Measure what the web client asks for when it opens each screen, its caches warm."""
    for company in set_up(env):
        env['cobranza.run']._run(company)
    env.cr.execute('ANALYZE')
    env = env(
        user=env.ref('base.user_admin'), context={'allowed_company_ids': [1], 'lang': 'es_419'}
    )
    screens = {
        'screen: board of 80 cards': _board(env),
        'screen: case with 500 open items': _big_case(env),
        'screen: open items by bucket': _buckets(env),
    }
    return {name: dataclasses.asdict(_measure(env, function)) for name, function in screens.items()}


def _measure(env, function):
    def run():
        env.invalidate_all()
        with Meter() as meter:
            function()
        return meter.figure

    run()
    return best_of(REPEATS, run)


def _specification(env, model, view_type):
    """Return the web_read specification of the fields of a view."""
    arch = etree.fromstring(env[model].get_view(view_type=view_type)['arch'])
    names = {node.get('name') for node in arch.iter('field') if not _is_nested(node)}
    fields = env[model].fields_get(names, ['type'])
    return {
        name: {'fields': {'display_name': {}}} if field['type'] == 'many2one' else {}
        for name, field in fields.items()
    }


def _is_nested(node):
    return any(parent.tag == 'field' for parent in node.iterancestors())


def _board(env):
    Case = env['cobranza.case']
    specification = _specification(env, 'cobranza.case', 'kanban')
    domain = [('state', '=', 'open'), ('amount_overdue', '>', 0)]
    return lambda: Case.web_search_read(domain, specification, limit=CARDS)


def _big_case(env):
    """Give the biggest debtor 500 open items in one case form."""
    case = env['cobranza.case'].search([], order='item_count desc', limit=1)
    specification = _specification(env, 'cobranza.case', 'form')
    specification['item_ids'] = {
        'fields': {'move_name': {}, 'date_maturity': {}, 'days_overdue': {}, 'amount_residual': {},
                   'amount_residual_currency': {}, 'aging_bucket_id': {'fields': {'display_name': {}}}},
        'limit': 500,
    }  # fmt: skip
    return lambda: case.web_read(specification)


def _buckets(env):
    Line = env['account.move.line']
    return lambda: Line.formatted_read_group(
        list(Line._open_item_domain()), ['aging_bucket_id'], ['amount_residual:sum', '__count']
    )
