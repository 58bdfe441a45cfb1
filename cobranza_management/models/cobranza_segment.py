from odoo import api, fields, models
from odoo.fields import Domain


class CobranzaSegment(models.Model):
    """A group of cases by rule. The first that matches wins; the daily cycle evaluates them again."""

    _name = 'cobranza.segment'
    _inherit = ['cobranza.condition.mixin', 'cobranza.named.mixin']
    _description = 'Segment'
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', help='Empty: every company.')
    description = fields.Text(translate=True)
    color = fields.Integer()
    strategy_id = fields.Many2one(
        'cobranza.strategy',
        help="Followed by the segment's cases; empty: the company's default.",
        ondelete='restrict',
    )
    team_id = fields.Many2one('cobranza.team', help="Takes the segment's new cases.")
    priority_points = fields.Integer(help='Added to the priority of its cases; may be negative.')
    case_count = fields.Integer(compute='_compute_case_count')

    def _compute_case_count(self):
        counts = dict(
            self.env['cobranza.case']._read_group(
                [('segment_id', 'in', self.ids), ('state', '=', 'open')],
                ['segment_id'],
                ['__count'],
            )
        )
        for segment in self:
            segment.case_count = counts.get(segment, 0)

    @api.model
    def _classify(self, company):
        """Return {case id: segment id or None} for every open case of `company`.

        One search per segment, whatever the number of cases.
        """
        Case = self.env['cobranza.case']
        open_cases = Domain('company_id', '=', company.id) & Domain('state', '=', 'open')
        found = dict.fromkeys(Case._search(open_cases), None)
        for segment in self.search(
            [('company_id', 'in', (False, company.id))], order='sequence desc, id desc'
        ):
            # From the last to the first, so that the first match has the last word.
            found.update(
                dict.fromkeys(Case._search(open_cases & segment._condition_domain()), segment.id)
            )
        return found


class CobranzaSegmentChange(models.Model):
    """A case moved from one segment to another, and when."""

    _name = 'cobranza.segment.change'
    _description = 'Segment Change'
    _order = 'date desc, id desc'

    case_id = fields.Many2one('cobranza.case', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='case_id.company_id', store=True)
    date = fields.Date(required=True)
    old_segment_id = fields.Many2one('cobranza.segment', ondelete='set null')
    new_segment_id = fields.Many2one('cobranza.segment', ondelete='set null')
