from odoo import api, models


class CobranzaChannel(models.AbstractModel):
    """What screens know of a channel."""

    _inherit = 'cobranza.channel'

    #: Font Awesome icons by channel; one that is not here gets a speech bubble.
    _ICONS = {
        'email': 'fa-envelope-o',
        'letter': 'fa-file-text-o',
        'phone': 'fa-phone',
        'sms': 'fa-commenting-o',
        'visit': 'fa-map-marker',
        'whatsapp': 'fa-whatsapp',
    }

    @api.model
    def _icon_of(self, code):
        """Return the icon of the channel `code`."""
        return self._ICONS.get(code, 'fa-comment-o')

    @api.model
    def _is_written(self):
        """Tell whether a person may write its messages by hand."""
        return not self._needs_person


class CobranzaChannelLetter(models.AbstractModel):
    _inherit = 'cobranza.channel.letter'

    @api.model
    def _is_written(self):
        """A letter waits for whoever prints it, and is words all the same."""
        return True
