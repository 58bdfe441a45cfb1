import logging
from typing import Any, NamedTuple

import pytz
from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from odoo.addons.cobranza_management.models.cobranza_aged_mixin import READERS

_logger = logging.getLogger(__name__)

#: Rows looked at in one go; each takes the second that its PDF takes.
BATCH_SIZE = 100


class Parcel(NamedTuple):
    """How a statement would travel; `why` says why it does not, `next_at` when it may if that is not now."""

    case: Any
    contact: Any
    address: str
    lang: str
    statement: Any  # tools.statement.Statement
    why: str = ''
    next_at: Any = None  # naive UTC


class CobranzaStatementMail(models.Model):
    """Statements of account on their way by e-mail: who gets theirs when, who is left out and why.

    The PDF of each takes a second, so they leave one by one behind the user's back; each is a transaction of its own,
    with its mail in Odoo's queue: exactly once.
    """

    _name = 'cobranza.statement.mail'
    _description = 'Statement of Account by E-mail'
    _order = 'id desc'
    _rec_name = 'partner_id'

    case_id = fields.Many2one(
        'cobranza.case', required=True, readonly=True, index=True, ondelete='cascade'
    )
    company_id = fields.Many2one(related='case_id.company_id', store=True)
    partner_id = fields.Many2one(related='case_id.partner_id', store=True, string='Customer')
    user_id = fields.Many2one('res.users', string='Sent By', readonly=True)
    day = fields.Date(string='As of', readonly=True, help='Empty: the day on which it leaves.')
    purpose = fields.Selection(
        [('collection', 'Collection'), ('reply', 'Reply')],
        required=True,
        readonly=True,
        default='collection',
        help='A reply to a customer who asked for it does not count for the law.',
    )
    state = fields.Selection(
        [
            ('queued', 'Waiting'),
            ('sent', 'Sent'),
            ('left_out', 'Left out'),
            ('failed', 'Failed'),
            ('cancelled', 'Cancelled'),
        ],
        required=True,
        readonly=True,
        default='queued',
    )
    reason = fields.Char(readonly=True, help='Why it waits, was left out or failed.')
    next_attempt_at = fields.Datetime(string='Leaves At', readonly=True)
    sent_at = fields.Datetime(readonly=True)
    contact_id = fields.Many2one('res.partner', string='To', readonly=True)
    address = fields.Char(readonly=True)
    mail_message_id = fields.Many2one(
        'mail.message', index='btree_not_null', readonly=True, ondelete='set null', groups=READERS
    )

    # Two people who press the button at once send one statement.
    _one_waiting = models.UniqueIndex(
        "(case_id) WHERE state = 'queued'", 'A statement of this customer is on its way already.'
    )
    _due_idx = models.Index("(next_attempt_at) WHERE state = 'queued'")

    # === WHO GETS IT, AND WHEN === #

    @api.model
    def _plan(self, cases, day=None, purpose='collection'):
        """Return the Parcel of each case as things stand, in a constant number of statements a company.

        :param date day: as of which; today by default
        """
        Statement = self.env['cobranza.statement']
        found = Statement._read(cases, day) if day else Statement._read_today(cases)
        parcels = {}
        for company, mine in cases.grouped('company_id').items():
            mine = mine.with_context(tz=str(company._cobranza_zone()))
            verdicts = self.env['cobranza.contact.guard']._assess(mine, ['email'], purpose=purpose)
            reach = self.env['cobranza.channel']._of_code('email')._reachable(mine.partner_id)
            for case in mine:
                way = reach.get(case.partner_id, (case.partner_id, '', False))
                parcels[case] = self._parcel(case, way, verdicts[case, 'email'], found[case])
        return [parcels[case] for case in cases]

    def _parcel(self, case, way, verdict, statement):
        """Return how the statement of one case travels."""
        contact, address, opted_out = way
        lang = contact.lang or self.env['cobranza.statement']._language_of(case)
        parcel = Parcel(case, contact, address, lang, statement)
        if not statement.balances:
            return parcel._replace(why=self.env._('nothing is open'))
        if not address and verdict.code != 'never_contact':
            return parcel._replace(why=self.env._('there is no e-mail address'))
        if opted_out:
            return parcel._replace(why=self.env._('asked not to be written to by e-mail'))
        if verdict.allowed:
            return parcel
        # a hold is a decision about this debtor: the statement does not sneak out when it ends
        later = verdict.next_at if verdict.code != 'hold' else None
        return parcel._replace(
            why=case._explain_verdict(verdict._replace(next_at=None) if later else verdict),
            next_at=later and later.astimezone(pytz.utc).replace(tzinfo=None),
        )

    @api.model
    def _queue(self, cases, day=None, purpose='collection'):
        """Put the statements of cases on their way, those that are left out beside them with the reason.

        :param date day: as of which; empty for the day on which each leaves
        :return: cobranza.statement.mail, one for each case
        """
        self._check_may_send(cases, purpose)
        waiting = self.sudo().search([('case_id', 'in', cases.ids), ('state', '=', 'queued')])
        fresh = cases - waiting.case_id.sudo(self.env.su)
        mails_sudo = self.sudo().create(
            [
                self._prepare_mail_vals(parcel, day, purpose)
                for parcel in self._plan(fresh, day, purpose)
            ]
        )
        self.env.ref('cobranza_reports.ir_cron_send_statements').sudo()._trigger()
        return (mails_sudo | waiting).sudo(self.env.su)

    def _check_may_send(self, cases, purpose):
        if not self.env.su and not self.env.user.has_group('cobranza_management.group_collector'):
            raise AccessError(self.env._('Only collectors send statements to customers.'))
        cases.check_access('write')
        if purpose == 'reply' and len(cases) > 1:
            raise UserError(
                self.env._('Answer one customer at a time: many at once have not all asked for it.')
            )

    def _prepare_mail_vals(self, parcel, day, purpose):
        goes = not parcel.why or parcel.next_at
        return {
            'address': parcel.address,
            'case_id': parcel.case.id,
            'contact_id': parcel.contact.id,
            'day': day,
            'next_attempt_at': (parcel.next_at or fields.Datetime.now()) if goes else False,
            'purpose': purpose,
            'reason': parcel.why,
            'state': 'queued' if goes else 'left_out',
            'user_id': self.env.uid,
        }

    def action_cancel(self):
        """Take back statements that have not left yet."""
        self._check_may_send(self.case_id, 'collection')
        waiting = self.sudo().filtered(lambda mail: mail.state == 'queued')
        waiting.write({'state': 'cancelled', 'next_attempt_at': False})

    # === SENDING === #

    @api.model
    def _due_domain(self):
        """Return the Domain of the statements whose moment has come."""
        return Domain('state', '=', 'queued') & Domain(
            'next_attempt_at', '<=', fields.Datetime.now()
        )

    @api.model
    def _cron_send_statements(self):
        """Send what is due, one a transaction; several workers share the queue without waiting."""
        commit, domain = self.env['ir.cron']._commit_progress, self._due_domain()
        commit(remaining=self.search_count(domain))
        for mail in self.search(domain, order='next_attempt_at, id', limit=BATCH_SIZE):
            mail = mail.try_lock_for_update().filtered_domain(domain)
            if not mail:
                continue  # another worker has it
            mail._send_safely()
            if not commit(1):
                break
        self.env.ref('mail.ir_cron_mail_scheduler_action')._trigger()

    def _send_safely(self):
        """Send a statement; one that fails never takes the others with it."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._send()
        except OperationalError:
            raise  # a lock or serialization conflict: the whole transaction is tried again
        except Exception as error:
            _logger.info('Statement %s was not sent: %s', self.id, error)
            self.write({'state': 'failed', 'reason': str(error), 'next_attempt_at': False})

    def _send(self):
        """Ask the gate again, and send the account as it stands now."""
        company = self.company_id
        mail = self.with_company(company).with_context(
            lang=self.user_id.lang, tz=str(company._cobranza_zone())
        )
        [parcel] = mail._plan(mail.case_id, mail.day, mail.purpose)
        if parcel.why:
            vals = self._prepare_mail_vals(parcel, self.day, self.purpose)
            self.write({key: vals[key] for key in ('next_attempt_at', 'reason', 'state')})
            return
        message = mail._post(parcel)
        mail._log(parcel, message)
        self.write(
            {
                'address': parcel.address,
                'contact_id': parcel.contact.id,
                'mail_message_id': message.id,
                'next_attempt_at': False,
                'reason': False,
                'sent_at': fields.Datetime.now(),
                'state': 'sent',
            }
        )

    def _post(self, parcel):
        """Write the message with the PDF into Odoo's mail queue; replies come back to the case."""
        day = parcel.statement.day
        case = parcel.case.with_context(lang=parcel.lang)
        values = self._mail_values(parcel, day)
        return case.message_post(
            attachments=[(f'{case._statement_file_name()}.pdf', self._pdf(case, day, parcel.lang))],
            author_id=self.user_id.partner_id.id,
            body=self.env['ir.qweb']._render(
                'cobranza_reports.statement_mail', values, minimal_qcontext=True, lang=parcel.lang
            ),
            email_from=self.company_id.cobranza_email_from or self.user_id.email_formatted or None,
            email_layout_xmlid='cobranza_reports.statement_mail_layout',
            force_send=False,
            message_type='notification',
            partner_ids=parcel.contact.ids,
            subject=case.env._(
                'Account statement of %(company)s, %(day)s',
                company=self.company_id.name,
                day=values['day'],
            ),
            subtype_xmlid='mail.mt_note',
        )

    def _pdf(self, case, day, lang):
        content, _kind = self.env['ir.actions.report']._render_qweb_pdf(
            'cobranza_reports.action_report_statement', case.ids, {'day': day, 'lang': lang}
        )
        return content

    def _mail_values(self, parcel, day):
        """Return the values of the message's text, in the reader's language."""
        Statement = self.env['cobranza.statement']
        formats = Statement._formats(parcel.lang)
        statement = parcel.statement
        oldest = next((item.url for item in statement.claims if item.url), '')
        localised = self.with_context(lang=parcel.lang)
        return {
            'balances': [localised._in_words(balance, formats) for balance in statement.balances],
            'button': formats.button(oldest, self.company_id) if statement.owes else '',
            'day': formats.date(day),
            'greeting': localised.env._(
                'Dear %s:', parcel.contact.name or parcel.case.partner_id.name
            ),
            'how_to_pay': formats.html(self.company_id, 'cobranza_how_to_pay'),
            'opening': localised.env._(
                'Attached is the statement of your account as of %s.', formats.date(day)
            ),
            'owes': statement.owes,
            'signature': formats.html(self.company_id, 'cobranza_signature'),
        }

    def _in_words(self, balance, formats):
        """Return what is owed in one currency, as one sentence."""
        amount = formats.amount(abs(balance.balance), balance.currency)
        overdue = formats.amount(balance.overdue, balance.currency)
        if balance.favour:
            return self.env._('Balance in your favour: %s', amount)
        if not balance.overdue:
            return self.env._('Balance to pay: %s', amount)
        return self.env._(
            'Balance to pay: %(amount)s, of which %(overdue)s is overdue',
            amount=amount,
            overdue=overdue,
        )

    def _log(self, parcel, message):
        """Append it to the contact log: the law counts it like any other message."""
        self.env['cobranza.interaction']._log(
            [
                {
                    'address': parcel.address,
                    'case_id': parcel.case.id,
                    'channel': 'email',
                    'contact_id': parcel.contact.id,
                    'message_id': message.id,
                    'purpose': self.purpose,
                    'summary': message.subject,
                    'user_id': self.user_id.id,
                }
            ]
        )

    # === IN WORDS === #

    @api.model
    def _describe(self, parcel):
        """Return what the preview says of a parcel."""
        languages = dict(self.env['res.lang'].get_installed())
        when = parcel.next_at and format_datetime(self.env, parcel.next_at, dt_format='short')
        return {
            'customer': parcel.case.partner_id.name,
            'to': ' · '.join(
                filter(
                    None,
                    (parcel.contact.name, parcel.address, languages.get(parcel.lang, parcel.lang)),
                )
            ),
            'when': when or '',
            'why': parcel.why,
            'goes': not parcel.why or bool(parcel.next_at),
        }
