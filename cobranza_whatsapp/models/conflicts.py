from ..tools.conflicts import CONFLICTS, MOST_CONFLICTS


def insist(env, work):
    """Return what `work` returns, begun again in a new transaction while somebody else is quicker.

    What is pending in this transaction is committed with each new beginning: call it where nothing is, or where that
    is meant. The last conflict is raised.
    """
    for attempt in range(MOST_CONFLICTS):
        try:
            with env.cr.savepoint():
                return work()
        except CONFLICTS:
            if attempt == MOST_CONFLICTS - 1:
                raise
            env['ir.cron']._commit_progress()  # the next look sees what the other one did
    return None
