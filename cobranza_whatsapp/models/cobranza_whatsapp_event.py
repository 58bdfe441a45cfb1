import json
import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..tools.conflicts import CONFLICTS, MOST_CONFLICTS

_logger = logging.getLogger(__name__)

BATCH = 100
#: A status may be quicker than the answer to the request that sent the message; then it waits, so many seconds.
PARKED = (2, 10, 60, 600, 3600, 6 * 3600, 24 * 3600)
#: Handled ones are kept for so long, to know them again: WhatsApp repeats for up to seven days.
KEEP = timedelta(days=30)


class CobranzaWhatsappEvent(models.Model):
    """What WhatsApp told us: stored first, handled later, each once."""

    _name = 'cobranza.whatsapp.event'
    _description = 'WhatsApp Event'
    _order = 'id desc'

    key = fields.Char(required=True, readonly=True, help='The same for the same thing.')
    kind = fields.Char(required=True, readonly=True)
    number = fields.Char(readonly=True)
    business = fields.Char(readonly=True)
    account_id = fields.Many2one('cobranza.whatsapp.account', ondelete='cascade', readonly=True)
    payload = fields.Json(readonly=True)
    state = fields.Selection(
        [
            ('new', 'New'),
            ('done', 'Handled'),
            ('ignored', 'Nothing to Do'),
            ('failed', 'Failed'),
        ],
        default='new',
        required=True,
        readonly=True,
    )
    attempts = fields.Integer(readonly=True)
    next_attempt_at = fields.Datetime(default=fields.Datetime.now, readonly=True)
    error = fields.Char(readonly=True)

    _unique_key = models.UniqueIndex('(key)')
    _todo_idx = models.Index("(next_attempt_at, id) WHERE state = 'new'")

    #: Kinds of events and the methods that handle them; the others are kept and ignored.
    _HANDLERS = {
        'message': '_handle_message',
        'status': '_handle_status',
        'message_template_status_update': '_handle_template_status',
        'message_template_quality_update': '_handle_template_quality',
        'template_category_update': '_handle_template_category',
        'message_template_components_update': '_handle_template_components',
        'phone_number_quality_update': '_handle_number_quality',
        'account_update': '_handle_account_alert',
        'account_alerts': '_handle_account_alert',
        'user_preferences': '_handle_preferences',
    }

    # === STORING === #

    @api.model
    def _store(self, events, signers):
        """Store events, those that are known already left out, in one statement; return how many are new.

        :param events: list of tools.envelope.Event
        :param signers: list of Number whose app signed them; what is said of others is left out
        """
        numbers = {number.phone_id: number.id for number in signers}
        businesses = {number.business_id for number in signers}
        rows = [
            self._row(event, numbers)
            for event in events
            if (event.number in numbers if event.number else event.business in businesses)
        ]
        if not rows:
            return 0
        now = fields.Datetime.now()
        stored = self.env.execute_query(
            SQL(
                """INSERT INTO cobranza_whatsapp_event
                          (key, kind, number, business, account_id, payload,
                           state, attempts, next_attempt_at, create_date, write_date)
                   SELECT given.*, 'new', 0, %s, %s, %s FROM (VALUES %s) given
              ON CONFLICT (key) DO NOTHING RETURNING id""",
                *[now] * 3,
                SQL(', ').join(SQL('(%s, %s, %s, %s, %s::int, %s::jsonb)', *row) for row in rows),
            )
        )
        return len(stored)

    def _row(self, event, numbers):
        payload = json.dumps(event.payload)
        account_id = numbers.get(event.number)
        return event.key, event.kind, event.number, event.business, account_id, payload

    # === HANDLING === #

    @api.model
    def _cron_handle(self):
        """Handle what came, a batch a transaction; several workers share the queue without waiting.

        Whoever writes to a conversation at the same moment as somebody else is in conflict: what was handled before
        is committed, and the next transaction begins with that event. Nothing has left by then: answers are rows.
        """
        commit = self.env['ir.cron']._commit_progress
        commit(remaining=self.search_count(self._todo_domain()))
        conflicts = 0
        while conflicts < MOST_CONFLICTS and (events := self._claim(BATCH)):
            handled = events._handle_in_order()
            conflicts = 0 if handled else conflicts + 1
            if not commit(handled):
                break

    def _handle_in_order(self):
        """Handle these events up to the first that is in conflict; return how many were."""
        for number, event in enumerate(self):
            try:
                event._handle()
            except CONFLICTS:
                event._count_conflict()
                return number
        return len(self)

    def _count_conflict(self):
        """Begin again with it, but not for ever: what always conflicts is no conflict."""
        self.attempts += 1
        if self.attempts > MOST_CONFLICTS:
            self._fail('conflict')

    @api.model
    def _todo_domain(self):
        return [('state', '=', 'new'), ('next_attempt_at', '<=', fields.Datetime.now())]

    @api.model
    def _claim(self, limit):
        """Lock and return up to `limit` events that no other worker has, the oldest first."""
        todo = self._search(self._todo_domain(), order='id', limit=limit)
        rows = self.env.execute_query(
            SQL('%s FOR UPDATE OF %s SKIP LOCKED', todo.select(), SQL.identifier(self._table))
        )
        return self.browse(row[0] for row in rows)

    def _handle(self):
        """Handle one event; one that cannot be is kept with the reason, and stops no other."""
        self.ensure_one()
        handler = self._HANDLERS.get(self.kind)
        if not handler:
            self.state = 'ignored'
            return
        try:
            # left with everything written: a conflict shows here, and takes nothing else with it
            with self.env.cr.savepoint():
                done = getattr(self, handler)(self.payload or {})
        except (OperationalError, *CONFLICTS):
            raise  # somebody else was writing the same: it is tried again in the next transaction
        except Exception as error:
            _logger.warning('Event %s could not be handled', self.id, exc_info=True)
            self._fail(f'{type(error).__name__}: {error}'[:500])
        else:
            if done is None:
                self._park()
            else:
                self.write({'state': 'done' if done else 'ignored', 'error': False})

    def _fail(self, words):
        """Keep what could not be handled, and tell the managers: somebody may be waiting for an answer."""
        self.write({'state': 'failed', 'error': words})
        for account in self.account_id:
            account._alert(
                self.env._('Something that WhatsApp told us could not be handled'), words
            )

    def action_retry(self):
        """Handle again what could not be handled."""
        if not self.env.user.has_group('base.group_system'):
            raise AccessError(self.env._('Only the administrator of the server does that.'))
        failed_sudo = self.sudo().filtered(lambda event: event.state == 'failed')
        failed_sudo.write({'attempts': 0, 'next_attempt_at': fields.Datetime.now(), 'state': 'new'})
        self.env.ref('cobranza_whatsapp.ir_cron_handle')._trigger()

    def _park(self):
        """Come back later to what is about something not known yet."""
        attempts = self.attempts + 1
        if attempts > len(PARKED):
            self.write({'state': 'ignored', 'error': self.env._('about nothing of ours')})
            return
        next_at = fields.Datetime.now() + timedelta(seconds=PARKED[attempts - 1])
        self.write({'attempts': attempts, 'next_attempt_at': next_at})

    @api.autovacuum
    def _gc_events(self):
        """Forget what was handled long ago."""
        self.search(
            [('create_date', '<', fields.Datetime.now() - KEEP), ('state', '!=', 'new')],
            limit=10000,
        ).unlink()

    # Handlers return True when they did something, False for nothing to do, None to come back later.

    def _handle_status(self, status):
        message = self.env['cobranza.whatsapp.message']._of_status(status)
        if message and message.account_id != self.account_id:
            return False  # told by the app of another number
        if not message or message._is_being_sent():
            return None
        message._follow(status)
        return True

    def _handle_message(self, payload):
        if not self.account_id:
            return False
        return self.env['cobranza.whatsapp.message']._receive(self.account_id, payload)

    def _templates(self, payload):
        """Return the templates an event is about, of every number of its business."""
        return self.env['cobranza.whatsapp.template'].search(
            [
                ('account_id.business_id', '=', self.business),
                ('name', '=', payload.get('message_template_name')),
                ('language', '=', payload.get('message_template_language')),
            ]
        )

    def _handle_template_status(self, payload):
        templates, event = self._templates(payload), str(payload.get('event') or '').upper()
        templates.write(
            {'status': {'REINSTATED': 'APPROVED', 'UNARCHIVED': 'APPROVED'}.get(event, event)}
        )
        if event not in ('APPROVED', 'REINSTATED', 'PENDING'):
            for template in templates.filtered('template_id'):
                template.account_id._alert(
                    self.env._('Template %(name)s: %(event)s', name=template.name, event=event),
                    payload.get('reason') or '',
                )
        return bool(templates)

    def _handle_template_quality(self, payload):
        templates = self._templates(payload)
        templates.write({'quality': payload.get('new_quality_score') or 'UNKNOWN'})
        return bool(templates)

    def _handle_template_category(self, payload):
        """Stop a template that has become marketing: other prices, and whoever refuses those is not written to."""
        templates = self._templates(payload)
        category = str(payload.get('new_category') or '').upper()
        for template in templates.filtered(lambda template: template.category != category):
            template.category = category
            if category != 'UTILITY':
                template._block(self.env._('WhatsApp has moved it to %s', category))
        return bool(templates)

    def _handle_template_components(self, payload):
        templates = self._templates(payload)
        for template in templates:
            template._block(
                self.env._('its text has changed at WhatsApp: read the templates again')
            )
        return bool(templates)

    def _accounts(self):
        """Return the numbers an event is about: its own, else all of its business."""
        return self.account_id or self.env['cobranza.whatsapp.account'].search(
            [('business_id', '=', self.business)]
        )

    def _handle_number_quality(self, payload):
        accounts = self._accounts()
        shown = payload.get('display_phone_number')
        mine = accounts.filtered(lambda a: not shown or _digits(a.display_number) == _digits(shown))
        for account in mine:
            account._alert(
                self.env._('WhatsApp on the number: %s', payload.get('event') or ''),
                payload.get('current_limit') or '',
            )
            if str(payload.get('event')).upper() == 'FLAGGED':
                account.quality = 'RED'
        return bool(mine)

    def _handle_account_alert(self, payload):
        what = payload.get('event') or payload.get('alert_type') or ''
        info = payload.get('alert_info') if isinstance(payload.get('alert_info'), dict) else {}
        accounts = self._accounts()
        for account in accounts:
            account._alert(
                self.env._('WhatsApp on the account: %s', what or info.get('alert_type') or ''),
                info.get('alert_description') or '',
            )
        if str(what).upper() in ('DISABLED_UPDATE', 'ACCOUNT_DELETED'):
            accounts._stop(self.env._('WhatsApp has disabled the account'))
        return bool(accounts)

    def _handle_preferences(self, payload):
        """Follow who stops messages in WhatsApp itself. Whoever resumes them there has only taken that back.

        They are about marketing, so "resume" is no consent, and takes back no refusal that was said to us.
        """
        handled = False
        for wish in payload.get('user_preferences') or ():
            talk = self.env['cobranza.whatsapp.conversation']._of_sender(
                self._accounts()[:1], {'user_id': wish.get('user_id')}, wish.get('wa_id') or ''
            )
            talk._link_debtor()
            if wish.get('value') == 'stop':
                talk._opt('out', wish.get('detail') or 'WhatsApp')
                handled = True
        return handled


def _digits(number):
    return ''.join(filter(str.isdigit, number or ''))
