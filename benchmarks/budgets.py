"""What each measure may cost. Measures are named `part: what`, as in the results."""

import dataclasses

CYCLE = 'ours: daily cycle'
NIGHT = 'ours: whole night, mails queued'
FLOOR_NIGHT = 'floor: prototype of a night'
OCA_DECIDED = 'OCA: decided, one communication per debtor'
OCA_AGED = 'OCA: aged balance'
OCA_NIGHT = 'OCA: whole night, mails without PDF'
DASHBOARDS = ('executive', 'operations', 'team', 'strategy')
# The growth exponent of this measure between two books may be at most that.
GROWTH_MEASURE, GROWTH_LIMIT = CYCLE, 1.1


@dataclasses.dataclass(frozen=True)
class Budget:
    """Limits of one measure on some books; None means no limit."""

    measure: str
    books: tuple
    seconds: float = None
    statements: int = None
    megabytes: int = None
    #: things done per second, at least
    rate: float = None
    #: another measure of the same run, and how many times its seconds this may take
    reference: str = None
    at_most: float = None
    #: … or how many times faster than it this must be
    times_faster: float = None
    #: statements more than the reference's, at most
    extra_statements: int = None


BUDGETS = (
    Budget(CYCLE, ('100k',), seconds=3),
    Budget(CYCLE, ('T',), seconds=8, statements=400, megabytes=400),
    Budget(CYCLE, ('1M',), seconds=40, megabytes=800),
    Budget(CYCLE, ('100k', 'T', '1M'), reference=FLOOR_NIGHT, at_most=2.5),
    Budget(CYCLE, ('100k',), reference=OCA_DECIDED, times_faster=40),
    Budget(NIGHT, ('100k',), reference=OCA_NIGHT, times_faster=20),
    Budget('ours: mails rendered and queued', ('10k', '100k', 'T', '1M'), rate=250),
    Budget(
        'payment: register one, with the add-on',
        ('T',),
        reference='payment: register one, without',
        at_most=1.05,
        extra_statements=12,
    ),
    Budget(
        'posting: 1 000 invoices, with the add-on',
        ('T',),
        reference='posting: 1 000 invoices, without',
        at_most=1.10,
    ),
    # one part in a hundred is for clocks: the moments are read where the messages arrive
    Budget('WhatsApp: 1,000 sent at 80 a second', ('100k',), rate=79.2),
    Budget('WhatsApp: webhooks, 200 a second', ('100k',), rate=198),
    Budget('WhatsApp: a webhook is answered (median)', ('100k',), seconds=0.05),
    Budget('promises: judge 50 000 open ones', ('10k', '100k'), seconds=5, statements=100),
    Budget(
        'promises: register a payment of a promised item',
        ('10k',),
        reference='payment: register one, without',
        extra_statements=40,
    ),
    # Two tasks and a note for each debtor, written a hundred at a time.
    Budget('plans: 5 000 default in one night', ('10k',), seconds=15, statements=1200),
    Budget('screen: board of 80 cards', ('T',), seconds=0.25, statements=15),
    Budget('screen: case with 500 open items', ('T',), seconds=0.25, statements=40),
    Budget('screen: open items by bucket', ('T',), seconds=0.6),
    Budget('workbench: queue of 40', ('T',), seconds=0.15, statements=25),
    Budget('workbench: next, 500 open items', ('T',), seconds=0.15, statements=25),
    Budget('workbench: next, 500 open items (95th of 100)', ('T',), seconds=0.25, statements=25),
    Budget('workbench: next, any debtor', ('T',), seconds=0.15, statements=25),
    Budget('workbench: next, 300 refused above, again', ('T',), seconds=0.15, statements=25),
    Budget('workbench: open, 500 open items', ('T',), seconds=0.15, statements=22),
    Budget('workbench: outcome recorded', ('T',), statements=28),
    Budget('reports: aging now', ('T',), seconds=0.5, reference=OCA_AGED, times_faster=30),
    Budget('reports: aging now', ('1M',), seconds=1.5),
    Budget('reports: aging as of 90 days ago', ('T',), seconds=4),
    Budget('reports: aging as of 900 days ago', ('T',), seconds=4),
    Budget('reports: months, 36', ('T',), seconds=1),
    *(Budget(f'dashboard: {name}', ('T',), seconds=1) for name in DASHBOARDS),
    # 2 ms a debtor
    Budget('reports: statements as HTML', ('10k', '100k', 'T'), rate=500),
)


def check(budget, row, others):
    """Return [(text, kept)] for each limit of `budget` on `row`.

    :param dict row: a Figure as a dict
    :param dict others: the rows of the same book by measure

    >>> row = {'seconds': 2.0, 'statements': 90, 'megabytes': 200, 'done': 500}
    >>> check(Budget('a', (), seconds=3, rate=300), row, {})
    [('≤ 3 s', True), ('≥ 300 a second', False)]
    >>> check(Budget('a', (), reference='b', at_most=2.5), row, {'b': {'seconds': 1.0}})
    [('2.00 × b (≤ 2.5)', True)]
    """
    results = []
    if budget.seconds is not None:
        results.append((f'≤ {budget.seconds:g} s', row['seconds'] <= budget.seconds))
    if budget.statements is not None:
        results.append(
            (f'≤ {budget.statements} statements', row['statements'] <= budget.statements)
        )
    if budget.megabytes is not None:
        results.append((f'≤ {budget.megabytes} MB', row['megabytes'] <= budget.megabytes))
    if budget.rate is not None:
        rate = row.get('done', 0) / row['seconds']
        results.append((f'≥ {budget.rate:g} a second', rate >= budget.rate))
    if budget.reference in others:
        results += _compare(budget, row, others[budget.reference])
    return results


def _compare(budget, row, other):
    """Return [(text, kept)] for the limits relative to the reference's row `other`."""
    name = budget.reference
    if budget.at_most is not None:
        ratio = row['seconds'] / other['seconds']
        yield f'{ratio:.2f} × {name} (≤ {budget.at_most:g})', ratio <= budget.at_most
    if budget.times_faster is not None:
        times = other['seconds'] / row['seconds']
        text = f'{times:.0f} × faster than {name} (≥ {budget.times_faster:g})'
        yield text, times >= budget.times_faster
    if budget.extra_statements is not None:
        extra = row['statements'] - other['statements']
        text = f'{extra:+d} statements (≤ {budget.extra_statements:+d})'
        yield text, extra <= budget.extra_statements
