"""What tests of the opening portfolio share."""

import base64

from .common import CobranzaCommon

HEADER = 'RUC;Cliente;Correo;Documento;Fecha de emisión;Fecha de vencimiento;Moneda;Importe;Saldo pendiente'
GROUPS = (
    'cobranza_management.group_manager,account.group_account_invoice,base.group_partner_manager'
)


class ImportCommon(CobranzaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.opening = cls.env['account.account'].create(
            {'name': 'Opening', 'code': '300100', 'account_type': 'equity'}
        )
        cls.importer = cls._user('importer', GROUPS)
        cls._rate(cls.company, cls._currency('EUR'), 0.5)

    def _import(self, *lines, header=HEADER, check=True, content=None, **values):
        """Return an import of a file, up to its preview unless told otherwise."""
        content = content or '\n'.join((header, *lines)).encode()
        imported = (
            self.env['cobranza.import']
            .with_user(self.importer)
            .create(
                {
                    'name': 'cartera.csv',
                    'file': base64.b64encode(content),
                    'account_id': self.opening.id,
                    'journal_id': self._journal('general').id,
                    **values,
                }
            )
        )
        imported.action_read()
        if check:
            imported.action_check()
        return imported

    def _states_of(self, imported):
        return [(row.document, row.state) for row in imported.row_ids.sorted('number')]

    def _entries(self, imported):
        return imported.sudo().row_ids.move_id
