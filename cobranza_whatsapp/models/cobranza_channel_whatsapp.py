from markupsafe import Markup, escape

from odoo import api, models

from ..tools.phone_keys import phone_key


class CobranzaChannelWhatsapp(models.AbstractModel):
    """Messages by an approved template, at the speed of the company's number."""

    _name = 'cobranza.channel.whatsapp'
    _inherit = ['cobranza.mobile.channel']
    _description = 'WhatsApp Channel'
    _sequence = 15
    _transactional = False

    @api.model
    def _label(self):
        return self.env._('WhatsApp')

    @api.model
    def _account(self):
        return self.env['cobranza.whatsapp.account']._of(self.env.company)

    @api.model
    def _is_ready(self, template):
        """A step's message needs an approved template that carries it, and a number in use."""
        account = self._account()
        return bool(account and template.sudo()._whatsapp_templates(account))

    @api.model
    def _addresses(self, partners):
        """Give mobile numbers; of those who accepted, where the company asks first."""
        account = self._account()
        if not account:
            return {}
        found = super()._addresses(partners)
        if account.opt_in == 'explicit':
            accepted = self._accepted(partners)
            found = {partner: way for partner, way in found.items() if partner in accepted}
        return found

    @api.model
    def _why_unreachable(self, partner):
        """Say what is missing: the number of the company, their consent, or a mobile of theirs."""
        account = self._account()
        if not account:
            return self.env._('no WhatsApp number is in use')
        if account.opt_in == 'explicit' and partner not in self._accepted(partner):
            return self.env._('they have not accepted messages by WhatsApp')
        return super()._why_unreachable(partner)

    def _accepted(self, partners):
        """Return the debtors whose last word on WhatsApp, or on every channel, was yes."""
        consents = (
            self.env['cobranza.consent']
            .sudo()
            .search_fetch(
                [('partner_id', 'in', partners.ids), ('channel', 'in', ('whatsapp', False))],
                ['partner_id', 'state'],
            )
        )
        latest = {}
        for consent in consents:  # the latest first
            latest.setdefault(consent.partner_id, consent.state)
        return {partner for partner, state in latest.items() if state == 'in'}

    @api.model
    def _opted_out(self, addresses):
        """Ask the list of telephones, and who told this number to stop."""
        refused = self.env['cobranza.channel.phone']._opted_out(addresses)
        keys = {phone_key(address): address for address in addresses}
        talks = (
            self.env['cobranza.whatsapp.conversation']
            .sudo()
            .search_fetch(
                [('phone_key', 'in', list(keys)), ('is_opted_out', '=', True)], ['phone_key']
            )
        )
        return refused | {keys[talk.phone_key] for talk in talks}

    @api.model
    def _words(self, template, reminder, lang, values):
        """Return the words of the approved template; without one, of the message itself."""
        approved = template._whatsapp_template(self._account(), lang)
        if not approved:
            return template._fill_sms(lang, values)
        text = approved._text(approved._fill(values, self._links(reminder, values)))
        return '', Markup('<br/>').join(map(escape, text.splitlines()))

    def _links(self, reminder, values):
        """Return the addresses under which this debt can be seen and paid, which is all a button may lead to."""
        if not values['pay_link']:
            return []
        # of a draft only its words are shown, and its link is not among them
        base = reminder.company_id.get_base_url()
        short = reminder._short_link() if isinstance(reminder.id, int) else f'{base}/c/…'
        return [short, values['pay_link']]
