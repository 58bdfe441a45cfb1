from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.tools import format_amount, format_date
from odoo.tools.misc import babel_locale_parse

from ..tools.addresses import address_key
from ..tools.relative import coarse, days_apart

#: Rows of each list; a debtor has at most some dozens of any but items.
MOST_ITEMS, MOST_CONTACTS, MOST_HISTORY, MOST_OTHERS = 500, 30, 30, 20


class CobranzaWorkbenchPayload(models.AbstractModel):
    """Everything about one debtor on one screen, in a constant number of statements, texts in the user's language."""

    _name = 'cobranza.workbench.payload'
    _description = 'A Debtor in the Workbench'

    @api.model
    def _of(self, case):
        """Return the payload of a case, as described in the documentation of the workbench."""
        return {
            **self._head(case),
            **self._situation(case),
            **self._items(case),
            'channels': case.channel_status,
            'contacts': self._contacts(case),
            'disputes': self._disputes(case),
            'history': self._history(case),
            'plans': self._plans(case),
            'promises': self._promises(case),
            'tasks': self._tasks(case),
        }

    # === WHO AND HOW MUCH === #

    def _head(self, case):
        return {
            'aging_bar': case.aging_bar,
            'amount': self._money(case.amount_overdue, case.currency_id),
            'amount_raw': case.amount_overdue,
            'city': case.partner_id.city or '',
            'collector': case.user_id.name or '',
            'company': case.company_id.name,
            'days': case.days_overdue,
            'id': case.id,
            'level': case.priority_level or 'low',
            'local_time': case.local_time,
            'name': case.partner_id.name or '',
            'partner_id': case.partner_id.id,
            'reasons': case.priority_reasons or '',
            'reference': case.partner_id.ref or case.partner_id.vat or '',
        }

    def _situation(self, case):
        hold = ''
        if case.is_on_hold:
            hold = self.env._(
                'On hold until %(day)s: %(reason)s',
                day=format_date(self.env, case.hold_until),
                reason=case.hold_reason,
            )
        return {
            'habit': self._habit(case),
            'hold': hold,
            'next_action': case.next_action or '',
            'next_best': case.next_best,
            'segment': case.segment_id.name or '',
            'stage': case.stage_id.name or '',
            'strategy': case.strategy_id.name or '',
        }

    def _habit(self, case):
        """Say how this debtor usually pays."""
        if not case.paid_count:
            return self.env._('No payment in the last 12 months')
        if not case.paid_late_share:
            return self.env._('Pays on time')
        return self.env._(
            'Pays %(share)s%% late, %(days)s days on average',
            share=round(100 * case.paid_late_share),
            days=round(case.paid_late_days),
        )

    # === ITEMS === #

    def _items(self, case):
        """Return items, their number and what is open by currency; oldest first."""
        Line = self.env['account.move.line']
        domain = (
            Line._open_item_domain()
            & fields.Domain('partner_id', '=', case.partner_id.id)
            & fields.Domain('company_id', '=', case.company_id.id)
        )
        names = ['move_name', 'name', 'ref', 'date_maturity', 'date', 'currency_id', 'no_followup',
                 'amount_residual', 'amount_residual_currency']  # fmt: skip
        lines = Line.search_fetch(domain, names, order='date_maturity, id', limit=MOST_ITEMS)
        buckets = {
            bucket.id: (level, bucket.color)
            for level, bucket in enumerate(case.company_id._aging_buckets(), start=1)
        }
        marks = dict(Line._fields['cobranza_mark']._description_selection(self.env))
        full = len(lines) == MOST_ITEMS
        return {
            'currencies': self._currencies(lines),
            'item_total': Line.search_count(domain) if full else len(lines),
            'items': [self._item(line, buckets, marks) for line in lines],
        }

    def _item(self, line, buckets, marks):
        level, color = buckets.get(line.aging_bucket_id.id, (0, ''))
        due = line.date_maturity or line.date
        return {
            'amount': self._money(line.amount_residual_currency, line.currency_id),
            'amount_raw': line.amount_residual_currency,
            'color': color,
            'currency': line.currency_id.name,
            'days': line.days_overdue,
            'due': format_date(self.env, due),
            'id': line.id,
            'level': level,
            'mark': line.cobranza_mark or '',
            'mark_label': marks.get(line.cobranza_mark, ''),
            'name': line.move_name or line.name or line.ref or '',
        }

    def _currencies(self, lines):
        """Return [{code, amount, amount_raw, id}] of what is open, credits included."""
        return [
            {
                'amount': self._money(total, currency),
                'amount_raw': total,
                'code': currency.name,
                'id': currency.id,
            }
            for currency, mine in lines.grouped('currency_id').items()
            for total in [currency.round(sum(mine.mapped('amount_residual_currency')))]
        ]

    # === PEOPLE === #

    def _contacts(self, case):
        """Return the debtor's contacts in the order in which they are tried."""
        partner = case.partner_id
        contacts = self.env['cobranza.channel']._contacts_of(partner).get(partner, partner)
        wrong = {key for _id, key in self.env['cobranza.wrong.address']._keys_of(partner)}
        return [self._contact(contact, wrong) for contact in contacts[:MOST_CONTACTS]]

    def _contact(self, contact, wrong):
        return {
            'email': contact.email or '',
            'id': contact.id,
            'name': contact.name or contact.display_name or '',
            'never': False,
            'phone': contact.phone or '',
            'role': contact.function or '',
            'wrong': bool(contact.phone and address_key(contact.phone) in wrong),
        }

    # === WHAT WAS SAID === #

    def _history(self, case):
        """Return the latest contacts, newest first."""
        contacts = self.env['cobranza.interaction'].search(
            [('case_id', '=', case.id)], limit=MOST_HISTORY
        )
        states = dict(
            self.env['cobranza.reminder']._fields['state']._description_selection(self.env)
        )
        return [self._contact_made(contact, states) for contact in contacts]

    def _contact_made(self, contact, states):
        return {
            'channel': contact.channel,
            'date': fields.Datetime.to_string(contact.date),
            'direction': contact.direction,
            'icon': contact.outcome_id.icon or self._channel_icon(contact.channel),
            'id': contact.id,
            'outcome': contact.outcome_id.name or '',
            'person': contact.contact_id.name or '',
            'state': contact.reminder_state or '',
            'state_label': states.get(contact.reminder_state, ''),
            'summary': contact.summary or '',
            'user': contact.user_id.name or '',
            'when': self._ago(contact.date),
        }

    def _channel_icon(self, code):
        return self.env['cobranza.channel']._of_code(code)._icon

    def _ago(self, moment):
        """Return how long ago a moment (naive UTC) was, in words of the user's language."""
        local = fields.Datetime.context_timestamp(self, moment)
        days = days_apart(local, fields.Datetime.context_timestamp(self, fields.Datetime.now()))
        if days == 0:
            return self.env._('today %s', local.strftime('%H:%M'))
        if days == 1:
            return self.env._('yesterday')
        locale = babel_locale_parse(self.env.lang)
        return format_timedelta(-coarse(days), add_direction=True, locale=locale)

    # === WHAT WAS AGREED === #

    def _promises(self, case):
        promises = self.env['cobranza.promise'].search(
            [('case_id', '=', case.id)], limit=MOST_OTHERS
        )
        return [
            {
                'amount': self._money(promise.amount, promise.currency_id),
                'date': format_date(self.env, promise.date),
                'id': promise.id,
                'state': promise.state,
                'state_label': self._label(promise, 'state'),
            }
            for promise in promises
        ]

    def _disputes(self, case):
        disputes = self.env['cobranza.dispute'].search(
            [('case_id', '=', case.id)], limit=MOST_OTHERS
        )
        return [
            {
                'amount': self._money(dispute.amount, dispute.currency_id or case.currency_id),
                'deadline': format_date(self.env, dispute.deadline) if dispute.deadline else '',
                'id': dispute.id,
                'item': dispute.line_id.move_name or '',
                'reason': dispute.reason_id.name,
                'state': dispute.state,
                'state_label': self._label(dispute, 'state'),
            }
            for dispute in disputes
        ]

    def _plans(self, case):
        """Return [{id, name, state, state_label}] of payment plans; whoever makes plans fills it."""
        return []

    def _tasks(self, case):
        """Return the open activities of the case, the most urgent first."""
        today = fields.Date.context_today(self)
        activities = self.env['mail.activity'].search(
            [('res_model', '=', 'cobranza.case'), ('res_id', '=', case.id)],
            order='date_deadline, id',
            limit=MOST_OTHERS,
        )
        return [
            {
                'date': format_date(self.env, activity.date_deadline),
                'icon': activity.activity_type_id.icon or '',
                'id': activity.id,
                'late': activity.date_deadline < today,
                'summary': activity.summary or activity.activity_type_id.name or '',
                'user': activity.user_id.name or '',
            }
            for activity in activities
        ]

    # === WORDS === #

    def _money(self, amount, currency):
        return format_amount(self.env, amount, currency)

    def _label(self, record, name):
        return dict(record._fields[name]._description_selection(self.env)).get(record[name], '')


class CobranzaChannel(models.AbstractModel):
    _inherit = 'cobranza.channel'

    #: Font Awesome icon of the channel on screens.
    _icon = 'fa-comment-o'
    #: Its messages are words that somebody may write by hand.
    _is_written = True


class CobranzaChannelEmail(models.AbstractModel):
    _inherit = 'cobranza.channel.email'

    _icon = 'fa-envelope-o'


class CobranzaChannelPhone(models.AbstractModel):
    _inherit = 'cobranza.channel.phone'

    _icon = 'fa-phone'
    _is_written = False


class CobranzaChannelLetter(models.AbstractModel):
    _inherit = 'cobranza.channel.letter'

    _icon = 'fa-file-text-o'
