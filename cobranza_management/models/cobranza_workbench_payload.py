from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.tools import format_amount, format_date
from odoo.tools.misc import babel_locale_parse

from ..tools.buckets import level_of
from ..tools.relative import coarse, days_apart

#: Rows of each list; a debtor has at most some dozens of any but items.
MOST_ITEMS, MOST_CONTACTS, MOST_HISTORY, MOST_OTHERS = 500, 30, 30, 20


class CobranzaWorkbenchPayload(models.AbstractModel):
    """Everything about one debtor on one screen, in a constant number of statements, texts in the user's language."""

    _name = 'cobranza.workbench.payload'
    _description = 'A Debtor in the Workbench'

    @api.model
    def _of(self, case, ways=()):
        """Return the payload of a case, as described in the documentation of the workbench.

        :param ways: what the gate has just said of its channels (`Answer.ways`); asked again when left out
        """
        # The user may see the case; what hangs on it needs no second look at every read.
        case = case.sudo()
        contacts, activities = self._read_history(case), self._read_tasks(case)
        self._warm_names(case, contacts, activities)
        items = self._items(case)  # first: it reads every currency on the screen
        return {
            **self._head(case),
            **self._situation(case),
            **items,
            'can_plan': not any(plan.state in ('offered', 'active') for plan in case.plan_ids),
            'channels': case._describe_channels(ways) if ways else case.channel_status,
            'contacts': self._contacts(case),
            'disputes': self._disputes(case),
            'history': self._history(contacts),
            'plans': self._plans(case),
            'promises': self._promises(case),
            'tasks': self._tasks(activities),
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
            'company_id': case.company_id.id,
            'currency': case.currency_id.name,
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
            'segment': case.segment_id._cached_name(),
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
        names = ['move_name', 'name', 'ref', 'date_maturity', 'date', 'currency_id', 'no_followup', 'move_id',
                 'amount_residual', 'amount_residual_currency', 'partner_id', 'company_id', 'account_id',
                 'parent_state', 'reconciled', 'display_type']  # fmt: skip
        found = Line.search_fetch(domain, names, order='date_maturity, id', limit=MOST_ITEMS + 1)
        lines = found[:MOST_ITEMS]
        (lines.currency_id | case.currency_id).mapped('symbol')
        # that alone, of perhaps five hundred; an invoice has none
        entries = lines.filtered(lambda line: line.display_type != 'payment_term').move_id
        entries.fetch(['cobranza_import_key'])
        Bucket, company_id = self.env['cobranza.aging.bucket'], case.company_id.id
        starts = Bucket._thresholds().get(company_id, ([], []))[0]
        colors = ['', *(picture[-1] for picture in Bucket._pictures().get(company_id, ()))]
        today = fields.Date.context_today(self)
        marks = dict(Line._fields['cobranza_mark']._description_selection(self.env))
        return {
            'currencies': self._currencies(lines),
            'item_total': Line.search_count(domain) if found > lines else len(lines),
            'items': [
                self._item(line, days, level, colors[level], marks)
                for line in lines
                for days in [(today - (line.date_maturity or line.date)).days]
                for level in [level_of(starts, days)]
            ],
        }

    def _item(self, line, days, level, color, marks):
        """Return a row; the browser words its amount and its date, of perhaps five hundred."""
        return {
            'amount_raw': line.amount_residual_currency,
            'color': color,
            'currency': line.currency_id.name,
            'currency_id': line.currency_id.id,
            'days': days,
            'due': fields.Date.to_string(line.date_maturity or line.date),
            'id': line.id,
            'level': level,
            'mark': line.cobranza_mark or '',
            'mark_label': marks.get(line.cobranza_mark, ''),
            'name': line.cobranza_document,
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
        contacts = self._people(partner)
        return [self._contact(contact, partner) for contact in contacts[:MOST_CONTACTS]]

    def _people(self, partner):
        """Return whom the debtor can be reached through, those never to be contacted at the end."""
        return self.env['cobranza.channel']._people_of(partner).get(partner, partner)

    def _contact(self, contact, partner):
        role = contact.sudo().cobranza_role
        return {
            'email': contact.email or '',
            'id': contact.id,
            'name': contact.name or contact.display_name or '',
            'never': role == 'never',
            'phone': contact.phone or '',
            'role': self._label(contact.sudo(), 'cobranza_role')
            if role
            else contact.function or '',
            'wrong': partner._cobranza_is_wrong(contact.phone),
        }

    # === WHAT WAS SAID === #

    def _read_history(self, case):
        """Return the latest contacts, newest first."""
        names = ['case_id', 'channel', 'contact_id', 'corrects_id', 'date', 'direction', 'outcome_id',
                 'reminder_id', 'replaces_id', 'summary', 'user_id']  # fmt: skip
        return self.env['cobranza.interaction'].search_fetch(
            [('case_id', '=', case.id)], names, limit=MOST_HISTORY
        )

    def _history(self, contacts):
        states = dict(
            self.env['cobranza.reminder']._fields['state']._description_selection(self.env)
        )
        outcomes = self.env['cobranza.outcome']._catalogue()
        corrected = contacts.corrects_id  # what corrects a contact follows it at once
        replaced = contacts.replaces_id
        correctable = (contacts - replaced)._correctable()
        return [
            {
                **self._contact_made(
                    contact,
                    'failed' if contact in corrected else contact.reminder_id.state or '',
                    states,
                    outcomes.get(contact.outcome_id.id, {}),
                ),
                'can_correct': contact in correctable,
                'corrected': contact in replaced,
            }
            for contact in contacts
        ]

    def _contact_made(self, contact, state, states, outcome):
        return {
            'channel': contact.channel,
            'date': fields.Datetime.to_string(contact.date),
            'direction': contact.direction,
            'icon': outcome.get('icon') or self.env['cobranza.channel']._icon_of(contact.channel),
            'id': contact.id,
            'outcome': outcome.get('name', ''),
            'person': contact.contact_id.name or '',
            'state': state,
            'state_label': states.get(state, ''),
            'summary': contact.summary or '',
            'user': contact.user_id.name or '',
            'when': self._ago(contact.date),
        }

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
        promises = self.env['cobranza.promise'].search_fetch(
            [('case_id', '=', case.id)],
            ['amount', 'currency_id', 'date', 'state'],
            limit=MOST_OTHERS,
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
        disputes = self.env['cobranza.dispute'].search_fetch(
            [('case_id', '=', case.id)],
            ['amount', 'deadline', 'line_id', 'reason_id', 'state'],
            limit=MOST_OTHERS,
        )
        return [
            {
                'amount': self._money(dispute.amount, dispute.currency_id or case.currency_id),
                'deadline': format_date(self.env, dispute.deadline) if dispute.deadline else '',
                'id': dispute.id,
                'item': dispute.line_id.cobranza_document or '',
                'reason': dispute.reason_id.name,
                'state': dispute.state,
                'state_label': self._label(dispute, 'state'),
            }
            for dispute in disputes
        ]

    def _plans(self, case):
        """Return [{id, name, state, state_label}] of payment plans, the newest first."""
        plans = case.plan_ids.sorted('id', reverse=True)[:MOST_OTHERS]
        return [
            {
                'id': plan.id,
                'name': plan.name,
                'state': plan.state,
                'state_label': self._label(plan, 'state'),
            }
            for plan in plans
        ]

    def _read_tasks(self, case):
        """Return the open activities of the case, the most urgent first."""
        return self.env['mail.activity'].search_fetch(
            [('res_model', '=', 'cobranza.case'), ('res_id', '=', case.id)],
            ['activity_type_id', 'date_deadline', 'summary', 'user_id'],
            order='date_deadline, id',
            limit=MOST_OTHERS,
        )

    def _tasks(self, activities):
        today = fields.Date.context_today(self)
        return [
            {
                'date': format_date(self.env, activity.date_deadline),
                'id': activity.id,
                'late': activity.date_deadline < today,
                'summary': activity.summary or activity.activity_type_id.name or '',
                'user': activity.user_id.name or '',
            }
            for activity in activities
        ]

    def _warm_names(self, case, contacts, activities):
        """Read everybody the screen names at once: one by one they would be a dozen statements."""
        users = (case.user_id | contacts.user_id | activities.user_id | self.env.user).sudo()
        users.mapped('partner_id')
        people = case.partner_id | case.company_id.partner_id | contacts.contact_id
        people |= case.partner_id.cobranza_contact_ids
        (people.sudo() | users.partner_id).mapped('name')

    # === WORDS === #

    def _money(self, amount, currency):
        return format_amount(self.env, amount, currency)

    def _label(self, record, name):
        return dict(record._fields[name]._description_selection(self.env)).get(record[name], '')
