"""Server time of the workbench: the queue, the next debtor, one with 500 open items, an outcome."""

import dataclasses
import datetime

from . import prepare
from .child import call
from .measure import best_cold, of_hundred_cold, once_cold
from .ours import install, set_up, vacuum

ITEMS, REPEATS = 500, 5
#: Debtors above the next one who may not be contacted.
REFUSED = 300


def measure(book_name, database):
    """Return the rows of the results for one book: {measure: Figure}."""
    copy = install(database, f'bench_{book_name}')
    figures = call(measure_workbench, copy)
    prepare.drop_copy(copy)
    return figures


def measure_workbench(env):
    """Measure what the web client asks for, its caches warm; nobody waits, which is the longest queue."""
    companies = set_up(env)
    debtor = _big_debtor(env(context={'allowed_company_ids': [1]}))
    for company in companies:
        env['cobranza.run']._run(company, env.cr.commit)
    case = env['cobranza.case'].search(
        [('partner_id', '=', debtor.id), ('company_id', '=', 1)], limit=1
    )
    case._leave_queue(None, callback=datetime.datetime.now() - datetime.timedelta(hours=1))
    env.cr.commit()
    vacuum(env.cr.dbname)  # the morning after the cycle
    env = env(
        user=env.ref('base.user_admin'),
        context={'allowed_company_ids': [1], 'lang': 'es_419', 'tz': 'America/Bogota'},
    )
    bench = env['cobranza.workbench']
    found = bench.next_case()
    if found.get('id') != case.id or found['item_total'] < ITEMS:
        raise ValueError(f'the next debtor is not the big one: {found.get("name")}')
    note = env.ref('cobranza_management.outcome_other').id
    calls = {
        'workbench: queue of 40': bench.get_queue,
        'workbench: next, 500 open items': bench.next_case,
        'workbench: next, any debtor': lambda: bench.next_case(case.id),
        'workbench: open, 500 open items': lambda: bench.open_case(case.id),
        'workbench: outcome recorded': lambda: _record(bench, case, note),
    }
    figures = {name: best_cold(env, function, REPEATS) for name, function in calls.items()}
    figures |= _measure_collector(env, case)
    return {name: dataclasses.asdict(figure) for name, figure in figures.items()}


def _measure_collector(env, case):
    """Measure a collector who has every debtor: a hundred times, and with hundreds who may not be contacted on top."""
    bench = env(user=_collector(env))['cobranza.workbench']
    figures = {
        'workbench: next, 500 open items (95th of 100)': of_hundred_cold(
            bench.env, bench.next_case, 95
        )
    }
    _refuse(bench, case)
    figures['workbench: next, 300 refused above'] = once_cold(
        bench.env, lambda: bench.next_case(case.id)
    )
    figures['workbench: next, 300 refused above, again'] = best_cold(
        bench.env, lambda: bench.next_case(case.id), REPEATS
    )
    return figures


def _collector(env):
    """Return a collector to whom every case belongs."""
    collector = env['res.users'].create(
        {
            'company_id': 1,
            'company_ids': [(6, 0, env['res.company'].search([]).ids)],
            'group_ids': [(4, env.ref('cobranza_management.group_collector').id)],
            'login': 'bench-collector',
            'name': 'Collector',
        }
    )
    env.cr.execute('UPDATE cobranza_case SET user_id = %s', (collector.id,))
    env.cr.execute('DELETE FROM cobranza_work_lease')
    env.invalidate_all()
    return collector


def _refuse(bench, case):
    """Let the first debtors of the queue ask not to be contacted."""
    queue = bench.env['cobranza.workbench.queue']
    first = queue._ordered(queue._domain(), limit=REFUSED + 1)
    partners = bench.env['cobranza.case'].browse(first).sudo().partner_id - case.sudo().partner_id
    bench.env['cobranza.consent'].sudo().create(
        [{'partner_id': partner.id, 'state': 'out'} for partner in partners]
    )


def _record(bench, case, outcome):
    bench.record_outcome(case.id, outcome, {'note': 'x'})
    bench.env.flush_all()


def _big_debtor(env):
    """Return a debtor with so many overdue invoices, posted as any other."""
    debtor = env['res.partner'].create(
        {'name': 'Quinientas', 'email': 'cuentas@example.com', 'phone': '+57 300 111 2233'}
    )
    today = datetime.date.today()
    invoices = env['account.move'].create(
        [
            {
                'invoice_date': today - datetime.timedelta(days=40 + number % 200),
                'invoice_date_due': today - datetime.timedelta(days=10 + number % 200),
                'invoice_payment_term_id': False,
                'invoice_line_ids': [
                    (0, 0, {'name': 'Service', 'price_unit': 100.0 + number, 'tax_ids': []})
                ],
                'move_type': 'out_invoice',
                'partner_id': debtor.id,
            }
            for number in range(ITEMS)
        ]
    )
    invoices.action_post()
    env.flush_all()
    return debtor
