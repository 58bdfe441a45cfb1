from odoo import api, fields, models
from odoo.exceptions import AccessError


class CobranzaSecondPersonMixin(models.AbstractModel):
    """What one person proposes, another decides on. A model says who proposed, and who else may not decide."""

    _name = 'cobranza.second.person.mixin'
    _description = 'Decided by a Second Person'

    #: State of what waits to be decided.
    _PROPOSED = 'proposed'

    can_approve = fields.Boolean(compute='_compute_can_approve')

    @api.depends('state')
    @api.depends_context('uid')
    def _compute_can_approve(self):
        for proposal in self:
            waits = proposal.state == self._PROPOSED
            proposal.can_approve = waits and not proposal._why_not_approve()

    def _proposers(self):
        """Return the users who proposed it; none of them decides."""
        return self.env['res.users']

    def _why_not_approve(self):
        """Say why the current user may not decide on it, '' if they may."""
        self.ensure_one()
        if not self.env.su and self.env.user in self._proposers():
            return self.env._('Whoever proposes it does not approve it.')
        return ''

    def _check_may_approve(self):
        """Raise AccessError with the reason unless the current user may decide on all of these."""
        for proposal in self:
            if problem := proposal._why_not_approve():
                raise AccessError(
                    self.env._('%(name)s: %(problem)s', name=proposal.display_name, problem=problem)
                )
