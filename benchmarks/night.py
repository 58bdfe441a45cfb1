"""The prototype of a night: one feature query, decisions in plain Python, rows in batches.

As little as any implementation has to do: totals per debtor, credits netted, the due step of each
item, one reminder per debtor with its items. No segments, promises, holds or messages.
"""

import datetime
import itertools

from psycopg2.extras import execute_values

# Journal items that are posted and still open, and how many days past due they are.
OPEN_ITEMS = "l.parent_state = 'posted' AND l.reconciled IS NOT TRUE AND l.partner_id IS NOT NULL"
AGE = 'CROSS JOIN LATERAL (SELECT %(today)s - coalesce(l.date_maturity, l.date) AS age) x'
# One row per debtor: totals, address, and its items from the oldest on.
FEATURES = f"""
SELECT l.company_id, l.partner_id, p.lang, p.email, p.name, p.user_id,
       sum(l.amount_residual), sum(l.amount_residual) FILTER (WHERE age > 0),
       -sum(l.amount_residual) FILTER (WHERE l.amount_residual < 0), max(age), count(*),
       min(coalesce(l.date_maturity, l.date)),
       array_agg(l.id ORDER BY age DESC, l.id), array_agg(age ORDER BY age DESC, l.id),
       array_agg(l.amount_residual::float8 ORDER BY age DESC, l.id)
  FROM account_move_line l
  JOIN res_partner p ON p.id = l.partner_id
 {AGE}
 WHERE l.account_id IN %(accounts)s AND {OPEN_ITEMS}
 GROUP BY l.company_id, l.partner_id, p.id"""
# As wide as the tables of the add-on, with the indexes that they need at least.
TABLES = """
CREATE TABLE bench_case (id serial PRIMARY KEY, company_id int, partner_id int, user_id int,
    currency_id int, stage_id int, strategy_id int, segment_id int, total numeric,
    overdue numeric, not_due numeric, credit numeric, disputed numeric, promised numeric,
    oldest date, days int, items int, next_action date, priority int, active bool,
    create_uid int, write_uid int, create_date timestamp, write_date timestamp,
    UNIQUE (company_id, partner_id));
CREATE TABLE bench_reminder (id serial PRIMARY KEY, case_id int, company_id int, partner_id int,
    step_id int, channel text, state text, address text, lang text, subject text,
    amount numeric, scheduled timestamp, due date, reason text, attempts int,
    create_uid int, write_uid int, create_date timestamp, write_date timestamp);
CREATE INDEX ON bench_reminder (case_id); CREATE INDEX ON bench_reminder (state, due);
CREATE TABLE bench_reminder_item (id serial PRIMARY KEY, reminder_id int, line_id int, step_id int,
    occurrence int, amount numeric, currency_id int, days int, create_uid int, write_uid int,
    create_date timestamp, write_date timestamp, UNIQUE (line_id, step_id, occurrence));
CREATE INDEX ON bench_reminder_item (reminder_id);"""
DROP = 'DROP TABLE bench_case, bench_reminder, bench_reminder_item'
# What every table of Odoo has besides: each reference is looked up when a row is written.
REFERENCES = {
    'bench_case': {
        'company_id': 'res_company', 'partner_id': 'res_partner', 'user_id': 'res_users',
        'currency_id': 'res_currency', 'stage_id': 'bench_ref', 'strategy_id': 'bench_ref',
        'segment_id': 'bench_ref', 'create_uid': 'res_users', 'write_uid': 'res_users',
    },
    'bench_reminder': {
        'case_id': 'bench_case', 'company_id': 'res_company', 'partner_id': 'res_partner',
        'step_id': 'bench_ref', 'create_uid': 'res_users', 'write_uid': 'res_users',
    },
    'bench_reminder_item': {
        'reminder_id': 'bench_reminder', 'line_id': 'account_move_line', 'step_id': 'bench_ref',
        'currency_id': 'res_currency', 'create_uid': 'res_users', 'write_uid': 'res_users',
    },
}  # fmt: skip
FOREIGN_KEYS = 'CREATE TABLE bench_ref AS SELECT generate_series(1, 200) AS id;' + (
    'ALTER TABLE bench_ref ADD PRIMARY KEY (id);'
    + ''.join(
        f'ALTER TABLE {table} ADD FOREIGN KEY ({column}) REFERENCES {other};'
        for table, columns in REFERENCES.items()
        for column, other in columns.items()
    )
)
DROP_KEYS = DROP + ', bench_ref'
# Days after the due date, and the least amount worth a reminder.
STEPS = (1, 8, 15, 30, 45, 60, 90, 120)
MINIMUM = 10.0
BATCH = 1000
CASE_COLUMNS = (
    'company_id, partner_id, user_id, currency_id, stage_id, strategy_id, segment_id, total,'
    ' overdue, not_due, credit, disputed, promised, oldest, days, items, next_action, priority,'
    ' active, create_uid, write_uid'
)
REMINDER_COLUMNS = (
    'case_id, company_id, partner_id, step_id, channel, state, address, lang, subject, amount,'
    ' scheduled, due, attempts, create_uid, write_uid'
)
ITEM_COLUMNS = (
    'reminder_id, line_id, step_id, occurrence, amount, currency_id, days, create_uid, write_uid'
)


def run(cr, accounts):
    """Write one night's rows into TABLES through the psycopg2 cursor `cr`.

    :param tuple accounts: ids of the receivable accounts
    """
    cr.execute(FEATURES, {'today': datetime.date.today(), 'accounts': accounts})
    debtors = cr.fetchall()
    cases = _insert(cr, 'bench_case', CASE_COLUMNS, map(_prepare_case, debtors))
    planned = []
    for case, debtor in zip(cases, debtors, strict=True):
        items = _decide(debtor)
        if items:
            planned.append((case, debtor, items))
    rows = itertools.starmap(_prepare_reminder, planned)
    reminders = _insert(cr, 'bench_reminder', REMINDER_COLUMNS, rows)
    items = (
        (reminder, line, step, 1, amount, 1, age, 1, 1)
        for reminder, (_case, _debtor, items) in zip(reminders, planned, strict=True)
        for line, step, amount, age in items
    )
    _insert(cr, 'bench_reminder_item', ITEM_COLUMNS, items)


def _prepare_case(debtor):
    company, partner, _lang, _email, _name, user, total, overdue, credit, age, items, oldest = (
        debtor[:12]
    )
    overdue = overdue or 0
    today = datetime.date.today()
    segment = 1 + (age > 30) + (age > 90)
    return (
        company, partner, user, 1, segment, segment, segment, total, overdue, total - overdue,
        credit or 0, 0, 0, oldest, age, items, today, age, True, 1, 1,
    )  # fmt: skip


def _decide(debtor):
    """Return (line, step, amount, age) of each item to remind of; nothing means no reminder.

    Credits settle the oldest claims first; what is left below the minimum is let go.
    """
    *_rest, credit, _age, _count, _oldest, lines, ages, amounts = debtor
    credit = float(credit or 0)
    items = []
    for line, age, amount in zip(lines, ages, amounts, strict=True):
        if amount <= 0:
            continue
        settled = min(credit, amount)
        credit -= settled
        step = max((step for step in STEPS if step <= age), default=None)
        if step is not None and amount - settled > 0.005:
            items.append((line, step, amount - settled, age))
    return items if sum(item[2] for item in items) >= MINIMUM else []


def _prepare_reminder(case, debtor, items):
    company, partner, lang, email, name = debtor[:5]
    today = datetime.date.today()
    return (
        case, company, partner, max(item[1] for item in items), 'email',
        'queued' if email else 'refused', email, lang, f'Recordatorio de pago: {name}',
        sum(item[2] for item in items), datetime.datetime.now(), today, 0, 1, 1,
    )  # fmt: skip


def _insert(cr, table, columns, rows):
    """Insert `rows` in batches; return the new ids in their order."""
    query = f'INSERT INTO {table} ({columns}, create_date, write_date) VALUES %s RETURNING id'
    template = f"({', '.join(['%s'] * (columns.count(',') + 1))}, now(), now())"
    ids = execute_values(cr, query, list(rows), template=template, page_size=BATCH, fetch=True)
    return [row[0] for row in ids]
