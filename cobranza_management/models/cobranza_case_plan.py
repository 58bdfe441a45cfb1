from odoo import fields, models
from odoo.tools import SQL


class CobranzaCase(models.Model):
    """The payment plans of a debtor, and what may be put into one."""

    _inherit = 'cobranza.case'

    plan_ids = fields.One2many(
        comodel_name='cobranza.plan', inverse_name='case_id', string='Payment Plans'
    )
    plan_count = fields.Integer(compute='_compute_plan_count')
    live_plan_id = fields.Many2one(
        'cobranza.plan', compute='_compute_live_plan_id', string='Plan in Force'
    )
    plan_line = fields.Char(compute='_compute_live_plan_id', string='How the Plan Goes')

    def _compute_plan_count(self):
        for case in self:
            case.plan_count = len(case.plan_ids)

    def _compute_live_plan_id(self):
        for case in self:
            live = case.plan_ids.filtered(lambda plan: plan.state in ('offered', 'active'))
            plan = live.sorted(lambda plan: plan.state != 'active')[:1]
            case.live_plan_id = plan
            case.plan_line = plan._describe() if plan.state == 'active' else plan.name

    def _describe_next_action(self):
        """Say how far a plan in force is: nothing else comes next meanwhile."""
        if self.live_plan_id.state == 'active' and not self.is_on_hold:
            return self.plan_line
        return super()._describe_next_action()

    # === WHAT CAN BE PLANNED === #

    def _net_amounts(self):
        """Return {item id: what may be claimed, in the item's currency}: net of credits and disputes."""
        if not self.ids:
            return {}
        self._flush_ledger()
        items = self.env['account.move.line']._sql_netted_items(
            self.company_id.ids, SQL('%s', tuple(self.partner_id.ids))
        )
        rows = self.env.execute_query(
            SQL('SELECT id, net_currency::float8 FROM (%s) item WHERE net_currency > 0', items)
        )
        return dict(rows)

    def _plannable_items(self, besides=None):
        """Return the items that a plan may cover: claimed, without an open dispute, in no other live plan.

        :param besides: the cobranza.plan that does not count as another
        """
        nets = self._net_amounts()
        taken = self._taken_items(besides)
        return self.item_ids.filtered(lambda item: item.id in nets and item not in taken)

    def _taken_items(self, besides=None):
        """Return the items that are in a live plan or in an open dispute.

        :param besides: the cobranza.plan that does not count
        """
        busy = self.env['cobranza.plan'].sudo().search(
            [
                ('case_id', 'in', self.ids),
                ('id', 'not in', besides.ids if besides else []),
                '|',
                ('state', 'in', ('review', 'offered', 'active')),
                ('discount_pending', '=', True),
            ]
        )  # fmt: skip
        return busy._covered() | self.dispute_ids.filtered(lambda d: d.state == 'open').line_id

    # === THE TASK TO OFFER ONE === #

    def _ask_for_plan(self, note=None, contact=None):
        """Give the collector the task to offer a plan.

        :param contact: the cobranza.interaction in which the customer asked for one
        """
        return self._schedule(
            [
                {
                    'case': case,
                    'contact': contact,
                    'date': fields.Date.context_today(case),
                    'note': note,
                    'summary': self.env._('Offer %s a payment plan', case.partner_id.name),
                    'type': 'cobranza_management.mail_activity_type_plan',
                }
                for case in self
            ]
        )

    def _plan_offered(self):
        """Close the tasks to offer a plan: it was offered, or a supervisor has it now."""
        kind = self.env.ref('cobranza_management.mail_activity_type_plan', raise_if_not_found=False)
        if kind and self:
            self.env['mail.activity'].sudo().search(
                [
                    ('res_model', '=', 'cobranza.case'),
                    ('res_id', 'in', self.ids),
                    ('activity_type_id', '=', kind.id),
                ]
            ).action_done()  # fmt: skip

    # === ACTIONS === #

    def action_view_plans(self):
        """Open the payment plans of the debtor."""
        return self._action_list(
            self.env._('Payment Plans'),
            'cobranza.plan',
            [('case_id', '=', self.id)],
            create=False,
        )

    def _prepare_plan(self, values):
        """Create a draft plan.

        :param dict values: terms, of cobranza.plan
        """
        self.ensure_one()
        return self.env['cobranza.plan'].create({'case_id': self.id, **values})
