import base64
import logging
from datetime import datetime, timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.cobranza_management.tools.languages import language_of
from odoo.addons.cobranza_management.tools.workbook import XLSX

_logger = logging.getLogger(__name__)

#: It leaves on this day of the week, from this hour on, where the company works.
MONDAY, HOUR = 0, 7
#: Months of the attached spreadsheet, this one included.
MONTHS = 12


class CobranzaWeeklyMail(models.Model):
    """The executive dashboard by e-mail on Monday morning: one row for each person and week, so that none comes twice.

    Each is read with the rights and in the language of the person who gets it; who may not read it gets none.
    """

    _name = 'cobranza.weekly.mail'
    _description = 'Weekly Report by E-mail'
    _order = 'week DESC, id DESC'
    _rec_name = 'week'

    company_id = fields.Many2one('res.company', required=True, readonly=True, ondelete='cascade')
    user_id = fields.Many2one(
        'res.users', string='To', required=True, readonly=True, index=True, ondelete='cascade'
    )
    week = fields.Date(required=True, readonly=True, help='Its Monday.')

    _one_a_week = models.UniqueIndex(
        '(company_id, user_id, week)', 'This person has the report of this week already.'
    )

    # === WHEN, AND TO WHOM === #

    @api.model
    def _cron_send(self):
        """Send the report of every company in which it is time for it."""
        companies = self.env['res.company'].search(
            [('cobranza_active', '=', True), ('cobranza_weekly_active', '=', True)]
        )
        commit = self.env['ir.cron']._commit_progress
        commit(remaining=len(companies))
        for company in companies:
            if self._is_its_time(company):
                self._send_to_chosen(company)
            if not commit(1):
                break

    @api.model
    def _is_its_time(self, company):
        """Tell whether it is Monday morning or later where a company works, or Tuesday and Monday was missed."""
        now = datetime.now(company._cobranza_zone())
        if now.weekday() == MONDAY + 1:
            asked = [('company_id', '=', company.id), ('week', '=', self._week_of(company))]
            return not self.search_count(asked, limit=1)
        return now.weekday() == MONDAY and now.hour >= HOUR

    @api.model
    def _send_to_chosen(self, company):
        """Send this week's report of a company to whoever was chosen and has not got it; return how many got it."""
        week = self._week_of(company)
        users = company.sudo().cobranza_weekly_user_ids
        have = self.search([('company_id', '=', company.id), ('week', '=', week)]).user_id
        sent = [self._send_safely(company, user, week) for user in users - have]
        return sum(sent)

    @api.model
    def _week_of(self, company):
        today = company._cobranza_today()
        return today - timedelta(days=today.weekday())

    def _send_safely(self, company, user, week):
        """Send it to a person; tell whether it went. One who gets none never keeps it from the others."""
        try:
            with self.env.cr.savepoint():
                return self._send(company, user, week)
        except OperationalError:
            raise  # a lock or serialization conflict: the whole transaction is tried again
        except UserError as error:  # they may not read it, or have no address
            _logger.info('Weekly report: none for %s: %s', user.login, error)
        except Exception:
            _logger.exception('Weekly report: it could not be sent to %s', user.login)
        return False

    def _send(self, company, user, week):
        if not user.email:
            raise UserError(self.env._('%s has no e-mail address.', user.name))
        reader = self.with_user(user).with_context(
            allowed_company_ids=company.ids, lang=user.lang, tz=str(company._cobranza_zone())
        )
        board = reader.env['cobranza.report.board'].get_board(MONTHS, company.id)
        mail = self.create({'company_id': company.id, 'user_id': user.id, 'week': week})
        reader.browse(mail.id)._queue(board, user)
        return True

    # === THE MESSAGE === #

    def _queue(self, board, user):
        """Put the message into Odoo's mail queue; `self` reads with the rights and in the language of the person."""
        company_sudo = self.sudo().company_id
        subject = self.env._(
            'Collections at %(company)s, week of %(day)s',
            company=company_sudo.name,
            day=format_date(self.env, self.sudo().week),
        )
        self.env['mail.mail'].sudo().create(
            {
                'attachment_ids': [(0, 0, self._attachment(company_sudo))],
                'auto_delete': False,
                'body_html': self._body(board, company_sudo, subject),
                'email_from': company_sudo.email_formatted or self.env.user.email_formatted,
                'message_type': 'email_outgoing',
                'model': self._name,
                'recipient_ids': [(4, user.partner_id.id)],
                'res_id': self.id,
                'subject': subject,
            }
        )

    def _body(self, board, company, subject):
        """Return the message in the dress of all others."""
        render, lang = self.env['ir.qweb']._render, self.env.lang
        values = {
            'board': board,
            'greeting': self.env._('Good morning, %s:', self.env.user.name),
            'url': f'{company.get_base_url()}/odoo/collection-dashboard',
        }
        body = render('cobranza_reports.weekly_mail', values, minimal_qcontext=True, lang=lang)
        return render(
            'cobranza_management.mail_layout',
            {
                'body': body,
                'company': company,
                'is_internal': True,
                'lang': language_of(lang),
                'signature': False,
                'subject': subject,
            },
            minimal_qcontext=True,
            lang=lang,
        )

    def _attachment(self, company):
        """Return the values of the attachment: the months of the company as a spreadsheet."""
        first = fields.Date.subtract(
            fields.Date.context_today(self).replace(day=1), months=MONTHS - 1
        )
        name, content = self.env['cobranza.report.month']._workbook(
            [('company_id', '=', company.id), ('month', '>=', first)], ['month:month']
        )
        return {
            'datas': base64.b64encode(content),
            'mimetype': XLSX,
            'name': name,
            'res_id': self.id,
            'res_model': self._name,
        }
