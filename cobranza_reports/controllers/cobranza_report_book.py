import json

from werkzeug.exceptions import InternalServerError

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from odoo.addons.cobranza_management.tools.workbook import XLSX


class ReportBook(http.Controller):
    @http.route('/cobranza/report/book', type='http', auth='user', methods=['POST'], readonly=True)
    def download(self, data, **_kwargs):
        """Send what a person has on the screen of a report as a spreadsheet, read with their rights."""
        try:
            name, content = self._book(json.loads(data))
        except UserError as error:
            # the shape in which the web client shows an error of a download
            fault = {
                'code': 0,
                'message': 'Odoo Server Error',
                'data': http.serialize_exception(error),
            }
            raise InternalServerError(json.dumps(fault)) from error
        return request.make_response(
            content,
            headers=[('Content-Type', XLSX), ('Content-Disposition', content_disposition(name))],
        )

    def _book(self, asked):
        Report = self._report(asked.get('model'))
        companies = asked.get('companies')
        if companies:
            Report = Report.with_context(allowed_company_ids=companies)
        return Report._workbook(
            asked.get('domain') or [],
            asked.get('groupby') or [],
            asked.get('figures') or [],
            str(asked.get('filters') or ''),
        )

    def _report(self, model):
        mixin = request.env.registry['cobranza.report.mixin']
        if model not in request.env or not isinstance(request.env[model], mixin):
            raise request.not_found()
        return request.env[model]
