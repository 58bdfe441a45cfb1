from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

#: "Until it is taken back", as a day: far enough, and still a date that calendars can add to.
FOREVER = fields.Date.to_date('2099-12-31')


class CobranzaHandoffLine(models.Model):
    """A case in a hand-off: what was handed over, what came in since, and what the agency earns."""

    _name = 'cobranza.handoff.line'
    _inherit = ['cobranza.decided.mixin']
    _description = 'Case Handed Over'
    _order = 'handoff_id desc, amount desc, id'
    _rec_name = 'partner_id'

    handoff_id = fields.Many2one(
        'cobranza.handoff', string='Hand-off', required=True, index=True, ondelete='cascade'
    )
    agency_id = fields.Many2one(related='handoff_id.agency_id', store=True)
    case_id = fields.Many2one('cobranza.case', required=True, index=True, ondelete='restrict')
    partner_id = fields.Many2one(related='case_id.partner_id', string='Debtor', store=True)
    company_id = fields.Many2one(related='handoff_id.company_id', store=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    user_id = fields.Many2one(related='case_id.user_id', string='Collector')
    state = fields.Selection(
        [('proposed', 'Proposed'), ('handed', 'With the agency'), ('returned', 'Taken back')],
        required=True,
        readonly=True,
        default='proposed',
    )
    item_ids = fields.One2many(
        comodel_name='cobranza.handoff.item', inverse_name='handoff_line_id', string='Documents'
    )
    amount = fields.Monetary(string='Handed Over', readonly=True, help='Overdue that day.')
    amounts = fields.Char(compute='_compute_amounts', string='By Currency')
    days_overdue = fields.Integer(string='Days Late', readonly=True, help='When handed over.')
    commission_percent = fields.Float(string='Commission %', readonly=True, aggregator='avg')
    recovered = fields.Monetary(
        readonly=True,
        help='Paid on these documents while the agency had them, whoever received it; credit notes do not count.',
    )
    commission = fields.Monetary(readonly=True)
    is_paid = fields.Boolean(compute='_compute_is_paid', string='Paid in Full')
    handed_on = fields.Date(readonly=True)
    returned_on = fields.Date(readonly=True)
    handed_at = fields.Datetime(
        readonly=True, help='Tells what was paid that day before it left from what came in after.'
    )
    returned_at = fields.Datetime(readonly=True)
    agency_status = fields.Selection(
        [
            ('received', 'Received'),
            ('contacted', 'Contacted'),
            ('negotiating', 'Negotiating'),
            ('agreement', 'Agreement'),
            ('unreachable', 'Not found'),
            ('uncollectable', 'Cannot be collected'),
            ('lawsuit', 'In court'),
        ],
        string='Agency Says',
    )
    agency_note = fields.Char(string='Details')
    status_date = fields.Date(string='Reported On', readonly=True)
    return_reason = fields.Selection(
        [
            ('paid', 'Paid'),
            ('agreement', 'Agreement with us'),
            ('uncollectable', 'Cannot be collected'),
            ('given_back', 'Given back by the agency'),
            ('recalled', 'Called back'),
            ('expired', 'End of the assignment'),
        ],
        readonly=True,
    )
    hold_id = fields.Many2one(
        'cobranza.hold', readonly=True, ondelete='set null', index='btree_not_null'
    )
    previous_stage_id = fields.Many2one('cobranza.stage', readonly=True, ondelete='set null')

    _one_live = models.UniqueIndex(
        "(case_id) WHERE state IN ('proposed', 'handed')",
        'This case is already in a hand-off.',
    )

    #: What the snapshot, the buttons and the ledger write.
    _DECIDED = frozenset(
        ('amount', 'commission', 'commission_percent', 'days_overdue', 'handed_at', 'handed_on', 'hold_id',
         'previous_stage_id', 'recovered', 'report_activity_id', 'reported_amount', 'return_reason', 'returned_at',
         'returned_on', 'state')
    )  # fmt: skip
    #: What the supervisor writes down from the agency's reports; the rest follows from the ledger and the buttons.
    _REPORTED = frozenset(('agency_status', 'agency_note'))

    @api.depends('item_ids.amount_currency', 'item_ids.currency_id')
    def _compute_amounts(self):
        for line in self:
            sums = {}
            for item in line.item_ids:
                sums[item.currency_id] = sums.get(item.currency_id, 0) + item.amount_currency
            line.amounts = ' + '.join(currency.format(value) for currency, value in sums.items())

    @api.depends('item_ids.line_id.reconciled')
    def _compute_is_paid(self):
        for line in self:
            line.is_paid = line.state == 'handed' and all(
                line.item_ids.line_id.mapped('reconciled')
            )

    def write(self, vals):
        """Let people note what the agency says; when it was said is noted by itself."""
        if not self.env.su and vals.keys() - self._REPORTED:
            raise AccessError(self.env._('Only what the agency reports can be edited.'))
        if 'agency_status' in vals:
            vals = {**vals, 'status_date': fields.Date.context_today(self)}
        return super().write(vals)

    # === SNAPSHOT === #

    def _snapshot(self):
        """Write down what is overdue today: documents, amounts, age and commission; a constant number of statements."""
        proposed = self.filtered(lambda line: line.state == 'proposed')
        proposed.item_ids.unlink()
        claims = proposed._overdue_claims()
        self.env['cobranza.handoff.item'].create(
            [
                {
                    'handoff_line_id': line.id,
                    'line_id': line_id,
                    'currency_id': currency_id,
                    'amount_currency': net_currency,
                    'amount': net,
                    'due': due,
                }
                for line in proposed
                for line_id, currency_id, net_currency, net, due in claims.get(line.case_id.id, ())
            ]
        )
        for line in proposed:
            mine = claims.get(line.case_id.id, ())
            today = line.company_id._cobranza_today()
            days = max(((today - due).days for *_rest, due in mine), default=0)
            line.write(
                {
                    'amount': line.currency_id.round(sum(net for _i, _c, _n, net, _d in mine)),
                    'commission_percent': line.agency_id._percent_for(days),
                    'days_overdue': days,
                }
            )

    def _overdue_claims(self):
        """Return {case id: [(item id, currency id, net in its currency, net in company currency, due)]}.

        What is promised, the instalments of a plan too, is left alone, by an agency as by us.
        """
        claims = {}
        for company, lines in self.grouped('company_id').items():
            cases = lines.case_id
            cases._flush_ledger()
            rows = self.env.execute_query(
                SQL(
                    """
                SELECT debtor.id, item.id, item.currency_id, item.net_currency::float8, item.net::float8, item.due
                  FROM (%(items)s) item
                  JOIN cobranza_case debtor
                    ON debtor.company_id = item.company_id AND debtor.partner_id = item.partner_id
                 WHERE item.net_currency > 0 AND item.due < %(today)s AND NOT EXISTS (%(promised)s)
              ORDER BY item.due, item.id
                """,
                    items=self.env['account.move.line']._sql_netted_items(
                        company.ids, SQL('%s', tuple(cases.partner_id.ids))
                    ),
                    promised=self.env['cobranza.promise']._sql_live_of(
                        SQL.identifier('item', 'id'), company._cobranza_today()
                    ),
                    today=company._cobranza_today(),
                )
            )
            for case_id, *claim in rows:
                claims.setdefault(case_id, []).append(claim)
        return claims

    # === OUT AND BACK === #

    def _hand_over(self, today):
        """Give the cases to the agency: automation stands still and the cards move until they are taken back.

        What we had yet to say or do is withdrawn: nobody hears from both.
        """
        for agency, lines in self.grouped('agency_id').items():
            lines.case_id._withdraw_messages('handed_over', agency.display_name)
        stages = self.env['cobranza.stage']._of_kind()
        holds = self.env['cobranza.hold'].create(
            [
                {
                    'case_id': line.case_id.id,
                    'reason': self.env._('With %(agency)s', agency=line.agency_id.display_name),
                    'until': FOREVER,
                }
                for line in self
            ]
        )
        for line, hold in zip(self, holds):
            line.write(
                {
                    'state': 'handed',
                    'handed_at': self.env.cr.now(),
                    'handed_on': today,
                    'hold_id': hold.id,
                    'previous_stage_id': line.case_id.stage_id.id,
                }
            )
        moves = {
            line.case_id.id: (stages[line.handoff_id.kind].id,)
            for line in self
            if line.handoff_id.kind in stages
        }
        self.env['cobranza.case']._write_columns(['stage_id'], moves)

    def action_take_back(self):
        """Ask why the cases come back."""
        self.env['cobranza.handoff']._check_may('supervisor')
        handed = self.filtered(lambda line: line.state == 'handed')
        if not handed:
            raise UserError(self.env._('None of these cases is with an agency.'))
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._('Take Back'),
            'res_model': 'cobranza.handoff.return.wizard',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_line_ids': handed.ids},
        }

    def action_leave_out(self):
        """Take cases out of a hand-off that has not been approved."""
        self.env['cobranza.handoff']._check_may('supervisor')
        self.check_access('read')
        if any(line.handoff_id.state != 'draft' for line in self):
            raise UserError(self.env._('Only cases of a proposal can be left out.'))
        self.sudo().unlink()

    def _take_back(self, reason):
        """End the agency's work on those of these cases that are with it.

        :param str reason: a value of `return_reason`
        """
        self.env['cobranza.handoff']._check_may('supervisor')
        self.check_access('read')
        self.sudo().filtered(lambda line: line.state == 'handed')._end_work(reason)

    def _end_work(self, reason):
        """The hold ends, the card returns to where it was, and later payments earn nothing."""
        for company, mine in self.grouped('company_id').items():
            mine.write(
                {
                    'state': 'returned',
                    'returned_at': self.env.cr.now(),
                    'returned_on': company._cobranza_today(),
                    'return_reason': reason,
                }
            )
        self.hold_id.action_release()
        self.env['cobranza.case']._write_columns(
            ['stage_id'],
            {
                line.case_id.id: (line.previous_stage_id.id,)
                for line in self
                # a debt paid meanwhile has moved its card, and so may a person
                if line.previous_stage_id and line.case_id.stage_id.kind == line.handoff_id.kind
            },
        )
        self._refresh_recovered()
        self.handoff_id.filtered(
            lambda handoff: (
                handoff.state == 'delivered'
                and all(line.state == 'returned' for line in handoff.line_ids)
            )
        ).write({'state': 'returned'})

    @api.model
    def _live_domain(self):
        """Return the Domain of cases proposed or with an agency."""
        return Domain('state', 'in', ('proposed', 'handed'))


class CobranzaHandoffItem(models.Model):
    """A document handed over, as it stood that day."""

    _name = 'cobranza.handoff.item'
    _description = 'Document Handed Over'
    _order = 'handoff_line_id, due, id'

    handoff_line_id = fields.Many2one(
        'cobranza.handoff.line', required=True, index=True, ondelete='cascade'
    )
    company_id = fields.Many2one(related='handoff_line_id.company_id', store=True)
    line_id = fields.Many2one(
        'account.move.line', string='Item', index='btree_not_null', ondelete='set null'
    )
    due = fields.Date(string='Due Date')
    currency_id = fields.Many2one('res.currency', required=True)
    company_currency_id = fields.Many2one(
        related='company_id.currency_id', string='Company Currency'
    )
    amount_currency = fields.Monetary(string='Amount', currency_field='currency_id')
    amount = fields.Monetary(string='In Company Currency', currency_field='company_currency_id')
