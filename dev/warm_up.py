"""Opening a fresh Odoo's first pages, so that the person after us need not wait for assets."""

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request

BUNDLE = re.compile(r'(?:src|href)="(/web/assets/[^"]+)"')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
TIMEOUT = 120


def answers(url):
    """Tell whether Odoo answers at *url*."""
    try:
        with urllib.request.urlopen(f'{url}/web/health', timeout=TIMEOUT):
            return True
    except (urllib.error.URLError, ConnectionError):
        return False


def warm(url, login='admin', password='admin'):
    """Open the login page, log in, open the back end, and fetch the assets of both."""
    cookies = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    page = _open_with_bundles(browser, url, '/web/login')
    form = {'login': login, 'password': password, 'csrf_token': TOKEN.search(page)[1]}
    data = urllib.parse.urlencode(form).encode()
    browser.open(f'{url}/web/login', data, timeout=TIMEOUT).close()
    _open_with_bundles(browser, url, '/odoo')


def _open_with_bundles(browser, url, path):
    with browser.open(url + path, timeout=TIMEOUT) as answer:
        page = answer.read().decode()
    for bundle in dict.fromkeys(BUNDLE.findall(page)):
        browser.open(url + bundle, timeout=TIMEOUT).close()
    return page
