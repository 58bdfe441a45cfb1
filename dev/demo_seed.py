"""The book that `make demo` shows: a company in Lima that sells solar equipment, two years of life in a minute.

Everything goes through the ORM, as people and Odoo's own wizards would enter it, so that what the demo shows is
what the add-on does. The same seed gives the same book, its dates relative to today.
"""

import base64
import random
import re
from pathlib import Path

from odoo import Command, fields

from .demo_seed_agreements import Agreements
from .demo_seed_chats import MOBILES
from .demo_seed_collections import Collections
from .demo_seed_company import (
    DOMAIN,
    HOME,
    LANGUAGE,
    LANGUAGES_ABROAD,
    NAME,
    RATES,
    USERS,
    ZONE,
    plain,
)
from .demo_seed_people import CONTACTS, PHONES, PRODUCTS, debtors, tax_id
from .demo_seed_trade import Trade
from .demo_seed_whatsapp import Whatsapp


def seed(env):
    """Fill the freshly initialised database of *env*, once, and return the logins to print."""
    company = env.company
    if company.name != NAME:
        env = env(context={**env.context, 'lang': LANGUAGE, 'tz': ZONE, 'tracking_disable': True})
        book = Book(env, company.with_env(env))
        book.prepare()
        book.trade()
        book.connect_whatsapp()
        book.collect()
        book.agree()
        book.write_to_us()
    people = [(who, login, login) for who, login, _name, _groups in USERS]
    return [('administrator', 'admin', 'admin'), *people, ('customer', 'cliente', 'cliente')]


class Book(Trade, Collections, Agreements, Whatsapp):
    """The company, its customers and what they owe."""

    def __init__(self, env, company):
        self.env, self.company = env, company
        self.random = random.Random(1950)
        self.today = company._cobranza_today()
        self.partners = {}  # name: res.partner

    # === THE COMPANY === #

    def prepare(self):
        """Set up company, users, taxes, terms, products and customers."""
        self._set_company()
        self._set_currencies()
        self._set_sales()
        self._create_users()
        self._create_debtors()

    def _set_company(self):
        logo = Path(__file__).with_name('demo_seed_logo.png').read_bytes()
        peru = self.env.ref('base.pe')
        self.company.write(
            {
                'name': NAME,
                'country_id': peru.id,
                'account_fiscal_country_id': peru.id,
                'currency_id': self.env.ref('base.PEN').id,
                'street': 'Av. Santo Toribio 173, piso 8',
                'city': 'Lima',
                'vat': '20601234567',
                'phone': '+51 1 615 8200',
                'email': f'contacto@{DOMAIN}',
                'website': f'https://www.{DOMAIN}',
                'logo': base64.b64encode(logo),
                'email_secondary_color': '#0f5c66',
                'primary_color': '#0f5c66',
                'secondary_color': '#f2a51a',
            }
        )
        for language in LANGUAGES_ABROAD.values():
            self.env['res.lang']._activate_lang(language)
        self.company.partner_id.write({'lang': LANGUAGE, 'tz': ZONE})
        self.env['ir.default'].set('res.partner', 'lang', LANGUAGE)

    def _set_currencies(self):
        dollar = self.env.ref('base.USD')
        dollar.write({'active': True, 'symbol': 'US$', 'position': 'before'})
        self.env['res.currency.rate'].search([]).unlink()
        month = self.today.replace(day=1)
        self.env['res.currency.rate'].create(
            [
                {
                    'currency_id': dollar.id,
                    'company_id': self.company.id,
                    'name': fields.Date.subtract(month, months=age),
                    'rate': 1 / rate,
                }
                for age, rate in enumerate(reversed(RATES))
            ]
        )

    def _set_sales(self):
        """Make the journal, the tax, the payment terms and the products of a Peruvian company."""
        env, peru = self.env, self.env.ref('base.pe')
        self.journal = env['account.journal'].search(
            [('type', '=', 'sale'), ('company_id', '=', self.company.id)], limit=1
        )
        self.journal.write({'name': 'Facturas de clientes', 'code': 'F001'})
        self.bank = env['account.journal'].search(
            [('type', '=', 'bank'), ('company_id', '=', self.company.id)], limit=1
        )
        self.bank.name = 'Banco del Pacífico'
        self.bank.inbound_payment_method_line_ids.name = 'Transferencia'
        group = env['account.tax.group'].create({'name': 'IGV', 'country_id': peru.id})
        self.tax = env['account.tax'].create(
            {
                'name': 'IGV 18%',
                'amount': 18,
                'type_tax_use': 'sale',
                'country_id': peru.id,
                'tax_group_id': group.id,
            }
        )
        self.company.account_sale_tax_id = self.tax
        self.terms = {
            name: self._create_term(name, shares)
            for name, shares in {
                '30 días': [(100, 30)],
                '60 días': [(100, 60)],
                '3 cuotas mensuales': [(34, 30), (33, 60), (33, 90)],
                '50 % adelanto y saldo a 30 días': [(50, 0), (50, 30)],
            }.items()
        }
        self.products = env['product.product'].create(
            [
                {
                    'name': name,
                    'list_price': price,
                    'type': 'service',
                    'taxes_id': [Command.set(self.tax.ids)],
                }
                for name, price in PRODUCTS
            ]
        )

    def _create_term(self, name, shares):
        lines = [
            Command.create({'value': 'percent', 'value_amount': share, 'nb_days': days})
            for share, days in shares
        ]
        return self.env['account.payment.term'].create({'name': name, 'line_ids': lines})

    def _first_screen(self, groups):
        """Return the action that opens when somebody logs in: a collector's day, a supervisor's board."""
        home = next(filter(None, map(HOME.get, groups)), None)
        return home and self.env.ref(f'cobranza_management.{home}').id

    def _create_users(self):
        self.env.ref('base.user_admin').write({'lang': LANGUAGE, 'tz': ZONE})
        self.users = (
            self.env['res.users']
            .with_context(no_reset_password=True)
            .create(
                [
                    {
                        'name': name,
                        'login': login,
                        'password': login,
                        'email': f'{login}@{DOMAIN}',
                        'lang': LANGUAGE,
                        'tz': ZONE,
                        'group_ids': [Command.set([self.env.ref(group).id for group in groups])],
                        'action_id': self._first_screen(groups),
                    }
                    for _who, login, name, groups in USERS
                ]
            )
        )
        lucia, marco, ximena, beatriz, _accountant = self.users
        abroad = "[('partner_id.country_id.code', '!=', 'PE')]"
        self.env['cobranza.team'].search([('company_id', '=', self.company.id)]).unlink()
        self.env['cobranza.team'].create(
            {
                'name': 'Cobranzas Lima',
                'company_id': self.company.id,
                'supervisor_id': beatriz.id,
                'member_ids': [
                    Command.create({'user_id': ximena.id, 'condition': abroad, 'sequence': 1}),
                    Command.create({'user_id': lucia.id, 'capacity': 60, 'sequence': 2}),
                    Command.create({'user_id': marco.id, 'capacity': 40, 'sequence': 3}),
                ],
            }
        )

    # === THE CUSTOMERS === #

    def _create_debtors(self):
        """Create the debtors, and for each firm the person who receives its invoices."""
        self.debtors = debtors()
        created = self.env['res.partner'].create(
            [self._debtor_values(number, debtor) for number, debtor in enumerate(self.debtors)]
        )
        self.partners = dict(zip((debtor.name for debtor in self.debtors), created))
        firms = [debtor for debtor in self.debtors if not debtor.person]
        self.env['res.partner'].create(
            [
                self._contact_values(number, debtor)
                for number, debtor in enumerate(firms)
                if number % 3
            ]
        )
        self._create_portal_customer()

    def _debtor_values(self, number, debtor):
        return {
            'name': debtor.name,
            'is_company': not debtor.person,
            'country_id': self.env.ref(f'base.{debtor.country.lower()}').id,
            'city': debtor.city,
            'street': debtor.street,
            'lang': LANGUAGES_ABROAD.get(debtor.country, LANGUAGE),
            # Every ninth has no e-mail, every thirteenth no telephone: the next channel has its turn.
            'email': number % 9 != 8 and self._email(debtor),
            'phone': self._phone(number, debtor),
            'vat': tax_id(number, debtor),
        }

    def _phone(self, number, debtor):
        if debtor.person and debtor.name in MOBILES:
            return MOBILES[debtor.name]
        return number % 13 != 12 and PHONES[debtor.country].format(1370 + 97 * number)

    def _email(self, debtor):
        words = re.findall(r'[a-z]+', plain(debtor.name))
        if debtor.person:
            return f'{words[0]}.{words[-1]}@correo.example'
        return f'pagos@{"".join(word for word in words[:3] if len(word) > 2)}.example'

    def _contact_values(self, number, debtor):
        partner, name = self.partners[debtor.name], CONTACTS[number % len(CONTACTS)]
        domain = (partner.email or '').partition('@')[2]
        return {
            'name': name,
            'parent_id': partner.id,
            'type': 'invoice' if number % 2 else 'contact',
            'function': 'Tesorería' if number % 2 else 'Cuentas por pagar',
            'lang': partner.lang,
            'email': domain and f'{".".join(plain(name).split()[:2])}@{domain}',
            'phone': MOBILES.get(debtor.name),
        }

    def _create_portal_customer(self):
        customer = self.partners['Textiles Rímac S.A.C.']
        self.env['res.users'].with_context(no_reset_password=True).create(
            {
                'name': 'Elvira Mendoza',
                'login': 'cliente',
                'password': 'cliente',
                'email': 'elvira.mendoza@textilesrimac.example',
                'lang': LANGUAGE,
                'tz': ZONE,
                'group_ids': [Command.set([self.env.ref('base.group_portal').id])],
            }
        ).partner_id.write({'parent_id': customer.id, 'function': 'Tesorera'})
