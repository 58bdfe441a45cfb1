from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date


class CobranzaCase(models.Model):
    """A case may be proposed to an agency, and be with one."""

    _inherit = 'cobranza.case'

    handoff_line_ids = fields.One2many(
        comodel_name='cobranza.handoff.line', inverse_name='case_id', string='Hand-offs'
    )
    handoff_count = fields.Integer(compute='_compute_handoff')
    agency_id = fields.Many2one(
        'cobranza.agency',
        string='With Agency',
        compute='_compute_handoff',
        search='_search_agency_id',
        help='Who is collecting it for us now.',
    )

    @api.depends('handoff_line_ids.state', 'handoff_line_ids.agency_id')
    def _compute_handoff(self):
        for case in self:
            case.handoff_count = len(case.handoff_line_ids)
            case.agency_id = case.handoff_line_ids.filtered(
                lambda line: line.state == 'handed'
            ).agency_id

    def _search_agency_id(self, operator, value):
        if operator not in ('in', 'any'):
            return NotImplemented
        handed = Domain('handoff_line_ids', 'any', [('state', '=', 'handed')])
        if operator == 'in':
            wanted = [agency for agency in value if agency]
            domain = Domain(
                'handoff_line_ids', 'any', [('state', '=', 'handed'), ('agency_id', 'in', wanted)]
            )
            return domain | ~handed if False in value else domain
        return Domain(
            'handoff_line_ids', 'any', [('state', '=', 'handed'), ('agency_id', 'any', value)]
        )

    @api.model
    def _workable_domain(self):
        """Leave the cases that an agency has to the agency."""
        handed = Domain('handoff_line_ids', 'any', [('state', '=', 'handed')])
        return super()._workable_domain() & ~handed

    # === PROPOSING === #

    def _handoff_refusals(self):
        """Return {case: why it cannot be handed over, in words} for those that cannot."""
        live = self.env['cobranza.handoff.line'].sudo()
        taken = live.search(live._live_domain() & Domain('case_id', 'in', self.ids)).grouped(
            'case_id'
        )
        refusals = {}
        for case in self:
            if line := taken.get(case):
                refusals[case] = self.env._('already in %(name)s', name=line.handoff_id.name)
            elif case.currency_id.compare_amounts(case.amount_overdue, 0) <= 0:
                refusals[case] = self.env._('nothing overdue')
        return refusals

    def _propose_handoff(self, agency):
        """Put the cases that can be handed over into the proposals of an agency, one for each company.

        :return: the proposals
        """
        self.env['cobranza.handoff']._check_may('collector')
        self.check_access('write')
        agency = agency.with_env(self.env)
        agency.check_access('read')
        if agency.company_id and self.company_id - agency.company_id:
            raise UserError(self.env._('%s does not work for this company.', agency.display_name))
        return self.sudo()._add_to_proposals(agency.sudo())

    def _add_to_proposals(self, agency):
        refusals = self._handoff_refusals()
        cases = self.filtered(lambda case: case not in refusals)
        Handoff = self.env['cobranza.handoff']
        proposals = Handoff.search(
            [
                ('agency_id', '=', agency.id),
                ('company_id', 'in', cases.company_id.ids),
                ('state', '=', 'draft'),
            ]
        )
        proposals += Handoff.create(
            [
                {'agency_id': agency.id, 'company_id': company.id}
                for company in cases.company_id - proposals.company_id
            ]
        )
        by_company = {proposal.company_id: proposal for proposal in proposals}
        self.env['cobranza.handoff.line'].create(
            [{'handoff_id': by_company[case.company_id].id, 'case_id': case.id} for case in cases]
        )._snapshot()
        return proposals

    def _fold_handoffs(self, kept):
        """Move the hand-offs of merged debtors; of several alive one stays, one with an agency before a proposal."""
        lines = (kept + self).handoff_line_ids
        handed = lines.filtered(lambda line: line.state == 'handed')
        proposed = lines.filtered(lambda line: line.state == 'proposed')
        handed[1:]._end_work('recalled')
        (proposed if handed else proposed[1:]).unlink()
        lines.exists().case_id = kept

    # === ESCALATION === #

    def _escalate(self, reminders):
        """Propose the cases that go to an agency or to lawyers, where the house works with one."""
        super()._escalate(reminders)
        targets = {reminder.case_id: reminder.step_id.escalate_to for reminder in reminders}
        for (company, target), cases in self.grouped(
            lambda case: (case.company_id, targets[case])
        ).items():
            agency = self.env['cobranza.agency']._default_for(target, company)
            if agency:
                cases.sudo()._add_to_proposals(agency)

    # === SCREEN === #

    def _choose_next_best(self, pending, today):
        """Offer nothing to do with a case that an agency has: its hold ends when it is taken back."""
        return (
            'none'
            if self.is_on_hold and self.agency_id
            else super()._choose_next_best(pending, today)
        )

    def _describe_next_action(self):
        """Say who has the case before saying until when automation rests."""
        line = self.is_on_hold and self.handoff_line_ids.filtered(
            lambda line: line.state == 'handed'
        )
        if line:
            line = line[:1]
            return self.env._(
                'With %(agency)s since %(day)s',
                agency=line.agency_id.display_name,
                day=format_date(self.env, line.handed_on),
            )
        return super()._describe_next_action()

    def action_view_handoffs(self):
        """Open the times that the case was handed over or proposed."""
        return self._action_list(
            self.env._('Hand-offs'),
            'cobranza.handoff.line',
            [('case_id', '=', self.id)],
            create=False,
        )
