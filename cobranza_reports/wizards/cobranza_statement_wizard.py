from odoo import api, fields, models

#: More rows than a person reads before pressing the button.
MOST_SHOWN = 200


class CobranzaStatementWizard(models.TransientModel):
    """Statements of account of the selected cases: on paper, as a spreadsheet or by e-mail, as of a day."""

    _name = 'cobranza.statement.wizard'
    _description = 'Account Statements'

    case_ids = fields.Many2many(
        'cobranza.case', required=True, default=lambda self: self.env.context.get('active_ids')
    )
    case_count = fields.Integer(string='Customers', compute='_compute_case_count')
    day = fields.Date(string='As of', required=True, default=fields.Date.context_today)
    asked = fields.Boolean(
        string='The Customer Asked for It',
        help='A reply may leave at any hour and does not count for the law; only if they wrote or called first.',
    )
    may_send = fields.Boolean(compute='_compute_may_send')
    preview = fields.Html(compute='_compute_preview', sanitize=False)
    going_count = fields.Integer(compute='_compute_preview')

    @api.depends('case_ids')
    def _compute_case_count(self):
        for wizard in self:
            wizard.case_count = len(wizard.case_ids)

    @api.depends_context('uid')
    def _compute_may_send(self):
        self.may_send = self.env.user.has_group('cobranza_management.group_collector')

    @api.depends('case_ids', 'day', 'asked')
    @api.depends_context('lang', 'tz', 'uid')
    def _compute_preview(self):
        """Show who would get theirs by e-mail, where and when, and who would not and why."""
        Mail = self.env['cobranza.statement.mail']
        for wizard in self:
            wizard.preview, wizard.going_count = False, 0
            cases = wizard.case_ids._origin
            if not cases or not wizard.day or not wizard.may_send:
                continue
            parcels = Mail._plan(cases, wizard._past_day(), wizard._purpose())
            rows = [Mail._describe(parcel) for parcel in parcels]
            # those that are left out first: they are what the user may want to mend
            rows.sort(key=lambda row: (row['goes'], not row['when']))
            wizard.going_count = sum(row['goes'] for row in rows)
            wizard.preview = wizard._render_preview(rows)

    def _render_preview(self, rows):
        """Return the table of who gets a statement, with how many are sent and left out above it."""
        left, more = len(rows) - self.going_count, len(rows) - MOST_SHOWN
        return self.env['ir.qweb']._render(
            'cobranza_reports.statement_preview',
            {
                'going': self.env._('To be sent: %s', self.going_count),
                'left': left and self.env._('Left out: %s', left),
                'more': more > 0 and self.env._('… and %s more', more),
                'rows': rows[:MOST_SHOWN],
            },
        )

    def _purpose(self):
        return 'reply' if self.asked and len(self.case_ids) == 1 else 'collection'

    def _past_day(self):
        """Return the day if it is a past one; an account of today is that of the moment on which it leaves."""
        return self.day if self.day < fields.Date.context_today(self) else None

    def action_print(self):
        """Open the statements in one PDF."""
        self.ensure_one()
        return self.case_ids._statement_report().report_action(
            self.case_ids,
            data={'ids': self.case_ids.ids, 'day': fields.Date.to_string(self.day)},
            config=False,
        )

    def action_download(self):
        """Download the statements as a spreadsheet."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_url',
            'url': f'/cobranza/statements/{self.id}',
            'target': 'download',
        }

    def action_send(self):
        """Put the statements on their way by e-mail and show what becomes of each."""
        self.ensure_one()
        mails = self.env['cobranza.statement.mail']._queue(
            self.case_ids, self._past_day(), self._purpose()
        )
        action = self.env['ir.actions.act_window']._for_xml_id(
            'cobranza_reports.cobranza_statement_mail_action'
        )
        return {**action, 'context': {}, 'domain': [('id', 'in', mails.ids)]}

    def _workbook(self):
        """Return (file name, bytes) of the spreadsheet."""
        self.ensure_one()
        name = self.env._('Account statements %s', self.day)
        if self.case_count == 1:
            name = f'{self.case_ids._statement_file_name()} {self.day}'
        content = self.env['cobranza.statement']._workbook(self.case_ids, self.day)
        return f'{name}.xlsx', content
