from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, format_datetime

#: Debtors the gate is asked about for a page, more only for a longer page: they are there to be read.
MOST_ASSESSED = 160
#: Debtors looked at for "next": at first, how many times more while nobody is found, and at one time, in all.
CANDIDATES, GROWTH, MOST_AT_ONCE, MOST_LOOKED_AT = 10, 4, 160, 2000


class Answer(NamedTuple):
    """Whether somebody may work on a debtor now."""

    available: bool
    why: str = ''
    until: Any = None  # naive UTC
    #: (channel, what it reaches, the gate's verdict on a plain contact) of each channel; none: the gate was not asked
    ways: tuple = ()


class CobranzaWorkbenchQueue(models.AbstractModel):
    """The queue: who is to be worked on, in which order, and who waits for what.

    What the database knows (holds, promises, agreed calls) orders the queue; the gate, which is Python, is asked about
    the page alone.
    """

    _name = 'cobranza.workbench.queue'
    _description = 'Queue of the Workbench'

    # === WHO, IN WHICH ORDER === #

    @api.model
    def _domain(self, user=None):
        """Return the Domain of the debtors to work on today, those that wait among them.

        :param user: the collector whose queue it is, the current user by default
        """
        user = user or self.env.user
        unassigned = Domain('user_id', '=', False) & Domain(
            'company_id.cobranza_queue_unassigned', '=', True
        )
        whose = self.env['cobranza.case']._working_domain(user) | unassigned
        return self._everybodys_domain() & whose

    @api.model
    def _everybodys_domain(self):
        """Return the Domain of the debtors that somebody is to work on today, those that wait among them."""
        Case, now = self.env['cobranza.case'], fields.Datetime.now()
        called = Domain('reminder_ids', 'any', [('state', '=', 'ready'), ('channel', '=', 'phone')])
        return (
            Domain('company_id', 'in', self.env.companies.ids)
            & Domain('state', '=', 'open')
            & (
                Domain('amount_overdue', '>', 0)
                | Domain('callback_at', '<=', self._day_end())
                | called
            )
            & (
                Domain('work_after', '=', False)
                | Domain('work_after', '<=', now)
                | Domain('work_after', '<', self._day_end())
            )
            & Case._workable_domain()
        )

    @api.model
    def _day_start(self):
        """Return the beginning of the user's day, naive UTC."""
        zone = self.env.tz or pytz.utc
        today = fields.Date.context_today(self)
        return (
            zone.localize(datetime.combine(today, time())).astimezone(pytz.utc).replace(tzinfo=None)
        )

    @api.model
    def _day_end(self):
        return self._day_start() + timedelta(days=1)

    @api.model
    def _ordered(self, domain, offset=0, limit=None, at_hand=False):
        """Return the ids of the cases of `domain`: callbacks due, then by priority, calls of the strategy first
        among equals; those known to wait come last.

        :param bool at_hand: leave those out, and whoever the gate refused a moment ago
        """
        Case = self.env['cobranza.case']
        query = Case._search(domain)
        table = query.table
        column = lambda name: Case._field_to_sql(table, name, query)  # noqa: E731 - four uses on the next lines
        query.order = SQL(
            '%(due)s DESC, %(score)s DESC, %(call)s DESC, %(amount)s DESC, %(id)s',
            due=SQL('COALESCE(%s <= %s, FALSE)', column('callback_at'), fields.Datetime.now()),
            score=column('priority_score'),
            call=self._sql_has_call(column),
            amount=column('amount_overdue'),
            id=column('id'),
        )
        if at_hand:
            refused = self.env['cobranza.work.wait']._sql_live(column('id'))
            query.add_where(SQL('NOT (%s OR %s)', self._sql_waits(column), refused))
        else:
            query.order = SQL('%s, %s', self._sql_waits(column), query.order)
        query.limit, query.offset = limit, offset
        return [row[0] for row in self._read(query.select())]

    @api.model
    def _counts(self, domain):
        """Return (debtors, those known to wait without asking the gate)."""
        Case = self.env['cobranza.case']
        query = Case._search(domain)
        waits = self._sql_waits(lambda name: Case._field_to_sql(query.table, name, query))
        return self._read(query.select(SQL('COUNT(*)'), SQL('COUNT(*) FILTER (WHERE %s)', waits)))[
            0
        ]

    @api.model
    def _available_ids(self, domain):
        """Return the ids of the cases of `domain` that are not known to wait, without asking the gate."""
        Case = self.env['cobranza.case']
        query = Case._search(domain)
        waits = self._sql_waits(lambda name: Case._field_to_sql(query.table, name, query))
        query.add_where(SQL('NOT %s', waits))
        return [row[0] for row in self._read(query.select())]

    def _read(self, select):
        """Run a query of the queue without compiling it: rules and priorities make it long, its rows are few."""
        return self.env.execute_query(SQL('SET LOCAL jit TO off; %s', select))

    def _sql_waits(self, column):
        """Return SQL for what is known without the gate: on hold, promised, called back later."""
        return SQL(
            '(COALESCE(%(hold)s >= %(today)s, FALSE) OR COALESCE(%(after)s > %(now)s, FALSE)'
            ' OR %(promised)s)',
            hold=column('hold_until'),
            after=column('work_after'),
            promised=self.env['cobranza.case']._sql_is_promised(column),
            now=fields.Datetime.now(),
            today=fields.Date.context_today(self),
        )

    def _sql_has_call(self, column):
        return SQL(
            "EXISTS (SELECT FROM cobranza_reminder WHERE case_id = %s AND state = 'ready' AND channel = 'phone')",
            column('id'),
        )

    # === WHO MAY BE CONTACTED NOW === #

    @api.model
    def _page(self, domain, offset, limit):
        """Return ([case], {case: Answer}) of the debtors from `offset` on, until `limit` of them are available.

        The cases come in the order of the queue; whoever pages on adds their number to the offset.
        """
        cases, answers = self.env['cobranza.case'], {}
        while len(cases) < max(limit, MOST_ASSESSED):
            found = cases.browse(self._ordered(domain, offset + len(cases), limit))
            answers |= self._assess(found)
            cases += found
            if len(found) < limit or sum(a.available for a in answers.values()) >= limit:
                break
        return cases, answers

    @api.model
    def _candidates(self, domain):
        """Yield ([case], {case: Answer}) of the debtors to go on with, the best first, until the queue is through.

        More at a time the longer it takes, and whoever is refused is remembered: hundreds of debtors who may not be
        contacted this week do not hide the one who may. When all of a very long queue may not, the rest is left to
        the next time, which begins where this one ended.
        """
        size, passed, seen = CANDIDATES, 0, 0
        while seen < MOST_LOOKED_AT:
            cases = self.env['cobranza.case'].browse(
                self._ordered(domain, passed, size, at_hand=True)
            )
            answers = self._assess(cases)
            self.env['cobranza.work.wait']._remember(
                {case: answer.until for case, answer in answers.items() if not answer.available}
            )
            yield cases, answers
            if len(cases) < size:
                return
            passed += sum(answer.available for answer in answers.values())
            seen += size
            size = min(size * GROWTH, MOST_AT_ONCE)

    @api.model
    def _assess(self, cases):
        """Return {case: Answer}; a constant number of statements for each company."""
        self._warm_people(cases)
        promised = cases._promised()
        answers = {case: self._known_wait(case, case in promised) for case in cases}
        ask = cases.filtered(lambda case: not answers[case])
        for _company, mine in ask.grouped('company_id').items():
            answers |= self._ask_gate(mine)
        return answers

    @api.model
    def _warm_people(self, cases):
        """Read at once whomever gate and rows ask for: debtors, their people, the companies, the user.

        Under the user's own rules: a contact that another company keeps to itself is not called from here.
        """
        cases_sudo, user_sudo = cases.sudo(), self.env.user.sudo()
        ours_sudo = cases_sudo.company_id.partner_id | user_sudo.partner_id
        self.env['res.partner'].with_context(active_test=False).search_fetch(
            Domain('commercial_partner_id', 'in', cases_sudo.partner_id.ids)
            | Domain('id', 'in', ours_sudo.ids),
            order='id',
        )

    def _known_wait(self, case, is_promised):
        """Return the Answer for what needs no gate, None for the others."""
        now = fields.Datetime.now()
        if case.is_on_hold:
            why = self.env._('On hold: %s', case.hold_reason)
            return Answer(False, why, case._day_after(case.hold_until))
        if case.work_after and case.work_after > now:
            why = (
                self.env._('Asked to be called back')
                if case.callback_at == case.work_after
                else self.env._('Nobody answered')
            )
            return Answer(False, why, case.work_after)
        if is_promised:
            until = case._day_after(case.promise_date)
            return Answer(False, self.env._('Promised to pay'), until)
        return None

    def _ask_gate(self, cases):
        """Return {case: Answer} of the gate, over every channel that reaches the debtor; cases of one company."""
        Channel, guard = self.env['cobranza.channel'], self.env['cobranza.contact.guard']
        codes = Channel._codes()
        stops = guard._stops(cases)
        verdicts = guard._assess(cases, codes, stops=stops)
        due = cases.filtered('is_callback_due')
        replies = guard._assess(due, codes, purpose='reply', stops=stops)
        reach = Channel._reach(codes, cases.partner_id)
        ways = {
            case: tuple(
                (code, reach[code].get(case.partner_id), verdicts[case, code]) for code in codes
            )
            for case in cases
        }
        return {
            case: self._answer_of(
                case, [(found, replies.get((case, code), said)) for code, found, said in ways[case]]
            )._replace(ways=ways[case])
            for case in cases
        }

    def _answer_of(self, case, channels):
        """Return the Answer of a debtor from (found, verdict) of each channel, the first possible one counting."""
        reached = [(found, verdict) for found, verdict in channels if found and found[1]]
        if not reached:
            return Answer(False, self.env._('no address on any channel'))
        open_ways = [
            verdict for (_contact, _address, opted_out), verdict in reached if not opted_out
        ]
        if not open_ways:
            return Answer(False, self.env._('asked not to be contacted'))
        if any(verdict.allowed for verdict in open_ways):
            return Answer(True)
        first = min(open_ways, key=lambda verdict: (not verdict.next_at, verdict.next_at))
        until = first.next_at and first.next_at.replace(tzinfo=None)
        return Answer(False, case._explain_verdict(first._replace(next_at=None)), until)

    # === ROWS === #

    @api.model
    def _rows(self, cases, answers):
        """Return the rows of the queue, the available first, each part in its order."""
        colleagues = {
            lease.case_id.id: lease.user_id.name
            for lease in self.env['cobranza.work.lease']._live(cases)
        }
        ordered = cases.sorted(lambda case: not answers[case].available)
        return [self._row(case, answers[case], colleagues.get(case.id, '')) for case in ordered]

    @api.model
    def _moment(self, until):
        """Return a moment to come (naive UTC) as a person would say it: the hour, and the day unless it is today."""
        local = fields.Datetime.context_timestamp(self, until)
        today = fields.Datetime.context_timestamp(self, fields.Datetime.now()).date()
        pattern = 'H:mm' if local.date() == today else 'EEE d MMM, H:mm'
        return format_datetime(self.env, until, dt_format=pattern)

    def _row(self, case, answer, colleague):
        return {
            'amount': format_amount(self.env, case.amount_overdue, case.currency_id),
            'amount_raw': case.amount_overdue,
            'available': answer.available,
            'days': case.days_overdue,
            'id': case.id,
            'level': case.priority_level or 'low',
            'name': case.partner_id.name or '',
            'next_action': case.next_action or '',
            'reason': case.priority_reasons or '',
            'until': self._moment(answer.until) if answer.until else '',
            'why': answer.why,
            'worked_by': colleague,
        }
