"""The book that `make demo` shows: a company in Lima that sells solar equipment, two years of life in a minute.

Everything goes through the ORM, as people and Odoo's own wizards would enter it, so that what the demo shows is
what the add-on does. The same seed gives the same book, its dates relative to today.
"""

import base64
import random
import re
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from markupsafe import Markup

from odoo import Command, fields

from .demo_seed_people import CONTACTS, PHONES, PRODUCTS, PROFILES, debtors

NAME = 'Solar Andina S.A.C.'
DOMAIN = 'solarandina.example'
LANGUAGE, ZONE = 'es_419', 'America/Lima'
LANGUAGES_ABROAD = {'ES': 'es_ES', 'US': 'en_US'}
#: Soles for a dollar, from the oldest month to this one.
RATES = (3.81, 3.78, 3.74, 3.76, 3.71, 3.69, 3.73, 3.70, 3.66, 3.68, 3.64, 3.67, 3.65)
#: Profiles that do not keep up with their instalments.
STUBBORN = ('risk', 'lost')
#: (who, login, name, groups); the password is the login.
USERS = [
    ('collector', 'collector1', 'Lucía Paredes', ('cobranza_management.group_collector',)),
    ('collector', 'collector2', 'Marco Quiroga', ('cobranza_management.group_collector',)),
    ('collector, abroad', 'collector3', 'Ximena Torres', ('cobranza_management.group_collector',)),
    ('supervisor', 'supervisor', 'Beatriz Salcedo', ('cobranza_management.group_supervisor',)),
    (
        'accountant',
        'accountant',
        'Tomás Aguirre',
        ('account.group_account_manager', 'account.group_account_user'),
    ),
]
HOW_TO_PAY = """
    <p><strong>Formas de pago</strong></p>
    <ul>
        <li>Banco del Pacífico, soles: 193-2450016-0-87 (CCI 002-193-002450016087-11)</li>
        <li>Banco del Pacífico, dólares: 193-2450099-1-02 (SWIFT BPACPEPL)</li>
        <li>Con tarjeta, en línea o al teléfono de cobranzas</li>
    </ul>
"""
SIGNATURE = f"""
    <p><strong>Cobranzas · {NAME}</strong><br/>
    Tel. +51 1 615 8200, anexo 4 · lunes a viernes, de 9:00 a 18:00</p>
"""


def seed(env):
    """Fill the freshly initialised database of *env*, once, and return the logins to print."""
    company = env.company
    if company.name != NAME:
        env = env(context={**env.context, 'lang': LANGUAGE, 'tz': ZONE, 'tracking_disable': True})
        book = Book(env, company.with_env(env))
        book.prepare()
        book.trade()
        book.collect()
    people = [(who, login, login) for who, login, _name, _groups in USERS]
    return [('administrator', 'admin', 'admin'), *people, ('customer', 'cliente', 'cliente')]


class Book:
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
            'phone': number % 13 != 12 and PHONES[debtor.country].format(1370 + 97 * number),
            'vat': debtor.country == 'PE'
            and not debtor.person
            and f'20{510000000 + 71093 * number}',
        }

    def _email(self, debtor):
        words = re.findall(r'[a-z]+', _plain(debtor.name))
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
            'email': domain and f'{".".join(_plain(name).split()[:2])}@{domain}',
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

    # === INVOICES AND PAYMENTS === #

    def trade(self):
        """Sell, get paid (late, in part, too early), and take goods back."""
        paid, unpaid = [], []
        for debtor in self.debtors:
            profile = PROFILES[debtor.profile]
            for count, late in enumerate(profile.paid):
                due = self.today - timedelta(
                    days=40 + 75 * count + self.random.randrange(35) + late
                )
                paid.append((debtor, due, due + timedelta(days=late)))
            for days in self.random.choice(profile.open):
                unpaid.append((debtor, self.today - timedelta(days=days), None))
        plans = sorted(paid + unpaid, key=lambda plan: plan[1])
        invoices = self._create_invoices([plan[:2] for plan in plans])
        paid, open_moves = [], []
        for move, (debtor, _due, day) in zip(invoices, plans):
            if day:
                paid.append((move, move.amount_total, min(day, self.today)))
                continue
            open_moves.append(move.id)
            if debtor.profile not in STUBBORN:
                paid += self._instalments_before_last(move)
        self._pay(paid)
        pending = self.env['account.move'].browse(open_moves)
        self._pay_in_part(pending)
        self._give_credit(pending)

    def _create_invoices(self, sales):
        """Create and post an invoice for each (debtor, last due date), numbered in the order of their dates."""
        moves = self.env['account.move'].create([self._invoice_values(*sale) for sale in sales])
        moves = moves.sorted(lambda move: (move.invoice_date, move.id))
        moves[0].name = 'F001-00002417'
        moves.action_post()
        return self.env['account.move'].browse(sorted(moves.ids))

    def _invoice_values(self, debtor, due):
        term = self._term_of(debtor)
        days = max(term.line_ids.mapped('nb_days'))
        # What is open now falls due on the day asked for; instalments before it have fallen due by then.
        return {
            'move_type': 'out_invoice',
            'partner_id': self.partners[debtor.name].id,
            'journal_id': self.journal.id,
            'currency_id': self.env.ref(f'base.{debtor.currency}').id,
            'invoice_date': min(due - timedelta(days=days), self.today),
            'invoice_payment_term_id': term.id,
            'invoice_line_ids': self._lines(debtor),
        }

    def _term_of(self, debtor):
        if debtor.person:
            return self.terms['3 cuotas mensuales']
        if debtor.scale > 20000:
            return self.terms['60 días']
        return self.terms['50 % adelanto y saldo a 30 días' if debtor.scale < 3500 else '30 días']

    def _lines(self, debtor):
        """Return lines that add up to about the debtor's scale."""
        total = debtor.scale * self.random.uniform(0.55, 1.35)
        rate = 1 if debtor.currency == 'PEN' else RATES[-1]
        product, service = (
            self.random.choice(self.products[:5]),
            self.random.choice(self.products[5:]),
        )
        price = round(product.list_price / rate, 2)
        taxes = [Command.set(self.tax.ids if debtor.country == 'PE' else [])]
        units = max(1, round(total / price))
        lines = [{'product_id': product.id, 'quantity': units, 'price_unit': price}]
        if self.random.random() < 0.5:
            lines.append(
                {
                    'product_id': service.id,
                    'quantity': 1,
                    'price_unit': round(service.list_price / rate, 2),
                }
            )
        return [Command.create({**line, 'tax_ids': taxes}) for line in lines]

    def _instalments_before_last(self, move):
        """Return what somebody who keeps up with their instalments has paid of `move`."""
        *before, _last = _receivable(move).sorted('date_maturity')
        return [
            (move, line.amount_currency, min(line.date_maturity, self.today)) for line in before
        ]

    def _pay(self, rows):
        """Pay and apply each (invoice, amount, day); in a batch, or it takes half a minute."""
        payments = self._create_payments(
            (move, amount, day, f'Transferencia {move.name}') for move, amount, day in rows
        )
        for payment, (move, _amount, _day) in zip(payments, rows):
            _receivable(payment.move_id + move).filtered(
                lambda line: not line.reconciled
            ).reconcile()

    def _create_payments(self, rows):
        """Create and post a payment for each (invoice, amount, day, memo), not yet applied."""
        payments = self.env['account.payment'].create(
            [
                {
                    'payment_type': 'inbound',
                    'partner_type': 'customer',
                    'partner_id': move.commercial_partner_id.id,
                    'amount': amount,
                    'currency_id': move.currency_id.id,
                    'date': day,
                    'journal_id': self.bank.id,
                    'memo': memo,
                }
                for move, amount, day, memo in rows
            ]
        )
        payments.action_post()
        return payments

    def _register(self, move, day, share):
        """Pay `share` of an invoice through Odoo's wizard."""
        wizard = (
            self.env['account.payment.register']
            .with_context(active_model='account.move', active_ids=move.ids)
            .create({'payment_date': day, 'journal_id': self.bank.id})
        )
        wizard.amount = move.currency_id.round(share * move.amount_residual)
        wizard.payment_difference_handling = 'open'
        wizard._create_payments()

    def _pay_in_part(self, pending):
        """Let some of the overdue invoices be paid in part, and some customers pay without saying what for."""
        late = pending.filtered(lambda move: move.invoice_date_due < self.today)
        for move in late[::7]:
            day = move.invoice_date_due + timedelta(days=self.random.randrange(9))
            self._register(
                move, min(day, self.today), share=self.random.choice((0.25, 0.4, 0.5, 0.6))
            )
        self._create_payments(
            (
                move,
                round(move.amount_total * share, -1),
                self.today - timedelta(days=age),
                'Abono sin identificar',
            )
            for move, share, age in zip(
                late[3::11], (0.2, 0.35, 0.15, 2.6, 0.3, 0.25), (9, 4, 21, 2, 13, 6)
            )
        )

    def _give_credit(self, pending):
        """Take goods back: some credit notes applied to their invoice, some still open."""
        chosen = pending.filtered(
            lambda move: len(move.line_ids) < 6 and move.payment_state == 'not_paid'
        )[5::13]
        refunds = self.env['account.move'].create(
            [
                {
                    'move_type': 'out_refund',
                    'partner_id': move.partner_id.id,
                    'journal_id': self.journal.id,
                    'currency_id': move.currency_id.id,
                    'invoice_date': max(move.invoice_date, self.today - timedelta(days=12)),
                    # Odoo applies a credit note to the entry it reverses.
                    'reversed_entry_id': number % 2 and move.id,
                    'ref': f'Devolución de {move.name}',
                    'invoice_line_ids': [
                        Command.create(
                            {
                                'product_id': line.product_id.id,
                                'quantity': 1,
                                'price_unit': round(line.price_unit * 0.4, 2),
                                'tax_ids': [Command.set(line.tax_ids.ids)],
                            }
                        )
                        for line in move.invoice_line_ids[:1]
                    ],
                }
                for number, move in enumerate(chosen)
            ]
        )
        refunds = refunds.sorted('invoice_date')
        refunds[0].name = 'FC001-00000041'
        refunds.action_post()

    # === COLLECTIONS === #

    def collect(self):
        """Switch collections on, let people have done some work, run the daily cycle and send its messages."""
        self._set_collections()
        self.env.flush_all()
        self.env['cobranza.case']._create_missing(self.company)
        self.cases = {
            case.partner_id: case
            for case in self.env['cobranza.case'].search([('company_id', '=', self.company.id)])
        }
        self._work()
        self.env['cobranza.run']._run(self.company)
        self.env.cr.commit()
        with self._at_any_hour():
            self.env['cobranza.reminder']._cron_dispatch()
            self.env['mail.mail'].process_email_queue()
        self.env.cr.commit()

    def _set_collections(self):
        general = self.env.ref('cobranza_management.strategy_generic')
        careful = general.copy({'name': 'Clientes estratégicos', 'review': True})
        self.env.ref('cobranza_management.segment_strategic').strategy_id = careful
        rules = self.env['cobranza.contact.rule'].search([('company_id', '=', self.company.id)])
        rules.name = 'Horario de contacto'
        self.company.write(
            {
                'cobranza_active': True,
                'cobranza_strategy_id': general.id,
                'cobranza_review': False,
                'cobranza_minimum_amount': 50,
                'cobranza_email_from': f'"Cobranzas Solar Andina" <cobranzas@{DOMAIN}>',
                'cobranza_how_to_pay': Markup(HOW_TO_PAY),
                'cobranza_signature': Markup(SIGNATURE),
            }
        )

    @contextmanager
    def _at_any_hour(self):
        """Lift the contact hours while the demo sends its first messages: nobody is at the other end."""
        rules = self.env['cobranza.contact.rule'].search([('company_id', '=', self.company.id)])
        kept = {
            rule: (rule.on_holidays, [(w.weekday, w.start, w.end) for w in rule.window_ids])
            for rule in rules
        }
        rules.write({'window_ids': [Command.clear()], 'on_holidays': True})
        yield
        for rule, (on_holidays, windows) in kept.items():
            rule.on_holidays = on_holidays
            rule.window_ids = [
                Command.create({'weekday': weekday, 'start': start, 'end': end})
                for weekday, start, end in windows
            ]

    def _work(self):
        """Enter what three collectors did lately: calls, promises, disputes, holds, wishes of customers."""
        late = [
            case
            for case in self.cases.values()
            if case.amount_overdue > 0 and not case.partner_id.name.startswith('Minera')
        ]
        late.sort(key=lambda case: case.amount_overdue, reverse=True)
        self._promise(late)
        self._dispute(late)
        self._hold(late)
        self._call(late)
        self._opt_out(late)

    def _promise(self, late):
        lucia, marco, ximena = self.users[:3]
        young = [case for case in late if case.days_overdue < 40]
        rows = [
            (late[4], 0.5, 4, 'open', lucia),
            (late[9], 1, 1, 'open', marco),
            (late[15], 0.3, 9, 'open', ximena),
            (late[22], 1, 2, 'open', lucia),
            (late[7], 1, -11, 'broken', ximena),
            (late[7], 0.5, -27, 'broken', ximena),
            (young[2], 0.4, -6, 'broken', marco),
            (young[5], 1, -3, 'broken', lucia),
            (young[8], 1, -4, 'broken', marco),
            (late[18], 0.5, -40, 'kept', marco),
        ]
        self.env['cobranza.promise'].create(
            [
                {
                    'case_id': case.id,
                    'amount': round(case.amount_overdue * share, -1) or 10,
                    'currency_id': case.currency_id.id,
                    'date': self.today + timedelta(days=days),
                    'state': state,
                    'user_id': user.id,
                }
                for case, share, days, state, user in rows
            ]
        )

    def _dispute(self, late):
        reasons = ('damaged', 'price', 'invoice_missing', 'credit_note')
        notes = (
            'Dos paneles llegaron con el marco golpeado; envían fotos.',
            'No se aplicó el descuento por volumen acordado.',
            'Su área de pagos no tiene la factura; pide reenvío.',
            'Espera la nota de crédito por la devolución.',
        )
        self.env['cobranza.dispute'].create(
            [
                {
                    'case_id': case.id,
                    'line_id': case.item_ids.sorted('date_maturity')[:1].id,
                    'reason_id': self.env.ref(f'cobranza_management.dispute_reason_{reason}').id,
                    'note': note,
                    'user_id': case.user_id.id or self.users[3].id,
                    'deadline': self.today + timedelta(days=days),
                }
                for case, reason, note, days in zip(
                    (late[6], late[13], late[20], late[27]), reasons, notes, (3, 7, 2, -1)
                )
            ]
        )

    def _hold(self, late):
        self.env['cobranza.hold'].create(
            [
                {'case_id': case.id, 'reason': reason, 'until': self.today + timedelta(days=days)}
                for case, reason, days in (
                    (late[10], 'Gerencia negocia un nuevo contrato', 12),
                    (late[25], 'Fallecimiento en la familia', 20),
                )
            ]
        )

    def _call(self, late):
        """Log calls of the last weeks; those of yesterday keep today's messages back."""
        results = (
            'No contesta',
            'Contesta recepción: llamar por la tarde',
            'Pide reenvío de facturas',
            'Pagará esta semana',
            'Tesorería programa pagos los viernes',
            'Número ocupado',
        )
        now = fields.Datetime.now()
        self.env['cobranza.interaction'].create(
            [
                {
                    'case_id': case.id,
                    'company_id': self.company.id,
                    'partner_id': case.partner_id.id,
                    'date': now - timedelta(days=age, hours=3 + number % 5),
                    'channel': 'phone',
                    'address': case.partner_id.phone,
                    'summary': results[number % len(results)],
                    'user_id': self.users[number % 3].id,
                }
                for number, case in enumerate(late[:32])
                for age in ((1, 12) if number % 8 == 3 else (9, 26) if number % 3 else (17,))
                if case.partner_id.phone
            ]
        )

    def _opt_out(self, late):
        self.env['cobranza.consent'].create(
            {
                'partner_id': late[16].partner_id.id,
                'channel': 'email',
                'state': 'out',
                'source': 'Lo pidió por teléfono',
            }
        )
        with_email = next(case.partner_id for case in reversed(late) if case.partner_id.email)
        self.env['mail.blacklist']._add(with_email.email)


def _receivable(moves):
    """Return the receivable items of `moves`."""
    return moves.line_ids.filtered(lambda line: line.account_type == 'asset_receivable')


def _plain(text):
    """Return `text` in lower case without accents.

    >>> _plain('Óscar Ñuñoa')
    'oscar nunoa'
    """
    return text.lower().translate(str.maketrans('áéíóúüñ', 'aeiouun'))
