import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.error_policy import policy_for
from ..tools.phone_keys import digits_of
from ..tools.sender import Job
from .conflicts import insist

#: How many messages of the queue are claimed at once; a number's speed bounds it too.
BATCH = 200
#: One that has been on its way for longer was interrupted: whether it left is not known.
STALE = timedelta(minutes=15)
#: After so long without a word from WhatsApp, it has not got a message.
GRACE = timedelta(hours=24)


class CobranzaWhatsappMessage(models.Model):
    """A message of a conversation, in or out. What goes out is written down before it leaves.

    The API knows no second attempt from a first one. So a message whose answer did not come is "unknown" and never
    sent again by itself: its `uuid` travels with it and comes back with its status, which settles it.
    """

    _name = 'cobranza.whatsapp.message'
    _description = 'WhatsApp Message'
    _order = 'id desc'

    conversation_id = fields.Many2one(
        'cobranza.whatsapp.conversation', required=True, index=True, ondelete='cascade'
    )
    account_id = fields.Many2one(related='conversation_id.account_id', store=True, index=True)
    company_id = fields.Many2one(related='account_id.company_id', store=True)
    case_id = fields.Many2one(related='conversation_id.case_id')
    direction = fields.Selection(
        [('in', 'From the customer'), ('out', 'To the customer')], required=True
    )
    kind = fields.Char(required=True, default='text', help='As WhatsApp names it.')
    body = fields.Text()
    choice = fields.Char(help='The button or row that was pressed.')
    payload = fields.Json(help='What is sent: the content of the request.')
    uuid = fields.Char(required=True, default=lambda self: str(uuid.uuid4()), copy=False)
    external_id = fields.Char(string="WhatsApp's Reference", copy=False)
    answers_id = fields.Many2one(
        'cobranza.whatsapp.message', string='Answer To', index='btree_not_null', ondelete='set null'
    )
    reminder_id = fields.Many2one('cobranza.reminder', index='btree_not_null', ondelete='set null')
    template_id = fields.Many2one('cobranza.whatsapp.template', ondelete='set null')
    author_id = fields.Many2one('res.partner', ondelete='set null', help='Empty: it writes itself.')
    media_id = fields.Char(help='How WhatsApp keeps a file that a customer sent.')
    attachment_id = fields.Many2one('ir.attachment', ondelete='set null')
    sent_at = fields.Datetime()
    state = fields.Selection(
        [
            ('received', 'Received'),
            ('queued', 'Queued'),
            ('sending', 'Being sent'),
            ('unknown', 'Unknown'),
            ('sent', 'Sent'),
            ('delivered', 'Delivered'),
            ('read', 'Read'),
            ('failed', 'Failed'),
        ],
        required=True,
    )
    attempts = fields.Integer()
    next_attempt_at = fields.Datetime(default=fields.Datetime.now)
    error_code = fields.Integer()
    error = fields.Char()
    price_category = fields.Char()
    is_billable = fields.Boolean()
    cost = fields.Float(digits=(12, 6), help='By the price list of the number.')

    _unique_uuid = models.UniqueIndex('(uuid)')
    _unique_external = models.UniqueIndex('(external_id) WHERE external_id IS NOT NULL')
    _queue_idx = models.Index("(account_id, next_attempt_at, id) WHERE state = 'queued'")
    _sending_idx = models.Index("(write_date) WHERE state = 'sending'")

    #: How far a message has come; statuses arrive twice and out of order, and only move forward. What arrived after
    #: it had failed did arrive.
    _RANK = {
        'queued': 0,
        'sending': 1,
        'unknown': 1,
        'sent': 2,
        'failed': 3,
        'delivered': 4,
        'read': 5,
    }
    #: The names statuses have, and the states they mean.
    _STATUS = {name: name for name in ('sent', 'delivered', 'read', 'failed')} | {'played': 'read'}

    # === THE QUEUE: ANSWERS, OF THE BOT AND OF PEOPLE === #

    @api.model
    def _cron_send(self):
        """Send what waits, number by number, a batch a transaction; several workers share it without waiting."""
        self._settle_interrupted()
        self._give_back_lost()
        commit = self.env['ir.cron']._commit_progress
        commit(remaining=self.search_count(self._due_domain()))
        for account in self.env['cobranza.whatsapp.account'].search([('state', '=', 'ready')]):
            while not account._is_paused() and (batch := self._claim(account)):
                batch._send_claimed(account)
                if not commit(len(batch)):
                    return

    @api.model
    def _due_domain(self):
        """Return the Domain of messages that may leave now; those behind one that waits for its retry wait with it."""
        now, queued = fields.Datetime.now(), Domain('state', '=', 'queued')
        later = queued & Domain('next_attempt_at', '>', now)
        return (
            queued
            & Domain('next_attempt_at', '<=', now)
            & Domain('account_id.state', '=', 'ready')
            & (
                Domain('account_id.paused_until', '=', False)
                | Domain('account_id.paused_until', '<=', now)
            )
            & Domain('conversation_id', 'not any', [('message_ids', 'any', later)])
        )

    @api.model
    def _claim(self, account):
        """Lock messages of the number that no other worker has, of people whom no other worker is writing to."""
        due = self._search(
            self._due_domain() & Domain('account_id', '=', account.id),
            order='id',
            limit=min(BATCH, account.rate),
        )
        rows = self.env.execute_query(
            SQL('%s FOR UPDATE OF %s SKIP LOCKED', due.select(), SQL.identifier(self._table))
        )
        claimed = self.browse(row[0] for row in rows)
        talks = claimed.conversation_id.try_lock_for_update()
        return claimed.filtered(lambda message: message.conversation_id in talks)

    def _send_claimed(self, account):
        """Commit that these messages are on their way, send them, and write down what became of each."""
        late = self.filtered(
            lambda m: m.kind != 'template' and not m.conversation_id.is_window_open
        )
        too_late = self.env._('more than 24 hours since they wrote')
        late.write({'state': 'failed', 'error': too_late})
        for message in late:
            message._tell_author(too_late)
        going = self - late
        going.write({'state': 'sending'})
        self.env['ir.cron']._commit_progress()
        with account._sender() as sender:
            outcomes = sender.finish(sender.start(going._chains(account)))
        insist(self.env, lambda: going._record(outcomes))

    def _chains(self, account):
        """Return the jobs of these messages: those to one person in a chain, in their order."""
        places = iter(account._reserve(len(self)))
        return [
            [message._job(next(places)) for message in mine.sorted('id')]
            for mine in self.grouped('conversation_id').values()
        ]

    def _job(self, at):
        return Job(self.uuid, self._request(), at)

    def _request(self):
        """Return the body of the request that sends the message."""
        talk = self.conversation_id
        to = talk.phone or digits_of(self.reminder_id.address)
        receiver = {'to': to} if to else {'recipient': talk.user_key}
        return {**receiver, **self.payload, 'biz_opaque_callback_data': self.uuid}

    @api.model
    def _settle_interrupted(self):
        """Mark messages whose worker died before it could write down what became of them."""
        stale = fields.Datetime.now() - STALE
        self.search([('state', '=', 'sending'), ('write_date', '<', stale)]).write(
            {'state': 'unknown'}
        )

    @api.model
    def _give_back_lost(self):
        """Give back to the outbox what certainly never left.

        WhatsApp tells of every message it has taken. Of one it has told nothing of for a day, though it has been
        telling of others, it knows nothing.
        """
        before = fields.Datetime.now() - GRACE
        silent = self.search(
            [
                ('direction', '=', 'out'),
                ('external_id', '=', False),
                ('reminder_id.state', '=', 'unknown'),
                ('state', '=', 'unknown'),
                ('create_date', '<', before),
            ]
        )
        for account, messages in silent.grouped('account_id').items():
            tells = self.env['cobranza.whatsapp.event'].search_count(
                [
                    ('account_id', '=', account.id),
                    ('create_date', '>', before),
                    ('kind', '=', 'status'),
                ],
                limit=1,
            )
            if tells:
                messages.write({'state': 'failed', 'error': self.env._('it never left')})
                messages.reminder_id._close_questions()
                messages.reminder_id._leave_again()

    # === WHAT BECAME OF THEM === #

    def _record(self, outcomes):
        """Write down what the API answered.

        :param outcomes: list of tools.sender.Outcome whose keys are the `uuid` of these messages
        """
        mine, before = {message.uuid: message for message in self}, self.browse()
        for outcome in outcomes:
            message = mine[outcome.key]
            if outcome.state == 'waiting':
                message._wait_for_message(before)
                continue
            message.attempts += 1
            getattr(message, f'_on_{outcome.state}')(outcome)
            before = message
        if any(outcome.state == 'sent' for outcome in outcomes):
            self.account_id.filtered('pauses').write({'pauses': 0})

    def _on_sent(self, outcome):
        """Remember the reference; a status may have been quicker than the answer."""
        self.write(
            {'external_id': outcome.external_id, 'sent_at': fields.Datetime.now(), 'error': False}
        )
        self._advance('sent')
        talk = self.conversation_id
        if outcome.receiver and talk.phone != outcome.receiver and talk.phone:
            talk.phone = outcome.receiver

    def _on_unknown(self, outcome):
        self.write({'state': 'unknown', 'error': outcome.message})
        self.reminder_id._lose_track()

    def _wait_for_message(self, before):
        """Stay behind the one before it, to the same person, that did not go."""
        self.write({'state': 'queued', 'next_attempt_at': before.next_attempt_at})

    def _on_unreached(self, outcome):
        self._on_error(1, outcome.message, 503)

    def _on_refused(self, outcome):
        self._on_error(outcome.code, outcome.message, outcome.http_status)

    def _on_error(self, code, words, http_status=0):
        """Do what the table of errors says. A message of the outbox is written again, with what is owed by then."""
        policy = policy_for(code, http_status)
        wait = self._wait_for(policy)
        again = wait is not None and not self.reminder_id
        self.write(
            {
                'error': words,
                'error_code': code,
                'state': 'queued' if again else 'failed',
                'next_attempt_at': fields.Datetime.now() + timedelta(seconds=wait or 0),
            }
        )
        self._act_on(policy, wait, words)
        self.reminder_id._whatsapp_refused(policy, wait, words)
        if not again:
            self._tell_author(words)

    def _tell_author(self, words):
        """Tell the person whose words did not arrive, where they wrote them."""
        talk = self.conversation_id
        if self.author_id and not self.reminder_id and talk.channel_id:
            talk._note(self.env._('Not delivered: "%(text)s" (%(why)s)', text=self.body, why=words))

    def _wait_for(self, policy):
        """Return the seconds until the next attempt, None when there is none."""
        if policy.action == 'pause':
            return policy.wait(min(self.account_id.pauses + 1, len(policy.waits)))
        attempts = self.reminder_id.attempts + 1 if self.reminder_id else self.attempts
        return policy.wait(max(attempts, 1))

    def _act_on(self, policy, wait, words):
        """Take the consequences that go beyond the message itself."""
        handler = getattr(self, f'_on_policy_{policy.action}', None)
        if handler:
            handler(wait, words)

    def _on_policy_pause(self, wait, _words):
        if not self.account_id._is_paused():
            self.account_id._pause(wait)

    def _on_policy_stop(self, _wait, words):
        self.account_id._stop(words)

    def _on_policy_fix_template(self, _wait, words):
        self.template_id._block(words)

    def _on_policy_opt_out(self, _wait, words):
        self.conversation_id._opt('out', words)

    # === STATUSES === #

    @api.model
    def _of_status(self, status):
        """Return the message a status is about: by its reference, else by the uuid that went with it."""
        return self._of_reference(status.get('id')) or self._of_reference(
            status.get('biz_opaque_callback_data'), 'uuid'
        )

    @api.model
    def _of_reference(self, reference, field='external_id'):
        """Return the message of a reference; none of an empty one, which many have."""
        return self.search([(field, '=', reference)]) if reference else self.browse()

    def _is_being_sent(self):
        """Tell whether its sender is about to write down the answer; afterwards its status counts."""
        return self.state == 'sending' and self.reminder_id.state in ('sending', False)

    def _follow(self, status):
        """Follow a status, however late or often it comes."""
        self.ensure_one()
        if not self.external_id:
            self.external_id = status.get('id')
        self._note_price(status.get('pricing') or {})
        state = self._STATUS.get(status.get('status'))
        if state == 'failed':
            self._follow_failure((status.get('errors') or [{}])[0])
        elif state:
            self._advance(state)

    def _note_price(self, pricing):
        category = pricing.get('category')
        if category and not self.price_category:
            country = self.conversation_id.partner_id.country_id
            prices = self.account_id.price_ids
            billable = bool(pricing.get('billable'))
            self.write(
                {
                    'cost': prices._of_message(category, country) if billable else 0,
                    'is_billable': billable,
                    'price_category': category,
                }
            )

    def _advance(self, state):
        """Move forward to `state`; a status that would move it backwards is ignored."""
        if self._RANK.get(self.state, 9) < self._RANK[state]:
            self.state = state
            self.reminder_id._whatsapp_came_through(state, self)

    def _follow_failure(self, error):
        """React to a message that was accepted and then failed; one that has arrived cannot fail any more."""
        if self._RANK.get(self.state, 9) >= self._RANK['failed']:
            return
        details = (error.get('error_data') or {}).get('details')
        words = ': '.join(filter(None, (error.get('message') or error.get('title'), details)))
        code = int(error.get('code') or 0)
        policy = policy_for(code) if code else policy_for(131026)
        self.write({'state': 'failed', 'error': words, 'error_code': code})
        self.attempts = max(self.attempts, 1)
        wait = self._wait_for(policy)
        self._act_on(policy, wait, words)
        self.reminder_id._whatsapp_refused(policy, wait, words, had_left=True)
        self._tell_author(words)
