import ast
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from ..tools.placeholders import one_stop

#: A mail server out of reach is tried again this often, after 2, 4, 8… times so many minutes.
MAX_ATTEMPTS, RETRY_MINUTES = 5, 15


class CobranzaReminder(models.Model):
    """A message of the outbox: decided by the daily cycle, sent by the dispatcher, followed to its end.

    No role may write one: people press its buttons, which look at who they are and write as the system.
    """

    _name = 'cobranza.reminder'
    _inherit = ['cobranza.columns.mixin']
    _description = 'Collection Message'
    _order = 'date desc, id desc'
    _rec_name = 'partner_id'

    case_id = fields.Many2one('cobranza.case', required=True, index=True, ondelete='restrict')
    company_id = fields.Many2one('res.company', required=True)
    partner_id = fields.Many2one('res.partner', string='Debtor', required=True)
    user_id = fields.Many2one(related='case_id.user_id', string='Collector', store=False)
    date = fields.Date(required=True, help='The day it was decided.')
    step_id = fields.Many2one('cobranza.strategy.step', ondelete='set null')
    step_name = fields.Char(help='Kept when the step is deleted.')
    strategy_id = fields.Many2one('cobranza.strategy', ondelete='set null')
    item_ids = fields.One2many(
        comodel_name='cobranza.reminder.item', inverse_name='reminder_id', string='Items'
    )
    currency_id = fields.Many2one('res.currency', required=True)
    amount = fields.Monetary(help='Claimed, in company currency; read again when it is sent.')
    state = fields.Selection(
        [
            ('review', 'To approve'),
            ('queued', 'Queued'),
            ('held', 'Held'),
            ('refused', 'Waiting for its hour'),
            ('sending', 'Being sent'),
            ('ready', 'With a collector'),
            ('sent', 'Sent'),
            ('delivered', 'Delivered'),
            ('read', 'Read'),
            ('replied', 'Answered'),
            ('failed', 'Failed'),
            ('unknown', 'Unknown'),
            ('cancelled', 'Not sent'),
        ],
        required=True,
        default='queued',
    )
    reason_code = fields.Selection(selection='_reason_selection')
    reason_detail = fields.Char()
    law = fields.Char(string='Legal Reference')
    reason = fields.Char(compute='_compute_reason', help='Why it has not been sent, in words.')
    next_attempt_at = fields.Datetime(
        string='Goes Out At', required=True, default=fields.Datetime.now
    )
    attempts = fields.Integer()
    channel = fields.Selection(selection=lambda self: self.env['cobranza.channel']._selection())
    tried_channels = fields.Char(help='Channels that failed; the next of the step is used.')
    contact_id = fields.Many2one('res.partner', string='Written To')
    address = fields.Char()
    sent_at = fields.Datetime()
    external_id = fields.Char(index='btree_not_null', help="The provider's reference.")
    mail_message_id = fields.Many2one('mail.message', index='btree_not_null', ondelete='set null')
    activity_id = fields.Many2one('mail.activity', index='btree_not_null', ondelete='set null')
    letter_subject = fields.Char()
    letter_body = fields.Html()
    letter_address = fields.Text()
    body_preview = fields.Char()

    is_folded = fields.Boolean(
        string='From a Merged Debtor',
        readonly=True,
        help='Came with a debtor merged into this one, who had a message on the same day.',
    )

    # One message per debtor and day, whatever the number of workers.
    _one_a_day = models.UniqueIndex(
        "(case_id, date) WHERE state NOT IN ('cancelled', 'failed') AND is_folded IS NOT TRUE",
        'This debtor already has a message for that day.',
    )
    # What the dispatcher looks for.
    _due_idx = models.Index("(next_attempt_at, id) WHERE state IN ('queued', 'held', 'refused')")

    #: How far a message has come: statuses arrive twice and out of order, and only move forward.
    _STATE_RANK = {
        'review': 0,
        'queued': 1,
        'held': 1,
        'refused': 1,
        'sending': 2,
        'unknown': 2,
        'ready': 3,
        'sent': 3,
        'delivered': 4,
        'read': 5,
        'replied': 6,
    }
    #: Done, as far as the house can.
    _EXECUTED = ('sent', 'delivered', 'read', 'replied')
    #: Not yet out of the house.
    _WAITING = ('review', 'queued', 'held', 'refused')

    @api.model
    def _reason_selection(self):
        """Return the reasons as sentences with a slot for the detail."""
        return [
            ('holiday', self.env._('today is a holiday where they live: %s')),
            ('hours', self.env._('outside contact hours')),
            ('spacing', self.env._('contacted less than %s days ago')),
            ('cap_day', self.env._('already contacted %s time(s) today')),
            ('cap_week', self.env._('already contacted %s time(s) this week')),
            ('opt_out', self.env._('asked not to be contacted this way %s')),
            ('hold', self.env._('on hold: %s')),
            ('settled', self.env._('nothing is owed any more')),
            ('promised', self.env._('there is a live promise')),
            ('below_minimum', self.env._('what is owed is below the smallest claim')),
            ('payment_pending', self.env._('a payment is in process: %s')),
            ('transaction_pending', self.env._('an online payment is pending: %s')),
            ('bank_line', self.env._('money in the bank looks like theirs: %s')),
            ('locked', self.env._('somebody is registering a payment')),
            (
                'no_address',
                self.env._('no address to write or call to on any channel of the step %s'),
            ),
            ('no_template', self.env._('the step has no template: %s')),
            ('no_channel', self.env._('the step has no channel')),
            ('delivery', self.env._('could not be delivered: %s')),
            ('mail_server', self.env._('the mail server did not take it: %s')),
            ('rejected', self.env._('not approved')),
            ('superseded', self.env._('a later step took its place')),
            ('neutralized', self.env._('this database is a copy for tests')),
            (
                'crashed',
                self.env._('it was interrupted while being sent; the provider may have it'),
            ),
        ]

    @api.depends('reason_code', 'reason_detail', 'law', 'next_attempt_at', 'state')
    @api.depends_context('lang', 'tz')
    def _compute_reason(self):
        sentences = dict(self._reason_selection())
        for reminder in self:
            reminder.reason = reminder._reason_in_words(sentences)

    def _reason_in_words(self, sentences):
        self.ensure_one()
        if not self.reason_code:
            return ''
        text = sentences[self.reason_code].replace('%s', self.reason_detail or '').strip()
        if self.law:
            text = f'{text} ({self.law})'
        if self.state in ('held', 'refused'):
            sentence = self.env._(
                'Not sent: %(reason)s. Next try: %(when)s.',
                reason=text,
                when=format_datetime(self.env, self.next_attempt_at, dt_format='short'),
            )
        else:
            sentence = self.env._('Not sent: %(reason)s.', reason=text)
        return one_stop(sentence)

    # === STATE === #

    def _stop(self, state, code, detail='', law='', next_at=None):
        """Keep the messages back, with the reason and the next moment they may go."""
        values = {'state': state, 'reason_code': code, 'reason_detail': detail, 'law': law}
        if next_at:
            values['next_attempt_at'] = next_at
        self.write(values)

    def _advance(self, state):
        """Move forward to `state`; a status that would move a message backwards is ignored."""
        rank = self._STATE_RANK
        ahead = self.filtered(lambda reminder: rank.get(reminder.state, 99) < rank[state])
        ahead.write({'state': state, 'reason_code': False, 'reason_detail': False, 'law': False})

    def _channel_failed(self, code, detail):
        """Use the step's next channel, or stop with the reason and tell the collector."""
        for reminder in self:
            tried = [*(reminder.tried_channels or '').split(), reminder.channel or '']
            reminder.write(
                {'tried_channels': ' '.join(filter(None, tried)), 'attempts': reminder.attempts + 1}
            )
        again = self.filtered(lambda reminder: reminder._channels_left())
        again._stop('queued', code, detail, next_at=fields.Datetime.now())
        (self - again)._fail(code, detail)

    def _mail_failed(self, failure_type, detail):
        """React to Odoo's mail queue: a server out of reach is tried again, a refused address is not.

        The mails are withdrawn first, so that nobody can send them beside their successors, and the contact log
        learns that they did not arrive. The number of statements does not depend on the number of messages.
        """
        self._withdraw_mails()
        self._correct_log(detail or failure_type)
        again = self.filtered(
            lambda reminder: failure_type == 'mail_smtp' and reminder.attempts < MAX_ATTEMPTS
        )
        now = fields.Datetime.now()
        for attempts, reminders in again.grouped('attempts').items():
            wait = timedelta(minutes=RETRY_MINUTES * 2 ** (attempts + 1))
            reminders.attempts = attempts + 1
            reminders._stop('held', 'mail_server', detail, next_at=now + wait)
        (self - again)._channel_failed('delivery', detail or failure_type)

    def _withdraw_mails(self):
        """Cancel what Odoo's mail queue still has of these messages."""
        self.env['mail.mail'].sudo().search(
            [
                ('mail_message_id', 'in', self.mail_message_id.ids),
                ('state', 'in', ('outgoing', 'exception')),
            ]
        ).write({'state': 'cancel'})

    def _correct_log(self, why):
        """Append to the contact log that these messages, sent as it says there, did not arrive."""
        Contact = self.env['cobranza.interaction'].sudo()
        contacts = Contact.search(
            [('reminder_id', 'in', self.ids), ('message_id', 'in', self.mail_message_id.ids)]
        )
        Contact._correct(dict.fromkeys(contacts, why))

    def _channels_left(self):
        """Return the step's channels that have not failed and can carry its words, in order."""
        tried = (self.tried_channels or '').split()
        # asked in the company of the message: a job works for all of them
        Channel = self.with_company(self.company_id).env['cobranza.channel']
        return self.step_id.channel_ids.filtered(
            lambda line: (
                line.channel not in tried
                and Channel._of_code(line.channel)._is_ready(line.template_id)
            )
        )

    def _fail(self, code, detail=''):
        """Stop for good and raise a task, so that nothing is lost in silence."""
        self._give_up(code, detail)
        self._tell_of_failure()

    def _give_up(self, code, detail=''):
        """Stop for good; whoever routes a batch tells of all its failures at once."""
        self._stop('failed', code, detail)

    def _tell_of_failure(self):
        """Raise a task about each of these messages that failed."""
        failed = self.filtered(lambda reminder: reminder.state == 'failed')
        if failed:
            failed._raise_task(self.env._('A message could not be sent'))

    def _lose_track(self):
        """Say "unknown" of messages that may or may not have left, and let a person find out."""
        self._stop('unknown', 'crashed')
        self._raise_task(self._question_summary())

    @api.model
    def _question_summary(self):
        return self.env._('Find out whether a message arrived')

    def _raise_task(self, summary):
        """Raise a task about each message with the reason it stopped for."""
        self.case_id._schedule(
            [
                {
                    'case': reminder.case_id,
                    'date': reminder.company_id._cobranza_today(),
                    'note': reminder._task_note(),
                    'summary': summary,
                    'type': 'mail.mail_activity_data_warning',
                }
                for reminder in self
            ]
        )

    def _task_note(self):
        """Return what the task about a message that stopped says."""
        return self.reason

    # === ACTIONS === #

    @api.model
    def action_view_calls(self):
        """Open the calls to make."""
        return self._own_first('cobranza_management.cobranza_reminder_action_calls')

    @api.model
    def action_view_visits(self):
        """Open the visits to make."""
        return self._own_first('cobranza_management.cobranza_reminder_action_visits')

    def _own_first(self, xmlid):
        """Return a list to work on: a collector starts with their own cases, a supervisor with everybody's."""
        action = self.env['ir.actions.act_window']._for_xml_id(xmlid)
        context = ast.literal_eval(action['context'])
        if not self.env.user.has_group('cobranza_management.group_supervisor'):
            context['search_default_mine'] = 1
        return {**action, 'context': context}

    def action_approve(self):
        """Let the messages go; the gate and the check of the debt still apply."""
        self._as_supervisor().filtered(lambda reminder: reminder.state == 'review').write(
            {'state': 'queued', 'next_attempt_at': fields.Datetime.now()}
        )
        self.env.ref('cobranza_management.ir_cron_dispatch_reminders')._trigger()

    def action_reject(self):
        """Do not send them; the step counts as taken, so it does not come back tomorrow."""
        reminders_sudo = self._as_supervisor()
        reminders_sudo.filtered(lambda reminder: reminder.state in self._WAITING)._stop(
            'cancelled', 'rejected'
        )

    def action_retry(self):
        """Try again, all channels included."""
        retried_sudo = self._as_supervisor().filtered(
            lambda reminder: reminder.state in ('failed', 'unknown', 'cancelled')
        )
        if not retried_sudo:
            raise UserError(self.env._('Only messages that were not sent can be tried again.'))
        retried_sudo._queue_again()

    def _queue_again(self):
        self.write(
            {'state': 'queued', 'next_attempt_at': fields.Datetime.now(), 'tried_channels': False}
        )
        self.env.ref('cobranza_management.ir_cron_dispatch_reminders')._trigger()

    def _as_supervisor(self):
        """Return the messages as the system writes them, once it is sure that a supervisor who sees them asks."""
        if not self.env.user.has_group('cobranza_management.group_supervisor'):
            raise AccessError(self.env._('Only a supervisor decides on messages.'))
        self.check_access('read')
        return self.sudo()

    def action_done(self):
        """The call was made, the letter posted; the collector may say so of their own cases."""
        done = self.filtered(lambda reminder: reminder.state == 'ready')
        done._carried_out()
        done._log_contacts()

    def action_print_letters(self):
        """Print the letters that wait, one PDF for all, and mark them sent."""
        letters = self.filtered(lambda reminder: reminder.letter_body)
        if not letters:
            raise UserError(self.env._('None of these messages is a letter.'))
        letters = letters._withdraw_outdated()
        if not letters:
            return {
                'type': 'ir.actions.client',
                'tag': 'display_notification',
                'params': {
                    'message': self.env._(
                        'Nothing to print: what they claim has changed, or their cases are on hold.'
                    )
                },
            }
        letters.action_done()
        return self.env.ref('cobranza_management.action_report_letter').report_action(
            letters,
            config=False,  # the letterhead is its own: nobody has a layout to choose first
        )

    def _withdraw_outdated(self):
        """Take back what waits with a collector about a debt that changed since it was written.

        A paid one is cancelled; another amount goes back to the queue, to be written again.

        :return: the messages that still stand, those already sent among them
        """
        waiting = self.sudo().filtered(lambda reminder: reminder.state == 'ready')
        for company, mine in waiting.grouped('company_id').items():
            claims, stopped = self.env['cobranza.truth.check'].sudo()._check(mine)
            outdated = mine.filtered(
                lambda r, claims=claims, company=company: (
                    r in claims
                    and not company.currency_id.is_zero(
                        sum(claim.company_amount for claim in claims[r]) - r.amount
                    )
                )
            )
            withdrawn = outdated + mine.browse(reminder.id for reminder in stopped)
            withdrawn.activity_id.unlink()
            mine._apply_findings(stopped)
            outdated.write({'state': 'queued', 'next_attempt_at': fields.Datetime.now()})
        return self.filtered(lambda reminder: reminder.state not in self._WAITING + ('cancelled',))
