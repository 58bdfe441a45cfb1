from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.placeholders import one_stop
from .cobranza_workbench_queue import MOST_ASSESSED

#: Rows of a page of the queue at most.
MOST_ROWS = 400


class CobranzaWorkbench(models.AbstractModel):
    """What the workbench asks the server, over RPC: one screen, one debtor, the next always ready.

    Every method answers with what JSON can carry. A case outside the user's record rules does not exist here.
    """

    _name = 'cobranza.workbench'
    _description = 'Workbench'

    # === THE QUEUE === #

    @api.model
    def get_queue(self, offset=0, limit=40, user_id=None):
        """Return a page of the queue and what the screen needs once.

        :param user_id: a supervisor may look at the queue of a collector
        """
        self._check_collector()
        queue = self.env['cobranza.workbench.queue']
        domain = queue._domain(self._owner(user_id))
        offset = max(self._id(offset) or 0, 0)
        limit = min(max(self._id(limit) or 40, 1), MOST_ROWS)
        cases, answers = queue._page(domain, offset, limit)
        total, known_waiting = queue._counts(domain)
        refused = sum(not answer.available and bool(answer.ways) for answer in answers.values())
        catalogue = self.env['cobranza.outcome']._catalogue()
        done, goal = self._progress(total - known_waiting - refused)
        return {
            'can_pay': self.env.user.has_group('account.group_account_invoice'),
            'cases': queue._rows(cases, answers),
            'done_today': done,
            'goal': goal,
            'outcomes': [row for row in catalogue.values() if row['active']],
            'templates': self._templates(),
            'total': total,
            'waiting': known_waiting + refused,
        }

    def _progress(self, available):
        """Return (debtors done today, what to count up to): the collector's goal, or else the queue."""
        Contact = self.env['cobranza.interaction']
        start = self.env['cobranza.workbench.queue']._day_start()
        mine = [('user_id', '=', self.env.uid), ('outcome_id', '!=', False), ('date', '>=', start)]
        done = Contact._read_group(mine, [], ['case_id:count_distinct'])[0][0]
        member = self.env['cobranza.team.member'].search_fetch(
            [('user_id', '=', self.env.uid), ('daily_goal', '>', 0)], ['daily_goal'], limit=1
        )
        return done, member.daily_goal or done + available

    def _templates(self):
        """Return the templates to write from: [{id, name, channels, company: False for every one}]."""
        written = self._written_codes()
        templates = self.env['cobranza.template'].search_fetch(
            self._templates_domain(self.env.companies), ['company_id', 'name']
        )
        return [
            {
                'channels': written,
                'company': template.company_id.id,
                'id': template.id,
                'name': template.name,
            }
            for template in templates
        ]

    @api.model
    def _written_codes(self):
        """Return the codes of the channels on which a person may write."""
        Channel = self.env['cobranza.channel']
        return [code for code in Channel._codes() if Channel._of_code(code)._is_written()]

    def _templates_domain(self, companies):
        """Return the Domain of the templates to write from.

        The script of a call or a visit, which strategies only have said aloud, is not for the customer to read.
        """
        Line = self.env['cobranza.strategy.step.channel'].sudo()
        written = fields.Domain('channel', 'in', self._written_codes())
        used = fields.Domain('template_id', '!=', False)
        said = Line._search(used & ~written).subselect('template_id')
        sent = Line._search(used & written).subselect('template_id')
        return (
            fields.Domain('company_id', 'in', (False, *companies.ids))
            & fields.Domain('dispute_outcome', '=', False)
            & (fields.Domain('id', 'not in', said) | fields.Domain('id', 'in', sent))
        )

    def _owner(self, user_id):
        """Return whose queue it is: the user's, or that of a collector a supervisor names."""
        user_id = self._id(user_id)
        if not user_id or user_id == self.env.uid:
            return self.env.user
        if not self.env.user.has_group('cobranza_management.group_supervisor'):
            raise UserError(self.env._('Only supervisors see the queue of others.'))
        return self.env['res.users'].search([('id', '=', user_id), ('share', '=', False)])

    # === ONE DEBTOR === #

    @api.model
    def open_case(self, case_id):
        """Take the case and return its payload, or `{'busy': name}` when a colleague has it."""
        case = self._visible(case_id)
        if not self._leases()._take(case):
            return {'busy': self._leases()._holder_of(case).name or ''}
        return self._payload(case)

    @api.model
    def next_case(self, after_id=None, user_id=None):
        """Take the best available case that nobody has and return its payload, or `{'empty': True, 'message': …}`.

        :param after_id: the case that is on the screen, which is not returned again
        """
        self._check_collector()
        queue = self.env['cobranza.workbench.queue']
        domain = queue._domain(self._owner(user_id)) & fields.Domain(
            'id', '!=', self._id(after_id) or 0
        )
        domain &= self._leases()._free_domain()
        for cases, answers in queue._candidates(domain):
            for case in cases:
                if answers[case].available and self._leases()._take(case, wait=False):
                    return self._payload(case, answers[case].ways)
        return self._nobody_left(domain)

    @api.model
    def peek_next(self, after_id, user_id=None):
        """Take and return the case after the one on the screen; `open_case` renews it when it is shown."""
        return self.next_case(after_id, user_id)

    @api.model
    def release(self, case_ids):
        """Give cases back, so that colleagues may have them."""
        self._check_collector()
        ids = case_ids if isinstance(case_ids, list) else [case_ids]
        self._leases()._release([found for found in map(self._id, ids) if found])
        return True

    def _nobody_left(self, domain):
        """Say when there is something to do again, unless a refusal that is remembered no longer holds."""
        queue = self.env['cobranza.workbench.queue']
        if queue._ordered(domain, limit=1, at_hand=True):
            message = self.env._('Nobody found so far may be contacted now; Next looks further.')
            return {'empty': True, 'message': message}
        cases, answers = queue._page(domain, 0, MOST_ASSESSED)
        for case in cases:
            if answers[case].available and self._leases()._take(case, wait=False):
                return self._payload(case, answers[case].ways)
        return {'empty': True, 'message': self._why_empty(cases, answers)}

    def _why_empty(self, cases, answers):
        """Say when somebody of these may be contacted again."""
        later = [answers[case].until for case in cases if answers[case].until]
        if not cases:
            return self.env._('Nothing left to do: the queue is empty.')
        if not later:
            return self.env._('Nobody left in the queue can be reached; beside each stands why.')
        moment = self.env['cobranza.workbench.queue']._moment(min(later))
        return self.env._('Nobody can be contacted now; the next from %s.', moment)

    # === WHAT WAS SAID === #

    @api.model
    def record_outcome(self, case_id, outcome_id, values=None):
        """Record the outcome of a contact with its effect; return what happened and the new payload."""
        case = self._at_hand(case_id)
        outcome = self.env['cobranza.outcome'].search_fetch([('id', '=', self._id(outcome_id))])
        if not outcome:
            raise UserError(self.env._('This outcome is no longer in the catalogue.'))
        read = case._read_outcome_values(outcome, values if isinstance(values, dict) else {})
        message = case._record_outcome(outcome, read)
        return {'message': one_stop(message), 'payload': self._payload(case)}

    @api.model
    def get_promise_defaults(self, case_id):
        """Return what a promise of this debtor starts with: amount, currency, days to choose from."""
        case = self._visible(case_id)
        wizard = self.env['cobranza.promise.wizard'].new({'case_id': case.id})
        today = fields.Date.context_today(self)
        labels = wizard._fields['day']._description_selection(self.env)
        days = {}
        for code, label in labels:
            day = wizard._day_of(code, today)
            if day:
                days.setdefault(day, label)  # on a Thursday tomorrow is Friday: one day, one choice
        return {
            'amount': wizard.amount,
            'currency': wizard.currency_id.name,
            'currency_id': wizard.currency_id.id,
            'dates': [
                {'date': fields.Date.to_string(day), 'label': label}
                for day, label in sorted(days.items())
            ],
        }

    # === WRITING === #

    @api.model
    def compose(self, case_id, channel, template_id=None):
        """Return a message to this debtor as it would leave now, to be edited; nothing is sent."""
        case = self._at_hand(case_id)
        channel = self._written_channel(channel)
        return case._compose(channel, self._template(case, channel, template_id))

    @api.model
    def send_message(self, case_id, channel, template_id, subject, body):
        """Send a message as edited, through every check; return what happened and the new payload."""
        case = self._at_hand(case_id)
        channel = self._written_channel(channel)
        template = self._template(case, channel, template_id)
        message = case._send_written(channel, template, str(subject or ''), str(body or ''))
        return {'message': message, 'payload': self._payload(case)}

    def _written_channel(self, code):
        if code not in self._written_codes():
            raise UserError(self.env._('Nothing can be written on this channel.'))
        return code

    def _template(self, case, channel, template_id):
        """Return the template named, or the one the strategy would use at this age, on this channel if it can."""
        Template = self.env['cobranza.template']
        offered = self._templates_domain(case.company_id)
        wanted = self._id(template_id)
        if wanted:
            found = Template.search(offered & fields.Domain('id', '=', wanted))
            if not found:
                raise UserError(self.env._('This template is not written to this debtor.'))
            return found
        steps = case.strategy_id.step_ids.filtered(lambda step: step.offset <= case.days_overdue)
        lines = steps.sorted('offset', reverse=True).channel_ids
        usual = Template.search(offered & fields.Domain('id', 'in', lines.template_id.ids))
        lines = lines.filtered(lambda line: line.template_id in usual)
        latest = lines.filtered(lambda line: line.step_id == lines[0].step_id)
        line = latest.filtered(lambda line: line.channel == channel)[:1] or latest[:1]
        return line.template_id or Template.search(offered, limit=1)

    # === WHAT COMES FROM A BROWSER === #

    def _id(self, value):
        """Return an integer from the browser, or None."""
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def _check_collector(self):
        """Refuse whoever collects nothing, though they may read cases."""
        if not self.env.user.has_group('cobranza_management.group_collector'):
            raise AccessError(self.env._('The workbench is for collectors.'))

    def _visible(self, case_id):
        """Return the case if the user may work on it; of any other not even its existence is told."""
        self._check_collector()
        case = self.env['cobranza.case'].search_fetch([('id', '=', self._id(case_id) or 0)])
        if not case or not case.has_access('write'):
            raise UserError(self.env._('This case does not exist or is not yours to work on.'))
        return case.with_company(case.company_id)

    def _at_hand(self, case_id):
        """Return the case with its lease taken, and whomever it concerns read at once."""
        case = self._visible(case_id)
        self._leases()._require(case)
        self.env['cobranza.workbench.queue']._warm_people(case)
        return case

    def _leases(self):
        return self.env['cobranza.work.lease']

    def _payload(self, case, ways=()):
        return self.env['cobranza.workbench.payload']._of(case, ways)
