from odoo import api, models


class CobranzaDecidedMixin(models.AbstractModel):
    """Fields that only the system gives a value start as the model says.

    A caller's context (`default_state`) and the defaults that every user may save for themselves fill in fields that
    the values do not name, past the guards of `create` and even where the system creates the record.
    """

    _name = 'cobranza.decided.mixin'
    _description = 'Fields Decided by the System'

    #: Names of the fields that nobody outside may give a value.
    _DECIDED = frozenset()

    @api.model
    def _closed_to_defaults(self):
        """Return the names of the fields whose defaults are the model's own."""
        return self._DECIDED

    @api.model
    def default_get(self, fields):
        """Return the default values; of the fields that the system decides, the model's own."""
        closed = self._closed_to_defaults() & set(fields)
        values = super().default_get([name for name in fields if name not in closed])
        for field in (self._fields[name] for name in sorted(closed)):
            if field.default:
                value = field.convert_to_cache(field.default(self), self, validate=False)
                values[field.name] = field.convert_to_write(value, self)
        return values
