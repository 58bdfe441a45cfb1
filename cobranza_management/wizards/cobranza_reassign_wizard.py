from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError


class CobranzaReassignWizard(models.TransientModel):
    """Hand cases to another collector, or share them out among a team."""

    _name = 'cobranza.reassign.wizard'
    _description = 'Reassign Cases'

    case_ids = fields.Many2many(
        'cobranza.case', required=True, default=lambda self: self.env.context.get('active_ids')
    )
    case_count = fields.Integer(compute='_compute_case_count')
    mode = fields.Selection(
        [('one', 'To one collector'), ('turns', 'In turns'), ('load', 'By load and capacity')],
        string='How',
        default='one',
        required=True,
    )
    user_id = fields.Many2one(
        'res.users',
        string='Collector',
        domain="[('id', 'in', candidate_ids)]",
        help='Empty: stays as it is.',
    )
    candidate_ids = fields.Many2many('res.users', compute='_compute_candidate_ids')
    team_id = fields.Many2one(
        'cobranza.team', domain="[('company_id', '=', company_id)]", help='Empty: stays as it is.'
    )
    company_id = fields.Many2one('res.company', compute='_compute_company_id')
    member_ids = fields.Many2many(
        'cobranza.team.member',
        string='Among',
        compute='_compute_member_ids',
        store=True,
        readonly=False,
        precompute=True,
        domain="[('team_id', '=', team_id)]",
        help='Those of the team who are at work; leave out whoever should get none.',
    )
    preview = fields.Html(compute='_compute_preview', sanitize=False)

    @api.depends('case_ids')
    def _compute_case_count(self):
        for wizard in self:
            wizard.case_count = len(wizard.case_ids)

    @api.depends('case_ids')
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.case_ids.company_id[:1] or self.env.company

    @api.depends('company_id')
    def _compute_candidate_ids(self):
        for wizard in self:
            wizard.candidate_ids = self.env['res.users']._who_collect(wizard.company_id)

    @api.depends('team_id')
    def _compute_member_ids(self):
        for wizard in self:
            wizard.member_ids = wizard.team_id._present_members()

    @api.depends('case_ids', 'mode', 'member_ids', 'team_id')
    @api.depends_context('lang')
    def _compute_preview(self):
        """Show who would get how many, what they would have then, and what nobody could carry."""
        for wizard in self:
            shared = wizard.mode != 'one' and wizard.member_ids
            wizard.preview = (
                self.env['ir.qweb']._render(
                    'cobranza_management.reassign_preview', wizard._preview_values()
                )
                if shared
                else False
            )

    def _preview_values(self):
        """Return {rows: [(name, gets, has then, capacity)], left: cases that stay}."""
        cases, members = self.case_ids._origin, self.member_ids._origin
        hands = cases._plan_share(self.mode, members)
        gets = Counter(hands.values())
        loads = members.team_id._member_loads()
        given = Counter(
            case.user_id.id for case in cases if case.state == 'open' and case.id in hands
        )
        rows = [
            (
                member.user_id.name,
                gets[member.user_id.id],
                loads.get(member.user_id.id, 0)
                - given[member.user_id.id]
                + gets[member.user_id.id],
                member.capacity,
            )
            for member in members
        ]
        return {'rows': rows, 'left': len(cases) - len(hands)}

    def action_confirm(self):
        """Hand the cases over."""
        if len(self.case_ids.company_id) > 1:
            raise UserError(self.env._('Hand out the cases of one company at a time.'))
        if self.mode == 'one':
            self.case_ids._reassign(self.user_id, self.team_id)
        else:
            self._check_members()
            self.case_ids._share_out(self.mode, self.member_ids)
        return {'type': 'ir.actions.act_window_close'}

    def _check_members(self):
        if not self.member_ids:
            raise UserError(self.env._('Choose a team and at least one collector who is at work.'))
        if self.member_ids.team_id - self.team_id:
            raise UserError(self.env._('Choose collectors of the team.'))
