import math
from datetime import datetime, timezone

from odoo import fields, models
from odoo.exceptions import UserError

#: Longest note kept of a contact, characters.
NOTE_LENGTH = 2000


class CobranzaCase(models.Model):
    """What the workbench sends with an outcome, checked: it comes from a browser and is believed in nothing."""

    _inherit = 'cobranza.case'

    def _read_outcome_values(self, outcome, values):
        """Return what the effect needs, as records and dates, or say what is missing.

        :param dict values: amount, currency_id, date ('2026-03-04'), line_ids, note, reason_id, contact_id, channel,
            until ('2026-03-04 15:00:00', UTC unless it names an offset), replaces_id (a contact noted wrongly)
        :return: dict of channel, contact, address, note, replaces and, where the effect asks, amount, currency, date,
            lines, reason, until
        """
        self.ensure_one()
        values = values or {}
        replaced = self._read_replaced(values)
        read = {
            'note': ' '.join(str(values.get('note') or '').split())[:NOTE_LENGTH],
            'replaces': replaced,
            **self._read_contact(values, replaced),
        }
        for name in outcome._ASKS[outcome.effect]:
            read |= getattr(self, f'_read_{name}')(values, outcome)
        return read

    def _read_contact(self, values, replaced):
        """Return channel, contact and the address in use: the one the channel would use unless a person is named.

        A correction is about whom the contact reached: the channel may use somebody else since.
        """
        channel = values.get('channel') or replaced.channel or 'phone'
        if replaced and not values.get('contact_id') and channel == replaced.channel:
            return {
                'address': replaced.address or '',
                'channel': channel,
                'contact': replaced.contact_id,
            }
        if channel not in self.env['cobranza.channel']._codes():
            raise UserError(self.env._('There is no channel "%s".', channel))
        Channel = self.env['cobranza.channel']._of_code(channel)
        contact, address = Channel._addresses(self.partner_id).get(
            self.partner_id, (self.env['res.partner'], '')
        )
        wanted = self._id_of(values.get('contact_id'))
        if wanted and wanted != contact.id:
            people = self.env['cobranza.channel']._people_of(self.partner_id)[self.partner_id]
            contact = people.filtered(
                lambda c: c.id == wanted and c.sudo().cobranza_role != 'never'
            )
            if not contact:
                raise UserError(
                    self.env._('This person is not a contact of %s.', self.partner_id.name)
                )
            address = contact.email if channel == 'email' else contact.phone
        return {'address': address or '', 'channel': channel, 'contact': contact}

    def _read_replaced(self, values):
        """Return the contact whose outcome is corrected: one of today's, noted by the user or for a supervisor."""
        Contact = self.env['cobranza.interaction']
        wanted = self._id_of(values.get('replaces_id'))
        if not wanted:
            return Contact
        found = Contact.search(
            [('id', '=', wanted), ('case_id', '=', self.id), ('replaced_by_ids', '=', False)]
        )
        if not found._correctable():
            raise UserError(self.env._('Only your own contacts of today can be corrected.'))
        return found

    def _id_of(self, value):
        """Return an id from the browser, or None."""
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    # === ONE METHOD FOR EACH THING ASKED === #

    def _read_note(self, values, outcome):
        return {}

    def _read_amount(self, values, outcome):
        """Read amount and currency; a promise needs them."""
        currency = self._currency_of(values)
        amount = values.get('amount')
        number = isinstance(amount, (int, float)) and not isinstance(amount, bool)
        if amount and not (number and math.isfinite(amount) and amount > 0):
            raise UserError(self.env._('The amount has to be above zero.'))
        amount = currency.round(amount) if amount else 0.0
        if not amount and outcome.effect == 'promise':
            raise UserError(self.env._('How much will they pay?'))
        return {'amount': amount, 'currency': currency}

    def _currency_of(self, values):
        """Return the currency named, which must be one the debtor owes in."""
        owed = self.item_ids.currency_id | self.currency_id
        wanted = self._id_of(values.get('currency_id'))
        if not wanted:
            return (
                self.item_ids.currency_id
                if len(self.item_ids.currency_id) == 1
                else self.currency_id
            )
        if wanted not in owed.ids:
            raise UserError(self.env._('%s owes nothing in this currency.', self.partner_id.name))
        return owed.browse(wanted)

    def _read_date(self, values, outcome):
        """Read the day; a promise needs one that is not past."""
        try:
            day = fields.Date.to_date(values.get('date') or None)
        except (TypeError, ValueError):
            raise UserError(self.env._('This is not a date: %s', values.get('date'))) from None
        if outcome.effect == 'promise':
            if not day:
                raise UserError(self.env._('When will they pay?'))
            if day < fields.Date.context_today(self):
                raise UserError(self.env._('A promise cannot be for a day that is past.'))
        return {'date': day}

    def _read_lines(self, values, outcome):
        """Read the items, which must be open items of this debtor."""
        given = values.get('line_ids')
        wanted = set(filter(None, map(self._id_of, given if isinstance(given, list) else [])))
        claims = self.item_ids.filtered(lambda item: item.amount_residual > 0)
        lines = claims.filtered(lambda item: item.id in wanted)
        if len(lines) < len(wanted):
            raise UserError(
                self.env._(
                    'Some of these documents are not open documents of %s.', self.partner_id.name
                )
            )
        if not wanted and len(claims) == 1 and outcome.effect == 'dispute':
            lines = claims
        return {'lines': lines}

    def _read_reason(self, values, outcome):
        reason = self.env['cobranza.dispute.reason'].search(
            [('id', '=', self._id_of(values.get('reason_id')))]
        )
        if not reason:
            raise UserError(self.env._('Why do they not accept it?'))
        return {'reason': reason}

    def _read_callback(self, values, outcome):
        """Read the moment to call back, which must be in the future."""
        try:
            moment = datetime.fromisoformat(str(values.get('until') or ''))
        except ValueError:
            raise UserError(self.env._('When should they be called back?')) from None
        if moment.tzinfo:
            moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
        if moment <= fields.Datetime.now():
            raise UserError(self.env._('The moment to call back has to be in the future.'))
        return {'until': moment.replace(microsecond=0)}
