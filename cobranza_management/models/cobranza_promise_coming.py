import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL

from .cobranza_channel import Letter
from .cobranza_reminder_dispatch import BATCH_SIZE
from .cobranza_template import MessageFormat

_logger = logging.getLogger(__name__)


class CobranzaPromise(models.Model):
    """The customer hears of an instalment some days before it falls due: once, by e-mail, through the gate.

    A plan keeps the ladder of reminders away from its items; this is the one message that it sends itself. The mail and
    the mark that it left are rows of one transaction, so it leaves once however many workers there are.
    """

    _inherit = 'cobranza.promise'

    reminded_on = fields.Date(string='Customer Reminded', readonly=True, copy=False)

    @api.model
    def _remind_customers(self, commit):
        """Write to the customers whose instalments are coming up, a batch a transaction.

        :param commit: called after each batch; returns the seconds that are left
        """
        companies = self.env['res.company'].search(
            [('cobranza_active', '=', True), ('cobranza_plan_remind_days', '>', 0)]
        )
        for company in companies:
            template = company._cobranza_plan_template()
            coming = self._coming(company) if template else []
            for start in range(0, len(coming), BATCH_SIZE):
                batch = self._claim_coming(company, coming[start : start + BATCH_SIZE])
                batch.with_company(company)._send_coming(template)
                if not commit():
                    return

    # === WHICH === #

    def _sql_coming(self, company, narrowed):
        """Return the SELECT of open instalments of plans in force that are near and have not been spoken of.

        Not on the day the plan was signed: the customer has just read it. Nor while all that is left is in dispute.
        """
        today = company._cobranza_today()
        return SQL(
            """
            SELECT promise.id FROM cobranza_promise promise
              JOIN cobranza_plan plan ON plan.id = promise.plan_id AND plan.state = 'active'
             WHERE promise.company_id = %(company)s AND promise.state = 'open' AND promise.reminded_on IS NULL
               AND promise.date BETWEEN %(today)s AND %(last)s AND plan.signed_on::date < %(today)s
               AND EXISTS (SELECT FROM cobranza_promise_item_rel promised
                             JOIN account_move_line line ON line.id = promised.line_id
                            WHERE promised.promise_id = promise.id AND line.amount_residual_currency > COALESCE(
                                  (SELECT SUM(dispute.amount_held) FROM cobranza_dispute dispute
                                    WHERE dispute.line_id = line.id AND dispute.state = 'open'), 0)) %(narrowed)s
          ORDER BY promise.date, promise.id
            """,
            company=company.id,
            today=today,
            last=fields.Date.add(today, days=company.cobranza_plan_remind_days),
            narrowed=narrowed,
        )

    @api.model
    def _coming(self, company):
        """Return the ids of the instalments to speak of."""
        self.flush_model()
        self.env['cobranza.plan'].flush_model(['signed_on', 'state'])
        self.env['cobranza.dispute'].flush_model(['amount_held', 'line_id', 'state'])
        self.env['account.move.line'].flush_model(['amount_residual_currency'])
        return [row[0] for row in self.env.execute_query(self._sql_coming(company, SQL('')))]

    @api.model
    def _claim_coming(self, company, ids):
        """Lock those of `ids` that are still to be spoken of and that no other worker has."""
        select = self._sql_coming(company, SQL('AND promise.id = ANY(%s)', ids))
        rows = self.env.execute_query(SQL('%s FOR UPDATE OF promise SKIP LOCKED', select))
        return self.browse(row[0] for row in rows)

    # === WRITING === #

    def _send_coming(self, template):
        """Send the messages the gate lets through; the others are tried again with the next dispatch."""
        channel = self.env['cobranza.channel']._of_code('email')
        letters = self._coming_letters(template, channel)
        if not letters:
            return
        results = channel._deliver(letters)
        sent = self.browse(letter.reminder.id for letter in letters)
        sent.sudo().write({'reminded_on': self.company_id._cobranza_today()})
        self.env['cobranza.interaction'].sudo()._log(
            [
                {
                    'address': letter.address,
                    'case_id': letter.reminder.case_id.id,
                    'channel': 'email',
                    'message_id': results[letter.reminder]['mail_message_id'],
                    'summary': letter.values['oldest_document'],
                    'user_id': letter.reminder.case_id.user_id.id or self.env.uid,
                }
                for letter in letters
            ]
        )

    def _coming_letters(self, template, channel):
        """Return the Letters of instalments of one company; one that cannot be written never stops the others."""
        if not self:
            return []
        verdicts = self.env['cobranza.contact.guard']._assess(self.case_id, ['email'])
        reached = channel._reachable(self.partner_id)
        arriving = self.env['cobranza.truth.check']._money_on_its_way(
            self.partner_id, self.company_id
        )
        urls = self.line_ids.move_id._cobranza_pay_urls(self.company_id.get_base_url())
        letters, formats, written = [], {}, set()
        for promise in self:
            contact, address, opted_out = reached.get(promise.partner_id, (None, '', False))
            allowed = address and not opted_out and verdicts[promise.case_id, 'email'].allowed
            # one message a debtor: the next instalment waits for the next dispatch the gate allows
            if not allowed or promise.partner_id in arriving or promise.case_id in written:
                continue
            try:
                letters.append(promise._coming_letter(template, contact, address, urls, formats))
            except OperationalError:
                raise
            except Exception as error:
                _logger.info('Instalment %s cannot be announced: %s', promise.id, error)
            else:
                written.add(promise.case_id)
        return letters

    def _coming_letter(self, template, contact, address, urls, formats):
        lang = contact.lang or self.partner_id.lang or self.company_id.partner_id.lang or 'en_US'
        if lang not in formats:
            formats[lang] = MessageFormat(self.env, lang)
        today = self.company_id._cobranza_today()
        owed = self.line_ids.filtered(lambda line: not line.reconciled).sorted('date_maturity')
        item = {
            'amount': self.amount - self.paid_amount,
            'currency': self.currency_id,
            'days': (today - self.date).days,
            'due': self.date,
            'name': self.with_context(lang=lang)._instalment_name(),
            'url': next((urls[line.move_id] for line in owed if line.move_id in urls), ''),
        }
        values = template._message_values(self, contact, [item], formats[lang])
        values['today'] = formats[lang].date(today)
        subject, body = template._fill(lang, values)
        return Letter(self, contact, address, lang, subject, body, values)

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


class CobranzaReminder(models.Model):
    _inherit = 'cobranza.reminder'

    @api.model
    def _cron_dispatch(self, batch_size=BATCH_SIZE):
        """Speak of coming instalments too, once the queue is through."""
        result = super()._cron_dispatch(batch_size)
        self.env['cobranza.promise']._remind_customers(self.env['ir.cron']._commit_progress)
        return result
