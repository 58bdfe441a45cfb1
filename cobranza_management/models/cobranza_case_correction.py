from odoo import fields, models
from odoo.tools import format_amount, format_date


class CobranzaPromise(models.Model):
    _name = 'cobranza.promise'
    _inherit = ['cobranza.promise', 'cobranza.effect.mixin']

    def _take_back(self):
        """Withdraw those that are live; older ones that had given way to them count again."""
        live = self.filtered(lambda promise: promise.state in self._LIVE)
        stays = self.filtered(lambda promise: promise.state in self._JUDGED)
        older = self.search([('replaced_by_id', 'in', live.ids), ('state', '=', 'cancelled')])
        live._cancel('withdrawn')
        for promise in older:
            # one beyond the policy is looked at once more
            state = 'review' if promise.review_reason else 'open'
            promise.write({'cancel_reason': False, 'replaced_by_id': False, 'state': state})
        self._on_judged({promise: ('cancelled', promise.state) for promise in older})
        older.filtered(lambda promise: promise.state == 'review')._alert('review')
        self._judge_cases(older.case_id)
        return [one._in_words() for one in live], [one._in_words() for one in stays]

    def _in_words(self):
        return self.env._(
            'the promise of %(amount)s for %(day)s',
            amount=format_amount(self.env, self.amount, self.currency_id),
            day=format_date(self.env, self.date),
        )


class CobranzaDispute(models.Model):
    _name = 'cobranza.dispute'
    _inherit = ['cobranza.dispute', 'cobranza.effect.mixin']

    withdrawal = fields.Selection(selection_add=[('mistake', 'It was noted by mistake')])

    def _take_back(self):
        """Withdraw those that nobody has decided yet."""
        fresh = self.filtered(lambda d: d.waits_for == 'decision' and not d.credit_move_id)
        fresh._close('withdrawn', amount_accepted=0, withdrawal='mistake')
        stays = self.filtered(lambda dispute: dispute.state != 'withdrawn')
        return [one._in_words() for one in fresh], [one._in_words() for one in stays]

    def _in_words(self):
        return self.env._('the dispute of %s', self.line_id.cobranza_document or '')


class CobranzaHold(models.Model):
    _name = 'cobranza.hold'
    _inherit = ['cobranza.hold', 'cobranza.effect.mixin']

    def _take_back(self):
        """End those in force."""
        live = self.filtered(
            lambda hold: hold.filtered_domain(hold._live_domain(hold.company_id._cobranza_today()))
        )
        live.action_release()
        return [
            self.env._('the hold until %s', format_date(self.env, hold.until)) for hold in live
        ], []


class CobranzaWrongAddress(models.Model):
    _name = 'cobranza.wrong.address'
    _inherit = ['cobranza.wrong.address', 'cobranza.effect.mixin']

    def _take_back(self):
        """Let them be used again."""
        words = [self.env._('the stop of %s', wrong.address) for wrong in self]
        self.unlink()
        return words, []


class MailActivity(models.Model):
    """Odoo's model: its field has a name of our own, and whoever may write a task may delete it anyway."""

    _inherit = 'mail.activity'

    cobranza_interaction_id = fields.Many2one(
        'cobranza.interaction',
        string='Came of the Contact',
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='set null',
    )

    def _cobranza_take_back(self):
        """Remove the tasks that are still to be done; return the words as other effects do."""
        words = {task: self.env._('the task "%s"', task.summary) for task in self}
        waiting = self.filtered('active')
        waiting_words = [words.pop(task) for task in waiting]
        waiting.unlink()
        return waiting_words, list(words.values())


class CobranzaReminder(models.Model):
    _inherit = 'cobranza.reminder'

    def _carried_out_by_mistake(self):
        """The call was not made after all: it waits for its collector again."""
        made = self.filtered(lambda reminder: reminder.state == 'sent')
        made.write({'state': 'ready', 'sent_at': False})
        made.activity_id.action_unarchive()


class CobranzaCase(models.Model):
    """Taking back what a contact set in motion, when it is noted again with another outcome."""

    _inherit = 'cobranza.case'

    def _take_back(self, contact):
        """Undo what came of a contact that was noted wrongly.

        :return: sentences that say what was taken back, and for what it is too late
        """
        self.ensure_one()
        self._recall_callback(contact)
        self._recall_refusal(contact)
        undone, stays = [], []
        for gone, left in self._take_back_each(contact):
            undone += gone
            stays += left
        if self._were_invoices_sent(contact):
            stays.append(self.env._('the e-mail with the invoices'))
        told = []
        if undone:
            told.append(self.env._('Taken back: %s.', ', '.join(undone)))
        if stays:
            told.append(self.env._('Too late to take back: %s.', ', '.join(stays)))
        return told

    def _take_back_each(self, contact):
        """Take back each kind of effect of a contact: pairs of lists of words, what was undone and what stays."""
        mine = [('interaction_id', '=', contact.id)]
        for name in ('promise', 'dispute', 'hold', 'wrong.address'):
            yield self.env[f'cobranza.{name}'].sudo().search(mine)._take_back()
        tasks_sudo = self.env['mail.activity'].sudo().with_context(active_test=False)
        yield tasks_sudo.search(
            [('cobranza_interaction_id', '=', contact.id)]
        )._cobranza_take_back()

    def _recall_callback(self, contact):
        """Forget the call that was agreed in this contact, its task goes with the others; one that it ended stands."""
        if self.callback_activity_id.sudo().cobranza_interaction_id == contact:
            self._write_columns(['callback_at'], {self.id: (None,)})
        ended = contact.ended_call_at
        if ended and ended > fields.Datetime.now() and not self.callback_at:
            self._agree_call(ended)

    def _recall_refusal(self, contact):
        """Set the last refusal to the latest of the others that was not corrected."""
        if contact.outcome_id.effect != 'refuses':
            return
        others = [
            ('case_id', '=', self.id),
            ('id', '!=', contact.id),
            ('outcome_id.effect', '=', 'refuses'),
            ('replaced_by_ids', '=', False),
        ]
        last = contact.search(others, limit=1)
        day = last and fields.Datetime.context_timestamp(self, last.date).date()
        self._write_columns(['refused_date'], {self.id: (day or None,)})

    def _were_invoices_sent(self, contact):
        """Tell whether an e-mail left with the contact: the log knows what it came of."""
        return bool(contact.search_count([('came_of_id', '=', contact.id)], limit=1))
