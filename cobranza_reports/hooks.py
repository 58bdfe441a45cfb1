def post_init_hook(env):
    """Write down what every debtor is today, by which the past that nobody recorded is read; keep the months so far."""
    env['cobranza.case.snapshot']._record_all()
    env['cobranza.report.month.kept']._cron_keep()


def uninstall_hook(env):
    """Leave no trigger behind on the ledger."""
    env['cobranza.ledger.change']._stop_noting()
