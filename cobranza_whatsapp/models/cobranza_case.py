from odoo import api, models
from odoo.tools.misc import hash_sign, verify_hash_signed

from .account_move import DOCUMENT_LIFE

#: What a link to a statement of account is signed for.
STATEMENT_SCOPE = 'cobranza_whatsapp_statement'
STATEMENT_REPORT = 'cobranza_reports.action_report_statement'


class CobranzaCase(models.Model):
    """The statement of account, for WhatsApp to fetch, where the reports are installed; and the conversations."""

    _inherit = 'cobranza.case'

    @api.model
    def _has_statement(self):
        return bool(self.env.ref(STATEMENT_REPORT, raise_if_not_found=False))

    def _whatsapp_statement(self):
        """Return the file of the statement as the API wants it, a link that ends."""
        self.ensure_one()
        token = hash_sign(self.sudo().env, STATEMENT_SCOPE, self.id, expiration=DOCUMENT_LIFE)
        url = f'{self.company_id.get_base_url()}/cobranza/whatsapp/statement/{token}'
        name = self._in_their_language().env._('Account statement')
        return {'link': url, 'filename': f'{name}.pdf'}

    @api.model
    def _of_whatsapp_statement(self, token):
        """Return the case of a link, in superuser mode; none when it is forged or has ended."""
        case_id = verify_hash_signed(self.sudo().env, STATEMENT_SCOPE, token)
        cases_sudo = self.sudo().browse(case_id or ()).exists()
        return cases_sudo if self._has_statement() else cases_sudo.browse()

    def _whatsapp_pdf(self):
        """Return the statement as of today, in the language of the debtor."""
        lang = self._in_their_language().env.lang
        content, _kind = self.env['ir.actions.report']._render_qweb_pdf(
            STATEMENT_REPORT, self.ids, {'lang': lang}
        )
        return content

    def _in_their_language(self):
        """Return the case in the language of the debtor, else of the company: whoever sends has another one."""
        return self.with_context(lang=self.partner_id.lang or self.company_id.partner_id.lang)

    def _bring_along(self, kept):
        """Move the conversations too: who has shown to be one debtor shows again to be the other."""
        talks = self.env['cobranza.whatsapp.conversation'].search([('case_id', 'in', self.ids)])
        for talk in talks:
            talk._belongs_to(talk.contact_id, kept)
        super()._bring_along(kept)
