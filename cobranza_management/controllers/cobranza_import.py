from odoo import http
from odoo.http import content_disposition, request

EXCEL = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'


class CobranzaImportFiles(http.Controller):
    """The files of an import: the template to fill in, and the rows that were not taken."""

    @http.route(
        '/cobranza/import/template', type='http', auth='user', methods=['GET'], readonly=True
    )
    def template(self):
        """Hand out the template, in the language of who asks."""
        imports = request.env['cobranza.import']
        imports.check_access('create')
        return self._workbook(imports._template_file(), request.env._('Opening portfolio'))

    @http.route(
        '/cobranza/import/<model("cobranza.import"):imported>/problems',
        type='http',
        auth='user',
        methods=['GET'],
        readonly=True,
    )
    def problems(self, imported):
        """Hand out the rows that were not imported, with their reasons."""
        imported.check_access('read')
        return self._workbook(imported._problems_file(), request.env._('Rows not imported'))

    def _workbook(self, content, name):
        return request.make_response(
            content,
            [
                ('Content-Type', EXCEL),
                ('Content-Disposition', content_disposition(f'{name}.xlsx')),
                ('X-Content-Type-Options', 'nosniff'),
            ],
        )
