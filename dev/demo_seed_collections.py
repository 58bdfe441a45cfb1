"""What the demo's collectors have done so far."""

from contextlib import contextmanager
from datetime import timedelta

from markupsafe import Markup

from odoo import Command, fields

from .demo_seed_company import (
    DOMAIN,
    HOW_TO_PAY,
    SIGNATURE,
)


class Collections:
    """Promises, disputes, holds, calls and the first daily cycle."""

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
            (late[29], 0.3, 48, 'review', marco),
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
                    'taken_on': self.today + timedelta(days=min(days, 0) - 5),
                    'state': state,
                    'review_reason': state == 'review' and f'faltan {days} días y el límite es 30',
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
        self.env(user=self.users[3].id)['cobranza.dispute'].create(
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
                {
                    'case_id': case.id,
                    'reason': reason,
                    'until': self.today + timedelta(days=days),
                    'user_id': case.user_id.id or self.users[3].id,
                }
                for case, reason, days in (
                    (late[10], 'Gerencia negocia un nuevo contrato', 12),
                    (late[25], 'Fallecimiento en la familia', 20),
                )
            ]
        )

    def _call(self, late):
        """Log calls of the last weeks; those of yesterday keep today's messages back."""
        results = [
            (self.env.ref(f'cobranza_management.outcome_{name}'), summary)
            for name, summary in (
                ('no_answer', 'No contesta'),
                ('third_party', 'Contesta recepción: llamar por la tarde'),
                ('not_received', 'Pide reenvío de facturas'),
                ('promise', 'Pagará esta semana'),
                ('other', 'Tesorería programa pagos los viernes'),
                ('busy', 'Número ocupado'),
            )
        ]
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
                    'is_attempt': not outcome.is_contact,
                    'is_contact': outcome.is_contact,
                    'is_right_party': outcome.is_right_party,
                    'outcome_id': outcome.id,
                    'summary': summary,
                    'user_id': case.user_id.id or self.users[number % 3].id,
                }
                for number, case in enumerate(late[:32])
                for age in ((1, 12) if number % 8 == 3 else (9, 26) if number % 3 else (17,))
                for outcome, summary in [results[(number + age) % len(results)]]
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
