from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.phone_keys import digits_of, phone_key, spellings

#: After what a customer writes, anything may be answered for so long; later only templates.
WINDOW = timedelta(hours=24)


class CobranzaWhatsappConversation(models.Model):
    """What one person and one of our numbers write to each other."""

    _name = 'cobranza.whatsapp.conversation'
    _description = 'WhatsApp Conversation'
    _order = 'last_message_at desc, id desc'
    _rec_name = 'display_name'

    account_id = fields.Many2one(
        'cobranza.whatsapp.account', required=True, readonly=True, ondelete='restrict'
    )
    company_id = fields.Many2one(related='account_id.company_id', store=True)
    user_key = fields.Char(
        string='WhatsApp User',
        readonly=True,
        help='How WhatsApp knows them, whatever their number.',
    )
    phone = fields.Char(readonly=True, help='As WhatsApp writes it; some people hide theirs.')
    phone_key = fields.Char(readonly=True)
    profile_name = fields.Char(readonly=True)
    contact_id = fields.Many2one('res.partner', index='btree_not_null', ondelete='set null')
    case_id = fields.Many2one('cobranza.case', index='btree_not_null', ondelete='set null')
    partner_id = fields.Many2one(related='case_id.partner_id', string='Debtor', store=True)
    user_id = fields.Many2one('res.users', string='Answered By', index='btree_not_null')
    handler = fields.Selection(
        [('bot', 'Answered by itself'), ('person', 'With a person')],
        default='bot',
        required=True,
        readonly=True,
    )
    hand_over_reason = fields.Char(readonly=True)
    bot_state = fields.Json(readonly=True)
    verified_until = fields.Datetime(readonly=True)
    is_opted_out = fields.Boolean(string='Wants No Messages', readonly=True)
    last_inbound_at = fields.Datetime(readonly=True)
    last_message_at = fields.Datetime(readonly=True)
    window_until = fields.Datetime(compute='_compute_window', string='May Be Answered Until')
    is_window_open = fields.Boolean(compute='_compute_window')
    message_ids = fields.One2many(
        comodel_name='cobranza.whatsapp.message', inverse_name='conversation_id'
    )
    last_text = fields.Char(compute='_compute_last_text', string='Last Message')

    _unique_user = models.UniqueIndex('(account_id, user_key) WHERE user_key IS NOT NULL')
    _unique_phone = models.UniqueIndex('(account_id, phone_key) WHERE phone_key IS NOT NULL')
    _inbox_idx = models.Index("(user_id, last_message_at) WHERE handler = 'person'")

    @api.depends('contact_id.name', 'partner_id.name', 'profile_name', 'phone')
    def _compute_display_name(self):
        for talk in self:
            who = talk.contact_id.name or talk.partner_id.name or talk.profile_name
            talk.display_name = who or (f'+{talk.phone}' if talk.phone else self.env._('Unknown'))

    @api.depends('last_inbound_at')
    def _compute_window(self):
        now = fields.Datetime.now()
        for talk in self:
            talk.window_until = talk.last_inbound_at and talk.last_inbound_at + WINDOW
            talk.is_window_open = bool(talk.window_until and talk.window_until > now)

    def _compute_last_text(self):
        """Read the last message of each in one statement."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (conversation_id) conversation_id, body
                     FROM cobranza_whatsapp_message WHERE conversation_id = ANY(%s)
                 ORDER BY conversation_id, id DESC""",
                self.ids,
            )
        )
        texts = dict(rows)
        for talk in self:
            talk.last_text = texts.get(talk._origin.id)

    # === FINDING === #

    @api.model
    def _of_sender(self, account, contact, sender):
        """Return the conversation of whoever wrote, made if this is the first time.

        Their id as a user comes first: a number may be hidden, changed, or given to somebody else.

        :param dict contact: as the webhook describes them
        :param str sender: the number they wrote from, '' when it is hidden
        """
        user_key = contact.get('user_id') or False
        phone = digits_of(sender or contact.get('wa_id')) or False
        key = phone_key(phone) or False
        talk = self.browse()
        if user_key:
            talk = self.search([('account_id', '=', account.id), ('user_key', '=', user_key)])
        if not talk and key:
            talk = self.search([('account_id', '=', account.id), ('phone_key', '=', key)])
            # the same number with another user is another person
            if talk.user_key and user_key and talk.user_key != user_key:
                talk._lose_number()
                talk = self.browse()
        name = (contact.get('profile') or {}).get('name') or False
        values = {'phone': phone, 'phone_key': key, 'profile_name': name, 'user_key': user_key}
        return talk._remember(account, {field: value for field, value in values.items() if value})

    def _remember(self, account, values):
        """Write what is new about a person; make their conversation when there is none."""
        if not self:
            return self.create({'account_id': account.id, **values})
        changed = {name: value for name, value in values.items() if self[name] != value}
        if 'phone_key' in changed:
            others = self.search(
                [
                    ('account_id', '=', account.id),
                    ('phone_key', '=', changed['phone_key']),
                    ('id', '!=', self.id),
                ]
            )
            others._lose_number()
        if changed:
            self.write(changed)
        return self

    def _lose_number(self):
        """Forget the number, in the database as well: somebody else is about to have it."""
        self.write({'phone_key': False, 'phone': False})
        self.flush_recordset(['phone_key', 'phone'])

    @api.model
    def _of_letters(self, account, letters):
        """Return {address: conversation} of letters, those missing made, in two statements whatever their number."""
        keys = {letter.address: phone_key(letter.address) for letter in letters}
        found = self.search(
            [('account_id', '=', account.id), ('phone_key', 'in', list(keys.values()))]
        )
        by_key = {talk.phone_key: talk for talk in found}
        missing = {key: address for address, key in keys.items() if key not in by_key}
        made = self.create(
            [
                {'account_id': account.id, 'phone': digits_of(address), 'phone_key': key}
                for key, address in missing.items()
            ]
        )
        by_key |= {talk.phone_key: talk for talk in made}
        talks = {address: by_key[key] for address, key in keys.items()}
        for letter in letters:
            talks[letter.address]._belongs_to(letter.contact, letter.reminder.case_id)
        return talks

    def _belongs_to(self, contact, case):
        """Remember whose number it is: whoever was written to last."""
        values = {'case_id': case.id, 'contact_id': contact.id}
        changed = {name: value for name, value in values.items() if value != self[name].id}
        if 'case_id' in changed:
            # who has shown to be one debtor has not shown to be another
            changed |= {'bot_state': False, 'verified_until': False}
        if changed:
            self.write(changed)

    def _link_debtor(self):
        """Find out whose number it is; nobody's when two debtors share it."""
        self.ensure_one()
        if self.case_id or not self.phone:
            return
        contacts = (
            self.env['res.partner']
            .sudo()
            .search([('phone_sanitized', 'in', spellings(self.phone))])
            .filtered(lambda c: not c.commercial_partner_id._cobranza_is_wrong(c.phone_sanitized))
        )
        cases = self.env['cobranza.case'].search(
            [
                ('partner_id', 'in', contacts.commercial_partner_id.ids),
                ('company_id', '=', self.company_id.id),
            ]
        )
        if len(cases) == 1:
            mine = contacts.filtered(lambda c: c.commercial_partner_id == cases.partner_id)
            self._belongs_to(mine[:1], cases)
            if self.is_opted_out:
                self._opt('out', self.env._('Asked for it on WhatsApp'))

    # === WRITING === #

    def _check_window(self):
        """Refuse what WhatsApp would: free words to somebody who has not written for a day."""
        self.ensure_one()
        if not self.is_window_open:
            raise UserError(
                self.env._(
                    'More than 24 hours have passed since %(name)s wrote: WhatsApp only takes an approved template now.'
                    ' Send one from the case.',
                    name=self.display_name,
                )
            )

    def _say(self, text, payload=None, **values):
        """Put a message into the queue; it leaves when this transaction is committed.

        :param str text: as it is read
        :param dict payload: `type` and its content; the text alone when left out
        """
        self.ensure_one()
        payload = payload or {'type': 'text', 'text': {'preview_url': False, 'body': text}}
        message = self.env['cobranza.whatsapp.message'].create(
            {
                'body': text,
                'conversation_id': self.id,
                'direction': 'out',
                'kind': payload['type'],
                'payload': payload,
                'state': 'queued',
                **values,
            }
        )
        self.last_message_at = message.create_date
        self.env.ref('cobranza_whatsapp.ir_cron_send')._trigger()
        return message

    def _pair_wait(self):
        """Return the seconds to wait before the next message of ours to this person."""
        self.ensure_one()
        if not self.last_message_at or self.is_window_open:
            return 0
        since = (fields.Datetime.now() - self.last_message_at).total_seconds()
        return max(0, self.account_id.pair_seconds - since)

    # === CONSENT === #

    def _opt(self, state, source):
        """Write down that they want messages, or none: for every debtor of the number, with the proof."""
        self.is_opted_out = state == 'out'
        partners = self.partner_id | self.contact_id.commercial_partner_id
        self.env['cobranza.consent'].create(
            [
                {
                    'channel': 'whatsapp',
                    'partner_id': partner.id,
                    'source': source,
                    'state': state,
                    'user_id': self.env.ref('base.user_root').id,
                }
                for partner in partners
            ]
        )
