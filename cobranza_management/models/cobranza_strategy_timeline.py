from odoo import api, fields, models


class CobranzaStrategy(models.Model):
    """The ladder as a picture."""

    _inherit = 'cobranza.strategy'

    timeline = fields.Json(compute='_compute_timeline')
    case_count = fields.Integer(compute='_compute_case_count', string='Open Cases')

    @api.depends(
        'review',
        'step_ids.offset',
        'step_ids.name',
        'step_ids.channel_ids.channel',
        'step_ids.repeat_every',
        'step_ids.target_stage_id',
        'step_ids.escalate_to',
        'step_ids.review',
    )
    @api.depends_context('lang')
    def _compute_timeline(self):
        """Give each strategy its rungs by day: [{offset, name, channels, repeat, stage, escalate, review}]."""
        labels = dict(self.env['cobranza.channel']._selection())
        targets = dict(
            self.env['cobranza.strategy.step']
            ._fields['escalate_to']
            ._description_selection(self.env)
        )
        for strategy in self:
            strategy.timeline = [
                {
                    'channels': [
                        {'code': line.channel, 'label': labels.get(line.channel, '')}
                        for line in step.channel_ids
                    ],
                    'escalate': targets.get(step.escalate_to, ''),
                    'name': step.name or '',
                    'offset': step.offset,
                    'repeat': step.repeat_every,
                    'review': strategy.review or step.review,
                    'stage': step.target_stage_id.name or '',
                }
                for step in strategy.step_ids.sorted('offset')
            ]

    def _compute_case_count(self):
        counts = dict(
            self.env['cobranza.case']._read_group(
                [('strategy_id', 'in', self.ids), ('state', '=', 'open')],
                ['strategy_id'],
                ['__count'],
            )
        )
        for strategy in self:
            strategy.case_count = counts.get(strategy, 0)
