from odoo import models

from ..tools.workbook import Column, Sheet, build


class CobranzaHandoff(models.Model):
    """The file that leaves with a hand-off: cases, documents and contacts, in the columns the agency is told."""

    _inherit = 'cobranza.handoff'

    def action_download(self):
        """Download the file as it would leave now, or as it left."""
        self.ensure_one()
        self._check_may('supervisor')
        return {
            'type': 'ir.actions.act_url',
            'url': f'/cobranza/handoff/{self.id}',
            'target': 'self',
        }

    def _export(self):
        """Return the bytes of the XLSX file, in the agency's language."""
        self.ensure_one()
        partner = self.agency_id.partner_id
        handoff = self.with_context(lang=partner.lang or self.env.lang)
        rows = {
            '1_cases': handoff._case_rows,
            '2_documents': handoff._document_rows,
            '3_contacts': handoff._contact_rows,
        }
        columns = handoff.agency_id.column_ids.grouped('sheet')
        names = dict(
            handoff.env['cobranza.handoff.column']
            ._fields['sheet']
            ._description_selection(handoff.env)
        )
        return build(
            [
                Sheet(
                    names[sheet],
                    [Column(c.code, c.name, c.kind) for c in columns[sheet].sorted('sequence')],
                    make(),
                )
                for sheet, make in rows.items()
                if sheet in columns
            ],
            handoff.env._('Total'),
        )

    def _case_rows(self):
        """Return a row for each case, by column code."""
        statuses = dict(self.line_ids._fields['agency_status']._description_selection(self.env))
        return [
            {
                **self._reference_of(line),
                'amount': line.amount,
                'amounts': line.amounts,
                'broken': line.case_id.broken_promise_count,
                'currency': line.currency_id.name,
                'days': line.days_overdue,
                'documents': len(line.item_ids),
                'last_contact': line.case_id.last_contact_date,
                'oldest_due': min(line.item_ids.mapped('due'), default=None),
                'segment': line.case_id.segment_id.name,
                'vat': line.partner_id.vat,
                # what the agency fills in and sends back: the same file is its report
                'collected': line.reported_amount,
                'note': line.agency_note,
                'status': statuses.get(line.agency_status),
            }
            for line in self.line_ids
        ]

    def _document_rows(self):
        """Return a row for each document, by column code."""
        day = self.date or self.company_id._cobranza_today()
        return [
            {
                **self._reference_of(line),
                'amount': item.amount,
                'currency': item.currency_id.name,
                'date': item.line_id.invoice_date or item.line_id.date,
                'days': (day - item.due).days,
                'document': item.line_id.cobranza_document or '',
                'due': item.due,
                'open': item.amount_currency,
                'original': item.line_id.amount_currency,
            }
            for line in self.line_ids
            for item in line.item_ids
        ]

    def _contact_rows(self):
        """Return a row for each person behind the cases, those for invoices first, by column code."""
        contacts = self.env['cobranza.channel']._contacts_of(self.line_ids.partner_id)
        return [
            {
                **self._reference_of(line),
                'address': ', '.join(filter(None, (contact.street, contact.street2))),
                'city': contact.city,
                'contact': contact.name,
                'country': contact.country_id.name,
                'email': contact.email,
                'function': contact.function,
                'phone': contact.phone,
            }
            for line in self.line_ids
            for contact in contacts[line.partner_id]
        ]

    def _reference_of(self, line):
        """Return what ties the rows of a case together on the three sheets."""
        reference = line.partner_id.ref or f'C{line.case_id.id}'
        return {'reference': reference, 'debtor': line.partner_id.name}
