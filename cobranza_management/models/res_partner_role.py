from odoo import fields, models

from .cobranza_aged_mixin import READERS


class ResPartner(models.Model):
    """What a contact is in matters of payment: whom to ask first, and whom never to ask."""

    _inherit = 'res.partner'

    cobranza_role = fields.Selection(
        [
            ('clerk', 'Payables clerk'),
            ('approver', 'Approver'),
            ('guarantor', 'Guarantor'),
            ('never', 'Never contact'),
        ],
        string='Role in Collections',
        groups=READERS,
        help='Messages and calls go to the payables clerk first, then the invoice address, the customer, the approver'
        ' and the others. A guarantor is only contacted by a person; who is never to be contacted, by nobody.',
    )


class CobranzaChannel(models.AbstractModel):
    """Whom a message reaches, in order. One role a person: the one that decides whom to ask first."""

    _inherit = 'cobranza.channel'

    #: Who is left out unless a person chooses them: the law protects third parties, and some have asked for it.
    _UNASKED = ('guarantor', 'never')

    def _contacts_of(self, partners):
        """Return {debtor: contacts to try, in order}: the clerk, invoice addresses, the debtor, approvers, others."""
        return {
            partner: contacts.filtered(lambda c: c.sudo().cobranza_role not in self._UNASKED)
            for partner, contacts in self._people_of(partners).items()
        }

    def _people_of(self, partners):
        """Return {debtor: every contact, guarantors and those never to be contacted at the end}."""
        # the one of here leaves some out
        everybody = super()._contacts_of(partners)  # pylint: disable=super-method-mismatch
        # read at once: each debtor's people would be a query of their own
        partners.sudo().union(*everybody.values()).mapped('cobranza_role')
        return {
            partner: people.sorted(lambda person, debtor=partner: self._rank(person, debtor))
            for partner, people in everybody.items()
        }

    def _rank(self, person, debtor):
        """Return the place of a person in the order of contact; equals keep their order."""
        ranks = {'clerk': 0, 'approver': 3, 'guarantor': 5, 'never': 6}
        role = person.sudo().cobranza_role
        if role in ranks:
            return ranks[role]
        if person == debtor:
            return 2
        return 1 if person.type == 'invoice' else 4

    def _never_of(self, partners):
        """Return {debtor: names of those never to be contacted} where that leaves nobody."""
        people = partners | partners.cobranza_contact_ids
        if not set(people.sudo().mapped('cobranza_role')) & set(self._UNASKED):
            return {}  # almost everybody: no need to put their people in order
        return {
            partner: ', '.join(people.mapped('name'))
            for partner, people in self._people_of(partners).items()
            if not people.filtered(lambda c: c.sudo().cobranza_role not in self._UNASKED)
        }


class CobranzaContactGuard(models.AbstractModel):
    _inherit = 'cobranza.contact.guard'

    def _stops(self, cases):
        """Hold back debtors whose every contact is one never to be contacted."""
        stops = super()._stops(cases)
        by_partner = cases.grouped('partner_id')
        for partner, names in self.env['cobranza.channel']._never_of(cases.partner_id).items():
            for case in by_partner[partner]:
                stops[case, None].append(('never_contact', names, None))
        return stops


class CobranzaReminder(models.Model):
    _inherit = 'cobranza.reminder'

    def _reason_selection(self):
        return [
            *super()._reason_selection(),
            ('never_contact', self.env._('nobody there may be contacted: %s')),
        ]

    def _choose_channel(self, verdicts, addresses):
        """Say that nobody may be contacted, rather than that there is no address."""
        for line in self._channels_left():
            verdict = verdicts[self.case_id, line.channel]
            if verdict.code == 'never_contact':
                self._give_up(verdict.code, verdict.detail)
                return None, None, None
        return super()._choose_channel(verdicts, addresses)
