from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime


class CobranzaCase(models.Model):
    """What the case screen shows beside the figures: the next best action, whom to reach, and the small actions."""

    _inherit = 'cobranza.case'

    country_id = fields.Many2one(related='partner_id.country_id')
    salesperson_id = fields.Many2one(related='partner_id.user_id', string='Salesperson')
    next_best = fields.Selection(
        [
            ('approve', 'Review the message'),
            ('call', 'Call'),
            ('print', 'Print the letter'),
            ('release', 'End the hold'),
            ('promise', 'Take a promise'),
            ('pay', 'Register the payment'),
            ('none', 'Nothing to do'),
        ],
        compute='_compute_next_best',
        string='Next Best Action',
    )
    channel_status = fields.Json(compute='_compute_channel_status')
    contact_ids = fields.Many2many(
        'res.partner', compute='_compute_contact_ids', string='Other Contacts'
    )
    promise_count = fields.Integer(compute='_compute_follow_up_counts')
    dispute_count = fields.Integer(compute='_compute_follow_up_counts')

    @api.model
    @api.readonly
    def formatted_read_group(self, *args, **kwargs):
        """Fold the empty columns of a board that has cards; one without any shows an example of itself."""
        groups = super().formatted_read_group(*args, **kwargs)
        if any(group.get('__count') for group in groups):
            for group in groups:
                if '__fold' in group and not group['__count']:
                    group['__fold'] = True
        return groups

    def _describe_next_action(self):
        """Say that a live promise is waited for: of all that is overdue, or where no step comes anyway."""
        today = fields.Date.context_today(self)
        is_live = self.promise_date and self.promise_date >= today
        waits = self.is_promised or (is_live and not self.next_action_date)
        if waits and not self.is_on_hold:
            return self.env._(
                'Waits for the promise of %(day)s', day=format_date(self.env, self.promise_date)
            )
        return super()._describe_next_action()

    # === THE NEXT BEST ACTION === #

    def _compute_next_best(self):
        pending = self._pending_messages()
        today = fields.Date.context_today(self)
        for case in self:
            case.next_best = case._choose_next_best(pending.get(case, {}), today)

    def _pending_messages(self):
        """Return {case: {(state, channel): message}} of the messages that wait for a person."""
        pending = {}
        for reminder in self.env['cobranza.reminder'].search_fetch(
            [('case_id', 'in', self.ids), ('state', 'in', ('review', 'ready'))],
            ['case_id', 'state', 'channel'],
            order='date, id',
        ):
            pending.setdefault(reminder.case_id, {})[reminder.state, reminder.channel] = reminder
        return pending

    def _choose_next_best(self, pending, today):
        """Return the one thing to do now: what waits for a person, then the hold, the promise, the debt."""
        self.ensure_one()
        if self.state != 'open':
            return 'none'
        if ('ready', 'phone') in pending:
            return 'call'
        if ('ready', 'letter') in pending:
            return 'print'
        if any(state == 'review' for state, _channel in pending):
            return 'approve'
        if self.is_on_hold:
            return 'release'
        if self.promise_date:
            return 'pay' if self.promise_date <= today else 'none'
        return 'promise' if self.amount_overdue else 'none'

    # === WHOM TO REACH === #

    def _compute_contact_ids(self):
        contacts = self.env['cobranza.channel']._contacts_of(self.partner_id)
        for case in self:
            case.contact_ids = contacts.get(case.partner_id, case.partner_id) - case.partner_id

    @api.depends_context('lang', 'tz')
    def _compute_channel_status(self):
        """Give each case its channels: [{code, label, contact, address, allowed, reason}]."""
        self.channel_status = []
        channels = self.env['cobranza.channel']._selection()
        for _company, cases in self.grouped('company_id').items():
            verdicts = self.env['cobranza.contact.guard']._assess(
                cases, [code for code, _label in channels]
            )
            reach = self.env['cobranza.channel']._reach(
                [code for code, _label in channels], cases.partner_id
            )
            for case in cases:
                case.channel_status = case._describe_channels(
                    (code, reach[code].get(case.partner_id), verdicts[case, code])
                    for code, _label in channels
                )

    def _describe_channels(self, ways):
        """Return `channel_status` from (channel, found, verdict) of each."""
        labels = dict(self.env['cobranza.channel']._selection())
        return [
            self._describe_channel(code, labels[code], found, verdict)
            for code, found, verdict in ways
        ]

    def _describe_channel(self, code, label, found, verdict):
        """Return one row of `channel_status`.

        :param tuple found: (contact, address, opted out) or None when the channel reaches nobody
        """
        contact, address, opted_out = found or (None, '', False)
        if not address:
            allowed, reason = False, self.env._('no address')
        elif opted_out:
            allowed, reason = False, self.env._('asked not to be contacted this way')
        else:
            allowed, reason = verdict.allowed, self._explain_verdict(verdict)
        return {
            'code': code,
            'label': label,
            'contact': contact.name or '' if contact else '',
            'address': address or '',
            'allowed': allowed,
            'reason': reason,
        }

    def _explain_verdict(self, verdict):
        """Return the gate's answer in words, '' when it lets through."""
        if verdict.allowed:
            return ''
        sentences = dict(self.env['cobranza.reminder']._reason_selection())
        text = sentences.get(verdict.code, verdict.code).replace('%s', verdict.detail or '').strip()
        if verdict.law:
            text = f'{text} ({verdict.law})'
        if verdict.next_at:
            moment = format_datetime(
                self.env, verdict.next_at.replace(tzinfo=None), dt_format='short'
            )
            text = self.env._('%(reason)s; again from %(when)s', reason=text, when=moment)
        return text

    def _compute_follow_up_counts(self):
        for case in self:
            case.promise_count = len(case.promise_ids)
            case.dispute_count = len(case.dispute_ids)

    # === WHAT THE WIZARDS CALL === #

    def _take_promise(self, values):
        """Write down a promise to pay.

        :param dict values: amount, currency_id, date and optionally line_ids, of cobranza.promise
        """
        self.ensure_one()
        return self.env['cobranza.promise'].create({'case_id': self.id, **values})

    def _open_disputes(self, lines, values):
        """Open a dispute on each of `lines`; an amount is for a single one, the whole item otherwise."""
        self.ensure_one()
        if len(lines) > 1 or not values.get('amount'):
            values = {name: value for name, value in values.items() if name != 'amount'}
        return self.env['cobranza.dispute'].create(
            [{'case_id': self.id, 'line_id': line.id, **values} for line in lines]
        )

    def _log_contact(self, values, reminder=None):
        """Append a contact to the history; `reminder` is the call or letter it carries out."""
        self.ensure_one()
        if reminder:
            reminder._carried_out()
        return self.env['cobranza.interaction']._log([{'case_id': self.id, **values}])

    # === ACTIONS === #

    def action_release_hold(self):
        """End the holds in force now."""
        self.hold_ids.action_release()

    def action_review_message(self):
        """Open the message that waits for approval."""
        self.ensure_one()
        return self._first_message('review')._get_records_action()

    def action_print_letter(self):
        """Print the letter that waits."""
        self.ensure_one()
        return self._first_message('ready', 'letter').action_print_letters()

    def _first_message(self, state, channel=None):
        """Return the oldest message of a state, on a channel if one is given."""
        domain = Domain('case_id', '=', self.id) & Domain('state', '=', state)
        if channel:
            domain &= Domain('channel', '=', channel)
        return self.env['cobranza.reminder'].search(domain, order='id', limit=1)

    def action_register_payment(self, item_ids=()):
        """Register a payment with Odoo's own assistant: of the items chosen, what is overdue, or else what is open."""
        self.ensure_one()
        claims = self.item_ids.filtered(lambda item: item.amount_residual > 0)
        chosen = self.item_ids.filtered(lambda item: item.id in item_ids)
        lines = chosen or claims.filtered(lambda item: item.days_overdue > 0) or claims
        action = lines.action_register_payment()
        # Odoo's title is "Pay", which reads as if we were the ones to pay, and names nobody
        return {**action, 'name': self.env._('Payment of %s', self.partner_id.name)}

    def action_view_promises(self):
        """Open the promises of the debtor."""
        return self._action_list(
            self.env._('Promises'),
            'cobranza.promise',
            [('case_id', '=', self.id)],
            default_case_id=self.id,
        )

    def action_view_disputes(self):
        """Open the disputes of the debtor."""
        return self._action_list(
            self.env._('Disputes'),
            'cobranza.dispute',
            [('case_id', '=', self.id)],
            default_case_id=self.id,
        )
