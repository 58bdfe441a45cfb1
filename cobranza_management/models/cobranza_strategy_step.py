from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CobranzaStrategyStep(models.Model):
    """A rung of the ladder: when, on which channels, with which words, and what follows."""

    _name = 'cobranza.strategy.step'
    _inherit = ['cobranza.condition.mixin', 'cobranza.named.mixin']
    _description = 'Strategy Step'
    _order = 'strategy_id, offset, id'

    name = fields.Char(required=True, translate=True)
    strategy_id = fields.Many2one(
        'cobranza.strategy', required=True, index=True, ondelete='cascade'
    )
    days = fields.Integer(
        compute='_compute_days',
        inverse='_inverse_days',
        help='How many days before or after the due date.',
    )
    when = fields.Selection(
        [
            ('before', 'before the due date'),
            ('on', 'on the due date'),
            ('after', 'after the due date'),
        ],
        compute='_compute_when',
        inverse='_inverse_days',
    )
    offset = fields.Integer(
        string='Day',
        required=True,
        help='Days from the due date: negative before it, 0 on the day, positive after it.',
    )
    channel_ids = fields.One2many(
        comodel_name='cobranza.strategy.step.channel',
        inverse_name='step_id',
        string='Channels',
        copy=True,
        help='In order: the next is tried when one is not allowed or cannot reach the debtor.',
    )
    channel_summary = fields.Char(compute='_compute_channel_summary', string='Channels in Order')
    minimum_amount = fields.Float(help="Smallest claim worth this step, in the company's currency.")
    repeat_every = fields.Integer(help='Days; 0: once.')
    repeat_until = fields.Integer(
        string='Repeat Until Day', help='Last day overdue; 0: until the next step.'
    )
    review = fields.Boolean(string='Approve', help='Messages of this step wait for approval.')
    target_stage_id = fields.Many2one('cobranza.stage', string='Move to Stage', ondelete='restrict')
    escalate_to = fields.Selection(
        [
            ('supervisor', "The team's supervisor"),
            ('salesperson', 'The salesperson'),
            ('agency', 'A collection agency'),
            ('legal', 'Legal'),
        ],
        help='Raises a task for them when the step is executed.',
    )

    _unique_offset = models.Constraint(
        'UNIQUE(strategy_id, "offset")', 'A strategy cannot have two steps on the same day.'
    )
    _positive_repeat = models.Constraint(
        'CHECK(repeat_every >= 0)', 'A step cannot repeat after fewer than 0 days.'
    )
    _positive_minimum = models.Constraint(
        'CHECK(minimum_amount >= 0)', 'The smallest claim of a step cannot be negative.'
    )

    @api.depends('offset')
    def _compute_days(self):
        for step in self:
            step.days = abs(step.offset)

    # Apart from the days: writing one of the two must not forget the other.
    @api.depends('offset')
    def _compute_when(self):
        for step in self:
            step.when = 'before' if step.offset < 0 else 'after' if step.offset else 'on'

    @api.onchange('days', 'when')
    def _inverse_days(self):
        """People pick before or after and a number, so the sign is never theirs to get wrong."""
        for step in self:
            step.offset = {'before': -abs(step.days), 'on': 0, 'after': abs(step.days)}[
                step.when or 'after'
            ]

    @api.depends('channel_ids.channel', 'channel_ids.sequence')
    def _compute_channel_summary(self):
        labels = dict(self.env['cobranza.channel']._selection())
        for step in self:
            step.channel_summary = ' → '.join(
                labels.get(line.channel, '') for line in step.channel_ids
            )

    @api.constrains('offset', 'strategy_id')
    def _check_one_step_a_day(self):
        """The same rule as the database's, said before it and with the names."""
        for strategy in self.strategy_id:
            seen = {}
            for step in strategy.step_ids:
                other = seen.setdefault(step.offset, step)
                if other != step:
                    raise ValidationError(
                        self.env._(
                            'The steps "%(first)s" and "%(second)s" of %(strategy)s are on the same day (%(day)s).'
                            ' A debtor gets one step a day: move one of them.',
                            first=other.name,
                            second=step.name,
                            strategy=strategy.name,
                            day=step.offset,
                        )
                    )

    @api.constrains('repeat_every', 'repeat_until', 'offset')
    def _check_repeat(self):
        for step in self:
            if step.repeat_every and step.repeat_until and step.repeat_until <= step.offset:
                raise ValidationError(
                    self.env._(
                        '"%(step)s" would stop repeating on day %(until)s, before it starts on day %(day)s.',
                        step=step.name,
                        until=step.repeat_until,
                        day=step.offset,
                    )
                )


class CobranzaStrategyStepChannel(models.Model):
    """A channel of a step and the words used on it."""

    _name = 'cobranza.strategy.step.channel'
    _description = 'Channel of a Step'
    _order = 'step_id, sequence, id'

    step_id = fields.Many2one(
        'cobranza.strategy.step', required=True, index=True, ondelete='cascade'
    )
    sequence = fields.Integer(default=10)
    channel = fields.Selection(
        selection=lambda self: self.env['cobranza.channel']._selection(),
        required=True,
        default='email',
    )
    template_id = fields.Many2one('cobranza.template', ondelete='restrict')

    _unique_channel = models.Constraint(
        'UNIQUE(step_id, channel)', 'This channel is already in the step.'
    )
