from collections import defaultdict
from datetime import timedelta

import pytz

from odoo import api, fields, models, tools

from ..tools.calendars import time_zone
from ..tools.guard import ALLOWED, Facts, may_contact

#: Counters look this far back; no rule needs more.
LOOK_BACK_DAYS = 31


class CobranzaContactGuard(models.AbstractModel):
    """The only gate out: gathers the facts in a constant number of queries and asks `tools.guard`.

    Every sender asks it: cron, button, call queue, later the bot and the portal.
    """

    _name = 'cobranza.contact.guard'
    _description = 'Contact Guard'

    #: Purposes the law does not count as collection.
    _FREE_PURPOSES = ('reply', 'receipt')

    @api.model
    def _assess(self, cases, channels, when=None, purpose='collection', stops=None):
        """Answer `may_contact` for every case and channel.

        :param cases: cobranza.case of one company
        :param list[str] channels: channel codes
        :param datetime when: naive UTC, now by default
        :param stops: what `_stops` has just said of these cases; asked when left out
        :return: {(case, channel): tools.guard.Verdict}
        """
        when = pytz.utc.localize(when or fields.Datetime.now())
        stops = self._stops(cases) if stops is None else stops
        if purpose in self._FREE_PURPOSES:
            return {
                (case, channel): self._refused_by_debtor(stops[case, channel])
                for case in cases
                for channel in channels
            }
        bindings = self.env['cobranza.contact.rule']._bindings_for(cases.company_id)
        contacts, attempts = self._recent_contacts(cases, when)
        verdicts = {}
        for case in cases:
            binding = [found.rule for found in bindings if found.binds(case.partner_id)]
            for channel in channels:
                facts = Facts(
                    zone=self._zone_of(case.partner_id, case.company_id),
                    country=self._code_of(case.partner_id.country_id or case.company_id.country_id),
                    stops=(*stops[case, channel], *stops[case, None], *self._hold_of(case)),
                    contacts=tuple(contacts[case]),
                    attempts=tuple(attempts[case]),
                )
                verdicts[case, channel] = may_contact(facts, binding, channel, when)
        return verdicts

    def _refused_by_debtor(self, stops):
        """Answer a customer who wrote first unless they refused this very channel."""
        return (
            may_contact(
                Facts(zone=pytz.utc, stops=tuple(stops)),
                [],
                '',
                pytz.utc.localize(fields.Datetime.now()),
            )
            if stops
            else ALLOWED
        )

    @api.model
    def _zone_of(self, partner, company):
        """Return the tzinfo of a debtor."""
        return time_zone(
            partner.tz, self._code_of(partner.country_id), str(company._cobranza_zone())
        )

    def _code_of(self, country):
        return self._country_codes().get(country.id)

    @api.model
    @tools.ormcache()
    def _country_codes(self):
        """Return {country id: code}; cached, since every debtor asks for theirs."""
        return {country.id: country.code for country in self.env['res.country'].search([])}

    def _hold_of(self, case):
        return (('hold', case.hold_reason or '', case.hold_until),) if case.hold_until else ()

    def _stops(self, cases):
        """Return {(case, channel or None): stops} from the debtors' latest word on each channel."""
        stops, seen = defaultdict(list), set()
        consents = (
            self.env['cobranza.consent']
            .sudo()
            .search_fetch(
                [('partner_id', 'in', cases.partner_id.ids)],
                ['partner_id', 'channel', 'state', 'source'],
            )
        )
        by_partner = cases.grouped('partner_id')
        for consent in consents:  # the latest first
            key = by_partner[consent.partner_id], consent.channel or None
            if key not in seen and consent.state == 'out':
                stops[key].append(('opt_out', consent.source or '', None))
            seen.add(key)
        return stops

    def _recent_contacts(self, cases, when):
        """Return ({case: aware datetimes of the contacts we made lately}, the same of calls nobody answered)."""
        since = when.replace(tzinfo=None) - timedelta(days=LOOK_BACK_DAYS)
        rows = (
            self.env['cobranza.interaction']
            .sudo()
            ._read_group(
                [
                    ('case_id', 'in', cases.ids),
                    ('direction', '=', 'out'),
                    ('purpose', '=', 'collection'),
                    ('date', '>=', since),
                    ('correction_ids', '=', False),
                    ('replaced_by_ids', '=', False),
                    # A message that never arrived is not a contact.
                    '|',
                    ('reminder_id', '=', False),
                    ('reminder_id.state', 'in', self.env['cobranza.reminder']._EXECUTED),
                ],
                ['case_id', 'is_attempt'],
                ['date:array_agg'],
            )
        )
        found = defaultdict(list), defaultdict(list)
        for case, is_attempt, dates in rows:
            found[bool(is_attempt)][case] += [pytz.utc.localize(date) for date in dates]
        return found
