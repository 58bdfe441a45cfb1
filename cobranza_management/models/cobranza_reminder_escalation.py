from odoo import api, fields, models


class CobranzaReminder(models.Model):
    """What a step sets in motion beside its message: the card moves, somebody is called in."""

    _inherit = 'cobranza.reminder'

    has_escalated = fields.Boolean(
        readonly=True,
        help='Whom its step names has been called in: once, however often it is tried again.',
    )

    @api.model
    def _reason_selection(self):
        return [
            *super()._reason_selection(),
            ('no_message', self.env._('the step sends nothing, it only moves the case on')),
        ]

    def _follow_step(self):
        """Move the cases to their step's stage and raise its escalation."""
        moves = {
            r.case_id.id: (r.step_id.target_stage_id.id,) for r in self if r.step_id.target_stage_id
        }
        self.env['cobranza.case']._write_columns(['stage_id'], moves)
        self._escalate()

    def _escalate(self):
        """Call in whom the steps of these messages name; each message does so once, and a step that repeats not again
        while its task is open.
        """
        calling = self.filtered(lambda r: r.step_id.escalate_to and not r.has_escalated)
        if calling:
            calling.has_escalated = True
            cases = calling.case_id._not_called_in(calling)
            cases._escalate(calling.filtered(lambda reminder: reminder.case_id in cases))

    def _tell_of_failure(self):
        """Escalate what could not be sent, too: whoever cannot be reached would stay where they are for ever."""
        super()._tell_of_failure()
        # what had left did so then
        self.filtered(lambda r: r.state == 'failed' and not r.sent_at)._escalate()

    # === STEPS THAT SEND NOTHING === #

    def _route(self, claims):
        """Let steps that send nothing do what else they do."""
        silent = self.browse(reminder.id for reminder in claims).filtered(
            lambda reminder: reminder._only_moves_on()
        )
        silent._move_on()
        return super()._route({r: owed for r, owed in claims.items() if r not in silent})

    def _only_moves_on(self):
        """Tell whether the step has no channel, but a stage or somebody to call in."""
        step = self.step_id
        return not step.channel_ids and bool(step.escalate_to or step.target_stage_id)

    def _move_on(self):
        """Do what the step does without a message, once the case is not on hold."""
        held = self.filtered('case_id.is_on_hold')
        held._wait_for_hold()
        moving = self - held
        moving._stop('cancelled', 'no_message')
        moving._follow_step()

    # === HOLDS === #

    def _choose_channels(self):
        """Give no message up while its case is on hold: whether it can leave is asked when that is over."""
        chosen = super()._choose_channels()
        self.filtered(lambda r: r.state == 'failed' and r.case_id.is_on_hold)._wait_for_hold()
        return chosen

    def _wait_for_hold(self):
        """Keep the messages back until the hold of their case is over."""
        for case, reminders in self.grouped('case_id').items():
            after = case._day_after(case.hold_until)
            reminders._stop('refused', 'hold', case.hold_reason, next_at=after)
