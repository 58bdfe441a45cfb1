from datetime import timedelta
from decimal import Decimal

from odoo import Command, fields, models
from odoo.tools import SQL, get_lang

from ..tools.bot import advance
from ..tools.bot_protocol import Facts, Incoming, Item, State

#: Who has shown who they are need not do so again for so long.
VERIFIED_FOR = timedelta(days=30)
#: Documents sent at once to who asks for all.
MOST_DOCUMENTS = 10
#: Why a debt is disputed, in the words of the bot and in the house's.
DISPUTE_REASONS = {
    'already_paid': 'dispute_reason_already_paid',
    'goods': 'dispute_reason_quality',
    'not_mine': 'dispute_reason_not_mine',
    'other': 'dispute_reason_other',
    'wrong_amount': 'dispute_reason_price',
}


class CobranzaWhatsappConversation(models.Model):
    """Gathers the facts, asks the bot what to answer, and carries it out. What it decides is in `tools.bot`."""

    _inherit = 'cobranza.whatsapp.conversation'

    def _answer(self, message):
        """Answer what a customer wrote; the questions that were open are kept with the conversation."""
        self.ensure_one()
        incoming = Incoming(
            text=message.body or '',
            choice=message.choice or '',
            media=message.kind if message.media_id else '',
            media_ref=str(message.id) if message.media_id else '',
        )
        state, effects = advance(State.from_json(self.bot_state), incoming, self._facts())
        self.bot_state = state.to_json()
        instead = {}
        for effect in effects:
            if hasattr(effect, 'action'):
                instead |= getattr(self, f'_do_{effect.action}')(**effect.values) or {}
            else:
                self._speak(effect._replace(code=instead.get(effect.code, effect.code)))

    # === FACTS === #

    def _facts(self):
        """Return what the bot may know at this moment."""
        case, company = self.case_id, self.company_id
        policy = self.env['cobranza.promise.policy']._of(case) if case else None
        now = fields.Datetime.now()
        verified = not self.account_id.ask_tax_id or (self.verified_until or now) > now
        return Facts(
            today=company._cobranza_today(),
            known=bool(case),
            verified=verified,
            tax_id=self.partner_id.vat or '',
            items=tuple(self._open_items()) if case else (),
            decimal_mark=get_lang(self.env, self._lang()).decimal_point,
            max_promise_days=policy.max_days if policy else 0,
            min_promise=Decimal(str(company.cobranza_minimum_amount or 0)),
            offers_instalments=True,
            can_pay_online=self._can_pay_online(),
        )

    def _open_items(self):
        """Return what may be claimed of the debtor, net of credits, the oldest first."""
        lines = self.env['account.move.line']
        self.case_id._flush_ledger()
        rows = self.env.execute_query(
            SQL(
                'SELECT id, due, net_currency FROM (%s) item WHERE net_currency > 0 ORDER BY due, id',
                lines._sql_netted_items(self.company_id.ids, SQL('%s', tuple(self.partner_id.ids))),
            )
        )
        found = lines.browse(row[0] for row in rows)
        urls = found.move_id._cobranza_pay_urls(self.company_id.get_base_url())
        for line, (_id, due, amount) in zip(found, rows):
            yield Item(
                line.id,
                line.cobranza_document or line.name or '',
                due,
                Decimal(str(amount)),
                line.currency_id.name,
                urls.get(line.move_id, ''),
            )

    def _can_pay_online(self):
        """Tell whether the company takes payments online; otherwise its other ways to pay are told."""
        provider_sudo = self.env['payment.provider'].sudo()
        return bool(
            provider_sudo.search_count(
                [('company_id', '=', self.company_id.id), ('state', '!=', 'disabled')], limit=1
            )
        )

    # === WHAT IT DOES: WHAT CANNOT BE DONE AS EXPECTED RETURNS {code of what was to be said: what is said} === #

    def _house(self):
        """Return the case as the house writes about it: in the language of who has it."""
        lang = self.case_id.user_id.lang or self.company_id.partner_id.lang or self.env.lang
        return self.case_id.with_company(self.company_id).with_context(lang=lang)

    def _do_consent(self):
        """Write down that they wrote to us first, once."""
        if self.is_opted_out:
            return
        known = self.env['cobranza.consent'].search_count(
            [('partner_id', '=', self.partner_id.id), ('channel', '=', 'whatsapp')], limit=1
        )
        if not known:
            self._opt('in', self.env._('Wrote to us on WhatsApp'))

    def _do_verified(self):
        self.verified_until = fields.Datetime.now() + VERIFIED_FOR

    def _do_hand_over(self, reason):
        self._hand_over(reason)

    def _do_opt_out(self):
        self._opt('out', self.env._('Asked for it on WhatsApp'))

    def _do_opt_in(self):
        self._opt('in', self.env._('Asked for it on WhatsApp'))

    def _do_wrong_person(self):
        """Never use the number for this debtor again, and tell who has the case."""
        case = self._house()
        if case:
            number = f'+{self.phone}' if self.phone else ''
            if number:
                self.env['cobranza.wrong.address']._note(self.partner_id, self.contact_id, number)
            case._remind(
                case.env._('%s says on WhatsApp that it is not them', number or self.display_name)
            )
        self.write(
            {
                'case_id': False,
                'contact_id': False,
                'is_opted_out': True,
                'verified_until': False,
            }
        )

    def _do_send_document(self, item):
        self._say_document(self.env['account.move.line'].browse(item).move_id)

    def _do_send_statement(self):
        """Send the statement of account; without one what is owed, document by document."""
        if self.case_id._has_statement():
            document = self.case_id.with_context(lang=self._lang())._whatsapp_statement()
            self._say(document['filename'], {'type': 'document', 'document': document})
            return
        lines = self.env['account.move.line'].browse(item.id for item in self._open_items())
        for move in lines.move_id[:MOST_DOCUMENTS]:
            self._say_document(move)

    def _say_document(self, move):
        """Send the PDF of a document, of this debtor and no other."""
        is_invoice = move.is_sale_document(include_receipts=True) and move.state == 'posted'
        if is_invoice and move.commercial_partner_id == self.partner_id:
            payload = {'type': 'document', 'document': move._whatsapp_document()}
            self._say(move.name, payload)

    def _do_promise(self, amount, currency, date):
        """Take the promise for the oldest documents it pays."""
        case = self._house()
        promise = case._take_promise(
            {
                'amount': float(amount),
                'currency_id': self._currency(currency).id,
                'date': date,
                'line_ids': [Command.set(self._covered(amount, currency))],
                'source': 'message',
                'user_id': case.user_id.id or self.env.uid,
            }
        )
        return {} if promise.state == 'open' else {'promise_made': 'promise_review'}

    def _covered(self, amount, currency):
        """Return the ids of the oldest items that an amount pays, in whole or in part."""
        covered = []
        for item in self._open_items():
            if item.currency == currency and amount > 0:
                covered.append(item.id)
                amount -= item.amount
        return covered

    def _do_payment_claim(self, media_ref, text, amount, date):
        """Give somebody the task to look for a payment, and leave the debtor alone meanwhile."""
        case = self._house()
        if not case or self._is_claim_open(case):
            return
        currency = case.currency_id
        case._effect_paid(
            {
                'amount': float(amount or 0),
                'currency': currency,
                'date': date,
                'note': text or case.env._('Told us on WhatsApp'),
                'outcome': self.env.ref('cobranza_management.outcome_paid'),
            }
        )

    def _is_claim_open(self, case):
        """Tell whether somebody is looking for a payment already: a second photo is no second claim."""
        summary = case._payment_task_summary()
        return bool(case.activity_ids.filtered(lambda task: task.summary == summary))

    def _do_dispute(self, item, reason, text, media_refs):
        """Take a document out of dunning, with what they say against it."""
        case = self._house()
        line = self.env['account.move.line'].browse(item)
        if line.partner_id == self.partner_id:
            case._open_disputes(
                line,
                {
                    'note': text or case.env._('Told us on WhatsApp'),
                    'reason_id': self.env.ref(f'cobranza_management.{DISPUTE_REASONS[reason]}').id,
                    'source': 'message',
                },
            )

    def _do_ask_instalments(self, count):
        case = self._house()
        case._effect_instalments({'note': case.env._('Asks for %s instalments on WhatsApp', count)})
