from odoo import api, models


class CobranzaCachedMixin(models.AbstractModel):
    """Records whose values are kept in the registry's cache, which forgets them once they have changed.

    Afterwards, never before: what is read in between would be kept as it was.
    """

    _name = 'cobranza.cached.mixin'
    _description = 'Kept in the Cache of the Registry'

    #: Names of the fields that the cached values are made of; empty: any.
    _CACHED = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        if not self._CACHED or self._CACHED & vals.keys():
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _update_field_translations(self, field_name, *args, **kwargs):
        """A translation is no `write`."""
        result = super()._update_field_translations(field_name, *args, **kwargs)
        if not self._CACHED or field_name in self._CACHED:
            self.env.registry.clear_cache()
        return result
