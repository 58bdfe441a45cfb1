from odoo import api, fields, models
from odoo.tools import SQL


class CobranzaPromise(models.Model):
    """The customer hears of an instalment some days before it falls due.

    A plan keeps the ladder of reminders away from its items; this is the one message that comes of the plan itself.
    """

    _inherit = 'cobranza.promise'

    @api.model
    def _sql_coming(self, company):
        """Return the SELECT of the ids of instalments to speak of: open, of a plan in force, near.

        Not on the day the plan was signed: the customer has just read it. Nor while all that is left is in dispute.
        """
        today = company._cobranza_today()
        return SQL(
            """
            SELECT promise.id FROM cobranza_promise promise
              JOIN cobranza_plan plan ON plan.id = promise.plan_id AND plan.state = 'active'
             WHERE promise.company_id = %(company)s AND promise.state = 'open'
               AND promise.date BETWEEN %(today)s AND %(last)s
               AND (plan.signed_on AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date < %(today)s
               AND EXISTS (SELECT FROM cobranza_promise_item_rel promised
                             JOIN account_move_line line ON line.id = promised.line_id
                            WHERE promised.promise_id = promise.id AND line.amount_residual_currency > COALESCE(
                                  (SELECT SUM(dispute.amount_held) FROM cobranza_dispute dispute
                                    WHERE dispute.line_id = line.id AND dispute.state = 'open'), 0))
            """,
            company=company.id,
            today=today,
            last=fields.Date.add(today, days=company.cobranza_plan_remind_days),
            zone=str(company._cobranza_zone()),
        )

    @api.model
    def _coming(self, company):
        """Return the ids of the instalments to speak of."""
        self._flush_coming()
        return {row[0] for row in self.env.execute_query(self._sql_coming(company))}

    @api.model
    def _flush_coming(self):
        """Write the pending values that `_sql_coming` reads."""
        self.flush_model()
        self.env['cobranza.plan'].flush_model(['signed_on', 'state'])
        self.env['cobranza.dispute'].flush_model(['amount_held', 'line_id', 'state'])
        self.env['account.move.line'].flush_model(['amount_residual_currency', 'reconciled'])

    @api.model
    def _announce_coming(self, company):
        """Put a message about each coming instalment into the outbox, in one statement; the database refuses a second.

        One a debtor and day: whoever has a message today is written to tomorrow.

        :return: number of messages
        """
        if company.cobranza_plan_remind_days <= 0:
            return 0
        self._flush_coming()
        self.env['cobranza.reminder'].flush_model()
        localised = self.with_context(lang=company.partner_id.lang)
        rows = self.env.execute_query(
            SQL(
                """
                WITH told AS (
                    INSERT INTO cobranza_reminder (case_id, company_id, partner_id, date, promise_id, promise_date,
                        channel, step_name, currency_id, amount, state, next_attempt_at, attempts,
                        create_uid, create_date, write_uid, write_date)
                    SELECT DISTINCT ON (promise.case_id) promise.case_id, promise.company_id, promise.partner_id,
                           %(today)s, promise.id, promise.date, 'email', %(name)s, %(currency)s,
                           promise.amount_company * (1 - COALESCE(promise.paid_amount, 0) / promise.amount),
                           %(state)s, %(now)s, 0, %(uid)s, %(now)s, %(uid)s, %(now)s
                      FROM cobranza_promise promise
                     WHERE promise.id IN (%(coming)s)
                       AND NOT EXISTS (SELECT FROM cobranza_reminder told
                                        WHERE told.promise_id = promise.id AND told.promise_date = promise.date)
                  ORDER BY promise.case_id, promise.date, promise.id
                ON CONFLICT DO NOTHING
                 RETURNING id, promise_id)
                INSERT INTO cobranza_reminder_item (reminder_id, line_id)
                SELECT told.id, line.id
                  FROM told
                  JOIN cobranza_promise_item_rel promised ON promised.promise_id = told.promise_id
                  JOIN account_move_line line ON line.id = promised.line_id AND line.reconciled IS NOT TRUE
                RETURNING reminder_id
                """,
                coming=self._sql_coming(company),
                currency=company.currency_id.id,
                name=localised.env._('Coming instalment'),
                now=fields.Datetime.now(),
                state='review' if company.cobranza_review else 'queued',
                today=company._cobranza_today(),
                uid=self.env.uid,
            )
        )
        self.env['cobranza.reminder'].invalidate_model(flush=False)
        self.env['cobranza.reminder.item'].invalidate_model(flush=False)
        return len({row[0] for row in rows})

    def _instalment_name(self):
        """Return which payment of the plan it is; the down payment is none of the instalments counted."""
        if not self.plan_number:
            return self.env._('down payment, plan %s', self.plan_id.name)
        return self.env._(
            'instalment %(number)s of %(count)s, plan %(plan)s',
            number=self.plan_number,
            count=len(self.plan_id.promise_ids.filtered('plan_number')),
            plan=self.plan_id.name,
        )
