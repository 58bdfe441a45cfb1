from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain


class CobranzaHold(models.Model):
    """Automation stands still for a case until a day; it comes back by itself."""

    _name = 'cobranza.hold'
    _description = 'Hold'
    _order = 'until desc, id desc'

    case_id = fields.Many2one('cobranza.case', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='case_id.company_id', store=True)
    reason = fields.Char(required=True)
    until = fields.Date(required=True, help='Last day of the hold.')
    active = fields.Boolean(default=True)
    user_id = fields.Many2one('res.users', default=lambda self: self.env.user, readonly=True)

    @api.constrains('until')
    def _check_until(self):
        for hold in self:
            if hold.create_date and hold.until < hold._first_day():
                raise ValidationError(self.env._('A hold cannot end before it starts.'))

    def _first_day(self):
        """Return the day on which it was made, where its company works."""
        zone = str(self.company_id._cobranza_zone())
        return fields.Datetime.context_timestamp(
            self.with_context(tz=zone), self.create_date
        ).date()

    @api.constrains('reason')
    def _check_reason(self):
        if any(not (hold.reason or '').strip() for hold in self):
            raise ValidationError(self.env._('A hold needs a reason.'))

    def write(self, vals):
        """Leave a hold with its case and its author: moved, it would start one case and stop another's."""
        if not self.env.su and {'case_id', 'user_id'} & vals.keys():
            raise AccessError(self.env._('A hold stays with its case.'))
        return super().write(vals)

    @api.model
    def _live_domain(self, today):
        """Return the Domain of holds in force on `today`."""
        return Domain('active', '=', True) & Domain('until', '>=', today)

    def action_release(self):
        """End the hold now; what waited for its end is looked at again."""
        self.action_archive()
        self.case_id._wake_messages()
