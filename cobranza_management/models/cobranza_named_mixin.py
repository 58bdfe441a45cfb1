from odoo import api, models, tools


class CobranzaNamedMixin(models.AbstractModel):
    """Records of the configuration that screens do nothing with but name: their names are cached."""

    _name = 'cobranza.named.mixin'
    _inherit = ['cobranza.cached.mixin']
    _description = 'Named from the Cache'

    _CACHED = frozenset(('name',))

    @api.model
    @tools.ormcache('self.env.lang')
    def _cached_names(self):
        """Return {id: name} of every record, archived ones too, in the user's language."""
        everything_sudo = self.sudo().with_context(active_test=False)
        return {record.id: record.name for record in everything_sudo.search_fetch([], ['name'])}

    def _cached_name(self):
        """Return the name, '' of none; whoever may read what names the record may read its name."""
        return self._cached_names().get(self._origin.id, '')
