import logging

from psycopg2 import OperationalError

from odoo import api, fields, models

from .cobranza_channel import Letter
from .cobranza_template import MessageFormat
from .cobranza_truth_check import Finding

_logger = logging.getLogger(__name__)


class CobranzaTruthCheck(models.AbstractModel):
    _inherit = 'cobranza.truth.check'

    def _check(self, reminders):
        """Look at instalments as what they are: awaited from a plan in force, or not any more."""
        instalments = reminders.filtered('promise_id')
        others = reminders - instalments
        good, stopped = super()._check(others) if others else ({}, {})
        if not instalments:
            return good, stopped
        company = instalments.company_id
        locked = self._lock_items(instalments)
        coming = self.env['cobranza.promise']._coming(company)
        money = self._money_on_its_way(instalments.partner_id, company)
        for reminder in instalments:
            finding = (
                self._find_lock(reminder, locked)
                or reminder._find_not_awaited(coming)
                or money.get(reminder.partner_id)
            )
            if finding:
                stopped[reminder] = finding
            else:
                good[reminder] = []  # it announces an instalment and claims no item
        return good, stopped


class CobranzaReminder(models.Model):
    """A message about a coming instalment of a payment plan: by e-mail, in the words of the company's template."""

    _inherit = 'cobranza.reminder'

    promise_id = fields.Many2one(
        'cobranza.promise', string='Instalment', index='btree_not_null', ondelete='set null'
    )
    promise_date = fields.Date(string='Day of the Instalment')

    # An instalment is spoken of once for each day it was to be paid on.
    _one_an_instalment = models.UniqueIndex(
        '(promise_id, promise_date) WHERE promise_id IS NOT NULL',
        'This instalment has been announced already.',
    )

    @api.model
    def _reason_selection(self):
        return [
            *super()._reason_selection(),
            ('not_awaited', self.env._('the instalment is not awaited any more')),
        ]

    def _find_not_awaited(self, coming):
        """Return the Finding that cancels it, or None while it is among the ids of `coming`, for that very day."""
        promise = self.promise_id
        if promise.id in coming and promise.date == self.promise_date:
            return None
        return Finding('cancelled', 'not_awaited')

    # === WRITING === #

    def _route(self, claims):
        """Give instalments their own way: one channel, and the words of the company's template."""
        instalments = self.browse(reminder.id for reminder in claims).filtered('promise_id')
        letters = super()._route({r: owed for r, owed in claims.items() if r not in instalments})
        formats = {}
        for reminder, (contact, address) in instalments._passing('email').items():
            letter = reminder._write_instalment(contact, address, formats)
            if letter:
                letters.setdefault('email', []).append(letter)
        return letters

    def _write_instalment(self, contact, address, formats):
        """Return the Letter, or None when the template cannot be filled in."""
        try:
            return self._instalment_letter(contact, address, formats)
        except OperationalError:
            raise
        except Exception as error:
            _logger.info('Message %s cannot be written: %s', self.id, error)
            self._give_up('no_template', str(error))
            return None

    def _instalment_letter(self, contact, address, formats):
        company, promise = self.company_id, self.promise_id
        lang = contact.lang or self.partner_id.lang or company.partner_id.lang or self.env.lang
        if lang not in formats:
            formats[lang] = MessageFormat(self.env, lang)
        owed = promise.line_ids.filtered(lambda line: not line.reconciled).sorted('date_maturity')
        urls = owed.move_id._cobranza_pay_urls(company.get_base_url())
        item = {
            'amount': promise.amount - promise.paid_amount,
            'currency': promise.currency_id,
            'days': (company._cobranza_today() - promise.date).days,
            'due': promise.date,
            'name': promise.with_context(lang=lang)._instalment_name(),
            'url': next((urls[line.move_id] for line in owed if line.move_id in urls), ''),
        }
        template = company._cobranza_plan_template()
        values = template._message_values(self, contact, [item], formats[lang])
        subject, body = template._fill(lang, values)
        return Letter(self, contact, address, lang, subject, body, values)

    def _what_would_be_sent(self):
        """Show the message about an instalment as it would leave this minute."""
        if not self.promise_id:
            return super()._what_would_be_sent()
        coming = self.env['cobranza.promise']._coming(self.company_id)
        if self._find_not_awaited(coming):
            return {
                'preview_note': self.env._(
                    'The instalment is not awaited any more: it will be cancelled, not sent.'
                )
            }
        channel = self.env['cobranza.channel']._of_code('email')
        found = channel._reachable(self.partner_id).get(self.partner_id)
        if not found:
            return {'preview_note': self.env._('No channel of the step reaches this debtor.')}
        letter = self._instalment_letter(*found[:2], {})
        return {
            'preview_body': letter.body,
            'preview_channel': channel._label(),
            'preview_note': self._preview_gate('email'),
            'preview_subject': letter.subject,
            'preview_to': ' · '.join(filter(None, (letter.contact.name, letter.address))),
        }
