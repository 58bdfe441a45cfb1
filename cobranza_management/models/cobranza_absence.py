from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date


class CobranzaAbsence(models.Model):
    """Days on which a collector is away. Their cases stay theirs; somebody else works on them meanwhile.

    Nothing is written when an absence begins or ends: who may see and work on a case is a question of the day
    (`cobranza.case._working_domain` and the record rules), so everything returns by itself.
    """

    _name = 'cobranza.absence'
    _description = 'Absence of a Collector'
    _order = 'date_from desc, id desc'
    _rec_name = 'user_id'

    user_id = fields.Many2one(
        'res.users', string='Collector', required=True, index=True, domain=[('share', '=', False)]
    )
    date_from = fields.Date(string='From', required=True, default=fields.Date.context_today)
    date_to = fields.Date(
        string='Until', required=True, default=fields.Date.context_today, help='Last day away.'
    )
    substitute_id = fields.Many2one(
        'res.users',
        index='btree_not_null',
        domain="[('share', '=', False), ('id', '!=', user_id)]",
        help='Works on their cases meanwhile. Empty: everybody in the team of each case.',
    )
    note = fields.Char()
    is_current = fields.Boolean(compute='_compute_is_current', search='_search_is_current')

    _ends_after_start = models.Constraint(
        'CHECK(date_to >= date_from)', 'An absence cannot end before it starts.'
    )
    _somebody_else = models.Constraint(
        'CHECK(substitute_id IS NULL OR substitute_id != user_id)',
        'Nobody stands in for themselves.',
    )

    @api.model
    def _current_domain(self):
        """Return the Domain of the absences of today."""
        today = fields.Date.context_today(self)
        return Domain('date_from', '<=', today) & Domain('date_to', '>=', today)

    @api.depends('date_from', 'date_to')
    def _compute_is_current(self):
        current = self.filtered_domain(self._current_domain())
        current.is_current = True
        (self - current).is_current = False

    def _search_is_current(self, operator, value):
        if operator != 'in':
            return NotImplemented
        current = self._current_domain()
        return Domain.OR(current if wanted else ~current for wanted in value)

    @api.constrains('user_id', 'substitute_id', 'date_from', 'date_to')
    def _check_somebody_is_there(self):
        """Keep every day covered: one absence at a time, and a substitute who is at work."""
        for absence in self:
            same_days = Domain('date_from', '<=', absence.date_to) & Domain(
                'date_to', '>=', absence.date_from
            )
            others = self.sudo().search(same_days & Domain('id', '!=', absence.id))
            if absence.user_id in others.user_id:
                raise ValidationError(
                    self.env._('%s is already away on some of these days.', absence.user_id.name)
                )
            if absence.substitute_id & others.user_id:
                raise ValidationError(
                    self.env._('%s is away on some of these days too.', absence.substitute_id.name)
                )
            stood_in_for = others.filtered(lambda a, user=absence.user_id: a.substitute_id == user)
            if stood_in_for:
                raise ValidationError(
                    self.env._(
                        '%(user)s stands in for %(absent)s on some of these days. Choose somebody else for that first.',
                        user=absence.user_id.name,
                        absent=stood_in_for[0].user_id.name,
                    )
                )

    @api.constrains('user_id', 'substitute_id')
    def _check_substitute_collects(self):
        """Leave the cases to somebody who can open them: with a substitute, the team does not."""
        for absence in self.filtered('substitute_id'):
            colleagues = self.env['res.users']._who_collect(absence.user_id.company_ids)
            if absence.substitute_id not in colleagues:
                raise ValidationError(
                    self.env._(
                        '%s does not work in collections and could not open the cases. Choose a collector.',
                        absence.substitute_id.name,
                    )
                )

    @api.model
    def _of(self, users):
        """Return {user: absence of today} for those of `users` who are away."""
        absences = self.sudo().search(self._current_domain() & Domain('user_id', 'in', users.ids))
        return {absence.user_id: absence for absence in absences}

    def _in_words(self):
        """Return one line: who is away until when, and who stands in."""
        self.ensure_one()
        if self.substitute_id:
            return self.env._(
                '%(user)s is away until %(day)s; %(substitute)s stands in',
                user=self.user_id.name,
                day=format_date(self.env, self.date_to),
                substitute=self.substitute_id.name,
            )
        return self.env._(
            '%(user)s is away until %(day)s; the team stands in',
            user=self.user_id.name,
            day=format_date(self.env, self.date_to),
        )
