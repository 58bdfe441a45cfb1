"""The demo's number at the WhatsApp emulator, its templates, and the first who asks for a person."""

import json
import os
import urllib.request

from odoo import Command

from .demo_seed_chats import ASKED, ASKER, MOBILES, PRICES, TEXTS

# a proxy that is configured for the machine must not catch what goes to loopback
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Whatsapp:
    """A number in use whose templates carry three messages of the general strategy."""

    def connect_whatsapp(self):
        """Create the number, have its texts approved, and let the steps that say them use WhatsApp first.

        Without an emulator (`COBRANZA_DEMO_WHATSAPP` tells where it is) the demo goes without.
        """
        self.cloud = json.loads(os.environ.get('COBRANZA_DEMO_WHATSAPP') or '{}')
        if not self.cloud:
            return
        account = self._create_number()
        for text in TEXTS:
            self._approve(account, text)
        account.action_connect()
        self._use_first(account.template_ids.template_id)

    def _create_number(self):
        prices = [
            Command.create(
                {
                    'category': category,
                    'country_id': country and self.env.ref(f'base.{country.lower()}').id,
                    'price': price,
                }
            )
            for category, countries in PRICES.items()
            for country, price in countries.items()
        ]
        return self.env['cobranza.whatsapp.account'].create(
            {
                'name': 'Cobranzas Solar Andina',
                'company_id': self.company.id,
                'base_url': self.cloud['url'],
                'price_ids': prices,
                **self.cloud['keys'],
            }
        )

    def _approve(self, account, text):
        """Hand a text in for review as managers do, and approve it as WhatsApp does."""
        message = self.env.ref(f'cobranza_management.template_generic_{text.message}')
        known = {'name': f'solar_andina_{text.message}', 'language': text.language}
        draft = self.env['cobranza.whatsapp.template'].create(
            {
                'account_id': account.id,
                'draft_button': text.button,
                'draft_text': text.body,
                'template_id': message.id,
                **known,
            }
        )
        draft.action_submit()
        self._control('approve', **known)

    def _use_first(self, templates):
        """Put WhatsApp before the other channels of the general steps whose first one says one of these messages."""
        strategy = self.env.ref('cobranza_management.strategy_generic')
        for step in strategy.step_ids:
            template = step.channel_ids.sorted('sequence')[:1].template_id
            if template in templates:
                row = {'channel': 'whatsapp', 'sequence': 5, 'template_id': template.id}
                step.channel_ids = [Command.create(row)]

    def write_to_us(self):
        """Tell who they are to whom we wrote, and let one of them ask for a person.

        The server hears it once it runs, as it hears everybody.
        """
        if not self.cloud:
            return
        for talk in self.env['cobranza.whatsapp.conversation'].search([]):
            self._control('user', phone=talk.phone, name=talk.display_name)
        self._control('inbound', phone=MOBILES[ASKER], text=ASKED)

    def _control(self, control, **values):
        """Have the emulator do what WhatsApp or a person would."""
        request = urllib.request.Request(
            f'{self.cloud["url"]}/emulator/{control}',
            json.dumps(values).encode(),
            {'Content-Type': 'application/json'},
        )
        _opener.open(request).close()
