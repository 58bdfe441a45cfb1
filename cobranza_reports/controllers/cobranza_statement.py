from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.cobranza_management.tools.workbook import XLSX


class Statement(http.Controller):
    @http.route(
        '/cobranza/statements/<model("cobranza.statement.wizard"):wizard>', type='http', auth='user'
    )
    def download(self, wizard):
        """Send the statements that a user has chosen, as a spreadsheet."""
        wizard.check_access('read')
        if wizard.create_uid != request.env.user:
            raise request.not_found()
        name, content = wizard._workbook()
        return request.make_response(
            content,
            headers=[('Content-Type', XLSX), ('Content-Disposition', content_disposition(name))],
        )
