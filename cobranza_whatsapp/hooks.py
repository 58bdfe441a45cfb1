from odoo.tools import SQL


def uninstall_hook(env):
    """Leave nothing that only this add-on can explain: the outbox goes on with its other channels."""
    reminders = env['cobranza.reminder'].with_context(active_test=False)
    waiting = reminders.search([('reason_code', '=like', 'whatsapp_%')])
    waiting.write({'reason_code': False, 'reason_detail': False})
    on_the_way = reminders.search(
        [('channel', '=', 'whatsapp'), ('state', 'in', ('held', 'queued', 'refused', 'sending'))]
    )
    on_the_way.write({'channel': False, 'state': 'queued'})
    env['cobranza.strategy.step.channel'].search([('channel', '=', 'whatsapp')]).unlink()
    env.flush_all()
    # what was sent stays in the log, as an SMS would be: a text to a telephone
    for table in ('cobranza_reminder', 'cobranza_consent', 'cobranza_interaction'):
        env.cr.execute(
            SQL("UPDATE %s SET channel = 'sms' WHERE channel = 'whatsapp'", SQL.identifier(table))
        )
