from odoo import fields, models


class CobranzaReminderItem(models.Model):
    """An item covered by a message and the step occurrence it was given; the database lets each happen once."""

    _name = 'cobranza.reminder.item'
    _description = 'Item of a Message'
    _order = 'reminder_id, id'
    _log_access = False

    reminder_id = fields.Many2one(
        'cobranza.reminder', required=True, index=True, ondelete='cascade'
    )
    # The log outlives the item: cancelling an invoice is never blocked by a message about it.
    line_id = fields.Many2one('account.move.line', string='Item', ondelete='set null')
    step_id = fields.Many2one(
        'cobranza.strategy.step',
        ondelete='set null',
        help='Empty: the item was mentioned, its own step came earlier.',
    )
    occurrence = fields.Integer(help='Repetition of the step, from 0.')

    # Items that are only mentioned have no step, and NULLs never collide: one index serves the rule, the decisions and
    # the deletion of journal items.
    _once = models.Constraint(
        'UNIQUE(line_id, step_id, occurrence)', 'This item has already been given that step.'
    )
