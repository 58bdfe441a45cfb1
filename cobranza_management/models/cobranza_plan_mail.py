from odoo import models
from odoo.exceptions import UserError


class CobranzaPlan(models.Model):
    """The link to a plan, by e-mail: a reply to a customer who asked for it."""

    _inherit = 'cobranza.plan'

    def action_send(self):
        """Send the link of offered plans by e-mail, if the contact guard lets it through."""
        self.check_access('write')
        for plan in self:
            plan._send_offer()

    def _send_offer(self):
        self.ensure_one()
        if self.state != 'offered':
            raise UserError(self.env._('Offer the plan first: there is nothing to sign yet.'))
        contact, address = self._recipient()
        language = contact.lang or self.partner_id.lang or self.env.lang
        localised = self.sudo().with_context(lang=language)
        message = self.case_id.sudo().message_post(
            author_id=self.env.user.partner_id.id,
            body=self.env['ir.qweb']._render(
                'cobranza_management.plan_mail',
                {'plan': localised, 'contact': contact, 'url': localised._offer_url()},
                minimal_qcontext=True,
                lang=language,
            ),
            email_layout_xmlid='mail.mail_notification_light',
            message_type='comment',
            model_description=localised.env._('payment plan'),
            partner_ids=contact.ids,
            subject=localised.env._('Payment plan %s', localised.name),
            subtype_xmlid='mail.mt_note',
        )
        self.sudo()._log_in_case(
            self.env._('Payment plan %s sent to be signed', self.name),
            address=address,
            message_id=message.id,
            user_id=self.env.uid,
        )

    def _recipient(self):
        """Return (contact, address) that the guard lets us write to, or say why there is none."""
        case = self.case_id
        channel = self.env['cobranza.channel']._of_code('email')
        contact, address, refused = channel._reachable(case.partner_id).get(
            case.partner_id, (None, '', False)
        )
        if not address:
            raise UserError(self.env._('%s has no e-mail address.', case.partner_id.name))
        verdict = self.env['cobranza.contact.guard']._assess(case, ['email'], purpose='reply')[
            case, 'email'
        ]
        if refused or not verdict.allowed:
            raise UserError(
                case._explain_verdict(verdict)
                or self.env._('%s asked not to be written to at this address.', contact.name)
            )
        return contact, address

    def _offer_url(self):
        """Return the signed link, with the address of this server."""
        self.ensure_one()
        return self.get_base_url() + self.get_portal_url()

    def action_preview(self):
        """Open the page as the customer sees it."""
        self.ensure_one()
        return {'type': 'ir.actions.act_url', 'target': 'new', 'url': self.get_portal_url()}
