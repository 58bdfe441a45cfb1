"""The customer's page of a payment plan, with and without a login."""

import re

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_plan import SIGNATURE, PlanCommon
from .live_common import LiveCommon


@tagged('post_install', '-at_install')
class TestPlanPortal(LiveCommon, PlanCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._plan()
        cls.plan.with_user(cls.collector).action_offer()
        cls.url = f'/my/collection/plan/{cls.plan.id}'

    def _sign(self, url=None, **params):
        values = {'name': 'Ana Ruiz', 'signature': SIGNATURE, **params}
        return self.make_jsonrpc_request(url or self.plan.get_portal_url(suffix='/accept'), values)

    def test_the_link_shows_the_plan_without_a_login(self):
        page = self.url_open(self.plan.get_portal_url())
        self.assertEqual(page.status_code, 200)
        self.assertIn('Accept and sign', page.text)
        self.assertEqual(len(re.findall(r'<strong>[^<]*100\.00', page.text)), 5)
        self.assertIn('offers you to pay', page.text)

    def test_a_wrong_link_tells_nothing(self):
        missing = f'/my/collection/plan/{self.plan.id + 999}'
        for url in (self.url, f'{self.url}?access_token=wrong', f'{missing}?access_token=wrong'):
            page = self.url_open(url)
            self.assertIn('/web/login', page.url)
            self.assertNotIn(self.plan.name, page.text)
        answers = [self._sign(f'{url}/accept?access_token=wrong') for url in (self.url, missing)]
        self.assertEqual(answers[0], answers[1])
        self.assertEqual(self.plan.state, 'offered')

    def test_signing_puts_it_into_force_and_signing_again_changes_nothing(self):
        answer = self._sign()
        self.assertTrue(answer['force_refresh'], answer)
        self.env.invalidate_all()
        self.assertEqual((self.plan.state, self.plan.signed_by), ('active', 'Ana Ruiz'))
        self.assertEqual(len(self.plan.promise_ids), 5)
        self.assertTrue(self._sign(name='Somebody')['force_refresh'])
        self.env.invalidate_all()
        self.assertEqual((len(self.plan.promise_ids), self.plan.signed_by), (5, 'Ana Ruiz'))
        page = self.url_open(answer['redirect_url'])
        self.assertIn('the plan is in force', page.text)
        self.assertNotIn('Accept and sign', page.text)
        self.assertIn('You agreed with', page.text)
        self.assertNotIn('offers you', page.text, 'what is signed is no offer')

    def test_nobody_of_the_house_signs_for_the_customer(self):
        self.authenticate(self.collector.login, self.collector.login)
        self.assertIn('Only the customer', self._sign()['error'])
        self.assertIn('Only the customer', self._sign(f'{self.url}/accept')['error'])
        self.env.invalidate_all()
        self.assertEqual(self.plan.state, 'offered')

    def test_what_is_missing_or_broken_is_said(self):
        for params in ({'signature': ''}, {'name': '  '}, {'signature': 'not a picture'}):
            with self.subTest(params=params), mute_logger('odoo.sql_db'):
                self.assertIn('error', self._sign(**params))
        self.env.invalidate_all()
        self.assertEqual(self.plan.state, 'offered')

    def test_a_withdrawn_offer_is_gone(self):
        url = self.plan.get_portal_url()
        self.plan.with_user(self.collector).action_withdraw()
        self.assertIn('/web/login', self.url_open(url).url)

    def test_an_expired_offer_cannot_be_signed(self):
        self.plan.offer_until = self._day(-1)
        page = self.url_open(self.plan.get_portal_url())
        self.assertIn('expired', page.text)
        self.assertNotIn('Accept and sign', page.text)
        self.assertIn('expired', self._sign()['error'])

    def test_a_customer_finds_it_behind_their_login(self):
        buyer = self._user('buyer', 'base.group_portal')
        buyer.partner_id.parent_id = self.debtor
        self.authenticate(buyer.login, buyer.login)
        self.assertIn(self.plan.name, self.url_open('/my/collection/plans').text)
        page = self.url_open(self.url)
        self.assertIn('Accept and sign', page.text)
        self.assertIn('/my/collection/plans', page.text, 'the way back')
        counters = self.make_jsonrpc_request(
            '/my/counters', {'counters': ['plan_count', 'plan_offer_count']}
        )
        self.assertEqual(counters, {'plan_count': 1, 'plan_offer_count': 1})

    def test_another_customer_finds_nothing(self):
        self.authenticate(self.portal.login, self.portal.login)
        self.assertNotIn(self.plan.name, self.url_open('/my/collection/plans').text)
        self.assertNotIn(self.plan.name, self.url_open(self.url).text)

    def test_the_agreement_comes_as_pdf(self):
        page = self.url_open(self.plan.get_portal_url(report_type='pdf'))
        self.assertEqual(page.headers['Content-Type'], 'application/pdf')

    def test_the_agreement_says_it_all_in_the_debtors_language(self):
        self.plan._accept({'signed_by': 'Ana Ruiz', 'signature': SIGNATURE})
        html = (
            self.env['ir.actions.report']
            ._render_qweb_html('cobranza_management.action_report_plan', self.plan.ids)[0]
            .decode()
        )
        for text in ('Payment agreement', self.plan.name, self.first.name, '100.00', 'Ana Ruiz'):
            self.assertIn(text, html)

    def test_a_phone_signs_in_a_browser(self):
        self.start_tour(self.plan.get_portal_url(), 'cobranza_plan_signature', login=None)
        self.env.invalidate_all()
        self.assertEqual((self.plan.state, self.plan.signed_by), ('active', 'Ana'))
        self.assertTrue(self.plan.signature)
