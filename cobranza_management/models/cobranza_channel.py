import logging
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from psycopg2 import OperationalError

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.phone_validation.tools.phone_validation import phone_format

_logger = logging.getLogger(__name__)


class Letter(NamedTuple):
    """A message ready to leave, whatever its channel."""

    reminder: Any  # cobranza.reminder
    contact: Any  # res.partner it is addressed to
    address: str
    lang: str
    subject: str
    body: Any  # Markup: the text alone; a channel adds its own dress
    values: dict  # as given by cobranza.template._message_values
    claim: Mapping = MappingProxyType({})  # what its reminder does not say yet: channel, amount
    template: Any = None  # cobranza.template it was written from


class CobranzaChannel(models.AbstractModel):
    """The contract of a channel. A channel `x` is a model `cobranza.channel.x` that inherits this one.

    Adding a channel takes that one model: selections list it, steps offer it, dispatch finds it.
    """

    _name = 'cobranza.channel'
    _description = 'Contact Channel'

    #: Delivering only writes to this database, so it commits or rolls back with the reminder: exactly once.
    _transactional = True
    #: Delivered means in the hands of a collector, who says later that it was done.
    _needs_person = False
    _sequence = 50
    #: The channel whose list of opt-outs this one reads, when it is not its own.
    _opt_outs = ''

    @api.model
    def _label(self):
        """Return the channel's name in the user's language."""
        return self._description

    @api.model
    def _addresses(self, partners):
        """Return {debtor: (contact, address)} for the debtors that can be reached; a constant number of queries."""
        return {}

    @api.model
    def _why_unreachable(self, partner):
        """Return in words why a debtor has no address on this channel, '' when there simply is none."""
        return ''

    @api.model
    def _opted_out(self, addresses):
        """Return the set of `addresses` that asked not to be contacted."""
        return set()

    @api.model
    def _is_ready(self, template):
        """Tell whether messages of `template` can leave by this channel at all; if not, a step uses its next one."""
        return True

    @api.model
    def _words(self, template, reminder, lang, values):
        """Return (subject, body) of a message in the reader's language, from the values of `_message_values`."""
        return template._fill(lang, values)

    @api.model
    def _deliver(self, letters):
        """Send the letters, a list of Letter; raise when that fails.

        :return: {reminder: dict of values for it}, such as its external id
        """
        raise NotImplementedError  # a channel that delivers nothing is not a channel

    @api.model
    def _codes(self):
        """Return the codes of the installed channels, in the order in which people think of them."""
        names = [
            name
            for name, model in self.env.registry.items()
            if name.startswith('cobranza.channel.') and not model._transient
        ]
        return sorted(
            (name.removeprefix('cobranza.channel.') for name in names), key=self._sort_key
        )

    @api.model
    def _sort_key(self, code):
        return self.env[f'cobranza.channel.{code}']._sequence, code

    @api.model
    def _selection(self):
        return [(code, self._of_code(code)._label()) for code in self._codes()]

    @api.model
    def _of_code(self, code):
        """Return the channel model of `code`."""
        return self.env[f'cobranza.channel.{code}']

    @api.model
    def _contacts_of(self, partners):
        """Return {debtor: contacts}, those for invoices first, then the debtor, then the others."""
        # a One2many, not a search: every channel asks, and the ORM answers from its cache, all of them read at once
        partners.cobranza_contact_ids.mapped('is_company')
        children = {
            partner: (partner.cobranza_contact_ids - partners)
            .filtered(lambda contact: not contact.is_company)
            .sorted('id')
            for partner in partners
        }
        return {
            partner: (mine := children[partner]).filtered(lambda c: c.type == 'invoice')
            + partner
            + mine.filtered(lambda c: c.type != 'invoice')
            for partner in partners
        }

    @api.model
    def _first_with(self, partners, field):
        """Return {debtor: (contact, value)} with the first contact whose `field` is set."""
        found = {}
        for partner, contacts in self._usable(self._contacts_of(partners), field).items():
            contact = next((contact for contact in contacts if contact[field]), None)
            if contact:
                found[partner] = contact, contact[field]
        return found

    @api.model
    def _usable(self, contacts_of, field):
        """Return {debtor: contacts} without those whose address in `field` is of no use."""
        return contacts_of

    @api.model
    def _in_full(self, number, country, form='E164'):
        """Return a telephone number with its country, '' if it is none.

        As Odoo's `_phone_format`, which reads a country's record where its code is enough.

        :param country: where its owner lives; where the company is when nobody knows
        :param form: `E164` as networks write it, `INTERNATIONAL` for people
        """
        code = self.env['cobranza.contact.guard']._code_of(country or self.env.company.country_id)
        try:
            return phone_format(number or '', code, None, force_format=form)
        except UserError:
            return ''

    # === SENDING: THE SAME FOR EVERY CHANNEL === #

    @api.model
    def _reachable(self, partners):
        """Return {debtor: (contact, address, opted out)} for the debtors with an address."""
        found = self._addresses(partners)
        return self._mark_refused(found, self._refused([found]))

    @api.model
    def _reach(self, codes, partners):
        """Return {channel: {debtor: (contact, address, opted out)}}; a list of opt-outs that is shared is read once."""
        channels = {code: self._of_code(code) for code in codes}
        found = {code: channel._addresses(partners) for code, channel in channels.items()}
        lists = {}
        for code, channel in channels.items():
            lists.setdefault(channel._opt_outs or code, []).append(found[code])
        refused = {code: self._of_code(code)._refused(many) for code, many in lists.items()}
        return {
            code: self._mark_refused(found[code], refused[channel._opt_outs or code])
            for code, channel in channels.items()
        }

    def _mark_refused(self, found, refused):
        return {
            partner: (contact, address, address in refused)
            for partner, (contact, address) in found.items()
        }

    @api.model
    def _refused(self, found):
        """Return the addresses that opted out, of results of `_addresses`."""
        addresses = {address for one in found for _contact, address in one.values()}
        return self._opted_out(addresses) if addresses else set()

    @api.model
    def _send(self, letters):
        """Deliver the letters; one that fails never takes the others with it."""
        if self._transactional:
            self._send_inside(letters)
        else:
            claimed = [
                (letter, letter.claim.get('amount', letter.reminder.amount)) for letter in letters
            ]
            for letter, amount in claimed:
                self._send_outside(letter, amount)

    @api.model
    def _send_on(self, letters, under_way):
        """Deliver the letters as `_send` does, except that the last of them may still be on their way.

        So a channel that waits for a provider goes on sending while the next batch is being prepared.

        :param under_way: what the call before this one returned, which is written down by this one; None for the first
        :return: what is to be handed to the next call, or to `_finish`
        """
        self._send(letters)

    @api.model
    def _finish(self, under_way):
        """Write down what became of the last letters of `_send_on`."""

    def _send_inside(self, letters):
        """Deliver in this transaction, all at once, or by halves to find the one that fails."""
        try:
            with self.env.cr.savepoint():
                self._deliver_and_log(letters)
        except OperationalError:
            raise  # a lock or serialization conflict: the whole transaction is tried again
        except Exception as error:
            if len(letters) > 1:
                middle = len(letters) // 2
                self._send_inside(letters[:middle])
                self._send_inside(letters[middle:])
            else:
                self._note_failure(letters[0], error)

    def _send_outside(self, letter, amount):
        """Claim and commit, call the provider, write its answer and commit: at most once.

        The commit of the letter before let go of this one: another worker, or a payment, may have been quicker.
        """
        commit = self.env['ir.cron']._commit_progress
        if not letter.reminder._still_claiming({letter.reminder: amount}):
            commit()
            return
        letter.reminder.write({'state': 'sending', **letter.claim})
        commit()
        try:
            results = self._deliver([letter])
        except OperationalError:
            raise
        except Exception as error:
            self._note_failure(letter, error)
        else:
            # It has left: an error from here on leaves "unknown", never a message on the next channel.
            letter.reminder._delivered([letter], results, self._state_after_delivery())
        commit()

    def _note_failure(self, letter, error):
        """Write down why a letter did not leave, and let the step's next channel try."""
        _logger.info('Message %s was not delivered: %s', letter.reminder.id, error)
        letter.reminder.write({**letter.claim})
        letter.reminder._channel_failed('delivery', str(error))

    def _deliver_and_log(self, letters):
        reminders = self.env['cobranza.reminder'].union(*(letter.reminder for letter in letters))
        reminders._delivered(letters, self._deliver(letters), self._state_after_delivery())

    def _state_after_delivery(self):
        return 'ready' if self._needs_person else 'sent'
