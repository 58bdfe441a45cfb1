from datetime import date
from decimal import Decimal

from odoo import models
from odoo.tools import html2plaintext

from odoo.addons.cobranza_management.models.message_format import CalendarFormat, NumberFormat

from ..tools.bot_protocol import Item
from ..tools.buttons import reply_payload

#: Documents of a balance that are named one by one.
NAMED_ITEMS = 8


class CobranzaWhatsappConversation(models.Model):
    """The words of the bot, in the language of whom it talks to."""

    _inherit = 'cobranza.whatsapp.conversation'

    def _lang(self):
        """Return the language in which the customer is answered."""
        return (
            self.contact_id.lang
            or self.partner_id.lang
            or self.company_id.partner_id.lang
            or self.env.lang
        )

    def _speak(self, say):
        """Put what the bot says into the queue.

        :param tools.bot_protocol.Say say: its code, values and options
        """
        speaker = self.with_context(lang=self._lang())
        text = speaker._text_of(say)
        titles = speaker._bot_titles()
        options = [(choice, titles[code] if code else name) for choice, code, name in say.options]
        more = self.with_context(lang=self._lang()).env._('Choose')
        return self._say(text, reply_payload(text, options, more))

    def _text_of(self, say):
        """Return the words of a message."""
        values = {name: self._in_words(value) for name, value in say.values.items()}
        currency = say.values.get('currency')
        for name in ('amount', 'owed', 'minimum'):
            if isinstance(say.values.get(name), Decimal) and currency:
                values[name] = self._money(say.values[name], currency)
        if 'reason' in values:
            values['reason'] = self._bot_titles()[f'reason_{say.values["reason"]}'].lower()
        values['company'] = (self.company_id.name or '').rstrip('.')
        values['how_to_pay'] = self._how_to_pay()
        values['tax_number'] = self._tax_number()
        return self._bot_sayings()[say.code] % values

    def _in_words(self, value):
        """Return a value as people read it."""
        kinds = (
            (Item, lambda item: item.name),
            (date, self._day),
            (dict, self._sums),
            ((tuple, list), self._listed),
        )
        return next((words(value) for kind, words in kinds if isinstance(value, kind)), value or '')

    def _day(self, value):
        return CalendarFormat(self.env, self.env.lang).date(value)

    def _money(self, amount, currency):
        return NumberFormat(self.env, self.env.lang).amount(float(amount), self._currency(currency))

    def _currency(self, code):
        currencies = self.env['res.currency'].with_context(active_test=False)
        return currencies.search([('name', '=', code)], limit=1)

    def _sums(self, totals):
        return ' + '.join(self._money(amount, currency) for currency, amount in totals.items())

    def _listed(self, items):
        """Return documents, one a line, the oldest first."""
        lines = [
            self.env._(
                '• %(name)s, due %(due)s: %(amount)s',
                name=item.name,
                due=self._day(item.due),
                amount=self._money(item.amount, item.currency),
            )
            for item in items[:NAMED_ITEMS]
        ]
        if len(items) > NAMED_ITEMS:
            lines.append(self.env._('• and %s more', len(items) - NAMED_ITEMS))
        return '\n'.join(lines)

    def _tax_number(self):
        """Return what the number that tells who somebody is is called where they live: RUC, NIT, RFC…"""
        country = self.partner_id.country_id or self.company_id.country_id
        return country.vat_label or self.env._('tax number')

    def _how_to_pay(self):
        company = self.company_id.with_context(lang=self.env.lang)
        return html2plaintext(company.cobranza_how_to_pay or '', include_references=False).strip()

    def _bot_titles(self):
        """Return {code: what a button or a row says}; 20 characters at most."""
        return {
            'menu': self.env._('Menu'),
            'person': self.env._('Talk to a person'),
            'cancel': self.env._('Cancel'),
            'balance': self.env._('What do I owe?'),
            'documents': self.env._('My invoices'),
            'pay': self.env._('Pay now'),
            'promise': self.env._('I will pay on a day'),
            'paid': self.env._('I have paid'),
            'dispute': self.env._('Something is wrong'),
            'instalments': self.env._('Pay in instalments'),
            'yes': self.env._('Yes'),
            'no': self.env._('No'),
            'all_documents': self.env._('All of them'),
            'amount_all': self.env._('All of it'),
            'amount_half': self.env._('Half of it'),
            'amount_other': self.env._('Another amount'),
            'date_today': self.env._('Today'),
            'date_tomorrow': self.env._('Tomorrow'),
            'date_friday': self.env._('On Friday'),
            'date_month_end': self.env._('End of the month'),
            'date_last': self.env._('The last day'),
            'no_receipt': self.env._('I have no receipt'),
            'reason_not_mine': self.env._('It is not mine'),
            'reason_wrong_amount': self.env._('Wrong amount'),
            'reason_already_paid': self.env._('Already paid'),
            'reason_goods': self.env._('Goods or service'),
            'reason_other': self.env._('Something else'),
        }

    def _bot_sayings(self):
        """Return {code: the message, with gaps for its values}."""
        return {
            **self._bot_answers(),
            **self._bot_results(),
            **self._bot_questions(),
            **self._bot_questions_again(),
        }

    def _bot_answers(self):
        return {
            'greeting': self.env._('Hello! This is the virtual assistant of %(company)s.'),
            'menu': self.env._('What can I do for you?'),
            'anything_else': self.env._('Is there anything else I can do for you?'),
            'you_are_welcome': self.env._('You are welcome!'),
            'cancelled': self.env._('All right, nothing has been done.'),
            'not_understood': self.env._(
                'I am sorry, I did not understand. You can ask for your balance, your invoices, or a person.'
            ),
            'only_text': self.env._('I can only read text, photos and PDF files.'),
            'handed_over': self.env._('Somebody from our team will answer you here.'),
            'unknown_number': self.env._(
                'Hello! I cannot help you from this number. Would you like somebody from our team to answer?'
            ),
            'opted_out': self.env._(
                'Done: we will not send you reminders on WhatsApp any more. To receive them again, write ALTA.'
            ),
            'opted_in': self.env._('Thank you! We will write to you here again.'),
            'sorry_wrong_person': self.env._(
                'We are sorry for the trouble. We will not write to you again.'
            ),
            'wrong_tax_id': self.env._(
                'That is not what we have. You can try %(left)s more time(s).'
            ),
        }

    def _bot_results(self):
        return {
            'balance': self.env._('You owe *%(totals)s*:\n%(items)s'),
            'nothing_owed': self.env._('You owe nothing. Thank you!'),
            'document_sent': self.env._('Here is %(item)s.'),
            'statement_sent': self.env._('Here are your invoices.'),
            'pay_link': self.env._('You can see and pay %(item)s here:\n%(url)s'),
            'how_to_pay': self.env._('You can pay like this:\n%(how_to_pay)s'),
            'ask_amount_other': self.env._('How much can you pay? You owe %(owed)s.'),
            'amount_too_big': self.env._(
                '%(amount)s is more than the %(owed)s you owe. How much will you pay?'
            ),
            'amount_too_small': self.env._(
                '%(amount)s is too little: we can note payments from %(minimum)s. How much will you pay?'
            ),
            'date_past': self.env._(
                '%(date)s has passed. Which day will you pay, %(last_day)s at the latest?'
            ),
            'date_too_far': self.env._(
                '%(date)s is too far off. Which day will you pay, %(last_day)s at the latest?'
            ),
            'promise_made': self.env._(
                'Noted: you will pay *%(amount)s* on *%(date)s*. We will not remind you until then. Thank you!'
            ),
            'promise_review': self.env._(
                'Noted: *%(amount)s* on *%(date)s*. Somebody from our team will confirm it.'
            ),
            'receipt_noted': self.env._('Thank you, we have your receipt.'),
            'payment_claim_thanks': self.env._(
                'Thank you! We will check your payment and leave you alone meanwhile.'
            ),
            'not_a_receipt': self.env._('All right. What can I do for you?'),
            'dispute_made': self.env._(
                'Noted: %(item)s is in dispute. Somebody will look at it and answer you.'
            ),
            'no_instalments': self.env._(
                'We do not offer instalments here, but a person can help you.'
            ),
            'count_out_of_range': self.env._(
                'It can be from %(least)s to %(most)s instalments. How many would you like?'
            ),
            'instalments_asked': self.env._(
                'Noted: %(count)s instalments. Somebody will answer you with a proposal.'
            ),
        }

    def _bot_questions(self):
        return {
            'ask_tax_id': self.env._(
                'To protect your data: what are the *last 4 characters* of your %(tax_number)s?'
            ),
            'choose_document': self.env._('Which invoice would you like?'),
            'ask_currency': self.env._('You owe %(totals)s. Which of them is it about?'),
            'ask_amount': self.env._('You owe *%(owed)s*. How much will you pay?'),
            'ask_date': self.env._(
                'Which day will you pay *%(amount)s*? It can be until %(last_day)s.'
            ),
            'confirm_promise': self.env._(
                'You will pay *%(amount)s* on *%(date)s*. Is that right?'
            ),
            'ask_receipt': self.env._(
                'Thank you! Please send us a photo or a PDF of the receipt. You can add the day and the amount.'
            ),
            'ask_is_receipt': self.env._('Is this the receipt of a payment?'),
            'ask_dispute_item': self.env._('Which invoice is it about?'),
            'ask_dispute_reason': self.env._('What is wrong with %(item)s?'),
            'confirm_dispute': self.env._(
                'You do not accept %(item)s: %(reason)s. %(text)s\nShall I note it so?'
            ),
            'ask_count': self.env._('In how many instalments would you like to pay?'),
        }

    def _bot_questions_again(self):
        return {
            'ask_tax_id_again': self.env._(
                'I need the last 4 letters or digits of your %(tax_number)s, for example 4567.'
            ),
            'choose_document_again': self.env._('Please choose an invoice of the list.'),
            'ask_currency_again': self.env._('Please choose which of the two: %(totals)s.'),
            'ask_amount_again': self.env._(
                'Please tell me an amount, for example 500, or "half". You owe %(owed)s.'
            ),
            'ask_date_again': self.env._(
                'Please tell me a day until %(last_day)s, for example "Friday" or 15/03.'
            ),
            'confirm_promise_again': self.env._(
                'Shall I note that you will pay %(amount)s on %(date)s? Answer Yes or No.'
            ),
            'ask_receipt_again': self.env._(
                'Please send the photo or the PDF of the receipt here.'
            ),
            'ask_is_receipt_again': self.env._(
                'What you sent: is it the receipt of a payment? Answer Yes or No.'
            ),
            'ask_dispute_item_again': self.env._('Please choose the invoice you do not accept.'),
            'ask_dispute_reason_again': self.env._('Please tell me in a few words what is wrong.'),
            'confirm_dispute_again': self.env._(
                'Shall I note that you do not accept %(item)s (%(reason)s)? Answer Yes or No.'
            ),
            'ask_count_again': self.env._('Please tell me a number from %(least)s to %(most)s.'),
        }
