from odoo import fields, models

from ..tools.ladder import Step


class CobranzaStrategy(models.Model):
    """The policy: an ordered ladder of steps at signed day offsets from the due date."""

    _name = 'cobranza.strategy'
    _description = 'Collection Strategy'
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', help='Empty: every company.')
    description = fields.Text(translate=True)
    review = fields.Boolean(
        string='Approve Messages', help='Every message of this strategy waits for approval.'
    )
    step_ids = fields.One2many(
        comodel_name='cobranza.strategy.step', inverse_name='strategy_id', string='Steps', copy=True
    )
    step_count = fields.Integer(compute='_compute_step_count')

    def _compute_step_count(self):
        counts = dict(
            self.env['cobranza.strategy.step']._read_group(
                [('strategy_id', 'in', self.ids)], ['strategy_id'], ['__count']
            )
        )
        for strategy in self:
            strategy.step_count = counts.get(strategy, 0)

    def _ladder(self, minimum):
        """Return the steps as plain values, by offset.

        :param float minimum: smallest claim of the company, in its currency
        :return: list of tools.ladder.Step
        """
        self.ensure_one()
        return [
            Step(
                step.id,
                step.offset,
                step.repeat_every,
                step.repeat_until,
                max(step.minimum_amount, minimum),
            )
            for step in self.step_ids.sorted('offset')
        ]
