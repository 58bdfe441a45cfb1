"""What tests of payment plans share."""

from odoo import Command

from .common import CobranzaCommon

#: A signature of one pixel.
SIGNATURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='


class PlanCommon(CobranzaCommon):
    """A debtor with two invoices, 300 and 200, whose case is the collector's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._users()
        cls.env['cobranza.plan.policy'].search([]).active = False
        cls.policy = cls.env['cobranza.plan.policy'].create(
            {
                'name': 'Test',
                'company_id': cls.company.id,
                'max_count': 6,
                'max_discount_share': 20,
                'tolerance': 1,
                'grace_days': 2,
            }
        )
        cls._strategy({5: {}, 55: {}})
        cls.first = cls._invoice(amount=300, days_overdue=40)
        cls.second = cls._invoice(amount=200, days_overdue=20)
        cls.env['cobranza.run']._run(cls.company)
        cls.case = cls.env['cobranza.case'].search([('partner_id', '=', cls.debtor.id)])
        cls.case.user_id = cls.collector
        cls.env.flush_all()

    @classmethod
    def _plan(cls, case=None, user=None, **values):
        """Return a draft of five instalments of 100 on everything that can be planned."""
        case = case or cls.case
        plan = case.with_user(user or cls.collector)._prepare_plan(
            {
                'count': 5,
                'first_date': cls._day(10),
                'frequency': 'weekly',
                'skip_holidays': False,
                **values,
            }
        )
        return plan.sudo()

    @classmethod
    def _signed(cls, case=None, **values):
        """Return a plan in force."""
        plan = cls._plan(case, **values)
        plan.with_user(cls.collector).action_offer()
        assert plan.state == 'offered', plan.review_reason
        plan._accept({'signed_by': 'Ana', 'signature': SIGNATURE})
        return plan

    def _pay_all(self, plan):
        """Pay every instalment of a plan today, on its items in order."""
        lines = plan.promise_ids.line_ids.filtered(lambda line: not line.reconciled)
        total = sum(plan.promise_ids.mapped('amount'))
        payment = self._pay(
            plan.partner_id, total, currency=plan.currency_id, company=plan.company_id
        )
        (self._items(payment.move_id) + lines).reconcile()

    def _tasks(self, plan):
        """Return the open tasks about a plan."""
        return plan.case_id.activity_ids.filtered(lambda task: plan.name in (task.summary or ''))

    @classmethod
    def _set(cls, lines):
        return [Command.set(lines.ids)]
