from odoo import fields, models
from odoo.tools import html2plaintext


class CobranzaChannel(models.AbstractModel):
    """Channels that a person carries out: the message is an activity with what to say."""

    _inherit = 'cobranza.channel'

    def _task_of(self, letter):
        """Return the note, summary and type (xml id) of the activity for a letter."""
        raise NotImplementedError  # only channels that deliver tasks have one

    def _deliver_as_tasks(self, letters):
        """Give each letter's collector an activity for today, in one batch."""
        cases = self.env['cobranza.case'].union(*(letter.reminder.case_id for letter in letters))
        today = fields.Date.context_today(self)
        activities = cases._schedule(
            [
                {'case': letter.reminder.case_id, 'date': today, **self._task_of(letter)}
                for letter in letters
            ]
        )
        return {
            letter.reminder: {
                'activity_id': activity.id,
                'body_preview': html2plaintext(letter.body)[:200],
            }
            for letter, activity in zip(letters, activities)
        }
