from markupsafe import Markup

from odoo import models

#: Each PDF takes about a second to make and the collector waits for it.
MOST_INVOICES = 10


class CobranzaCase(models.Model):
    """Sending the invoices themselves, because the customer asked for them: a reply, not a claim."""

    _inherit = 'cobranza.case'

    def _send_invoices(self, moves, contact_made=None):
        """Send the PDFs of the oldest of these invoices in one e-mail.

        :param contact_made: the cobranza.interaction in which the customer asked for them
        :return: (contact, the invoices sent, why the others were not: '' when all were)
        """
        self.ensure_one()
        invoices = moves.filtered(lambda move: move.is_sale_document()).sorted('invoice_date_due')
        contact, why = self._invoice_recipient()
        if why or not invoices:
            return contact, invoices.browse(), why or self._why_no_pdf()
        sent = invoices[:MOST_INVOICES]
        message = self._post_invoices(contact, sent.sudo())
        self.env['cobranza.interaction']._log(
            [
                {
                    'address': contact.email,
                    'came_of_id': contact_made.id if contact_made else False,
                    'case_id': self.id,
                    'channel': 'email',
                    'contact_id': contact.id,
                    'message_id': message.id,
                    'purpose': 'reply',
                    'summary': message.subject,
                }
            ]
        )
        if sent < invoices:
            why = self.env._('One e-mail carries %s invoices at most.', MOST_INVOICES)
        elif sent < moves:
            why = self._why_no_pdf()
        return contact, sent, why

    def _why_no_pdf(self):
        return self.env._('Odoo has no invoice of them to print.')

    def _invoice_recipient(self):
        """Return (who gets invoices by e-mail, why nobody does: '' when somebody does)."""
        channel = self.env['cobranza.channel']._of_code('email')
        contact, address, opted_out = channel._reachable(self.partner_id).get(
            self.partner_id, (self.env['res.partner'], '', False)
        )
        if not address:
            return contact, self.env._(
                '%s has no e-mail address to send the invoices to.', self.partner_id.name
            )
        verdict = self.env['cobranza.contact.guard']._assess(self, ['email'], purpose='reply')[
            self, 'email'
        ]
        if opted_out or not verdict.allowed:
            return contact, self.env._('%s does not want e-mail.', contact.name)
        return contact, ''

    def _ask_to_send(self, lines, why, contact=None):
        """Give the collector the task to send these documents in another way, and say so."""
        names = [line.cobranza_document for line in lines if line.cobranza_document]
        self._remind(
            self.env._('Send the invoices to %s another way', self.partner_id.name),
            contact=contact,
            note=' · '.join(filter(None, (why, ', '.join(dict.fromkeys(names))))),
        )
        return self.env._('%s There is a task to send them another way.', why)

    def _post_invoices(self, contact, moves):
        """Write the message to `contact` with the PDFs; replies come back to the case."""
        lang = contact.lang or self.partner_id.lang or self.company_id.partner_id.lang
        case_sudo = self.sudo().with_context(lang=lang or self.env.lang)
        translate = case_sudo.env._
        names = ', '.join(moves.mapped('name'))
        body = Markup('<p>%s</p><p>%s</p>') % (
            translate('Dear %s:', contact.name or self.partner_id.name),
            translate('As you asked, here are your invoices: %s.', names),
        )
        return case_sudo.message_post(
            attachments=[self._invoice_pdf(move) for move in moves],
            author_id=self.env.user.partner_id.id,
            body=body + Markup(case_sudo.company_id.cobranza_signature or ''),
            email_from=self.company_id.cobranza_email_from or self.env.user.email_formatted,
            message_type='notification',
            model_description=translate('account'),
            partner_ids=contact.ids,
            subject=translate('Your invoices %s', names),
            subtype_xmlid='mail.mt_note',
        )

    def _invoice_pdf(self, move):
        """Return (file name, content): the document as it was sent before, or printed now."""
        if move.invoice_pdf_report_id:
            return move.invoice_pdf_report_id.name, move.invoice_pdf_report_id.raw
        report = self.env.ref('account.account_invoices')
        content, _kind = (
            self.env['ir.actions.report'].sudo()._render_qweb_pdf(report.report_name, move.ids)
        )
        return move._get_invoice_report_filename(), content
