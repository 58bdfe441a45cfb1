import ast

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CobranzaConditionMixin(models.AbstractModel):
    """A condition on cases written by a user: a domain, checked before it is saved, never executed as code."""

    _name = 'cobranza.condition.mixin'
    _description = 'Condition on Cases'

    condition = fields.Char(help='Which cases it is for; empty: all of them.')
    #: For the domain widget.
    condition_model = fields.Char(compute='_compute_condition_model')

    def _compute_condition_model(self):
        self.condition_model = 'cobranza.case'

    @api.constrains('condition')
    def _check_condition(self):
        for record in self:
            record._condition_domain()

    def _condition_domain(self):
        """Return the condition as a Domain; raise a ValidationError that names the record when it is wrong."""
        self.ensure_one()
        Case = self.env['cobranza.case']
        try:
            domain = Domain(ast.literal_eval(self.condition or '[]'))
            domain.validate(Case)
            Case.sudo()._search(domain)
        except (ValueError, SyntaxError, TypeError, KeyError, AttributeError) as error:
            raise ValidationError(
                self.env._(
                    'The condition of "%(name)s" cannot be used: %(reason)s',
                    name=self.display_name,
                    reason=error,
                )
            ) from error
        return domain
