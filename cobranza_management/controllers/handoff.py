from odoo import http
from odoo.http import content_disposition, request

from ..tools.workbook import XLSX


class Handoff(http.Controller):
    @http.route('/cobranza/handoff/<model("cobranza.handoff"):handoff>', type='http', auth='user')
    def download(self, handoff):
        """Send the file of a hand-off: as it left, or as it would leave now."""
        handoff.check_access('read')
        handoff._check_may('supervisor')
        name = f'{handoff.name.replace("/", "-")}.xlsx'
        kept = (
            request.env['ir.attachment']
            .sudo()
            .search(
                [
                    ('res_model', '=', 'cobranza.handoff'),
                    ('res_id', '=', handoff.id),
                    ('name', '=', name),
                ],
                limit=1,
                order='id desc',
            )
        )
        return request.make_response(
            kept.raw or handoff.sudo()._export(),
            headers=[('Content-Type', XLSX), ('Content-Disposition', content_disposition(name))],
        )
