from odoo import api, fields, models


class CobranzaStage(models.Model):
    """A column of the board. Its kind is its meaning: automation looks for a kind, never for a name."""

    _name = 'cobranza.stage'
    _description = 'Collection Stage'
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ('up_to_date', 'Up to date'),
            ('pre_due', 'About to fall due'),
            ('early', 'Early delinquency'),
            ('late', 'Late delinquency'),
            ('negotiating', 'Negotiating'),
            ('promised', 'Promised'),
            ('broken', 'Broken promise'),
            ('escalated', 'Escalated'),
            ('agency', 'At an agency'),
            ('legal', 'Legal'),
        ],
        required=True,
        default='early',
        help='What the column means to the automation.',
    )
    fold = fields.Boolean(string='Folded on the Board')
    description = fields.Text(translate=True)

    #: Kinds a person or a step chose; only full payment takes a case out of them.
    STICKY_KINDS = ('escalated', 'agency', 'legal')

    @api.model
    def _of_kind(self):
        """Return {kind: first stage of that kind}."""
        stages = {}
        # the columns of a board
        for stage in self.search([]):  # pylint: disable=no-search-all
            stages.setdefault(stage.kind, stage)
        return stages
