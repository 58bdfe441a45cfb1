from datetime import date

from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL


class CobranzaCase(models.Model):
    """The file of one debtor in one company: who works on it, where it stands, what comes next."""

    _name = 'cobranza.case'
    _inherit = [
        'mail.thread',
        'mail.activity.mixin',
        'cobranza.expression.mixin',
        'cobranza.columns.mixin',
    ]
    _description = 'Collection Case'
    # Not by amount: a journal item that changes finds its case, and must not have the totals of the one before computed
    # to put one case in order. Views sort by what is overdue.
    _order = 'id'
    _rec_name = 'partner_id'
    _rec_names_search = ['partner_id']
    _mail_post_access = 'read'

    #: What the daily cycle, the log and other records say of a case; the totals are beside them.
    _DECIDED = frozenset(
        ('amount_disputed', 'amount_promised', 'broken_promise_count', 'company_id', 'currency_id',
         'hold_reason', 'hold_until', 'last_contact_date', 'last_reply_date', 'next_action_date',
         'next_step_id', 'paid_count', 'paid_late_days', 'paid_late_share', 'partner_id',
         'promise_date', 'segment_id', 'situation')
    )  # fmt: skip

    company_id = fields.Many2one(
        'res.company',
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        'res.partner',
        string='Debtor',
        required=True,
        readonly=True,
        ondelete='restrict',
    )
    currency_id = fields.Many2one(related='company_id.currency_id', store=True)
    user_id = fields.Many2one(
        'res.users', string='Collector', index=True, tracking=True, domain=[('share', '=', False)]
    )
    team_id = fields.Many2one('cobranza.team')
    segment_id = fields.Many2one('cobranza.segment', readonly=True, ondelete='set null')
    strategy_id = fields.Many2one('cobranza.strategy', ondelete='set null')
    strategy_manual = fields.Boolean(
        string='Keep This Strategy',
        help='The daily cycle does not change the strategy of this case.',
    )
    stage_id = fields.Many2one(
        'cobranza.stage',
        tracking=True,
        group_expand='_read_group_expand_full',
        ondelete='restrict',
        default=lambda self: self.env['cobranza.stage']._of_kind().get('up_to_date'),
    )
    situation = fields.Selection(
        selection=lambda self: (
            self.env['cobranza.stage']._fields['kind']._description_selection(self.env)
        ),
        readonly=True,
        help='Where the daily cycle last saw the case. It moves the card only when this changes, so a card that a'
        ' person moved stays where they put it.',
    )
    hold_ids = fields.One2many(comodel_name='cobranza.hold', inverse_name='case_id', string='Holds')
    hold_until = fields.Date(compute='_compute_hold', store=True)
    hold_reason = fields.Char(compute='_compute_hold', store=True)
    is_on_hold = fields.Boolean(compute='_compute_is_on_hold', search='_search_is_on_hold')
    promise_ids = fields.One2many(
        comodel_name='cobranza.promise', inverse_name='case_id', string='Promises'
    )
    dispute_ids = fields.One2many(
        comodel_name='cobranza.dispute', inverse_name='case_id', string='Disputes'
    )
    reminder_ids = fields.One2many(
        comodel_name='cobranza.reminder', inverse_name='case_id', string='Collection Messages'
    )
    interaction_ids = fields.One2many(
        comodel_name='cobranza.interaction', inverse_name='case_id', string='History'
    )
    segment_change_ids = fields.One2many(
        comodel_name='cobranza.segment.change', inverse_name='case_id'
    )
    next_action_date = fields.Date(
        string='Next Action',
        readonly=True,
        help='When the strategy does something next.',
    )
    next_step_id = fields.Many2one('cobranza.strategy.step', readonly=True, ondelete='set null')
    last_contact_date = fields.Datetime(string='Last Contact', readonly=True)
    last_reply_date = fields.Datetime(string='Last Reply', readonly=True)
    debtor_attributes = fields.Properties(
        definition='company_id.cobranza_debtor_attributes_definition',
        help='Attributes of your own, such as age band or sector; segments can use them.',
    )

    _unique_debtor = models.Constraint(
        'UNIQUE(partner_id, company_id)',
        'This customer already has a collection case in this company.',
    )
    # Its index starts with the debtor, so that contacts find their cases too.
    # The board and the daily cycle read the open cases of a company. Further indexes would cost every night more than
    # they save: a company has tens of thousands of cases at most.
    _open_idx = models.Index("(company_id, oldest_due_date) WHERE state = 'open'")

    # === HOLDS === #

    @api.depends('hold_ids.until', 'hold_ids.reason', 'hold_ids.active')
    def _compute_hold(self):
        for case in self:
            # whoever computes it may be looking at archived records, too
            last = case.hold_ids.filtered('active').sorted('until')[-1:]
            case.hold_until, case.hold_reason = last.until, last.reason

    @api.depends('company_id', 'hold_until')
    def _compute_is_on_hold(self):
        for company, cases in self.grouped('company_id').items():
            today = company._cobranza_today() if company else fields.Date.context_today(self)
            for case in cases:
                case.is_on_hold = bool(case.hold_until and case.hold_until >= today)

    def _search_is_on_hold(self, operator, value):
        if operator != 'in':
            return NotImplemented
        companies = self.env['res.company'].sudo().search(Domain.TRUE)
        on_hold = Domain.OR(
            Domain('company_id', 'in', those.ids) & Domain('hold_until', '>=', today)
            for today, those in companies.grouped(lambda c: c._cobranza_today()).items()
        )
        return Domain.OR(on_hold if wanted else ~on_hold for wanted in value)

    def _hold(self, reason, until):
        """Stop automation on these cases until the day `until`."""
        return self.env['cobranza.hold'].create(
            [{'case_id': case.id, 'reason': reason, 'until': until} for case in self]
        )

    # === SET-BASED READS OF THE DAILY CYCLE === #

    @api.model
    def _read_columns(self, domain, names, order='id'):
        """Return the columns of the cases of `domain` as tuples, without a record for each."""
        query = self._search(domain, order=order)
        return self.env.execute_query(
            query.select(*(SQL.identifier(self._table, name) for name in names))
        )

    # === ACTIVITIES === #

    def _schedule(self, tasks):
        """Create activities in one batch.

        :param tasks: list of dicts: case, date, summary, type (xml id) and optionally note, user, and contact, the
            cobranza.interaction it came of
        :return: mail.activity records, in the order of `tasks`
        """
        model_id = self.env['ir.model']._get_id('cobranza.case')
        # each asks the database, so once for all tasks
        types = {name: self.env.ref(name).id for name in {task['type'] for task in tasks}}
        self.sudo().browse(task['case'].id for task in tasks).mapped('display_name')
        return (
            self.env['mail.activity']
            .with_context(mail_activity_quick_update=True)
            .create(
                [
                    {
                        'activity_type_id': types[task['type']],
                        'cobranza_interaction_id': task['contact'].id
                        if task.get('contact')
                        else False,
                        'date_deadline': task['date'],
                        # whatever somebody wrote is text, not HTML
                        'note': escape(task['note']) if task.get('note') else False,
                        'res_id': task['case'].id,
                        'res_model_id': model_id,
                        # left to be computed, it would be written once more
                        'res_name': task['case'].sudo().display_name,
                        'summary': task['summary'],
                        'user_id': (
                            task.get('user')
                            or task['case'].user_id
                            or task['case']._supervisor()
                            or self.env.user
                        ).id,
                    }
                    for task in tasks
                ]
            )
        )

    # === ESCALATION === #

    def _escalate(self, reminders):
        """Raise a task with whom the step names, and move the case where that belongs."""
        stages = self.env['cobranza.stage']._of_kind()
        by_case = {reminder.case_id: reminder for reminder in reminders}
        open_to_theirs = self.filtered(
            lambda case: by_case[case].step_id.escalate_to == 'salesperson'
        )._open_to_salesperson()
        tasks, moves = [], {}
        for case in self:
            target = by_case[case].step_id.escalate_to
            kind = target if target in ('agency', 'legal') else 'escalated'
            if kind in stages:
                moves[case.id] = (stages[kind].id,)
            tasks.append(
                {
                    'case': case,
                    'date': case.company_id._cobranza_today(),
                    'summary': case._escalation_summary(by_case[case]),
                    'type': 'mail.mail_activity_data_todo',
                    **case._escalated_to(target, case in open_to_theirs),
                }
            )
        self._write_columns(['stage_id'], moves)
        self._schedule(tasks)

    def _escalation_summary(self, reminder):
        return self.env._(
            '%(debtor)s: escalated by "%(step)s"',
            debtor=self.partner_id.name,
            step=reminder.step_name,
        )

    def _not_called_in(self, reminders):
        """Return the cases without an open task that the steps of these messages raised before."""
        tasks = (
            self.env['mail.activity']
            .sudo()
            .search_fetch(
                [('res_model', '=', self._name), ('res_id', 'in', self.ids)],
                ['res_id', 'summary'],
            )
        )
        raised = {(task.res_id, task.summary) for task in tasks}
        called = {
            reminder.case_id
            for reminder in reminders
            if (reminder.case_id.id, reminder.case_id._escalation_summary(reminder)) in raised
        }
        return self.filtered(lambda case: case not in called)

    def _escalated_to(self, target, is_open):
        """Return user and note of the task; a salesperson who cannot open the case is named to the supervisor.

        :param bool is_open: the salesperson can open it
        """
        salesperson = self.partner_id.user_id
        if target != 'salesperson' or not salesperson:
            return {'user': self._supervisor()}
        if is_open:
            return {'user': salesperson}
        note = self.env._(
            'For %s, the salesperson, who cannot open collection cases: please tell them.',
            salesperson.name,
        )
        return {'note': note if salesperson.active else None, 'user': self._supervisor()}

    def _open_to_salesperson(self):
        """Return the cases that the salesperson of their debtor, if still there, may open; asked once for each."""
        found = self.browse()
        for (salesperson, company), cases in self.grouped(
            lambda case: (case.partner_id.user_id, case.company_id)
        ).items():
            if salesperson.active and company in salesperson.company_ids:
                theirs = cases.with_user(salesperson).with_context(allowed_company_ids=company.ids)
                found |= theirs._filtered_access('read').with_env(self.env)
        return found

    def _supervisor(self):
        """Return who supervises the case, unless they have left."""
        self.ensure_one()
        return self.team_id.supervisor_id.filtered('active')

    # === REPLIES === #

    def _message_post_after_hook(self, message, msg_values):
        """A customer who writes back is answered by a person: automation pauses."""
        if message.message_type == 'email' and not message.author_id.sudo().user_ids.filtered(
            lambda u: not u.share
        ):
            self._on_reply(message)
        return super()._message_post_after_hook(message, msg_values)

    def _on_reply(self, message):
        """Log what the customer wrote and hold automation for the company's number of days."""
        for case in self.sudo():
            case.last_reply_date = message.date
            case._pause_after_reply()
            self.env['cobranza.interaction'].sudo()._log(
                [
                    {
                        'case_id': case.id,
                        'channel': 'email',
                        'direction': 'in',
                        'summary': message.subject or '',
                        'message_id': message.id,
                    }
                ]
            )
            last = case.reminder_ids.filtered(lambda r: r.channel == 'email').sorted('sent_at')[-1:]
            last._advance('replied')

    def _pause_after_reply(self):
        """Hold automation for the company's number of days; whoever writes often is held once for each last day."""
        reason = self.env._('The customer wrote')
        for case in self:
            days = case.company_id.cobranza_reply_pause_days
            until = fields.Date.add(case.company_id._cobranza_today(), days=days)
            held = case.hold_ids.filtered(lambda hold: hold.reason == reason).mapped('until')
            if days and max(held, default=date.min) < until:
                case._hold(reason, until)

    # === GUARDS === #

    def write(self, vals):
        """Keep what the ledger and the daily cycle decide out of people's hands, by RPC too."""
        decided = self._DECIDED | set(self._TOTALS)
        if not self.env.su and decided & vals.keys():
            raise AccessError(
                self.env._('The ledger and the daily cycle decide this; it cannot be edited.')
            )
        supervised = {'user_id', 'team_id', 'strategy_id', 'strategy_manual'}
        supervisor = self.env.su or self.env.user.has_group('cobranza_management.group_supervisor')
        if supervised & vals.keys() and not supervisor:
            raise AccessError(self.env._('Only a supervisor assigns cases and strategies.'))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        if (
            self.env['cobranza.interaction']
            .sudo()
            .search_count([('case_id', 'in', self.ids)], limit=1)
        ):
            raise UserError(
                self.env._(
                    'A case with contacts in its history is part of the record and cannot be deleted.'
                )
            )
