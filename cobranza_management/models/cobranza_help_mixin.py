from lxml import html
from markupsafe import Markup

from odoo import api, models


class CobranzaHelpMixin(models.AbstractModel):
    """Empty screens that offer only what the user may do: Odoo reads no groups in the help of an action."""

    _name = 'cobranza.help.mixin'
    _description = 'Help by Group'

    @api.model
    def _help_for_user(self, text):
        """Return a help without the buttons of actions that are for other groups."""
        if not text:
            return text
        tree = html.fragment_fromstring(text, create_parent='div')
        buttons = tree.xpath('.//a[@type="action"]')
        hidden = [button for button in buttons if not self._may_open(button.get('name'))]
        for button in hidden:
            alone = not button.getparent().text_content().replace(button.text_content(), '').strip()
            (button.getparent() if alone else button).drop_tree()
        if not hidden:
            return text
        return Markup('').join(Markup(html.tostring(part, encoding='unicode')) for part in tree)

    @api.model
    def _may_open(self, action_id):
        """Tell whether the user's groups may open a window action.

        :param str action_id: the digits a button carries as its name
        """
        action_sudo = self.env['ir.actions.act_window'].sudo().browse(int(action_id))
        groups = action_sudo.group_ids
        return not groups or bool(groups & self.env.user.all_group_ids)


class CobranzaCase(models.Model):
    _name = 'cobranza.case'
    _inherit = ['cobranza.case', 'cobranza.help.mixin']

    @api.model
    def get_empty_list_help(self, help_message):
        """Offer only what the user may do."""
        return self._help_for_user(super().get_empty_list_help(help_message))


class CobranzaRun(models.Model):
    _name = 'cobranza.run'
    _inherit = ['cobranza.run', 'cobranza.help.mixin']

    @api.model
    def get_empty_list_help(self, help_message):
        """Offer only what the user may do."""
        return self._help_for_user(super().get_empty_list_help(help_message))
