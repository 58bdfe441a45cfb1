from odoo import fields, models


class CobranzaReturnedLetterWizard(models.TransientModel):
    """Say why letters came back."""

    _name = 'cobranza.returned.letter.wizard'
    _description = 'Letters That Came Back'

    reminder_ids = fields.Many2many('cobranza.reminder', string='Letters', required=True)
    why = fields.Selection(
        [
            ('unknown', 'Unknown at this address'),
            ('moved', 'Moved away'),
            ('incomplete', 'Incomplete address'),
            ('unclaimed', 'Not collected'),
            ('refused', 'Refused'),
        ],
        string='Reason',
        required=True,
        default='unknown',
    )

    #: The address is right: only nobody took the letter.
    _GOOD_ADDRESS = ('unclaimed', 'refused')

    def action_confirm(self):
        """Mark the letters and their addresses."""
        label = dict(self._fields['why']._description_selection(self.env))[self.why]
        self.reminder_ids._letter_returned(label, self.why not in self._GOOD_ADDRESS)
        return {'type': 'ir.actions.act_window_close'}
