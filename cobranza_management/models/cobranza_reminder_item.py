from odoo import api, fields, models


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
    # A plain number in the database: a foreign key would be looked up for each of a hundred thousand items a night, and
    # in all of them when a step is deleted.
    step_key = fields.Integer(string='Id of the Step')
    step_id = fields.Many2one(
        'cobranza.strategy.step',
        compute='_compute_step_id',
        help='Empty: the item was mentioned, its own step came earlier.',
    )
    occurrence = fields.Integer(help='Repetition of the step, from 0.')

    # Items that are only mentioned have no step, and NULLs never collide: one index serves the rule, the decisions and
    # the deletion of journal items.
    _once = models.Constraint(
        'UNIQUE(line_id, step_key, occurrence)', 'This item has already been given that step.'
    )

    @api.depends('step_key')
    def _compute_step_id(self):
        """Find the step, unless it has been deleted since."""
        steps = (
            self.env['cobranza.strategy.step']
            .browse(filter(None, self.mapped('step_key')))
            .exists()
        )
        for item in self:
            item.step_id = steps.filtered(lambda step, key=item.step_key: step.id == key)
