import logging
from datetime import timedelta

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

#: A message that comes back more often than a step has channels goes nowhere.
MOST_PASSES = 10
#: Hours after which it is tried again.
SET_BACK_HOURS = 1


class CobranzaReminder(models.Model):
    """Messages that dispatch claims again and again step aside, so that the queue behind them moves."""

    _inherit = 'cobranza.reminder'

    @api.model
    def _reason_selection(self):
        return [
            *super()._reason_selection(),
            ('stuck', self.env._('it could not be processed; an administrator should look at it')),
        ]

    def _set_back(self, passes):
        """Count a pass of these messages, and hold for a while those that never get anywhere.

        :param Counter passes: {message id: times claimed in this run}, updated
        """
        passes.update(self.ids)
        stuck = self.filtered(lambda reminder: passes[reminder.id] >= MOST_PASSES)
        stuck = stuck.filtered_domain(self._due_domain()) if stuck else stuck
        if stuck:
            _logger.error('Messages that go nowhere are set back: %s', stuck.ids)
            wait = timedelta(hours=SET_BACK_HOURS)
            stuck._stop('held', 'stuck', next_at=fields.Datetime.now() + wait)
