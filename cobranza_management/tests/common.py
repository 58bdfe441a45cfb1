"""What tests of collections share; other add-ons import it too."""

from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields
from odoo.sql_db import BaseCursor
from odoo.tests import TransactionCase, new_test_user

#: A Wednesday, 10:00 in Bogotá: inside the contact hours of every company made here.
NOW = '2026-03-04 15:00:00'
ACCOUNT_TYPES = (
    'asset_receivable', 'liability_payable', 'income', 'expense', 'asset_cash', 'asset_current'
)  # fmt: skip


class CobranzaCommon(TransactionCase):
    """A company in Colombia with its books in dollars, made by hand, a clock that stands still."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        freezer = freeze_time(NOW)
        cls.clock = freezer.start()
        cls.addClassCleanup(freezer.stop)
        # creation dates come from the transaction's clock, which freezegun cannot see
        cls.startClassPatcher(patch.object(BaseCursor, 'now', lambda cursor: datetime.now()))
        cls.env = cls.env(context={**cls.env.context, 'tracking_disable': True})
        # the first language loaded into a database may have switched English off
        cls.env['res.lang']._activate_lang('en_US')
        # the shipped policy is data of its own test; elsewhere a test sees only what it made
        cls.env['cobranza.segment'].search([]).active = False
        cls.usd, cls.clp = cls._currency('USD'), cls._currency('CLP')
        cls.company = cls._company('Andina', 'CO', cls.usd)
        cls._rate(cls.company, cls.clp, 900)
        cls.env.user.write(
            {'company_ids': [Command.link(cls.company.id)], 'company_id': cls.company.id}
        )
        cls.env = cls.env(context={**cls.env.context, 'allowed_company_ids': cls.company.ids})
        cls.company = cls.company.with_env(cls.env)
        cls.template = cls._template()
        cls.debtor = cls._debtor('Ana')

    def setUp(self):
        super().setUp()
        self.clock.move_to(NOW)

    # === TIME === #

    def _travel(self, days=0, **delta):
        """Move the clock; stored values stay as they are, as in life."""
        self.env.flush_all()
        self.clock.move_to(datetime.now() + timedelta(days=days, **delta))
        self.env.invalidate_all()

    @classmethod
    def _day(cls, days=0):
        """Return today, or the day so many days later."""
        return fields.Date.add(fields.Date.today(), days=days)

    # === COMPANIES AND CURRENCIES === #

    @classmethod
    def _currency(cls, code):
        Currency = cls.env['res.currency'].with_context(active_test=False)
        currency = Currency.search([('name', '=', code)])
        currency.active = True
        return currency

    @classmethod
    def _rate(cls, company, currency, units, day='2020-01-01'):
        """Say that one unit of the company's currency buys `units` of another since a day."""
        cls.env['res.currency.rate'].create(
            {'company_id': company.id, 'currency_id': currency.id, 'name': day, 'rate': units}
        )

    @classmethod
    def _company(cls, name, country, currency):
        """Return a company with accounts, journals and collections switched on."""
        company = cls.env['res.company'].create(
            {
                'name': name,
                'country_id': cls.env.ref(f'base.{country.lower()}').id,
                'currency_id': currency.id,
                'email': f'{name.lower()}@example.com',
                'cobranza_active': True,
                'cobranza_review': False,
            }
        )
        cls.env.user.company_ids += company
        Account = cls.env['account.account'].with_company(company)
        accounts = {
            kind: Account.create(
                {
                    'name': kind,
                    'code': f'{number}',
                    'account_type': kind,
                    'company_ids': company.ids,
                }
            )
            for number, kind in enumerate(ACCOUNT_TYPES, start=100100)
        }
        for name, kind in (('receivable', 'asset_receivable'), ('payable', 'liability_payable')):
            cls.env['ir.default'].set(
                'res.partner',
                f'property_account_{name}_id',
                accounts[kind].id,
                company_id=company.id,
            )
        cls._journals(company, accounts)
        company.write(
            {
                'transfer_account_id': accounts['asset_current'].id,
                'currency_exchange_journal_id': cls._journal('general', company).id,
                'income_currency_exchange_account_id': accounts['income'].id,
                'expense_currency_exchange_account_id': accounts['expense'].id,
            }
        )
        return company

    @classmethod
    def _journals(cls, company, accounts):
        Journal = cls.env['account.journal'].with_company(company)
        names = {
            'sale': accounts['income'],
            'general': accounts['income'],
            'bank': accounts['asset_cash'],
        }
        for kind, account in names.items():
            Journal.create(
                {
                    'name': kind,
                    'type': kind,
                    'code': kind[:3].upper(),
                    'company_id': company.id,
                    'default_account_id': account.id,
                }
            )
        bank = cls._journal('bank', company)
        bank.suspense_account_id = accounts['asset_current']
        bank.inbound_payment_method_line_ids.payment_account_id = accounts['asset_current']

    @classmethod
    def _journal(cls, kind, company=None):
        company = company or cls.company
        return cls.env['account.journal'].search(
            [('type', '=', kind), ('company_id', '=', company.id)], limit=1
        )

    # === PEOPLE === #

    @classmethod
    def _debtor(cls, name, **values):
        return cls.env['res.partner'].create(
            {
                'name': name,
                'email': f'{name.lower().replace(" ", ".")}@example.com',
                'country_id': cls.env.ref('base.co').id,
                'lang': 'en_US',
                **values,
            }
        )

    @classmethod
    def _user(cls, login, groups, companies=None):
        companies = companies or cls.company
        return new_test_user(
            cls.env,
            login=f'cobranza_{login}',
            groups=groups,
            name=login.capitalize(),
            email=f'{login}@example.com',
            company_id=companies[0].id,
            company_ids=[Command.set(companies.ids)],
            tz='America/Bogota',
        )

    @classmethod
    def _users(cls):
        """Make one user of each role: cls.collector, other_collector, supervisor, manager, accountant, portal."""
        ours = 'cobranza_management.group_%s'
        for login, groups in {
            'collector': ours % 'collector',
            'other_collector': ours % 'collector',
            'supervisor': ours % 'supervisor',
            'manager': ours % 'manager',
            'accountant': 'base.group_user,account.group_account_readonly',
            'employee': 'base.group_user',
            'portal': 'base.group_portal',
        }.items():
            setattr(cls, login, cls._user(login, groups))

    # === LEDGER === #

    @classmethod
    def _invoice(
        cls,
        partner=None,
        amount=100.0,
        days_overdue=10,
        currency=None,
        company=None,
        instalments=None,
        move_type='out_invoice',
        post=True,
    ):
        """Return an invoice, posted unless told otherwise.

        :param instalments: list of (days overdue, percent) instead of one due date
        """
        company = company or cls.company
        oldest = (
            max((days for days, _share in instalments), default=0) if instalments else days_overdue
        )
        issued = cls._day(-max(oldest, 0) - 30)
        due = {'invoice_payment_term_id': False, 'invoice_date_due': cls._day(-days_overdue)}
        if instalments:
            due = {'invoice_payment_term_id': cls._term(instalments, issued).id}
        move = (
            cls.env['account.move']
            .with_company(company)
            .create(
                {
                    'move_type': move_type,
                    'company_id': company.id,
                    'journal_id': cls._journal('sale', company).id,
                    'partner_id': (partner or cls.debtor).id,
                    'currency_id': (currency or company.currency_id).id,
                    'invoice_date': issued,
                    'invoice_line_ids': [
                        Command.create({'name': 'Service', 'price_unit': amount, 'tax_ids': False})
                    ],
                    **due,
                }
            )
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def _term(cls, instalments, issued):
        return cls.env['account.payment.term'].create(
            {
                'name': 'Instalments',
                'line_ids': [
                    Command.create(
                        {
                            'value': 'percent',
                            'value_amount': share,
                            'nb_days': (cls._day(-days) - issued).days,
                        }
                    )
                    for days, share in instalments
                ],
            }
        )

    @classmethod
    def _refund(cls, partner=None, amount=100.0, invoice=None, **options):
        """Return a posted credit note, applied to `invoice` if one is given."""
        refund = cls._invoice(partner, amount, move_type='out_refund', **options)
        if invoice:
            cls._apply(refund, invoice)
        return refund

    @classmethod
    def _pay(cls, partner=None, amount=100.0, invoice=None, currency=None, company=None, days=0):
        """Return a posted payment, applied to `invoice` if one is given, dated so many days from today."""
        company = company or cls.company
        payment = (
            cls.env['account.payment']
            .with_company(company)
            .create(
                {
                    'payment_type': 'inbound',
                    'partner_type': 'customer',
                    'partner_id': (partner or (invoice and invoice.partner_id) or cls.debtor).id,
                    'amount': amount,
                    'currency_id': (currency or company.currency_id).id,
                    'journal_id': cls._journal('bank', company).id,
                    'date': cls._day(days),
                }
            )
        )
        payment.action_post()
        if invoice:
            cls._apply(payment.move_id, invoice)
        return payment

    @classmethod
    def _apply(cls, credit, invoice):
        cls._items(credit + invoice).filtered(lambda line: not line.reconciled).reconcile()

    @classmethod
    def _items(cls, moves):
        """Return the receivable lines of entries, by due date."""
        return moves.line_ids.filtered(
            lambda line: line.account_id.account_type == 'asset_receivable'
        ).sorted('date_maturity')

    def _bank_line(self, partner, amount, company=None):
        """Return a bank statement line nobody has matched yet."""
        return self.env['account.bank.statement.line'].create(
            {
                'journal_id': self._journal('bank', company).id,
                'date': self._day(),
                'payment_ref': 'TRANSFER 77',
                'partner_id': partner.id,
                'amount': amount,
            }
        )

    # === POLICY === #

    @classmethod
    def _template(cls, **values):
        return cls.env['cobranza.template'].create(
            {
                'name': 'Plain',
                'subject': '{{debtor_name}}: {{amount}}',
                'body': '<p>Dear {{contact_name}}: {{items_table}} {{pay_button}}</p>',
                **values,
            }
        )

    @classmethod
    def _strategy(cls, steps, default=True, **values):
        """Return a strategy, the company's default unless told otherwise.

        :param dict steps: {day: values of the step}; `channels` is a list of codes, e-mail by default
        """
        strategy = cls.env['cobranza.strategy'].create(
            {
                'name': 'Ladder',
                'step_ids': [
                    Command.create(cls._step_values(day, **step)) for day, step in steps.items()
                ],
                **values,
            }
        )
        if default:
            cls.company.cobranza_strategy_id = strategy
        return strategy

    @classmethod
    def _step_values(cls, day, channels=('email',), template=None, **values):
        template = template or cls.template
        return {
            'name': f'Day {day}',
            'offset': day,
            'channel_ids': [
                Command.create({'sequence': order, 'channel': code, 'template_id': template.id})
                for order, code in enumerate(channels)
            ],
            **values,
        }

    # === THE DAY === #

    def _run(self, company=None):
        """Run the daily cycle up to the outbox and check that it came to its end."""
        run = self.env['cobranza.run']._run(company or self.company)
        self.env.invalidate_all()
        self.assertEqual(run.state, 'done', run.error)
        return run

    def _dispatch(self, **options):
        """Send what is due, as the scheduled action does, in this transaction."""
        with patch.object(
            self.env.registry['ir.cron'], '_commit_progress', lambda *args, **kwargs: float('inf')
        ):
            self.env['cobranza.reminder']._cron_dispatch(**options)
        self.env.invalidate_all()

    def _case(self, partner=None, company=None):
        return self.env['cobranza.case'].search(
            [
                ('partner_id', '=', (partner or self.debtor).id),
                ('company_id', '=', (company or self.company).id),
            ]
        )

    def _reminders(self, partner=None):
        return self.env['cobranza.reminder'].search(
            [('partner_id', '=', (partner or self.debtor).id)], order='id'
        )

    def _reminder(self, partner=None):
        """Return the only message of a debtor."""
        reminder = self._reminders(partner)
        self.assertEqual(len(reminder), 1, 'the debtor should have exactly one message')
        return reminder

    def _sent_mail(self, reminder):
        return self.env['mail.mail'].search([('mail_message_id', '=', reminder.mail_message_id.id)])
