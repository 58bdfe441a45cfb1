"""Messages of 5 to 10 items rendered and queued as mail, each in its debtor's language."""

import dataclasses

from . import prepare
from .child import call
from .measure import Meter
from .ours import install, set_up

BATCH, MESSAGES = 200, 1000


def measure(book_name, database):
    """Return the rows of the results for one book: {measure: Figure}."""
    copy = install(database, f'mail_{book_name}')
    figure = call(measure_mails, copy)
    prepare.drop_copy(copy)
    return {'ours: mails rendered and queued': figure}


def measure_mails(env):
    """Measure the dispatch of messages with 5 to 10 items; the first batch warms the views."""
    for company in set_up(env):
        env['cobranza.run']._run(company)
    env.cr.execute(
        """
        SELECT reminder.id FROM cobranza_reminder reminder
          JOIN cobranza_reminder_item item ON item.reminder_id = reminder.id
          JOIN res_partner partner ON partner.id = reminder.partner_id AND partner.email IS NOT NULL
      GROUP BY reminder.id HAVING COUNT(*) BETWEEN 5 AND 10 ORDER BY reminder.id LIMIT %s
        """,
        [BATCH + MESSAGES],
    )
    ids = [row[0] for row in env.cr.fetchall()]
    _dispatch(env, ids[:BATCH])
    with Meter() as meter:
        for start in range(BATCH, len(ids), BATCH):
            _dispatch(env, ids[start : start + BATCH])
        meter.done = len(ids) - BATCH
    return dataclasses.asdict(meter.figure)


def _dispatch(env, ids):
    env['cobranza.reminder'].browse(ids)._dispatch({})
    env.flush_all()
    env.invalidate_all()
