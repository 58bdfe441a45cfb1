from collections import Counter, defaultdict
from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.arrays import array_literal
from ..tools.ladder import Item, decide, next_action, total_reached

#: Cases decided at a time: bounds memory, not statements that matter.
CHUNK = 5000


class CobranzaRun(models.Model):
    """Decisions: a row a claim is read, the ladder decides in plain Python, two statements write the outbox."""

    _inherit = 'cobranza.run'

    def _phase_decisions(self, company):
        """Decide the message of every open case and write the outbox.

        :return: number of messages
        """
        Case = self.env['cobranza.case']
        self.env['cobranza.reminder'].search(
            [('company_id', '=', company.id), ('state', '=', 'ready')]
        )._withdraw_outdated()
        eligible, reasons = self._eligible_cases(company)
        ladders = self._ladders(company)
        written, coming_up = 0, {}
        for start in range(0, len(eligible), CHUNK):
            cases = eligible[start : start + CHUNK]
            actions = {}
            items, given = self._claims_of(cases), self._marks_of(cases)
            for case_id, strategy_id, _partner_id in cases:
                steps = ladders(case_id, strategy_id)
                mine = items.get(case_id, ())
                action = decide(steps, mine, given)
                coming = next_action(steps, mine)
                if action:
                    actions[case_id] = action
                else:
                    reasons[self._why_not(steps, mine)] += 1
                coming_up[case_id] = (
                    (self.date + timedelta(days=coming[0]), coming[1]) if coming else (None, None)
                )
            written += self._write_outbox(company, actions)
        Case._write_columns(['next_action_date', 'next_step_id'], coming_up)
        self._log_reasons(reasons)
        return written

    # === WHO === #

    def _eligible_cases(self, company):
        """Return ([(case id, strategy id, partner id)], Counter of the reasons of the others)."""
        Case = self.env['cobranza.case']
        open_cases = Domain('company_id', '=', company.id) & Domain('state', '=', 'open')
        today = self.date
        on_hold = Domain('hold_until', '>=', today)
        has_strategy = Domain('strategy_id', '!=', False)
        # A message of today, sent or waiting, is this day's; an older one that still waits may be superseded.
        busy = Domain('reminder_ids', 'any', Domain('date', '=', today))
        reasons = Counter(
            {
                'hold': Case.search_count(open_cases & on_hold),
                'no_strategy': Case.search_count(open_cases & ~on_hold & ~has_strategy),
                'waiting': Case.search_count(open_cases & ~on_hold & has_strategy & busy),
            }
        )
        return Case._read_columns(
            open_cases & ~on_hold & has_strategy & ~busy, ['id', 'strategy_id', 'partner_id']
        ), reasons

    def _ladders(self, company):
        """Return a function (case id, strategy id) -> steps whose conditions hold for the case.

        Each condition is one search, whatever the number of cases.
        """
        Case, strategies = (
            self.env['cobranza.case'],
            self.env['cobranza.strategy'].with_context(active_test=False),
        )
        ladders, allowed = {}, {}
        open_cases = Domain('company_id', '=', company.id) & Domain('state', '=', 'open')
        for strategy in strategies.search([('company_id', 'in', (False, company.id))]):
            ladders[strategy.id] = strategy._ladder(company.cobranza_minimum_amount)
            for step in strategy.step_ids.filtered('condition'):
                allowed[step.id] = set(Case._search(open_cases & step._condition_domain()))

        def ladder(case_id, strategy_id):
            steps = ladders.get(strategy_id, [])
            if not allowed:
                return steps
            return [step for step in steps if step.id not in allowed or case_id in allowed[step.id]]

        return ladder

    # === WHAT === #

    def _claims_of(self, cases):
        """Return {case id: list of tools.ladder.Item}: net of credits, not promised.

        They come from what the cycle has netted: the ledger as it stood when the cycle began.
        """
        case_of = {partner_id: case_id for case_id, _strategy_id, partner_id in cases}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.partner_id, item.id, %(today)s::date - item.due, item.net::float8
                  FROM (%(items)s) item
                 WHERE item.partner_id = ANY(%(partners)s::int[]) AND item.net_currency > 0
                   AND NOT EXISTS (%(promised)s)
              ORDER BY item.partner_id, item.due, item.id
                """,
                today=self.date,
                items=self.env['account.move.line']._KEPT_ITEMS,
                partners=array_literal(case_of),
                promised=self.env['cobranza.promise']._sql_live_of(
                    SQL.identifier('item', 'id'), self.date
                ),
            )
        )
        items = defaultdict(list)
        for partner_id, line_id, days, amount in rows:
            items[case_of[partner_id]].append(Item(line_id, days, amount))
        return items

    def _marks_of(self, cases):
        """Return the set of (item, step, occurrence) already given to the open items of these cases."""
        Line = self.env['account.move.line']
        return set(
            self.env.execute_query(
                SQL(
                    """
            SELECT mark.line_id, mark.step_key, mark.occurrence
              FROM cobranza_reminder_item mark
              JOIN account_move_line line ON line.id = mark.line_id AND line.reconciled IS NOT TRUE
             WHERE line.account_id = ANY(%s) AND mark.step_key IS NOT NULL
               AND mark.reminder_id IN (SELECT id FROM cobranza_reminder WHERE case_id = ANY(%s::int[]))
            """,
                    Line._receivable_account_ids(),
                    array_literal([case[0] for case in cases]),
                )
            )
        )

    def _why_not(self, steps, items):
        """Return why a debtor without an action has none."""
        if not items:
            return 'promised'
        total = total_reached(steps, items)
        if not steps or not total:
            return 'not_due'
        return 'given' if any(step.minimum <= total for step in steps) else 'below_minimum'

    # === OUTBOX === #

    def _write_outbox(self, company, actions):
        """Write the messages and their items in three statements; the database refuses what exists.

        :param dict actions: {case id: tools.ladder.Action}
        :return: number of messages written
        """
        if not actions:
            return 0
        self._supersede(actions)
        reminders = dict(self.env.execute_query(self._sql_insert_reminders(company, actions)))
        rows = [
            (reminder_id, item, *marks.get(item, (None, None)))
            for case_id, reminder_id in reminders.items()
            for marks in [
                {mark.item: (mark.step, mark.occurrence) for mark in actions[case_id].marks}
            ]
            for item in actions[case_id].items
        ]
        if rows:
            # By item: the ledger's rows, which the foreign key looks up, are read in their order.
            columns = zip(*sorted(rows, key=lambda row: row[1]))
            self.env.cr.execute(
                """
                INSERT INTO cobranza_reminder_item (reminder_id, line_id, step_key, occurrence)
                SELECT * FROM UNNEST(%s::int[], %s::int[], %s::int[], %s::int[])
                ON CONFLICT DO NOTHING
                """,
                [array_literal(column) for column in columns],
            )
        self.env['cobranza.reminder'].invalidate_model(flush=False)
        self.env['cobranza.reminder.item'].invalidate_model(flush=False)
        return len(reminders)

    def _supersede(self, actions):
        """Withdraw older messages of the same debtors that still wait: the new step takes their place."""
        older = self.env['cobranza.reminder'].search(
            [
                ('case_id', 'in', list(actions)),
                ('state', 'in', self.env['cobranza.reminder']._WAITING),
            ]
        )
        if older:
            older._stop('cancelled', 'superseded')

    def _sql_insert_reminders(self, company, actions):
        """Return the INSERT of the messages of `actions`, giving back (case id, reminder id)."""
        self.env['cobranza.reminder'].flush_model()
        values = [(case_id, action.step, action.amount) for case_id, action in actions.items()]
        return SQL(
            """
            INSERT INTO cobranza_reminder (case_id, company_id, partner_id, date, step_id, step_name, strategy_id,
                currency_id, amount, state, next_attempt_at, attempts, create_uid, create_date, write_uid, write_date)
            SELECT debtor.id, debtor.company_id, debtor.partner_id, %(date)s, step.id,
                   COALESCE(step.name->>%(lang)s, step.name->>'en_US'),
                   step.strategy_id, debtor.currency_id, action.amount,
                   CASE WHEN %(review)s OR strategy.review OR step.review THEN 'review' ELSE 'queued' END,
                   %(now)s, 0, %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM UNNEST(%(cases)s::int[], %(steps)s::int[], %(amounts)s::numeric[])
                   AS action(case_id, step_id, amount)
              JOIN cobranza_case debtor ON debtor.id = action.case_id
              JOIN cobranza_strategy_step step ON step.id = action.step_id
              JOIN cobranza_strategy strategy ON strategy.id = step.strategy_id
            ON CONFLICT DO NOTHING
            RETURNING case_id, id
            """,
            date=self.date,
            lang=company.partner_id.lang or 'en_US',
            review=company.cobranza_review,
            now=fields.Datetime.now(),
            uid=self.env.uid,
            cases=array_literal([row[0] for row in values]),
            steps=array_literal([row[1] for row in values]),
            amounts=array_literal([row[2] for row in values]),
        )

    def _log_reasons(self, reasons):
        self.env['cobranza.run.reason'].create(
            [
                {'run_id': self.id, 'code': code, 'count': count}
                for code, count in reasons.items()
                if count
            ]
        )
