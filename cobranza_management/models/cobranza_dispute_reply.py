from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError

from .cobranza_template import MessageFormat


class CobranzaDispute(models.Model):
    """Telling the customer the outcome: a reply, which the law does not count as collection."""

    _inherit = 'cobranza.dispute'

    def _reply_address(self):
        """Return (contact, address, why not) of the answer by e-mail; `why not` is '' when it may be sent."""
        self.ensure_one()
        channel = self.env['cobranza.channel.email'].sudo()
        contact, address, opted_out = channel._reachable(self.partner_id.sudo()).get(
            self.partner_id.sudo(), (self.env['res.partner'], '', False)
        )
        case_sudo = self.case_id.sudo()
        verdict = (
            self.env['cobranza.contact.guard']
            .sudo()
            ._assess(case_sudo, ['email'], purpose='reply')[case_sudo, 'email']
        )
        if not address:
            return contact, '', self.env._('There is no e-mail address to write to.')
        if opted_out:
            return contact, address, self.env._('They asked not to be written to by e-mail.')
        return contact, address, case_sudo._explain_verdict(verdict)

    def _draft_reply(self, template, amount, note):
        """Return (subject, body) of the answer in the reader's language.

        :param float amount: accepted, in the item's currency
        :param str note: the explanation
        """
        self.ensure_one()
        contact = self._reply_address()[0] or self.partner_id
        lang = contact.lang or self.partner_id.lang or self.env.lang
        formats = MessageFormat(self.env, lang)
        money = lambda value: formats.amount(value, self.currency_id)  # noqa: E731 - four uses below
        values = {
            'collector_name': self.env.user.name,
            'company_name': self.company_id.name,
            'contact_name': contact.name or self.partner_id.name,
            'debtor_name': self.partner_id.name,
            'dispute_accepted': money(amount),
            'dispute_amount': money(self.amount),
            'dispute_document': self.line_id.cobranza_document or '',
            'dispute_note': note or '',
            'dispute_reason': self.reason_id.with_context(lang=lang).name,
            'dispute_rest': money(max(0, self.line_id.amount_residual_currency - amount)),
            'today': formats.date(self.company_id._cobranza_today()),
        }
        subject, body = template.sudo()._fill(lang, values)
        # an empty explanation leaves no empty paragraph behind
        return subject, Markup(body.replace(Markup('<p></p>'), Markup('')))

    def _tell_customer(self, subject, body):
        """Send the answer through the case, so that what the customer writes back arrives there, and log it."""
        contact, address, why_not = self._reply_address()
        if why_not:
            raise UserError(why_not)
        self.env['cobranza.template']._check_phrases(f'{subject} {body}')
        author = self.env.user
        lang = contact.lang or self.partner_id.lang or self.env.lang
        message = self.case_id.sudo().message_post(
            author_id=author.partner_id.id,
            body=Markup(body),
            email_from=self.company_id.cobranza_email_from or author.email_formatted or None,
            email_layout_xmlid='mail.mail_notification_light',
            message_type='comment',
            model_description=self.with_context(lang=lang).env._('account'),
            partner_ids=contact.ids,
            subject=subject,
            subtype_xmlid='mail.mt_note',
        )
        self.env['cobranza.interaction'].sudo()._log(
            [
                {
                    'address': address,
                    'case_id': self.case_id.id,
                    'channel': 'email',
                    'message_id': message.id,
                    'purpose': 'reply',
                    'summary': subject,
                    'user_id': author.id,
                }
            ]
        )
        return message
