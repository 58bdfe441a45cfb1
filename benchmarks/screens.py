"""Server time of the screens people wait for: the board, a big case, the open items by bucket."""

import dataclasses

from lxml import etree

from . import prepare
from .child import call
from .measure import best_cold
from .ours import install, set_up

CARDS, ITEMS, REPEATS = 80, 500, 3


def measure(book_name, database):
    """Return the rows of the results for one book: {measure: Figure}."""
    copy = install(database, f'screen_{book_name}')
    figures = call(measure_screens, copy)
    prepare.drop_copy(copy)
    return figures


def measure_screens(env):
    """Measure what the web client asks for when it opens each screen, its caches warm."""
    companies = set_up(env)
    debtor_id = _make_big_debtor(env)
    for company in companies:
        env['cobranza.run']._run(company)
    env.cr.execute('ANALYZE')
    env = env(
        user=env.ref('base.user_admin'), context={'allowed_company_ids': [1], 'lang': 'es_419'}
    )
    screens = {
        'screen: board of 80 cards': _board(env),
        'screen: case with 500 open items': _big_case(env, debtor_id),
        'screen: open items by bucket': _buckets(env),
    }
    return {
        name: dataclasses.asdict(best_cold(env, function, REPEATS))
        for name, function in screens.items()
    }


def _make_big_debtor(env):
    """Give the items of five hundred open invoices to one debtor and return its id."""
    env.cr.execute(
        """
        WITH chosen AS (
            SELECT id FROM account_move
             WHERE move_type = 'out_invoice' AND payment_state = 'not_paid' AND company_id = 1
               AND id NOT IN (SELECT move_id FROM account_move_line WHERE date_maturity IS NOT NULL
                               GROUP BY move_id HAVING COUNT(*) > 1)
             ORDER BY id LIMIT %s),
        debtor AS (SELECT MIN(partner_id) AS id FROM account_move WHERE id IN (SELECT id FROM chosen)),
        moved AS (
            UPDATE account_move SET partner_id = debtor.id, commercial_partner_id = debtor.id
              FROM debtor WHERE account_move.id IN (SELECT id FROM chosen))
        UPDATE account_move_line SET partner_id = debtor.id
          FROM debtor WHERE move_id IN (SELECT id FROM chosen) RETURNING debtor.id
        """,
        [ITEMS],
    )
    return env.cr.fetchone()[0]


def _specification(env, model, view_type):
    """Return the web_read specification of a view, lists inside it included, as the web client builds it."""
    arch = etree.fromstring(env[model].get_view(view_type=view_type)['arch'])
    return _specification_of(env, model, arch)


def _specification_of(env, model, arch):
    nodes = {node.get('name'): node for node in _own_fields(arch)}
    fields = env[model].fields_get(nodes, ['type', 'relation'])
    specification = {}
    for name, field in fields.items():
        inner = nodes[name].find('list')
        if field['type'] == 'many2one':
            specification[name] = {'fields': {'display_name': {}}}
        elif field['type'] in ('one2many', 'many2many') and inner is not None:
            specification[name] = {
                'fields': _specification_of(env, field['relation'], inner),
                'limit': int(inner.get('limit', 40)),
            }
        else:
            specification[name] = {}
    return specification


def _own_fields(arch):
    """Return the fields of a view that are not those of a list inside it."""
    return [
        node
        for node in arch.iter('field')
        if not any(parent.tag == 'field' for parent in _parents_below(node, arch))
    ]


def _parents_below(node, arch):
    for parent in node.iterancestors():
        if parent is arch:
            return
        yield parent


def _board(env):
    Case = env['cobranza.case']
    specification = _specification(env, 'cobranza.case', 'kanban')
    domain = [('state', '=', 'open'), ('amount_overdue', '>', 0)]
    return lambda: Case.web_search_read(domain, specification, limit=CARDS)


def _big_case(env, debtor_id):
    """Open the form of the debtor with five hundred open items."""
    case = env['cobranza.case'].search(
        [('partner_id', '=', debtor_id), ('company_id', '=', 1)], limit=1
    )
    assert case.item_count >= ITEMS, case.item_count
    specification = _specification(env, 'cobranza.case', 'form')
    return lambda: case.web_read(specification)


def _buckets(env):
    Line = env['account.move.line']
    return lambda: Line.formatted_read_group(
        list(Line._open_item_domain()), ['aging_bucket_id'], ['amount_residual:sum', '__count']
    )
