import binascii

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager


class PlanPortal(CustomerPortal):
    """Payment plans where customers are: a list behind their login, a page behind a link."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        Plan = request.env['cobranza.plan']
        allowed = Plan.has_access('read')
        if 'plan_count' in counters:
            values['plan_count'] = Plan.search_count(self._plan_domain()) if allowed else 0
        if 'plan_offer_count' in counters:
            offered = [*self._plan_domain(), ('state', '=', 'offered')]
            values['plan_offer_count'] = Plan.search_count(offered) if allowed else 0
        return values

    def _plan_domain(self):
        """Return the domain of the plans of the customer; staff see theirs as customers, not those of others."""
        partner = request.env.user.partner_id.commercial_partner_id
        return [
            ('partner_id', 'child_of', partner.ids),
            ('state', 'in', request.env['cobranza.plan']._SHOWN),
        ]

    @http.route(
        ['/my/collection/plans', '/my/collection/plans/page/<int:page>'],
        type='http', auth='user', website=True,
    )  # fmt: skip
    def portal_my_plans(self, page=1, **kwargs):
        """List the customer's plans."""
        Plan = request.env['cobranza.plan']
        Plan.check_access('read')
        domain = self._plan_domain()
        pager = portal_pager(
            url='/my/collection/plans',
            total=Plan.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        plans = Plan.search(domain, limit=self._items_per_page, offset=pager['offset'])
        values = {
            **self._prepare_portal_layout_values(),
            'default_url': '/my/collection/plans',
            'page_name': 'collection_plans',
            'pager': pager,
            'plans': plans.sudo(),
        }
        return request.render('cobranza_management.portal_my_plans', values)

    def _plan_of_request(self, plan_id, access_token):
        """Return the plan as superuser, for its customer or for who holds the link; None for everybody else.

        A link is good while the offer stands and, once signed, for the agreement; nothing tells a plan that does not
        exist from one that may not be seen.
        """
        try:
            plan_sudo = self._document_check_access('cobranza.plan', plan_id, access_token)
        except (AccessError, MissingError):
            return None
        return plan_sudo if plan_sudo.state in plan_sudo._SHOWN else None

    @http.route('/my/collection/plan/<int:plan_id>', type='http', auth='public', website=True)
    def portal_plan(self, plan_id, access_token=None, report_type=None, download=False, **kwargs):
        """Show a plan to its customer, or its agreement as a PDF."""
        plan_sudo = self._plan_of_request(plan_id, access_token)
        if not plan_sudo:
            return request.redirect('/my')
        if request.env.user._is_public() and plan_sudo.partner_id.lang:
            request.update_context(lang=plan_sudo.partner_id.lang)
            plan_sudo = plan_sudo.with_context(lang=plan_sudo.partner_id.lang)
        if report_type == 'pdf':
            return self._show_report(
                model=plan_sudo,
                report_type='pdf',
                report_ref='cobranza_management.action_report_plan',
                download=download,
            )
        reason = plan_sudo._why_not_acceptable() if plan_sudo.state == 'offered' else ''
        values = {
            'page_name': 'collection_plans',
            'plan': plan_sudo,
            'reason': reason,
            'signed_now': kwargs.get('message') == 'signed',
        }
        values = self._get_page_view_values(
            plan_sudo, access_token, values, 'my_plans_history', False
        )
        return request.render('cobranza_management.portal_plan', values)

    @http.route(
        '/my/collection/plan/<int:plan_id>/accept', type='jsonrpc', auth='public', website=True
    )
    def portal_plan_accept(self, plan_id, access_token=None, name=None, signature=None):
        """Take the signature of the customer; asking twice signs once."""
        access_token = access_token or request.httprequest.args.get('access_token')
        plan_sudo = self._plan_of_request(plan_id, access_token)
        if not plan_sudo:
            return {'error': request.env._('This plan is not offered any more.')}
        if request.env.user._is_internal():
            return {
                'error': request.env._('Only the customer signs here; you are logged in as staff.')
            }
        if not signature or not (name or '').strip():
            return {'error': request.env._('Please write your name and sign.')}
        try:
            with request.env.cr.savepoint():
                plan_sudo._accept({'signature': signature, 'signed_by': name.strip()[:120]})
        except UserError as error:
            return {'error': str(error)}
        except (TypeError, ValueError, binascii.Error):
            return {'error': request.env._('The signature could not be read. Please sign again.')}
        return {
            'force_refresh': True,
            'redirect_url': plan_sudo.get_portal_url(query_string='&message=signed'),
        }
