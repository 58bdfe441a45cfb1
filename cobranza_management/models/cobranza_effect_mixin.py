from odoo import api, fields, models
from odoo.exceptions import AccessError


class CobranzaEffectMixin(models.AbstractModel):
    """Records that a contact set in motion: they know it, so that they go with it when it was noted wrongly."""

    _name = 'cobranza.effect.mixin'
    _description = 'What a Contact Sets in Motion'

    interaction_id = fields.Many2one(
        'cobranza.interaction',
        string='Came of the Contact',
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='set null',
    )

    @api.model
    def default_get(self, fields):
        """Leave the contact to the outcome: nobody's default names one."""
        return super().default_get([name for name in fields if name != 'interaction_id'])

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_contact({name for vals in vals_list for name in vals})
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_contact(vals)
        return super().write(vals)

    def _refuse_contact(self, names):
        """Keep the contact out of people's hands: correcting it takes back what came of it."""
        if not self.env.su and 'interaction_id' in names:
            raise AccessError(self.env._('What came of a contact is not edited.'))

    def _comes_of(self, contact):
        """Write down which contact they came of, if any."""
        if contact:
            self.sudo().interaction_id = contact

    def _take_back(self):
        """Undo them, as superuser, where that is still possible.

        :return: (what was undone, what stays and has to be mentioned): lists of words for the middle of a sentence
        """
        raise NotImplementedError  # each model knows when it is too late
