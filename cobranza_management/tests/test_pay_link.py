from odoo.tests import HttpCase, tagged

from .common import CobranzaCommon


@tagged('post_install', '-at_install')
class TestPayLink(CobranzaCommon, HttpCase):
    """The link of a message shows one invoice, to whoever has the link, while it lasts."""

    def setUp(self):
        super().setUp()
        self.invoice = self._invoice()
        url = self.invoice._cobranza_pay_urls(self.base_url())[self.invoice]
        self.path = url.removeprefix(self.base_url())

    def test_it_shows_the_invoice_without_a_login(self):
        page = self.url_open(self.path)
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.invoice.name, page.text)

    def test_it_writes_nothing_until_somebody_follows_it(self):
        self.assertFalse(self.invoice.access_token)
        self.url_open(self.path)
        self.assertTrue(self.invoice.access_token)

    def test_a_forged_one_shows_nothing(self):
        other = self._invoice(self._debtor('Beto'))
        for token in ('nonsense', '%C3%A1', self.path.rpartition('/')[2][:-4] + 'AAAA'):
            page = self.url_open(f'/collections/invoice/{token}')
            self.assertEqual(page.status_code, 404, token)
            self.assertNotIn(self.invoice.name, page.text)
            self.assertNotIn(other.name, page.text)

    def test_it_ends_after_half_a_year(self):
        self._travel(days=179)
        self.assertEqual(self.url_open(self.path).status_code, 200)
        self._travel(days=2)
        self.assertEqual(self.url_open(self.path).status_code, 404)

    def test_a_cancelled_invoice_is_not_shown(self):
        self.invoice.button_draft()
        self.assertEqual(self.url_open(self.path).status_code, 404)
